//go:build linux

package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// slackDesk is the whole bot in this process, in a fresh work tree: ana is at #app, and time stands still unless a test
// lets it pass.
func slackDesk(t *testing.T, open func(context.Context, string, datadir.Options) (*datadir.Data, error)) *hand {
	t.Helper()
	inWorktree(t)
	o := newOffice(t, "http")
	o.comes("ana")
	o.comes("ben")
	o.fake.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true, Members: []string{"U0ANA", "U0BEN"}})
	writeFile(t, defaultConfig, fmt.Sprintf(slackTeam, "23:30"))
	h := o.hand(&visitor{folk: o.folk, person: "ana", at: "app"})
	h.begins(open)
	return h
}

// begins begins the bot, once more if it ran before.
func (h *hand) begins(open func(context.Context, string, datadir.Options) (*datadir.Data, error)) {
	h.t.Helper()
	if h.end != nil {
		h.end()
	}
	ctx, cancel := context.WithCancel(h.t.Context())
	r, err := begin(ctx, wiring{command: serveName, dir: defaultData, create: true, acts: true, chats: true, clock: "simulated", open: open,
		log: slog.New(slog.NewTextHandler(h.t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))})
	if err != nil {
		h.t.Fatal(err)
	}
	h.r, h.clock = r, r.clock.Now
	stop := h.connect(ctx)
	ended := false
	h.end = func() {
		if ended {
			return
		}
		ended = true
		stop()
		cancel()
		_ = r.Close() // a store that a test poisoned says so
	}
	h.t.Cleanup(h.end)
}

// says types a command, and gives what is read then.
func (h *hand) says(user, line string) string {
	h.t.Helper()
	return strings.Join(h.fake.As(user).Slash(h.t.Context(), "C0APP", "/release", line).Texts(), "\n")
}

// passes lets time pass, from due time to due time.
func (h *hand) passes(d time.Duration) {
	h.t.Helper()
	h.wait(h.t.Context(), d.String())
}

// events counts the events of a kind in the ledger.
func (h *hand) events(kind string) (n int) {
	h.t.Helper()
	err := h.r.data.Store.View(h.t.Context(), func(tx *storage.Tx) error {
		return tx.Ledger(0, func(e ledger.Record) (bool, error) {
			if e.Kind == kind {
				n++
			}
			return true, nil
		})
	})
	if err != nil {
		h.t.Error(err)
	}
	return n
}

// oddAnswers are those of bot/slack's own matrix that differ for the whole bot.
var oddAnswers = []struct {
	name  string
	fault slackfake.Fault
	never bool // nothing is done where this is answered
}{
	{"429", slackfake.TooMany("2"), true},
	{"429 some time", slackfake.TooMany(""), true},
	{"500", slackfake.Raw(500, ""), false},
	{"503 in words", slackfake.Raw(503, `{"ok":false,"error":"service_unavailable"}`), false},
	{"reset", slackfake.Ends(slackfake.Reset), false},
	{"reset half-way", slackfake.Ends(slackfake.Cut), false},
	{"half a JSON", slackfake.Ends(slackfake.Short), false},
	{"a page", slackfake.HTML(), false},
	{"{}", slackfake.Raw(200, "{}"), false},
	{"null", slackfake.Raw(200, "null"), false},
	{"a bare yes", slackfake.Raw(200, `{"ok":true}`), false},
	{"internal_error", slackfake.Error("internal_error"), false},
}

// Through the whole bot, store and desk too, whatever Slack answers, and whether it did what it was asked or not: what is
// told is there once.
func TestSlackFaults(t *testing.T) {
	methods := []string{"chat.postMessage", "chat.update", "conversations.open"}
	want := map[string][]string{}
	for _, m := range methods {
		want[m] = toldThrough(t, m)
	}
	for _, m := range methods {
		for _, odd := range oddAnswers {
			for _, stored := range []bool{false, true} {
				if odd.never && stored {
					continue
				}
				t.Run(fmt.Sprintf("%s answers %s, done %v", m, odd.name, stored), func(t *testing.T) {
					x := odd.fault
					x.Stored = stored
					if diff := cmp.Diff(want[m], toldThrough(t, m, x)); diff != "" {
						t.Errorf("what Slack shows (-well +with the fault):\n%s", diff)
					}
				})
			}
		}
	}
}

// toldThrough has a release made, held, and an item assigned, with faults of one method on the way; it gives what Slack
// shows in the end.
func toldThrough(t *testing.T, method string, faults ...slackfake.Fault) []string {
	h := slackDesk(t, nil)
	lines := []string{"new app@1.0.0 --why small", "hold app@1.0.0 -- to look", "item assign app@1.0.0 way-back @ben --due 2099-01-30"}
	at := map[string]int{"chat.postMessage": 0, "chat.update": 1, "conversations.open": 2}[method]
	for i, l := range lines {
		if i == at {
			h.fake.Fail(method, faults...)
		}
		h.types("C0APP", l)
	}
	h.passes(3 * time.Hour)
	if n := h.fake.Unspent(); n != 0 {
		t.Errorf("%d faults were not met", n)
	}
	return shownIn(h.fake, "C0APP", h.fake.DM("U0ANA"), h.fake.DM("U0BEN"))
}

// Where Slack can not even be asked whether a message is there, nobody posts it again: a human is asked, with a link.
func TestSlackCannotBeAsked(t *testing.T) {
	for _, stored := range []bool{false, true} {
		h := slackDesk(t, nil)
		h.says("U0ANA", "new app@1.0.0 --why small")
		h.settle(t.Context())
		x := slackfake.Ends(slackfake.Reset)
		x.Stored = stored
		h.fake.Fail("chat.postMessage", x)
		for range 40 {
			h.fake.Fail("conversations.history", slackfake.Raw(500, ""))
			h.fake.Fail("conversations.replies", slackfake.Raw(500, ""))
		}
		h.says("U0BEN", "hold app@1.0.0 -- to look")
		h.passes(3 * time.Hour)
		held := 0
		for _, m := range h.fake.Messages("C0APP") {
			if strings.HasPrefix(m.Text, "@ben put it on hold") {
				held++
			}
		}
		if (held == 1) != stored {
			t.Errorf("stored %v: it stands there %d times", stored, held)
		}
		told := h.fake.Messages(h.fake.DM("U0ANA"))
		if len(told) != 1 || !strings.Contains(told[0].Text, "nobody can say whether a step") || !strings.Contains(told[0].Text, "https://") {
			t.Errorf("stored %v: the owner was told %v", stored, told)
		}
	}
}

// A channel is archived: the owner hears of it once, at once. What was said meanwhile is told there, once, when it is back.
func TestSlackArchived(t *testing.T) {
	lines := []string{"hold app@1.0.0 -- to look", "item assign app@1.0.0 way-back @ben --due 2099-01-30", "resume app@1.0.0 -- seen"}
	told := func(archived bool) []string {
		h := slackDesk(t, nil)
		h.says("U0ANA", "new app@1.0.0 --why small")
		h.settle(t.Context())
		h.fake.SetChannel("C0APP", func(c *slackfake.Channel) { c.Archived = archived })
		for _, l := range lines {
			if h.types(h.fake.DM("U0ANA"), l); archived {
				owner := h.fake.Messages(h.fake.DM("U0ANA"))
				if len(owner) != 1 || !strings.Contains(owner[0].Text, "nothing can be told in") || !strings.Contains(owner[0].Text, "https://") {
					t.Errorf("after %q the owner was told %q", l, shownIn(h.fake, h.fake.DM("U0ANA")))
				}
			}
		}
		h.fake.SetChannel("C0APP", func(c *slackfake.Channel) { c.Archived = false })
		h.passes(3 * time.Hour)
		if owner := h.fake.Messages(h.fake.DM("U0ANA")); archived && (len(owner) != 2 || !strings.Contains(owner[1].Text, "can be told again")) {
			t.Errorf("in the end the owner was told %q", shownIn(h.fake, h.fake.DM("U0ANA")))
		}
		return shownIn(h.fake, "C0APP", h.fake.DM("U0BEN"))
	}
	if diff := cmp.Diff(told(false), told(true)); diff != "" {
		t.Errorf("what Slack shows (-open +archived for a while):\n%s", diff)
	}
}

// types has Ana type a line.
func (h *hand) types(channel, line string) {
	h.t.Helper()
	if r := h.fake.As("U0ANA").Slash(h.t.Context(), channel, "/release", line); r.Shown != "" {
		h.t.Errorf("%q: %s", line, r.Shown)
	}
	h.settle(h.t.Context())
}

// The token is revoked: the bot is not ready and says why; with a new one in force, all that was said meanwhile is told
// once.
func TestSlackTokenRevoked(t *testing.T) {
	told := func(revoked bool) []string {
		h := slackDesk(t, nil)
		h.says("U0ANA", "new app@1.0.0 --why small")
		h.settle(t.Context())
		if revoked {
			h.fake.Revoke(h.fake.BotToken(), "token_revoked")
			_, _ = h.fake.Emit(t.Context(), map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"bot": []string{slackfake.Bot}}})
			until(t, "the bot is not well", func() bool { return h.r.slack.Health() != nil })
			if err := h.r.slack.Health(); !strings.Contains(err.Error(), "token_revoked") || strings.Contains(err.Error(), "xoxb") {
				t.Errorf("not well: %v", err)
			}
		}
		h.types("C0APP", "hold app@1.0.0 -- to look")
		h.types("C0APP", "item assign app@1.0.0 way-back @ben --due 2099-01-30")
		if revoked {
			h.passes(time.Hour)
			h.fake.Grant("xoxb-the-next", slackfake.Scopes...)
			t.Setenv(slackBot, "xoxb-the-next")
			if err := reloadSlack(t.Context(), h.r); err != nil {
				t.Error(err)
			}
			if err := h.r.slack.Health(); err != nil {
				t.Errorf("with the new token: %v", err)
			}
		}
		h.passes(3 * time.Hour)
		return shownIn(h.fake, "C0APP", h.fake.DM("U0BEN"), h.fake.DM("U0ANA"))
	}
	if diff := cmp.Diff(told(false), told(true)); diff != "" {
		t.Errorf("what Slack shows (-well +revoked for a while):\n%s", diff)
	}
}
