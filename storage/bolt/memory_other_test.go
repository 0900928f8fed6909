//go:build !unix || race

package bolt

const trialShare = 5

// limitMemory does nothing under the race detector, which takes more address space than any limit would leave.
func limitMemory() error { return nil }
