package embeds

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

func TestVerdictIsSeen(t *testing.T) {
	tests := []struct {
		title, content string
		color          int
	}{
		{"app 1.0.0 · before GA · NO-GO 3/7: tests, … (bound to #general)", "app 1.0.0 · before GA\n⛔ NO-GO 3/7: tests, … (bound to #general)", color(lines.NoGo)},
		{"app 1.0.0 · GA · GO", "app 1.0.0 · GA\n✅ GO", color(lines.Go)},
		{"app 1.0.0 · GA · ON HOLD", "app 1.0.0 · GA\n⏸️ ON HOLD", color(lines.OnHold)},
		{"GO 7/7 · app 1.0.0 · before GA", "✅ GO 7/7 · app 1.0.0 · before GA", color(lines.Go)},
		{"app 1.0.0 · risk low (x · GO 7/7 · y) · NO-GO 0/7", "app 1.0.0 · risk low (x · GO 7/7 · y) · NO-GO 0/7", 0},
		{"app · GOOD · NO-GOAL 1/2 · GO on", "app · GOOD · NO-GOAL 1/2 · GO on", 0},
		{"app is in discord/12/34 · GO (bound to 290926798626357999/645027906669510667)", "app is in <#34>\n✅ GO (bound to <#645027906669510667>)", color(lines.Go)},
		{"see https://ci.example.org/7 · x", "see <https://ci.example.org/7> · x", 0},
	}
	for _, tt := range tests {
		p := One(chat.Message{Title: tt.title, Lines: []string{"Invoices"}})
		if p.Content() != tt.content || p.Embeds()[0].Color != tt.color || p.Embeds()[0].Description != "Invoices" {
			t.Errorf("%q shows %q in %x over %q", tt.title, p.Content(), p.Embeds()[0].Color, p.Embeds()[0].Description)
		}
	}
	if c := []int{color(lines.Go), color(lines.NoGo), color(lines.OnHold)}; slices.Contains(c, 0) || c[0] == c[1] || c[1] == c[2] {
		t.Errorf("the colors are %x", c)
	}
}

func TestLines(t *testing.T) {
	tests := []struct{ line, want string }{
		{"ci: https://ci.example.org/7", "ci: https://ci.example.org/7"},
		{"(https://ci.example.org/a_b_c), then", `(<https://ci.example.org/a_b_c>), then`},
		{"https://en.example.org/a_(b).", "<https://en.example.org/a_(b)>."},
		{"https://en.example.org/a_(b)", "<https://en.example.org/a_(b)>"},
		{"https://ana:pw@evil.example/", `https\://ana:pw@evil.example/`},
		{"  ○ a_b · waits for @ana", `> **○ a\_b** · waits for @ana`},
		{"    deep", "> \u00a0\u00a0deep"},
		{"10:00, 2026-01-05 09:00 UTC", "10:00, 2026-01-05 09:00 UTC"},
		{":tada: at 10:00", `\:tada: at 10:00`},
		{"- one", `\- one`}, {"12. one", `12\. one`}, {"1.5 is", `1\.5 is`}, {"# x", `\# x`}, {"a # b - c > d 1. e", "a # b - c > d 1. e"},
		{"in discord/12/34, discord/12/34/5, 1/2", "in <#34>, discord/12/34/5, 1/2"},
		{"teams/290926798626357999/645027906669510667", "teams/290926798626357999/645027906669510667"},
		{"ask @everyone, @anahere", `ask \@everyone, @anahere`},
	}
	for _, tt := range tests {
		p := One(chat.Message{Title: "t", Lines: []string{tt.line}})
		if got := p.Embeds()[0].Description; got != tt.want {
			t.Errorf("%q is sent as %q, want %q", tt.line, got, tt.want)
		}
	}
}

// A long line is one again where it stands in one embed, and whatever was taken apart between two is no link and no channel.
func TestLongLines(t *testing.T) {
	address := "https://ci.example.org/" + strings.Repeat("path/", 350)
	p := One(chat.Message{Title: "t", Lines: []string{strings.Repeat("word ", 50) + address + " end"}})
	if got := look(t, p).embeds[0]; len(got) != 1 || !slices.Equal(got[0].links, []string{address}) {
		t.Errorf("%d lines, links %.80q", len(got), got[0].links)
	}
	m := chat.Message{Title: "t", Lines: []string{strings.Repeat(address+" ", 12)}}
	all := Pages(m)
	for _, p := range all {
		onlyMeant(t, m, look(t, p))
	}
	nothingLost(t, m, all)
	if len(all) < 4 {
		t.Errorf("%d pages", len(all))
	}
	family := strings.Repeat("👩‍👩‍👧‍👦🇩🇪e\u0301", 700)
	n := 0
	for _, p := range Pages(chat.Message{Title: "t", Lines: []string{family}}) {
		for _, e := range look(t, p).embeds {
			n += len(slices.Collect(lines.Characters(e[0].text)))
		}
	}
	if n != 2100 {
		t.Errorf("%d characters of 2100: some were taken apart", n)
	}
}

// Half an address leads elsewhere, and half an id is another channel's.
func TestHalvesAreLetters(t *testing.T) {
	for _, tt := range []struct {
		row  lines.Row
		want string
	}{
		{lines.Row{Text: "in discord/1/23"}, "in <#23>"}, {lines.Row{Text: "in discord/1/23", Goes: true}, "in discord/1/23"}, {lines.Row{Text: "in discord/1/23 and", Goes: true}, "in <#23> and"},
		{lines.Row{Text: "https://a.bc/d"}, "https://a.bc/d"}, {lines.Row{Text: "https://a.bc/d", More: true}, `https\://a.bc/d`}, {lines.Row{Text: "https://a.bc/d", Goes: true}, `https\://a.bc/d`},
	} {
		if got := draw(tt.row); got != tt.want {
			t.Errorf("%+v is drawn as %q, want %q", tt.row, got, tt.want)
		}
	}
}

func TestLongTitles(t *testing.T) {
	for n := 100; n < 2600; n += 250 {
		m := chat.Message{Title: strings.Repeat("*", n), Lines: []string{"x"}}
		nothingLost(t, m, Pages(m))
	}
	m := chat.Message{Title: strings.TrimSpace(strings.Repeat("long ", 600)), Lines: []string{"x"}}
	if first := look(t, One(m)).embeds[0][0]; first.bold != m.Title {
		t.Errorf("of a title of %d, %d are bold", len(m.Title), len(first.bold))
	}
}

func TestCutBetweenLines(t *testing.T) {
	m := chat.Message{Title: "t"}
	for i := range 9 {
		m.Lines = append(m.Lines, fmt.Sprint(i, strings.Repeat(" word", 400)))
	}
	got := look(t, One(m)).words("t")
	for i, l := range got[1 : len(got)-1] {
		if l != m.Lines[i] {
			t.Errorf("line %d is cut to %d", i, len(l))
		}
	}
	if want := fmt.Sprintf("… and %d more lines", 9-(len(got)-2)); len(got) < 4 || got[len(got)-1] != want {
		t.Errorf("%d lines are shown, then %.50q", len(got)-2, got[len(got)-1])
	}
}

func TestOnePageCounts(t *testing.T) {
	m := chat.Message{Title: "all items", Whole: "item list 17"}
	for i := range 500 {
		m.Lines = append(m.Lines, fmt.Sprintf("  ○ item-%03d · unsigned · waiting for @ana, @ben (sre)", i))
	}
	s := look(t, One(m))
	got := s.words(m.Title)
	shown := len(got) - 2
	if want := fmt.Sprintf("… and %d more lines", 500-shown); got[len(got)-1] != want || shown < 70 {
		t.Errorf("%d lines are shown, then %q, want %q", shown, got[len(got)-1], want)
	}
	if last := s.buttons[len(s.buttons)-1]; last.label != "All of it" || last.id != "item list 17" {
		t.Errorf("the last button is %v", last)
	}
}

func TestManyButtons(t *testing.T) {
	m := chat.Message{Title: "sign", Small: "typed: sign ITEM", Whole: "item list 17"}
	for i := range 230 {
		m.Buttons = append(m.Buttons, chat.Button{Label: fmt.Sprintf("Sign item-%d", i), Line: fmt.Sprintf("sign 17 ga.ready/item-%d ok", i), Basis: "~3f2a9c1.0"})
	}
	all := Pages(m)
	nothingLost(t, m, all)
	if s := look(t, all[len(all)-1]); len(all) != 3 || len(s.small) != 1 {
		t.Errorf("%d pages, the last ends in %q", len(all), s.small)
	}
	s := look(t, One(m))
	words := s.words(m.Title)
	if want := "… and 130 more buttons"; words[len(words)-1] != want || len(s.buttons) != 101 || s.buttons[100].label != "All of it" || s.buttons[100].row != 4 {
		t.Errorf("%d buttons, and then %q, want %q", len(s.buttons), words[len(words)-1], want)
	}
}

func TestPressed(t *testing.T) {
	for _, line := range []string{"sign 17 ga.ready/tests ok ~3f2a9c1.4", "flag set invoices 10%", "scope add https://x.example/?a=1&b=%3C2>", "a+b c", strings.Repeat("x", 100), "1:2"} {
		s := look(t, One(chat.Message{Title: "t", Buttons: []chat.Button{{Label: "x", Line: line}}}))
		if got, ok := Pressed(s.buttons[0].id, nil); !ok || got != line {
			t.Errorf("%q comes back as %q, %v", line, got, ok)
		}
	}
	for _, foreign := range []struct {
		id     string
		values []string
	}{{"", nil}, {" ", nil}, {"rr:", nil}, {"rr:x:sign", nil}, {"rr:-1:sign", nil}, {"rr:1:", nil}, {"rr:1:rr:2:sign", nil}, {"rr:form:7", nil}, {"rr:go:7", nil},
		{"rr:sel:0", nil}, {"rr:sel:0", []string{""}}, {"rr:sel:0", []string{"a", "b"}}, {"rr:sel:0", []string{"rr:sel:1"}}, {"rr:sel:0", []string{"rr:form:1"}}} {
		if line, ok := Pressed(foreign.id, foreign.values); ok {
			t.Errorf("%v was read as %q", foreign, line)
		}
	}
	for _, no := range []chat.Button{{}, {Line: " x"}, {Line: "x\ny"}, {Line: "\xff"}, {Line: "rr:1:x"}, {Line: strings.Repeat("x", 101)}, {Line: strings.Repeat("ä", 51)}, {Line: strings.Repeat("x", 99), Basis: "~1"}} {
		if Pressable(no) {
			t.Errorf("%q can be pressed", no.Value())
		}
	}
}

// Discord refuses a message in which two ids are the same.
func TestTwinsAreTold(t *testing.T) {
	long := strings.Repeat("x", 98)
	m := chat.Message{Title: "t", Buttons: []chat.Button{{Label: "a", Line: "status"}, {Label: "b", Line: "status"}, {Label: "a", Line: "status"}, {Label: "c", Line: "status"}, {Label: "d", Line: long}, {Label: "e", Line: long}}}
	p := One(m)
	s := look(t, p)
	var got []string
	for _, b := range s.buttons {
		line, ok := Pressed(b.id, b.values)
		got = append(got, fmt.Sprint(b.label, " ", line, " ", ok))
	}
	want := []string{"a status true", "b status true", "c status true", "d " + long + " true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if words := s.words("t"); words[len(words)-1] != "e → "+long {
		t.Errorf("of the last, it says %q", words)
	}
}

func TestButtonStyles(t *testing.T) {
	style := func(m chat.Message) (out []int) {
		for _, b := range look(t, One(m)).buttons {
			out = append(out, b.style)
		}
		return out
	}
	for name, want := range map[string][]int{"question": {4, 2}, "card go": {1, 2, 2, 2}, "check": {2, 2}} {
		if got := style(drawings[name]); !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, server := range []string{"290926798626357999", "@me"} {
		url := MarkURL(server, "645027906669510667", "post/17")
		if hash, ok := MarkOf(url); !ok || hash != Mark("post/17") || hash == Mark("post/18") || len(hash) != 16 {
			t.Errorf("%q bears %q, %v", url, hash, ok)
		}
	}
	for _, foreign := range []string{"", "https://evil.example/#rr-0123456789abcdef", "https://discord.com/channels/1/2#rr-0123456789ABCDEF", "https://discord.com/channels/1/2#rr-0123", "https://discord.com/channels/1/2"} {
		if hash, ok := MarkOf(foreign); ok {
			t.Errorf("%q bears %q", foreign, hash)
		}
	}
}

func TestEmpty(t *testing.T) {
	if !(Page{}).Empty() {
		t.Error("nothing is not empty")
	}
	for _, m := range []chat.Message{{}, {Title: " "}, {Lines: []string{"", " "}}, {Small: " "}} {
		p := One(m)
		if p.Empty() || p.Content() != "\\(empty)" && p.Content() != "(empty)" || len(Pages(m)) != 1 {
			t.Errorf("%+v is %q", m, p.Content())
		}
	}
}

// TestAccounts: Discord shows an account by its name wherever it can, and as text where it cannot; what only looks like
// one stays as it is.
func TestAccounts(t *testing.T) {
	const id = "80351110224678912"
	m := chat.Message{Title: "1 waiting for @discord." + id, Lines: []string{"by discord/" + id + ", in the preview (@discord." + id + ")"}}
	p := One(m)
	all := p.Content()
	for _, e := range p.Embeds() {
		all += "\n" + e.Description
	}
	if got := strings.Count(all, "<@"+id+">"); got != 3 || strings.Contains(all, "discord") {
		t.Errorf("drawn as %q", all)
	}
	for _, s := range []string{"x@discord." + id, "discord/" + id + "x", "discord/guest/" + id, "discord/@" + id, "@discord.12", "discord/12", "@discord.0" + id} {
		if got := plainly(s); strings.Contains(got, "<@") {
			t.Errorf("%q is drawn as %q", s, got)
		}
	}
}
