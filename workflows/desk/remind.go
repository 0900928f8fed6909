package desk

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// schedules is what there should be: a digest for each person known, a reminder for the channels, the tip where it is
// published.
func (r *rules) schedules(b *policy.Book) []calendar.Schedule {
	var out []calendar.Schedule
	for _, id := range slices.Sorted(maps.Keys(b.People)) {
		p := b.People[id]
		out = append(out, calendar.Schedule{Kind: calendar.Digest, Person: id, Spec: r.Digest.String(), Zone: r.zone(p).String()})
	}
	if anchor, ok := r.Anchor.schedule(r.Week.Zone); ok {
		out = append(out, anchor)
	}
	return append(out, calendar.Schedule{Kind: calendar.Readiness, Spec: r.Readiness.String(), Zone: r.Week.Zone.String()})
}

// ensureSchedules gives every schedule its next occurrence.
func (r *rules) ensureSchedules(tx *storage.Tx, now time.Time) error {
	b, err := r.book(tx)
	if err != nil {
		return err
	}
	missing, err := r.unscheduled(tx, b, now)
	if err != nil {
		return err
	}
	for _, w := range missing {
		if err := tx.Enqueue(w); err != nil {
			return fmt.Errorf("enqueue %s: %w", w.Slot, err)
		}
	}
	return nil
}

// unscheduled is the wake-ups of schedules that have none. One that is waiting already keeps its own, unless the
// configuration changed it.
func (r *rules) unscheduled(tx *storage.Tx, b *policy.Book, now time.Time) ([]storage.Delivery, error) {
	waiting := map[string]calendar.Schedule{}
	err := tx.Deliveries(func(p storage.Pending) (bool, error) {
		var s calendar.Schedule
		if p.What != wakeSchedule || p.State == storage.Dead {
			return true, nil
		}
		err := json.Unmarshal(p.Data, &s)
		waiting[p.Slot] = s
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("waiting schedules: %w", err)
	}
	var out []storage.Delivery
	for _, s := range r.schedules(b) {
		if waiting[s.Slot()] == s {
			continue
		}
		w, err := wake(s, now)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

const wakeSchedule = "schedule"

func wake(s calendar.Schedule, now time.Time) (storage.Delivery, error) {
	next, err := s.After(now)
	if err != nil {
		return storage.Delivery{}, fmt.Errorf("schedule %s: %w", s.Slot(), err)
	}
	data, err := json.Marshal(s)
	if err != nil {
		return storage.Delivery{}, fmt.Errorf("schedule %s: %w", s.Slot(), err)
	}
	return storage.Delivery{Kind: workflows.Wake, What: wakeSchedule, Slot: s.Slot(), Due: next, Data: data}, nil
}

// remind is one occurrence: it tells whom it must, nobody when there is nothing, and sets the next one.
func (s *session) remind(due calendar.Due) error {
	if !slices.Contains(s.rules.schedules(s.book), due.Schedule) {
		return nil // the configuration dropped or changed it since
	}
	next, err := wake(due.Schedule, s.now)
	if err != nil {
		return err
	}
	s.due = append(s.due, next)
	switch due.Schedule.Kind {
	case calendar.Digest:
		return s.digest(due.Schedule.Person)
	case calendar.Anchor:
		return s.anchorDue()
	}
	newcomers, err := s.rules.unscheduled(s.tx, s.book, s.now) // whom a roster brought since
	if err != nil {
		return err
	}
	s.due = append(s.due, slices.DeleteFunc(newcomers, func(w storage.Delivery) bool { return w.Slot == next.Slot })...)
	return s.readiness()
}

// digest tells one person what waits for them.
func (s *session) digest(id workflows.PersonID) error {
	if _, away := s.book.IsAway(id, s.now); away {
		return nil // all of it waits for their return
	}
	waits := false
	err := s.rules.eachOpen(s.tx, s.glance, func(w todo.Work) (bool, error) {
		waits = len(todo.For(id, []todo.Work{w}, s.book, s.rules.Week, s.now)) > 0
		return !waits, nil
	})
	if err != nil || !waits {
		return err
	}
	data, err := json.Marshal(id)
	if err != nil {
		return fmt.Errorf("digest of %s: %w", id, err)
	}
	for _, p := range s.direct(id) {
		if err := s.deliver(storage.Delivery{Kind: workflows.Tell, What: "digest", Place: p, Due: s.now, Data: data}); err != nil {
			return err
		}
	}
	return nil
}

// readiness names what a channel is reminded by.
const readiness = "readiness"

// readiness tells the channels of every release with a target what blocks within its lead time. Yesterday's message is
// edited; where nothing blocks, nothing is posted, and what was posted says so.
func (s *session) readiness() error {
	return s.rules.eachOpen(s.tx, s.glance, func(w todo.Work) (bool, error) {
		missing := len(todo.Blocking(w.Release, s.book, s.rules.Week, s.now)) > 0
		stream := workflows.StreamOf(release.Room, string(w.Release.ID))
		for _, p := range w.Release.Places {
			d := storage.Delivery{Kind: workflows.Tell, What: readiness, Stream: stream, Place: p, Slot: "readiness/" + string(stream), Due: s.now}
			if _, wanted := s.rules.told(d); !wanted || s.book.Publicly(p) {
				continue
			}
			shown, ok, err := s.tx.Slot(d.Slot, p)
			if err != nil {
				return false, fmt.Errorf("reminder of %s: %w", w.Release.ID, err)
			}
			if !missing && (!ok || shown.Message == "") {
				continue
			}
			if err := s.deliver(d); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// eachOpen hands over every open release with what its other rooms hold, one at a time, until fn says false.
func (r *rules) eachOpen(tx *storage.Tx, load func(workflows.Stream) (any, error), fn func(todo.Work) (bool, error)) error {
	rows, err := rowsUnder(tx, release.KeyOpen, allOpen)
	if err != nil {
		return err
	}
	for _, row := range rows {
		rel, err := load(workflows.StreamOf(release.Room, string(row.ID)))
		if err != nil {
			return err
		}
		b, err := load(workflows.StreamOf(briefing.Room, string(row.ID)))
		if err != nil {
			return err
		}
		w := todo.Work{Release: rel.(release.Release), Briefing: b.(briefing.Briefing)}
		w.Offer = r.offer(w.Release)
		if more, err := fn(w); err != nil || !more {
			return err
		}
	}
	return nil
}

// allOpen bounds what reads over every open release; a team has some dozens.
const allOpen = 20000
