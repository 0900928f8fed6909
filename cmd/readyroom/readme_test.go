package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/git/gittest"
)

// TestReadmeTour types the tour of the README as it stands: only the two lines that are said to be refused are.
func TestReadmeTour(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, _ := strings.Cut(string(text), "## The tour")
	tour, _, _ = strings.Cut(tour, "## With a team")
	var lines []string
	for _, block := range regexp.MustCompile("(?s)```\n(.*?)```").FindAllStringSubmatch(tour, -1) {
		for l := range strings.Lines(block[1]) {
			typed, _, _ := strings.Cut(strings.TrimRight(l, "\n"), "  ")
			lines = append(lines, typed)
		}
	}
	if len(lines) < 30 {
		t.Fatalf("the tour has %d lines", len(lines))
	}
	repo := gittest.New(t)
	repo.Commit(gittest.Ana, gittest.Day(1), "feat: begin", "", "main.go", "1")
	out := runPiped(t, repo, strings.Join(lines, "\n")+"\n", "--json")
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
}
