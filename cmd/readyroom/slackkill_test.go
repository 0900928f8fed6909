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

// typing in Slack: who says what, where. KEY is the key of the question that the line before it was answered with.
type uttered struct {
	user, channel, text string
	mention             bool // "@readyroom …" instead of a command
}

// slackTeam is who types in Slack's kill loop.
const slackTeam = `owners: [ana]
people:
  ana: {name: Ana, slack: T0ACME/U0ANA, code: [ana@example.org]}
  ben: {name: Ben, slack: T0ACME/U0BEN, code: [ben@example.org]}
roles: {'*': [ana, ben]}
products:
  app: {repository: ., branch: main}
time: {zone: UTC, days: mon-sun, hours: "00:00-23:59", digest: "%s", channel: "%[1]s"}
`

// slackCourse leads to a post of every kind, in two channels, in threads, in direct messages, and over several pages.
var slackCourse = []uttered{
	{user: "U0ANA", channel: "C0APP", text: `new app@1.0.0 --template simple --why small`},
	{user: "U0ANA", channel: "C0TWO", text: `set --here app@1.0.0`},
	{user: "U0BEN", channel: "C0APP", text: `hold app@1.0.0 -- to look at it`},
	{user: "U0BEN", channel: "C0APP", text: `resume app@1.0.0 -- seen`, mention: true},
	{user: "U0ANA", channel: "C0APP", text: `item assign app@1.0.0 way-back @ben --due 2099-01-30`},
	{user: "U0ANA", channel: "C0APP", text: `notes draft app@1.0.0`},
	{user: "U0ANA", channel: "C0APP", text: `notes approve app@1.0.0`},
	{user: "U0BEN", channel: "C0APP", text: `sign app@1.0.0 tests,way-back`},
	{user: "U0ANA", channel: "C0TWO", text: `advance app@1.0.0`},
	{user: "U0ANA", channel: "C0TWO", text: `confirm KEY`},
	{user: "U0ANA", channel: "C0APP", text: `notes publish app@1.0.0`},
	{user: "U0ANA", channel: "C0APP", text: `confirm KEY`},
	{user: "U0BEN", channel: "C0APP", text: `sign app@1.0.0 announced,healthy`},
	{user: "U0ANA", channel: "C0APP", text: `advance app@1.0.0`},
}

// chatKinds are what the bot has to deliver in that course, and how.
var chatKinds = []string{"assigned, direct", "card, edit", "card, post", "held, post", "history, in a thread", "notes, post", "passed, post"}

// chatPoints are the places between two steps that the serving program can die at.
var chatPoints = []string{
	storage.BeforeCommit, storage.AfterCommit, bot.Claimed, bot.BeforeSend, bot.AfterSend, bot.Settled,
}

// slackCalls are the calls that somebody dies at, before and after.
var slackCalls = []string{
	"auth.test", "chat.postMessage", "chat.postMessage thread_ts", "chat.postMessage direct", "chat.postMessage thread_ts #2",
	"chat.postMessage thread_ts answer", "chat.update ts", "conversations.history", "conversations.open", "conversations.replies ts", "users.info",
}

// The points of calls: one has come, and nothing is done; or it is done, and nothing is answered yet.
const callCame, callDone = "call.came", "call.done"

// The serving bot is killed at each point, with each kind of delivery or line that comes by there, while people type in
// Slack; and while Slack works on a call, before and after it did what it was asked. In the end, Slack shows the very same
// as where nobody was killed.
func TestKillInSlack(t *testing.T) {
	if underRace && !*torture {
		t.Skip("programs die in the same places without the race detector")
	}
	repo := longRepo(t)
	whole := newSlackOrdeal(t, repo, "")
	lived := make(chan struct{})
	go func() { defer close(lived); whole.live(slackCourse, nil) }()
	var deaths atomic.Int64
	t.Run("points", func(t *testing.T) {
		for _, point := range append([]string{callCame, callDone}, chatPoints...) {
			t.Run(point, func(t *testing.T) {
				t.Parallel()
				o := newSlackOrdeal(t, repo, point)
				o.live(slackCourse, nil)
				<-lived
				o.compare(whole.chatOrdeal)
				o.everywhere(point, slackCalls...)
				t.Logf("%d deaths", o.deaths)
				deaths.Add(int64(o.deaths))
			})
		}
	})
	<-lived
	if diff := cmp.Diff(chatKinds, whole.delivered()); diff != "" {
		t.Errorf("kinds of deliveries (-listed +seen):\n%s", diff)
	}
	t.Logf("%d deaths", deaths.Load())
}

// The serving bot is killed at any moment. -kill.rounds says how often this is done, and -kill.seed how.
func TestKillInSlackAnyTime(t *testing.T) {
	if !*torture {
		t.Skip("takes minutes; → go test ./cmd/readyroom -run TestKillInSlackAnyTime -torture -kill.rounds 500")
	}
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % 1e9
	}
	repo := longRepo(t)
	whole := newSlackOrdeal(t, repo, "")
	whole.live(slackCourse, nil)
	for deaths := 0; deaths < *killRounds && !t.Failed(); seed++ {
		o := newSlackOrdeal(t, repo, "")
		o.live(slackCourse, rand.New(rand.NewPCG(seed, 0)))
		o.compare(whole.chatOrdeal)
		deaths += o.deaths
		fmt.Printf("%s -kill.seed=%d: %d kills\n", time.Now().UTC().Format(time.TimeOnly), seed, o.deaths)
	}
}
