package bot

import (
	"sync"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/places"
)

// outlets is what is remembered of places from one delivery to the next: where nothing is tried for a while, which take
// nothing, and what the owners were told of them. It may be used concurrently; its zero value is ready.
type outlets struct {
	mu     sync.Mutex
	began  time.Time                     // of the first step
	rest   map[workflows.Place]time.Time // nothing is tried there before; a platform alone stands for all its places
	parked map[workflows.Place]parking
	hung   map[string]int       // by platform: how many sends in a row ran out of time
	said   map[string]time.Time // troubles that the desk was told of
}

// parking is a place that takes nothing.
type parking struct {
	times int    // that it was tried since
	why   string // as the desk was told; empty: it was not told
}

const (
	shortPark = 2 * time.Minute // until a place that takes nothing is tried again; doubles
	longPark  = time.Hour
	respite   = time.Minute // for a place whose send ran out of time
	allHang   = 3           // sends in a row that run out of time: their platform hangs, not the places
	repeat    = time.Hour   // for so long nobody is asked to hear of the same trouble again
	maxSaid   = 1000
)

// begun reports whether there was a step before.
func (o *outlets) begun() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.began.IsZero()
}

// begin is the first step. Places that take nothing, as the desk knows, are tried at once.
func (o *outlets) begin(now time.Time, parked []places.State) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.began = now
	o.rest, o.parked = map[workflows.Place]time.Time{}, map[workflows.Place]parking{}
	o.hung, o.said = map[string]int{}, map[string]time.Time{}
	for _, p := range parked {
		o.parked[p.Place] = parking{why: p.Parked.Why}
	}
}

// since is the time from which a delivery was tried, at the latest: nobody tries before the first step.
func (o *outlets) since(due time.Time) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	if due.After(o.began) {
		return due
	}
	return o.began
}

// resting says until when nothing is tried at a place; false: it is.
func (o *outlets) resting(p workflows.Place, now time.Time) (until time.Time, rests bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	until = o.rest[p]
	if all := o.rest[workflows.Place(p.Platform())]; all.After(until) {
		until = all
	}
	return until, until.After(now)
}

// pause lets a place rest until a time.
func (o *outlets) pause(p workflows.Place, until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rest[p] = until
}

// hang notes that a send ran out of time.
func (o *outlets) hang(p workflows.Place, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rest[p] = now.Add(respite)
	if o.hung[p.Platform()]++; o.hung[p.Platform()] >= allHang {
		o.rest[workflows.Place(p.Platform())] = now.Add(respite)
	}
}

// park lets a place rest that takes nothing, for longer each time, and says until when.
func (o *outlets) park(p workflows.Place, now time.Time) (until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at := o.parked[p]
	until = now.Add(min(shortPark<<min(at.times, 8), longPark))
	at.times++
	o.parked[p], o.rest[p] = at, until
	return until
}

// reached notes that a place took something; parked: it took nothing before, as the desk knows.
func (o *outlets) reached(p workflows.Place) (parked bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.rest, p)
	delete(o.hung, p.Platform())
	at, is := o.parked[p]
	if is && at.why == "" {
		delete(o.parked, p)
	}
	return at.why != ""
}

// mended forgets that a place took nothing.
func (o *outlets) mended(p workflows.Place) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.parked, p)
}

// news reports whether the desk was not told of a trouble yet, or long ago.
func (o *outlets) news(key string, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	at, said := o.said[key]
	return !said || now.Sub(at) >= repeat
}

// told notes that the desk was told of a trouble.
func (o *outlets) told(key string, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.said) >= maxSaid {
		clear(o.said)
	}
	o.said[key] = now
}

// because notes what the desk was told of a place that takes nothing.
func (o *outlets) because(p workflows.Place, why string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at := o.parked[p]
	at.why = why
	o.parked[p] = at
}

// why is what the desk was told of a place that takes nothing; empty: nothing.
func (o *outlets) why(p workflows.Place) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.parked[p].why
}

// count is how many places take nothing, as the desk was told. Of somebody who follows a release and takes no messages
// nobody is told: that is theirs to mend, and no trouble of whoever runs the bot.
func (o *outlets) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, at := range o.parked {
		if at.why != "" {
			n++
		}
	}
	return n
}
