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

func TestSpellLine(t *testing.T) {
	all := append(rows(), chat.Command{Path: []string{"set"}, Params: []chat.Param{
		{Name: "target", Kind: chat.KindDate, Option: true}, {Name: "here", Kind: chat.KindSwitch, Option: true},
		{Name: "reason", Kind: chat.KindRest}, {Name: "rel", Kind: chat.KindRelease, Option: true}}},
		chat.Command{Path: []string{"ask"}, Params: []chat.Param{{Name: "item", Kind: chat.KindItem}, {Name: "vote", Kind: chat.KindChoice, Choices: []string{"ok", "block"}},
			{Name: "url", Kind: chat.KindURL}, {Name: "who", Kind: chat.KindPerson}, {Name: "rel", Kind: chat.KindRelease, Option: true}}})
	for line, want := range map[string]string{
		"/release status":                                         "/release status",
		"/release status app@1.0.0":                               "/release status rel:app@1.0.0",
		"/release status shop":                                    "/release status rel:shop",
		"/release flag set invoices 10%":                          "/flag set flag:invoices to:10%",
		"/release flag set app@1.0.0 invoices 10%":                "/flag set rel:app@1.0.0 flag:invoices to:10%",
		"/release flag set shop invoices 10%":                     "/flag set rel:shop flag:invoices to:10%",
		"/release flag":                                           "/flag list",
		"/release flag app@1":                                     "/flag list app@1",
		"/release flag nosuch x":                                  "/flag nosuch x",
		"/release item":                                           "/release item list",
		"/release sign tests -- why so, and -- how":               "/release sign item:tests note:why so, and -- how",
		"/release sign tests block --dry-run":                     "/release sign item:tests vote:block dry-run:True",
		"/release sign ITEM[,ITEM] [ok|block] [-- note]":          "/release sign item:ITEM[,ITEM] [vote:ok|block] [note:note]",
		`/release sign "two words"`:                               "/release sign item:two words",
		"/release set --here":                                     "/release set here:True",
		"/release set --target=friday":                            "/release set target:friday",
		`/release set app@1 --target "friday 17:00"`:              "/release set rel:app@1 target:friday 17:00",
		"/release set [--target DATE] …":                          "/release set [target:DATE] …",
		"/release item waive never @ana":                          "/release item waive until:never who:@ana",
		"/release item waive @ana":                                "/release item waive who:@ana",
		"/release ask tests https://x.example":                    "/release ask item:tests url:https://x.example",
		"/release ask tests URL @…":                               "/release ask item:tests url:URL who:@…",
		"/release flag set invoices 10% and more of it than fits": "/flag set invoices 10% and more of it than fits",
		"/release flag set invoices --unknown x":                  "/flag set invoices --unknown x",
		"/release confirm k3f9 no":                                "/release confirm k3f9 no",
		"sign tests":                                              "sign tests",
	} {
		if got := SpellLine(all, line); got != want {
			t.Errorf("%q is spelled %q, want %q", line, got, want)
		}
	}
	spell := Spell(all)
	for text, want := range map[string]string{
		"ok → /release flag set invoices 10% · /release sign tests. Then go": "ok → /flag set flag:invoices to:10% · /release sign item:tests. Then go",
		"it is so → /release set --here, in a free one":                      "it is so → /release set here:True, in a free one",
		"one: /release flag list; another: /release status app@1 — both":     "one: /flag list; another: /release status rel:app@1 — both",
		"e.g. /release set --target friday":                                  "e.g. /release set target:friday",
		"say /release flag list, and → /release flag list.":                  "say /release flag list, and → /flag list.",
		`→ /release sign "a · b" · more`:                                     "→ /release sign item:a · b · more",
		"/release flag list":                                                 "/flag list",
		"/release flag · list, set":                                          "/flag · list, set",
		"/release item · list, waive":                                        "/release item · list, waive",
		"/release flag set FLAG TO · Open a flag":                            "/flag set flag:FLAG to:TO · Open a flag",
		"go on → /release flag · or wait":                                    "go on → /flag list · or wait",
		"it is off (→ /release flag set invoices 10%), and stays":            "it is off (→ /flag set flag:invoices to:10%), and stays",
		"/released flag list":                                                "/released flag list",
	} {
		if got := spell(text); got != want {
			t.Errorf("%q is spelled %q, want %q", text, got, want)
		}
	}
}
