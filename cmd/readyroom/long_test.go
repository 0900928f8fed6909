package main

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/readyroom/readyroom/bot/git/gittest"
)

// TestLongOnOwnHistory types the long script over this repository's own history: real commits, with Ana and Ben being its
// two most frequent authors.
func TestLongOnOwnHistory(t *testing.T) {
	t.Parallel()
	repo := gittest.New(t)
	repo.Git("clone", "--quiet", ownWorkTree(t), "../own")
	repo.Dir = filepath.Join(filepath.Dir(repo.Dir), "own")
	repo.Git("checkout", "--quiet", "-B", "main")
	authors := authorsOf(repo)
	if len(authors) < 2 || len(strings.Fields(repo.Git("rev-list", "-3", "HEAD"))) < 3 {
		t.Skip("this repository's history has one author")
	}
	config := filepath.Join(repo.Home, "team.yaml")
	example, err := os.ReadFile("../../deploy/team.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("ana@example.org", authors[0], "ben@example.org", authors[1]).Replace(string(example))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := runPiped(t, repo, longLines(t), "--config", config, "--strict")
	for _, want := range []string{"\nclosed · ", "\napp search is rolled back: ", "\n#news: app invoices · release notes\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("nothing printed begins with %q:\n%s", strings.TrimSpace(want), out)
		}
	}
}

// ownWorkTree is where this package's repository is; a copy of the source without its history skips the test.
func ownWorkTree(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		t.Skip("there is no history here")
	}
	return root
}

// authorsOf lists the addresses of a repository's authors, the most frequent first.
func authorsOf(repo *gittest.Repo) []string {
	commits := map[string]int{}
	var all []string
	for address := range strings.FieldsSeq(repo.Git("log", "--format=%ae")) {
		address = strings.ToLower(address)
		if commits[address]++; commits[address] == 1 {
			all = append(all, address)
		}
	}
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(commits[b], commits[a]) })
	return all
}

// longLines are the lines that the long script types.
func longLines(t *testing.T) string {
	t.Helper()
	script, err := txtar.ParseFile("testdata/script/long.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, f := range script.Files {
		conversation, err := parseTalk(string(f.Data), strings.NewReplacer())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range conversation[1:] {
			lines.WriteString(e.line + "\n")
		}
	}
	return lines.String()
}

// runPiped runs the program as a process of its own in a repository, with lines from a pipe, and gives what it printed.
func runPiped(t *testing.T, repo *gittest.Repo, lines string, args ...string) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, append([]string{"console", "--clock", "simulated"}, args...)...)
	c.Dir = repo.Dir
	c.Env = []string{modeVariable + "=readyroom", "HOME=" + repo.Home, "PATH=" + repo.Path, "GORACE=" + raceQuickly}
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(lines), &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("readyroom %s: %v\n%s\n%s", strings.Join(args, " "), err, errs.String(), out.String())
	}
	return out.String()
}
