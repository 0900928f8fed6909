package desk

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// Whatever happens at the forge, in whatever order, heard or not: a gate is passed without glass only while the checks of the
// very candidate are well there and whoever decides can see it.
func TestNothingOpensUnseen(t *testing.T) {
	opened := map[bool]int{} // by whether glass was broken
	rapid.Check(t, func(rt *rapid.T) {
		h := newHouse(t, webbed(noTags))
		id := h.web()
		states := []workflows.CheckState{workflows.CheckPassed, workflows.CheckPassed, workflows.CheckFailed, workflows.CheckRunning}
		pick := func() workflows.CheckState { return rapid.SampledFrom(states).Draw(rt, "state") }
		h.repo.checks = map[string][]workflows.Check{"cccccccc": {check("build", pick())}, "dddddddd": {check("build", pick())}}
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			n := len(h.ledger())
			switch commit := rapid.SampledFrom([]string{"cccccccc", "dddddddd"}).Draw(rt, "commit"); rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0:
				h.repo.checks[commit] = []workflows.Check{check("build", pick())}
			case 1:
				if h.repo.fails = nil; rapid.Bool().Draw(rt, "away") {
					h.repo.fails = noAnswer()
				}
			case 2:
				_, _ = h.do(h.machine("github", id, release.News{}))
			case 3:
				_, _ = h.do(h.ask("ben", id, release.SetCandidate{Ref: commit}))
			case 4:
				for _, who := range []string{"ana", "mia"} {
					_, _ = h.do(h.ask(who, id, release.Sign{Items: []string{"way-back", "on-call-told", "rollback-plan"}}))
				}
			case 5:
				h.asksAndPresses(rt, id, release.Advance{})
			case 6:
				if rapid.IntRange(0, 3).Draw(rt, "glass") == 0 {
					h.asksAndPresses(rt, id, release.BreakGlass{Why: "it is down"})
				}
			}
			if p, ok := h.passed(rt, n); ok {
				if opened[p.Glass]++; !p.Glass && (h.repo.fails != nil || h.repo.checks[p.Commit][0].State != workflows.CheckPassed) {
					rt.Fatalf("passed with %s, whose checks are %v, away %v", p.Commit, h.repo.checks[p.Commit], h.repo.fails)
				}
				break
			}
		}
		if _, err := Verify(context.Background(), h.store, func(key, why string) { rt.Errorf("%s: %s", key, why) }); err != nil {
			rt.Error(err)
		}
	})
	if opened[false] == 0 || opened[true] == 0 {
		t.Errorf("%v gates were passed: the test tries nothing", opened)
	}
}

// passed is the gate that was passed behind a number of events.
func (h *house) passed(rt *rapid.T, n int) (release.Passed, bool) {
	for _, rec := range h.ledger()[n:] {
		e, err := recorded(rec)
		if err != nil {
			rt.Fatal(err)
		}
		if p, ok := e.Event.(release.Passed); ok {
			return p, true
		}
	}
	return release.Passed{}, false
}

// asksAndPresses asks, and presses what is asked, perhaps after the checks changed meanwhile.
func (h *house) asksAndPresses(rt *rapid.T, id workflows.ReleaseID, wish workflows.Intent) {
	a := h.ask("ana", id, wish)
	got, err := h.do(a)
	if err != nil || got.Confirm == nil {
		return
	}
	if rapid.IntRange(0, 2).Draw(rt, "meanwhile") == 0 {
		for commit := range h.repo.checks {
			h.repo.checks[commit] = []workflows.Check{check("build", workflows.CheckFailed)}
		}
	}
	_, _ = h.do(press(a, a.ID+"-press", got.Confirm.Key))
}

// The program is killed when what was seen is on record and nothing was decided by it: the same ask again looks again.
func TestKilledBehindALook(t *testing.T) {
	for _, last := range []workflows.CheckState{workflows.CheckPassed, workflows.CheckFailed} {
		h, id := green(t)
		h.repo.says(check("build", workflows.CheckRunning))
		h.hear()
		a := h.ask("ana", id, release.Advance{})
		h.repo.says(check("build", workflows.CheckPassed))
		got, err := h.look(t.Context(), h.rules.Load(), a)
		if err == nil {
			err = h.takeIn(t.Context(), h.rules.Load(), a, got)
		}
		if err != nil || h.item(id, "ga.ready/tests").State != release.Holds {
			t.Fatal(err, h.item(id, "ga.ready/tests"))
		}
		h.restart()
		h.repo.says(check("build", last))
		n := len(h.ledger())
		receipt, err := h.do(a)
		if opens := last == workflows.CheckPassed; opens != (err == nil && receipt.Confirm != nil) {
			t.Errorf("%s: it is answered %+v, %v", last, receipt.Confirm, err)
		}
		if want := map[workflows.CheckState]string{workflows.CheckPassed: "[]", workflows.CheckFailed: "[release.checked release.withdrawn desk.refused]"}[last]; fmt.Sprint(h.since(n)) != want {
			t.Errorf("%s: on record is %v, want %s", last, h.since(n), want)
		}
	}
}

// hung is a source that answers nothing of what is looked for on behalf of an ask.
type hung struct{ Source }

func (s hung) Look(ctx context.Context, q workflows.Query) (workflows.Found, error) {
	if !q.Only {
		return s.Source.Look(ctx, q)
	}
	<-ctx.Done()
	return workflows.Found{}, &workflows.Away{Who: "GitHub", Err: ctx.Err()}
}

// Who never answers is not waited for, and whoever went away meanwhile is answered nothing.
func TestNobodyIsWaitedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, id := green(t)
		h.source = hung{h.source}
		began := time.Now()
		h.refuses(h.ask("ana", id, release.Advance{}), workflows.Unavailable)
		if took := time.Since(began); took != sightLimit {
			t.Errorf("it took %s", took)
		}
		gone, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		n := len(h.ledger())
		if _, err := h.Do(gone, h.ask("ana", id, release.Advance{})); err == nil || refusalOf(err) != nil || len(h.ledger()) != n {
			t.Errorf("who went away is answered %v", err)
		}
	})
}
