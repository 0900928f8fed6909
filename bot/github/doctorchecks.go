package github

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// vouchers says which checks sign for what follows from CI, and where that could be anybody's, or nobody's.
func (e *examination) vouchers(ctx context.Context, w Wanted, what, commit string) {
	if !w.Checks {
		return
	}
	p, err := e.g.at(w.Forge)
	if err != nil {
		return // it was read just now
	}
	found, known, unread := p.checked(ctx, commit) // what stands in the way of it was said when the checks were read
	if w.Named != nil {
		e.say(chat.Well, what, "what follows from CI is signed once all that checks: names are well: "+listed(w.Named), "")
		e.unheard(w.Named, found, what, commit, name(w, found))
		return
	}
	if unread != nil {
		return
	}
	d, err := p.demands(ctx, w.Branch)
	if err != nil {
		e.fails(what, err)
		return
	}
	names, err := p.namesOf(ctx, d, found, known)
	switch {
	case err != nil:
		e.fails(what, err)
	case d.unseen != "":
		e.say(chat.Failing, what, d.unseen+": nobody can tell which checks it requires, and what follows from CI stays open", name(w, found))
	default:
		e.required(d, names, found, w, what)
		e.unheard(names, found, what, commit, name(w, found))
	}
}

// required says which checks sign where GitHub's rules for the branch say which must be well.
func (e *examination) required(d demands, names []workflows.CheckName, found []workflows.Check, w Wanted, what string) {
	const first = ": what follows from CI is signed as soon as all that have reported are well, and be it the first one alone"
	branch := workflows.Display(d.branch, 80)
	if d.ruleless != "" {
		branch += " (by its protection alone: " + d.ruleless + ")"
	}
	switch {
	case d.more && len(names) == 0:
		e.say(chat.Odd, what, "GitHub requires of "+branch+" workflows or scans, and does not name their checks"+first, name(w, found))
	case d.more:
		e.say(chat.Well, what, "what follows from CI is signed once all that have reported are well, and "+listed(names)+" among them: GitHub requires workflows or scans of "+
			branch+", too, and does not name their checks", "")
	case len(names) > 0:
		e.say(chat.Well, what, "what follows from CI is signed once all that GitHub requires of "+branch+" are well: "+listed(names), "")
	default:
		e.say(chat.Odd, what, "GitHub requires no check of "+branch+first, name(w, found)+"; or require them of the branch: github.com/"+w.Forge+"/settings/rules")
	}
}

// unheard says of checks that must be well that none such reported, where others did: their names may be wrong.
func (e *examination) unheard(names []workflows.CheckName, found []workflows.Check, what, commit, next string) {
	var lacks []string
	for _, n := range names {
		if !slices.ContainsFunc(found, n.Is) {
			lacks = append(lacks, workflows.Display(amiss(n, found), 120))
		}
	}
	if len(found) > 0 && len(lacks) > 0 {
		e.say(chat.Odd, what, "of the newest commit, "+workflows.ShortID(commit)+", "+strings.Join(lacks, ", and ")+": while that is so, what follows from CI stays open", next)
	}
}

func listed(names []workflows.CheckName) string {
	var all []string
	for _, n := range names {
		all = append(all, workflows.Display(n.String(), 120))
	}
	return strings.Join(all, ", ")
}

// name shows how the checks that must be well are named: those that there are, or as an example.
func name(w Wanted, found []workflows.Check) string {
	const few = 3
	list := []string{"test"}
	if len(found) > 0 {
		list = nil
	}
	for _, c := range found[:min(few, len(found))] {
		if c.By == "" {
			list = append(list, fmt.Sprintf("%q", c.Name))
			continue
		}
		list = append(list, fmt.Sprintf("{name: %q, by: %q}", c.Name, c.By))
	}
	if len(found) > few {
		list = append(list, "…")
	}
	return fmt.Sprintf("name those that must be well: products: {%s: {github: {repository: %s, checks: [%s]}}}", w.Product, w.Forge, strings.Join(list, ", "))
}
