package github

import (
	"context"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// vouchers says which checks sign for what follows from CI, and where that could be anybody's.
func (e *examination) vouchers(ctx context.Context, w Wanted, what, commit string) {
	if !w.Checks {
		return
	}
	if w.Named != nil {
		e.say(chat.Well, what, "what follows from CI is signed once all that checks: names are well: "+listed(w.Named), "")
		return
	}
	p, err := e.g.at(w.Forge)
	if err != nil {
		return // it was read just now
	}
	found, known, err := p.checked(ctx, commit)
	if err != nil {
		return // so it was said when the checks were read
	}
	d, err := p.demands(ctx, w.Branch)
	if err != nil {
		e.fails(what, err)
		return
	}
	names, err := p.namesOf(ctx, d, found, known)
	branch := workflows.Display(d.branch, 80)
	if d.ruleless != "" {
		branch += " (by its protection alone: " + d.ruleless + ")"
	}
	switch {
	case err != nil:
		e.fails(what, err)
	case d.unseen != "":
		e.say(chat.Failing, what, d.unseen+": nobody can tell which checks it requires, and what follows from CI stays open", name(w, found))
	case len(names) > 0:
		e.say(chat.Well, what, "what follows from CI is signed once all that GitHub requires of "+branch+" are well: "+listed(names), "")
	default:
		e.say(chat.Odd, what, "GitHub requires no check of "+branch+": what follows from CI is signed as soon as all that have reported are well, and be it the first one alone",
			name(w, found)+"; or require them of the branch: github.com/"+w.Forge+"/settings/rules")
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
