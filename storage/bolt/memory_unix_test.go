//go:build unix && !race

package bolt

import "syscall"

// trialShare divides the number of trials where each takes long.
const trialShare = 1

// limitMemory keeps a child that reads in circles from taking the machine's memory. The map of the file counts, too.
func limitMemory() error {
	l := syscall.Rlimit{Cur: 6 << 30, Max: 6 << 30}
	return syscall.Setrlimit(syscall.RLIMIT_AS, &l)
}
