package notes_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

// commit makes one; its id depends on its subject alone.
func commit(subject string, pull *workflows.Pull, names ...string) workflows.Commit {
	return workflows.Commit{ID: workflows.Digest(subject)[:40], Subject: subject, Pull: pull, Names: names}
}

func merge(c workflows.Commit) workflows.Commit { c.Merge = true; return c }

func pull(n int, title, author string, labels ...string) *workflows.Pull {
	return &workflows.Pull{Number: n, Title: title, Author: author, Labels: labels}
}

// changeSet is one range with everything in it that the notes tell apart.
func changeSet() workflows.Found {
	export := pull(21, "Invoices can be exported", "ana-gh", "Feature", "money")
	export.Issues = []string{"#7", "ABC-12"}
	port := pull(22, "The port is 8080 now", "ben-gh", "breaking change")
	undone := pull(23, "Dark mode", "cleo-gh", "feature")
	back := pull(24, `Revert "Dark mode"`, "cleo-gh")
	return workflows.Found{Commit: workflows.Commit{ID: first}, Since: "aaa", SinceAs: "tag v0.9", Log: []workflows.Commit{
		commit(`Revert "Dark mode"`, back, "Cleo"),
		merge(commit("Merge pull request #21 from acme/export", export, "Merger")),
		commit("write the file", export, "Ana Ñ", "Ben *Berg*"),
		commit("fixup! write the file", export, "Ana Ñ"),
		commit("change the port", port, "ben@example.org"),
		commit("Bump x from 1 to 2", pull(25, "Bump x from 1 to 2", "dependabot[bot]", "dependencies"), "dependabot[bot]"),
		commit("fix: totals round half to even (#9)", nil, "@dan"),
		commit("security: sessions end when the password changes", nil, "Ana Ñ"),
		commit("dark", undone, "Cleo"),
		commit("deprecate: the v1 API", nil, "Zoë"),
		commit("tidy up", pull(26, "Tidy up", "eve", "skip-changelog", "breaking"), "Eve"),
		commit("docs: how to export", nil, "Eve"),
		commit("Quicker start <!channel>", pull(27, "Quicker start <!channel>", "eve", "Performance"), "Eve"),
		commit("the old theme is no more", pull(28, "feat: the old theme is no more", "eve", "removed"), "Eve"),
	}}
}

// TestEditions draws one change set for every reader: as drafted, and as people edited it.
func TestEditions(t *testing.T) {
	f := with(func(f *notes.Facts) { f.Title, f.Day, f.Found = "Invoices", monday, changeSet() })
	n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
	for _, e := range notes.Editions() {
		drafted(t, filepath.Join("editions", "draft."+string(e)), n.For(e, monday))
	}
	text := strings.NewReplacer(
		"- Invoices can be exported (#21)", "- Take your invoices along (#21)\n- Ask us anything",
		"## Fixed\n\n- totals round half to even (#9)\n\n", "",
		"- Quicker start &lt;!channel> (#27)", "- Quicker, all in all (#27, #28)",
		"## Removed\n\n- the old theme is no more (#28)\n\n", "",
		"## Deprecated\n\n- the v1 API\n\n", "",
		"## Documentation", "## Upgrading\n\n- the v1 API\n\n## Documentation",
		"# app 1.0.0: Invoices", "# app 1.0.0: Invoices\n\nWe are proud of this one.",
	).Replace(n.Text)
	n, _ = act(t, n, notes.Edit{Text: text}, f)
	for _, e := range notes.Editions() {
		drafted(t, filepath.Join("editions", "edited."+string(e)), n.For(e, monday))
	}
	approved, _ := act(t, n, notes.Approve{}, f)
	if approved.Public.String() != n.Text || approved.Changelog.String() != n.For(notes.ForChangelog, monday) {
		t.Errorf("public is\n%s\nthe change log\n%s", approved.Public, approved.Changelog)
	}
}

// state is how each change stands, by its key or, where it has no pull request, by its first words.
func state(n notes.Notes) map[string]string {
	out := map[string]string{}
	for _, e := range n.Entries {
		key := e.Key
		if key[0] != '#' {
			key = strings.Join(strings.Fields(strings.NewReplacer("- ", "", "**", "").Replace(e.Text))[:1], " ")
		}
		s := e.Section
		for _, is := range []struct {
			so   bool
			word string
		}{{e.Reworded(), "reworded"}, {e.From != "", "moved from " + e.From}, {e.Hidden, "hidden"}, {e.Into != "", "into " + e.Into}, {e.Internal, "internal"}, {e.Gone, "gone"}} {
			if is.so {
				s += ", " + is.word
			}
		}
		out[key] = s
	}
	return out
}

// TestEditIsReadBack edits one draft in each way, and then moves the candidate: what people did stays done.
func TestEditIsReadBack(t *testing.T) {
	log := func(more ...workflows.Commit) workflows.Found {
		return workflows.Found{Commit: workflows.Commit{ID: first}, Log: append(more,
			commit("c1", pull(12, "Export invoices", "", "feature")), commit("c2", pull(13, "Export orders", "", "feature")),
			commit("fix: rounding", nil), commit("fix: a crash", nil))}
	}
	drafted := "# app 1.0.0\n\n## New\n\n- Export invoices (#12)\n- Export orders (#13)\n\n## Fixed\n\n- rounding\n- a crash"
	for name, c := range map[string]struct {
		from, to string // of the text
		want     map[string]string
		then     string // the text once #14 came, which is new
	}{
		"reworded": {"- rounding", "- Totals are right again", map[string]string{"Totals": "Fixed, reworded"},
			"# app 1.0.0\n\n## New\n\n- Export invoices (#12)\n- Export orders (#13)\n- More (#14)\n\n## Fixed\n\n- Totals are right again\n- a crash"},
		"hidden": {"- rounding\n", "", map[string]string{"rounding": "Fixed, hidden"},
			"# app 1.0.0\n\n## New\n\n- Export invoices (#12)\n- Export orders (#13)\n- More (#14)\n\n## Fixed\n\n- a crash"},
		"merged": {"- Export invoices (#12)\n- Export orders (#13)", "- Export all there is (#12, #13)", map[string]string{"#12": "New, reworded", "#13": "New, into #12"},
			"# app 1.0.0\n\n## New\n\n- Export all there is (#12, #13)\n- More (#14)\n\n## Fixed\n\n- rounding\n- a crash"},
		"moved": {"- a crash", "\n## Changed\n\n- a crash", map[string]string{"a": "Changed, moved from Fixed"},
			"# app 1.0.0\n\n## New\n\n- Export invoices (#12)\n- Export orders (#13)\n- More (#14)\n\n## Fixed\n\n- rounding\n\n## Changed\n\n- a crash"},
		"ordered": {"- Export invoices (#12)\n- Export orders (#13)", "- Export orders (#13)\n- Export invoices (#12)", map[string]string{"#12": "New", "#13": "New"},
			"# app 1.0.0\n\n## New\n\n- Export orders (#13)\n- Export invoices (#12)\n- More (#14)\n\n## Fixed\n\n- rounding\n- a crash"},
		"a title of people's own": {"## New", "## What you can do now", map[string]string{"#12": "What you can do now, moved from New"},
			"# app 1.0.0\n\n## What you can do now\n\n- Export invoices (#12)\n- Export orders (#13)\n- More (#14)\n\n## Fixed\n\n- rounding\n- a crash"},
		"a line of people's own": {"- rounding", "- Thank you all\n- rounding", map[string]string{"Thank": "Fixed", "rounding": "Fixed"},
			"# app 1.0.0\n\n## New\n\n- Export invoices (#12)\n- Export orders (#13)\n- More (#14)\n\n## Fixed\n\n- Thank you all\n- rounding\n- a crash"},
		"a lead": {"# app 1.0.0", "# The best one\n\nReally.\n\n> so they say", map[string]string{"#12": "New"},
			"# The best one\n\nReally.\n\n> so they say\n\n## New\n\n- Export invoices (#12)\n- Export orders (#13)\n- More (#14)\n\n## Fixed\n\n- rounding\n- a crash"},
		"a whole section": {"\n\n## Fixed\n\n- rounding\n- a crash", "", map[string]string{"rounding": "Fixed, hidden", "a": "Fixed, hidden"},
			"# app 1.0.0\n\n## New\n\n- Export invoices (#12)\n- Export orders (#13)\n- More (#14)"},
	} {
		t.Run(name, func(t *testing.T) {
			f := with(func(f *notes.Facts) { f.Found = log() })
			n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
			if n.Text != drafted {
				t.Fatalf("drafted was\n%s", n.Text)
			}
			n, _ = act(t, n, notes.Edit{Text: strings.Replace(n.Text, c.from, c.to, 1)}, f)
			got := state(n)
			for key, want := range c.want {
				if got[key] != want {
					t.Errorf("%s is %q, want %q: %v", key, got[key], want, got)
				}
			}
			f.Candidate, f.Found = later, log(commit("c3", pull(14, "More", "", "enhancement")))
			f.Found.Commit.ID = later
			n, events := act(t, n, notes.Draft{}, f)
			if diff := cmp.Diff(c.then, n.Text); diff != "" {
				t.Errorf("the candidate moved (-want +got):\n%s", diff)
			}
			if e := events[0].(notes.Drafted); e.Added != 1 || !e.Kept {
				t.Errorf("event %+v", e)
			}
		})
	}
}

// A line that refers to what was taken out brings it back, and one that says what was merged apart unmerges it.
func TestEditBringsBack(t *testing.T) {
	f := with(func(f *notes.Facts) {
		f.Found = workflows.Found{Commit: workflows.Commit{ID: first}, Log: []workflows.Commit{commit("a", pull(12, "One", "", "performance")), commit("b", pull(13, "Two", "")),
			commit("c", pull(14, "Three", "", "internal"))}}
	})
	n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
	whole := n.Text
	n, _ = act(t, n, notes.Edit{Text: strings.Replace(whole, "- One (#12)\n- Two (#13)", "- Both (#12, #13)", 1)}, f)
	if got := state(n)["#13"]; got != "Changed, into #12" {
		t.Errorf("#13 is %q", got)
	}
	n, _ = act(t, n, notes.Edit{Text: whole}, f)
	if got := state(n); got["#12"] != "Changed" || got["#13"] != "Changed" {
		t.Errorf("as it was drafted, and they are %v", got)
	}
	n, _ = act(t, n, notes.Edit{Text: whole + "\n- You see this too (#14)"}, f)
	if got := state(n)["#14"]; got != "Changed, reworded, moved from Internal" {
		t.Errorf("#14 is %q", got)
	}
	f.Found.Log = append(f.Found.Log, commit("fix: four", nil))
	n, _ = act(t, n, notes.Draft{}, f)
	if !strings.Contains(n.Text, "You see this too (#14)") {
		t.Errorf("a draft took it back:\n%s", n.Text)
	}
	if n, _ = act(t, n, notes.Edit{Text: "# app"}, f); strings.Contains(n.For(notes.ForStaff, monday), "no longer") || state(n)["#12"] != "Changed, hidden" {
		t.Errorf("all was taken out: %v\n%s", state(n), n.For(notes.ForStaff, monday))
	}
}

// In a plain list, too, what people show stays shown.
func TestAPlainListBringsBack(t *testing.T) {
	f := with(func(f *notes.Facts) { f.Found = found(first, "one", "test: two") })
	n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
	if want := "# app 1.0.0\n\n- one"; n.Text != want {
		t.Fatalf("drafted\n%s\nwant\n%s", n.Text, want)
	}
	n, _ = act(t, n, notes.Edit{Text: n.Text + "\n- two"}, f)
	f.Found = found(first, "three", "one", "test: two")
	if n, _ = act(t, n, notes.Draft{}, f); n.Text != "# app 1.0.0\n\n- one\n- two\n- three" {
		t.Errorf("got\n%s", n.Text)
	}
}

// What labels and titles say later on changes what nobody touched.
func TestRelabelled(t *testing.T) {
	one, two := pull(12, "One", "", "feature"), pull(13, "Two", "", "feature")
	found := func() workflows.Found {
		return workflows.Found{Commit: workflows.Commit{ID: first}, Log: []workflows.Commit{commit("a", one), commit("b", two)}}
	}
	f := with(func(f *notes.Facts) { f.Found = found() })
	n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
	n, _ = act(t, n, notes.Edit{Text: strings.Replace(n.Text, "- One", "- Our one", 1)}, f)
	one, two = pull(12, "Uno", "", "bug"), pull(13, "Two, at last", "", "bug")
	f.Found = found()
	n, _ = act(t, n, notes.Draft{}, f)
	if want := "# app 1.0.0\n\n## Fixed\n\n- Our one (#12)\n- Two, at last (#13)"; n.Text != want {
		t.Errorf("got\n%s", n.Text)
	}
	two = pull(13, "Two", "", "no notes")
	f.Found = found()
	if n, _ = act(t, n, notes.Draft{}, f); strings.Contains(n.Text, "#13") || n.Internal != 1 {
		t.Errorf("got\n%s", n.Text)
	}
	two = pull(13, "Two", "", "Breaking")
	f.Found = found()
	if n, _ = act(t, n, notes.Draft{}, f); !strings.Contains(n.Text, "## Breaking changes\n\n**Read these before you upgrade.**\n\n- Two (#13)") {
		t.Errorf("got\n%s", n.Text)
	}
	if f.Found.Log = f.Found.Log[1:]; true { // #12 was worded by people
		n, _ = act(t, n, notes.Draft{}, f)
	}
	if got := state(n)["#12"]; got != "Fixed, reworded, gone" || !strings.Contains(n.For(notes.ForStaff, monday), "- Our one (#12) · "+workflows.Digest("a")[:7]+" · no longer in the range") {
		t.Errorf("#12 is %q:\n%s", got, n.For(notes.ForStaff, monday))
	}
}

func TestContributors(t *testing.T) {
	var log []workflows.Commit
	for i := range 60 {
		log = append(log, commit(fmt.Sprintf("feat: %d", i), nil, fmt.Sprintf("Dev %02d", i), "someone[bot]", "web-flow", "GitHub", "github-actions", "Ana@example.org", "@here", "ANA", "<@U1> [x](y)"))
	}
	n, _ := act(t, notes.Notes{}, notes.Draft{}, with(func(f *notes.Facts) { f.Found.Log = log }))
	_, names, _ := strings.Cut(n.Text, "## Contributors\n\n")
	if !strings.HasPrefix(names, "&lt;, Ana, Dev 00, Dev 01,") || !strings.HasSuffix(names, "Dev 47 and 13 more") || strings.ContainsAny(names, "@[") {
		t.Errorf("got %q", names)
	}
	edited, _ := act(t, n, notes.Edit{Text: strings.Replace(n.Text, names, "All of you.", 1)}, facts())
	log = append(log, commit("feat: last", nil, "Another"))
	edited, _ = act(t, edited, notes.Draft{}, with(func(f *notes.Facts) { f.Found.Log = log }))
	if !strings.HasSuffix(edited.Text, "## Contributors\n\nAll of you.") {
		t.Errorf("people's own thanks are lost:\n%s", edited.Text[len(edited.Text)-80:])
	}
}

func TestAFenceMustEnd(t *testing.T) {
	n, _ := act(t, notes.Notes{}, notes.Draft{}, facts())
	for _, text := range []string{"# a\n\n```go\nx", "- one\n- ~~~~\n  x\n  ~~~"} {
		_, err := notes.Decide(n, notes.Edit{Text: text}, facts())
		if err == nil || !strings.Contains(err.Error(), "the block of code that begins in line") {
			t.Errorf("%q: %v", text, err)
		}
	}
	act(t, n, notes.Edit{Text: "```` a\n```\n````\n\n```not `a` fence```"}, facts())
}

func TestEmptyRange(t *testing.T) {
	f := with(func(f *notes.Facts) { f.Found.Log = nil })
	if n, _ := act(t, notes.Notes{}, notes.Draft{}, f); !strings.Contains(n.Text, "Nothing that users see has changed.") {
		t.Errorf("got %q", n.Text)
	}
	_, err := notes.Decide(notes.Notes{}, notes.Draft{From: "HEAD"}, f)
	if err == nil || !strings.Contains(err.Error(), "nothing lies between tag v0.9 and the candidate 3f2a9c1") {
		t.Errorf("got %v", err)
	}
	f.Found.Aside = true // users have more than the candidate
	_, err = notes.Decide(notes.Notes{}, notes.Draft{}, f)
	if err == nil || !strings.Contains(err.Error(), "the candidate 3f2a9c1 brings nothing since tag v0.9") {
		t.Errorf("got %v", err)
	}
}

// many is a range of n commits, half of them of pull requests.
func many(n int) []workflows.Commit {
	var log []workflows.Commit
	for i := range n {
		c := commit(fmt.Sprintf("feat(api): thing number %d is quicker", i), nil, fmt.Sprintf("Dev %d", i%40))
		if i%2 == 0 {
			c.Pull = pull(i/4+1, fmt.Sprintf("Thing %d", i/4), "dev", "feature", "fast")
		}
		log = append(log, c)
	}
	return log
}

// BenchmarkDraft1000 drafts from a thousand commits: at first, and again into what people edited.
func BenchmarkDraft1000(b *testing.B) {
	f := with(func(f *notes.Facts) { f.Found.Log = many(1000) })
	events, err := notes.Decide(notes.Notes{}, notes.Draft{}, f)
	if err != nil {
		b.Fatal(err)
	}
	n := fold(notes.Notes{}, events, f)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			_, _ = notes.Decide(notes.Notes{}, notes.Draft{}, f)
		}
	})
	lines := strings.Split(n.Text, "\n")
	lines[4], lines[5] = lines[5]+" in our words", lines[4]
	edit := notes.Edit{Text: strings.Join(slices.Delete(lines, 10, 14), "\n")}
	b.Run("edit", func(b *testing.B) {
		for b.Loop() {
			_, _ = notes.Decide(n, edit, f)
		}
	})
	events, err = notes.Decide(n, edit, f)
	if err != nil {
		b.Fatal(err)
	}
	n = fold(n, events, f)
	again := with(func(f *notes.Facts) {
		f.Candidate, f.Found = later, found(later)
		f.Found.Log = append(log("fix: new"), many(1000)...)
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			if _, err := notes.Decide(n, notes.Draft{}, again); err != nil {
				b.Fatal(err)
			}
		}
	})
}
