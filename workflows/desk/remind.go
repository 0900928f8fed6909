package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// schedules is what there should be: a digest for each person known, a reminder for the channels.
func (d *Desk) schedules(b *policy.Book) []calendar.Schedule {
	var out []calendar.Schedule
	for _, id := range slices.Sorted(maps.Keys(b.People)) {
		p := b.People[id]
		out = append(out, calendar.Schedule{Kind: calendar.Digest, Person: id, Spec: d.cfg.Digest.String(), Zone: d.zone(p).String()})
	}
	return append(out, calendar.Schedule{Kind: calendar.Readiness, Spec: d.cfg.Readiness.String(), Zone: d.cfg.Week.Zone.String()})
}

// ensureSchedules gives every schedule its next occurrence.
func (d *Desk) ensureSchedules(ctx context.Context, now time.Time) error {
	return d.store.Update(ctx, func(tx *storage.Tx) error {
		b, err := d.book(tx)
		if err != nil {
			return err
		}
		missing, err := d.unscheduled(tx, b, now)
		if err != nil {
			return err
		}
		for _, w := range missing {
			if err := tx.Enqueue(w); err != nil {
				return fmt.Errorf("enqueue %s: %w", w.Slot, err)
			}
		}
		return nil
	})
}

// unscheduled is the wake-ups of schedules that have none. One that is waiting already keeps its own, unless the
// configuration changed it.
func (d *Desk) unscheduled(tx *storage.Tx, b *policy.Book, now time.Time) ([]storage.Delivery, error) {
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
	for _, s := range d.schedules(b) {
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
	if !slices.Contains(s.d.schedules(s.book), due.Schedule) {
		return nil // the configuration dropped or changed it since
	}
	next, err := wake(due.Schedule, s.now)
	if err != nil {
		return err
	}
	s.due = append(s.due, next)
	if due.Schedule.Kind == calendar.Digest {
		return s.digest(due.Schedule.Person)
	}
	newcomers, err := s.d.unscheduled(s.tx, s.book, s.now) // whom a roster brought since
	if err != nil {
		return err
	}
	s.due = append(s.due, slices.DeleteFunc(newcomers, func(w storage.Delivery) bool { return w.Slot == next.Slot })...)
	return s.readiness()
}

// digest tells one person what waits for them.
func (s *session) digest(id workflows.PersonID) error {
	works, err := s.works()
	if err != nil {
		return err
	}
	if len(todo.For(id, works, s.book, s.now)) == 0 {
		return nil
	}
	for _, p := range s.direct(id) {
		d := storage.Delivery{Kind: workflows.Tell, What: "digest", Place: p, Due: s.now}
		if d.Data, err = json.Marshal(id); err != nil {
			return fmt.Errorf("digest of %s: %w", id, err)
		}
		if err := s.deliver(d); err != nil {
			return err
		}
	}
	return nil
}

// readiness tells the channels of every release with a target what blocks within its lead time. Yesterday's message is
// edited; where nothing blocks, nothing is posted, and what was posted says so.
func (s *session) readiness() error {
	works, err := s.works()
	if err != nil {
		return err
	}
	for _, w := range works {
		missing := len(todo.Blocking(w.Release, s.book, s.d.cfg.Week, s.now)) > 0
		stream := workflows.StreamOf(release.Room, string(w.Release.ID))
		for _, p := range w.Release.Places {
			d := storage.Delivery{Kind: workflows.Tell, What: "readiness", Stream: stream, Place: p, Slot: "readiness/" + string(stream), Due: s.now}
			if s.book.Publicly(p) {
				continue
			}
			shown, ok, err := s.tx.Slot(d.Slot, p)
			if err != nil {
				return fmt.Errorf("reminder of %s: %w", w.Release.ID, err)
			}
			if !missing && (!ok || shown.Message == "") {
				continue
			}
			if err := s.deliver(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// works is every open release with what its other rooms hold, as the session has them.
func (s *session) works() ([]todo.Work, error) {
	rows, err := rowsUnder(s.tx, release.KeyOpen, allOpen)
	if err != nil {
		return nil, err
	}
	return works(rows, func(stream workflows.Stream) (any, error) {
		w, err := s.on(stream)
		if err != nil {
			return nil, err
		}
		return w.after.state, nil
	})
}

// allOpen bounds what reads over every open release; a team has some dozens.
const allOpen = 20000
