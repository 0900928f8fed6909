package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// What was looked up no longer fits what the transaction finds: the desk looks again, and gives up after three times.
func TestLooksAgain(t *testing.T) {
	for name, c := range map[string]struct {
		moves int // how often the product's base moves under the question
		want  workflows.Reason
	}{"once": {1, ""}, "twice": {2, ""}, "for ever": {3, workflows.Unavailable}} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.must(h.ask("ana", "", release.New{ID: "app@draft"}))
			moved := 0
			var move func()
			move = func() {
				if moved == c.moves {
					return
				}
				h.repo.looking = nil
				h.now = h.now.Add(time.Minute)
				h.ships(workflows.ReleaseID(fmt.Sprint("app@0.", moved)), refs[moved])
				moved++
				h.repo.looking = move
			}
			h.repo.looking = move
			got, err := h.do(h.ask("ana", "app@draft", release.SetCandidate{Ref: "dddddddd"}))
			if no := refusalOf(err); no == nil && c.want != "" || no != nil && no.Reason != c.want {
				t.Fatalf("%v, want %q", err, c.want)
			}
			if c.want != "" {
				if last := h.ledger(); last[len(last)-1].Kind != "desk.refused" {
					t.Error("the refusal is not on record")
				}
				return
			}
			base := got.Events[0].Event.(release.CandidateSet).Candidate.Base
			if want := refs[c.moves-1]; base != want || moved != c.moves {
				t.Errorf("decided with the base %s, it was %s by then", base, want)
			}
		})
	}
}

// The same request twice: the first is done while the second still looks, in vain. Both get the first one's answer.
func TestSameIDWhileLooking(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	a := h.ask("ana", "app@1.0", release.SetCandidate{Ref: "bbbbbbbb"})
	h.repo.looking = func() {
		h.repo.looking = nil
		h.must(a)
		h.repo.commits = h.repo.commits[:1]
	}
	got := h.must(a)
	if diff := cmp.Diff([]string{"release.candidate_set"}, kinds(got.Events)); diff != "" || !got.Again {
		t.Errorf("again %t: %s", got.Again, diff)
	}
}

// What came since the last release in GA is what another release answers for, and never what came since itself.
func TestBase(t *testing.T) {
	h := newHouse(t)
	h.ships("app@1.0", "bbbbbbbb")
	own := h.must(h.ask("ana", "app@1.0", release.SetCandidate{Ref: "dddddddd"})).Events[0].Event.(release.CandidateSet).Candidate
	if own.Base != "" || len(own.Written) != 1 {
		t.Errorf("of itself: %q, %v", own.Base, own.Written)
	}
	h.now = h.now.Add(time.Minute)
	next := h.must(h.ask("ana", "", release.New{ID: "app@2.0", Ref: "eeeeeeee"})).After.(release.Release).Candidate
	if next.Base != "bbbbbbbb" || len(next.Written) != 3 {
		t.Errorf("of the next: %q, %v", next.Base, next.Written)
	}
}

// ships brings a release to GA at a commit.
func (h *house) ships(id workflows.ReleaseID, ref string) {
	h.Helper()
	h.must(h.ask("ana", "", release.New{ID: id, Ref: ref, Risk: "low"}))
	h.must(h.ask("ana", id, release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	h.confirmed(h.ask("ana", id, release.Advance{}))
}

// A commit whose outcome nobody knows: the asker is told so, nothing is said or done until the store is opened anew,
// and then the same request is either done or not, once.
func TestPoisonedStore(t *testing.T) {
	for _, happened := range []bool{true, false} {
		t.Run(fmt.Sprint(happened), func(t *testing.T) {
			h := newHouse(t)
			h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
			before := len(h.ledger())
			a := h.ask("ana", "app@1.0", release.Sign{Items: []string{"way-back"}})
			h.engine.Lose(happened)
			no := h.refuses(a, workflows.NotSaved)
			if !strings.HasPrefix(no.Why, "I could not confirm that this was saved. Do not ship.") || len(no.Who) == 0 || len(no.Next) == 0 {
				t.Errorf("the words are %v", no)
			}
			h.refuses(a, workflows.NotSaved)
			h.refuses(h.ask("ben", "app@1.0", notes.Draft{}), workflows.NotSaved) // looks first
			if _, err := h.Release(context.Background(), workflows.Selectors{Release: "app@1.0"}, ""); err == nil {
				t.Error("a poisoned store still reads")
			}
			h.restart()
			if n := len(h.ledger()) - before; n != map[bool]int{true: 1, false: 0}[happened] {
				t.Fatalf("%d events after the restart", n)
			}
			if got := h.must(a); got.Again != happened || len(h.ledger()) != before+1 || len(h.release("app@1.0").Votes) != 1 {
				t.Errorf("asked again: again %t, %d events, votes %v", got.Again, len(h.ledger())-before, h.release("app@1.0").Votes)
			}
		})
	}
}

func TestDiskFull(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	a := h.ask("ana", "app@1.0", release.Sign{Items: []string{"way-back"}})
	h.unchanged("a full disk", func() {
		h.engine.Fail(fmt.Errorf("write: %w", storage.ErrFull))
		h.refuses(a, workflows.DiskFull)
		h.engine.Fail(fmt.Errorf("write: %w", storage.ErrFull))
		h.refuses(h.ask("zoe", "app@1.0", release.Advance{}), workflows.DiskFull) // the refusal could not be written either
		if votes := h.release("app@1.0").Votes; len(votes) != 0 {
			t.Errorf("votes %v show although they were not saved", votes)
		}
	})
	if got := h.must(a); got.Again || len(h.release("app@1.0").Votes) != 1 {
		t.Error("there was room again, and the vote did not count")
	}
}

// A full disk is a refusal, whatever is asked: nothing changes, flags are served unmarked, and as soon as there is room
// the very same request is carried out.
func TestDiskFullRecoversByItself(t *testing.T) {
	h := openFlags(t)
	served := evaluations(t, h.Desk)
	flip := h.ask("ben", "", flag.Set{Percent: 31})
	flip.On.Flag = "part"
	for _, a := range []workflows.Ask{flip, h.ask("ana", "", release.New{ID: "app@2.0"}), h.ask("ben", "app@1.0", notes.Draft{}),
		h.ask("ana", "app@1.0", release.SetCandidate{Ref: "bbbbbbbb"}), h.machine("chat", "", team.Roster{Platform: "chat", Group: "crew", AsOf: h.now})} {
		h.unchanged(a.Line, func() {
			for range 3 {
				h.engine.Fail(fmt.Errorf("write: %w", storage.ErrFull))
				h.refuses(a, workflows.DiskFull)
			}
			if diff := cmp.Diff(served, evaluations(t, h.Desk)); diff != "" || h.Poisoned() != nil {
				t.Errorf("%s: poisoned %v; %s", a.Line, h.Poisoned(), diff)
			}
		})
		if got := h.must(a); got.Again || len(got.Events) == 0 {
			t.Errorf("%s: there was room again, and it gave %+v", a.Line, got.Events)
		}
		served = evaluations(t, h.Desk)
	}
}

// Only what was committed is kept in memory: a reader trusts it as soon as the stream is as long.
func TestWhatFailedIsNotRemembered(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	h.engine.Fail(fmt.Errorf("write: %w", storage.ErrFull))
	h.refuses(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}}), workflows.DiskFull)
	another := New(h.store, h.repo, h.cfg)
	if _, err := another.Do(context.Background(), h.ask("mia", "app@1.0", release.Sign{Items: []string{"way-back"}})); err != nil {
		t.Fatal(err)
	}
	if votes := h.release("app@1.0").Votes; len(votes) != 1 || votes[0].By != "mia" {
		t.Errorf("votes %+v", votes)
	}
}

// An engine that has to try again runs a function twice: that must not show.
func TestFunctionsRunTwice(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	h.engine.Repeat()
	got := h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}}))
	want := []string{"release.signed"}
	if diff := cmp.Diff(want, kinds(got.Events)); diff != "" || got.Again || len(h.release("app@1.0").Votes) != 1 {
		t.Errorf("again %t, votes %v: %s", got.Again, h.release("app@1.0").Votes, diff)
	}
}

// Streams of any length read the same from the cache, from a snapshot and from the beginning.
func TestLongStream(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	for i := range 3 * snapshotEvery {
		value, note := release.OK, ""
		if i/2%2 == 0 {
			value, note = release.NeedsWork, "again"
		}
		h.must(h.ask([]string{"ana", "ben"}[i%2], "app@1.0", release.Sign{Items: []string{"way-back", "tests"}[i%2 : i%2+1], Value: value, Note: note}))
	}
	stream := workflows.StreamOf(release.Room, "app@1.0")
	var folded any = release.Release{}
	for _, r := range h.ledger() {
		if r.Stream != stream {
			continue
		}
		e, err := recorded(r)
		if err != nil {
			t.Fatal(err)
		}
		folded = rooms[release.Room].evolve(folded, e)
	}
	want := text(folded)
	snapshot := false
	err := h.store.View(context.Background(), func(tx *storage.Tx) error {
		_, _, ok, err := tx.Snapshot(stream, foldVersion)
		snapshot = ok
		return err
	})
	if err != nil || !snapshot {
		t.Fatalf("no snapshot after %d events (%v)", len(h.ledger()), err)
	}
	for name, restart := range map[string]bool{"cached": false, "loaded": true} {
		if restart {
			h.restart()
		}
		if got := text(h.release("app@1.0")); got != want {
			t.Errorf("%s:\n%s\n%s", name, got, want)
		}
	}
}

// Times in the ledger never fall, whatever the clock does, and what is judged by time goes by the later one.
func TestClockThatGoesBack(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	h.now = monday.Add(-time.Hour)
	got := h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}}))
	if e := got.Events[0]; !e.At.Equal(monday) || !e.Event.(release.Signed).Vote.At.Equal(monday) {
		t.Errorf("an hour before the last event, recorded %v, voted %v", e.At, e.Event.(release.Signed).Vote.At)
	}
}
