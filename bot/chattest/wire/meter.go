package wire

import (
	"time"
)

// Meter is what a fake counts that takes only so much, whatever its limits are: calls are of the type C. The lock of the
// fake guards it. Its zero value is ready.
type Meter[C any] struct {
	Refused int // calls, because they were too many

	windows map[string]*Window
	quiet   map[string]time.Time
	early   []*C
}

// Window is a stretch of time in which so much is taken. It begins with the first that is.
type Window struct {
	Used int
	Ends time.Time
}

// Window gives the one of a name, a new one if it is over.
func (m *Meter[C]) Window(name string, now time.Time, per time.Duration) *Window {
	if m.windows == nil {
		m.windows = map[string]*Window{}
	}
	w := m.windows[name]
	if w == nil || !now.Before(w.Ends) {
		w = &Window{Ends: now.Add(per)}
		m.windows[name] = w
	}
	return w
}

// Hush remembers that calls of a key were told to wait.
func (m *Meter[C]) Hush(key string, until time.Time) {
	if m.quiet == nil {
		m.quiet = map[string]time.Time{}
	}
	m.quiet[key] = until
}

// Listen notes a call that came before its time: that of any of its keys.
func (m *Meter[C]) Listen(c *C, at time.Time, keys ...string) {
	for _, key := range keys {
		if at.Before(m.quiet[key]) {
			m.early = append(m.early, c)
			return
		}
	}
}

// Early are the calls that came before their time.
func (m *Meter[C]) Early() []C { return Copies(m.early, func(*C) bool { return true }) }

// Copies are copies of those that are wanted, nil for none: what a fake may hand out of what its lock guards.
func Copies[T any](all []*T, wanted func(*T) bool) (some []T) {
	for _, x := range all {
		if wanted(x) {
			some = append(some, *x)
		}
	}
	return some
}
