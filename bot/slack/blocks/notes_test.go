package blocks

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/workflows"
)

// asWritten are release notes as people write them, and as nobody should.
var asWritten = []string{
	"# app 1.0.0\n\n## New\n\n- Invoices can be **exported** ([#12](https://github.com/acme/app/issues/12))\n- _Totals_ add up\n\n## Fixed\n\n1. Crash on start\n2. `config` is read",
	"[bank](https://evil.example) ![logo](https://evil.example/x.png) <https://a.example> [ref]\n\n[ref]: https://evil.example 'bank'",
	"@everyone @here <@U123> <!channel> <@&1> <#C1> @acme/team fixes #12", "```go\nfunc main() {}\n```\n\n~~~\n```\n~~~\n\n    indented\n", "> quote\n> > deeper\n\n- a\n  - b\n    - c\n",
	"<details><summary>x</summary>y</details> <script>alert(1)</script> <a href=\"https://evil.example\">bank</a>", "| a | b |\n|---|---|\n| 1 | 2 |", "👩‍👩‍👧‍👦🇩🇪e\u0301 a\u202eb\x00\xff", "- [ ] x\n- [x] y\n\n***\n\n\\*not\\*",
	"see https://ci.example.org/" + strings.Repeat("path/", 60) + " and https://ci.example.org/7.", strings.Repeat("- one of many changes that everybody should know of\n", 400),
	strings.Repeat("a line that goes on and on ", 150), strings.Repeat("x", 5000), strings.Repeat("👩‍👩‍👧‍👦", 200), strings.Repeat("a https://example.org/x/y/z ", 150), strings.Repeat("- ```\n", 300),
}

// FuzzNotes posts any Markdown as published notes: within the platform's limits, over as many messages as it takes; nothing
// is lost, no word, address or character is cut that has room in one row, no line that has room on one page; nobody is
// pinged, and no address is behind other words.
func FuzzNotes(f *testing.F) {
	for i, s := range asWritten {
		f.Add(s, uint8(1))
		f.Add(s+"\n\n"+asWritten[(i+3)%len(asWritten)], uint8(3))
	}
	f.Fuzz(func(t *testing.T, markdown string, times uint8) {
		text := strings.Repeat(markdown+"\n\n", int(times)%4)
		if len(text) > 6000 {
			t.Skip() // longer ones only take long
		}
		m := chat.Message{Title: "app 1.0.0 · release notes", Lines: workflows.Unmarked(text, "app 1.0.0"), Whole: "notes show app@1.0.0",
			Buttons: []chat.Button{{Label: "Feedback", Line: "feedback add app@1.0.0"}}, Verbatim: true}
		all := Pages(m)
		nothingLost(t, m, all)
		one := One(m)
		honestlyCut(t, m, one)
		for _, p := range append(all, one) {
			newJudge(t).message(p)
		}
		unbroken(t, newSheet(m))
	})
}

// unbroken holds a sheet, and the pages it takes, to words, characters and lines that stay whole.
func unbroken(t *testing.T, s sheet) {
	t.Helper()
	for i, r := range s.Rows {
		if !utf8.ValidString(r.Text) {
			t.Fatalf("row %q", r.Text)
		}
		if !r.More {
			continue
		}
		before, after := s.Rows[i-1].Text, r.Text
		last, first := before[strings.LastIndexByte(before, ' ')+1:], strings.SplitN(after, " ", 2)[0]
		if last != "" && first != "" && ruler.Size(last+first) <= ruler.Row {
			t.Fatalf("%q is cut into %q and %q", last+first, last, first)
		}
		at := 0
		for c := range lines.Characters(before + after) {
			if at += len(c); at >= len(before) {
				break
			}
		}
		if at != len(before) && len(last+first) < 100 {
			t.Fatalf("a character is cut between %q and %q", last, first)
		}
	}
	pages := s.Divide(firstOf, func(p lines.Sheet, i int) bool { return s.page(p, i, manyPages).fit() })
	for n, p := range pages[:len(pages)-1] {
		next := pages[n+1].Rows
		if len(next) == 0 || !next[0].More {
			continue
		}
		for _, r := range p.Rows[1:] {
			if !r.More {
				t.Fatalf("page %d ends within a line that begins on it", n+1)
			}
		}
	}
}
