package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/workflows"
)

// rougher is what goes wrong in Discord, and how many of the channels are for announcements, each of whose posts is
// published with a second call.
type rougher struct {
	limited, globally, hanging, forbidden bool
	announce                              int
}

// BenchmarkDiscordTellEveryone tells one event to 200 channels, through the whole bot, at the pace that Discord takes: 50
// calls a second, five posts in five seconds in a channel. Also where some of them are for announcements; where one post
// in twenty is answered with a 429 on top, of the channel's own or (two of them) for all; where one channel hangs, and
// one takes nothing (403). It reports how many times the ideal that takes until all others have it: a call every 20 ms;
// since Discord takes the first 50 at once, less than one can be had. Each has it once, and nothing is called too early.
func BenchmarkDiscordTellEveryone(b *testing.B) {
	for _, c := range []struct {
		name string
		rougher
	}{
		{name: "well"}, {"limited", rougher{limited: true}}, {"limited for all", rougher{globally: true}}, {"hanging", rougher{hanging: true}},
		{"forbidden", rougher{forbidden: true}}, {"announcements", rougher{announce: 40}}, {"all", rougher{limited: true, hanging: true, forbidden: true, announce: 40}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took, ideal time.Duration
			refused := 0
			for b.Loop() {
				e := newEverywhere(b, c.rougher)
				took += e.told()
				ideal += e.ideal()
				refused += e.fake.Limited()
				e.once()
			}
			b.ReportMetric(took.Seconds()/float64(b.N), "s")
			b.ReportMetric(ideal.Seconds()/float64(b.N), "ideal-s")
			b.ReportMetric(took.Seconds()/ideal.Seconds(), "of-ideal")
			b.ReportMetric(float64(refused)/float64(b.N), "refused/op")
		})
	}
}

// everywhere is a server of very many channels.
type everywhere struct {
	audience
	fake *discordfake.Fake
	rougher
}

const forbiddenOne, globalWait = 13, 500 * time.Millisecond

func channelNumber(i int) string { return fmt.Sprint(1_300_000_000_000_000_000 + i) }

// newServer makes the server of very many channels, of which the last ones are for announcements.
func newServer(tb testing.TB, o discordfake.Options, announce int) *discordfake.Fake {
	o.Rates = discordfake.Rates{Scale: 1}
	f := discordfake.New(tb, o)
	for i := range manyChannels {
		c := discordfake.Channel{ID: channelNumber(i), Name: fmt.Sprint("c", i)}
		if i >= manyChannels-announce {
			c.Type = discordfake.Announcement
		}
		f.AddChannel(c)
	}
	return f
}

// listening gives what everybody there can be told by, and has heard.
func listening(tb testing.TB, f *discordfake.Fake) audience {
	return audience{tb: tb,
		place: func(i int) workflows.Place {
			return workflows.Place("discord/" + discordfake.Server + "/" + channelNumber(i))
		},
		stands: func(i int) int { return len(f.Messages(channelNumber(i))) },
		heard:  func() int { return len(f.Posted()) },
	}
}

func newEverywhere(b *testing.B, rough rougher) *everywhere {
	f := newServer(b, discordfake.Options{}, rough.announce)
	e := &everywhere{rougher: rough, fake: f, audience: listening(b, f)}
	for i := range manyChannels {
		switch {
		case rough.limited && i%20 == 9:
			f.Fail(postRoute, discordfake.TooMany(time.Second, "1", "user"))
		case rough.globally && i%100 == 50:
			f.Fail(postRoute, discordfake.TooMany(globalWait, "1", "global"))
		default:
			f.Fail(postRoute, discordfake.Ends(discordfake.Ordinary))
		}
	}
	if rough.forbidden {
		e.deaf = append(e.deaf, forbiddenOne)
		f.SetChannel(channelNumber(forbiddenOne), func(c *discordfake.Channel) {
			c.Overwrites = []discordfake.Overwrite{{ID: discordfake.Server, Deny: discordfake.SendMessages}}
		})
	}
	api := f.URL()
	if rough.hanging {
		e.deaf = append(e.deaf, hangingOne)
		api = between(b, api, func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
			hangs := strings.HasSuffix(r.URL.Path, "/channels/"+channelNumber(hangingOne)+"/messages")
			if hangs {
				<-r.Context().Done()
			}
			return hangs
		})
	}
	e.begin(b, api)
	return e
}

const postRoute, publishRoute = "POST /channels/{channel}/messages", "POST /channels/{channel}/messages/{message}/crosspost"

// begin begins the bot, as serve does, and waits until it knows who it is.
func (e *everywhere) begin(b *testing.B, api string) {
	e.r = beginIn(b, "owners: [ana]\npeople: {ana: {name: Ana}}\ndiscord: {listen: http}\n",
		map[string]string{discordURL: api, discordBot: e.fake.BotToken()}, wiring{chats: true})
	e.r.bot.LetGo = letGo
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { e.r.discord.Run(ctx); close(done) }()
	b.Cleanup(func() { cancel(); <-done; _ = e.r.Close() })
	for e.r.discord.Health() != nil {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(1100 * time.Millisecond) // what it asked first does not count
}

// told waits also until all that is to be published is.
func (e *everywhere) told() time.Duration {
	heard := e.heard
	e.heard = func() int {
		if n := heard(); n < manyChannels-len(e.deaf) {
			return n
		}
		published := 0
		for _, m := range e.fake.Posted() {
			if m.Published {
				published++
			}
		}
		return heard() - (e.announce - published)
	}
	return e.audience.told()
}

// ideal is how long it takes whoever makes no call too many, one every 20 ms: one for each channel, one more for each that
// is for announcements, and one more for each that was refused.
func (e *everywhere) ideal() time.Duration {
	calls := manyChannels + e.announce
	if e.limited {
		calls += manyChannels / 20
	}
	if e.globally {
		calls += manyChannels / 100
	}
	return time.Duration(calls) * time.Second / discordfake.GlobalRate
}

// once: everybody has it once, what is to be published was so once, and nothing was called before its time.
func (e *everywhere) once() {
	e.audience.once()
	published := map[string]int{}
	for _, c := range e.fake.Calls(publishRoute) {
		published[c.Path]++
	}
	for path, n := range published {
		if n != 1 {
			e.tb.Errorf("%s was called %d times", path, n)
		}
	}
	if len(published) != e.announce {
		e.tb.Errorf("%d were published", len(published))
	}
	if n := len(e.fake.Early()); n > 0 && !e.globally || n > manyChannels/100*e.r.discord.Width() { // those were under way
		e.tb.Errorf("%d calls came too early", n)
	}
	for _, m := range e.fake.Posted() {
		if !json.Valid(m.Embeds) || m.Nonce == "" {
			e.tb.Errorf("%s has the embeds %s and the nonce %q", m.ID, m.Embeds, m.Nonce)
		}
	}
}
