//go:build linux

package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// slackDeeds are the methods that the bot does things by.
var slackDeeds = map[deed]string{posts: "chat.postMessage", edits: "chat.update", reaches: "conversations.open"}

// slackOdd is how what is odd looks at Slack.
var slackOdd = map[odd]slackfake.Fault{
	tooMany: slackfake.TooMany("2"), tooManyYet: slackfake.TooMany(""),
	broken: slackfake.Raw(500, ""), away: slackfake.Raw(503, `{"ok":false,"error":"service_unavailable"}`),
	cutBefore: slackfake.Ends(slackfake.Reset), cutAmid: slackfake.Ends(slackfake.Cut), half: slackfake.Ends(slackfake.Short),
	page: slackfake.HTML(), empty: slackfake.Raw(200, "{}"), null: slackfake.Raw(200, "null"), bareYes: slackfake.Raw(200, `{"ok":true}`),
	itsOwnFault: slackfake.Error("internal_error"),
}

func (o *office) people() *folk { return o.folk }

// invites makes the bot a member of a channel, with others.
func (o *office) invites(channel string, ids ...string) {
	o.fake.SetChannel(channelOf(channel), func(c *slackfake.Channel) {
		c.BotIsMember = true
		for _, id := range ids {
			c.Members = append(c.Members, userOf(id))
		}
	})
}

func (o *office) fails(at deed, how odd, stored bool) bool {
	x, ok := slackOdd[how]
	x.Stored = stored
	if ok {
		o.fake.Fail(slackDeeds[at], x)
	}
	return ok
}

func (o *office) unmet() int { return o.fake.Unspent() }

func (o *office) blind() {
	for range 40 {
		o.fake.Fail("conversations.history", slackfake.Raw(500, ""))
		o.fake.Fail("conversations.replies", slackfake.Raw(500, ""))
	}
}

func (o *office) shuts() []string { return []string{"archived"} }

func (o *office) shut(channel, _ string, is bool) {
	o.fake.SetChannel(channelOf(channel), func(c *slackfake.Channel) { c.Archived = is })
}

func (o *office) revokes(t *testing.T) string {
	o.fake.Revoke(o.fake.BotToken(), "token_revoked")
	_, _ = o.fake.Emit(t.Context(), map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"bot": []string{slackfake.Bot}}})
	return o.fake.BotToken()
}

func (o *office) grants(t *testing.T) {
	o.fake.Grant("xoxb-the-next", slackfake.Scopes...)
	t.Setenv(slackBot, "xoxb-the-next")
}

func (o *office) unwell() error                    { return o.r.slack.Health() }
func (o *office) reload(ctx context.Context) error { return reloadSlack(ctx, o.r) }

func (o *office) says(ctx context.Context, id, channel, line string) answer {
	r := o.fake.As(userOf(id)).Slash(ctx, channelOf(channel), "/release", line)
	a := answer{texts: r.Texts, wrong: r.Shown, took: r.Elapsed}
	if r.Err != nil {
		a.wrong += r.Err.Error()
	}
	return a
}

func (o *office) same(t *testing.T, id, channel, line string) (answers []string, again func() []string) {
	bytes, err := o.fake.HTTP(o.url).Request(o.fake.As(userOf(id)).Command(channelOf(channel), "/release", line))
	if err != nil {
		t.Fatal(err)
	}
	send := func(n int) (answers []string) {
		for _, ack := range o.fake.HTTP(o.url).Same(t.Context(), bytes, n) {
			if ack.Status != 200 {
				t.Errorf("answered with %d", ack.Status)
			}
			answers = append(answers, string(ack.Body))
		}
		return answers
	}
	return send(3), func() []string { return send(1) }
}

// thrice brings everything three times at once, and gives how the first was taken.
type thrice struct{ slackfake.Transport }

func (t thrice) Deliver(ctx context.Context, e slackfake.Envelope) (slackfake.Ack, error) {
	var acks [3]slackfake.Ack
	var errs [3]error
	var all sync.WaitGroup
	for i := range acks {
		all.Go(func() { acks[i], errs[i] = t.Transport.Deliver(ctx, e) })
	}
	all.Wait()
	return acks[0], errs[0]
}

func (o *office) heard(t *testing.T, id, channel, line string) (again func()) {
	o.fake.Deliver(thrice{o.fake.HTTP(o.url)})
	o.line = o.fake.As(userOf(id)).Mention(t.Context(), channelOf(channel), "", line).TS
	return func() {
		for _, d := range o.fake.Deliveries(slackfake.EventsAPI) {
			d.Envelope.RetryAttempt, d.Envelope.RetryReason = 1, "http_timeout"
			if ack, err := o.fake.HTTP(o.url).Deliver(t.Context(), d.Envelope); err != nil || ack.Status != 200 {
				t.Errorf("once more: %d %v", ack.Status, err)
			}
		}
	}
}

func (o *office) answered(channel string) (lines []string) {
	for _, m := range o.fake.Thread(channelOf(channel), o.line) {
		lines = append(lines, m.Text)
	}
	return lines
}

func (o *office) stands(places ...string) (all []string) {
	for _, p := range places {
		id := channelOf(p[1:])
		if p[0] == '@' {
			id = o.fake.DM(userOf(p[1:]))
		}
		roots := map[string]string{}
		for _, m := range o.fake.Messages(id) {
			text := alike(variable.ReplaceAllString(m.Text, "TIME"))
			if roots[m.TS] = text; m.ThreadTS != "" {
				text = "under " + strings.SplitN(roots[m.ThreadTS], "\n", 2)[0] + ": " + text
			}
			all = append(all, p+": "+text)
		}
	}
	slices.Sort(all)
	return all
}

func (o *office) sender() chattest.Platform { return o.r.slack }
