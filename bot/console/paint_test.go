package console

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/workflows"
)

// sights are messages with all that is coloured, and with what looks like it and is not.
func sights() []row {
	card := chat.Message{
		Title: "app 1.0.0 · before GA · 3f2a9c1 · simple, risk low · NO-GO 1/3: changelog, way-back",
		Lines: []string{"before GA (definition of ready) · 1/3", "  ✓ tests · @ana as sre · a longer note, which must go on in the next line, in its indent",
			"  ✗ changelog · stale, sign again · was ✓ @ana (3f2a9c1 → 8be1d02) · waiting for @ana", "  ○ way-back · unsigned · waiting for @ben",
			"  ✓ kpis · waived until friday · overdue, late, expired", "ON HOLD since monday: GO-karts and NO-GOs; related, plate, GOAL and @GO", ""},
		Buttons: []chat.Button{{Label: "Release to everyone"}, {Label: "GO"}},
		Small:   "typed: confirm k3f9 · GO",
	}
	one := chat.Message{Title: "Release app 1.0.0 to everyone? (GO 3/3)", Buttons: []chat.Button{{Label: "Yes"}, {Label: "Not now"}}}
	hostile := chat.Message{Title: "a\x1b[31mred\u202e", Lines: []string{"\x1b]0;title\a ✓"}, Buttons: []chat.Button{{Label: "\x1b[8mhidden"}}, Small: "\x9b1m"}
	no := workflows.Refuse(workflows.NotReady, "3 are open")
	rows := slices.Concat(draw("", card), draw("#general: ", one), draw("", hostile),
		drawReply(chat.Reply{Refusal: no, Message: &chat.Message{Title: "NO-GO (not_ready): 3 are open"}, Form: &briefing,
			Choices: []workflows.Choice{{Label: "app 1.0.0", Line: "check app@1.0.0"}}, Wrong: map[string]string{"until": "is late"}}, true))
	return append(rows, drawPlace([]message{{Thread: "m1", Message: one}})...)
}

// colourOf finds what colours are made of, and nothing else that steers a terminal.
var colourOf = regexp.MustCompile("\x1b\\[([0-9;]*)m")

func TestColours(t *testing.T) {
	var b strings.Builder
	for _, r := range sights() {
		for _, line := range paint(r, 60, true) {
			b.WriteString(strings.ReplaceAll(colourOf.ReplaceAllString(line, "{$1}"), "{0}", "{}") + "\n")
		}
	}
	golden.Equal(t, "testdata/colours.golden", b.String())
}

// Colours only stand around the text: without them it is what a pipe gets, nothing else steers the terminal, and no
// line leaves a colour behind.
func TestColoursStandAroundTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(hostile(), rapid.StringOf(rapid.SampledFrom([]rune("GO N-✓✗○ late[]1m;\x1b"))))
		m := chat.Message{Title: text.Draw(t, "title"), Lines: []string{text.Draw(t, "line")}, Small: text.Draw(t, "small"),
			Buttons: []chat.Button{{Label: text.Draw(t, "label")}}}
		for _, r := range draw(text.Draw(t, "prefix"), m) {
			if strings.ContainsFunc(r.String(), workflows.Steers) {
				continue // of the prefix, which is no text of others
			}
			whole := paint(r, 0, true)
			if got := colourOf.ReplaceAllString(strings.Join(whole, "\n"), ""); got != r.String() {
				t.Fatalf("%q is painted as %q", r.String(), whole)
			}
			for _, line := range paint(r, rapid.IntRange(0, 90).Draw(t, "width"), true) {
				if bare := colourOf.ReplaceAllString(line, ""); strings.ContainsFunc(bare, workflows.Steers) {
					t.Fatalf("%q steers", line)
				}
				if all := colourOf.FindAllString(line, -1); len(all) > 0 && all[len(all)-1] != plainAgain {
					t.Fatalf("%q leaves a colour behind", line)
				}
			}
		}
	})
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		width int
		text  string
		want  []string
	}{
		{30, "short", []string{"short"}},
		{30, "", []string{""}},
		{30, "exactly as wide as thirty, yes", []string{"exactly as wide as thirty, yes"}},
		{30, "one more than thirty it is, yes", []string{"one more than thirty it is,", "  yes"}},
		{30, "  ✓ tests · the rest goes on in its indent, and again", []string{"  ✓ tests · the rest goes on", "    in its indent, and again"}},
		{30, "a  word   and many      blanks    between them all", []string{"a  word   and many      blanks", "  between them all"}},
		{30, "https://example.org/a/long/address/that/stays/whole and more", []string{"https://example.org/a/long/address/that/stays/whole", "  and more"}},
		{30, "see https://example.org/a/long/address/that/stays/whole", []string{"see", "  https://example.org/a/long/address/that/stays/whole"}},
		{20, strings.Repeat(" ", 12) + "deep, deep and deeper", []string{strings.Repeat(" ", 12) + "deep,", "deep and deeper"}},
		{30, "漢字は二つの幅を取る 漢字は二つの幅を取る", []string{"漢字は二つの幅を取る", "  漢字は二つの幅を取る"}},
		{30, strings.Repeat("e\u0301", 26) + " end", []string{strings.Repeat("e\u0301", 26) + " end"}},
		{19, "a terminal that is too narrow wraps by itself", []string{"a terminal that is too narrow wraps by itself"}},
		{0, "as does one of no width at all", []string{"as does one of no width at all"}},
	} {
		if diff := cmp.Diff(tt.want, paint(plain(tt.text), tt.width, false)); diff != "" {
			t.Errorf("%d columns, %q (-want +got):\n%s", tt.width, tt.text, diff)
		}
	}
}

// Whatever is wrapped, no word is lost, and only a line of one word is wider than the terminal.
func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab漢\u0301    "))).Draw(t, "text")
		width := rapid.IntRange(narrow, 40).Draw(t, "width")
		lines := paint(plain(text), width, false)
		if diff := cmp.Diff(strings.Fields(text), strings.Fields(strings.Join(lines, " "))); diff != "" {
			t.Fatalf("%q became %q", text, lines)
		}
		for _, l := range lines {
			if widthOf(strings.TrimRight(l, " ")) > width && len(strings.Fields(l)) > 1 {
				t.Fatalf("%q in %d columns: %q", text, width, lines)
			}
		}
	})
}
