package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// story is a script of conversations, told by a test instead of testscript, so that what is typed into the console can be
// typed into other chats as well. It knows the commands that make the repository and those that talk; what looks at what
// was printed is left to the scripts' own test.
type story struct {
	*gittest.Repo
	t       *testing.T
	lines   []string
	files   map[string]string
	commits []string // c1=ID, …
}

// scene is one conversation of a story, when its turn has come.
type scene struct {
	config string // its text; empty: readyroom.yaml, which is in the work tree
	name   string
	typed  []string
}

func readStory(t *testing.T, name string) *story {
	t.Helper()
	script, err := txtar.ParseFile(filepath.Join("testdata/script", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, files: map[string]string{}}
	for _, f := range script.Files {
		s.files[f.Name] = string(f.Data)
	}
	example, err := os.ReadFile("../../deploy/team.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s.files["$TEAM"] = string(example)
	for l := range strings.Lines(string(script.Comment)) {
		if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
			s.lines = append(s.lines, l)
		}
	}
	return s
}

var argument = regexp.MustCompile(`'[^']*'|\S+`)

// tell goes through the story in its repository, and plays each conversation.
func (s *story) tell(play func(scene)) {
	s.t.Helper()
	for _, l := range s.lines {
		var args []string
		for _, a := range argument.FindAllString(l, -1) {
			args = append(args, strings.Trim(a, "'"))
		}
		switch args[0] {
		case "app":
			s.app(args[1:])
		case "commit":
			s.commit(authorOf(args[1]), args[2], args[3:]...)
		case "git":
			s.Git(args[1:]...)
		case "cp":
			s.write(args[2], s.files[strings.TrimPrefix(args[1], "../")])
		case "talk":
			play(s.scene(args[1:]))
		case "cmp", "stdout", "!", "exec", "typed", "stdin": // of what was printed
		default:
			s.t.Fatalf("a story has no %s", args[0])
		}
	}
}

func (s *story) app(args []string) {
	s.Repo = gittest.New(s.t)
	s.t.Chdir(s.Dir)
	n := 1
	if len(args) > 0 {
		if _, err := fmt.Sscan(args[0], &n); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, c := range history[:n] {
		s.commit(authorOf(c.author), c.subject, c.path, c.subject)
	}
}

func (s *story) commit(author, subject string, files ...string) {
	n := len(s.commits) + 1
	id := s.Commit(author, firstDay.AddDate(0, 0, n-1), subject, "", files...)
	s.commits = append(s.commits, fmt.Sprintf("c%d=%s", n, id))
}

func (s *story) write(name, text string) {
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// scene reads what a talk line says.
func (s *story) scene(args []string) scene {
	last := len(args) - 1
	sc := scene{name: strings.TrimPrefix(args[last], "../")}
	for i, a := range args[:last] {
		if a == "--config" {
			sc.config = s.files[strings.TrimPrefix(args[i+1], "../")]
		}
	}
	if sc.config == "" {
		text, err := os.ReadFile(defaultConfig)
		if err != nil {
			s.t.Fatal(err)
		}
		sc.config = string(text)
	}
	to, _ := commitNames(s.commits)
	conversation, err := parseTalk(s.files[sc.name], to)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range conversation[1:] {
		sc.typed = append(sc.typed, e.line)
	}
	return sc
}

// told is one event of a ledger as two chats would agree on it.
type told struct{ Stream, Kind, By, As, At, Data string }

// configHash is that of a configuration, which differs as the accounts in it do.
var configHash = regexp.MustCompile(`"hash":"[0-9a-f]{64}"`)

// ledgerOf reads a ledger; alike rewrites what each chat calls by its own ids.
func ledgerOf(t *testing.T, dir string, alike *strings.Replacer) (all []told) {
	t.Helper()
	d, err := datadir.Open(t.Context(), dir, datadir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Store.View(t.Context(), func(tx *storage.Tx) error {
		return tx.Ledger(0, func(r ledger.Record) (bool, error) {
			all = append(all, told{string(r.Stream), r.Kind, r.By.At(), string(r.As), r.At.Format(time.RFC3339), configHash.ReplaceAllString(alike.Replace(string(r.Data)), `"hash":""`)})
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
