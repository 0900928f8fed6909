package release

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// drawEvent makes some event that can be recorded of a release as it stands.
func drawEvent(t *rapid.T, r Release) workflows.Event {
	full := fmt.Sprintf("ga.ready/%s", rapid.SampledFrom([]string{"tests", "changelog", "way-back"}).Draw(t, "item"))
	who := workflows.PersonID(rapid.SampledFrom([]string{"ana", "ben", "mia"}).Draw(t, "who"))
	machine := rapid.SampledFrom([]Source{ByHand, ByHand, CI, Notes}).Draw(t, "machine")
	at := monday.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "at")) * time.Hour)
	c := Candidate{Commit: commit(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "commit"), "ana")}
	c.Digests = map[Binding]string{ToCommit: c.Commit.ID, ToTree: c.Commit.Tree}
	events := []workflows.Event{
		Signed{Vote{Item: full, By: who, Machine: machine, Value: rapid.SampledFrom(Values()[:4]).Draw(t, "value"), Digest: c.Commit.ID, At: at}},
		Withdrawn{Item: full, By: who, From: machine}, CandidateSet{Candidate: c}, Held{By: who, Why: "x"}, Resumed{}, Bound{workflows.Place("chat/#" + full)},
		Lapsed{full, machine}, Soaked{workflows.GA, at}, Changed{Target: &at}, Cancelled{"x"},
		RolledBack{By: who, Passed: rapid.IntRange(0, r.Passed).Draw(t, "passed")},
	}
	events = append(events, Checked{Checks{Commit: c.Commit.ID, State: workflows.CheckFailed, Name: full}}, Watched{full}, BranchLost{Branch: full})
	other := Dependency{ID: "billing@2", Stage: rapid.SampledFrom([]workflows.Stage{workflows.Before, workflows.GA}).Draw(t, "stage"), Held: machine == CI}
	events = append(events, ScopeAdded{Entries: []Entry{{N: r.Scoped + 1, URL: "#" + c.Commit.ID, Late: machine == CI}, {N: r.Scoped + 2, Title: full}}},
		HeardOf{other}, Changed{Cutoff: &at, After: &[]Dependency{other, {ID: "web@1"}}}, Changed{After: &[]Dependency{}})
	if len(r.Scope) > 0 {
		events = append(events, ScopeDropped{Entry: r.Scope[len(r.Scope)/2], Why: "x"})
	}
	if r.Passed < len(r.Gates) {
		events = append(events, Passed{Gate: "g", Commit: c.Commit.ID, Flags: percents{"f": {"production": 1}}})
	}
	return rapid.SampledFrom(events).Draw(t, "event")
}

func recordedAt(e workflows.Event, n int) workflows.Recorded {
	return workflows.Recorded{Event: e, Header: workflows.Header{At: monday.Add(time.Duration(n) * time.Minute), Revision: workflows.Revision(n)}}
}

// A state that was given out never changes, whatever is folded onto it, and onto its siblings; a fold that stopped in
// JSON goes on as if it had not; what is stored is what is read.
func TestFoldsNeverChangeTheirInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opened := Opened{ID: "app@1.0", Number: 1, Risk: policy.Normal, Gates: simple.At(policy.Low), Manager: "ana"}
		states := []Release{Evolve(Release{}, recordedAt(opened, 0))}
		texts := []string{read(states[0])}
		for n := range rapid.IntRange(1, 40).Draw(t, "events") {
			from := states[rapid.IntRange(0, len(states)-1).Draw(t, "from")] // siblings: a dry run and the real one fold onto the same
			e := drawEvent(t, from)
			next := Evolve(from, recordedAt(e, n))
			states, texts = append(states, next), append(texts, read(next))
			for i, s := range states {
				if read(s) != texts[i] {
					t.Fatalf("%T changed a state that was there before it:\n%s\n%s", e, texts[i], read(s))
				}
			}
			var thawed Release
			if err := json.Unmarshal([]byte(read(from)), &thawed); err != nil {
				t.Fatal(err)
			}
			if got := read(Evolve(thawed, recordedAt(e, n))); got != read(next) {
				t.Fatalf("%T on a state from a snapshot:\n%s\n%s", e, got, read(next))
			}
		}
	})
}

// Every event survives being stored, knows its kind and tells the release's card and thread.
func TestEvents(t *testing.T) {
	seen := map[string]bool{}
	for _, zero := range Events() {
		if seen[zero.Kind()] {
			t.Errorf("%s twice", zero.Kind())
		}
		seen[zero.Kind()] = true
		if _, ok := zero.(event); !ok {
			t.Errorf("%s has no fold", zero.Kind())
		}
		r := Release{ID: "app@1.0", Gates: simple.At(policy.Low), Revisions: map[string]uint64{}}
		effects := Tell(r, recordedAt(zero, 1))
		_, mayBeQuiet := zero.(quiet)
		if len(effects) < 2 && !mayBeQuiet || effects[0].What != "card" || effects[0].Slot != "card" || !mayBeQuiet && effects[1].In != "card" {
			t.Errorf("%s tells %+v", zero.Kind(), effects)
		}
	}
	if Evolve(Release{ID: "x"}, recordedAt(nil, 1)).ID != "x" || Tell(Release{}, recordedAt(nil, 1)) != nil {
		t.Error("an event of nobody's does something")
	}
}
