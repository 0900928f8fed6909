//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// answers: a line's answer and its events are there together or not at all, and once there they stay.
func (r *remains) answers() {
	for _, l := range r.lines {
		from, to := r.eventsOf(l.id)
		var a struct {
			From, To workflows.Seq
			Refusal  any
		}
		if l.kept != "" {
			if err := json.Unmarshal([]byte(l.kept), &a); err != nil {
				r.t.Errorf("the answer to %s: %v", l.id, err)
			}
		}
		switch {
		case a.Refusal != nil && (from == 0 || from != to):
			r.t.Errorf("%s %q was refused, and the ledger says so in the events %d to %d", l.id, l.text, from, to)
		case a.Refusal == nil && (a.From != from || a.To != to):
			r.t.Errorf("%s %q was answered with the events %d to %d, and the ledger has %d to %d", l.id, l.text, a.From, a.To, from, to)
		case l.from != 0 && (l.from != from || l.to != to):
			r.t.Errorf("%s %q had the events %d to %d, and has %d to %d", l.id, l.text, l.from, l.to, from, to)
		}
		l.from, l.to = from, to
	}
}

// eventsOf are the first and the last event of a request; zero when there is none.
func (r *remains) eventsOf(id string) (from, to workflows.Seq) {
	for _, e := range r.events {
		if e.Ask == id {
			to = e.Seq
			if from == 0 {
				from = e.Seq
			}
		}
	}
	return from, to
}

// halves: every event is of a request that has an answer.
func (r *remains) halves() {
	for _, e := range r.events {
		if e.Ask != "" && !r.asked[e.Ask] {
			r.t.Errorf("event %d (%s) is of the request %s, which has no answer", e.Seq, e.Kind, e.Ask)
		}
	}
}

// claimants: a process that begins takes the claims of dead ones over, so there are never claims of two.
func (r *remains) claimants() {
	of := map[string]string{}
	for id, p := range r.pending {
		if p.State == storage.Claimed {
			of[p.Process] = id
		}
	}
	if len(of) > 1 {
		r.t.Errorf("claims of %d processes are there: %v", len(of), of)
	}
}

// intents: whatever is visible was claimed before, by a delivery that the store knows and that an event of the ledger,
// or a wake-up that was answered, explains; and whatever is recorded as sent is visible.
func (r *remains) intents() {
	visible := map[string]bool{}
	for _, m := range r.chat {
		if visible[m.ID] = true; m.Key == "" {
			continue // an answer
		}
		c, claimed := r.claims[m.Key]
		_, waits := r.pending[m.Key]
		_, sent := r.sent[m.Key]
		if !claimed || string(c.Place) != m.Place || !waits && !sent {
			r.t.Errorf("%q in %s is of the delivery %q: claimed %v, waiting %v, sent %v", m.Message.Title, m.Place, m.Key, claimed, waits, sent)
			continue
		}
		if why := r.unexplained(c); why != "" {
			r.t.Errorf("%q in %s: %s", m.Message.Title, m.Place, why)
		}
	}
	for id, d := range r.sent {
		if r.claims[id].Kind == workflows.Tell && !visible[d.Message] {
			r.t.Errorf("%s to %s (%s) is recorded as sent, and %q is not there", d.What, d.Place, id, d.Message)
		}
	}
}

// unexplained says what a delivery lacks in the ledger.
func (r *remains) unexplained(c storage.Claim) string {
	if c.Seq == 0 {
		for id := range r.wakes {
			if r.asked[id] && strings.HasSuffix(id, "/"+c.Due.UTC().Format(time.RFC3339Nano)) {
				return ""
			}
		}
		return fmt.Sprintf("no wake-up of %s was answered", c.Due)
	}
	if int(c.Seq) > len(r.events) || r.events[c.Seq-1].Stream != c.Stream {
		return fmt.Sprintf("event %d is not of %s", c.Seq, c.Stream)
	}
	return ""
}

// announcement is what may be said once in one place.
func announcement(c storage.Claim) string {
	switch {
	case c.Slot != "":
		return fmt.Sprintf("%s in %s", c.Slot, c.Place)
	case c.Seq != 0:
		return fmt.Sprintf("%s of event %d in %s", c.What, c.Seq, c.Place)
	}
	return fmt.Sprintf("%s of %s in %s", c.What, c.Due.UTC().Format(time.DateOnly), c.Place)
}

// copies: nothing is said twice. It gives how often each thing was said.
func (r *remains) copies() map[string]int {
	times := map[string]int{}
	for _, m := range r.chat {
		if m.Key != "" && !m.Edit {
			times[announcement(r.claims[m.Key])]++
		}
	}
	for what, n := range times {
		if n > 1 {
			r.t.Errorf("%s is there %d times", what, n)
		}
	}
	return times
}

// announced are the events that must be announced, as what.
var announced = map[string]string{
	"release.passed": "passed", "release.held": "held", "release.rolled_back": "rolled-back", "release.cancelled": "cancelled",
	"briefing.countered": "counter-briefing",
}

// quiet: in the end, with nothing left to deliver but what is for later, everything was said once.
func (r *remains) quiet() {
	for _, p := range r.pending {
		if p.State != storage.Queued || p.Kind != workflows.Wake {
			r.t.Errorf("%s to %s is left, %s: %s", p.What, p.Place, p.State, p.Err)
		}
	}
	times := r.copies()
	said := func(what string) bool {
		return slices.ContainsFunc(sortedKeys(times), func(k string) bool { return strings.HasPrefix(k, what+" in console/") })
	}
	for _, e := range r.events {
		what := announced[e.Kind]
		if what != "" && !said(fmt.Sprintf("%s of event %d", what, e.Seq)) {
			r.t.Errorf("event %d (%s) was never announced", e.Seq, e.Kind)
		}
		if e.Stream.Room() == "release" && !said(fmt.Sprintf("history of event %d", e.Seq)) {
			r.t.Errorf("event %d (%s) is in no thread", e.Seq, e.Kind)
		}
	}
	acts := 0
	for _, c := range r.claims {
		if c.What == workflows.ActTag {
			acts++
		}
	}
	if tags := strings.Fields(r.repo.Git("tag", "--list")); len(tags) != acts {
		r.t.Errorf("the repository was to be tagged %d times, and has %q", acts, tags)
	}
	r.made()
	for _, must := range []string{"notes/notes/app@f in console/#news", "card/release/app@f in console/#r", "card/release/app@f in console/#two",
		"briefing/briefing/app@f in console/#support", "briefing/briefing/app@f in console/@ben"} {
		if times[must] != 1 {
			r.t.Errorf("%s is there %d times; there are %q", must, times[must], sortedKeys(times))
		}
	}
}
