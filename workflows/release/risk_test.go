package release

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// More care brings items and people to the gates that are still to be passed; less takes them away. What was said of them
// is kept for when they come back.
func TestRiskThereAndBack(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	s.signAll("ben")
	s.by("ana", Set{Risk: policy.High})
	for _, key := range []string{"risk-assessment", "rollback-rehearsal", "compliance"} {
		s.reads("ga.ready/"+key, Open, workflows.ItemUnsigned)
	}
	s.reads(wayItem, Open, workflows.ItemQuorum)
	s.shown("ben", "compliance")
	s.no("ana", Set{Risk: policy.Normal}, workflows.NeedsReason, "set --risk normal -- why")
	s.by("ana", Set{Risk: policy.Normal, Note: "the auditors left"})
	if _, _, there := s.find("ga.ready/compliance"); there || s.RiskWhy != "the auditors left" {
		t.Errorf("left: %s", read(s.Release))
	}
	s.reads(wayItem, Holds, "")
	s.by("ana", Set{Risk: policy.High})
	s.shown("mia", "compliance")
	s.reads("ga.ready/compliance", Holds, "")
	s.no("ana", Set{Risk: policy.High}, workflows.Unchanged, "status")
	if !Asks(s.Release, Set{Risk: policy.Low}, nil) || Asks(s.Release, Set{Risk: policy.High}, nil) {
		t.Error("less care asks first, more does not")
	}
}

// Gates that were passed stay as they were.
func TestRiskOfWhatWasPassed(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.signAll("ana")
	s.by("ana", Advance{})
	was := read(Release{Gates: s.Gates[:1]})
	s.by("ana", Set{Risk: policy.High})
	if read(Release{Gates: s.Gates[:1]}) != was {
		t.Error("the passed gate changed")
	}
	s.owing()
	if got := keys(s.Gates[1].Items); !slices.Equal(got, []string{"announced", "healthy", "validation"}) {
		t.Errorf("to close: %v", got)
	}
	s.refuses("ana", Advance{}, workflows.NotReady)
}

// Less care shortens no soak that runs, not even where the candidate moves meanwhile; more lengthens it, from the same
// beginning. The next one is as long as the risk of that day asks.
func TestSoakWhenTheRiskChanges(t *testing.T) {
	s := inGA(t)
	s.by("ana", Set{Risk: policy.High})
	s.at(24)
	s.machine(Tick{})
	s.by("ana", Set{Risk: policy.Low, Note: "small"})
	no := s.refuses("ana", Advance{}, workflows.NotReady)
	if !strings.Contains(no.Why, "GA must stay open for 7 d: the risk was higher when it began, until 2026-01-12 09:00") {
		t.Errorf("why: %s", no.Why)
	}
	s.moves(commit("bbbbbbbb", "ana"))
	s.f.Now = monday.AddDate(0, 0, 7)
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.at(8 * 24)
	s.machine(Tick{})
	if len(s.said) != 1 || s.said[0] != (Soaked{workflows.GA, monday.Add(24 * time.Hour)}) {
		t.Errorf("said %+v", s.said)
	}
	before := s.Release
	s.by("ana", Advance{})
	s.Release = before
	s.by("ana", RollBack{Why: "x"})
	s.by("ana", Resume{})
	s.sign("mia", OK, testsItem, logItem)
	s.by("ana", Advance{})
	s.by("ana", Advance{}) // low
}

// A soak whose end is on record ends again where more care moves that.
func TestSoakedUnderLessCare(t *testing.T) {
	s := inGA(t)
	s.ticks(24)
	if len(s.said) != 1 {
		t.Fatalf("said %+v", s.said)
	}
	s.by("ana", Set{Risk: policy.High})
	s.ticks(7 * 24)
	if len(s.said) != 1 || s.said[0] != (Soaked{workflows.GA, monday}) {
		t.Errorf("said %+v", s.said)
	}
}

// A risk whose rules nobody known can fulfil is refused, with what to write into the configuration.
func TestRiskUnsatisfiable(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	delete(s.f.Book.Roles, workflows.Compliance)
	no := s.no("ana", Set{Risk: policy.High}, workflows.Unsatisfiable, "roles: compliance")
	if !strings.Contains(no.Why, "nobody holds compliance, and at risk high owners do not stand in") {
		t.Errorf("why: %s", no.Why)
	}
	if s.Risk != policy.Low {
		t.Errorf("risk %s", s.Risk)
	}
}

// An item of a template that comes back under its name as another has none of the votes of the first.
func TestATemplateThereAndBack(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.signAll("ana")
	s.by("ana", Set{Template: "hotfix"})
	s.by("ana", Set{Template: "simple"})
	s.reads(logItem, Holds, "")
	s.by("ana", Set{Template: "hotfix"})
	other := simple
	other.Gates = s.f.Templates["simple"].At(policy.Low)
	other.Gates[0].Items[1].Text = "something else"
	s.f.Templates = Templates()
	s.f.Templates["simple"] = other
	s.by("ana", Set{Template: "simple"})
	s.reads(logItem, Open, workflows.ItemUnsigned)
	s.reads(wayItem, Holds, "")
}
