package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/git/gittest"
)

// TestReadmeTour types the tour of the README as it stands: only the two lines that are said to be refused are. What is
// typed as a team is typed with its configuration and data of its own.
func TestReadmeTour(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, _ := strings.Cut(string(text), "## The tour")
	tour, _, _ = strings.Cut(tour, "## With a team")
	var alone, team []string
	for _, block := range regexp.MustCompile("(?s)```\n(.*?)```").FindAllStringSubmatch(tour, -1) {
		lines := &alone
		if strings.HasPrefix(block[1], "@") {
			lines = &team
		}
		for l := range strings.Lines(block[1]) {
			typed, _, _ := strings.Cut(strings.TrimRight(l, "\n"), "  ")
			*lines = append(*lines, typed)
		}
	}
	if len(alone) < 30 || len(team) < 10 {
		t.Fatalf("the tour has %d lines, %d as a team", len(alone), len(team))
	}
	repo := gittest.New(t)
	repo.Commit(gittest.Ana, gittest.Day(1), "feat: begin", "", "main.go", "1")
	out := runPiped(t, repo, strings.Join(alone, "\n")+"\n", "--json")
	refused := regexp.MustCompile(`"refusal":\{"reason":"([^"]*)"`).FindAllStringSubmatch(out, -1)
	var reasons []string
	for _, r := range refused {
		reasons = append(reasons, r[1])
	}
	if got := strings.Join(reasons, " "); got != "not_ready gate_closed" {
		t.Errorf("refused: %s", got)
	}
	if !strings.Contains(out, "app invoices is rolled back: in tech preview, on hold") {
		t.Error("the tour does not end with the rollback")
	}
	example, err := filepath.Abs("../../deploy/team.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out = runPiped(t, repo, strings.Join(team, "\n")+"\n", "--strict", "--config", example, "--data", "team-data")
	for _, want := range []string{"by breaking the glass: nobody can log in", "ok ga.done/review-glass · @mia as release-manager", "overrides · what is owed"} {
		if !strings.Contains(out, want) {
			t.Errorf("the team's tour lacks %q:\n%s", want, out)
		}
	}
}

// TestReadmeTeam: the configuration that the README shows for Slack is sound as it stands.
func TestReadmeTeam(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)```\n(owners: .*?)```").FindSubmatch(text)
	if shown == nil {
		t.Fatal("it shows none")
	}
	file := filepath.Join(t.TempDir(), defaultConfig)
	writeFile(t, file, string(shown[1]))
	if out, code := says(t, "lint", file); code != 0 || !strings.Contains(out, "is sound · people 1 · roles 1 · products 1") {
		t.Errorf("answered with %d: %s", code, out)
	}
}

// TestReadmeCommunity: the configuration that the README shows for Discord is the smallest one of deploy, in six lines, and
// it is sound as it stands.
func TestReadmeCommunity(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	file := "../../deploy/community.yaml"
	community, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for l := range strings.Lines(string(community)) {
		if strings.TrimSpace(l) != "" && !strings.HasPrefix(l, "#") {
			lines = append(lines, l)
		}
	}
	if len(lines) != 6 || !strings.Contains(string(text), "```\n"+strings.Join(lines, "")+"```\n") {
		t.Errorf("it has %d lines, and the README must show them as they stand:\n%s", len(lines), strings.Join(lines, ""))
	}
	out, code := says(t, "lint", file)
	if code != 0 || !strings.Contains(out, "is sound · people 2 · roles 0 · products 1 · audiences 1 · templates 0 · warnings 1 ") {
		t.Errorf("answered with %d: %s", code, out)
	}
}

// TestReadmeGitHub: what the README and the example say of a product on GitHub is sound as it stands.
func TestReadmeGitHub(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)```\n(products:\n.*?)```").FindSubmatch(text)
	if shown == nil {
		t.Fatal("it shows none")
	}
	file := filepath.Join(t.TempDir(), defaultConfig)
	writeFile(t, file, "owners: [ana]\npeople: {ana: {code: none}, ben: {code: none}}\nroles: {'*': [ana, ben]}\n"+string(shown[1]))
	for _, file := range []string{file, "../../deploy/github.yaml"} {
		if out, code := says(t, "lint", file); code != 0 || !strings.Contains(out, "is sound · people 2 · roles 1 · products 1 · audiences 0 · templates 0 · warnings 0 ") {
			t.Errorf("%s: answered with %d: %s", file, code, out)
		}
	}
}
