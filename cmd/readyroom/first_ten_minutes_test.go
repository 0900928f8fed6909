package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/git/gittest"
)

// TestFirstTenMinutes types what a newcomer is shown, as it stands, and holds the first line of each answer to what
// they are shown beside it.
func TestFirstTenMinutes(t *testing.T) {
	text, err := os.ReadFile("testdata/first_ten_minutes.txt")
	if err != nil {
		t.Fatal(err)
	}
	banner, steps := parseTable(string(text))
	repo := gittest.New(t)
	names := []string{"3f2a9c1", repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "", "main.go", "1")[:7], "14:02", "09:02"}
	t.Chdir(repo.Dir)
	t.Setenv("HOME", repo.Home)

	you := &typist{}
	for _, s := range steps {
		you.lines = append(you.lines, s.typed)
	}
	you.before = func(line int) {
		if line < len(steps) && steps[line].commit {
			names = append(names, "8be1d02", repo.Commit(gittest.Ana, gittest.Day(2), "Go on", "", "main.go", "2")[:7])
		}
	}
	if code := run(t.Context(), []string{"console", "--clock", "simulated"}, you, you, os.Stderr); code != 0 {
		t.Fatalf("exit %d", code)
	}
	you.note()
	actual := strings.NewReplacer(names...)
	checkLines(t, "the banner", you.answers[0], actual.Replace(banner))
	for i, s := range steps {
		checkLines(t, s.typed, you.answers[i+1], actual.Replace(s.want))
	}
}

// checkLines compares the first lines of what was printed with as many as were wanted.
func checkLines(t *testing.T, typed, said, want string) {
	t.Helper()
	got := strings.Split(said, "\n")
	for i, w := range strings.Split(want, "\n") {
		g := ""
		if i < len(got) {
			g = strings.TrimSpace(got[i])
		}
		if g != w {
			t.Errorf("> %s\n got: %s\nwant: %s", typed, g, w)
		}
	}
}

// step is one row of the table.
type step struct {
	typed, want string
	commit      bool // something was committed before it
}

var (
	rowPattern = regexp.MustCompile(`^> (.*?)(?:\s+(\(after a commit\))\s|\s{2,})\s*(.*)$`)
	alsoPosted = regexp.MustCompile(`^(.*?)\s+\(and (#\S+: .*)\)$`)
)

// parseTable reads "> typed   the answer's first line" below "$ command" and the indented lines of its banner. An answer
// may name what is posted besides: "(and #general: …)".
func parseTable(text string) (banner string, steps []step) {
	var heads []string
	for l := range strings.Lines(text) {
		switch g := rowPattern.FindStringSubmatch(strings.TrimRight(l, "\n")); {
		case g != nil:
			s := step{typed: g[1], want: alsoPosted.ReplaceAllString(g[3], "$1\n$2"), commit: g[2] != ""}
			steps = append(steps, s)
		case !strings.HasPrefix(l, "$"):
			heads = append(heads, strings.TrimSpace(l))
		}
	}
	return strings.Join(heads, "\n"), steps
}

// TestTable holds the reading of the table to its rows.
func TestTable(t *testing.T) {
	banner, steps := parseTable("$ x\n  a\n  b\n> one -- two   1   2\n> three    (after a commit) 3\n> four  4    (and #c: 5)\n")
	want := []step{{"one -- two", "1   2", false}, {"three", "3", true}, {"four", "4\n#c: 5", false}}
	if banner != "a\nb" || len(steps) != len(want) {
		t.Fatalf("banner %q, %d steps", banner, len(steps))
	}
	for i := range want {
		if steps[i] != want[i] {
			t.Errorf("step %d is %+v, want %+v", i, steps[i], want[i])
		}
	}
}
