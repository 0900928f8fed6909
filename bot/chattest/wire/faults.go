package wire

import (
	"sync"
)

// Faults are those that were said to happen and did not yet: to the next calls of a name, or to the call of a number. Its
// zero value is none.
type Faults struct {
	mu    sync.Mutex
	named map[string][]Fault
	nth   map[int]Fault
}

// Fail says what happens to the next calls of a name, one fault each, after those said before. The name "" is every call.
func (f *Faults) Fail(name string, all ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.named == nil {
		f.named = map[string][]Fault{}
	}
	f.named[name] = append(f.named[name], all...)
}

// FailAt says what happens to the n-th call of all, whatever its name.
func (f *Faults) FailAt(n int, x Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.nth == nil {
		f.nth = map[int]Fault{}
	}
	f.nth[n] = x
}

// Next is what happens to a call: the fault of its number before that of its name, and that before one of every call. It
// happens once. A call that passes has its effect.
func (f *Faults) Next(n int, name string) (x Fault, is bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if x, is = f.nth[n]; is {
		delete(f.nth, n)
	}
	for _, key := range []string{name, ""} {
		if list := f.named[key]; len(list) > 0 && !is {
			x, is = list[0], true
			f.named[key] = list[1:]
		}
	}
	x.Stored = x.Stored || is && x.Passes()
	return x, is
}

// Unspent is how many of the faults said did not happen yet.
func (f *Faults) Unspent() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.nth)
	for _, list := range f.named {
		n += len(list)
	}
	return n
}
