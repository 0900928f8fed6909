package slackfake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// TestReads is what a person reads of a message, and whom it calls.
func TestReads(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	blocks := `[{"type":"header","text":{"type":"plain_text","text":"1.4 <!channel>"}},
		{"type":"section","text":{"type":"mrkdwn","text":"*R&amp;D*\nfor <@U0ANA|ana>"},"fields":[{"type":"mrkdwn","text":"a"}],
			"accessory":{"type":"overflow","options":[{"text":{"type":"plain_text","text":"Hold"},"value":"h"}]}},
		{"type":"divider"},
		{"type":"context","elements":[{"type":"mrkdwn","text":"&lt;!here&gt;"},{"type":"plain_text","text":"b"}]},
		{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Sign"}},{"type":"button","text":{"type":"plain_text","text":"Hold"}}]},
		{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"in "},{"type":"channel","channel_id":"C0APP"},{"type":"user","user_id":"U0BEN"}]},
			{"type":"rich_text_quote","elements":[{"type":"link","url":"https://a.example"},{"type":"text","text":"\nb"}]}]}]`
	if got := errorOf(call(t, f, "chat.postMessage", "channel", "C0APP", "text", "<!here> <!subteam^S0QA|@qa> &lt;!everyone&gt;", "blocks", blocks)); got != "" {
		t.Fatal(got)
	}
	m := f.Messages("C0APP")[0]
	want := []string{"1.4 <!channel>", "*R&D*", "for <@U0ANA|ana>", "a", "(Hold)", "---", "<!here>  b", "[Sign] [Hold]",
		"in <#C0APP><@U0BEN>", "| https://a.example", "| b"}
	if diff := cmp.Diff(want, m.Lines()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"!here", "!subteam^S0QA", "@U0ANA", "user U0BEN"}, m.Pings()); diff != "" {
		t.Error(diff)
	}
	call(t, f, "chat.postMessage", "channel", "C0APP", "text", "a &lt; b\nc")
	if diff := cmp.Diff([]string{"a < b", "c"}, f.Messages("C0APP")[1].Lines()); diff != "" {
		t.Error(diff)
	}
}

// TestAway loses what is whispered to somebody who is not there, without a word.
func TestAway(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	f.SetUser("U0ANA", func(u *slackfake.User) { u.Away = true })
	if got := errorOf(call(t, f, "chat.postEphemeral", "channel", "C0APP", "user", "U0ANA", "text", "a")); got != "" || len(f.Ephemerals("C0APP", "U0ANA")) != 0 {
		t.Errorf("got %q, and she sees it", got)
	}
	f.SetUser("U0ANA", func(u *slackfake.User) { u.Away = false })
	call(t, f, "chat.postEphemeral", "channel", "C0APP", "user", "U0ANA", "text", "a")
	if len(f.Ephemerals("C0APP", "U0ANA")) != 1 {
		t.Error("she is there, and does not see it")
	}
	f.Reload("U0ANA")
	if len(f.Ephemerals("C0APP", "U0ANA")) != 0 {
		t.Error("it is still there after she loaded her client anew")
	}
}

// TestOtherText gives a text back other than it was sent, as Slack does with links.
func TestOtherText(t *testing.T) {
	f, _ := acme(t, slackfake.Options{})
	const sent = "see https://a.example/x and <https://b.example|b> (https://c.example)"
	m, _ := call(t, f, "chat.postMessage", "channel", "C0APP", "text", sent)["message"].(map[string]any)
	if want := "see <https://a.example/x> and <https://b.example|b> (<https://c.example>)"; m["text"] != want || f.Messages("C0APP")[0].Text != sent {
		t.Errorf("got %q", m["text"])
	}
}

// TestCannot fails the test of whoever does what Slack's client does not let them do.
func TestCannot(t *testing.T) {
	blocks := `[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}}]}]`
	for name, do := range map[string]func(*slackfake.Person){
		"press what is not there":      func(p *slackfake.Person) { p.Press(t.Context(), "C0APP", "Stop") },
		"press where they are not":     func(p *slackfake.Person) { p.Press(t.Context(), "C0SECRET", "Go") },
		"press what another sees":      func(p *slackfake.Person) { p.Press(t.Context(), "C0APP", "Hers") },
		"command where they are not":   func(p *slackfake.Person) { p.Slash(t.Context(), "C0SECRET", "/release", "") },
		"mention where they are not":   func(p *slackfake.Person) { p.Mention(t.Context(), "C0SECRET", "", "status") },
		"submit nothing":               func(p *slackfake.Person) { p.Submit(t.Context(), nil) },
		"close nothing":                func(p *slackfake.Person) { p.CloseModal(t.Context()) },
		"answer what is not":           func(p *slackfake.Person) { p.Say("C0APP", "1.000001", "a") },
		"write in an archived channel": func(p *slackfake.Person) { p.Say("C0OLD", "", "a") },
		"use a shortcut on nothing":    func(p *slackfake.Person) { p.Shortcut(t.Context(), "feedback", "C0APP", "1.000001") },
		"press at a home without":      func(p *slackfake.Person) { p.PressHome(t.Context(), "Go") },
	} {
		t.Run(name, func(t *testing.T) {
			heard := &recorder{TB: t}
			f, _ := acme(heard, slackfake.Options{})
			newApp(t, f)
			call(t, f, "chat.postMessage", "channel", "C0APP", "text", "card", "blocks", blocks)
			call(t, f, "chat.postEphemeral", "channel", "C0APP", "user", "U0ANA", "text", "card", "blocks",
				`[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Hers"}}]}]`)
			if do(f.As("U0BEN")); heard.errors() != 1 || len(f.Deliveries("")) != 0 {
				t.Errorf("%d errors, %d deliveries", heard.errors(), len(f.Deliveries("")))
			}
		})
	}
}
