package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Who resolves a handle for reading. An unknown one is no error here: it sees what anyone may. While the store cannot be
// trusted the configuration alone says who somebody is: rosters cannot be read, so they grant nothing.
func (d *Desk) Who(ctx context.Context, h workflows.Handle) (todo.Viewer, error) {
	r := d.rules.Load()
	v := todo.Viewer{Zone: r.Week.Zone, Week: r.Week, Join: r.Join}
	err := d.view(ctx, func(tx *storage.Tx) (err error) {
		v.Book, err = r.book(tx)
		return err
	})
	if err != nil {
		if d.Poisoned() == nil {
			return v, err
		}
		v.Book = r.Book
	}
	if p, ok := v.Book.Resolve(h); ok {
		v.Person, v.Known, v.Zone = p, true, r.zone(p)
	}
	return v, nil
}

// Release finds the release that a selector means at a place, as it stands.
func (d *Desk) Release(ctx context.Context, on workflows.Selectors, at workflows.Place) (release.Release, error) {
	var r release.Release
	err := d.view(ctx, func(tx *storage.Tx) error {
		row, err := find(tx, on, at, nil)
		if err != nil {
			return err
		}
		c, err := d.recall(tx, workflows.StreamOf(release.Room, string(row.ID)))
		if err == nil {
			r = c.state.(release.Release)
		}
		return err
	})
	return r, err
}

// Offer is what a release's template, as it stands now, would change in it.
func (d *Desk) Offer(r release.Release) release.Diff { return d.rules.Load().offer(r) }

// recall folds a stream for a reader, and remembers the fold: what a reader sees is committed.
func (d *Desk) recall(tx *storage.Tx, stream workflows.Stream) (cached, error) {
	c, err := d.load(tx, stream, 0)
	if err == nil && c.rev > 0 {
		d.cache.put(stream, c)
	}
	return c, err
}

// Rows lists releases found under a key, by name.
func (d *Desk) Rows(ctx context.Context, key string) ([]release.Row, error) {
	var rows []release.Row
	err := d.view(ctx, func(tx *storage.Tx) error {
		var err error
		rows, err = rowsUnder(tx, key, allOpen)
		return err
	})
	return rows, err
}

// Facts gathers what the release room decides by, for showing what would be: whom a rollback reaches, what `advance`
// lacks.
func (d *Desk) Facts(ctx context.Context, by workflows.Handle, at workflows.Place, id workflows.ReleaseID, when time.Time) (release.Facts, error) {
	var f release.Facts
	r := d.rules.Load()
	err := d.view(ctx, func(tx *storage.Tx) error {
		s, err := d.session(tx, r, workflows.Ask{By: by, At: at, When: when})
		if err != nil {
			return err
		}
		if p, ok := s.book.Resolve(by); ok {
			s.actor, s.zone = workflows.Actor{Person: p.ID, Handle: by}, r.zone(p)
		}
		t, err := s.targetIn(release.Room, id)
		if err != nil {
			return err
		}
		f, err = s.releaseFacts(t, s.actor)
		return err
	})
	return f, err
}

// state reads one stream.
func state[S any](ctx context.Context, d *Desk, stream workflows.Stream) (S, error) {
	var s S
	err := d.view(ctx, func(tx *storage.Tx) error {
		c, err := d.recall(tx, stream)
		if err == nil {
			s = c.state.(S)
		}
		return err
	})
	return s, err
}

// Notes reads the notes of a release; zero when none were drafted.
func (d *Desk) Notes(ctx context.Context, id workflows.ReleaseID) (notes.Notes, error) {
	return state[notes.Notes](ctx, d, workflows.StreamOf(notes.Room, string(id)))
}

// Briefing reads the briefing of a release; zero when none was drafted.
func (d *Desk) Briefing(ctx context.Context, id workflows.ReleaseID) (briefing.Briefing, error) {
	return state[briefing.Briefing](ctx, d, workflows.StreamOf(briefing.Room, string(id)))
}

// Feedback reads what was said about a release; zero when nothing was.
func (d *Desk) Feedback(ctx context.Context, id workflows.ReleaseID) (feedback.Feedback, error) {
	return state[feedback.Feedback](ctx, d, workflows.StreamOf(feedback.Room, string(id)))
}

// Flag reads one flag; ok is false when there is none.
func (d *Desk) Flag(ctx context.Context, key string) (flag.Flag, error) {
	f, err := state[flag.Flag](ctx, d, workflows.StreamOf(flag.Room, key))
	if err != nil || f.Exists() {
		return f, err
	}
	err = d.view(ctx, func(tx *storage.Tx) error {
		return (&session{tx: tx, ask: workflows.Ask{On: workflows.Selectors{Flag: key}}}).unknownFlag()
	})
	return f, err
}

// Flags lists the flags of a release, or all when id is empty.
func (d *Desk) Flags(ctx context.Context, id workflows.ReleaseID) ([]flag.Flag, error) {
	key := flag.Room
	if id != "" {
		key = flag.KeyOf(id)
	}
	var out []flag.Flag
	err := d.view(ctx, func(tx *storage.Tx) error {
		var err error
		out, err = flagsUnder(tx, key)
		return err
	})
	return out, err
}

// Environments lists where a product runs, in order.
func (d *Desk) Environments(p workflows.Product) []workflows.Environment {
	return environments(d.rules.Load().product(p))
}

// Home is the repository of a product whose issues may be told; without a name: there is none.
func (d *Desk) Home(p workflows.Product) workflows.Home {
	return d.rules.Load().product(p).Forge.Home()
}

// Todo lists what waits for a person in every open release.
func (d *Desk) Todo(ctx context.Context, id workflows.PersonID, now time.Time) ([]todo.Entry, error) {
	var out []todo.Entry
	r := d.rules.Load()
	err := d.view(ctx, func(tx *storage.Tx) error {
		b, err := r.book(tx)
		if err != nil {
			return err
		}
		var works []todo.Work // those in which something waits: no others are held
		err = r.eachOpen(tx, func(stream workflows.Stream) (any, error) {
			c, err := d.load(tx, stream, 0)
			if err == nil && c.rev > 0 {
				d.cache.offer(stream, c)
			}
			return c.state, err
		}, func(w todo.Work) (bool, error) {
			if len(todo.For(id, []todo.Work{w}, b, r.Week, now)) > 0 {
				works = append(works, w)
			}
			return true, nil
		})
		out = todo.For(id, works, b, r.Week, now)
		return err
	})
	return out, err
}

// Pending gives a question or an undo that waits for a press.
func (d *Desk) Pending(ctx context.Context, key string) (workflows.Pending, bool, error) {
	var p workflows.Pending
	var ok bool
	err := d.view(ctx, func(tx *storage.Tx) error {
		var err error
		p, ok, err = pendingRow(tx, key)
		return err
	})
	return p, ok, err
}

// Event reads one event of the ledger.
func (d *Desk) Event(ctx context.Context, seq workflows.Seq) (workflows.Recorded, error) {
	var e workflows.Recorded
	err := d.view(ctx, func(tx *storage.Tx) error {
		return tx.Ledger(seq-1, func(r ledger.Record) (bool, error) {
			var err error
			e, err = recorded(r)
			return false, err
		})
	})
	if err == nil && e.Seq != seq {
		err = fmt.Errorf("event %d is not in the ledger", seq)
	}
	return e, err
}

// Diff lists the files that differ between two commits of a release's product, within the release's paths.
func (d *Desk) Diff(ctx context.Context, r release.Release, from, to string) ([]string, error) {
	p := d.rules.Load().product(r.ID.Product())
	files, err := d.source.Diff(ctx, workflows.Query{Repository: p.Repository, Forge: p.Forge.Repository, Paths: r.Paths}, from, to)
	if err != nil {
		return nil, d.unsaved(fmt.Errorf("files between two commits: %w", away(err)), time.Time{})
	}
	return files, nil
}

// Reminders lists the schedules that concern a person: their own digest and the channels' reminder.
func (d *Desk) Reminders(ctx context.Context, id workflows.PersonID) ([]todo.Reminder, error) {
	var out []todo.Reminder
	err := d.view(ctx, func(tx *storage.Tx) error {
		return tx.Deliveries(func(p storage.Pending) (bool, error) {
			if p.What != wakeSchedule || p.State == storage.Dead {
				return true, nil
			}
			var s calendar.Schedule
			if err := json.Unmarshal(p.Data, &s); err != nil {
				return false, fmt.Errorf("schedule %s: %w", p.Slot, err)
			}
			if s.Person == "" || s.Person == id {
				out = append(out, todo.Reminder{Schedule: s, Next: p.When})
			}
			return true, nil
		})
	})
	return out, err
}

// IsProduct reports whether a word names a product: one that is configured, or one that has releases. While the store
// cannot be trusted the configuration alone says so, so that lines can be understood that need no store.
func (d *Desk) IsProduct(ctx context.Context, name string) (bool, error) {
	if !workflows.ValidID(name) {
		return false, nil
	}
	if _, ok := d.rules.Load().Products[workflows.Product(name)]; ok {
		return true, nil
	}
	rows := 0
	err := d.view(ctx, func(tx *storage.Tx) error {
		return tx.Find(release.KeyProduct(workflows.Product(name)), "", func(workflows.Stream, json.RawMessage) (bool, error) {
			rows++
			return false, nil
		})
	})
	if err != nil && d.Poisoned() != nil {
		return false, nil
	}
	return rows > 0, err
}

// view reads one consistent state. A store that cannot be trusted any more says so in words for people.
func (d *Desk) view(ctx context.Context, fn func(*storage.Tx) error) error {
	return d.unsaved(d.store.View(ctx, fn), time.Time{})
}
