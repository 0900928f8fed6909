package notes_test

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

// drafts makes notes of one range, lets somebody edit them, and drafts again from each further range.
func drafts(t *testing.T, edit func(string) string, ranges ...[]workflows.Commit) notes.Notes {
	t.Helper()
	f := with(func(f *notes.Facts) { f.Found = workflows.Found{Commit: workflows.Commit{ID: first}, Log: ranges[0]} })
	n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
	n, _ = act(t, n, notes.Edit{Text: edit(n.Text)}, f)
	for _, log := range ranges[1:] {
		f.Found.Log = log
		n, _ = act(t, n, notes.Draft{}, f)
	}
	return n
}

func replaced(from, to string) func(string) string {
	return func(text string) string { return strings.Replace(text, from, to, 1) }
}

// TestDraftAgain moves the candidate to and fro.
func TestDraftAgain(t *testing.T) {
	one, two, fix := commit("feat: one", nil), commit("feat: two", nil), commit("fix: three", nil)
	for name, c := range map[string]struct {
		edit   func(string) string
		ranges [][]workflows.Commit
		want   string
	}{
		"taken out, gone, and there again": {replaced("- one\n", ""), [][]workflows.Commit{{one, two}, {two, fix}, {one, two, fix}},
			"# app 1.0.0\n\n## New\n\n- two\n\n## Fixed\n\n- three"},
		"reworded, gone, and there again": {replaced("- one\n", "- One!\n"), [][]workflows.Commit{{one, two}, {two}, {one, two, fix}},
			"# app 1.0.0\n\n## New\n\n- One!\n- two\n\n## Fixed\n\n- three"},
		"a gap is between two": {replaced("- one\n- two", "- one\n- two\n\n\n- ours"), [][]workflows.Commit{{one, two}, {one, fix}},
			"# app 1.0.0\n\n## New\n\n- one\n- ours\n\n## Fixed\n\n- three"},
		"people's own words are a commit's later on": {replaced("- one", "- one\n- three"), [][]workflows.Commit{{one}, {fix, one}},
			"# app 1.0.0\n\n## New\n\n- one\n- three"},
		"the warning is taken out": {replaced("\n\n**Read these before you upgrade.**", ""), [][]workflows.Commit{{commit("feat!: a", nil)}, {commit("feat!: a", nil), commit("fix!: b", nil)}},
			"# app 1.0.0\n\n## Breaking changes\n\n- a\n- b"},
		"nothing breaks any more": {replaced("- one", "- One!"), [][]workflows.Commit{{commit("feat!: a", nil), one}, {one, fix}},
			"# app 1.0.0\n\n## New\n\n- One!\n\n## Fixed\n\n- three"},
		"nothing was there": {replaced("# app 1.0.0", "# The app"), [][]workflows.Commit{{commit("ci: x", nil)}, {commit("ci: x", nil), one}},
			"# The app\n\n## New\n\n- one"},
		"a commit has a pull request since": {replaced("- one", "- One!"), [][]workflows.Commit{{one, two}, {commit("feat: one", pull(9, "One", "")), two, fix}},
			"# app 1.0.0\n\n## New\n\n- One!\n- two\n\n## Fixed\n\n- three"},
	} {
		t.Run(name, func(t *testing.T) {
			if n := drafts(t, c.edit, c.ranges...); n.Text != c.want {
				t.Errorf("got\n%s\n\nwant\n%s", n.Text, c.want)
			}
		})
	}
}

// What was merged stays so while the entry that tells of it is there: where it stands now, and also when its own commits
// are gone.
func TestMergedStaysMerged(t *testing.T) {
	one, two := commit("a", pull(12, "One", "", "feature")), commit("b", pull(13, "Two", "", "feature"))
	fixed := commit("a", pull(12, "One", "", "bug"))
	merge := replaced("- One (#12)\n- Two (#13)", "- One, and what #13 is (#12)")
	n := drafts(t, merge, []workflows.Commit{one, two}, []workflows.Commit{fixed, two})
	if got := state(n); got["#12"] != "Fixed, reworded" || got["#13"] != "New, into #12" {
		t.Errorf("they are %v:\n%s", got, n.Text)
	}
	n = drafts(t, merge, []workflows.Commit{one, two}, []workflows.Commit{two})
	if got := state(n); got["#12"] != "New, reworded, gone" || got["#13"] != "New, into #12" {
		t.Errorf("they are %v:\n%s", got, n.Text)
	}
	n = drafts(t, merge, []workflows.Commit{one, two}, []workflows.Commit{one})
	if got := state(n); got["#12"] != "New, reworded" || got["#13"] != "New, into #12, gone" {
		t.Errorf("they are %v:\n%s", got, n.Text)
	}
}

// Of two changes in the same words, one revert takes back one.
func TestOneRevertTakesBackOne(t *testing.T) {
	log := []workflows.Commit{commit(`Revert "feat: twice"`, nil), commit("feat: twice", nil), {ID: strings.Repeat("9", 40), Subject: "feat: twice"}}
	n, _ := act(t, notes.Notes{}, notes.Draft{}, with(func(f *notes.Facts) { f.Found.Log = log }))
	if n.Text != "# app 1.0.0\n\n## New\n\n- twice" {
		t.Errorf("got\n%s", n.Text)
	}
}
