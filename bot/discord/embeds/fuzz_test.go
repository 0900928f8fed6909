package embeds

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines/linestest"
	"github.com/readyroom/readyroom/workflows"
)

// nasty is what people have written to see what happens.
var nasty = []string{
	"", " ", "\n\n", "@everyone @here x@Everyone", "<@123456789012345678> <@!1> <@&2> @ana", "<#123> <id:browse> </release sign:1>", "[bank](https://evil.example) [x]: y",
	"<https://evil.example|https://bank.example> <a@b.c> <+1234>", "**bold** _it_ ~~no~~ ||spoiler|| `code` ```pre``` __u__ ***x***", "\\*a\\* \\\\_b_ \\",
	"# heading", "### x", "-# small", "- list", "* list", "+ list", "1. one", "12) twelve", "> quote", ">>> all of it", "--- ", "  - deep", "\u00a0# x",
	"https://ana:pw@evil.example/x https://ci.example.org/7.", "https://x.example/__a__**b**~~c~~ (https://en.example.org/a_(b)) https://a.b/c}x",
	"a\u202eb\x00\x1b[31m\xff", "👩‍👩‍👧‍👦🇩🇪🇫🇷e\u0301", "ON HOLD · GO 7/7 · x", "x · NO-GO 3/7: a, … (bound to #general)", ":wave: :+1::skin-tone-2: a:b:c 10:00:00 :https://a.b", "<t:1618953630:R> <:a:1> <a:b:2>",
	"  ✓ tests · @ana as sre", "    deep", "– not applicable", "  ~ audit_logs · waived", "discord.gg/abc https://discord.gg/abc DISCORD.GG/x", "¯\\_(ツ)_/¯", "steam://run x://y mailto:a@b.c",
	strings.Repeat("*", 5000), strings.Repeat("<a> ", 900), strings.Repeat("https://a.bc ", 400), "https://a.bc/" + strings.Repeat("x/", 2000), strings.Repeat("ä\u0301", 3000), strings.Repeat("\n", 900),
	"discord/123456789012345678/234567890123456789", "123456789012345678/234567890123456789 (bound to 123456789012345678/1) · GO 1/2", "x discord/1/2, discord/1/3) discord/1/4/5 discord/@1 1/2 2026/01",
	"by discord/80351110224678912, x", "waiting for @discord.80351110224678912 (discord/80351110224678912) discord/80351110224678912x @discord.5 discord/7 x@discord.80351110224678912",
	strings.Repeat("@discord.80351110224678912 ", 200), strings.Repeat("discord/123456789012345678/234567890123456789 ", 90), strings.Repeat("discord/1/2", 300), "\u0301x", "✓ \u0301", "  ○ **", "○ a_ · _b", "*", "**", "a **", "**a** · b", "\f", "\v\n\r",
}

func FuzzMessage(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+1)%len(nasty)]+"\n"+nasty[(i+5)%len(nasty)], "Sign\tsign 17\t~3f.1\n"+s+"\t"+s+"\t", "typed: x", "status 17", uint8(i))
		f.Add("t", s+"\n"+nasty[(i+7)%len(nasty)], s+"\tlist\t", s, s, uint8(1))
	}
	f.Add("app · GO 7/7", "  ✓ a\n", "yes\tconfirm k\t\nno\tconfirm k no\t", "", "", uint8(200))
	f.Fuzz(func(t *testing.T, title, lines, buttons, small, whole string, times uint8) {
		if len(title)+len(small)+(len(lines)+len(buttons))*int(times) > 20_000 {
			t.Skip() // that many pages only take long
		}
		m := chat.Message{Title: title, Small: small, Whole: whole}
		for range int(times) {
			m.Lines = append(m.Lines, strings.Split(lines, "\n")...)
		}
		for l := range strings.SplitSeq(buttons, "\n") {
			p := append(strings.Split(l, "\t"), "", "")
			for i := range int(times) % 130 {
				label := p[0]
				if i > 0 {
					label = fmt.Sprintf("%d %s", i, p[0])
				}
				m.Buttons = append(m.Buttons, chat.Button{Label: label, Line: p[1], Basis: p[2]})
			}
		}
		nothingLost(t, m, Pages(m))
		one := One(m)
		onlyMeant(t, m, look(t, one))
		honestlyCut(t, m, one)
		look(t, Marked(one, MarkURL("1", "2", "k"), true))
		marked := Marked(one, MarkURL("1", "2", "k"), false)
		look(t, marked)
		if hash, ok := MarkOf(marked.Embeds()[0].URL); !ok || hash != Mark("k") {
			t.Errorf("the mark is %q", hash)
		}
		if len(one.embeds) > 0 && one.embeds[0].URL != "" {
			t.Error("marking one marks the other")
		}
	})
}

// nothingLost compares what people see over all pages with what the message says.
func nothingLost(t *testing.T, m chat.Message, all []Page) {
	t.Helper()
	var seen, small []string
	var buttons []shownButton
	for i, p := range all {
		s := look(t, p)
		onlyMeant(t, m, s)
		if i > 0 {
			mark := fmt.Sprintf("(%d/%d)", i+1, len(all))
			if len(s.content) != 1 || s.content[0].text != mark {
				t.Fatalf("page %d is marked %+v", i+1, s.content)
			}
			s.content = nil
		}
		title := ""
		if i == 0 {
			title = m.Title
		}
		seen = append(seen, s.words(title)...)
		buttons, small = append(buttons, s.buttons...), append(small, s.small...)
		if i < len(all)-1 && len(s.small) > 0 {
			t.Error("small print before the end")
		}
	}
	want, carried := linestest.Said(m), 0
	for _, b := range distinct(m.Buttons) {
		if carried < len(buttons) && reads(buttons[carried], b.Value()) {
			carried++
			continue
		}
		want = append(want, workflows.Display(b.Label+" → "+b.Value(), 1<<20))
	}
	if carried != len(buttons) {
		t.Errorf("%d buttons, of which %d are the message's", len(buttons), carried)
	}
	if s := strings.TrimSpace(workflows.Display(m.Small, 1<<20)); len(small) > 0 {
		if !slices.Equal(visible(small), visible([]string{s})) {
			t.Errorf("small print %q, want %q", small, s)
		}
	} else {
		want = append(want, s)
	}
	sameWords(t, want, seen)
}

func reads(s shownButton, value string) bool {
	line, ok := Pressed(s.id, s.values)
	return ok && line == value
}

// honestlyCut checks that one page shows a beginning, and says how many lines it leaves out.
func honestlyCut(t *testing.T, m chat.Message, p Page) {
	t.Helper()
	s := look(t, p)
	want, got := visible(linestest.Said(m)), visible(s.words(m.Title))
	counts := func(l string) bool { return strings.HasPrefix(l, "… and ") }
	left := slices.IndexFunc(got, counts)
	if left < 0 || slices.ContainsFunc(want, counts) || slices.ContainsFunc(m.Buttons, func(b chat.Button) bool { return !Pressable(b) }) {
		return
	}
	if !strings.HasPrefix(squeezed(want), squeezed(got[:left])) && len(m.Small) < 100 {
		t.Errorf("shows %q, which is no beginning of %q", got[:left], want)
	}
	if all := (chat.Button{Line: m.Whole}); Pressable(all) {
		last := s.buttons[len(s.buttons)-1]
		if last.label != allOfIt && !slices.ContainsFunc(s.buttons, func(b shownButton) bool { return reads(b, m.Whole) }) || !reads(last, m.Whole) && utf8.ValidString(m.Whole) && len(m.Whole) < 90 {
			t.Errorf("the way to all of it is %v", last)
		}
	}
}
