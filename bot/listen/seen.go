package listen

import (
	"sync"
	"time"
)

// Slack sends an event again at once, after one minute and after five: rememberFor is well beyond that.
const (
	rememberFor = 15 * time.Minute
	maxSeen     = 50_000 // Slack sends at most 30,000 events an hour
)

// Seen remembers which events came. Its zero value is ready.
type Seen struct {
	mu    sync.Mutex
	since time.Time // when it began to remember
	at    map[string]time.Time
	order []string // oldest first
}

// First reports whether an event comes for the first time; young, whether a former process may have had it before.
func (e *Seen) First(id string, now time.Time) (first, young bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.at == nil {
		e.at, e.since = map[string]time.Time{}, now
	}
	for len(e.order) > 0 && (len(e.order) >= maxSeen || now.Sub(e.at[e.order[0]]) > rememberFor) {
		delete(e.at, e.order[0])
		e.order = e.order[1:]
	}
	if _, had := e.at[id]; had {
		return false, false
	}
	e.at[id] = now
	e.order = append(e.order, id)
	return true, now.Sub(e.since) < rememberFor
}
