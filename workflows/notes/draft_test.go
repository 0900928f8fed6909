package notes_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

func TestDraftGolden(t *testing.T) {
	hostile := []string{
		"# heading", "- item", "1. one", "> quote", "=== rule", "[click](https://evil.example/x)", "![img](x)", "[ref]: https://evil.example",
		"ping @everyone and @Here and <!channel> <@U123> <@&9> <#C1>", "<script>alert(1)</script> & &lt;b&gt;", "<https://evil.example|Approve>",
		"`code` *bold* _em_ __init__ snake_case ~~gone~~ ||spoiler|| back\\slash", "\u202etxet\u200b \x1b[31mred", "line\nbreak # no heading",
		"{{.Secret}} {% raw %}", "feat(`x`<y>): scope is text too", "```", "see #12, GH-3 and https://example.org/a_b?c=1&d=2",
	}
	for name, c := range map[string]struct {
		title string
		log   []string
	}{
		"conventional": {"Invoices", []string{
			"Merge pull request #12 from ana/invoices", "feat(api): add invoices (#12)", "fix: round totals half to even (PROJ-7)",
			"perf: halve the time of a search", "docs: say how to export", "chore: tidy", "ci: cache modules", "Test: cover rounding",
			"feat!: drop the v1 API (#9)", "fix(db)!: store amounts as text", "Speed up the start", "parser: accept CRLF",
			"BREAKING CHANGE: the port is 8080 now", "refactor(core)!: rename the module", "fixup! fix: round totals", "Merge branch 'main' into x",
			"fix: round totals half to even (PROJ-7)", "Merge the two caches into one",
		}},
		"plain":    {"", []string{"Add invoices (#12)", "Merge branch 'x'", "net/http: close idle connections", "Round totals half to even"}},
		"internal": {"", []string{"chore: tidy", "ci: cache modules"}},
		"empty":    {"", nil},
		"reverted": {"", []string{
			`Revert "feat: two (#2)" (#4)`, "feat: three (#3)", "feat: two (#2)", `Revert "Revert "feat: one""`, `Revert "feat: one"`, "feat: one",
			`Revert "feat: long ago"`,
		}},
		"hostile": {"<b>*Title*</b> @everyone", hostile},
	} {
		t.Run(name, func(t *testing.T) {
			f := with(func(f *notes.Facts) { f.Title, f.Found = c.title, found(first, c.log...) })
			n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
			drafted(t, name, n.Text)
			if _, no := workflows.Prose("it", n.Text, notes.MaxText); no != nil {
				t.Errorf("nobody could send this draft back as an edit: %v", no)
			}
		})
	}
}

func drafted(t *testing.T, name, got string) {
	t.Helper()
	golden.Equal(t, filepath.Join("testdata", name+".md"), got+"\n")
}

func TestDraftCovers(t *testing.T) {
	n, events := act(t, notes.Notes{}, notes.Draft{}, with(func(f *notes.Facts) { f.Found = found(first, "feat: one", "chore: two") }))
	if n.Commit != first || n.Since != "aaa" || n.SinceAs != "tag v0.9" || n.Internal != 1 || n.Revision != 1 {
		t.Errorf("state %+v", n)
	}
	if e := events[0].(notes.Drafted); e.Added != 1 || e.Kept || e.Unapproved {
		t.Errorf("event %+v", e)
	}
	if strings.Contains(n.Text, "v0.9") {
		t.Errorf("the text tells the range:\n%s", n.Text)
	}
}

func TestDraftKeepsEdits(t *testing.T) {
	text := "# app 1.0.0\n\nWe are proud of this one.\n\n- one, in our words\n- three"
	n, _ := act(t, notes.Notes{}, notes.Draft{}, facts())
	n, _ = act(t, n, notes.Edit{Text: text}, facts())
	n, _ = act(t, n, notes.Approve{}, facts())
	next := with(func(f *notes.Facts) {
		f.Candidate, f.Found = later, found(later, "feat: three", "docs: two", "feat!: four", "chore: five", `Revert "feat: one"`, "feat: one")
	})
	n, events := act(t, n, notes.Draft{}, next)
	drafted(t, "continued", n.Text)
	if e := events[0].(notes.Drafted); !e.Kept || e.Added != 2 || !e.Unapproved {
		t.Errorf("event %+v", e)
	}
	before := n.Text
	next.Found = found(later, "test: six", "feat: three", "docs: two", "feat!: four", "chore: five")
	if n, _ = act(t, n, notes.Draft{}, next); n.Text != before {
		t.Errorf("drafting again changed the text:\n%s", cmp.Diff(before, n.Text))
	}
	next.Candidate, next.Found = first, found(first, "test: six", "feat: three", "docs: two", "feat: one")
	if n, _ = act(t, n, notes.Draft{}, next); n.Text != strings.Replace(before, "\n- **Breaking:** four", "", 1) || n.Commit != first {
		t.Errorf("a change that is no longer in the range stayed, or more went:\n%s", n.Text)
	}
	n, _ = act(t, n, notes.Edit{Text: "A last paragraph."}, next)
	next.Found = found(first, "fix: seven", "test: six")
	if n, _ = act(t, n, notes.Draft{}, next); n.Text != "A last paragraph.\n\n- seven" {
		t.Errorf("got %q", n.Text)
	}
}

func TestHandWrittenNotesAreContinued(t *testing.T) {
	n, _ := act(t, notes.Notes{}, notes.Edit{Text: "By hand."}, facts())
	if n.Commit != first {
		t.Errorf("they cover %q", n.Commit)
	}
	if n, _ = act(t, n, notes.Draft{}, facts()); n.Text != "By hand.\n\n- one" {
		t.Errorf("got %q", n.Text)
	}
}

func TestHugeHistory(t *testing.T) {
	var subjects []string
	for i := range 5000 {
		subjects = append(subjects, fmt.Sprintf("feat: change %d of a very long history", i))
	}
	f := with(func(f *notes.Facts) { f.Found = found(first, subjects...) })
	n, events := act(t, notes.Notes{}, notes.Draft{}, f)
	if size := utf8.RuneCountInString(n.Text); size > notes.MaxText || size < notes.MaxText*9/10 {
		t.Errorf("%d characters", size)
	}
	e := events[0].(notes.Drafted)
	if want := fmt.Sprintf("And %d further changes.", 5000-e.Added); !strings.HasSuffix(n.Text, want) {
		t.Errorf("ends in %q, want %q", n.Text[len(n.Text)-40:], want)
	}
	if len(n.Entries) < 2000 {
		t.Errorf("%d entries are remembered", len(n.Entries))
	}
	full, _ := act(t, n, notes.Edit{Text: strings.Repeat("x", notes.MaxText)}, f)
	f.Candidate, f.Found = later, found(later, append([]string{"feat: new"}, subjects...)...)
	if _, err := notes.Decide(full, notes.Draft{}, f); err == nil || !strings.Contains(err.Error(), "no room") {
		t.Errorf("a change was lost: %v", err)
	}
	some, _ := act(t, n, notes.Edit{Text: "short"}, f)
	if some, _ = act(t, some, notes.Draft{}, f); some.Text != "short\n\n- new" {
		t.Errorf("old commits came back: %.200q", some.Text)
	}
}
