package git_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
)

const roadmap = "\ufeff# Roadmap\r\n" + `
Intro, #1 is mentioned.

Milestone 1.0
-------------
1. First [thing](https://example.org/first)
2) Second #2

Sub
===

## Milestone 1.2.0 (June)
- [x] Save as a file ([#12](https://github.com/acme/app/issues/12)) (for @ana)
- [ ] **Totals** of a ` + "`day`" + `: #13 {money} {bug} (for <https://tickets.example.org/t/7>, @ben)
  - by currency
    - rounded
  and by customer
* ABC-12: dark mode,
  also for charts

### Later in the same
+ Faster start
- <https://example.org/wishes/speed>

` + "```" + `
## 1.3.0
- not an item
` + "```" + `

## 1.2.0 ##
text
## Ünïcode ✓
- Ä
## Empty

no list
## Twice
- a
## twice
- b
`

func planned(t *testing.T, r *gittest.Repo, name string) []workflows.Planned {
	t.Helper()
	return look(t, r, workflows.Query{Milestone: name}).Planned
}

// A milestone is a heading and the list under it; details below an item are the item's own.
func TestMilestones(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "plan", "", "ROADMAP.md", roadmap)
	june := []workflows.Planned{
		{Ref: "https://github.com/acme/app/issues/12", Title: "Save as a file", For: []string{"@ana"}},
		{Ref: "#13", Title: "Totals of a day and by customer", For: []string{"https://tickets.example.org/t/7", "@ben"}, Labels: []string{"money", "bug"}},
		{Ref: "ABC-12", Title: "dark mode, also for charts"},
		{Title: "Faster start"},
		{Ref: "https://example.org/wishes/speed"},
	}
	june[1].Title = "Totals of a day" // what is wrapped under a detail is the detail's
	for name, want := range map[string][]workflows.Planned{
		"Milestone 1.2.0 (June)": june,
		"milestone 1.2.0":        june,
		"1.0":                    {{Ref: "https://example.org/first", Title: "First thing"}, {Ref: "#2", Title: "Second"}},
		"Later in the same":      june[3:],
		"same":                   june[3:],
		"ünïcode ✓":              {{Title: "Ä"}},
	} {
		if diff := cmp.Diff(want, planned(t, r, name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What cannot be read as a milestone is refused, with what there is.
func TestMilestonesThatAreNone(t *testing.T) {
	r := gittest.New(t)
	r.Commit(gittest.Ana, gittest.Day(1), "none", "")
	ask := func(q workflows.Query) error {
		_, err := over(r).Look(t.Context(), q)
		return err
	}
	refused(t, ask(workflows.Query{Milestone: "1.0"}), "no_roadmap", "ROADMAP.md")
	r.Commit(gittest.Ana, gittest.Day(2), "plan", "", "ROADMAP.md", roadmap, "docs/plan.md", "# 9\n- nine\n", "big.md", strings.Repeat("# x\n", 1<<19))
	refused(t, ask(workflows.Query{Milestone: "1.2.0"}), "unknown_milestone", "nothing is listed under «1.2.0»") // that heading bears the name itself
	refused(t, ask(workflows.Query{Milestone: "1.2.1"}), "unknown_milestone", "Nearest: 1.2.0")
	refused(t, ask(workflows.Query{Milestone: "summer"}), "unknown_milestone", "1.0, 1.2.0, Later in the same")
	refused(t, ask(workflows.Query{Milestone: "Empty"}), "unknown_milestone", "nothing is listed")
	refused(t, ask(workflows.Query{Milestone: "Twice"}), workflows.Ambiguous, "2 headings")
	refused(t, ask(workflows.Query{Milestone: "1.0", Roadmap: "docs"}), "no_roadmap", "docs")
	refused(t, ask(workflows.Query{Milestone: "1.0", Roadmap: "../../etc/passwd"}), "no_roadmap")
	refused(t, ask(workflows.Query{Milestone: "1.0", Roadmap: "big.md"}), workflows.Invalid, "longer than")
	if diff := cmp.Diff([]workflows.Planned{{Title: "nine"}}, look(t, r, workflows.Query{Milestone: "9", Roadmap: "docs/plan.md"}).Planned); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]workflows.Planned{{Title: "nine"}}, look(t, r, workflows.Query{Milestone: "9", Roadmap: "./docs/../docs/plan.md"}).Planned); diff != "" {
		t.Error(diff)
	}
}

// A message is searched whole: subject, body, trailers; what only a merge says counts for the range, whatever the paths.
func TestMentionsOfTheLog(t *testing.T) {
	r := gittest.New(t)
	base := r.Commit(gittest.Ana, gittest.Day(1), "root (#1)", "")
	r.Branch("topic")
	r.Commit(gittest.Ben, gittest.Day(2), "feat: save", "Told by a customer, see ABC-7.\n\nCloses: #12\nCo-authored-by: Mia <mia@example.org>", "topic/a", "1")
	r.Checkout("main")
	r.Commit(gittest.Ana, gittest.Day(3), "docs", "", "docs/a", "1")
	r.Git("merge", "--no-ff", "--message", "Merge pull request #13 from ben/topic", "topic")
	found := look(t, r, workflows.Query{Log: true, Since: base, Paths: []string{"docs"}})
	if diff := cmp.Diff([]string{"#13", "ABC-7", "#12"}, found.Mentions); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"#13"}, found.Commit.Mentions); diff != "" || len(found.Log) != 1 || found.Log[0].Mentions != nil {
		t.Errorf("%s; the log within docs: %+v", diff, found.Log)
	}
	first := look(t, r, workflows.Query{Ref: base})
	if diff := cmp.Diff([]string{"#1"}, first.Commit.Mentions); diff != "" || first.Mentions != nil {
		t.Errorf("%s %v", diff, first.Mentions)
	}
}

// The files are those of the commit, of a merge all that it brought; nobody gets them who does not ask.
func TestFilesOfACommit(t *testing.T) {
	r := gittest.New(t)
	root := r.Commit(gittest.Ana, gittest.Day(1), "root", "", "a", "1", "odd\nname", "1")
	r.Branch("topic")
	r.Commit(gittest.Ben, gittest.Day(2), "one", "", "topic/a", "1")
	r.Commit(gittest.Ben, gittest.Day(3), "two", "", "topic/b", "1")
	r.Checkout("main")
	r.Commit(gittest.Ana, gittest.Day(4), "main", "", "a", "2")
	merge := r.Merge(gittest.Mia, gittest.Day(5), "topic")
	empty := r.Commit(gittest.Ana, gittest.Day(6), "empty", "")
	for ref, want := range map[string][]string{root: {"a", "odd\nname"}, merge: {"topic/a", "topic/b"}, merge + "^1": {"a"}, empty: nil} {
		got := look(t, r, workflows.Query{Ref: ref, Files: true}).Commit.Files
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("%s: %s", ref, diff)
		}
	}
	if found := look(t, r, workflows.Query{Log: true, Files: true, OwnFiles: true}); found.Commit.Files == nil || slices.ContainsFunc(found.Log, func(c workflows.Commit) bool { return c.Files != nil }) {
		t.Errorf("only the commit's own: %+v", found)
	}
	if found := look(t, r, workflows.Query{Log: true}); found.Commit.Files != nil || slices.ContainsFunc(found.Log, func(c workflows.Commit) bool { return c.Files != nil }) {
		t.Errorf("unasked: %+v", found)
	}
	small := git.New(git.Options{Path: r.Path, Home: r.Home, Dir: r.Dir, Limit: 1000})
	for i := range 100 {
		r.Write("many/"+strings.Repeat("x", 20)+string(rune('0'+i%10))+string(rune('a'+i/10)), "1")
	}
	r.Commit(gittest.Ana, gittest.Day(7), "many", "")
	if _, err := small.Look(t.Context(), workflows.Query{Files: true}); err == nil {
		t.Error("more was read than may be")
	}
}
