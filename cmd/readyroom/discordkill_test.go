//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/storage"
)

// discordTeam is who types in Discord's kill loop.
const discordTeam = `owners: [ana]
people:
  ana: {name: Ana, discord: "%s", code: [ana@example.org]}
  ben: {name: Ben, discord: "%s", code: [ben@example.org]}
roles: {'*': [ana, ben]}
products:
  app: {repository: ., branch: main}
time: {zone: UTC, days: mon-sun, hours: "00:00-23:59", digest: "%s", channel: "%[3]s"}
discord: {listen: %[4]s}
`

// discordCourse leads to a post of every kind, in two channels of which one is for announcements, in threads, in direct
// messages, and over several pages.
var discordCourse = []uttered{
	{user: "ana", channel: "app", text: `new app@1.0.0 --template simple --why small`},
	{user: "ana", channel: "two", text: `set --here app@1.0.0`},
	{user: "ben", channel: "app", text: `hold app@1.0.0 -- to look at it`},
	{user: "ben", channel: "app", text: `resume app@1.0.0 -- seen`, mention: true},
	{user: "ana", channel: "app", text: `item assign app@1.0.0 way-back @ben --due 2099-01-30`},
	{user: "ana", channel: "app", text: `notes draft app@1.0.0`},
	{user: "ana", channel: "app", text: `notes approve app@1.0.0`},
	{user: "ben", channel: "app", text: `sign app@1.0.0 tests,way-back`},
	{user: "ana", channel: "two", text: `advance app@1.0.0`},
	{user: "ana", channel: "two", text: `confirm KEY`},
	{user: "ana", channel: "app", text: `notes publish app@1.0.0`},
	{user: "ana", channel: "app", text: `confirm KEY`},
	{user: "ben", channel: "app", text: `sign app@1.0.0 announced,healthy`},
	{user: "ana", channel: "app", text: `advance app@1.0.0`},
}

// The ways in which Discord reaches the bot.
const overGateway, overWeb = "gateway", "http"

// discordCalls are the calls that somebody dies at, before and after: those by which it comes to know where it is, a post
// and what belongs to it (its thread, its other pages, its publishing), an edit, a look for what a former process sent, an
// answer.
var discordCalls = map[string][]string{
	overWeb: {
		"GET /applications/@me", "GET /channels/*", "GET /channels/*/messages", "GET /guilds/*/channels", "PATCH /channels/*/messages/*",
		"POST /channels/*/messages", "POST /channels/*/messages announced", "POST /channels/*/messages direct", "POST /channels/*/messages in a thread, 1",
		"POST /channels/*/messages in a thread, 2", "POST /channels/*/messages in a thread of notes, 1",
		"POST /channels/*/messages/*/crosspost", "POST /channels/*/messages/*/threads", "POST /users/@me/channels",
	},
}

func init() {
	discordCalls[overGateway] = append([]string{"GET /gateway/bot", "POST /interactions/*/*/callback"}, discordCalls[overWeb]...)
}

// The serving bot is killed at each point, with each kind of delivery or line that comes by there, while people type in
// Discord; and while Discord works on a call, before and after it did what it was asked. In the end, Discord shows the very
// same as where nobody was killed: no message twice, none lost, nothing published twice. Over the gateway, whoever asked a
// bot that dies waits for three seconds until Discord says so: that takes too long to be done without -torture.
func TestKillInDiscord(t *testing.T) {
	if underRace && !*torture {
		t.Skip("programs die in the same places without the race detector")
	}
	some := map[string][]string{
		overGateway: {callCame, callDone, bot.Claimed, bot.BeforeSend, bot.AfterSend, bot.Settled},
		overWeb:     {callDone, storage.BeforeCommit, storage.AfterCommit},
	}
	if *torture {
		all := append([]string{callCame, callDone}, chatPoints...)
		some = map[string][]string{overGateway: all, overWeb: all}
	}
	repo := longRepo(t)
	whole := newDiscordOrdeal(t, repo, overGateway, "")
	lived := make(chan struct{})
	go func() { defer close(lived); whole.live(discordCourse, nil) }()
	var deaths atomic.Int64
	t.Run("points", func(t *testing.T) {
		for _, way := range []string{overGateway, overWeb} {
			for _, point := range some[way] {
				t.Run(point+" over "+way, func(t *testing.T) {
					t.Parallel()
					o := newDiscordOrdeal(t, repo, way, point)
					o.live(discordCourse, nil)
					<-lived
					o.compare(whole.chatOrdeal)
					o.everywhere(point, discordCalls[way]...)
					t.Logf("%d deaths", o.deaths)
					deaths.Add(int64(o.deaths))
				})
			}
		}
	})
	<-lived
	if diff := cmp.Diff(chatKinds, whole.delivered()); diff != "" {
		t.Errorf("kinds of deliveries (-listed +seen):\n%s", diff)
	}
	t.Logf("%d deaths", deaths.Load())
}

// The serving bot is killed at any moment. -kill.rounds says how often this is done, and -kill.seed how.
func TestKillInDiscordAnyTime(t *testing.T) {
	if !*torture {
		t.Skip("takes minutes; → go test ./cmd/readyroom -timeout 0 -run TestKillInDiscordAnyTime -torture -kill.rounds 500")
	}
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % 1e9
	}
	repo := longRepo(t)
	whole := newDiscordOrdeal(t, repo, overGateway, "")
	whole.live(discordCourse, nil)
	for deaths := 0; deaths < *killRounds && !t.Failed(); seed++ {
		way := []string{overGateway, overWeb}[seed%2]
		o := newDiscordOrdeal(t, repo, way, "")
		o.live(discordCourse, rand.New(rand.NewPCG(seed, 0)))
		o.compare(whole.chatOrdeal)
		deaths += o.deaths
		fmt.Printf("%s -kill.seed=%d over %s: %d kills\n", time.Now().UTC().Format(time.TimeOnly), seed, way, o.deaths)
	}
}
