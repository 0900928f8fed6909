package release

import (
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// high is a release of risk high among the people of teamBook; ana manages it, and wrote its candidate.
func high(t *testing.T) *story {
	t.Helper()
	s := &story{T: t, f: begin(t, New{ID: "x@1.0", Risk: policy.Low}).f}
	s.team()
	s.by("ana", New{ID: "app@1.0", Risk: policy.High})
	return s
}

// signers are those who sign, by role.
var signers = map[workflows.Role][]workflows.PersonID{workflows.Engineering: {"ana", "ben"}, workflows.SRE: {"ben", "cem"},
	workflows.Compliance: {"cem", "mia"}, workflows.ReleaseManager: {"ria", "rob"}}

// all has two of each role sign the next gate, with links.
func (s *story) all() {
	s.Helper()
	g, _ := s.Next()
	for _, i := range g.Items {
		for _, who := range signers[i.Role] {
			s.shown(who, g.Full(i))
		}
	}
}

// At high risk each item of a gate that opens to users holds the votes of two people, with what it wants to be shown;
// a release manager passes the gate.
func TestHigh(t *testing.T) {
	s := high(t)
	want := []string{"changelog", "compliance", "risk-assessment", "rollback-plan", "rollback-rehearsal", "tests", "way-back"}
	if got := keys(s.Gates[0].Items); !slices.Equal(got, want) {
		t.Fatalf("asks for %v", got)
	}
	s.sign("ben", OK, wayItem)
	s.reads(wayItem, Open, workflows.ItemQuorum)
	if x := s.item(wayItem); x.Why != "1 of 2 people" || !slices.Equal(x.Who, []workflows.PersonID{"cem"}) {
		t.Errorf("%s, waits for %v", x.Why, x.Who)
	}
	s.no("ben", Sign{Items: []string{testsItem}}, workflows.ItemNoEvidence, "sign "+testsItem+" https://…")
	s.all()
	no := s.no("ben", Advance{}, workflows.NotAllowed, "check")
	if !slices.Equal(no.Who, []string{"@ana", "@ria", "@rob"}) {
		t.Errorf("who can: %v", no.Who)
	}
	before := s.Release
	s.by("rob", Advance{})
	s.Release = before
	s.by("ana", Advance{}) // who manages it
	s.f.Now = monday.AddDate(0, 0, 6)
	s.sign("mia", OK, "ga.done/announced", "ga.done/validation")
	s.sign("cem", OK, "ga.done/healthy") // closing asks one each
	no = s.refuses("ria", Advance{}, workflows.NotReady)
	if !strings.Contains(no.Why, "GA must stay open for 7 d at risk high, until 2026-01-12 09:00") {
		t.Errorf("why: %s", no.Why)
	}
	s.f.Now = monday.AddDate(0, 0, 7)
	s.by("ria", Advance{})
}

// Who signs anew without a link does not lean on the one that the new vote replaces.
func TestEvidenceOfOthers(t *testing.T) {
	s := high(t)
	plan := "ga.ready/rollback-plan"
	s.shown("ben", plan)
	s.no("ben", Sign{Items: []string{plan}, Note: "read again"}, workflows.ItemNoEvidence, "sign "+plan+" https://…")
	s.sign("cem", OK, plan) // ben showed it
	s.reads(plan, Holds, "")
	s.sign("ben", Withdraw, plan)
	s.shown("cem", "ga.ready/rollback-rehearsal")
	s.by("ben", Sign{Items: []string{plan}, Value: NA, Note: "x"}) // what does not apply has nothing to show
	s.reads(plan, Open, workflows.ItemNoEvidence)
	s.shown("ben", plan)
	s.reads(plan, Holds, "")
}

// What is done later is shown later: a plan of two counts without a link, and its line wants one.
func TestPlanAtHigh(t *testing.T) {
	s := high(t)
	p := PlanItem{Item: "rollback-plan", Owner: "mia", Due: in(5), What: "the last step"}
	s.by("ben", p)
	s.reads("ga.ready/rollback-plan", Open, workflows.ItemQuorum)
	s.by("cem", p)
	s.reads("ga.ready/rollback-plan", IsPlanned, "")
	s.no("ben", Sign{Items: []string{"ga.done/rollback-plan-plan"}}, workflows.ItemNoEvidence, "https://…")
	p.Due = in(8)
	s.by("cem", p)
	s.reads("ga.ready/rollback-plan", Open, workflows.ItemQuorum) // ben agreed to another date
}

// Owners stand in for nobody at high risk: neither to sign nor to waive.
func TestOwnersAtHigh(t *testing.T) {
	s := high(t)
	delete(s.f.Book.Roles, workflows.SRE)
	delete(s.f.Book.Roles, workflows.ReleaseManager)
	s.no("own", Sign{Items: []string{wayItem}}, workflows.NotAllowed, "item show")
	no := s.no("own", Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "x"}, workflows.NotAllowed, "item show "+wayItem)
	if !slices.Equal(no.Who, []string{"@ana"}) {
		t.Errorf("who can: %v", no.Who)
	}
	s.no("own", Advance{}, workflows.NotAllowed, "check")
	s.waits(wayItem, ToSign, 0)
	s.Risk = policy.Low
	s.by("own", Sign{Items: []string{wayItem}})
	s.by("own", Waive{Item: "changelog", Owner: "mia", Until: in(2), Why: "x"})
}

// A rehearsal is believed for thirty days; two accounts of one person are one of the two that are wanted.
func TestVotesThatAge(t *testing.T) {
	s := high(t)
	s.shown("ben", "ga.ready/rollback-rehearsal")
	s.shown("cem", "ga.ready/rollback-rehearsal")
	s.reads("ga.ready/rollback-rehearsal", Holds, "")
	s.f.Now = monday.AddDate(0, 0, 30)
	s.reads("ga.ready/rollback-rehearsal", Open, workflows.ItemExpired)
	s.machine(Tick{})
	s.reads("ga.ready/rollback-rehearsal", Open, workflows.ItemExpired)
	s.f.Now = monday
	s.sign("ben", OK, wayItem)
	s.sign("cem", OK, wayItem)
	s.reads(wayItem, Holds, "")
	s.links("cem", "ben")
	s.reads(wayItem, Open, workflows.ItemQuorum)
}

// Who manages a release and has lost every role passes no gate any more.
func TestManagerWithoutARole(t *testing.T) {
	s := high(t)
	s.all()
	s.leaves("ana", workflows.Engineering)
	s.f.Book.Roles[workflows.Engineering] = policy.Members{People: []workflows.PersonID{"ben", "ria"}}
	for _, item := range []string{testsItem, logItem} {
		s.shown("ria", item)
	}
	if !s.verdict().Go {
		t.Fatalf("%+v", s.verdict().Open())
	}
	s.no("ana", Advance{}, workflows.NotAllowed, "check")
	s.by("ria", Advance{})
}

// Whoever manages a release does so by any account of theirs.
func TestManagerByAnotherAccount(t *testing.T) {
	s := high(t)
	s.Manager = "a2"
	s.links("a2", "ana")
	s.by("ana", Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "x"})
	s.by("ria", Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "x"})
	s.reads(wayItem, IsWaived, "")
	s.all()
	s.by("ana", Advance{})
}
