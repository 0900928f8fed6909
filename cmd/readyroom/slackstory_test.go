package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/slack"
	"github.com/readyroom/readyroom/bot/web"
)

func TestStoriesInSlack(t *testing.T) {
	for _, name := range stories {
		for _, way := range []string{"http", "socket"} {
			t.Run(name+" over "+way, func(t *testing.T) { tellIn(t, name, func(t *testing.T) *folk { return newOffice(t, way).folk }) })
		}
	}
}

// office is a workspace of Slack where the bot is at work.
type office struct {
	*folk
	way  string
	fake *slackfake.Fake
	url  string // where the bot listens, over http
}

func newOffice(t *testing.T, way string) *office {
	o := &office{folk: newFolk(t), way: way}
	o.town = o
	o.fake = slackfake.New(t, slackfake.Options{Now: func() time.Time { return o.clock() }})
	t.Setenv(slackURL, o.fake.URL())
	t.Setenv(slackBot, o.fake.BotToken())
	switch way {
	case "http":
		t.Setenv(slackSigning, o.fake.SigningSecret())
	case "socket":
		t.Setenv(slackApp, o.fake.AppToken())
	}
	return o
}

func userOf(id string) string      { return "U0" + strings.ToUpper(id) }
func channelOf(name string) string { return "C0" + strings.ToUpper(name) }

func (o *office) name() string             { return slack.Platform }
func (o *office) setting() string          { return "" }
func (o *office) account(id string) string { return slackfake.Team + "/" + userOf(id) }
func (o *office) handle(id string) string  { return slackfake.Team + "/" + userOf(id) }
func (o *office) channel(name string) string {
	return slackfake.Team + "/" + channelOf(name)
}

func (o *office) add(id string) { o.fake.AddUser(slackfake.User{ID: userOf(id), Name: id}) }
func (o *office) open(name string) {
	o.fake.AddChannel(slackfake.Channel{ID: channelOf(name), Name: name})
}

func (o *office) types(ctx context.Context, id, channel, line string) {
	o.fake.As(userOf(id)).Slash(ctx, channelOf(channel), "/release", line)
}

func (o *office) presses(ctx context.Context, id, channel, label string) {
	o.fake.As(userOf(id)).PressNewest(ctx, label, channelOf(channel), o.fake.DM(userOf(id)))
}

func (o *office) fills(ctx context.Context, id string, values map[string]string) {
	o.fake.As(userOf(id)).Submit(ctx, values)
}

func (o *office) leaves(ctx context.Context, id string) {
	if _, open := o.fake.Modal(userOf(id)); open {
		o.fake.As(userOf(id)).CloseModal(ctx)
	}
}

func (o *office) reads(id, channel string) (all []string) {
	for _, c := range []string{channelOf(channel), o.fake.DM(userOf(id))} {
		for _, w := range o.fake.Ephemerals(c, userOf(id)) {
			all = append(all, w.Text)
		}
	}
	return all
}

func (o *office) failures() (all []string) {
	for _, f := range o.fake.Failures() {
		all = append(all, fmt.Sprintf("%s saw %s at %q", f.User, f.Name, f.What))
	}
	return all
}

// hand is somebody who types in Slack.
type hand struct {
	*visitor
	fake   *slackfake.Fake
	office *office
	end    func() // of the bot, where a test begins it by itself
}

// hand is the visitor as somebody in Slack.
func (o *office) hand(v *visitor) *hand { return &hand{visitor: v, fake: o.fake, office: o} }

// connect lets Slack reach the bot, and gives what ends that.
func (o *office) connect(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { o.r.slack.Run(ctx); close(done) }()
	stop := func() {}
	if o.way == "http" {
		server := httptest.NewServer(web.New(web.Options{Checks: o.r.checks, Metrics: o.r.metrics, Log: o.r.log, Chats: o.r.slack.Routes()}).Handler)
		stop, o.url = server.Close, server.URL
		o.fake.Deliver(o.fake.HTTP(server.URL))
	} else {
		o.fake.Deliver(o.fake.Socket(0))
	}
	for o.r.slack.Health() != nil {
		select {
		case <-ctx.Done():
			o.t.Fatal(o.r.slack.Health())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return func() { cancel(); <-done; stop() }
}
