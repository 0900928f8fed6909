// Package desk is the one way in and the one way to read. Do looks up what a wish needs from outside, then decides and
// records it in one transaction, with everything that follows from it in other rooms and everyone who will be told.
// The Read methods are the only way to see state.
//
// It knows no chat platform: it hands deliveries to the queue, and somebody else draws and sends them.
package desk

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Source says what is true of a product's repository. Its refusals are for people, its other errors are faults.
type Source interface {
	Look(context.Context, workflows.Query) (workflows.Found, error)
	// Diff lists the files that differ between two commits of where a query looks, within its paths when there are some.
	Diff(ctx context.Context, in workflows.Query, from, to string) ([]string, error)
}

// Product is what the configuration says of one product.
type Product struct {
	Repository   string // a folder; empty: commits are read at the forge
	Branch       string
	Environments []workflows.Environment // in order; users are in the last
	Home         workflows.Place         // the channel its releases live in; empty: where they are opened
	Roadmap      string                  // the file in which its milestones are planned; empty: workflows.Roadmap
	Changelog    string                  // the file that published notes are written into, at the forge or else in the folder; empty: none
	Forge        Forge
}

// TagVersion stands for the version in the name of a tag.
const TagVersion = "VERSION"

// Forge is what is done with a product's repository where it is shared: pull requests, checks, releases, deployments.
type Forge struct {
	Repository string                           // "acme/app"; empty: none, and nothing of what follows
	Host       string                           // where it is found in a browser; empty: github.com
	Checks     []workflows.CheckName            // that must be well; nil: those the repository requires, else all there are, and one at least
	Unchecked  bool                             // no check says anything of it: people sign for its tests
	Deploys    map[workflows.Environment]string // where the bot may deploy: by which workflow, empty by a deployment
	Tag        string                           // how the tag of a version is called, where VERSION stands for it: "vVERSION"
	Opens      string                           // a tag like this opens a release: "v*"; empty: none does
	Releases   bool                             // notes are published as a release there
	Manager    workflows.PersonID               // who manages the releases that tags open; empty: the first owner
}

// publicHost is where a forge is found that nobody runs for themselves.
const publicHost = "github.com"

// Home is where the repository's issues are.
func (f Forge) Home() workflows.Home {
	return workflows.Home{Host: cmp.Or(f.Host, publicHost), Repository: f.Repository}
}

// Config is what the desk goes by. It is replaced whole (see Reload), never changed.
type Config struct {
	Book      *policy.Book // without rosters; those arrive
	Products  map[workflows.Product]Product
	Worktree  Product // the product of a console without configuration: the first release names it
	Templates map[string]release.Template
	Raise     []release.Raise // by which what a release touches raises its risk
	Default   string          // template
	Week      calendar.Week
	Digest    calendar.Spec               // a person's morning
	Readiness calendar.Spec               // a channel's reminder
	Join      string                      // what makes an unknown person known: "readyroom init, then people:"
	Platforms []string                    // where direct messages may go, the preferred first
	Channels  map[workflows.Place]Telling // how much each is told; of those that are not named, InThread
	Anchor    Anchor                      // where the ledger's tip goes by itself
	Kept      func() (ledger.Tip, error)  // the tip kept beside the database; nil: none is
	Codes     Codes                       // what makes and knows codes
	From      string                      // where the configuration came from; empty: built in
}

// Desk decides, records and reads. It is safe for concurrent use.
type Desk struct {
	store    *storage.Store
	source   Source
	rules    atomic.Pointer[rules] // those in force
	deciding sync.RWMutex          // shared by acts while they are decided and committed; alone, to exchange the rules
	cache    *cache
	flags    flags
	looks    looks
	lost     atomic.Pointer[time.Time] // when the store was first seen poisoned
}

// New makes a desk over an open store.
func New(store *storage.Store, source Source, cfg Config) *Desk {
	d := &Desk{store: store, source: source, cache: newCache(cacheBytes)}
	d.rules.Store(newRules(cfg))
	return d
}
