// Package feedback is the room of what users and colleagues say about a release: problems and wishes, each with a number,
// who said it, where, and what they were looking at. Somebody of the team settles an entry, or plans who does by when. And
// of who follows the release: people are told in person when it reaches them, issues by a comment.
//
// Anyone may say something and follow, so all of it is bounded; what they said, and who follows, is the team's and never
// becomes public. The room reads
// no clock, does no I/O, and knows neither other rooms nor any chat platform.
package feedback

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Room names the streams of this room: "feedback/<release id>".
const Room = "feedback"

// The room's own reasons.
const (
	Full         workflows.Reason = "feedback_full"    // as much waits for an answer as is taken
	UnknownEntry workflows.Reason = "unknown_feedback" // there is no entry of that number
	Out          workflows.Reason = "already_out"      // what somebody wants to hear of is there already
	NoPreview    workflows.Reason = "no_preview"       // there is no tech preview to wait for
)

// The items of the checklists that what was heard bears on, by key.
const (
	Gathered  = "feedback"  // that anything was heard
	Leftovers = "leftovers" // that nothing is left without an answer
)

// What is taken.
const (
	MaxText    = 1000 // characters of a text
	MaxLink    = 1000 // of a link
	MaxWhat    = 500  // of what will be done, or was
	MaxOpen    = 200  // entries of a release that are not settled
	MaxOutside = 150  // of those, by accounts that are not of the team: it has room left to say something itself
	MaxAccount = 20   // of those, by one such account

	MaxFollowers = 1000 // accounts that follow a release, or did
	MaxTurns     = 10   // times that one of them asks to, anew or for more
	MaxIssues    = 100  // issues that somebody had follow a release, or did
)

// Feedback is the folded state of what was said about one release.
type Feedback struct {
	Release workflows.ReleaseID `json:"release"`
	Entries []Entry             `json:"entries,omitempty"` // by number, from 1

	Followers []Follower `json:"followers,omitempty"` // in the order in which they came
	Issues    []Issue    `json:"issues,omitempty"`    // that follow or were told something, in the order in which they came
}

// Entry is one thing that somebody said.
type Entry struct {
	N       int                `json:"n"`
	Text    string             `json:"text"`
	Link    string             `json:"link,omitempty"`
	By      workflows.PersonID `json:"by"`                // of an account that nobody here is known by, what it would be called
	Account workflows.Handle   `json:"account,omitempty"` // by which they said it
	Outside bool               `json:"outside,omitempty"` // they were not of the team then
	At      time.Time          `json:"at"`
	Place   workflows.Place    `json:"place,omitempty"`
	Stage   workflows.Stage    `json:"stage"`            // of the release then
	Commit  string             `json:"commit,omitempty"` // its candidate then
	Plan    *Plan              `json:"plan,omitempty"`
	Done    *Settlement        `json:"done,omitempty"`
}

// Plan is who sees to an entry, by when.
type Plan struct {
	Owner workflows.PersonID `json:"owner"`
	Due   time.Time          `json:"due"`
	What  string             `json:"what,omitempty"`
	By    workflows.PersonID `json:"by"`
	At    time.Time          `json:"at"`
}

// Settlement is the word of somebody that an entry was answered or put right.
type Settlement struct {
	What string             `json:"what,omitempty"`
	By   workflows.PersonID `json:"by"`
	At   time.Time          `json:"at"`
}

// Facts is what a decision needs beside the state.
type Facts struct {
	Now      time.Time
	Actor    workflows.Actor // with a person even where nobody here bears the account
	Inside   bool            // they are of the team
	At       workflows.Place
	Selector string // how a typed line from there names the release: "" or "app@1.0.0"
	Release  workflows.ReleaseID
	Stage    workflows.Stage
	Commit   string // the candidate; empty: none yet
	Over     bool   // the release is closed or cancelled
	Manager  workflows.PersonID
	Book     *policy.Book

	Cancelled bool
	Previews  bool // its checklist has a tech preview

	Home    workflows.Home   // whose issues may be told
	Notes   string           // where anyone who reads those may read what is new; empty: nowhere
	Account workflows.Handle // where whom an Invite names is told things in person; empty: nowhere
}

// Counts is how much was said, and what became of it.
type Counts struct {
	Open    int `json:"open,omitempty"` // neither planned nor settled
	Planned int `json:"planned,omitempty"`
	Done    int `json:"done,omitempty"`
}

// All is how much was ever heard.
func (c Counts) All() int { return c.Open + c.Planned + c.Done }

// Counts counts the entries.
func (b Feedback) Counts() Counts {
	var c Counts
	for _, e := range b.Entries {
		switch {
		case e.Done != nil:
			c.Done++
		case e.Plan != nil:
			c.Planned++
		default:
			c.Open++
		}
	}
	return c
}

// Waiting lists what is not settled: first what has no plan, by number, then what has one, by its date.
func (b Feedback) Waiting() []Entry {
	var open, planned []Entry
	for _, e := range b.Entries {
		switch {
		case e.Done != nil:
		case e.Plan != nil:
			planned = append(planned, e)
		default:
			open = append(open, e)
		}
	}
	slices.SortStableFunc(planned, func(a, b Entry) int { return a.Plan.Due.Compare(b.Plan.Due) })
	return append(open, planned...)
}

// OwedBy lists what is planned for a person and not settled, by its date.
func (b Feedback) OwedBy(id workflows.PersonID, book *policy.Book) []Entry {
	return slices.DeleteFunc(b.Waiting(), func(e Entry) bool { return e.Plan == nil || book.Canon(e.Plan.Owner) != id })
}

// entry finds an entry that somebody named; the refusal leads back to the verb.
func (b Feedback) entry(n int, f Facts) (Entry, error) {
	if n >= 1 && n <= len(b.Entries) {
		return b.Entries[n-1], nil
	}
	why := fmt.Sprintf("%s has no feedback with the number %d", f.Release.Name(), n)
	if len(b.Entries) == 0 {
		why = "nothing was said about " + f.Release.Name() + " yet"
	}
	return Entry{}, workflows.Refuse(UnknownEntry, why).Type(f.line("feedback list"))
}

// change gives the entries with one of them changed; those of before stay as they were.
func (b Feedback) change(n int, fn func(*Entry)) Feedback {
	if n < 1 || n > len(b.Entries) {
		return b
	}
	b.Entries = slices.Clone(b.Entries)
	fn(&b.Entries[n-1])
	return b
}

// line writes a line to type, naming the release only where it must be.
func (f Facts) line(verb string, words ...string) string {
	return workflows.Line(f.Selector, verb, words...)
}

// TooLate refuses what somebody would say about a release that is over.
func TooLate(id workflows.ReleaseID) *workflows.Refusal {
	return workflows.Refuse(workflows.Over, id.Name()+" is over: say it about the release that is under way").Type("/release list")
}
