package chattest

import (
	"context"
	"errors"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// attempts is how often a post is tried.
const attempts = 8

// Delivery brings one post to its end as the bot does: what is unclear is looked for before it is sent again, and what stays
// unclear is a person's.
type Delivery struct {
	From Platform
	Pass func(time.Duration) // lets time pass
	// Killed: the process ends once the message arrived, before it is written down, and starts Anew.
	Killed   bool
	Anew     func() Platform
	Patience time.Duration // of one attempt
	Slow     time.Duration // of one while Odd; zero: the same
	Odd      func() bool   // whether an odd answer is still in store
	Between  time.Duration // that passes after each attempt, beside what is asked for

	Sends int
	End   string // "sent", "needs human", "parked", "failed"
	ID    chat.MessageID
}

// Deliver delivers.
func (d *Delivery) Deliver(ctx context.Context, p chat.Post) {
	s, unresolved := d.From, false
	for tries := 1; d.End == ""; tries++ {
		p.Again = unresolved
		id, err := d.attempt(ctx, s, p, unresolved)
		var f *chat.Fault
		if err != nil && !errors.As(err, &f) {
			f = &chat.Fault{Verdict: chat.Unclear, Err: err}
		}
		switch {
		case f == nil && d.Killed: // it arrived, and nobody knows
			unresolved, d.Killed, s = true, false, d.Anew()
		case f == nil:
			d.End, d.ID = "sent", id
		case f.Gone:
			p.Edit, p.Thread = "", ""
		case f.Verdict == chat.Fatal:
			d.End = "failed"
		case f.Verdict == chat.Park:
			d.End = "parked"
		case f.Verdict == chat.Retry && f.Paced: // it was held up for the pace
			tries--
		case tries >= attempts:
			d.End = "needs human"
		case f.Verdict == chat.Unclear:
			unresolved = true
		}
		if f != nil {
			d.Pass(max(f.After, time.Second))
		}
		d.Pass(d.Between)
	}
}

func (d *Delivery) attempt(ctx context.Context, s Platform, p chat.Post, unresolved bool) (chat.MessageID, error) {
	patience := d.Patience
	if d.Slow > 0 && d.Odd() {
		patience = d.Slow
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if unresolved && p.Edit == "" {
		if id, found, err := s.Find(ctx, p); err != nil || found {
			return id, err
		}
	}
	d.Sends++
	return s.Send(ctx, p)
}
