package slack

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// journal makes what is written durable, all that waits with one sync.
type journal struct {
	file *os.File
	in   chan chan error
}

func newJournal(tb testing.TB) *journal {
	tb.Helper()
	f, err := os.Create(filepath.Join(tb.TempDir(), "journal"))
	if err != nil {
		tb.Fatal(err)
	}
	j := &journal{file: f, in: make(chan chan error, 1024)}
	done := make(chan struct{})
	go func() { defer close(done); j.run() }()
	tb.Cleanup(func() {
		close(j.in)
		<-done
		_ = f.Close()
	})
	return j
}

func (j *journal) run() {
	record := make([]byte, 512)
	for first := range j.in {
		all := []chan error{first}
		for len(j.in) > 0 {
			all = append(all, <-j.in)
		}
		var err error
		for range all {
			if _, err = j.file.Write(record); err != nil {
				break
			}
		}
		if err == nil {
			err = j.file.Sync()
		}
		for _, c := range all {
			c <- err
		}
	}
}

func (j *journal) write(context.Context) error {
	done := make(chan error, 1)
	j.in <- done
	return <-done
}

// BenchmarkSignedCommand is a signed command to its acknowledgement over 64 connections, with one durable write, through
// the whole of the platform and through a server that does nothing else.
func BenchmarkSignedCommand(b *testing.B) {
	users := make([]string, 5000)
	for i := range users {
		users[i] = fmt.Sprintf("U%05d", i)
	}
	b.Run("bare", func(b *testing.B) {
		slackfake.Load(b, slackfake.Bare(newJournal(b).write), "C0APP", users)
	})
	b.Run("readyroom", func(b *testing.B) {
		j := newJournal(b)
		f := slackfake.New(b, slackfake.Options{})
		s := New(Options{
			Secrets: Secrets{BotToken: "xoxb-1", Signing: []chat.Secret{chat.Secret(f.SigningSecret())}}, URL: f.URL(), Now: time.Now,
			Log: slog.New(slog.DiscardHandler),
			Handle: func(ctx context.Context, _ chat.Request) chat.Reply {
				if err := j.write(ctx); err != nil {
					return words(err.Error())
				}
				return words("saved")
			},
		})
		s.me.Store(&identity{team: slackfake.Team, user: slackfake.Bot, bot: slackfake.BotID, app: slackfake.App})
		for _, u := range users {
			s.directory.Learn(u, account{team: slackfake.Team}, time.Now())
		}
		slackfake.Load(b, mux(s), "C0APP", users)
	})
}
