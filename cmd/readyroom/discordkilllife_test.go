//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/discord"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/commands"
)

// discordOrdeal is a server in which people type while the bot dies again and again.
type discordOrdeal struct {
	*chatOrdeal
	way  string
	fake *discordfake.Fake
	api  string          // of Discord, through what kills
	said map[string]bool // the messages in which somebody spoke to the bot
	web  *discordfake.Endpoint
}

func newDiscordOrdeal(t *testing.T, repo *gittest.Repo, way, point string) *discordOrdeal {
	o := &discordOrdeal{chatOrdeal: newChatOrdeal(t, repo, point), way: way, said: map[string]bool{}}
	o.platformOrdeal, o.long = o, 300*time.Millisecond
	o.fake = discordfake.New(t, discordfake.Options{Forgets: true}) // it is the marks that tell what is there
	o.fake.Gateway(0).Window(time.Nanosecond)                       // processes follow each other faster than Discord would let them begin
	team := o.fake.AddRole(discordfake.Role{Name: "team", Permissions: discordfake.ManageServer})
	for _, id := range []string{"ana", "ben"} {
		o.fake.AddUser(discordfake.User{ID: memberID(id), Name: id})
		o.fake.AddMember(discordfake.Member{User: memberID(id), Roles: []string{team}})
	}
	o.fake.AddChannel(discordfake.Channel{ID: talkID("app"), Name: "app"})
	o.fake.AddChannel(discordfake.Channel{ID: talkID("two"), Name: "two", Type: discordfake.Announcement})
	if way == overWeb {
		o.web = o.fake.HTTP("http://" + o.addr)
		o.fake.Deliver(o.web)
	}
	d := discord.New(discord.Options{Secrets: discord.Secrets{BotToken: chat.Secret(o.fake.BotToken())}, URL: o.fake.URL(),
		Commands: commands.All.Typed(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if _, err := d.Register(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	o.api = o.between(o.fake.URL())
	o.write("team.yaml", fmt.Sprintf(discordTeam, memberID("ana"), memberID("ben"), quietly(), way))
	return o
}

func (o *discordOrdeal) env() []string {
	return []string{discordURL + "=" + o.api, discordBot + "=" + o.fake.BotToken()}
}

var (
	inPath = regexp.MustCompile(`/[0-9]{15,20}`)
	token  = regexp.MustCompile(`^/(interactions|webhooks)/\*/[^/]+`)
)

// shape tells calls apart: the method and the path; of a post whether it is direct, is in a thread and which one there, or
// is to be published.
func (o *discordOrdeal) shape(r *http.Request, _ []byte) string {
	path := strings.TrimPrefix(r.URL.Path, "/api/v10")
	shape := r.Method + " " + token.ReplaceAllString(inPath.ReplaceAllString(path, "/*"), "/$1/*/*")
	if shape != "POST /channels/*/messages" {
		return shape
	}
	switch channel := strings.Split(path, "/")[2]; channel {
	case talkID("app"):
		return shape
	case talkID("two"):
		return shape + " announced"
	case o.fake.DM(memberID("ana")), o.fake.DM(memberID("ben")):
		return shape + " direct"
	default:
		return fmt.Sprintf("%s in a thread%s, %d", shape, o.pages(channel), len(o.fake.Messages(channel))+1)
	}
}

// pages says that a thread is that of notes, whose other pages stand there.
func (o *discordOrdeal) pages(thread string) string {
	for _, m := range o.fake.Messages(talkID("app")) {
		if m.ID == thread && strings.Contains(o.fake.Text(m), "release notes") {
			return " of notes"
		}
	}
	return ""
}

// utter has somebody type a line, and type it again whenever no answer comes, as people do. What was done before is not
// done once more.
func (o *discordOrdeal) utter(ctx context.Context, l uttered) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && !o.t.Failed(); {
		if !o.ready(ctx) {
			break
		}
		o.repeats(ctx)
		o.mu.Lock()
		life := o.lives
		o.mu.Unlock()
		if l.mention && o.way == overGateway {
			if r := o.fake.As(memberID(l.user)).Mention(ctx, talkID(l.channel), l.text); o.heard(ctx, r, life) {
				return
			}
			continue
		}
		if r := o.types(ctx, l); r.Err == nil && o.reads(ctx, r, life) {
			return
		}
	}
	o.t.Errorf("%q was never answered; it said %s", l.text, o.log)
}

// repeats sends the bytes of the last request once more, as somebody may who saw them. A process that did not see them
// answers as the one did that carried them out, and changes nothing.
func (o *discordOrdeal) repeats(ctx context.Context) {
	if o.web == nil {
		return
	}
	if all := o.web.Sent(); len(all) > 0 {
		_, _ = o.web.Send(ctx, all[len(all)-1]) // it may die of that
	}
}

// ready waits until the bot is well and listens.
func (o *discordOrdeal) ready(ctx context.Context) bool {
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && ctx.Err() == nil && !o.t.Failed(); time.Sleep(10 * time.Millisecond) {
		_, code, err := fetchOnce("http://" + o.addr + "/readyz")
		if err == nil && code == http.StatusOK && (o.way == overWeb || o.fake.Gateway(0).Open() == 1) {
			return true
		}
	}
	return false
}

// types types a line as the typed command that it is; to confirm is to press the first button of the question.
func (o *discordOrdeal) types(ctx context.Context, l uttered) discordfake.Result {
	p, channel := o.fake.As(memberID(l.user)), talkID(l.channel)
	if l.text == "confirm KEY" {
		for _, w := range slices.Backward(o.fake.Ephemerals(channel, memberID(l.user))) {
			if all := p.Buttons(channel, w.ID); slices.Contains(all, "Not now") {
				return p.PressIn(ctx, channel, w.ID, all[0])
			}
		}
		o.t.Errorf("nobody asked %s anything", l.user)
	}
	parsed, err := commands.All.Parse(l.text, commands.Context{Now: time.Now(), Zone: time.UTC, Products: func(name string) bool { return name == "app" }})
	if err != nil {
		o.t.Errorf("%s: %v", l.text, err)
		return discordfake.Result{Err: err}
	}
	return p.Slash(ctx, channel, typedPath(parsed.Command.Path), typedOptions(parsed))
}

// reads waits until somebody has read an answer that is one; false: whoever was to give it died.
func (o *discordOrdeal) reads(ctx context.Context, r discordfake.Result, life int) bool {
	for ctx.Err() == nil && !o.t.Failed() {
		for _, w := range r.Whispers() {
			text := o.fake.Text(w.Message)
			if w.Flags&discordfake.FlagLoading != 0 || strings.Contains(text, listen.Saving) {
				continue
			}
			if strings.Contains(text, "I am just starting") {
				return false
			}
			o.asked["discord/"+r.ID] = text
			return true
		}
		if o.died(life) {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}

// heard waits until what somebody said is answered in the channel; false: whoever was to answer died.
func (o *discordOrdeal) heard(ctx context.Context, r discordfake.Result, life int) bool {
	o.said[r.Message] = true
	for ctx.Err() == nil && !o.t.Failed() {
		for _, m := range r.Messages() {
			if markOf(m) == embeds.Mark("answer/discord/"+r.Message) {
				o.asked["discord/"+r.Message] = o.fake.Text(m)
				return true
			}
		}
		if o.died(life) {
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}

// died reports whether another life began since.
func (o *discordOrdeal) died(life int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.lives != life
}

// markOf is the mark of a message; empty: it bears none.
func markOf(m discordfake.Message) string {
	var all []struct{ URL string }
	if json.Unmarshal(m.Embeds, &all) != nil || len(all) == 0 {
		return ""
	}
	mark, _ := embeds.MarkOf(all[0].URL)
	return mark
}
