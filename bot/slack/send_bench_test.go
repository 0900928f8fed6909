package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// BenchmarkTellEveryone tells one event to 200 channels of a workspace that takes 8 posts a second, which the bot does
// not know. It reports how many times the ideal that takes, and how many posts were refused on the way.
func BenchmarkTellEveryone(b *testing.B) {
	const channels, perMinute = 200, 480
	for _, burst := range []int{8, 48} {
		b.Run(fmt.Sprintf("%d at once", burst), func(b *testing.B) {
			var took, ideal time.Duration
			refused := 0
			for b.Loop() {
				f := slackfake.New(b, slackfake.Options{
					Rates: slackfake.Rates{Posts: 1, Workspace: perMinute, WorkspaceBurst: burst, Tiers: map[int]int{2: 20, 3: 50, 4: 100}},
				})
				for i := range channels {
					f.AddChannel(slackfake.Channel{ID: fmt.Sprint("C", i), Name: fmt.Sprint("c", i), BotIsMember: true})
				}
				took += tellEveryone(b, f, channels)
				ideal += time.Duration(channels-burst) * time.Minute / perMinute
				refused += f.Limited()
				for i := range channels {
					if n := len(f.Messages(fmt.Sprint("C", i))); n != 1 {
						b.Errorf("%d messages in channel %d", n, i)
					}
				}
			}
			b.ReportMetric(float64(took)/float64(ideal), "of-ideal")
			b.ReportMetric(float64(refused)/float64(b.N), "refused/op")
		})
	}
}

// tellEveryone posts in every channel, as many at once as the platform asks for, and says how long that took.
func tellEveryone(b *testing.B, f *slackfake.Fake, channels int) time.Duration {
	s := New(Options{Secrets: Secrets{BotToken: chat.Secret(f.BotToken())}, URL: f.URL(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	queue := make(chan int, channels)
	for i := range channels {
		queue <- i
	}
	close(queue)
	begun := time.Now()
	var all sync.WaitGroup
	for range s.Width() {
		all.Go(func() {
			for i := range queue {
				tell(b, s, i)
			}
		})
	}
	all.Wait()
	return time.Since(begun)
}

func tell(b *testing.B, s *Slack, i int) {
	p := chat.Post{Key: fmt.Sprint("k", i), Place: channelPlace(slackfake.Team, fmt.Sprint("C", i)), Message: says("app@1.4 is live", "since 09:00")}
	for {
		ctx, cancel := context.WithTimeout(b.Context(), 30*time.Second)
		_, err := s.Send(ctx, p)
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
