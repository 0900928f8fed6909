package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/workflows"
)

const postsPerMinute, postsAtOnce = 480, 8

// BenchmarkSlackTellEveryone tells one event to 200 channels, through the whole bot, of a workspace that takes 8 posts a
// second and does not say so; also where one post in twenty is answered with a 429 on top, one channel is archived, and
// one hangs. It reports how many times the ideal that takes until all others have it; each has it once.
func BenchmarkSlackTellEveryone(b *testing.B) {
	for name, rough := range map[string]rough{
		"well": {}, "limited": {limited: true}, "archived": {archived: true}, "hanging": {hanging: true}, "all": {true, true, true},
	} {
		b.Run(name, func(b *testing.B) {
			var took time.Duration
			refused := 0
			for b.Loop() {
				e := newEverybody(b, rough)
				took += e.told()
				refused += e.fake.Limited() + int(e.refused.Load())
				e.once()
			}
			ideal := time.Duration(manyChannels-postsAtOnce) * time.Minute / postsPerMinute
			b.ReportMetric(took.Seconds()/float64(b.N)/ideal.Seconds(), "of-ideal")
			b.ReportMetric(float64(refused)/float64(b.N), "refused/op")
		})
	}
}

// rough is what goes wrong.
type rough struct{ limited, archived, hanging bool }

// everybody is a workspace of very many channels.
type everybody struct {
	audience
	fake *slackfake.Fake
	rough
	posts   atomic.Int64
	refused atomic.Int64
}

const archivedOne, hangingOne = 13, 77

func newEverybody(b *testing.B, rough rough) *everybody {
	e := &everybody{rough: rough, fake: slackfake.New(b, slackfake.Options{
		Rates: slackfake.Rates{Posts: 1, Workspace: postsPerMinute, WorkspaceBurst: postsAtOnce, Tiers: map[int]int{2: 20, 3: 50, 4: 100}},
	})}
	for i := range manyChannels {
		id := fmt.Sprint("C", i)
		e.fake.AddChannel(slackfake.Channel{ID: id, Name: strings.ToLower(id), BotIsMember: true, Archived: rough.archived && i == archivedOne})
	}
	e.audience = audience{tb: b,
		place:  func(i int) workflows.Place { return workflows.Place(fmt.Sprint("slack/", slackfake.Team, "/C", i)) },
		stands: func(i int) int { return len(e.fake.Messages(fmt.Sprint("C", i))) },
		heard:  func() int { return len(e.fake.Posted()) },
	}
	if rough.archived {
		e.deaf = append(e.deaf, archivedOne)
	}
	if rough.hanging {
		e.deaf = append(e.deaf, hangingOne)
	}
	e.r = beginIn(b, "owners: [ana]\npeople: {ana: {name: Ana}}\n", map[string]string{
		slackURL: between(b, e.fake.URL(), e.hinder), slackBot: e.fake.BotToken(), slackSigning: e.fake.SigningSecret(),
	}, wiring{chats: true})
	e.r.bot.LetGo = letGo
	b.Cleanup(func() { _ = e.r.Close() })
	return e
}

// hinder makes it rough.
func (e *everybody) hinder(w http.ResponseWriter, r *http.Request, body []byte) (done bool) {
	fields, _ := url.ParseQuery(string(body))
	if !strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
		return false
	}
	if e.hanging && fields.Get("channel") == fmt.Sprint("C", hangingOne) {
		<-r.Context().Done()
		return true
	}
	if e.posts.Add(1)%20 != 0 || !e.limited {
		return false
	}
	e.refused.Add(1)
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(http.StatusTooManyRequests)
	return true
}
