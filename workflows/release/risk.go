package release

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// RiskSet happened: the release is treated with more or less care, and its gates ask for what that adds.
type RiskSet struct {
	From  policy.Risk `json:"from"`
	To    policy.Risk `json:"to"`
	Why   string      `json:"why"`             // what raised it, or the manager's reason
	Rule  string      `json:"rule,omitempty"`  // that raised it by itself
	Calms []string    `json:"calms,omitempty"` // what raised it before, and raises it no more: the manager lowered it knowing that
	Gates []Gate      `json:"gates"`
}

// Adopted happened: the release goes by its template as that stands now, or by another one.
type Adopted struct {
	Template string `json:"template"`
	Revision string `json:"revision"`
	Gates    []Gate `json:"gates"`
}

// Kind names the event.
func (RiskSet) Kind() string { return "release.risk_set" }

// Kind names the event.
func (Adopted) Kind() string { return "release.adopted" }

// atRisk is the gates as a risk asks for them: what only the old tier added goes, what the new one adds comes. Gates that
// were passed stay as they were.
func (r Release) atRisk(risk policy.Risk) []Gate {
	gates := slices.Clone(r.Gates)
	for i := r.Passed; i < len(gates); i++ {
		g := gates[i]
		add := AddedBy(risk, g.Key())
		g.Items = slices.DeleteFunc(slices.Clone(g.Items), func(item Item) bool { return item.Origin == OfRisk && !hasItem(add, item.Key) })
		for _, item := range add {
			if !hasItem(g.Items, item.Key) {
				g.Items = append(g.Items, item)
			}
		}
		gates[i] = g
	}
	return gates
}

// setRisk is a release manager's word on the risk. Lowering it needs a reason.
func (r Release) setRisk(to policy.Risk, why string, f Facts) ([]workflows.Event, error) {
	if to == r.Risk {
		return nil, nil
	}
	again := f.line("set", "--risk "+string(to), "-- why")
	if r.Risk.Above(to) && why == "" {
		return nil, workflows.Refuse(workflows.NeedsReason, fmt.Sprintf("it is of risk %s; lowering it needs a reason, which stays on record", r.Risk)).Type(again)
	}
	e := RiskSet{From: r.Risk, To: to, Why: why, Gates: r.atRisk(to)}
	if r.Risk.Above(to) {
		e.Calms = r.Raised
	}
	if err := r.fulfillable(e.Gates[r.Passed:], to, f); err != nil {
		return nil, err
	}
	return []workflows.Event{e}, nil
}

// raise follows the configuration's rules: what a release touches may ask for more care. A rule that the manager
// overruled knowing it is not heard again; nor is any while the people known are too few for what it asks.
func (r Release) raise(files, labels []string, f Facts) []workflows.Event {
	rules := slices.DeleteFunc(slices.Clone(f.Raise), func(rule Raise) bool {
		return !rule.To.Above(r.Risk) || rule.To.Tier().People > f.Book.Known() || slices.Contains(r.Calmed, rule.name())
	})
	rule, what, ok := Raised(rules, files, labels)
	if !ok {
		return nil
	}
	return []workflows.Event{RiskSet{From: r.Risk, To: rule.To, Why: "raised by " + what, Rule: rule.name(), Gates: r.atRisk(rule.To)}}
}

// touched lists the files that the bound commits change.
func touched(f Facts) []string {
	var out []string
	for _, c := range bound(f) {
		out = append(out, c.Files...)
	}
	return out
}

// fulfillable refuses gates that would stay shut for ever, whoever of the people known signs.
func (r Release) fulfillable(gates []Gate, risk policy.Risk, f Facts) error {
	lacks := Unsatisfiable(gates, risk, f.Book, f.Now, f.Sources)
	if len(lacks) == 0 {
		return nil
	}
	return workflows.Refuse(workflows.Unsatisfiable, fmt.Sprintf("at risk %s %s can never be fulfilled by the people known: %s", risk, lacks[0].name(), lacks[0].Why)).
		By("whoever edits readyroom.yaml").Type(lacks[0].Mend)
}

// adopt takes a template over as it stands now, in the gates that are still to be passed.
func (r Release) adopt(name string, f Facts) ([]workflows.Event, error) {
	t, err := New{ID: r.ID, Template: name}.template(f)
	if err != nil {
		return nil, err
	}
	if t.Name == r.Template && (t.Revision() == r.Revision || Difference(r, t).Empty()) {
		return nil, nil
	}
	gates := Adopt(r, t)
	if err := r.fulfillable(gates[r.Passed:], r.Risk, f); err != nil {
		return nil, err
	}
	return []workflows.Event{Adopted{Template: t.Name, Revision: t.Revision(), Gates: gates}}, nil
}

func (e RiskSet) evolve(r Release, _ workflows.Header) Release {
	r = r.soaksAs(e.To)
	r.Risk, r.RiskWhy = e.To, e.Why
	r.Calmed = append(r.Calmed, e.Calms...)
	if e.Rule != "" {
		r.Raised = append(r.Raised, e.Rule)
	}
	if e.From.Above(e.To) {
		r.Raised = nil
	}
	return r.regate(slices.Clone(e.Gates))
}

func (e RiskSet) tell(r Release, h workflows.Header) []workflows.Effect { return soakWake(r, h) }

func (e Adopted) evolve(r Release, _ workflows.Header) Release {
	r.Template, r.Revision = e.Template, e.Revision
	return r.regate(slices.Clone(e.Gates))
}

func (e Adopted) tell(Release, workflows.Header) []workflows.Effect { return nil }
