//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// discordDeeds are the routes that the bot does things by.
var discordDeeds = map[deed]string{
	posts: "POST /channels/{channel}/messages", edits: "PATCH /channels/{channel}/messages/{message}", reaches: "POST /users/@me/channels",
}

// discordOdd is how what is odd looks at Discord.
var discordOdd = map[odd]discordfake.Fault{
	tooMany: discordfake.TooMany(2*time.Second, "2", "user"), tooManyYet: discordfake.Raw(429, `{"message":"slow down"}`),
	broken: discordfake.HTTP(500), away: discordfake.HTTP(503),
	cutBefore: discordfake.Ends(discordfake.Reset), cutAmid: discordfake.Ends(discordfake.Cut), half: discordfake.Ends(discordfake.Short),
	page: discordfake.HTML(502), empty: discordfake.Raw(200, "{}"), null: discordfake.Raw(200, "null"), bareYes: {Status: 204, Empty: true},
	itsOwnFault: discordfake.Raw(503, `{"message":"API resource is currently overloaded. Try again a little later","code":130000}`),
}

func (g *guild) people() *folk { return g.folk }

func (g *guild) invites(string, ...string) {} // all of a server are in its channels

func (g *guild) fails(at deed, how odd, stored bool) bool {
	x, ok := discordOdd[how]
	x.Stored = stored
	if ok {
		g.fake.Fail(discordDeeds[at], x)
	}
	return ok
}

func (g *guild) unmet() int { return g.fake.Unspent() }

func (g *guild) blind() {
	for range 40 {
		g.fake.Fail("GET /channels/{channel}/messages", discordfake.HTTP(500))
	}
}

// shutBy is what the bot is denied in a channel.
var shutBy = map[string]discordfake.Permission{"it cannot be seen": discordfake.ViewChannel, "nobody lets it write": discordfake.SendMessages}

func (g *guild) shuts() []string { return []string{"it cannot be seen", "nobody lets it write"} }

func (g *guild) shut(channel, how string, is bool) {
	g.fake.SetChannel(talkID(channel), func(c *discordfake.Channel) {
		c.Overwrites = nil
		if is {
			c.Overwrites = []discordfake.Overwrite{{ID: g.fake.BotUser(), Member: true, Deny: shutBy[how]}}
		}
	})
}

// revokes resets the token in the portal: what is connected is thrown out as well.
func (g *guild) revokes(*testing.T) string {
	g.fake.Revoke(g.fake.BotToken())
	g.fake.Gateway(0).Disconnect(4004)
	return g.fake.BotToken()
}

func (g *guild) grants(t *testing.T) {
	const next = "MTE.the.next-token-of-the-bot"
	g.fake.Grant(next)
	t.Setenv(discordBot, next)
}

func (g *guild) unwell() error                    { return g.r.discord.Health() }
func (g *guild) reload(ctx context.Context) error { return reloadDiscord(ctx, g.r) }

func (g *guild) says(ctx context.Context, id, channel, line string) answer {
	start := time.Now()
	r, ok := g.typed(ctx, id, channel, line)
	if !ok {
		return answer{texts: func() []string { return nil }, wrong: "nobody can type that"}
	}
	a := answer{texts: r.Texts, wrong: r.Shown, took: time.Since(start)}
	if r.Err != nil {
		a.wrong += r.Err.Error()
	}
	return a
}

// repeating brings everything three times, and keeps what it was.
type repeating struct {
	g    *guild
	sent *discordfake.Interaction
	form *discordfake.Request
}

func (r repeating) Deliver(ctx context.Context, i discordfake.Interaction) (discordfake.Answer, error) {
	*r.sent = i
	if r.g.way != "http" {
		a, err := r.g.fake.Gateway(0).Deliver(ctx, i)
		for range 2 {
			r.g.fake.Gateway(0).Emit("INTERACTION_CREATE", i.Payload)
		}
		return a, err
	}
	e := r.g.fake.HTTP(r.g.url)
	*r.form = e.Request(i)
	for _, a := range e.Same(ctx, *r.form, 3) {
		if a.Status == 200 {
			return a, nil // the others are turned away, as Discord sends nothing twice
		}
	}
	return discordfake.Answer{}, errors.New("none was taken")
}

func (g *guild) same(t *testing.T, id, channel, line string) (answers []string, again func() []string) {
	r := repeating{g, new(discordfake.Interaction), new(discordfake.Request)}
	g.fake.Deliver(r)
	a := g.says(t.Context(), id, channel, line)
	if a.wrong != "" {
		t.Error(a.wrong)
	}
	alone := func() (all []string) {
		for _, w := range g.fake.Ephemerals(talkID(channel), memberID(id)) {
			all = append(all, g.fake.Text(w.Message))
		}
		return all
	}
	return alone(), func() []string {
		if g.way == "http" {
			g.fake.HTTP(g.url).Same(t.Context(), *r.form, 1)
		} else {
			g.fake.Gateway(0).Emit("INTERACTION_CREATE", r.sent.Payload)
		}
		return alone()
	}
}

// heard is a line over the gateway; over http there are none.
func (g *guild) heard(t *testing.T, id, channel, line string) (again func()) {
	if g.way == "http" {
		return nil
	}
	said := g.fake.As(memberID(id)).Mention(t.Context(), talkID(channel), line).Message
	event, err := json.Marshal(map[string]any{
		"id": said, "channel_id": talkID(channel), "guild_id": discordfake.Server, "type": 0, "content": "<@" + g.fake.BotUser() + "> " + line,
		"author": map[string]any{"id": memberID(id), "username": id}, "mentions": []any{map[string]any{"id": g.fake.BotUser(), "bot": true}},
		"member": map[string]any{"roles": []string{g.team}}, "timestamp": g.clock().Format(time.RFC3339),
	})
	if err != nil {
		t.Fatal(err)
	}
	again = func() { g.fake.Gateway(0).Emit("MESSAGE_CREATE", event) }
	again()
	again()
	g.fake.Wait(t.Context(), "an answer", func() bool { return len(g.answered(channel)) > 0 })
	return again
}

func (g *guild) answered(channel string) (all []string) {
	for _, m := range g.fake.Messages(talkID(channel)) {
		if text := g.fake.Text(m); m.Author == g.fake.BotUser() && strings.Contains(text, "resumed by") || strings.Contains(text, "it goes on") {
			all = append(all, text)
		}
	}
	return all
}

func (g *guild) stands(places ...string) (all []string) {
	text := func(m discordfake.Message) string {
		return alike(variable.ReplaceAllString(g.fake.Text(m), "TIME"))
	}
	for _, p := range places {
		id := talkID(p[1:])
		if p[0] == '@' {
			id = g.fake.DM(memberID(p[1:]))
		}
		for _, m := range g.fake.Messages(id) {
			all = append(all, p+": "+text(m))
			for _, under := range g.fake.Thread(id, m.ID) {
				all = append(all, p+": under "+strings.SplitN(text(m), "\n", 2)[0]+": "+text(under))
			}
		}
	}
	slices.Sort(all)
	return all
}

func (g *guild) sender() chattest.Platform { return g.r.discord }
