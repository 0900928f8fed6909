package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
)

// TestDiscordAnswersInTime: fifty people at once send a hundred interactions a second, and the store stalls for five
// seconds in the middle. Each is answered within the three seconds that Discord gives; those that the store keeps waiting
// are told that the answer follows, and in the end all of it is done.
func TestDiscordAnswersInTime(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("it takes as long as the store stalls")
	}
	c := newCrowd(t)
	engine := storagetest.Wrap(memory.New())
	open := func(ctx context.Context, dir string, o datadir.Options) (*datadir.Data, error) {
		d, err := datadir.Open(ctx, dir, o)
		if err != nil {
			return nil, err
		}
		onDisk := d.Store
		t.Cleanup(func() { _ = onDisk.Close() })
		d.Store, err = storage.Open(ctx, engine, storage.Options{At: o.At})
		return d, err
	}
	r, app := c.onTheClock(t, open)
	c.releases(app, time.Now())
	server := httptest.NewServer(app)
	defer server.Close()
	c.fake.Deliver(c.fake.HTTP(server.URL))

	const atOnce, every, lasts, stallsAt, stalls = 50, 500 * time.Millisecond, 12 * time.Second, 3 * time.Second, 5 * time.Second
	began := time.Now()
	time.AfterFunc(stallsAt, func() { release := engine.Hold(); time.AfterFunc(stalls, func() { engine.Mend(); release() }) })
	var all sync.WaitGroup
	var mu sync.Mutex
	took, kinds := []time.Duration{}, map[int]int{}
	for n := range atOnce {
		all.Go(func() {
			time.Sleep(time.Duration(n) * every / atOnce)
			for i := n; time.Since(began) < lasts; i += atOnce {
				next := time.Now().Add(every)
				kind, d := c.asks(i)
				mu.Lock()
				took, kinds[kind] = append(took, d), kinds[kind]+1
				mu.Unlock()
				time.Sleep(time.Until(next))
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	longest, p99 := took[len(took)-1], took[len(took)*99/100]
	late := 0
	for _, d := range took {
		if d > 3*time.Second {
			late++
		}
	}
	t.Logf("%d interactions, half of them within %s, p99 %s, the longest %s; by type of answer %v; operation_timeouts %d",
		len(took), took[len(took)/2].Round(time.Microsecond), p99.Round(time.Millisecond), longest.Round(time.Millisecond), kinds, late)
	if late > 0 || kinds[0] > 0 {
		t.Errorf("%d were not answered in time, %d not at all", late, kinds[0])
	}
	if kinds[discordfake.AnswerDeferred] == 0 {
		t.Error("the store kept nobody waiting, so nothing was tried")
	}
	if err := r.discord.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if loading, done := c.waiting(); loading > 0 || done != len(took) {
		t.Errorf("%d still wait, %d of %d were done what they asked for", loading, done, len(took))
	}
	if counts := r.discord.Counts(); counts.Busy+counts.Slowed+counts.Refused > 0 {
		t.Errorf("not carried out: %+v", counts)
	}
}

// asks sends one interaction and gives the type of its answer, and how long that took; zero: none came in time.
func (c *discordCrowd) asks(i int) (kind int, took time.Duration) {
	option := func(name, value string) map[string]any {
		return map[string]any{"name": name, "type": discordfake.StringOption, "value": value}
	}
	set := map[string]any{"name": "set", "type": discordfake.SubCommand, "options": []any{option("rel", ownRelease(i)), option("title", "number-"+strconv.Itoa(i))}}
	in := c.fake.As(c.member(i%crowd)).Interaction(discordfake.CommandUse, discordfake.General,
		map[string]any{"id": "1100000000000000090", "name": "release", "type": discordfake.ChatInput, "options": []any{set}})
	began := time.Now()
	kind, err := c.fake.Send(c.tb.Context(), in)
	if err != nil {
		c.tb.Error(err)
	}
	return kind, time.Since(began)
}

// waiting is how many still read that the bot is thinking, and how many read what they asked for.
func (c *discordCrowd) waiting() (loading, done int) {
	for i := range crowd {
		for _, w := range c.fake.Ephemerals(discordfake.General, c.member(i)) {
			switch {
			case w.Flags&discordfake.FlagLoading != 0:
				loading++
			case strings.Contains(c.fake.Text(w.Message), "number-"):
				done++
			}
		}
	}
	return loading, done
}

// onTheClock begins the bot on the real clock, over a store that the test may break.
func (c *discordCrowd) onTheClock(tb testing.TB, open func(context.Context, string, datadir.Options) (*datadir.Data, error)) (*running, http.Handler) {
	r := beginIn(tb, c.config(), map[string]string{discordURL: c.fake.URL(), discordBot: c.fake.BotToken()}, wiring{chats: true, open: open})
	return r, c.attend(tb, r)
}

// attend runs the platform until the test ends, and gives the handler chain as soon as it is well.
func (c *discordCrowd) attend(tb testing.TB, r *running) http.Handler {
	ctx, cancel := context.WithCancel(tb.Context())
	done := make(chan struct{})
	go func() { r.discord.Run(ctx); close(done) }()
	tb.Cleanup(func() { cancel(); <-done; _ = r.Close() })
	for r.discord.Health() != nil {
		time.Sleep(time.Millisecond)
	}
	return web.New(web.Options{Checks: r.checks, Metrics: r.metrics, Log: slog.New(slog.DiscardHandler), Chats: r.chatRoutes()}).Handler
}
