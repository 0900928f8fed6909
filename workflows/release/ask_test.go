package release

import (
	"slices"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// An item goes from hand to hand: whoever it was given to does it and asks, whoever sent it back looks again. Each waits
// since it is their turn.
func TestWhoseTurn(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.waits(wayItem, ToSign, 0, "ben", "cem")
	s.at(1)
	s.by("ana", Assign{Item: "way-back", Owner: "dot", Due: in(4)})
	if got := s.tells(); !slices.Equal(got, []string{"assigned dot"}) {
		t.Errorf("told %v", got)
	}
	s.waits(wayItem, ToDo, 1, "dot")
	s.at(2)
	s.by("dot", Ask{Item: "way-back", Link: "https://example.org/plan"})
	s.waits(wayItem, ToSign, 2, "ben", "cem")
	s.at(3)
	s.sign("cem", NeedsWork, wayItem)
	if got := s.tells(); !slices.Equal(got, []string{"sent-back dot"}) {
		t.Errorf("told %v", got)
	}
	s.waits(wayItem, ToRework, 3, "dot")
	s.at(5)
	s.waits(wayItem, ToRework, 3, "dot")
	s.by("dot", Ask{Item: "way-back", Link: "https://example.org/plan"}) // the same words, but asked of something else now
	s.waits(wayItem, ToSign, 5, "cem")
	if got := s.tells(); !slices.Equal(got, []string{"asked cem"}) {
		t.Errorf("told %v", got)
	}
	s.at(6)
	s.by("ben", Ask{Item: "way-back", Who: "ben"})
	s.waits(wayItem, ToSign, 6, "ben")
	s.sign("cem", OK, wayItem)
	s.reads(wayItem, Holds, "")
}

// Needs-work answers whoever asked, also within the same moment.
func TestSentBackAtOnce(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.by("ana", Ask{Item: "way-back", Who: "ben"})
	s.sign("ben", NeedsWork, wayItem)
	s.waits(wayItem, ToRework, 0, "ana")
	s.by("ana", Ask{Item: "way-back", Who: "ben"})
	s.waits(wayItem, ToSign, 0, "ben")
}

// Who is away is asked through their deputy.
func TestAskedWhileAway(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.f.Book.Away = map[workflows.PersonID]policy.Absence{"ben": {Until: in(4), Deputy: "dot"}}
	s.by("ana", Ask{Item: "way-back", Who: "ben"})
	s.waits(wayItem, ToSign, 0, "dot")
	if got := s.tells(); !slices.Equal(got, []string{"asked dot"}) {
		t.Errorf("told %v", got)
	}
}

// What was asked before its gate was the next one still waits for whoever was asked, since it is.
func TestAskedEarly(t *testing.T) {
	s := begin(t, New{ID: "app@inv", Template: "feature", Risk: policy.Low}).team()
	s.f.Book.Roles[workflows.EveryRole] = policy.Members{People: []workflows.PersonID{"ana"}}
	s.by("ana", Ask{Item: "ga.done/cli-api", Who: "ben"})
	s.at(1)
	s.signAll("ana")
	s.at(2)
	s.by("ana", Advance{})
	s.waits("ga.done/cli-api", ToSign, 2, "ben")
	s.no("ana", Ask{Item: "ga.done/cli-api", Who: "ben"}, workflows.Unchanged, "item show ga.done/cli-api")
}

func TestAskRefused(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	no := s.no("ana", Ask{Item: "way-back", Who: "mia"}, workflows.NotAllowed, "item ask "+wayItem)
	if !slices.Equal(no.Who, []string{"@ben", "@cem"}) {
		t.Errorf("who can: %v", no.Who)
	}
	no = s.no("mia", Ask{Item: "way-back"}, workflows.NotAllowed, "item show "+wayItem)
	if !slices.Equal(no.Who, []string{"@ben", "@cem", "@ana", "@ria", "@rob"}) {
		t.Errorf("who can: %v", no.Who)
	}
	s.no("ana", Ask{Item: "way-bakc"}, workflows.UnknownItem, "item ask way-back")
	s.no("ana", Ask{Item: "way-back", Who: "zed"}, workflows.UnknownPerson, "item ask")
	s.by("ana", Ask{Item: "way-back", Who: "ben"})
	s.no("ana", Ask{Item: "way-back", Who: "ben"}, workflows.Unchanged, "item show")
	s.by("ana", Ask{Item: "way-back", Who: "cem"})
	s.sign("ben", OK, wayItem)
	s.no("ana", Ask{Item: "way-back"}, workflows.Unchanged, "item show")
	s.sign("ben", OK, testsItem, logItem)
	s.by("ana", Advance{})
	s.no("ana", Ask{Item: testsItem}, workflows.Over, "rollback plan")
	s.no("ana", Assign{Item: testsItem, Owner: "ben"}, workflows.Over, "rollback plan")
}

func TestAssignRefused(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.no("ana", Assign{Item: "way-back", Owner: "zed"}, workflows.UnknownPerson, "item assign "+wayItem+" @…")
	s.f.Book.People["out"] = workflows.Person{ID: "out"}
	s.no("ana", Assign{Item: "way-back", Owner: "out"}, workflows.NotAllowed, "item assign "+wayItem)
	s.no("ana", Assign{Item: "way-back", Owner: "ben", Due: in(-1)}, workflows.Invalid, "--due friday")
	s.no("ana", Assign{Item: "way-back", Owner: "ana"}, workflows.Unchanged, "item show") // hers by managing the release
	s.by("ana", Assign{Item: "way-back", Owner: "ben", Due: in(0)})                       // today is not over
	s.no("ana", Assign{Item: "way-back", Owner: "ben", Due: in(0)}, workflows.Unchanged, "item show")
	s.no("mia", Assign{Item: "way-back", Owner: "mia"}, workflows.NotAllowed, "item show")
	s.by("ana", Set{Cancelled: true, Note: "in vain"})
	s.no("ana", Assign{Item: "way-back", Owner: "cem"}, workflows.Over, "list")
	s.no("ana", Ask{Item: "way-back"}, workflows.Over, "list")
}

// The way back from an assignment leads to whose it was.
func TestAssignBack(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	before := s.Release
	s.by("ana", Assign{Item: "way-back", Owner: "ben"})
	line, ok := Undo(before, s.Release, recorded(s.said))
	if !ok || line != "item assign 1 ga.ready/way-back @ana" {
		t.Errorf("undo: %q", line)
	}
	s.by("ana", Assign{Item: "way-back", Owner: "ana"})
	if read(s.Release) != read(withRevisions(before, s.Release)) {
		t.Errorf("not as before:\n%s\n%s", read(before), read(s.Release))
	}
}

// recorded are events as the last act said them, by ana.
func recorded(events []workflows.Event) []workflows.Recorded {
	var out []workflows.Recorded
	for _, e := range events {
		out = append(out, workflows.Recorded{Event: e, Header: workflows.Header{By: workflows.Actor{Person: "ana"}}})
	}
	return out
}

// withRevisions is a release with the revisions of another one: those only grow.
func withRevisions(r, of Release) Release {
	r.Revisions = of.Revisions
	return r
}
