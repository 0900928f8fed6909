package discordfake

import (
	"fmt"
	"time"
)

// Failure is what Discord takes and the app should not have done, or what a client showed because the app did not do its
// part.
type Failure struct {
	User string // who saw it; empty: nobody
	What string // what it was about: a route, a command, a label
	Name string // "no allowed_mentions", "the application did not respond"
	At   time.Time
}

// Failures are all so far.
func (f *Fake) Failures() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Failure(nil), f.failures...)
}

// fail remembers one; the lock is held.
func (f *Fake) fail(user, what, format string, args ...any) {
	f.failures = append(f.failures, Failure{User: user, What: what, Name: fmt.Sprintf(format, args...), At: f.o.Now()})
}
