package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

const (
	general = workflows.Place("test/#general")
	news    = workflows.Place("test/#news")
	ana     = workflows.Place("test/@ana")
	stream  = workflows.Stream("release/app@1.0.0")
	slot    = "card/release/app@1.0.0"
	secret  = "do not tell the press"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// tester is what *testing.T and *rapid.T share.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// world is a bot over a real queue, a strict platform, and a reader of one release.
type world struct {
	t     tester
	ctx   context.Context
	store *storage.Store
	fake  *chattest.Fake
	bot   *bot.Bot
	log   bytes.Buffer
	asks  []workflows.Ask
	fails int // how many asks to fail from now on
	now   time.Time
	desk  reader
	mu    sync.Mutex // of asks and fails
}

func begin(ctx context.Context, t tester) *world {
	t.Helper()
	store, err := storage.Open(ctx, memory.New(), storage.Options{Process: "p1", Random: bytes.NewReader(make([]byte, 32))})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	w := &world{t: t, ctx: ctx, store: store, fake: &chattest.Fake{}, now: monday, desk: reader{release: opened(), todo: []todo.Entry{{Release: "app@1.0.0", Kind: todo.Sign, Items: []string{"tests"}}}}}
	w.bot = &bot.Bot{Queue: store, Reader: &w.desk, Senders: map[string]chat.Sender{"test": w.fake}, Do: w.do,
		Log: slog.New(slog.NewTextHandler(&w.log, nil))}
	return w
}

// wishes are what the desk was asked for by what delivers.
func (w *world) wishes() (out []workflows.Intent) {
	for _, a := range w.asks {
		if a.Bot == "delivery" {
			out = append(out, a.Wish)
		}
	}
	return out
}

func (w *world) do(_ context.Context, a workflows.Ask) (workflows.Receipt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asks = append(w.asks, a)
	if w.fails > 0 {
		w.fails--
		return workflows.Receipt{}, errors.New("the desk is away")
	}
	return workflows.Receipt{}, nil
}

// enqueue puts deliveries into the queue in one commit.
func (w *world) enqueue(all ...storage.Delivery) {
	w.t.Helper()
	err := w.store.Update(w.ctx, func(tx *storage.Tx) error {
		for _, d := range all {
			if err := tx.Enqueue(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatalf("enqueue: %v", err)
	}
}

// step delivers what is due now and says how long until there is more; zero: nothing waits.
func (w *world) step() time.Duration {
	w.t.Helper()
	next, waiting, err := w.bot.Step(w.ctx, w.now)
	if err != nil {
		w.t.Fatalf("step at %v: %v", w.now, err)
	}
	if !waiting {
		return 0
	}
	if !next.After(w.now) {
		w.t.Errorf("step at %v left something due at %v", w.now, next)
	}
	return next.Sub(w.now)
}

// settle steps from due time to due time until nothing waits for a time.
func (w *world) settle() {
	w.t.Helper()
	for range 200 {
		wait := w.step()
		if wait == 0 {
			return
		}
		w.now = w.now.Add(wait)
	}
	w.t.Fatalf("the queue never comes to rest")
}

func (w *world) waiting() []storage.Pending {
	w.t.Helper()
	all, err := w.store.Waiting(w.ctx)
	if err != nil {
		w.t.Fatalf("waiting: %v", err)
	}
	return all
}

func card() storage.Delivery {
	return storage.Delivery{Kind: workflows.Tell, What: "card", Stream: stream, Seq: 1, Place: general, Slot: slot, Due: monday}
}

func history() storage.Delivery {
	return storage.Delivery{Kind: workflows.Tell, What: "history", Stream: stream, Seq: 1, Place: general, In: slot, Due: monday}
}

func post(what string, seq workflows.Seq, at workflows.Place) storage.Delivery {
	return storage.Delivery{Kind: workflows.Tell, What: what, Stream: stream, Seq: seq, Place: at, Due: monday}
}

func digest() storage.Delivery {
	return storage.Delivery{Kind: workflows.Tell, What: "digest", Place: ana, Due: monday, Data: json.RawMessage(`"ana"`)}
}

// reader is a desk that knows one release, held for a reason that must not become public.
type reader struct {
	release release.Release
	todo    []todo.Entry
	broken  error
}

func opened() release.Release {
	r := release.Release{ID: "app@1.0.0", Number: 1, Title: secret, Template: "simple", Risk: policy.Low, Gates: release.Templates()["simple"].Gates,
		Manager: "ana", Places: []workflows.Place{general, news}, Entered: monday, Soaking: monday, Revisions: map[string]uint64{}}
	r.Held = &release.Hold{By: "ana", Why: secret, At: monday}
	return r
}

func (r *reader) Release(_ context.Context, on workflows.Selectors, _ workflows.Place) (release.Release, error) {
	if on.Release != string(r.release.ID) {
		return release.Release{}, fmt.Errorf("no release %q", on.Release)
	}
	return r.release, r.broken
}

func (r *reader) Flag(_ context.Context, key string) (flag.Flag, error) {
	return flag.Flag{Key: workflows.FlagKey(key), Release: r.release.ID}, nil
}

func (r *reader) Flags(context.Context, workflows.ReleaseID) ([]flag.Flag, error) {
	return []flag.Flag{{Key: "invoices", Release: r.release.ID, Why: secret, Percents: map[workflows.Environment]int{"production": 10}}}, nil
}

func (r *reader) Briefing(context.Context, workflows.ReleaseID) (briefing.Briefing, error) {
	return briefing.Briefing{Release: r.release.ID, Sent: briefing.Text{Fields: briefing.Fields{Changes: secret}, Digest: "d", Revision: 1}}, nil
}

// events are what the ledger holds, by sequence number.
var events = map[workflows.Seq]workflows.Event{1: release.Held{By: "ana", Why: secret}, 2: release.Passed{Gate: "ga.ready", From: "before GA", To: workflows.GA},
	3: briefing.Countered{To: []workflows.PersonID{"ana"}, Why: secret}, 4: release.RolledBack{Why: secret}, 5: release.Cancelled{Why: secret},
	6: places.Troubled{Trouble: places.Trouble{Place: general, Fate: places.Failed, What: "held", Delivery: "00000000-1", Why: "the channel is archived"}}}

func (r *reader) Offer(release.Release) release.Diff { return release.Diff{} }

func (r *reader) Event(_ context.Context, seq workflows.Seq) (workflows.Recorded, error) {
	e, ok := events[seq]
	if !ok {
		return workflows.Recorded{}, fmt.Errorf("no event %d", seq)
	}
	return workflows.Recorded{Event: e, Header: workflows.Header{Seq: seq, Stream: stream, At: monday, By: workflows.Actor{Person: "ana"}}}, nil
}

func (r *reader) Who(context.Context, workflows.Handle) (todo.Viewer, error) {
	b := &policy.Book{Owners: []workflows.PersonID{"ana"}, People: map[workflows.PersonID]workflows.Person{"ana": {ID: "ana"}}}
	return todo.Viewer{Known: true, Zone: time.UTC, Book: b, Week: calendar.Week{Zone: time.UTC}}, nil
}

func (r *reader) Todo(context.Context, workflows.PersonID, time.Time) ([]todo.Entry, error) {
	return r.todo, nil
}
