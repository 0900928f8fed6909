package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/internal/golden"
)

// TestScripts runs testdata/script: one behaviour a script. Beside testscript's own commands there are:
//
//	app [N]                              makes the repository app with N commits (1) in $WORK and goes there; $c1 … are their ids
//	commit AUTHOR SUBJECT [PATH TEXT]    adds a commit, the next of $c1, $c2, …
//	git ARGS                             runs git there
//	typed OUT FILE...                    writes the lines that are typed in the files, for stdin
//	fetch CODE PATH                      gets http://$ADDR/PATH for stdout, waiting until it is answered with CODE
//	mask FILE PATTERN WORD               puts a word in the place of what matches in a file
//	grab NAME FILE PATTERN               sets $NAME to what the pattern's brackets match in a file
//	github WORDS                         has something happen at GitHub, which begins with the first such line: see githubCmd
//	talk [FLAGS OF THE CONSOLE] FILE     types the file's lines; cmp stdout FILE then holds the answers to the file
func TestScripts(t *testing.T) {
	example, err := filepath.Abs("../../deploy/team.yaml")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Values[repository] = &fixture{t: e.T().(testing.TB)}
			e.Setenv("TEAM", example)
			e.Setenv("GORACE", raceQuickly)
			e.Setenv("ADDR", freeAddress(e.T().(testing.TB)))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"app": appCmd, "commit": commitCmd, "git": gitCmd, "typed": typedCmd, "fetch": fetchCmd, "mask": maskCmd, "grab": grabCmd,
			"github": githubCmd,
		},
		UpdateScripts: golden.Update(),
	})
}

const repository = "repository"

// raceQuickly keeps a race-enabled program from sleeping a second before it exits.
const raceQuickly = "atexit_sleep_ms=0"

// fixture is the repository of one script.
type fixture struct {
	*gittest.Repo
	t   testing.TB
	n   int  // commits
	hub *hub // nil: nobody spoke of GitHub
}

func (f *fixture) commit(ts *testscript.TestScript, author, subject string, files ...string) {
	f.n++
	id := f.Commit(author, firstDay.AddDate(0, 0, f.n-1), subject, "", files...)
	ts.Setenv(fmt.Sprintf("c%d", f.n), id)
}

// firstDay is of the first commit: long enough before the simulated clock's beginning for the fixtures' histories.
var firstDay = time.Date(2025, time.November, 1, 9, 0, 0, 0, time.UTC)

func authorOf(name string) string {
	return map[string]string{"ana": gittest.Ana, "ben": gittest.Ben, "mia": gittest.Mia}[name]
}

func appCmd(ts *testscript.TestScript, _ bool, args []string) {
	f := ts.Value(repository).(*fixture)
	f.Repo = gittest.New(f.t)
	here := ts.MkAbs("app")
	ts.Check(os.Rename(f.Dir, here))
	f.Dir = here
	n := 1
	if len(args) > 0 {
		_, err := fmt.Sscan(args[0], &n)
		ts.Check(err)
	}
	for _, c := range history[:n] {
		f.commit(ts, authorOf(c.author), c.subject, c.path, c.subject)
	}
	ts.Check(ts.Chdir(f.Dir))
}

func commitCmd(ts *testscript.TestScript, _ bool, args []string) {
	ts.Value(repository).(*fixture).commit(ts, authorOf(args[0]), args[1], args[2:]...)
}

func gitCmd(ts *testscript.TestScript, _ bool, args []string) {
	ts.Value(repository).(*fixture).Git(args...)
}

// typedCmd writes the lines that are typed in conversations to a file.
func typedCmd(ts *testscript.TestScript, _ bool, args []string) {
	var typed strings.Builder
	for _, name := range args[1:] {
		conversation, err := parseTalk(ts.ReadFile(name), strings.NewReplacer())
		ts.Check(err)
		for _, e := range conversation[1:] {
			typed.WriteString(e.line + "\n")
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(typed.String()), 0o600))
}

// grabCmd keeps a part of a file for later lines.
func grabCmd(ts *testscript.TestScript, _ bool, args []string) {
	pattern, err := regexp.Compile(args[2])
	ts.Check(err)
	found := pattern.FindStringSubmatch(ts.ReadFile(args[1]))
	if len(found) != 2 {
		ts.Fatalf("%s does not match in %s", args[2], args[1])
	}
	ts.Setenv(args[0], found[1])
}
