package console

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// offers lists what is offered behind the part of the line that it keeps.
func offers(c *Console, line string) []string {
	at, all := c.ways(context.Background(), line)
	out := []string{}
	for _, w := range all {
		out = append(out, line[:at]+"|"+w.Text)
	}
	return out
}

func TestWays(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	var asked []chat.Request
	r.opts.Complete = func(_ context.Context, q chat.Request) []chat.Completion {
		asked = append(asked, q)
		return []chat.Completion{{Text: "tests"}, {Text: "tidy"}}
	}
	r.opts.People = func(context.Context) []string { return []string{"ana", "you"} }
	r.run(t, "new app@1\nadvance\n#dev status\n@ana draft\n@you #general hello\n")
	c := New(r.opts)
	c.forms = map[workflows.Handle]openForm{"console/ana": {form: briefing}}
	for line, want := range map[string][]string{
		"@":              {"|@ana", "|@you"},
		"  @A":           {"  |@ana"},
		"@ana #":         {"@ana |#general", "@ana |#dev"},
		"#d":             {"|#dev"},
		"@ana #dev si":   {"@ana #dev |tests", "@ana #dev |tidy"},
		"sign  \tte":     {"sign  \t|tests", "sign  \t|tidy"},
		"":               {"|tests", "|tidy"},
		"@nobody ":       {},
		"#bad/name x":    {},
		"!":              {"|!press", "|!fill", "|!show", "|!wait", "|!id", "|!help", "|!quit"},
		"@ana !h":        {"@ana |!help"},
		"!press ":        {"!press |Release to everyone", "!press |Not now", "!press |Sign…", "!press |Hold"},
		"!press release": {"!press |Release to everyone"},
		"!press Release t": {
			"!press |Release to everyone"},
		"#dev !press ":               {"#dev !press |Release to everyone", "#dev !press |Not now"},
		"@ana !press ":               {"@ana !press |Sign…", "@ana !press |Hold"},
		"!show ":                     {"!show |#general", "!show |#dev", "!show |@me"},
		"!show @":                    {"!show |@me"},
		"!wait 2":                    {"!wait |26h"},
		"!fill ":                     {},
		"@ana !fill ":                {"@ana !fill |what=", "@ana !fill |who=", "@ana !fill |until="},
		"@ana !fill who=pro ":        {"@ana !fill who=pro |what=", "@ana !fill who=pro |until="},
		"@ana !fill who=":            {"@ana !fill |who=all", "@ana !fill |who=pro"},
		"@ana !fill who=P":           {"@ana !fill |who=pro"},
		`@ana !fill what="a who=`:    {},
		`@ana !fill what="a b" unti`: {`@ana !fill what="a b" |until=`},
		"!id ":                       {},
		"!nonsense ":                 {},
	} {
		if diff := cmp.Diff(want, offers(c, line)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
	asked = nil
	offers(c, "@ana #dev sign te")
	want := []chat.Request{{By: "console/ana", At: "console/#dev", Text: "sign te", When: SimulatedStart()}}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	r.opts.Complete, r.opts.People, r.opts.Clock = nil, nil, RealClock(SimulatedStart)
	for _, line := range []string{"sign te", "@a", "!wait "} {
		if got := offers(New(r.opts), line); len(got) > 0 {
			t.Errorf("%q is completed by nobody: %q", line, got)
		}
	}
}

// TestComplete: the bar is the cursor, what is offered stands in place of the last word before it.
func TestComplete(t *testing.T) {
	for _, tt := range []struct{ line, ways, want string }{
		{"si|", "sign", "sign |"},
		{"sign|", "sign", "sign |"},
		{"new a|", "app@…", "new app@|"},
		{"sign t|", "tests tidy", "sign t|"},
		{"sign te|", "tests tests-more", "sign tests|"},
		{"sign |", "tests tests-more", "sign tests|"},
		{"sign |", "tests docs", "sign |"},
		{"sign |", "", "sign |"},
		{"sign TE|", "tests testing", "sign test|"},
		{"sign doc|", "preliminary-docs public-docs", "sign doc|"},
		{"sign doc|", "public-docs", "sign public-docs |"},
		{"si| tests", "sign", "sign| tests"},
		{"si|x", "sign", "sign |x"},
		{"ü|", "über übrig", "üb|"},
		{"x|", "xé xè", "x|"},
	} {
		var all []chat.Completion
		for _, w := range strings.Fields(tt.ways) {
			text, more := strings.CutSuffix(w, "…")
			all = append(all, chat.Completion{Text: text, More: more})
		}
		cursor := strings.Index(tt.line, "|")
		line := strings.Replace(tt.line, "|", "", 1)
		got, at := complete(line, strings.LastIndex(line[:cursor], " ")+1, cursor, all)
		if got = got[:at] + "|" + got[at:]; got != tt.want {
			t.Errorf("%q with %q: %q, want %q", tt.line, tt.ways, got, tt.want)
		}
	}
}

// TestDrawWays: as wide as the terminal, and nothing in it steers.
func TestDrawWays(t *testing.T) {
	got := drawn(drawWays([]chat.Completion{{Text: "sign", Short: "Vote on items as the role\x1b"}, {Text: "a-very-long-name", Short: "it is"}, {Text: "x"}}, 30)...)
	want := []string{"  sign             Vote on it…", "  a-very-long-name  it is", "  x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
}

// Whatever is typed, wherever the cursor stands, a Tab keeps what stands behind it and leaves the cursor in the line.
func TestATabIsSafe(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	r.run(t, "new app@1\n@ana draft\n")
	words := rapid.OneOf(hostile(), rapid.SampledFrom([]string{" ", "@", "@ana ", "#dev ", "!press ", "!fill ", "who=", "!show #", "ü", "漢", `"`}))
	r.opts.People = func(context.Context) []string { return []string{"ana", "you"} }
	r.opts.Complete = func(_ context.Context, q chat.Request) []chat.Completion {
		return []chat.Completion{{Text: "sign"}, {Text: "süden"}, {Text: "sü"}}[len(q.Text)%3:]
	}
	c := New(r.opts)
	c.forms = map[workflows.Handle]openForm{"console/ana": {form: briefing}, "console/you": {form: briefing}}
	rapid.Check(t, func(t *rapid.T) {
		before := strings.ToValidUTF8(strings.Join(rapid.SliceOf(words).Draw(t, "before"), ""), "?")
		after := strings.ToValidUTF8(words.Draw(t, "after"), "?")
		at, all := c.ways(context.Background(), before)
		line, cursor := complete(before+after, at, len(before), all)
		if line[cursor:] != after || line[:at] != before[:at] || !utf8.ValidString(line[:cursor]) {
			t.Fatalf("%q|%q became %q with the cursor at %d", before, after, line, cursor)
		}
	})
}
