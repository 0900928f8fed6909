package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/console"
)

// BenchmarkDiscordCommand is a signed interaction to its answer over 64 connections, decided and written durably by the
// whole bot; beside it a server that does nothing but verify the signature and write one record durably to the same kind
// of store; and a command that only shows something.
func BenchmarkDiscordCommand(b *testing.B) {
	var bare, whole measured
	b.Run("bare", func(b *testing.B) {
		c := newCrowd(b)
		bare = loaded(b, c.fake.Bare(oneRecord(b)), c.retitling(b, time.Now), "saved")
	})
	b.Run("readyroom", func(b *testing.B) {
		c := newCrowd(b)
		whole = loaded(b, c.begin(b), c.retitling(b, console.SimulatedStart), "number-")
		whole.beside(b, bare)
	})
	b.Run("status", func(b *testing.B) {
		c := newCrowd(b)
		app := c.begin(b)
		status := make([]discordfake.Typed, crowd)
		for i := range status {
			status[i] = c.fake.As(c.member(i)).Typed(discordfake.General, []string{"release", "status"})
		}
		loaded(b, app, func(base string, i int) *http.Request {
			return c.request(b.Context(), status[i%crowd], base, i+crowd, console.SimulatedStart(), nil)
		}, `"type":4`)
	})
}

// discordCrowd is a server in which everybody types.
type discordCrowd struct {
	tb   testing.TB
	fake *discordfake.Fake
	set  []discordfake.Typed // /release set rel: title:, of each of them
	made []discordfake.Typed // /release new release: why:
}

func newCrowd(tb testing.TB) *discordCrowd {
	c := &discordCrowd{tb: tb, fake: discordfake.New(tb, discordfake.Options{})}
	for i := range crowd {
		c.fake.AddUser(discordfake.User{ID: c.member(i), Name: fmt.Sprint("p", i)})
		c.fake.AddMember(discordfake.Member{User: c.member(i)})
		p := c.fake.As(c.member(i))
		c.set = append(c.set, p.Typed(discordfake.General, []string{"release", "set"}, "rel", "title"))
		c.made = append(c.made, p.Typed(discordfake.General, []string{"release", "new"}, "release", "why"))
	}
	return c
}

func (*discordCrowd) member(i int) string { return memberID(fmt.Sprint("p", i)) }

func (c *discordCrowd) request(ctx context.Context, t discordfake.Typed, base string, i int, at time.Time, values map[string]string) *http.Request {
	r, err := t.Request(ctx, base, i, at, values)
	if err != nil {
		panic(err)
	}
	return r
}

// retitling: everybody calls their own release something new, which leads to one event, an edit of its card and a line in
// its thread.
func (c *discordCrowd) retitling(b *testing.B, now func() time.Time) func(base string, i int) *http.Request {
	return func(base string, i int) *http.Request {
		return c.request(b.Context(), c.set[i%crowd], base, i+crowd, now(), map[string]string{"rel": ownRelease(i), "title": "number-" + strconv.Itoa(i)})
	}
}

func ownRelease(i int) string { return fmt.Sprintf("app@%d.0.0", i%crowd) }

// begin begins the bot, on a clock that stands, and gives its handler chain, in which everybody has made a release.
func (c *discordCrowd) begin(b *testing.B) http.Handler {
	r := beginIn(b, c.config(), map[string]string{discordURL: c.fake.URL(), discordBot: c.fake.BotToken()}, wiring{chats: true, clock: "simulated"})
	app := c.attend(b, r)
	c.releases(app, console.SimulatedStart())
	return app
}

func (c *discordCrowd) config() string {
	return crowdConfig(func(i int) string { return fmt.Sprintf("discord: %q", c.member(i)) }) + "discord: {listen: http}\n"
}

// releases makes everybody's.
func (c *discordCrowd) releases(app http.Handler, at time.Time) {
	for i := range crowd {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, c.request(c.tb.Context(), c.made[i], "", i, at, map[string]string{"release": ownRelease(i), "why": "small"}))
		if w.Code != http.StatusOK {
			c.tb.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}
