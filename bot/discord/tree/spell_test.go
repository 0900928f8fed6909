package tree

import (
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
)

func TestSpell(t *testing.T) {
	rows := []chat.Command{{Path: []string{"sign"}}, {Path: []string{"item", "show"}}, {Path: []string{"notes", "draft"}}, {Path: []string{"flag", "set"}}}
	spell := Spell(rows)
	for text, want := range map[string]string{
		"GO 3/3 → /release notes draft · /release flag set invoices 10%": "GO 3/3 → /notes draft · /flag set invoices 10%",
		"/release notes draft":                       "/notes draft",
		"→ /release sign tests · /release item show": "→ /release sign tests · /release item show",
		"somebody said /release notes draft once":    "somebody said /release notes draft once",
		"→ /release notesy":                          "→ /release notesy",
	} {
		if got := spell(text); got != want {
			t.Errorf("%q is spelled %q, want %q", text, got, want)
		}
	}
	if got := Spell(nil)("→ /release notes"); got != "→ /release notes" {
		t.Errorf("without groups of their own it is %q", got)
	}
}
