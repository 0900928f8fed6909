package notes_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

// proposed are notes whose change log waits in a pull request.
func proposed(t *testing.T, f notes.Facts, link string) notes.Notes {
	t.Helper()
	n := approvedText(t, notes.Notes{}, "- one", f)
	n, events := act(t, n, notes.Publish{}, f)
	n, _ = act(t, n, ended(events[0], workflows.ActRelease, workflows.Done, "https://github.com/acme/app/releases/tag/v1.0.0", ""), f)
	n, _ = act(t, n, ended(events[0], workflows.ActChangelog, workflows.Done, link, ""), f)
	return n
}

const aPull = "https://github.com/acme/app/pull/31"

// What people make of the pull request is taken in once each, and its manager hears of a no; until it is merged it is asked
// about.
func TestTheAnswerToAChangelog(t *testing.T) {
	f := outside(func(f *notes.Facts) { f.Manager = "ana" })
	n := proposed(t, f, aPull)
	look := func(s workflows.PullState) notes.Facts { g := f; g.Found.Pull = s; return g }
	asked := func(want int) {
		t.Helper()
		pull, forge := n.Asked()
		found := slices.Contains(notes.Summary(n).Keys, notes.KeyAsked("app"))
		if pull != want || (forge == "acme/app") != (want > 0) || found != (want > 0) {
			t.Errorf("asked is about %d of %q, and found: %v", pull, forge, found)
		}
	}
	answers := func(s workflows.PullState, to workflows.PersonID) {
		t.Helper()
		var events []workflows.Event
		n, events = act(t, n, notes.News{}, look(s))
		e, _ := events[0].(notes.Answered)
		if want := (notes.Answered{Op: "app@1.0.0/notes/1", Pull: s, Link: aPull, To: to}); e != want {
			t.Errorf("%+v, want %+v", e, want)
		}
		told := slices.ContainsFunc(notes.Tell(n, record(e, f)), func(e workflows.Effect) bool { return e.What == notes.ToldUnmerged && e.To.Person == "ana" })
		if told != (to != "") {
			t.Errorf("%s is told: %v", to, told)
		}
		nothing(t, n, notes.News{}, look(s))
	}
	asked(31)
	nothing(t, n, notes.News{}, look(workflows.PullOpen))
	nothing(t, n, notes.News{}, look("")) // nobody saw it
	refusedFor(t, n, notes.Publish{Only: notes.ToChangelog}, f, workflows.Unchanged)
	answers(workflows.PullClosed, "ana")
	asked(31)
	if again, events := act(t, n, notes.Publish{Only: notes.ToChangelog}, f); going(events[0].(notes.Published).Going) != "changelog" || again.Out.Outlets[1].Pull != "" {
		t.Errorf("proposed again: %+v", again.Out.Outlets)
	}
	answers(workflows.PullOpen, "")
	answers(workflows.PullMerged, "")
	asked(0)
	nothing(t, n, notes.News{}, look(workflows.PullClosed)) // it is merged for good
	refusedFor(t, n, notes.Publish{Only: notes.ToChangelog}, f, workflows.Unchanged)
}

// What is no pull request is not asked about: the file had it already, it was not done, or it is written in a folder.
func TestNothingToAnswer(t *testing.T) {
	f := outside()
	closed := f
	closed.Found.Pull = workflows.PullClosed
	for name, n := range map[string]notes.Notes{"none": {}, "a file": proposed(t, f, "https://github.com/acme/app/blob/main/CHANGELOG.md"),
		"an issue": proposed(t, f, "https://github.com/acme/app/pull/"), "nowhere": proposed(t, f, ""), "no number": proposed(t, f, "https://github.com/acme/app/pull/0")} {
		if pull, _ := n.Asked(); pull != 0 {
			t.Errorf("%s: asked is about %d", name, pull)
		}
		nothing(t, n, notes.News{}, closed)
	}
	n := approvedText(t, notes.Notes{}, "- one", f)
	if n, _ = act(t, n, notes.Publish{}, f); n.Out.Outlets[1].Proposed() != 0 {
		t.Error("it is only on its way")
	}
	late := notes.Evolve(proposed(t, f, aPull), record(notes.Answered{Op: "another", Pull: workflows.PullMerged}, f))
	if pull, _ := late.Asked(); pull != 31 {
		t.Error("the answer to another one was taken for it")
	}
}

func refusedFor(t *testing.T, n notes.Notes, w notes.Wish, f notes.Facts, want workflows.Reason) {
	t.Helper()
	_, err := notes.Decide(n, w, f)
	if no, ok := errors.AsType[*workflows.Refusal](err); !ok || no.Reason != want {
		t.Errorf("%T: %v, want %s", w, err, want)
	}
}
