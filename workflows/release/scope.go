package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Entry is one thing that a release is meant to bring.
type Entry struct {
	N       int                 `json:"n"` // never given again
	URL     string              `json:"url,omitempty"`
	Feature workflows.ReleaseID `json:"feature,omitempty"` // instead: a feature of the same product
	Title   string              `json:"title,omitempty"`
	For     []string            `json:"for,omitempty"` // who asked for it: people as "@ana", and addresses
	Labels  []string            `json:"labels,omitempty"`
	By      workflows.PersonID  `json:"by"`
	At      time.Time           `json:"at"`
	Late    bool                `json:"late,omitempty"` // it came after the cut-off
	From    string              `json:"from,omitempty"` // the milestone that planned it
	Why     string              `json:"why,omitempty"`
}

// Name is what people call an entry: its title, with what it is about.
func (e Entry) Name() string {
	about := e.URL
	if e.Feature != "" {
		about = string(e.Feature)
	}
	switch {
	case e.Title == "":
		return about
	case about == "":
		return e.Title
	}
	return e.Title + " (" + about + ")"
}

// same reports whether two entries are about the same thing.
func (e Entry) same(o Entry) bool {
	switch {
	case e.Feature != "" || o.Feature != "":
		return e.Feature == o.Feature
	case e.URL != "" || o.URL != "":
		return workflows.SameReference(e.URL, o.URL)
	}
	return strings.EqualFold(e.Title, o.Title)
}

// The bounds of a scope: of its entries, and of what one says.
const (
	maxScope   = 200
	maxTitle   = 200
	maxAddress = 1000
	maxLabels  = 10
	maxLabel   = 40
	maxFor     = 10
)

// ScopeAdded happened: more is meant to be in the release.
type ScopeAdded struct {
	Entries []Entry `json:"entries"`
	From    string  `json:"from,omitempty"`    // the milestone
	Already int     `json:"already,omitempty"` // how many of it were there before
}

// ScopeDropped happened: something will not be in it.
type ScopeDropped struct {
	Entry Entry  `json:"entry"`
	Why   string `json:"why"`
}

// Kind names the event.
func (ScopeAdded) Kind() string { return "release.scope_added" }

// Kind names the event.
func (ScopeDropped) Kind() string { return "release.scope_dropped" }

// scopes holds a change of the scope to its time: before the cut-off it is for whoever makes releases, after it for the
// release manager alone, who says why. Line is what was typed, without the reason.
func (r Release) scopes(f Facts, why string, line ...string) (late bool, err error) {
	switch late = r.late(f.Now); {
	case r.Over():
		return false, over(r)
	case !r.Shipped.IsZero():
		return false, workflows.Refuse(workflows.GateClosed, fmt.Sprintf("%s is out since %s: what is still to come belongs to another release",
			r.ID.Name(), r.Shipped.Format(time.DateOnly))).Type("/release new " + string(r.ID.Product()) + "@…")
	case !late:
		return false, nil
	case f.Book.Allows(f.Actor.Person, workflows.Manager, r.Manager, f.Now) != "":
		return false, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("the cut-off was %s: since then only the release manager changes the scope", date(r.Cutoff))).
			By(f.Book.Who(workflows.Manager, r.Manager, f.Now)...).Type(f.line("scope list"))
	case why == "":
		return false, workflows.Refuse(workflows.NeedsReason, fmt.Sprintf("the cut-off was %s: whatever changes the scope now says why", date(r.Cutoff))).
			Type(f.line(line[0], append(line[1:], "-- why")...))
	}
	return true, nil
}

// late reports whether the cut-off is past.
func (r Release) late(now time.Time) bool { return Overdue(r.Cutoff, now) }

// Late counts the entries of the scope that came after the cut-off.
func (r Release) Late() int {
	n := 0
	for _, e := range r.Scope {
		if e.Late {
			n++
		}
	}
	return n
}

// has finds an entry about the same thing.
func (r Release) has(e Entry) (Entry, bool) {
	i := slices.IndexFunc(r.Scope, e.same)
	if i < 0 {
		return Entry{}, false
	}
	return r.Scope[i], true
}

// date writes a date as it was meant: with its time where one was typed.
func date(t time.Time) string {
	if h, m, s := t.Clock(); h == 0 && m == 0 && s == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

func (e ScopeAdded) evolve(r Release, _ workflows.Header) Release {
	r.Scope = append(r.Scope, e.Entries...)
	for _, x := range e.Entries {
		r.Scoped = max(r.Scoped, x.N)
		if x.Late {
			r.Tally.Late++
		}
	}
	return r
}

func (e ScopeAdded) tell(Release, workflows.Header) []workflows.Effect { return nil }

func (e ScopeDropped) evolve(r Release, _ workflows.Header) Release {
	r.Scope = slices.DeleteFunc(r.Scope, func(x Entry) bool { return x.N == e.Entry.N })
	return r
}

func (e ScopeDropped) tell(Release, workflows.Header) []workflows.Effect { return nil }
