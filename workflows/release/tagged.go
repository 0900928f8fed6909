package release

import (
	"github.com/readyroom/readyroom/workflows"
)

// Tagged opens the release of a version that was tagged at the forge: of the template simple, with the tag's commit as its
// candidate.
type Tagged struct {
	ID  workflows.ReleaseID
	Tag workflows.Tagged
}

// Needs says that no person may: people open releases by New.
func (Tagged) Needs() workflows.Need { return workflows.Machine }

// Look asks for the tag's commit, and for what came before it; notes are drafted of that.
func (w Tagged) Look() workflows.Query {
	return workflows.Query{Ref: "refs/tags/" + w.Tag.Name, Log: true, Files: true, Pulls: true}
}

// AtForge says that the forge is asked, whatever a clone on this machine holds.
func (Tagged) AtForge() bool { return true }

func (Tagged) opens() {}

func (w Tagged) decide(r Release, f Facts) ([]workflows.Event, error) {
	if f.Lead == "" {
		return nil, workflows.Refuse(workflows.NotAllowed, "nobody owns this bot yet: a release that a tag opens would be nobody's").
			By("whoever runs this bot").Type("/release admin claim CODE")
	}
	f.Found.Commit.Ref = w.Tag.Name
	f.Actor = workflows.Actor{Person: f.Lead}
	events, err := New{ID: w.ID, Template: DefaultTemplate, Ref: w.Tag.Name, Why: "tag " + workflows.Display(w.Tag.Name, 60)}.decide(r, f)
	if err != nil {
		return nil, err
	}
	e := events[0].(Opened)
	e.Tag = &w.Tag
	if e.RiskWhy == loweredBy(f.Actor) { // nobody did
		e.RiskWhy = "as tags open it"
	}
	events[0] = e
	return events, nil
}
