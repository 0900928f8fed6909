package lines

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCharactersStayWhole(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"letters", "ab", []string{"a", "b"}},
		{"an accent", "e\u0301a", []string{"e\u0301", "a"}},
		{"a family", "👩‍👩‍👧‍👦x", []string{"👩‍👩‍👧‍👦", "x"}},
		{"a colour of skin", "👍🏽👍", []string{"👍🏽", "👍"}},
		{"flags", "🇩🇪🇫🇷", []string{"🇩🇪", "🇫🇷"}},
		{"a flag and a half", "🇩🇪🇫x", []string{"🇩🇪", "🇫", "x"}},
		{"a picture of a heart", "❤️x", []string{"❤️", "x"}},
		{"syllables in parts", "\u1100\u1161\u11a8\u1100", []string{"\u1100\u1161\u11a8", "\u1100"}},
		{"a syllable and its end", "가\u11a8", []string{"가\u11a8"}},
		{"a vowel sign", "कि", []string{"कि"}},
		{"a lone mark", "\u0301", []string{"\u0301"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, slices.Collect(Characters(tt.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPiecesAreTheTextAgain(t *testing.T) {
	text := strings.Repeat("word 👩‍👩‍👧‍👦 ", 50) + strings.Repeat("x", 300)
	parts := Pieces(text, 120, bytes)
	for _, p := range parts {
		if bytes(p) > 120 || strings.HasPrefix(p, "\u200d") {
			t.Errorf("a piece of %d bytes: %q", bytes(p), p)
		}
	}
	if got := strings.Join(parts, ""); got != text {
		t.Errorf("together %q", got)
	}
}

func TestLinksLeadWhereTheySay(t *testing.T) {
	tests := []struct{ text, want string }{
		{"see https://ci.example.org/7", "https://ci.example.org/7"},
		{"(https://ci.example.org/7), then", "https://ci.example.org/7"},
		{"https://en.example.org/a_(b).", "https://en.example.org/a_(b)"},
		{"http://localhost:8080/x?a=1&b=2#c", "http://localhost:8080/x?a=1&b=2#c"},
		{"<https://evil.example|https://bank.example>", "https://evil.example https://bank.example"},
		{"https://bank.example@evil.example/", ""},
		{"https://ana:pw@evil.example/", ""},
		{"https://bänk.example/", ""},
		{"https://bank.example\u2044login", ""},
		{"https://bank.example/cut…", ""},
		{`https://bank.example\@evil.example`, ""},
		{"javascript://bank.example/%0aalert(1)", ""},
		{"https://", ""},
		{"https://?x", ""},
		{"https://a b", "https://a"},
		{"xhttps://bank.example", ""},
	}
	for _, tt := range tests {
		var links, all []string
		for _, s := range Linked(tt.text) {
			all = append(all, s.Text)
			if s.Link {
				links = append(links, s.Text)
			}
		}
		if got := strings.Join(links, " "); got != tt.want {
			t.Errorf("%q links %q, want %q", tt.text, got, tt.want)
		}
		if got := strings.Join(all, ""); got != tt.text {
			t.Errorf("%q became %q", tt.text, got)
		}
	}
}

func bytes(s string) int { return len(s) }

// No word is cut that has room in a piece of its own, wherever it stands: an address least of all.
func TestPiecesCutNoWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "word", "https://ci.example.org/runs/7", "👩‍👩‍👧‍👦", "e\u0301e\u0301", "", strings.Repeat("long", 7), strings.Repeat("ä", 45)}), 0, 30).Draw(t, "words"), " ")
		parts := Pieces(text, 40, bytes)
		if got := strings.Join(parts, ""); got != text {
			t.Fatalf("together %q, were %q", got, text)
		}
		at := 0
		for _, p := range parts[:len(parts)-1] {
			at += len(p)
			before, after := text[:at], text[at:]
			cut := before[strings.LastIndexByte(before, ' ')+1:] + word(after)
			if bytes(p) > 40 || !strings.HasSuffix(before, " ") && !strings.HasPrefix(after, " ") && bytes(cut) <= 40 {
				t.Fatalf("%q is cut, or %q is too long", cut, p)
			}
		}
	})
}
