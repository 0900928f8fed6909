package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/readyroom/readyroom/bot/git/gittest"
)

// TestSecondProcess starts a second console on data that is open: it is refused, and the first goes on.
func TestSecondProcess(t *testing.T) {
	repo := gittest.New(t)
	repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "")
	t.Chdir(repo.Dir)
	console := []string{"console", "--data", filepath.Join(t.TempDir(), "data")}
	var said bytes.Buffer
	code := 0
	first := &typist{lines: []string{"new app@1.0.0", "list"}}
	first.before = func(line int) {
		if line == 1 {
			code = run(t.Context(), console, strings.NewReader("list\n"), &said, &said)
		}
	}
	if got := run(t.Context(), append(console, "--strict"), first, first, os.Stderr); got != 0 {
		t.Errorf("the first console ended with %d", got)
	}
	first.note()
	want := regexp.MustCompile(`data is open in another process.* → .*--data`)
	if code != 2 || !want.MatchString(said.String()) {
		t.Errorf("the second console ended with %d and said %q", code, said.String())
	}
	if got := first.answers[2]; !strings.Contains(got, "app@1.0.0") {
		t.Errorf("the first console lists %q", got)
	}
}

// TestLongLines types lines of every length around the limits: each is answered in one line of moderate length.
func TestLongLines(t *testing.T) {
	repo := gittest.New(t)
	repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "")
	t.Chdir(repo.Dir)
	long := strings.Repeat("x", 2048)
	you := &typist{lines: []string{"new app@1.0.0", long, "sign " + long, "sign tests -- " + long, "new app@" + long,
		"set --title " + long, "status " + long, strings.Repeat(long, 4), strings.Repeat(long, 40), "@" + long, "!" + long, "check"}}
	if got := run(t.Context(), []string{"console", "--clock", "simulated"}, you, you, os.Stderr); got != 0 {
		t.Errorf("exit %d", got)
	}
	you.note()
	want := []string{"", "unknown_command: ", "unknown_item: ", "ok ga.ready/tests · ", "invalid: ", "", "", "invalid: the line is 8192 bytes long",
		"invalid: a line holds up to 65536 bytes", "unknown_person: ", "unknown_command: ", "NO-GO 1/3 · "}
	for i, w := range want {
		got := you.answers[i+1]
		if !strings.HasPrefix(got, w) {
			t.Errorf("> %.40s…\n got: %.200s\nwant: %s", you.lines[i], got, w)
		}
		if strings.Contains(got, long[:400]) {
			t.Errorf("> %.40s… is said again at length: %.500s", you.lines[i], got)
		}
	}
}

// refusal is how the first line of a refusal begins: its reason.
var refusal = regexp.MustCompile(`^(NO-GO \([a-z_]+\)|[a-z]+(_[a-z]+)*)(: |\. Nearest)`)

// TestRefusalsLeadOn holds every refusal that the scripts show to what a refusal owes people: a line to type next, or a
// choice of lines.
func TestRefusalsLeadOn(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	seen := 0
	for _, name := range files {
		script, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range script.Files {
			conversation, err := parseTalk(string(f.Data), strings.NewReplacer())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range conversation[1:] {
				if len(e.want) == 0 || !refusal.MatchString(e.want[0]) {
					continue
				}
				seen++
				if !strings.Contains(strings.Join(e.want, "\n"), " → ") {
					t.Errorf("%s, %s: %s\n%s", name, f.Name, e.typed, e.want[0])
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d refusals were found", seen)
	}
}
