package listen

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Rosters is what is known of the groups that somebody's authority hangs on: which are to be read, and which could not be.
// Who is in them is handed on.
type Rosters struct {
	wake chan struct{} // something changed

	mu      sync.Mutex
	changed map[string]bool  // what is read as one, since it was read
	failed  map[string]error // by group, as the configuration names it
}

// NewRosters makes one of which nothing changed.
func NewRosters() *Rosters {
	return &Rosters{wake: make(chan struct{}, 1), changed: map[string]bool{}, failed: map[string]error{}}
}

// Read has something read soon: a group, or all groups of one place, as the platform reads them.
func (r *Rosters) Read(what string) {
	r.mu.Lock()
	r.changed[what] = true
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Woken has something when there is something to read.
func (r *Rosters) Woken() <-chan struct{} { return r.wake }

// News gives what changed, which is read now.
func (r *Rosters) News() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := slices.Sorted(maps.Keys(r.changed))
	clear(r.changed)
	return changed
}

// Note takes note of how reading a group ended.
func (r *Rosters) Note(group string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		delete(r.failed, group)
		return
	}
	r.failed[group] = err
}

// KeepOnly forgets what failed of groups that matter no more.
func (r *Rosters) KeepOnly(groups []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.failed, func(g string, _ error) bool { return !slices.Contains(groups, g) })
}

// Warnings says which groups could not be read, in the order of their names; what is the platform's word for a group.
func (r *Rosters) Warnings(what string) (all []error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range slices.Sorted(maps.Keys(r.failed)) {
		all = append(all, fmt.Errorf("%s %s could not be read, and after a day its members have no say: %w", what, g, r.failed[g]))
	}
	return all
}
