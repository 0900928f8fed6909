// Package linestest is what every drawing of messages is tried with: Markdown as people write it, the notes of one change set
// for each of their readers, and what must stay whole where a message is cut. It knows no platform; only tests import it.
package linestest

import (
	"encoding/json"
	"os"
	"path/filepath"
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
	strings.Repeat("a line that goes on and on ", 150), strings.Repeat("words of quite another size, ", 150), strings.Repeat("x", 5000), strings.Repeat("👩‍👩‍👧‍👦", 200), strings.Repeat("a https://example.org/x/y/z ", 150), strings.Repeat("- ```\n", 300),
}

// Notes hands on any Markdown as the message of published notes.
func Notes(f *testing.F, posted func(*testing.T, chat.Message)) {
	for i, s := range asWritten {
		f.Add(s, uint8(1))
		f.Add(s+"\n\n"+asWritten[(i+3)%len(asWritten)], uint8(3))
	}
	f.Fuzz(func(t *testing.T, markdown string, times uint8) {
		text := strings.Repeat(markdown+"\n\n", int(times)%4)
		if len(text) > 6000 {
			t.Skip() // longer ones only take long
		}
		posted(t, chat.Message{Title: "app 1.0.0 · release notes", Lines: workflows.Unmarked(text, "app 1.0.0"), Whole: "notes show app@1.0.0",
			Buttons: []chat.Button{{Label: "Feedback", Line: "feedback add app@1.0.0"}}, Verbatim: true})
	})
}

// Editions are the notes of one change set as messages, as the room of notes keeps them for each of their readers, whose
// names they go by. The folder is that of the goldens of that room.
func Editions(folder string) map[string]chat.Message {
	all := map[string]chat.Message{}
	for _, reader := range []string{"public", "changelog", "internal", "executive"} {
		text, err := os.ReadFile(filepath.Join(folder, "draft."+reader+".md"))
		if err != nil {
			panic(err)
		}
		m := chat.Message{Title: "notes of app 1.0.0 · draft · since tag v0.9", Lines: workflows.Unmarked(string(text), "app 1.0.0"), Verbatim: true}
		if reader == "changelog" { // it goes into a file as it is written
			m.Lines = strings.Split(strings.TrimSpace(string(text)), "\n")
		}
		all[reader] = m
	}
	return all
}

// Unbroken holds a sheet, and the pages it takes, to words, characters and lines that stay whole.
func Unbroken(t *testing.T, r lines.Ruler, s lines.Sheet, pages []lines.Sheet) {
	t.Helper()
	for i, row := range s.Rows {
		if !utf8.ValidString(row.Text) {
			t.Fatalf("row %q", row.Text)
		}
		if row.More {
			joined(t, r, s.Rows[i-1].Text, row.Text)
		}
	}
	for n, p := range pages[:len(pages)-1] {
		next := pages[n+1].Rows
		if len(next) == 0 || !next[0].More {
			continue
		}
		for _, row := range p.Rows[1:] {
			if !row.More {
				t.Fatalf("page %d ends within a line that begins on it", n+1)
			}
		}
	}
}

// joined holds two rows that are one line to words and characters that have room in one row.
func joined(t *testing.T, r lines.Ruler, before, after string) {
	t.Helper()
	last, first := before[strings.LastIndexByte(before, ' ')+1:], strings.SplitN(after, " ", 2)[0]
	if last != "" && first != "" && r.Size(last+first) <= r.Row {
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

// Said is what a message says, line by line.
func Said(m chat.Message) []string {
	out := strings.Split(workflows.DisplayText(m.Title), "\n")
	for _, l := range m.Lines {
		out = append(out, strings.Split(workflows.DisplayText(l), "\n")...)
	}
	return out
}

// Sign is the one that a line bears that says whether something may go out; empty: none.
func Sign(line string) string {
	for _, sign := range []string{"✅ ", "⛔ ", "⏸️ "} {
		if strings.HasPrefix(line, sign) {
			return sign
		}
	}
	return ""
}

// Decode is what is sent, as whoever gets it reads it: JSON and nothing else.
func Decode(t testing.TB, v any) (out any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
