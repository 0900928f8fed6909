package commands

import (
	"slices"
	"testing"
)

// TestWhichWordNamesTheRelease: a word of a line whose command asks for what is missing names the release only where
// nothing else can be meant by it. Here app and docs are products.
func TestWhichWordNamesTheRelease(t *testing.T) {
	for _, c := range []struct {
		text    string
		press   bool
		release string
		missing []string
	}{
		{"sign app", false, "app", []string{"item"}},
		{"sign app tests", false, "app", nil},
		{"sign 17", true, "17", []string{"item"}},
		{"item assign", false, "", []string{"item", "who"}},
		{"item assign docs", false, "docs", []string{"item", "who"}}, // as in sign docs: the form says which release it is about
		{"item assign docs @mia", false, "", nil},
		{"item assign app docs @mia", false, "app", nil},
		{"item assign 17", true, "17", []string{"item", "who"}},
		{"item assign 17 ga.ready/tests", true, "17", []string{"who"}},
		{"item ask docs", false, "", nil}, // the word is all that was missing
		{"item ask app docs", false, "app", nil},
		{"item ask 17 ga.ready/tests", true, "17", nil},
		{"item waive 17 ga.ready/tests", true, "17", []string{"who", "until", "reason"}},
		{"scope add app@invoices", false, "", nil}, // the feature is what is planned
		{"scope add app@2.0.0 app@invoices", false, "app@2.0.0", nil},
		{"scope add --rel 17", true, "17", []string{"what"}},
		{"candidate set app", false, "", nil}, // a branch may be called so
		{"candidate set app HEAD", false, "app", nil},
		{"candidate set --rel 17", true, "17", []string{"ref"}},
		{"candidate set", false, "", []string{"ref"}},
		{"item add docs", false, "", nil},
		{"item add app runbook", false, "app", nil},
		{"flag new app", false, "", nil},
		{"flag set docs on", false, "", nil}, // a flag may be called as a product is
		{"flag set app docs on", false, "app", nil},
		{"flag set 2026 10%", true, "", nil}, // the buttons of a flag name the flag
		{"flag set 2026", true, "", []string{"to"}},
		{"flag kill 2026", true, "", []string{"reason"}},
		{"hold 17", true, "17", []string{"reason"}},
		{"brief draft 17", true, "17", []string{"changes", "help"}},
		{"confirm 12345678", true, "", nil},
		{"undo 12345678", true, "", nil},
		{"new", false, "", []string{"release"}},
	} {
		ctx := at()
		ctx.Press = c.press
		p, err := All.Parse(c.text, ctx)
		if err != nil || p.Args.On.Release != c.release || !slices.Equal(p.Missing, c.missing) {
			t.Errorf("%q is of %q and lacks %v, want %q, %v: %v", c.text, p.Args.On.Release, p.Missing, c.release, c.missing, err)
		}
	}
}
