package slack

import (
	"context"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// reader is the platform of one workspace, where U1 is ana.
func reader() *Slack {
	s := New(Options{Person: func(_ context.Context, h workflows.Handle) (workflows.PersonID, bool) {
		return "ana", h == "slack/T1/U1"
	}})
	s.me.Store(&identity{team: "T1", user: "U0BOT"})
	return s
}

// TestMentions is what people type, as Slack sends it on, and as it is read.
func TestMentions(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a person", "assign docs <@U1|ana.b>", "assign docs @ana"},
		{"a person without a name", "assign docs <@U1>", "assign docs @ana"},
		{"nobody known", "assign docs <@U2|ana>", "assign docs @slack.t1.u2"},
		{"a channel", "remind at friday <#C1|general>", "remind at friday #general"},
		{"a private channel", "remind at friday <#C1|>", "remind at friday #C1"},
		{"a channel without a name", "<#C1>", "#C1"},
		{"a group", "brief send <!subteam^S1|@docs>", "brief send @docs"},
		{"a group without a name", "brief send <!subteam^S1>", "brief send @s1"},
		{"everybody", "hold -- <!here> <!channel> <!everyone|everyone>", "hold -- @here @channel @everyone"},
		{"a date", "freeze add <!date^1712345678^{date}|2024-04-05>", "freeze add 2024-04-05"},
		{"links stay", "sign docs <https://x.example/a?b=1&amp;c=2|x.example> <mailto:a@b.example|a@b.example>", "sign docs <https://x.example/a?b=1&amp;c=2|x.example> <mailto:a@b.example|a@b.example>"},
		{"escapes stay", "hold -- a &lt; b &amp;&amp; c &gt; d &amp;amp;", "hold -- a &lt; b &amp;&amp; c &gt; d &amp;amp;"},
		{"typed by hand", "hold -- &lt;@U1|ana&gt;", "hold -- &lt;@U1|ana&gt;"},
		{"no id", "<@u1/../T2>", "<@u1/../T2>"},
		{"what nobody knows", "<!new^thing|label> <@>", "<!new^thing|label> <@>"},
	}
	s := reader()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := s.typedText(t.Context(), tt.text); got != tt.want {
				t.Errorf("read %q\nwant %q", got, tt.want)
			}
		})
	}
}

// FuzzMentions: whatever somebody types reaches the bot as they typed it, however much it looks like a mention.
func FuzzMentions(f *testing.F) {
	for _, text := range []string{"<@U1|x>", "a & b", "&lt;!here&gt;", "<!date^0^{date}|x>", "<<@U1>>", "\xff<@"} {
		f.Add(text)
	}
	s := reader()
	f.Fuzz(func(t *testing.T, text string) {
		sent := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
		if got := s.typedText(t.Context(), sent); got != sent {
			t.Fatalf("%q was read as %q", sent, got)
		}
		_ = s.typedText(t.Context(), text) // what Slack would never send is no reason to fall over
		if got := withoutMention("<@U0BOT> "+sent, "U0BOT"); got != strings.TrimSpace(sent) {
			t.Fatalf("without the mention it is %q, not %q", got, sent)
		}
	})
}

// TestWithoutMention takes the bot's name off wherever it stands, and nobody else's.
func TestWithoutMention(t *testing.T) {
	for text, want := range map[string]string{
		"<@U0BOT> status": "status", "<@U0BOT|readyroom>": "", "sign docs <@U0BOT>": "sign docs", "<@U0BOT> assign docs <@U1>": "assign docs <@U1>",
	} {
		if got := withoutMention(text, "U0BOT"); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
