//go:build linux

package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
)

// thrice brings everything three times at once, and gives how the first was taken.
type thrice struct{ slackfake.Transport }

func (t thrice) Deliver(ctx context.Context, e slackfake.Envelope) (slackfake.Ack, error) {
	var acks [3]slackfake.Ack
	var errs [3]error
	var all sync.WaitGroup
	for i := range acks {
		all.Go(func() { acks[i], errs[i] = t.Transport.Deliver(ctx, e) })
	}
	all.Wait()
	return acks[0], errs[0]
}

// The same event comes three times at once, and again to the next process: it has one effect, and one answer.
func TestSlackSameEvent(t *testing.T) {
	h := slackDesk(t, nil)
	h.types("C0APP", "new app@1.0.0 --why small")
	h.types("C0APP", "hold app@1.0.0 -- to look")
	h.fake.Deliver(thrice{h.fake.HTTP(h.office.url)})
	r := h.fake.As("U0BEN").Mention(t.Context(), "C0APP", "", "resume app@1.0.0 -- seen")
	h.settle(t.Context())
	h.begins(nil)
	for _, d := range h.fake.Deliveries(slackfake.EventsAPI) {
		d.Envelope.RetryAttempt, d.Envelope.RetryReason = 1, "http_timeout"
		if ack, err := h.fake.HTTP(h.office.url).Deliver(t.Context(), d.Envelope); err != nil || ack.Status != 200 {
			t.Errorf("once more: %d %v", ack.Status, err)
		}
	}
	h.settle(t.Context())
	if n := h.events("release.resumed"); n != 1 {
		t.Errorf("it went on %d times", n)
	}
	if answers := h.fake.Thread("C0APP", r.TS); len(answers) != 1 || !strings.Contains(answers[0].Text, "it goes on") {
		t.Errorf("it was answered %d times: %v, of %q", len(answers), answers, shownIn(h.fake, "C0APP"))
	}
}

// The same bytes of a command come three times at once, and again to the next process: it has one effect, and says the
// same each time.
func TestSlackSameCommand(t *testing.T) {
	h := slackDesk(t, nil)
	h.types("C0APP", "new app@1.0.0 --why small")
	bytes, err := h.fake.HTTP(h.office.url).Request(h.fake.As("U0BEN").Command("C0APP", "/release", "hold app@1.0.0 -- to look"))
	if err != nil {
		t.Fatal(err)
	}
	acks := h.fake.HTTP(h.office.url).Same(t.Context(), bytes, 3)
	h.settle(t.Context())
	h.begins(nil)
	acks = append(acks, h.fake.HTTP(h.office.url).Same(t.Context(), bytes, 1)...)
	h.settle(t.Context())
	for i, ack := range acks {
		if ack.Status != 200 || string(ack.Body) != string(acks[0].Body) || !strings.Contains(string(ack.Body), "on hold") {
			t.Errorf("%d: %d %s", i, ack.Status, ack.Body)
		}
	}
	if n := h.events("release.held"); n != 1 {
		t.Errorf("it was put on hold %d times", n)
	}
	held := slices.DeleteFunc(h.fake.Messages("C0APP"), func(m slackfake.Message) bool { return !strings.HasPrefix(m.Text, "app 1.0.0 is on hold") })
	if len(held) != 1 {
		t.Errorf("it was told %d times", len(held))
	}
}

// breakable opens a store that the test may break.
func breakable(engine *storagetest.Faulty) func(context.Context, string, datadir.Options) (*datadir.Data, error) {
	return func(ctx context.Context, dir string, o datadir.Options) (*datadir.Data, error) {
		d, err := datadir.Open(ctx, dir, o)
		if err != nil {
			return nil, err
		}
		if err := d.Store.Close(); err != nil {
			return nil, err
		}
		d.Store, err = storage.Open(ctx, engine, storage.Options{At: o.At})
		return d, err
	}
}

// The disk stalls: Slack gets its acknowledgement within its three seconds, with what is known then, and what came of it
// follows.
func TestSlackDiskStalls(t *testing.T) {
	engine := storagetest.Wrap(memory.New())
	h := slackDesk(t, breakable(engine))
	h.types("C0APP", "new app@1.0.0 --why small")
	release := engine.Hold()
	defer release()
	var typed, written slackfake.Result
	var both sync.WaitGroup
	both.Go(func() {
		typed = h.fake.As("U0ANA").Slash(t.Context(), "C0APP", "/release", "hold app@1.0.0 -- to look")
	})
	both.Go(func() {
		written = h.fake.As("U0BEN").Mention(t.Context(), "C0APP", "", "item assign app@1.0.0 way-back @ben --due 2099-01-30")
	})
	both.Wait()
	const honest = "could not confirm yet that this was saved"
	for _, r := range []slackfake.Result{typed, written} {
		if r.Err != nil || r.Shown != "" || r.Elapsed >= 3*time.Second {
			t.Errorf("taken after %s: %v %s", r.Elapsed, r.Err, r.Shown)
		}
		if !h.fake.Wait(t.Context(), "the honest sentence", func() bool { return strings.Contains(strings.Join(r.Texts(), "\n"), honest) }) {
			t.Error(r.Texts())
		}
	}
	if n := h.events("release.held"); n != 0 {
		t.Errorf("held %d times before it could be written", n)
	}
	release()
	if err := h.r.slack.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for what, r := range map[string]slackfake.Result{"on hold": typed, "way-back": written} {
		if !strings.Contains(strings.Join(r.Texts(), "\n"), what) {
			t.Errorf("no answer about %q followed: %q", what, r.Texts())
		}
	}
	h.settle(t.Context())
	if n, m := h.events("release.held"), h.events("item.assigned"); n != 1 {
		t.Errorf("held %d times, assigned %d times", n, m)
	}
}

// The disk fails: what cannot be confirmed is not said to be done, and from then on nothing is done.
func TestSlackStorePoisoned(t *testing.T) {
	for _, happened := range []bool{false, true} {
		engine := storagetest.Wrap(memory.New())
		h := slackDesk(t, breakable(engine))
		h.types("C0APP", "new app@1.0.0 --why small")
		engine.Lose(happened)
		if said := h.says("U0ANA", "hold app@1.0.0 -- to look"); !strings.Contains(said, "I could not confirm that this was saved. Do not ship.") {
			t.Errorf("happened %v: it is said %q", happened, said)
		}
		for _, line := range []string{"advance app@1.0.0", "sign app@1.0.0 tests", "status"} {
			said := h.says("U0ANA", line)
			t.Logf("%s: %s", line, said)
			if !strings.Contains(said, "Do not ship") {
				t.Errorf("happened %v: %q is answered with %q", happened, line, said)
			}
		}
		if h.r.storeErr() == nil {
			t.Errorf("happened %v: the bot takes itself for well", happened)
		}
	}
}
