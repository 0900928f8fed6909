package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// New opens a release.
type New struct {
	ID       workflows.ReleaseID
	Template string      // empty: the configuration's
	Risk     policy.Risk // empty: the template's
	Ref      string      // the candidate; empty: the product's branch, if there is one
	Paths    []string    // of a feature
	Target   time.Time
	Cutoff   time.Time // when the scope is settled
	After    []string  // the releases that it waits for, as selectors
	Title    string
	Why      string
}

// Needs says who may open a release.
func (New) Needs() workflows.Need { return workflows.Maker }

// Look asks for the candidate; without a typed one its absence is no refusal.
func (n New) Look() workflows.Query {
	return workflows.Query{Ref: n.Ref, Paths: n.Paths, Log: true, Files: true, OnlyBase: true, Optional: n.Ref == ""}
}

// Names is the releases that it waits for.
func (n New) Names() []string { return n.After }

// Opened happened: there is a new release.
type Opened struct {
	ID        workflows.ReleaseID `json:"id"`
	Number    uint64              `json:"number"`
	Title     string              `json:"title,omitempty"`
	Why       string              `json:"why,omitempty"`
	Template  string              `json:"template"`
	Revision  string              `json:"revision"`
	Risk      policy.Risk         `json:"risk"`
	RiskWhy   string              `json:"risk_why,omitempty"`
	Paths     []string            `json:"paths,omitempty"`
	Gates     []Gate              `json:"gates"`
	Manager   workflows.PersonID  `json:"manager"`
	Target    time.Time           `json:"target,omitzero"`
	Cutoff    time.Time           `json:"cutoff,omitzero"`
	After     []Dependency        `json:"after,omitempty"`
	Candidate *Candidate          `json:"candidate,omitempty"`
	Without   string              `json:"without,omitempty"` // why it has no candidate: "main has no commit"
	Tag       *workflows.Tagged   `json:"tag,omitempty"`     // the tag that opened it, where no person did
}

// Bound happened: a channel is this release's now.
type Bound struct {
	Place workflows.Place `json:"place"`
}

// Kind names the event.
func (Opened) Kind() string { return "release.opened" }

// Kind names the event.
func (Bound) Kind() string { return "release.bound" }

func (New) opens() {}

func (n New) decide(r Release, f Facts) ([]workflows.Event, error) {
	if err := n.free(r, f); err != nil {
		return nil, err
	}
	if f.Found.Missing != nil && f.Found.Missing.Reason == workflows.Detached {
		m := *f.Found.Missing // never guess which commit was meant
		m.Next = []string{"/release new " + string(n.ID) + " --candidate HEAD"}
		return nil, &m
	}
	if Overdue(n.Target, f.Now) {
		return nil, past(n.Target, "/release new "+string(n.ID)+" --target friday")
	}
	if no := tooLong(n.Title); no != nil {
		return nil, no.By(f.Actor.At()).Type("/release new " + string(n.ID) + " --title …")
	}
	after, err := n.order(f)
	if err != nil {
		return nil, err
	}
	t, err := n.template(f)
	if err != nil {
		return nil, err
	}
	risk, why, err := n.risk(t, f)
	if err != nil {
		return nil, err
	}
	if err := n.satisfiable(t, risk, f); err != nil {
		return nil, err
	}
	e := Opened{ID: n.ID, Number: f.Number, Title: n.Title, Why: n.Why, Template: t.Name, Revision: t.Revision(),
		Risk: risk, RiskWhy: why, Paths: n.Paths, Gates: t.At(risk), Manager: f.Actor.Person, Target: n.Target,
		Cutoff: n.Cutoff, After: after}
	if f.Found.Commit.ID != "" {
		c := newCandidate(Release{ID: n.ID, Paths: n.Paths}, f, nil)
		e.Candidate = &c
	} else if f.Found.Missing != nil {
		e.Without = f.Found.Missing.Why
	}
	opened := e.evolve(Release{}, workflows.Header{At: f.Now})
	events := append([]workflows.Event{e}, opened.raise(touched(f), nil, f)...)
	if f.Bind != "" {
		events = append(events, Bound{f.Bind})
	}
	return events, nil
}

// free refuses a name that is taken, or that reads like an open one.
func (n New) free(r Release, f Facts) error {
	if r.Exists() {
		return workflows.Refuse(workflows.Exists, fmt.Sprintf("%s is there already, %s", n.ID.Name(), r.Whereabouts())).
			In("release").Type("/release status "+string(n.ID), "/release list")
	}
	if f.Twin != "" {
		return workflows.Refuse(workflows.Exists, fmt.Sprintf("%s reads like %s, which is open: give it a name nobody confuses", n.ID, f.Twin)).
			In("release").Type("/release status " + string(f.Twin))
	}
	if len(n.Paths) > 0 && !n.ID.IsFeature() {
		return workflows.Refuse(workflows.Invalid, "a version is the whole tree: only a feature names paths").
			Type(fmt.Sprintf("/release new %s", n.ID))
	}
	return nil
}

func past(target time.Time, line string) *workflows.Refusal {
	return workflows.Refuse(workflows.Invalid, "the target "+target.Format("2006-01-02 15:04")+" is past").In("target").Type(line)
}

func (n New) template(f Facts) (Template, error) {
	name := n.Template
	if name == "" {
		name = f.Default
	}
	if t, ok := f.Templates[name]; ok {
		return t, nil
	}
	names := slices.Sorted(maps.Keys(f.Templates))
	there := strings.Join(names[:min(len(names), 8)], ", ")
	if len(names) > 8 {
		there += " …"
	}
	ref := workflows.Refuse(workflows.Invalid, fmt.Sprintf("no template %s: there are %s", workflows.Display(name, 40), there)).In("template")
	if ref.Nearest = workflows.Nearest(name, names, 3); len(ref.Nearest) > 0 {
		names = ref.Nearest
	}
	return Template{}, ref.Type(fmt.Sprintf("/release new %s --template %s", n.ID, names[0]))
}

// risk takes the typed one, else the template's; while one person is known, rules for two cannot hold. Less care than the
// template asks for, or than the team's default does, needs a reason: or whoever is in a hurry would only have to name
// another checklist.
func (n New) risk(t Template, f Facts) (policy.Risk, string, error) {
	risk, known := n.Risk, f.Book.Known()
	if risk == "" {
		risk = t.Risk
	}
	usual := t
	if d, ok := f.Templates[f.Default]; ok && d.Risk.Above(t.Risk) {
		usual = d
	}
	switch {
	case n.Risk == "" && known < 2:
		return policy.Low, "one person known", nil
	case risk.Tier().People > known:
		return "", "", workflows.Refuse(workflows.Unsatisfiable,
			fmt.Sprintf("risk %s wants votes of %d people, and %d is known", risk, risk.Tier().People, known)).
			In("risk").By("whoever edits readyroom.yaml").Type("readyroom init, then people:", fmt.Sprintf("/release new %s --risk low", n.ID))
	case !usual.Risk.Above(risk):
		return risk, "", nil
	case known < 2: // there is nobody else to take more care
		return risk, "one person known", nil
	case n.Why == "":
		line := fmt.Sprintf("/release new %s --template %s", n.ID, t.Name)
		if n.Risk != "" {
			line += " --risk " + string(risk)
		}
		return "", "", workflows.Refuse(workflows.NeedsReason, fmt.Sprintf("%s is of risk %s; less care needs a reason, which stays on record", usual.Name, usual.Risk)).
			In("why").Type(line + " --why …")
	}
	return risk, loweredBy(f.Actor), nil
}

func (e Opened) evolve(r Release, h workflows.Header) Release {
	return Release{ID: e.ID, Number: e.Number, Title: e.Title, Why: e.Why, Template: e.Template, Revision: e.Revision,
		Risk: e.Risk, RiskWhy: e.RiskWhy, Paths: e.Paths, Gates: e.Gates, Manager: e.Manager, Target: e.Target,
		Cutoff: e.Cutoff, After: slices.Clone(e.After), Candidate: e.Candidate, Without: e.Without, Created: h.At, Entered: h.At, Soaking: h.At, Revisions: r.Revisions}
}

func (e Opened) tell(Release, workflows.Header) []workflows.Effect { return nil }

func (e Bound) evolve(r Release, _ workflows.Header) Release {
	if !slices.Contains(r.Places, e.Place) {
		r.Places = append(r.Places, e.Place)
	}
	return r
}

func (e Bound) tell(Release, workflows.Header) []workflows.Effect { return nil }

func loweredBy(a workflows.Actor) string { return "lowered by " + a.At() }
