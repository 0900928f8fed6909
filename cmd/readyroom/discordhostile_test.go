package main

import (
	"strings"
	"testing"
	"unicode"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// hostileTexts are what nobody means well with: they ring everybody, turn lines around, hide, flood, draw, or look like what the
// bot says itself.
var hostileTexts = []string{
	"@everyone @here <@&1100000000000000001> <@1100000000000000006>",
	"safe \u202egnp.exe\u202c \u2066x\u2069 \u200b\u200d\ufeff end",
	"z" + strings.Repeat("\u0301", 300) + "algo",
	"# big\n> quote ```fence **bold** __under__ ||spoiler|| ~~gone~~ [GO](https://evil.example.org)",
	"аpp 1.0.0 · GO 3/3", // its first letter is Cyrillic
	"</release advance:1> <t:0:R> <:x:1> <#1100000000000000002> \x1b[31mred\x07",
}

// TestHostileInDiscord has people with hostile names say hostile things, everywhere that text goes: nobody is rung, nothing
// is turned around, hidden, or drawn over what stands around it, and no text becomes a mark of Discord's.
func TestHostileInDiscord(t *testing.T) {
	inWorktree(t)
	g := newGuild(t, "gateway")
	g.comes("ana")
	g.comes("ben")
	for _, c := range []string{"app", "general"} {
		g.opens(c)
	}
	writeFile(t, "discord.yaml", "discord: {commands: everyone}\n"+g.staffed(trialTeam))
	g.after = func(v *visitor, _ string) {
		g.types(t.Context(), "ana", "app", "new app@1.0.0 --why small")
		v.settle(t.Context())
		for i, text := range hostileTexts {
			g.fake.SetMember(discordfake.Server, memberID("ben"), func(m *discordfake.Member) { m.Nick = text })
			g.fake.SetUser(memberID("ben"), func(u *discordfake.User) { u.GlobalName = text })
			p := g.fake.As(memberID("ben"))
			for _, c := range []struct {
				path    []string
				options map[string]any
			}{
				{[]string{"feedback", "add"}, map[string]any{"rel": "app@1.0.0", "text": text}},
				{[]string{"release", "hold"}, map[string]any{"rel": "app@1.0.0", "reason": text}},
				{[]string{"release", "resume"}, map[string]any{"rel": "app@1.0.0", "note": text}},
				{[]string{"release", "set"}, map[string]any{"rel": "app@1.0.0", "title": text}},
				{[]string{"release", "sign"}, map[string]any{"rel": "app@1.0.0", "item": "tests", "note": text}},
				{[]string{"release", "sign"}, map[string]any{"rel": "app@1.0.0", "item": text}},
				{[]string{"release", "status"}, nil},
			} {
				p.Slash(t.Context(), talkID("app"), c.path, c.options)
				v.settle(t.Context())
				g.leaves(t.Context(), "ben")
			}
			p.Mention(t.Context(), talkID("app"), "check "+text)
			p.Autocomplete(t.Context(), talkID("app"), []string{"release", "sign"}, map[string]any{"item": text}, "item")
			dm := g.fake.DM(memberID("ben"))
			g.fake.Wait(t.Context(), "an answer", func() bool { return len(g.fake.Messages(dm)) > i })
			v.settle(t.Context())
		}
	}
	g.play(scene{typed: []string{"!show"}})
	for _, f := range g.failures() {
		t.Error(f)
	}
	all := g.fake.Posted()
	for _, c := range []string{talkID("app"), g.fake.DM(memberID("ben"))} {
		for _, w := range g.fake.Ephemerals(c, memberID("ben")) {
			all = append(all, w.Message)
		}
	}
	for _, m := range all {
		looksWell(t, g.fake, m)
	}
	if len(all) < 50 {
		t.Errorf("only %d messages were looked at", len(all))
	}
}

// looksWell checks that a message reads as what it is.
func looksWell(t *testing.T, f *discordfake.Fake, m discordfake.Message) {
	t.Helper()
	text, marks := f.Text(m), 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Bidi_Control, r), r == '\u200b', r == '\ufeff', unicode.IsControl(r) && r != '\n':
			t.Errorf("%U is in %q", r, text)
			return
		case unicode.Is(unicode.Mn, r):
			if marks++; marks > 10 {
				t.Errorf("marks are piled up in %.200q", text)
				return
			}
		default:
			marks = 0
		}
	}
}
