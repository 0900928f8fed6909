//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/git/gittest"
)

// slackOrdeal is a workspace in which people type while the bot dies again and again.
type slackOrdeal struct {
	*chatOrdeal
	fake *slackfake.Fake
	http *slackfake.HTTP
	api  string // of Slack, through what kills
	key  string // of the question that the last command was answered with
}

func newSlackOrdeal(t *testing.T, repo *gittest.Repo, point string) *slackOrdeal {
	o := &slackOrdeal{chatOrdeal: newChatOrdeal(t, repo, point)}
	o.platformOrdeal = o
	again := make([]time.Duration, 600)
	for i := range again {
		again[i] = 30 * time.Millisecond
	}
	o.fake = slackfake.New(t, slackfake.Options{RetryEvents: again})
	for _, id := range []string{"ana", "ben"} {
		o.fake.AddUser(slackfake.User{ID: userOf(id), Name: id})
	}
	for _, name := range []string{"app", "two"} {
		o.fake.AddChannel(slackfake.Channel{ID: channelOf(name), Name: name, BotIsMember: true})
	}
	o.http = o.fake.HTTP("http://" + o.addr)
	o.fake.Deliver(o.http)
	o.api = o.between(o.fake.URL())
	o.write("team.yaml", fmt.Sprintf(slackTeam, quietly()))
	return o
}

func (o *slackOrdeal) env() []string {
	return []string{slackURL + "=" + o.api, slackBot + "=" + o.fake.BotToken(), slackSigning + "=" + o.fake.SigningSecret()}
}

func (o *slackOrdeal) utter(ctx context.Context, l uttered) {
	if l.mention {
		o.fake.As(l.user).Mention(ctx, l.channel, "", l.text)
		o.fake.Settle()
		return
	}
	o.key = o.types(ctx, l, strings.ReplaceAll(l.text, "KEY", o.key))
}

// shape tells calls apart: the method, whether it answers in a thread, whose page it is.
func (o *slackOrdeal) shape(r *http.Request, body []byte) string {
	fields, _ := url.ParseQuery(string(body))
	shape := strings.TrimPrefix(r.URL.Path, "/api/")
	for _, name := range []string{"thread_ts", "ts"} {
		if fields.Get(name) != "" {
			shape += " " + name
		}
	}
	if strings.HasPrefix(fields.Get("channel"), "D") {
		shape += " direct"
	}
	if m := partPattern.FindStringSubmatch(fields.Get("metadata")); m != nil && m[1]+m[2] != "" {
		shape += " " + m[1] + m[2]
	}
	return shape
}

var partPattern = regexp.MustCompile(`"key":"(answer)?[^"#]*(#[0-9]+)?"`)

// types sends a command until it is acknowledged, the same bytes each time, and gives the key of its question.
func (o *slackOrdeal) types(ctx context.Context, l uttered, text string) (key string) {
	e := o.fake.As(l.user).Command(l.channel, "/release", text)
	e.Payload = bytes.ReplaceAll(e.Payload, []byte(strings.TrimSuffix(o.fake.URL(), "/api/")), []byte(strings.TrimSuffix(o.api, "/api/")))
	r, err := o.http.Request(e)
	if err != nil {
		o.t.Fatal(err)
	}
	var said string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		ack, err := o.http.Send(ctx, r)
		if said = string(ack.Body); err == nil && ack.Status == http.StatusOK && !strings.Contains(said, "just starting") && !strings.Contains(said, "Still saving") {
			o.asked["slack/command/"+triggerOf(e)] = said
			return keyPattern.FindString(said)
		}
		if o.t.Failed() {
			return ""
		}
	}
	o.t.Errorf("%q was never acknowledged: %s", l.text, said)
	return ""
}
