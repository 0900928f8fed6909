package commands

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

// Whatever is typed is understood, and then its canonical line says the same again, or it is refused with a reason
// code, a why and what to type next.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"", "/release", "sign app@1 tests, docs ok https://x.org -- note", `set --title "a 'b' c" --target “friday 17:00”`,
		"hold — because", "sign tests —as sre", "brief answer 3 -- <https://x|y> &amp;lt; <@U1>", "new app@1 --title='x'", "sign 17 tests ok ~3f2.4",
		`set --title "<https://a|b" -- c>`, "flag expire x never", "set --title «a» --here", "unsign \"a,b c\"", "set --title \"a\nb\" -- x\ny", "audit show --since 3d"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, press bool) {
		ctx := at()
		ctx.Press = press
		understoodOrRefused(t, text, ctx)
	})
}

// The same for the fields of forms, which need not look like anything one could type.
func FuzzValues(f *testing.F) {
	f.Add("sign", "item", "a, b", "note", "--x\ny")
	f.Add("set", "title", `"`, "target", "3d")
	f.Add("list", "product", "docs", "which", "")
	f.Fuzz(func(t *testing.T, verb, k1, v1, k2, v2 string) {
		ctx := at()
		ctx.Values = map[string]string{k1: v1, k2: v2}
		understoodOrRefused(t, verb, ctx)
	})
}

// Random text seldom gets past the verb; these lines are made of the grammar's own pieces.
func TestLinesOfTheGrammarsPieces(t *testing.T) {
	pieces := []string{"app", "app@1.0", "docs", "17", "ok", "approve", "tests,docs", "tests,", ",", "https://x.org", "@ana", "--", "—", "–",
		"--as sre", "—as sre", "--rel web", "--dry-run", "--target friday", `--title "a b"`, "--title 'it''s'", "--here", "--until 3d", "don't",
		`"quoted words"`, "“x”", `'"'`, "-x", "~3f.4", "<https://x.org|x>", "&lt;", "&amp;lt;", "friday", "never", "2h", "10%", "<@U1|ana>", "\n", "~", "/flag",
		"#12", "ABC-12", "app@invoices", "--for #7,@ana"}
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SampledFrom(sample()).Draw(t, "row")
		words := append([]string{row.Name()}, rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(t, "words")...)
		ctx := at()
		ctx.Press = rapid.Bool().Draw(t, "press")
		understoodOrRefused(t, strings.Join(words, " "), ctx)
	})
}

// checker is what *testing.T and *rapid.T share.
type checker interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Helper()
}

func understoodOrRefused(t checker, text string, ctx Context) {
	t.Helper()
	p, err := sample().Parse(text, ctx)
	if err == nil {
		reparses(t, p)
		return
	}
	var r *workflows.Refusal
	if !errors.As(err, &r) || r.Reason == "" || said(r) == "" || len(r.Next) == 0 {
		t.Errorf("%q: %v does not say what, why and what next", text, err)
	}
}
