package main_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

const module = "github.com/readyroom/readyroom"

var (
	words = []string{"workflows"}
	judge = []string{"workflows", "workflows/policy"}
	// streams are the rooms that hold one kind of thing each and do not know each other.
	streams = with(judge, "workflows/release", "workflows/flag", "workflows/notes", "workflows/briefing",
		"workflows/feedback", "workflows/retro", "workflows/team", "workflows/people", "workflows/places", "workflows/tags", "workflows/calendar")
	// rooms are all of workflows but the desk, and what gives the desk a second opinion.
	rooms = with(streams, "workflows/todo", "workflows/metrics", "workflows/evidence", "workflows/ledger")
	// kits are the fakes, the conformance suites and what compares with files: only tests import them.
	kits = []string{"bot/chattest", "bot/chattest/discordfake", "bot/chattest/githubfake", "bot/chattest/slackfake", "bot/chattest/wire", "bot/git/gittest",
		"bot/lines/linestest", "internal/golden", "storage/storagetest"}
	// everything is the row of the package that wires the others: all of ours but the kits.
	everything = []string{"*"}
)

// house says what each package of ours may import of ours. A package without a row is refused, so that a new one is
// placed on purpose. The depguard rules of .golangci.yml are held to the same rows.
var house = map[string][]string{
	"workflows":                {},
	"workflows/policy":         words,
	"workflows/release":        judge,
	"workflows/flag":           judge,
	"workflows/notes":          judge,
	"workflows/briefing":       judge,
	"workflows/feedback":       judge,
	"workflows/retro":          judge,
	"workflows/team":           judge,
	"workflows/people":         words,
	"workflows/places":         words,
	"workflows/tags":           words,
	"workflows/calendar":       judge,
	"workflows/todo":           streams,
	"workflows/metrics":        streams,
	"workflows/ledger":         words,
	"workflows/evidence":       with(streams, "workflows/ledger"),
	"workflows/reading":        with(streams, "workflows/ledger"),
	"workflows/desk":           with(rooms, "storage", "workflows/reading"),
	"storage":                  {"storage/internal/tree", "workflows", "workflows/ledger"},
	"storage/internal/tree":    {},
	"storage/bolt":             {"storage"},
	"storage/memory":           {"storage", "storage/internal/tree"},
	"storage/postgres":         {"storage"},
	"storage/datadir":          {"storage", "storage/bolt", "workflows", "workflows/ledger"},
	"storage/storagetest":      {"storage", "workflows", "workflows/ledger"},
	"bot/chat":                 words,
	"bot/chattest":             {"bot/chat", "workflows"},
	"bot/chattest/wire":        {},
	"bot/chattest/slackfake":   {"bot/chattest/wire"},
	"bot/chattest/discordfake": {"bot/chattest/wire"},
	"bot/chattest/githubfake":  {"bot/chattest/wire"},
	"bot/lines":                {"bot/chat", "workflows"},
	"bot/lines/linestest":      {"bot/chat", "bot/lines", "workflows"},
	"bot/listen":               {"bot/chat", "workflows"},
	"bot/cards":                with(rooms, "bot/chat"),
	"bot/console":              {"bot/chat", "workflows"},
	"bot/slack":                {"bot/chat", "bot/lines", "bot/listen", "bot/slack/blocks", "workflows"},
	"bot/slack/blocks":         {"bot/chat", "bot/lines", "workflows"},
	"bot/discord":              {"bot/chat", "bot/discord/embeds", "bot/discord/tree", "bot/lines", "bot/listen", "workflows"},
	"bot/discord/embeds":       {"bot/chat", "bot/lines", "workflows"},
	"bot/discord/tree":         {"bot/chat", "workflows"},
	"bot/git":                  words,
	"bot/git/gittest":          {"bot/git", "workflows"},
	"bot/github":               {"bot/chat", "bot/listen", "workflows"},
	"bot/web":                  {"bot/chat", "workflows", "workflows/flag"},
	"bot":                      with(rooms, "bot/cards", "bot/chat", "storage"),
	"commands":                 with(rooms, "bot/cards", "bot/chat"),
	"internal/golden":          {},
	"cmd/readyroom":            everything,
	"cmd/readyroom/child":      {},
	"cmd/readyroom/config":     everything,
}

func with(base []string, more ...string) []string {
	all := slices.Concat(base, more)
	slices.Sort(all)
	return all
}

// TestHouse holds the repository to its import table.
func TestHouse(t *testing.T) {
	for _, c := range complaints(t, os.DirFS("../..")) {
		t.Error(c)
	}
}

// TestHouseNotices builds houses that break one rule each: a rule that cannot fail is no rule.
func TestHouseNotices(t *testing.T) {
	imports := func(paths ...string) string { return "package p\nimport (\"" + strings.Join(paths, "\"\n\"") + "\")\n" }
	approves := "package p\nimport w \"" + module + "/workflows\"\nvar public = w.Approved(\"text\")\n"
	tests := []struct{ name, file, text, want string }{
		{"a good row", "workflows/todo/a.go", imports("time", "net/url", module+"/workflows/calendar"), ""},
		{"a test may use a kit", "bot/a_test.go", imports(module + "/bot/chattest"), ""},
		{"testdata is no code", "commands/testdata/a.go", "not Go", ""},
		{"rooms are strangers", "workflows/flag/a.go", imports(module + "/workflows/release"), "workflows/flag/a.go: workflows/flag may not import workflows/release"},
		{"the desk is not read by cards", "bot/cards/a.go", imports(module + "/workflows/desk"), "bot/cards/a.go: bot/cards may not import workflows/desk"},
		{"no kit in production", "cmd/readyroom/a.go", imports(module + "/bot/git/gittest"), "cmd/readyroom/a.go: cmd/readyroom may not import bot/git/gittest"},
		{"no package without a row", "bot/pager/a.go", "package pager", "bot/pager has no row in the import table"},
		{"nor one of tests alone", "bot/pager/a_test.go", "package pager", "bot/pager has no row in the import table"},
		{"nothing at the root", "a.go", "package readyroom", "a.go: no Go file at the root"},
		{"rooms read no files", "workflows/team/a.go", imports("os"), "workflows/team/a.go: a room may not import os"},
		{"rooms know no network", "workflows/a.go", imports("net/http"), "workflows/a.go: a room may not import net/http"},
		{"rooms throw no dice", "workflows/flag/a.go", imports("math/rand/v2"), "workflows/flag/a.go: a room may not import math/rand/v2"},
		{"programs are run by bot/git", "bot/web/a.go", imports("os/exec"), "bot/web/a.go: only bot/git and cmd/readyroom/child run programs"},
		{"the program runs itself again", "cmd/readyroom/child/a.go", imports("os/exec"), ""},
		{"bot/git runs programs", "bot/git/a.go", imports("os/exec"), ""},
		{"notes approve", "workflows/notes/a.go", approves, ""},
		{"cards do not", "bot/cards/a.go", approves, "bot/cards/a.go: only a fold of an approval makes text public with workflows.Approved"},
		{"nor do the words", "workflows/a.go", "package workflows\nvar x = Approved(\"\")", "workflows/a.go: only a fold of an approval makes text public with workflows.Approved"},
		{"nor by another name", "bot/a.go", strings.Replace(approves, "import w", "import .", 1), "bot/a.go: only a fold of an approval makes text public with workflows.Approved"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(complaints(t, fstest.MapFS{tt.file: {Data: []byte(tt.text)}}), "\n")
			if got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestLintKnowsTheHouse compares the depguard rules with the table, so that an editor's lint and the test agree.
func TestLintKnowsTheHouse(t *testing.T) {
	type rule struct {
		Mode  string   `yaml:"list-mode"`
		Files []string `yaml:"files"`
		Allow []string `yaml:"allow"`
		Deny  []struct {
			Pkg  string `yaml:"pkg"`
			Desc string `yaml:"desc"`
		} `yaml:"deny"`
	}
	var lint struct {
		Linters struct {
			Settings struct {
				Depguard struct{ Rules map[string]rule }
			}
		}
	}
	text, err := os.ReadFile("../../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &lint); err != nil {
		t.Fatal(err)
	}
	rules := lint.Linters.Settings.Depguard.Rules
	for pkg, may := range house {
		r := rules[pkg]
		var denied []string
		for _, d := range r.Deny {
			denied = append(denied, d.Pkg)
		}
		allow, deny := may, []string{module}
		if slices.Equal(may, everything) {
			allow, deny = nil, prefixed(kits, "")
		}
		want := rule{Mode: "lax", Files: []string{"${config-path}/" + pkg + "/*.go", "!$test"}, Allow: prefixed(allow, "$"), Deny: r.Deny}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("depguard rule %s (-table +lint):\n%s", pkg, diff)
		}
		if diff := cmp.Diff(deny, denied); diff != "" {
			t.Errorf("depguard rule %s denies (-table +lint):\n%s", pkg, diff)
		}
	}
	for name := range rules {
		if _, ok := house[name]; !ok && name != "pure" && name != "programs" {
			t.Errorf("depguard rule %s is of no package in the table", name)
		}
	}
}

func prefixed(pkgs []string, end string) []string {
	var full []string
	for _, p := range pkgs {
		full = append(full, module+"/"+p+end)
	}
	return full
}
