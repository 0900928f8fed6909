package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

func TestStrangersLeaveNothing(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	for _, wish := range []workflows.Intent{release.Advance{}, release.SetCandidate{Ref: "HEAD"}, notes.Draft{}} { // the last two look first
		h.unchanged("a stranger", func() {
			no := h.refuses(h.ask("nobody", "app@1.0", wish), workflows.UnknownPerson)
			if no.Why != "nobody here is @nobody" || len(no.Next) == 0 {
				t.Errorf("refusal %v", no)
			}
		})
	}
}

func TestRefusalsAreOnRecord(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "normal"}))
	before := len(h.ledger())
	a := h.ask("zoe", "app@1.0", release.Advance{})
	h.refuses(a, workflows.NotAllowed)
	looked := h.ask("ana", "app@1.0", release.SetCandidate{Ref: "nowhere"}) // refused before any transaction
	h.refuses(looked, workflows.UnknownRef)
	fresh := h.ledger()[before:]
	if len(fresh) != 2 {
		t.Fatalf("two refusals left %d events", len(fresh))
	}
	for i, want := range []workflows.Ask{a, looked} {
		r := fresh[i]
		if r.Kind != "desk.refused" || r.Stream != "" || r.Ask != want.ID || r.By.Person == "" || r.Policy != "policy-1" || !strings.Contains(string(r.Data), want.Line[:7]) {
			t.Errorf("line %+v %s", r.Header, r.Data)
		}
	}
	h.unchanged("a refusal again", func() {
		if no := h.refuses(a, workflows.NotAllowed); !strings.Contains(no.Why, "engineering") {
			t.Errorf("again: %v", no)
		}
		h.refuses(looked, workflows.UnknownRef)
	})
}

// Machines say what they say often; their refusals would only fill the ledger.
func TestMachinesLeaveNoRefusals(t *testing.T) {
	h := newHouse(t)
	h.unchanged("a machine's refusal", func() { h.refuses(h.machine("clock", "app@9", release.Tick{}), workflows.UnknownRelease) })
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	h.unchanged("a machine that wishes what people do", func() {
		if _, err := h.do(h.machine("ci", "app@1.0", release.Advance{})); err == nil || refusalOf(err) != nil {
			t.Errorf("%v, want a fault", err)
		}
	})
}

func TestAskMustBeComplete(t *testing.T) {
	h := newHouse(t)
	for _, a := range []workflows.Ask{{Wish: release.Advance{}}, {ID: "x"}} {
		if _, err := h.do(a); err == nil || refusalOf(err) != nil {
			t.Errorf("%+v: %v, want a fault", a, err)
		}
	}
}

// Many deliveries of one request at once: it is carried out once, and all get the same answer.
func TestSameIDAtOnce(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	a := h.ask("ana", "app@1.0", release.Sign{Items: []string{"way-back"}})
	before := len(h.ledger())
	answers, errs := make([]workflows.Receipt, 16), make([]error, 16)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i], errs[i] = h.do(a) })
	}
	all.Wait()
	first := 0
	for i, got := range answers {
		if errs[i] != nil || len(got.Events) != 1 || got.Events[0].Seq != workflows.Seq(before+1) {
			t.Errorf("answer %d: %v, %v", i, got.Events, errs[i])
		}
		if !got.Again {
			first++
		}
	}
	if first != 1 || len(h.ledger()) != before+1 {
		t.Errorf("carried out %d times, %d events", first, len(h.ledger())-before)
	}
}

// Two people at once both count.
func TestTwoPeopleAtOnce(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "normal"}))
	basis := h.release("app@1.0").BasisOf("ga.ready/tests")
	var all sync.WaitGroup
	for _, who := range []string{"ana", "ben"} {
		a := h.ask(who, "app@1.0", release.Sign{Items: []string{"tests"}})
		a.Basis = basis
		all.Go(func() {
			if _, err := h.do(a); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		})
	}
	all.Wait()
	if n := len(h.release("app@1.0").Votes); n != 2 {
		t.Errorf("%d votes", n)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	for _, wish := range []workflows.Intent{release.New{ID: "app@2.0"}, release.Sign{Items: []string{"tests"}}, release.SetCandidate{Ref: "aaaaaaaa"},
		release.HoldOn{Why: "errors"}, release.Set{Cancelled: true, Note: "no"}, notes.Draft{}} {
		h.unchanged(fmt.Sprintf("dry %T", wish), func() {
			a := h.ask("ana", "app@1.0", wish)
			a.Dry = true
			got := h.must(a)
			if !got.Dry || len(got.Events) == 0 || got.Events[0].Seq != h.ledger()[len(h.ledger())-1].Seq+1 {
				t.Errorf("dry %T: %+v", wish, got)
			}
		})
	}
	h.unchanged("a dry refusal", func() {
		a := h.ask("ana", "app@1.0", release.Advance{})
		a.Dry = true
		h.refuses(a, workflows.NotReady)
	})
	if got := h.must(h.ask("ana", "", release.New{ID: "app@2.0"})); got.After.(release.Release).Number != 2 {
		t.Errorf("the dry run used up a number: %d", got.After.(release.Release).Number)
	}
}

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
		if i%3 == 0 {
			value, note = release.NeedsWork, "again"
		}
		h.must(h.ask([]string{"ana", "ben"}[i%2], "app@1.0", release.Sign{Items: []string{"way-back", "tests"}[i%2 : i%2+1], Value: value, Note: note}))
	}
	stream := workflows.StreamOf(release.Room, "app@1.0")
	want := text(rooms[release.Room].zero)
	var folded any = release.Release{}
	for _, r := range h.ledger() {
		e, err := recorded(r)
		if err != nil {
			t.Fatal(err)
		}
		folded = rooms[release.Room].evolve(folded, e)
	}
	want = text(folded)
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

func TestWhoIsTold(t *testing.T) {
	h := newHouse(t)
	got := h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	if diff := cmp.Diff([]string{"card chat/#app"}, whats(got.Told)); diff != "" {
		t.Error(diff)
	}
	got = h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: "errors"}))
	if diff := cmp.Diff([]string{"card chat/#app", "held chat/#app"}, whats(got.Told)); diff != "" {
		t.Error(diff)
	}
	elsewhere := h.ask("ana", "", release.New{ID: "app@2.0"}) // the channel is taken: bound to none, tells nobody
	if got = h.must(elsewhere); len(got.Told) != 0 || len(h.release("app@2.0").Places) != 0 {
		t.Errorf("told %v", got.Told)
	}
	cards := 0
	for _, d := range h.queue() {
		if d.What == "card" && slices.Contains(h.release("app@1.0").Places, d.Place) {
			cards++
		}
	}
	if cards != 1 {
		t.Errorf("%d cards wait to be sent", cards)
	}
}
