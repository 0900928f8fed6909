package notes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

// pool are lines that people type, and what Markdown makes much of.
var pool = []string{"", "", "   ", "## New", "## Upgrading", "## new", "### Deep", "##", "## Fixed ##", "# Another title", "Words of our own.", "Nothing that users see has changed.",
	"- of our own (#12)", "- both at once (#12, #13)", "* a star", "1. a number", "  - nested", "  indented", "- first\n\n  second paragraph", "```\n## no heading\n\n- no item\n```",
	"- item\n  ```go\n  x\n  ```", "---", "Title\n=====", "> said", "- ", "-", "**Read these before you upgrade.**", "## Contributors", "\ttab", "| a | b |"}

func commits(t *rapid.T) []workflows.Commit {
	var out []workflows.Commit
	for _, n := range rapid.Permutation([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}).Draw(t, "commits")[:rapid.IntRange(0, 12).Draw(t, "of them")] {
		c := workflows.Commit{ID: workflows.Digest(fmt.Sprint(n))[:40], Names: []string{[]string{"Ana", "Ben Berg", "bot[bot]", "eve@example.org"}[n%4]}}
		c.Subject = []string{"feat: thing", "fix: thing", "thing", "chore: thing", "feat!: thing", "docs: thing"}[n%6] + fmt.Sprint(" ", n)
		if n%2 == 0 {
			c.Pull = &workflows.Pull{Number: 10 + n/4, Title: fmt.Sprint("Pull ", n/4)}
			if n%3 == 0 {
				c.Pull.Labels = rapid.SliceOfN(rapid.SampledFrom([]string{"bug", "Feature", "internal", "breaking change"}), 0, 2).Draw(t, "labels")
			}
		}
		out = append(out, c)
	}
	return out
}

// typing is what somebody makes of a text.
func typing(t *rapid.T, text string) string {
	lines := strings.Split(text, "\n")
	for range rapid.IntRange(1, 6).Draw(t, "strokes") {
		at := rapid.IntRange(0, len(lines)-1).Draw(t, "at")
		switch rapid.IntRange(0, 4).Draw(t, "stroke") {
		case 0:
			lines = slices.Delete(lines, at, at+1)
		case 1, 2:
			lines = slices.Insert(lines, at, strings.Split(rapid.SampledFrom(pool).Draw(t, "line"), "\n")...)
		case 3:
			lines[at] += rapid.SampledFrom([]string{" in other words", " (#11, #13)", " ", "s"}).Draw(t, "more")
		case 4:
			to := rapid.IntRange(0, len(lines)-1).Draw(t, "to")
			lines[at], lines[to] = lines[to], lines[at]
		}
		if len(lines) == 0 {
			lines = []string{"x"}
		}
	}
	return strings.Join(lines, "\n")
}

func given(t *rapid.T) Facts {
	log := commits(t)
	return Facts{Candidate: "c", Standing: workflows.Standing{Release: "app@1.0.0"}, Found: workflows.Found{Log: log}}
}

func does(n Notes, w Wish, f Facts) (Notes, error) {
	events, err := Decide(n, w, f)
	for _, e := range events {
		n = Evolve(n, workflows.Recorded{Header: workflows.Header{Stream: "notes/app@1.0.0"}, Event: e})
	}
	return n, err
}

// TestEdits walks drafts and edits, and holds that an edited text is kept letter by letter, that it reads back as the
// same entries, and that a draft loses nothing that people wrote and brings back nothing that they took out.
func TestEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n Notes
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			was := n
			if n.Text == "" || rapid.Bool().Draw(t, "draft") {
				n, _ = does(n, Draft{}, given(t))
				if was.Edited {
					keeps(t, was, n)
				}
			} else {
				text := typing(t, n.Text)
				next, err := does(n, Edit{Text: text}, Facts{Candidate: "c"})
				if want, _ := workflows.Prose("", text, MaxText); err == nil && next.Text != want {
					t.Fatalf("typed was\n%s\nkept is\n%s", want, next.Text)
				}
				n = next
			}
			whole(t, n)
		}
	})
}

// whole holds that the text is that of the entries, and the entries those of the text.
func whole(t *rapid.T, n Notes) {
	if got := composed(n.Head, n.Entries); got != n.Text {
		t.Fatalf("the text is\n%s\nof its entries comes\n%s\n(%q)", n.Text, got, cmp.Diff(n.Text, got))
	}
	head, all, _ := reread(n.Entries, n.Text)
	if head != n.Head || composed(head, all) != n.Text {
		t.Fatalf("read back the head of\n%s\nis %q, was %q", n.Text, head, n.Head)
	}
	keys := map[string]bool{}
	for _, e := range n.Entries {
		if keys[e.Key] {
			t.Fatalf("two are called %s: %+v", e.Key, n.Entries)
		}
		keys[e.Key] = true
		if e.Into != "" && !slices.ContainsFunc(n.Entries, func(o Entry) bool { return o.Key == e.Into && o.Shown() }) {
			t.Fatalf("%+v is merged into what nobody sees", e)
		}
	}
	if diff := cmp.Diff(seen(n.Entries), seen(all)); diff != "" {
		t.Fatalf("read back\n%s\nits entries are others (-were +are):\n%s", n.Text, diff)
	}
}

// seen are the keys and sections of what is shown, in order; what people wrote twice is the same.
func seen(all []Entry) []string {
	var out []string
	for _, e := range shown(all) {
		if key := e.Key; e.own() {
			out = append(out, e.Section+": own "+e.Text)
		} else {
			out = append(out, e.Section+": "+key+" "+e.Text+" was "+e.Made+" from "+e.From)
		}
	}
	return out
}

// keeps holds what a draft owes to whoever edited before it.
func keeps(t *rapid.T, was, is Notes) {
	if !strings.Contains(is.Text, was.Head) {
		t.Fatalf("the head was %q and is %q", was.Head, is.Head)
	}
	for _, e := range shown(was.Entries) {
		if (e.own() || e.Reworded()) && !strings.Contains(is.Text, e.Text) {
			t.Fatalf("people wrote %q, and it is lost:\n%s\nwas %+v\nis  %+v", e.Text, is.Text, was.Entries, is.Entries)
		}
	}
	hidden := map[string]bool{}
	for _, e := range was.Entries {
		for _, id := range e.Commits {
			hidden[id] = hidden[id] || e.Hidden
		}
	}
	for _, e := range shown(is.Entries) {
		all := len(e.Commits) > 0
		for _, id := range e.Commits {
			all = all && hidden[id]
		}
		if all {
			t.Fatalf("people took out %+v, and it is back:\n%s", e, is.Text)
		}
	}
}
