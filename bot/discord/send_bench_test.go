package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// BenchmarkTellEveryone tells one event to 200 channels, over a line of 100 ms, at Discord's real pace: 50 calls a second
// make four seconds ideal. It reports how many times that it takes, and how many calls were refused on the way.
func BenchmarkTellEveryone(b *testing.B) {
	const channels = 200
	var took time.Duration
	refused := 0
	for b.Loop() {
		f := discordfake.New(b, discordfake.Options{Rates: discordfake.Rates{Scale: 1}})
		for i := range channels {
			f.AddChannel(discordfake.Channel{ID: fmt.Sprint(1_300_000_000_000_000_000 + i), Name: fmt.Sprint("c", i)})
		}
		for range channels + 1 {
			f.Fail("", discordfake.Late(100*time.Millisecond, discordfake.Ends(discordfake.Ordinary)))
		}
		took += tellEveryone(b, f, channels)
		refused += f.Limited()
		for i := range channels {
			if n := len(f.Messages(fmt.Sprint(1_300_000_000_000_000_000 + i))); n != 1 {
				b.Errorf("%d messages in channel %d", n, i)
			}
		}
	}
	b.ReportMetric(took.Seconds()/float64(b.N)/(channels/globalRate), "of-ideal")
	b.ReportMetric(float64(refused)/float64(b.N), "refused/op")
}

// tellEveryone posts in every channel, as many at once as the platform asks for, and says how long that took.
func tellEveryone(b *testing.B, f *discordfake.Fake, channels int) time.Duration {
	d := New(Options{Secrets: Secrets{BotToken: chat.Secret(f.BotToken())}, URL: f.URL(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	d.me.Store(&identity{app: discordfake.App, user: discordfake.Bot, servers: []string{discordfake.Server}})
	queue := make(chan int, channels)
	for i := range channels {
		queue <- i
	}
	close(queue)
	begun := time.Now()
	var all sync.WaitGroup
	for range d.Width() {
		all.Go(func() {
			for i := range queue {
				tell(b, d, i)
			}
		})
	}
	all.Wait()
	return time.Since(begun)
}

func tell(b *testing.B, d *Discord, i int) {
	p := chat.Post{Key: fmt.Sprint("k", i), Place: channelPlace(discordfake.Server, fmt.Sprint(1_300_000_000_000_000_000+i)), Message: says("app@1.4 is live", "since 09:00")}
	for {
		ctx, cancel := context.WithTimeout(b.Context(), 30*time.Second)
		_, err := d.Send(ctx, p)
		cancel()
		var f *chat.Fault
		switch {
		case err == nil:
			return
		case errors.As(err, &f) && f.Verdict == chat.Retry && f.Paced:
			time.Sleep(f.After)
		default:
			b.Error(err)
			return
		}
	}
}
