package workflows_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

// Markdown is read as people read it, and an address is never hidden under words.
func TestUnmarked(t *testing.T) {
	for in, want := range map[string]string{
		"# app 1.0.0\n\n- **Invoices**: see [the docs](https://x.example/a)\n  - _nested_ `a_b`": "• Invoices: see the docs (https://x.example/a)\n  • nested a_b",
		"## New\n\none\ntwo\n\nthree":                 "New\n\none\ntwo\n\nthree",
		"New\n\n# app 1.0.0":                          "New\n\napp 1.0.0",
		"1. a\n1. b\n   1) c\n9. d":                   "1. a\n1. b\n  1) c\n9. d",
		"3. - a\n4. - b":                              "3. • a\n4. • b",
		"- a\n\n  b\n- c":                             "• a\n\n  b\n• c",
		"[https://x.example](https://x.example)":      "https://x.example",
		"<https://x.example> [](https://y.example)":   "https://x.example https://y.example",
		"[https://a.example](https://b.example)":      "https://a.example (https://b.example)",
		"[a](https://x.example \"b\")":                "a (https://x.example \"b\")",
		"![shot](https://x.example/i.png)":            "shot (https://x.example/i.png)",
		"[![i](j)](k)":                                "i (j) (k)",
		"> said\n> so\n>\n> - twice":                  "> said\n> so\n> \n> • twice",
		"a \\*b\\* &lt;c> 5 * 6 \\&lt; &amp;lt; &amp": "a *b* <c> 5 * 6 &lt; &lt; &amp",
		"`&lt;` &#64;here":                            "&lt; @here",
		"&notit; &semi;&hearts; &#128;":               "&notit; ;♥ &#128;",
		"a&#x202e;b&#10;c&#0;":                        "a&#x202e;b&#10;c\ufffd",
		"| a | b |\n|---|---|\n| c | <b>d</b> |":      "| a | b |\n|---|---|\n| c | <b>d</b> |",
		"<div>\na\n</div>\n\n<!-- b\n-->":             "<div>\na\n</div>\n\n<!-- b\n-->",
		"see [x]\n\n[x]: https://x.example":           "see [x]\n\n[x]: https://x.example",
		"```go\nx := **y\n\n```":                      "go\nx := **y",
		"a\n\n---\n\nb 🎉":                             "a\n\n———\n\nb 🎉",
		strings.Repeat(">", 99) + " a":                strings.Repeat(">", 99) + " a",
		"# app 1.0.0":                                 "",
	} {
		got := strings.Join(workflows.Unmarked(in, "app 1.0.0"), "\n")
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", in, d)
		}
	}
}

// What is read of public text is public, and of nothing else.
func TestReadable(t *testing.T) {
	got := workflows.Readable(workflows.Approved("# app 1\n\n- **Invoices**\n- more"), "app 1")
	want := []string{"• Invoices", "• more"}
	if len(got) != 2 || got[0].String() != want[0] || got[1].String() != want[1] {
		t.Errorf("reads %v, want %v", got, want)
	}
}

// FuzzUnmarked holds what is read against what was written: every letter and digit in its order, and none besides.
// Where a link's words are its address one of the two is gone; references to characters are tried in the table.
func FuzzUnmarked(f *testing.F) {
	for _, s := range []string{
		"# a\n\n- **b** [c](https://d)\n> e\n\n```f\ng\n```\n", "1. a\n1. b\n\n[x]: y", "- a\n  1) b\n\n      c",
		"<div>\n![a](b \"c\")\n</div>\n\n[d](d)", "&#x202e;\\&lt;&amp;", "a\n===\n***\n`b`  \nc\\\nd",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, refusal := workflows.Prose("the notes", s, 4000)
		if refusal != nil {
			return
		}
		shown := workflows.Unmarked(text, "")
		for _, l := range shown {
			if strings.ContainsFunc(l, func(r rune) bool { return r != '\t' && workflows.Steers(r) }) {
				t.Errorf("%q shows what steers: %q", text, l)
			}
		}
		if strings.Contains(text, "&") {
			return
		}
		in, out := words(text), words(strings.Join(shown, "\n"))
		if !strings.Contains(text, "](") && in != out || !within(out, in) || !within(in, out+out) && len(in) > 2*len(out) {
			t.Errorf("%q is read as %q", text, shown)
		}
	})
}

func words(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// within reports whether all of part stands in whole, in its order.
func within(part, whole string) bool {
	rest := []rune(whole)
	for _, r := range part {
		i := 0
		for i < len(rest) && rest[i] != r {
			i++
		}
		if i == len(rest) {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}
