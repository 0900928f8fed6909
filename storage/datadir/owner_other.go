//go:build !unix

package datadir

// own has nobody to give files to.
func own(string, ...string) error { return nil }
