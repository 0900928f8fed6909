package release

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/readyroom/readyroom/workflows"
)

// ScopeAdd puts something into the scope.
type ScopeAdd struct {
	What   string   // an address, #12, ABC-12, or a feature of the same product
	Title  string   //
	For    []string // people as "@ana", and addresses
	Labels []string
	Note   string // after the cut-off: why
}

// Needs says who may before the cut-off.
func (ScopeAdd) Needs() workflows.Need { return workflows.Maker }

// Fits says that only a release that is not out can be meant where none is named.
func (ScopeAdd) Fits(r Row) bool { return r.Shipped.IsZero() }

// Names is the feature that is meant, if one is.
func (w ScopeAdd) Names() []string {
	if workflows.Reference(w.What) == "" && strings.Contains(w.What, "@") {
		return []string{w.What}
	}
	return nil
}

func (w ScopeAdd) decide(r Release, f Facts) ([]workflows.Event, error) {
	late, err := r.scopes(f, w.Note, "scope add", w.What)
	if err != nil {
		return nil, err
	}
	e := Entry{N: r.Scoped + 1, Title: w.Title, For: w.For, Labels: w.Labels, By: f.Actor.Person, At: f.Now, Late: late, Why: w.Note}
	if e, err = w.about(e, r, f); err != nil {
		return nil, err
	}
	if err := e.fits(f); err != nil {
		return nil, err
	}
	if was, ok := r.has(e); ok {
		return nil, workflows.Refuse(workflows.Exists, fmt.Sprintf("it is in the scope already, as %d: %s", was.N, workflows.Display(was.Name(), maxTitle))).
			Type(f.line("scope list"))
	}
	if len(r.Scope) == maxScope {
		return nil, fullScope(f)
	}
	return append([]workflows.Event{ScopeAdded{Entries: []Entry{e}}}, r.raise(nil, e.Labels, f)...), nil
}

// about says what an entry is about.
func (w ScopeAdd) about(e Entry, r Release, f Facts) (Entry, error) {
	if len(w.Names()) == 0 {
		if e.URL = w.What; workflows.Reference(w.What) == "" {
			return e, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is nothing that can be planned: write an address, #12, ABC-12, or a feature as %s@invoices",
				workflows.Display(w.What, 40), r.ID.Product())).Type(f.line("scope add", "https://…"))
		}
		return e, nil
	}
	e.Feature = f.Named[w.What].ID
	switch {
	case r.ID.IsFeature():
		return e, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is a feature itself: a version's scope lists features", r.ID.Name())).
			Type(f.line("scope add", "https://…"))
	case !e.Feature.IsFeature() || e.Feature.Product() != r.ID.Product():
		return e, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is no feature of %s; what another release must bring first is said with --after",
			e.Feature, r.ID.Product())).Type(f.line("set", "--after", string(e.Feature)))
	}
	return e, nil
}

// fits holds what an entry says to its bounds, and people to those that are known.
func (e Entry) fits(f Facts) error {
	long := func(s string, most int) bool { return utf8.RuneCountInString(s) > most }
	no := ""
	switch {
	case long(e.Title, maxTitle):
		no = fmt.Sprintf("a title has at most %d characters", maxTitle)
	case long(e.URL, maxAddress):
		no = fmt.Sprintf("an address has at most %d characters", maxAddress)
	case len(e.For) > maxFor:
		no = fmt.Sprintf("one thing is for at most %d", maxFor)
	case len(e.Labels) > maxLabels || slices.ContainsFunc(e.Labels, func(l string) bool { return long(l, maxLabel) }):
		no = fmt.Sprintf("one thing has at most %d labels of %d characters", maxLabels, maxLabel)
	}
	if no != "" {
		return workflows.Refuse(workflows.Invalid, no).Type(f.line("scope add", "https://…", "--title …"))
	}
	for _, whom := range e.For {
		id, person := strings.CutPrefix(whom, "@")
		switch _, known := f.Book.Person(workflows.PersonID(id)); {
		case person && !known:
			return nobody(id, f)
		case !person && (workflows.Reference(whom) == "" || long(whom, maxAddress)):
			return workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is nobody: a thing is for @somebody, or for whoever asked at an address", workflows.Display(whom, 40))).
				Type(f.line("scope add", "https://…", "--for @"+string(f.Actor.Person)))
		}
	}
	return nil
}

// nobody refuses a name that is no person's, with the nearest.
func nobody(id string, f Facts) *workflows.Refusal {
	var all []string
	for p := range f.Book.People {
		all = append(all, string(p))
	}
	slices.Sort(all)
	no := workflows.Refuse(workflows.UnknownPerson, "nobody here is @"+workflows.Display(id, 40)).By("whoever edits readyroom.yaml")
	for _, n := range workflows.Nearest(id, all, 3) {
		no.Type("@" + n)
	}
	return no.Type("people: in readyroom.yaml")
}

func fullScope(f Facts) *workflows.Refusal {
	return workflows.Refuse(workflows.Invalid, fmt.Sprintf("a scope has at most %d entries: a release of more is several", maxScope)).Type(f.line("scope list"))
}
