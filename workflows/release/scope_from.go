package release

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// ScopeFrom puts what a milestone of the product's roadmap plans into the scope: what is not there yet, all of it or none.
type ScopeFrom struct {
	Milestone string
	Note      string // after the cut-off: why
}

// Needs says who may before the cut-off.
func (ScopeFrom) Needs() workflows.Need { return workflows.Maker }

// Fits says that only a release that is not out can be meant where none is named.
func (ScopeFrom) Fits(r Row) bool { return r.Shipped.IsZero() }

// Look asks for what the milestone plans.
func (w ScopeFrom) Look() workflows.Query { return workflows.Query{Milestone: w.Milestone} }

func (w ScopeFrom) decide(r Release, f Facts) ([]workflows.Event, error) {
	line := w.Milestone
	if strings.Contains(line, " ") {
		line = `"` + line + `"`
	}
	late, err := r.scopes(f, w.Note, "scope from", line)
	if err != nil {
		return nil, err
	}
	if len(f.Found.Planned) == 0 {
		return nil, workflows.Refuse(workflows.NoRepository, fmt.Sprintf("nothing is known of a roadmap of %s", r.ID.Product())).
			By("whoever edits readyroom.yaml").Type(f.line("scope add", "https://…"))
	}
	e := ScopeAdded{From: w.Milestone}
	there := r.planned()
	for _, p := range f.Found.Planned {
		x := Entry{N: r.Scoped + len(e.Entries) + 1, URL: p.Ref, Title: short(p.Title), For: p.For, Labels: p.Labels, By: f.Actor.Person, At: f.Now, Late: late,
			From: w.Milestone, Why: w.Note}
		switch {
		case there.has(x):
			e.Already++
			continue
		case len(r.Scope)+len(e.Entries) == maxScope:
			return nil, fullScope(f)
		}
		if err := x.fits(f); err != nil {
			return nil, ofItem(x, err)
		}
		e.Entries = append(e.Entries, x)
		there.add(x) // so that the milestone's own repetitions count once
	}
	if len(e.Entries) == 0 {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("all that %s plans is in the scope already", workflows.Display(w.Milestone, 60))).
			Type(f.line("scope list"))
	}
	var labels []string
	for _, x := range e.Entries {
		labels = append(labels, x.Labels...)
	}
	return append([]workflows.Event{e}, r.raise(nil, labels, f)...), nil
}

// planned is what a scope holds, read once: a roadmap may be long.
func (r Release) planned() planned {
	p := planned{refs: workflows.References{}}
	for _, e := range r.Scope {
		p.add(e)
	}
	return p
}

type planned struct {
	refs   workflows.References
	titles []string // of what has no reference
}

func (p *planned) add(e Entry) {
	switch {
	case e.URL != "":
		p.refs.Add(e.URL)
	case e.Feature == "":
		p.titles = append(p.titles, e.Title)
	}
}

// has reports whether an entry that is no feature is about something that is there.
func (p *planned) has(e Entry) bool {
	if e.URL != "" {
		return p.refs.Has(e.URL)
	}
	return slices.ContainsFunc(p.titles, func(t string) bool { return strings.EqualFold(t, e.Title) })
}

// ofItem says of which item of the roadmap a refusal is.
func ofItem(e Entry, err error) error {
	var no *workflows.Refusal
	if errors.As(err, &no) {
		no.Why = fmt.Sprintf("«%s»: %s", workflows.Display(e.Name(), maxTitle), no.Why)
	}
	return err
}

// short cuts a title that nobody typed here.
func short(title string) string {
	if r := []rune(title); len(r) > maxTitle {
		return string(r[:maxTitle-1]) + "…"
	}
	return title
}
