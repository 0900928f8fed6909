// Package desk is the one way in and the one way to read. Do looks up what a wish needs from outside, then decides and
// records it in one transaction, with everything that follows from it in other rooms and everyone who will be told.
// The Read methods are the only way to see state.
//
// It knows no chat platform: it hands deliveries to the queue, and somebody else draws and sends them.
package desk

import (
	"context"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Source says what is true of a product's repository. Its refusals are for people, its other errors are faults.
type Source interface {
	Look(context.Context, workflows.Query) (workflows.Found, error)
	// Diff lists the files that differ between two commits, within paths when there are some.
	Diff(ctx context.Context, repository, from, to string, paths []string) ([]string, error)
}

// Product is what the configuration says of one product.
type Product struct {
	Repository   string
	Branch       string
	Environments []workflows.Environment // in order; users are in the last
	Home         workflows.Place         // the channel its releases live in; empty: where they are opened
}

// Config is what the desk goes by. It is replaced whole, never changed.
type Config struct {
	Book      *policy.Book // without rosters; those arrive
	Products  map[workflows.Product]Product
	Worktree  Product // the product of a console without configuration: the first release names it
	Templates map[string]release.Template
	Default   string // template
	Week      calendar.Week
	Digest    calendar.Spec // a person's morning
	Readiness calendar.Spec // a channel's reminder
	Join      string        // what makes an unknown person known: "readyroom init, then people:"
	Platforms []string      // where direct messages may go, the preferred first
}

// Desk decides, records and reads. It is safe for concurrent use.
type Desk struct {
	store  *storage.Store
	source Source
	cfg    Config
	cache  *cache
	flags  flags
	books  books
}

// New makes a desk over an open store.
func New(store *storage.Store, source Source, cfg Config) *Desk {
	cfg.Book = cfg.Book.Indexed()
	return &Desk{store: store, source: source, cfg: cfg, cache: newCache()}
}

// Start brings the schedules of reminders in line with the configuration and compiles the flags. It must be called
// once before the first Do.
func (d *Desk) Start(ctx context.Context, now time.Time) error {
	if err := d.ensureSchedules(ctx, now); err != nil {
		return err
	}
	return d.compile(ctx)
}

// zone is where a person reads the clock.
func (d *Desk) zone(p workflows.Person) *time.Location {
	if p.Zone != "" {
		if z, err := time.LoadLocation(p.Zone); err == nil {
			return z
		}
	}
	return d.cfg.Week.Zone
}
