package release

import (
	"errors"
	"fmt"
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
	would := r // so that the milestone's own repetitions count once
	for _, p := range f.Found.Planned {
		x := Entry{N: would.Scoped + 1, URL: p.Ref, Title: short(p.Title), For: p.For, Labels: p.Labels, By: f.Actor.Person, At: f.Now, Late: late,
			From: w.Milestone, Why: w.Note}
		if _, ok := would.has(x); ok {
			e.Already++
			continue
		}
		if err := x.fits(f); err != nil {
			return nil, ofItem(x, err)
		}
		e.Entries = append(e.Entries, x)
		would.Scope, would.Scoped = append(would.Scope[:len(would.Scope):len(would.Scope)], x), x.N
	}
	switch {
	case len(e.Entries) == 0:
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("all that %s plans is in the scope already", workflows.Display(w.Milestone, 60))).
			Type(f.line("scope list"))
	case len(would.Scope) > maxScope:
		return nil, fullScope(f)
	}
	var labels []string
	for _, x := range e.Entries {
		labels = append(labels, x.Labels...)
	}
	return append([]workflows.Event{e}, r.raise(nil, labels, f)...), nil
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
