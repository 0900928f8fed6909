package workflows

import (
	"strings"
	"testing"
	"time"
)

func TestPatterns(t *testing.T) {
	for text, paths := range map[string]string{
		"auth":             "auth auth/a auth/b/c !author !x/auth !auth.go",
		"auth/":            "auth/a auth/b/c !author",
		"/auth":            "auth/a !x/auth/a",
		"./auth":           "auth/a",
		"auth/**":          "auth/a auth/b/c !author",
		"auth/*":           "auth/a !auth/b/c !auth",
		"docs/*.md":        "docs/a.md docs/.md !docs/b/a.md !docs/a.mdx !a.md",
		"*.go":             "a.go !x/a.go",
		"**/*.go":          "a.go x/a.go x/y/a.go !a.gox",
		"**/migrations/**": "migrations/1 a/migrations/1 a/b/migrations/c/1 a/migrations !xmigrations/1",
		"a/**/z":           "a/z a/b/z a/b/c/z !a/b/c !z",
		"a/**/b/**/c":      "a/b/c a/x/b/y/c !a/c !b/c",
		"**":               "a a/b/c",
		".":                "a a/b/c",
		"a?c":              "abc aéc !ac !abbc",
		"v[0-9]/**":        "v1/a !vx/a",
		`a\*b`:             "a*b !axb",
		"**/**/**":         "a a/b",
	} {
		p, why := parsePattern(text)
		if why != "" {
			t.Errorf("%q: %s", text, why)
		}
		for path := range strings.FieldsSeq(paths) {
			path, not := strings.CutPrefix(path, "!")
			if p.Matches(path) == not {
				t.Errorf("%q matches %q: %v", text, path, !not)
			}
		}
	}
	for _, text := range []string{"", "  ", "[a", `a\`, "../x", "a/../b", strings.Repeat("a", maxPattern+1)} {
		if _, why := parsePattern(text); why == "" {
			t.Errorf("%q is taken for a pattern", text)
		}
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("**/a/**/b*/**", "a/b/c/d")
	f.Add("a/", "a/b")
	f.Add("[^a]*[b-", strings.Repeat("a/", 50))
	f.Fuzz(func(t *testing.T, text, path string) {
		p, why := parsePattern(text)
		if why != "" || len(path) > 4096 {
			return
		}
		began := time.Now()
		p.Matches(path)
		if all, _ := parsePattern("**"); !all.Matches(path) {
			t.Errorf("** leaves %q out", path)
		}
		if took := time.Since(began); took > 20*time.Second { // one that backtracks would take for ever
			t.Errorf("%q took %s", text, took)
		}
	})
}
