package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// hand is an actor that does what it is told, and counts.
type hand struct {
	got  []string
	says []error // how it ends, in turn; then well
}

func (h *hand) Act(_ context.Context, data json.RawMessage) (string, error) {
	h.got = append(h.got, string(data))
	if len(h.says) == 0 {
		return "", nil
	}
	err := h.says[0]
	h.says = h.says[1:]
	return "", err
}

func act(what string) storage.Delivery {
	return storage.Delivery{Kind: workflows.Act, What: what, Place: "git/app", Due: monday, Data: json.RawMessage(`{"name":"x"}`)}
}

// TestActs holds every way in which an act can end to what must become of it.
func TestActs(t *testing.T) {
	unclear := errors.New("nobody knows")
	no := workflows.Refuse(workflows.Exists, "another is there")
	for name, x := range map[string]struct {
		what  string
		says  []error
		calls int
		state storage.State // of what waits for a human; empty: nothing does
		why   string
	}{
		"it is done":       {what: "tag", calls: 1},
		"it is refused":    {what: "tag", says: []error{no}, calls: 1, state: storage.Dead, why: "another is there"},
		"nobody knows":     {what: "tag", says: []error{unclear, unclear, unclear}, calls: 4},
		"nobody ever does": {what: "tag", says: []error{unclear, unclear, unclear, unclear, unclear, unclear, unclear, unclear}, calls: 8, state: storage.Stuck, why: "nobody knows"},
		"then refused":     {what: "tag", says: []error{unclear, no}, calls: 2, state: storage.Dead, why: "another is there"},
		"nobody can":       {what: "deploy", state: storage.Dead, why: `nobody here carries out "deploy"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t.Context(), t)
			h := &hand{says: x.says}
			w.bot.Actors = map[string]bot.Actor{"tag": h}
			w.enqueue(act(x.what))
			w.settle()
			if len(h.got) != x.calls || x.calls > 0 && h.got[0] != `{"name":"x"}` {
				t.Errorf("asked %q", h.got)
			}
			waiting := w.waiting()
			if x.state == "" && len(waiting) != 0 || x.state != "" && (len(waiting) != 1 || waiting[0].State != x.state || !strings.Contains(waiting[0].Err, x.why)) {
				t.Errorf("waiting %+v", waiting)
			}
			if len(w.fake.Got()) != 0 {
				t.Error("something was posted")
			}
		})
	}
}

// TestTheIntentToActIsFirst: when the actor is asked, the claim is in the store; and where the process ends before the
// outcome is, the next one asks again, for the actor to look.
func TestTheIntentToActIsFirst(t *testing.T) {
	w := begin(t.Context(), t)
	h := &hand{}
	w.bot.Actors = map[string]bot.Actor{"tag": h}
	w.enqueue(act("tag"))
	w.bot.At = func(point string, c storage.Claim) {
		if point != bot.BeforeSend {
			return
		}
		err := w.store.View(w.ctx, func(tx *storage.Tx) error {
			return tx.Deliveries(func(p storage.Pending) (bool, error) {
				if p.ID != c.ID || p.State != storage.Claimed {
					t.Errorf("%+v, while it is carried out", p)
				}
				return true, nil
			})
		})
		if err != nil {
			t.Error(err)
		}
	}
	w.bot.Queue = ends{w.store}
	if _, _, err := w.bot.Step(w.ctx, w.now); err == nil {
		t.Fatal("the process did not end")
	}
	w.bot.Queue = w.store
	w.now = w.now.Add(time.Hour)
	w.settle()
	if len(h.got) != 2 || len(w.waiting()) != 0 {
		t.Errorf("asked %d times, waiting %+v", len(h.got), w.waiting())
	}
}

// ends is a queue whose process ends before an outcome is recorded.
type ends struct{ *storage.Store }

func (ends) Settle(context.Context, storage.Claim, storage.Outcome) error {
	return errors.New("the process ends")
}

// TestAPublishedTip is drawn from what was decided, whatever the desk says by now, and never where anyone reads.
func TestAPublishedTip(t *testing.T) {
	tip := ledger.Tip{Instance: "0123456789abcdef", Size: 31, Hash: [32]byte{1, 2, 3}}
	data, err := json.Marshal(tip)
	if err != nil {
		t.Fatal(err)
	}
	w := begin(t.Context(), t)
	w.enqueue(storage.Delivery{Kind: workflows.Tell, What: "anchor", Seq: 99, Place: general, Due: monday, Data: data},
		storage.Delivery{Kind: workflows.Tell, What: "anchor", Seq: 99, Place: news, Public: true, Due: monday, Data: data})
	w.settle()
	shown := w.fake.Shows(general)
	if len(shown) != 1 || len(w.fake.Shows(news)) != 0 || len(w.waiting()) != 0 {
		t.Fatalf("shows %+v and %+v, waiting %+v", shown, w.fake.Shows(news), w.waiting())
	}
	found, err := ledger.ParseTip(shown[0].Message.Title + "\n" + strings.Join(shown[0].Message.Lines, "\n"))
	if err != nil || found != tip {
		t.Errorf("found %v, %v in %+v", found, err, shown[0].Message)
	}
}
