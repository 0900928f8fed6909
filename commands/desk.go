package commands

import (
	"context"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Desk is the one way in and the one way to read, as far as commands need it.
type Desk interface {
	Doer
	People
	Releases
	Flags
	Telling
	Record
}

// Doer changes things.
type Doer interface {
	Do(context.Context, workflows.Ask) (workflows.Receipt, error)
	Pending(ctx context.Context, key string) (workflows.Pending, bool, error)
}

// People reads who somebody is, and what waits for them.
type People interface {
	Who(context.Context, workflows.Handle) (todo.Viewer, error)
	Todo(context.Context, workflows.PersonID, time.Time) ([]todo.Entry, error)
	Reminders(context.Context, workflows.PersonID) ([]todo.Reminder, error)
	Persons(context.Context) ([]people.State, error)
	Settings() todo.Settings
}

// Releases reads releases.
type Releases interface {
	Release(context.Context, workflows.Selectors, workflows.Place) (release.Release, error)
	Rows(ctx context.Context, key string) ([]release.Row, error)
	Offer(release.Release) release.Diff
	Facts(context.Context, workflows.Handle, workflows.Place, workflows.ReleaseID, time.Time) (release.Facts, error)
	Diff(ctx context.Context, r release.Release, from, to string) ([]string, error)
	Where(ctx context.Context, by workflows.Handle, at workflows.Place, id workflows.ReleaseID, ref string, now time.Time) (release.Whereabouts, error)
	IsProduct(ctx context.Context, name string) (bool, error)
}

// Flags reads flags.
type Flags interface {
	Flag(ctx context.Context, key string) (flag.Flag, error)
	Flags(context.Context, workflows.ReleaseID) ([]flag.Flag, error)
	Environments(workflows.Product) []workflows.Environment
	Evaluate(workflows.Environment, workflows.FlagKey, string) (flag.Evaluation, error)
}

// Telling reads what people are told, and what they say.
type Telling interface {
	Notes(context.Context, workflows.ReleaseID) (notes.Notes, error)
	Briefing(context.Context, workflows.ReleaseID) (briefing.Briefing, error)
	Feedback(context.Context, workflows.ReleaseID) (feedback.Feedback, error)
	Home(workflows.Product) workflows.Home
}

// Record reads what the ledger proves.
type Record interface {
	Evidence(ctx context.Context, on workflows.Selectors, at workflows.Place, now time.Time, older ...ledger.Tip) (evidence.Bundle, error)
	Audit(ctx context.Context, on workflows.Selectors, at workflows.Place, now time.Time) (evidence.Bundle, ledger.Outside, error)
}

// Call is one use of a command: what its Show, Form and Done get.
type Call struct {
	Args    Args
	Request chat.Request
	Desk    Desk
	Viewer  todo.Viewer
	table   Table
	row     *Command // whose form is asked for
	about   string   // the release that the form is about
	alone   bool     // what is answered concerns the asker only: a question to them, what they may undo, what would be
}
