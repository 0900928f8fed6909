package desk

import (
	"sync"

	"github.com/readyroom/readyroom/workflows"
)

// cacheBytes bounds what the folded states kept in memory weigh together; a miss only folds again.
const cacheBytes = 8 << 20

// cached is a folded state with the revision it was folded to.
type cached struct {
	rev   workflows.Revision
	state any
	text  int // how long the text is that it was made of: its snapshot and the events since
}

// weight is about what a state takes in memory: text becomes strings with headers, in structs, slices and maps. Measured
// on releases of 7 to 60 items it is between two and three times the text; text that a later event replaced counts too,
// until the next snapshot.
func (c cached) weight() int { return 512 + 3*c.text }

// cache keeps folded states by stream, up to a weight. Only what a commit made true is put in, so a reader may trust any
// entry that is not newer than the head it sees.
type cache struct {
	limit int

	mu     sync.Mutex
	states map[workflows.Stream]cached
	weight int
}

func newCache(limit int) *cache {
	return &cache{limit: limit, states: map[workflows.Stream]cached{}}
}

func (c *cache) get(s workflows.Stream) (cached, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	got, ok := c.states[s]
	return got, ok
}

// put keeps a state that somebody asked for, and drops others for it: any will do, and maps iterate in random order.
func (c *cache) put(s workflows.Stream, v cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.outdate(s, v) || v.weight() > c.limit {
		return
	}
	for victim := range c.states {
		if c.weight+v.weight() <= c.limit {
			break
		}
		c.drop(victim)
	}
	c.add(s, v)
}

// offer keeps a state while there is room. Whoever walks over everything offers: more than fits would only push itself
// out, and what people are working on with it.
func (c *cache) offer(s workflows.Stream, v cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.outdate(s, v) && c.weight+v.weight() <= c.limit {
		c.add(s, v)
	}
}

// room reports whether a state of a stream would be taken beside others that are going to be offered.
func (c *cache) room(s workflows.Stream, v cached, others int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	free := c.limit - c.weight
	if old, ok := c.states[s]; ok {
		free += old.weight()
	}
	return v.weight()+others <= free
}

// outdate drops an older state of a stream, and reports whether the new one is as new as any.
func (c *cache) outdate(s workflows.Stream, v cached) bool {
	if old, ok := c.states[s]; ok && old.rev > v.rev {
		return false
	}
	c.drop(s)
	return true
}

func (c *cache) drop(s workflows.Stream) {
	if old, ok := c.states[s]; ok {
		c.weight -= old.weight()
		delete(c.states, s)
	}
}

func (c *cache) add(s workflows.Stream, v cached) {
	c.states[s] = v
	c.weight += v.weight()
}
