package storage

import (
	"context"
	"slices"
	"sync"
)

// batchLimit keeps one commit, and with it the wait of its members, short.
const batchLimit = 256

// committer is the queue of group commit. One of the callers leads: it carries out the functions of all who wait, in
// order, in one transaction of the engine, hands the lead to the first who came meanwhile, and goes. There is no
// goroutine and no timer, so a lone caller waits for nobody.
type committer struct {
	mu    sync.Mutex
	queue []*member // the leader's own member is the first of its batch
	led   bool
}

// member is one call of Update.
type member struct {
	ctx   context.Context
	fn    func(*Tx) error
	turn  chan bool // true: lead; false: done
	taken bool      // under committer.mu: too late to leave
	err   error     // the answer, as far as it is fn's own
	moved bool
	grown bool
}

// Update runs fn and commits what it wrote, together with others who call at the same time. It answers when the
// outcome is known: nil means durable. An error of fn drops what fn wrote, and only that (see Declined). When the
// commit fails, all its members get the error. fn may run more than once. A context that ends while fn has not begun
// leaves the queue; later the outcome is awaited.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m := &member{ctx: ctx, fn: fn, turn: make(chan bool, 1)}
	if s.commits.enter(m) || s.commits.wait(m) {
		s.lead(m)
	}
	return m.err
}

// enter queues a member and reports whether it leads.
func (c *committer) enter(m *member) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append(c.queue, m)
	if c.led {
		return false
	}
	c.led, m.taken = true, true
	return true
}

// wait blocks until m is done (false) or has to lead (true).
func (c *committer) wait(m *member) bool {
	select {
	case lead := <-m.turn:
		return lead
	case <-m.ctx.Done():
	}
	if c.leave(m) {
		m.err = m.ctx.Err()
		return false
	}
	return <-m.turn
}

func (c *committer) leave(m *member) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.taken {
		return false
	}
	c.queue = slices.DeleteFunc(c.queue, func(q *member) bool { return q == m })
	return true
}

// take gives the leader its batch.
func (c *committer) take() []*member {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.queue), batchLimit)
	batch := slices.Clone(c.queue[:n])
	c.queue = slices.Delete(c.queue, 0, n)
	for _, m := range batch {
		m.taken = true
	}
	return batch
}

// pass hands the lead to whoever waits longest.
func (c *committer) pass() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.led = len(c.queue) > 0; c.led {
		c.queue[0].taken = true
		c.queue[0].turn <- true
	}
}

// lead commits one batch, whose first member is the leader's, and wakes the others.
func (s *Store) lead(leader *member) {
	batch, err := s.commits.take(), errAbandoned
	defer func() { // deferred for a function that ends the goroutine it runs on
		s.commits.pass()
		for _, m := range batch {
			if err != nil {
				m.err = err
			}
			if m != leader {
				m.turn <- false
			}
		}
	}()
	err = s.commit(context.WithoutCancel(leader.ctx), batch)
	if err == nil && slices.ContainsFunc(batch, func(m *member) bool { return m.moved }) {
		s.announce()
	}
}
