package discordfake_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestMarks: a text is read as a client shows it.
func TestMarks(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	role := f.AddRole(discordfake.Role{Name: "hands"})
	for text, want := range map[string]string{
		"plain":                            "plain",
		"**bold** and *slanted* _too_":     "bold and slanted too",
		`\*\*not\*\* \_this\_ \` + "`x\\`": "**not** _this_ `x`",
		"__under__ ~~gone~~ ||hidden||":    "under gone hidden",
		"***both***":                       "both",
		"**a *b* c**":                      "a b c",
		"snake_case_name":                  "snake_case_name",
		"2 * 3 * 4":                        "2 * 3 * 4",
		"**open":                           "**open",
		"`**code**`":                       "**code**",
		"``a ` b``":                        "a ` b",
		"# Big\n## Less\n-# small":         "Big\nLess\nsmall",
		`\# no`:                            "# no",
		"> said\n- one\n* two":             "│ said\n• one\n• two",
		"[Notes](https://example.org/a)":   "Notes",
		"[**N**](<https://example.org>)":   "N",
		`\[Notes](https://example.org)`:    "[Notes](https://example.org)",
		"<https://example.org/a_b_c>":      "https://example.org/a_b_c",
		"https://example.org/a_b_c_":       "https://example.org/a_b_c_",
		"<@" + ana + "> in <#" + discordfake.General + ">":              "@ana in #general",
		"<@&" + role + "> <@&" + discordfake.Server + ">":               "@hands @everyone",
		"<@1100000000000000999>":                                        "@unknown-user",
		`\<@` + ana + ">":                                               "<@" + ana + ">",
		"<t:1767603600:F> <t:1767603600>":                               "Monday, 5 January 2026 09:00 5 January 2026 09:00",
		"<:ok:1100000000000000999> </release sign:1100000000000000999>": ":ok: /release sign",
		"before\n```go\n**x**\n```\nafter":                              "before\n**x**\nafter",
		"```one```":                                                     "one",
		"a ```b``` c":                                                   "a b\n c",
		"@everyone":                                                     "@everyone",
	} {
		if got := strings.Join(f.Lines(discordfake.Message{Content: text}), "\n"); got != want {
			t.Errorf("%q is read %q, want %q", text, got, want)
		}
	}
}

// FuzzMarks: every text is read, and a text that is escaped is read as it is.
func FuzzMarks(f *testing.F) {
	for _, s := range []string{"**a**", "`x", "```\n", "[a](https://b.c)", `\`, "_a_", "<@1>", "a||b||", "***x**"} {
		f.Add(s)
	}
	fake := discordfake.New(f, discordfake.Options{})
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 300 {
			return
		}
		fake.Lines(discordfake.Message{Content: s})
		var escaped strings.Builder
		for _, r := range s {
			if r < 0x80 && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
				escaped.WriteByte('\\')
			}
			escaped.WriteRune(r)
		}
		want := string([]rune(s))
		if got := strings.Join(fake.Lines(discordfake.Message{Content: escaped.String()}), "\n"); want != "" && got != want {
			t.Errorf("%q is read %q", escaped.String(), got)
		}
	})
}

// TestLines: a message is read from top to bottom.
func TestLines(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	embeds, err := json.Marshal([]any{j{
		"title": "T", "description": "**D**\nmore", "author": j{"name": "A**A**"}, "footer": j{"text": "F_F_"},
		"fields": []any{j{"name": "N", "value": "<@" + ana + ">"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	components, err := json.Marshal([]any{
		row(btn("Sign", "a"), with(btn("Hold", "b"), j{"disabled": true}), j{"type": 2, "style": 1, "custom_id": "c", "emoji": j{"name": "🔔"}, "label": "Tell"}),
		row(j{"type": 3, "custom_id": "d", "placeholder": "More", "options": []any{j{"label": "Drop", "value": "x"}}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	got := f.Lines(discordfake.Message{Content: "C", Embeds: embeds, Components: components, Files: []discordfake.File{{Name: "a.txt"}}})
	want := []string{"C", "A**A**", "T", "D", "more", "N", "@ana", "F_F_", "<a.txt>", "[Sign] [Hold (off)] [🔔 Tell]", "(More | Drop)"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want\n%q", got, want)
	}
}
