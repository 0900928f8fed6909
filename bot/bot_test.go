package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// TestTenChangesMakeOneEdit: a card is posted once and edited after that, once for any number of changes.
func TestTenChangesMakeOneEdit(t *testing.T) {
	w := begin(t.Context(), t)
	w.enqueue(card())
	w.step()
	w.desk.release.Held = nil
	for range 10 {
		w.enqueue(card())
	}
	w.step()
	got, shown := w.fake.Got(), w.fake.Shows(general)
	if len(got) != 2 || got[0].Edit != "" || got[1].Edit != shown[0].ID {
		t.Errorf("sent %+v", got)
	}
	if len(shown) != 1 || !strings.Contains(shown[0].Message.Title, "NO-GO") {
		t.Errorf("the channel shows %+v", shown)
	}
}

// TestHistoryIsInTheThreadOfItsCard, and waits for it, however the card fares.
func TestHistoryIsInTheThreadOfItsCard(t *testing.T) {
	for _, name := range []string{"arrives", "retry", "unclear, stored", "unclear, lost"} {
		w := begin(t.Context(), t)
		w.fake.Script(faults[name]())
		w.enqueue(card(), history(), history())
		w.settle()
		shown := w.fake.Shows(general)
		if len(shown) != 3 || shown[0].Thread != "" || shown[1].Thread != shown[0].ID || shown[2].Thread != shown[0].ID {
			t.Errorf("%s: the channel shows %+v", name, shown)
		}
	}
}

// TestWhatIsDueComesInItsOrder and nothing before its time.
func TestWhatIsDueComesInItsOrder(t *testing.T) {
	w := begin(t.Context(), t)
	later, first, second := post("held", 1, general), post("passed", 2, general), post("cancelled", 5, general)
	later.Due, first.Due, second.Due = monday.Add(time.Hour), monday.Add(-time.Hour), monday.Add(-time.Minute)
	w.enqueue(later, second, first)
	if wait := w.step(); wait != time.Hour {
		t.Errorf("come again in %v, want an hour", wait)
	}
	w.now = monday.Add(time.Hour)
	if wait := w.step(); wait != 0 {
		t.Errorf("come again in %v, want never", wait)
	}
	var said []string
	for _, s := range w.fake.Shows(general) {
		said = append(said, s.Message.Title)
	}
	want := []string{"app 1.0.0 is out", "app 1.0.0 is cancelled", "app 1.0.0 is on hold"}
	if !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
}

// TestMoreThanOneBatch: a step ends when nothing is due, not when it is tired.
func TestMoreThanOneBatch(t *testing.T) {
	w := begin(t.Context(), t)
	for range 70 {
		w.enqueue(post("held", 1, general))
	}
	w.step()
	if n := len(w.fake.Shows(general)); n != 70 {
		t.Errorf("%d of 70 were sent", n)
	}
}

// faults is every way in which one send can end.
var faults = map[string]func() chattest.Outcome{
	"arrives":            chattest.Arrives,
	"retry":              func() chattest.Outcome { return chattest.Retry(0) },
	"retry after 10 min": func() chattest.Outcome { return chattest.Retry(10 * time.Minute) },
	"fatal":              chattest.Fatal,
	"unclear, stored":    func() chattest.Outcome { return chattest.Unclear(true) },
	"unclear, lost":      func() chattest.Outcome { return chattest.Unclear(false) },
}

// TestEachFault holds every fault of a card, a post and a direct message to what must become of it.
func TestEachFault(t *testing.T) {
	for name, fault := range faults {
		for what, d := range map[string]storage.Delivery{"card": card(), "post": post("held", 1, general), "message": digest()} {
			t.Run(name+" "+what, func(t *testing.T) {
				w := begin(t.Context(), t)
				w.fake.Script(fault())
				w.enqueue(d)
				w.settle()
				shown := w.fake.Shows(d.Place)
				if name == "fatal" {
					if dead := w.waiting(); len(shown) != 0 || len(w.fake.Got()) != 1 || len(dead) != 1 || dead[0].State != storage.Dead {
						t.Errorf("shows %+v after %d sends; waiting %+v", shown, len(w.fake.Got()), dead)
					}
					return
				}
				if len(shown) != 1 || len(w.waiting()) != 0 {
					t.Errorf("shows %+v, waiting %+v", shown, w.waiting())
				}
				if name == "retry after 10 min" && w.now.Sub(monday) < 10*time.Minute {
					t.Errorf("sent again after %v", w.now.Sub(monday))
				}
			})
		}
	}
}

// TestNeverTwoCopies mixes changes, news, lines and messages with faults in any order: no delivery is ever shown
// twice, there is at most one card, and a line of history hangs under it once it is there; unless the bot had to give
// up on something, and a human has to look anyway.
func TestNeverTwoCopies(t *testing.T) {
	acts := map[string][]storage.Delivery{"change": {card()}, "event": {card(), history()}, "news": {card(), history(), post("held", 1, general)}, "digest": {digest()}}
	names := []string{"arrives", "retry", "retry after 10 min", "fatal", "unclear, stored", "unclear, lost"}
	rapid.Check(t, func(t *rapid.T) {
		w := begin(context.Background(), t)
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 5).Draw(t, "faults") {
				w.fake.Script(faults[name]())
			}
			for _, act := range rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(acts))), 0, 6).Draw(t, "acts") {
				for _, d := range acts[act] {
					d.Due = w.now
					w.enqueue(d)
				}
			}
			if rapid.Bool().Draw(t, "blind") {
				w.fake.Blind(errors.New("search is down"))
			}
			w.now = w.now.Add(max(w.step(), time.Second))
			w.fake.Blind(nil)
		}
		w.settle()
		copies, cards, given := map[string]int{}, 0, len(w.waiting()) > 0
		for _, s := range slices.Concat(w.fake.Shows(general), w.fake.Shows(ana)) {
			copies[s.Keys[0]]++
			if strings.Contains(s.Message.Title, "(bound to") {
				cards++
			}
			if cards > 0 && !given && strings.Contains(s.Message.Title, "put it on hold") && s.Thread == "" {
				t.Errorf("a line of history stands beside its card: %+v", s)
			}
		}
		for key, n := range copies {
			if n > 1 {
				t.Errorf("%s is shown %d times", key, n)
			}
		}
		if cards > 1 {
			t.Errorf("there are %d cards", cards)
		}
	})
}

// TestWaitsGrowWithinBounds: the first wait is some seconds, none is longer than five minutes, and in the end somebody
// is asked: soon where nobody knows what became of it, and after three days where it certainly was not sent.
func TestWaitsGrowWithinBounds(t *testing.T) {
	for name, want := range map[string]struct {
		state    storage.State
		attempts int
		after    time.Duration
	}{
		"retry":         {storage.Dead, 872, 72 * time.Hour},
		"unclear, lost": {storage.Stuck, 8, 4 * time.Minute},
	} {
		w := begin(t.Context(), t)
		for range 2000 {
			w.fake.Script(faults[name]())
		}
		w.fake.Blind(errors.New("search is down"))
		w.enqueue(post("held", 1, general))
		var waits []time.Duration
		for wait := w.step(); wait > 0; wait = w.step() {
			waits = append(waits, wait)
			w.now = w.now.Add(wait)
		}
		if len(waits)+1 != want.attempts || waits[0] > 5*time.Second || !slices.IsSorted(waits) || waits[len(waits)-1] > 5*time.Minute {
			t.Errorf("%s: %d attempts, waited %v", name, len(waits)+1, waits[:min(9, len(waits))])
		}
		if took := w.now.Sub(monday); took < want.after || took > want.after+10*time.Minute {
			t.Errorf("%s: somebody is asked after %s", name, took)
		}
		if got := w.waiting(); len(got) != 1 || got[0].State != want.state {
			t.Errorf("%s: waiting %+v, want one %s", name, got, want.state)
		}
	}
}

// deaf is a platform that cannot be searched.
type deaf struct{ fake *chattest.Fake }

func (d deaf) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	return d.fake.Send(ctx, p)
}

// fragile is a platform whose sends to one place break.
type fragile struct {
	*chattest.Fake
	at workflows.Place
}

func (f fragile) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	if p.Place == f.at {
		panic("index out of range")
	}
	return f.Fake.Send(ctx, p)
}

// TestADeliveryThatPanics waits for a human in the end, and keeps nobody else waiting.
func TestADeliveryThatPanics(t *testing.T) {
	w := begin(t.Context(), t)
	w.bot.Senders["test"] = fragile{w.fake, "test/#broken"}
	w.enqueue(post("held", 1, "test/#broken"), post("held", 1, general))
	w.step()
	if len(w.fake.Shows(general)) != 1 {
		t.Error("what came behind it was not sent at once")
	}
	w.settle()
	if got := w.waiting(); len(got) != 1 || got[0].State != storage.Stuck || !strings.Contains(got[0].Err, "index out of range") {
		t.Errorf("waiting %+v", got)
	}
}

// TestWhatNobodyCanFindWaitsForAHuman: where the platform cannot be asked, nothing is sent a second time.
func TestWhatNobodyCanFindWaitsForAHuman(t *testing.T) {
	for _, stored := range []bool{true, false} {
		w := begin(t.Context(), t)
		w.bot.Senders["test"] = deaf{w.fake}
		w.fake.Script(chattest.Unclear(stored))
		w.enqueue(post("held", 1, general))
		w.settle()
		if got := w.waiting(); len(w.fake.Got()) != 1 || len(got) != 1 || got[0].State != storage.Stuck {
			t.Errorf("stored %v: %d sends, waiting %+v", stored, len(w.fake.Got()), got)
		}
		if took := w.now.Sub(monday); took > 10*time.Second {
			t.Errorf("a human is asked only after %v", took)
		}
	}
}

// TestAnEditNeedsNoSearch: to edit twice is to edit once.
func TestAnEditNeedsNoSearch(t *testing.T) {
	w := begin(t.Context(), t)
	w.bot.Senders["test"] = deaf{w.fake}
	w.enqueue(card())
	w.step()
	w.fake.Script(chattest.Unclear(false))
	w.enqueue(card())
	w.settle()
	if got := w.waiting(); len(got) != 0 || len(w.fake.Got()) != 3 || len(w.fake.Shows(general)) != 1 {
		t.Errorf("waiting %+v after %d sends", got, len(w.fake.Got()))
	}
}

// TestAPlatformThatIsOff fails for good and does not hold up the others.
func TestAPlatformThatIsOff(t *testing.T) {
	w := begin(t.Context(), t)
	w.enqueue(post("held", 1, "slack/T1/C1"), post("held", 1, general))
	w.settle()
	if got := w.waiting(); len(got) != 1 || got[0].Place != "slack/T1/C1" || !strings.Contains(got[0].Err, "off") || len(w.fake.Shows(general)) != 1 {
		t.Errorf("waiting %+v", got)
	}
}

// TestWhatCannotBeDrawnComesAgain: a fault of our own is no reason to lose a message.
func TestWhatCannotBeDrawnComesAgain(t *testing.T) {
	w := begin(t.Context(), t)
	w.desk.broken = errors.New("the store is closed")
	w.enqueue(card())
	if w.step() == 0 || len(w.fake.Got()) != 0 {
		t.Fatal("nothing waits for another try")
	}
	w.desk.broken = nil
	w.settle()
	if len(w.fake.Shows(general)) != 1 {
		t.Error("the card never came")
	}
}

// TestADigestOfNothingIsNotSent, not even when there was something when it was put into the queue.
func TestADigestOfNothingIsNotSent(t *testing.T) {
	w := begin(t.Context(), t)
	w.desk.todo = nil
	w.enqueue(digest())
	w.settle()
	if len(w.fake.Got()) != 0 || len(w.waiting()) != 0 {
		t.Errorf("sent %+v, waiting %+v", w.fake.Got(), w.waiting())
	}
}

// TestWakesAskOnceAnOccurrence, under the same id however often they have to be tried.
func TestWakesAskOnceAnOccurrence(t *testing.T) {
	w := begin(t.Context(), t)
	s := calendar.Schedule{Kind: calendar.Digest, Person: "ana", Spec: "09:00", Zone: "UTC"}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	w.enqueue(storage.Delivery{Kind: workflows.Wake, What: "schedule", Slot: s.Slot(), Due: monday, Data: data},
		storage.Delivery{Kind: workflows.Wake, What: "tick", Stream: stream, Due: monday})
	w.fails = 3
	w.settle()
	w.step()
	ids := map[string]int{}
	for _, a := range w.asks {
		ids[a.ID]++
		if a.Bot != "clock" || a.By != "" {
			t.Errorf("%+v is not the clock's", a)
		}
		switch wish := a.Wish.(type) {
		case calendar.Due:
			if wish.Schedule != s || !wish.At.Equal(monday) {
				t.Errorf("the schedule asks %+v", wish)
			}
		case release.Tick:
			if a.On.Release != "app@1.0.0" {
				t.Errorf("the tick is of %q", a.On.Release)
			}
		default:
			t.Errorf("asks %T", wish)
		}
	}
	if len(ids) != 2 || len(w.asks) != 5 {
		t.Errorf("%d asks under %v, want 5 under two ids", len(w.asks), ids)
	}
	w.enqueue(storage.Delivery{Kind: workflows.Wake, What: "schedule", Slot: s.Slot(), Due: monday.Add(24 * time.Hour), Data: data})
	w.now = monday.Add(24 * time.Hour)
	w.step()
	if last := w.asks[len(w.asks)-1]; ids[last.ID] > 0 {
		t.Error("tomorrow's occurrence bears today's id: it would be taken for a repeat")
	}
}

// TestAWakeThatNobodyKnows does not come again and again.
func TestAWakeThatNobodyKnows(t *testing.T) {
	w := begin(t.Context(), t)
	w.enqueue(storage.Delivery{Kind: workflows.Wake, What: "dance", Due: monday})
	w.settle()
	if got := w.waiting(); len(w.asks) != 0 || len(got) != 1 || got[0].State != storage.Dead {
		t.Errorf("asks %+v, waiting %+v", w.asks, got)
	}
}

// TestPublicPlacesGetPublicText draws everything that can be told for a place that anyone reads.
func TestPublicPlacesGetPublicText(t *testing.T) {
	text, err := json.Marshal(notes.Post{Release: "app@1.0.0", Text: workflows.Approved("Approved, and meant for all.")})
	if err != nil {
		t.Fatal(err)
	}
	for i, what := range []string{"card", "history", "passed", "held", "rolled-back", "cancelled", "readiness", "briefing", "counter-briefing", "notes", "anything"} {
		w := begin(t.Context(), t)
		w.desk.release.Passed = 1 // GA is open
		d := post(what, max(1, map[string]workflows.Seq{"passed": 2}[what]), news)
		d.Public, d.Data = true, text
		w.enqueue(d)
		w.settle()
		for _, s := range w.fake.Shows(news) {
			said := fmt.Sprintf("%+v", s.Message)
			theirs := func(b chat.Button) bool { return !strings.HasPrefix(b.Line, "feedback ") } // anyone may say something, and follow
			if strings.Contains(said, secret) || strings.Contains(said, "ana") || slices.ContainsFunc(s.Message.Buttons, theirs) {
				t.Errorf("%s says in public: %s", what, said)
			}
		}
		if all := w.fake.Shows(news); len(all) > 0 && all[0].Message.Verbatim != (what == "notes") {
			t.Errorf("%s is word for word: %v", what, all[0].Message.Verbatim)
		}
		if n := len(w.fake.Shows(news)); (n == 1) != slices.Contains([]int{0, 2, 4, 5, 9}, i) {
			t.Errorf("%s makes %d public posts", what, n)
		}
	}
}

// TestFailuresTellNothingOfTheText: what goes to the log and the queue of a failed delivery names it, and does not
// repeat it.
func TestFailuresTellNothingOfTheText(t *testing.T) {
	for name, fault := range faults {
		w := begin(t.Context(), t)
		w.fake.Script(fault(), fault())
		w.enqueue(card(), post("held", 1, general))
		w.step()
		err := w.store.View(w.ctx, func(tx *storage.Tx) error {
			return tx.Deliveries(func(p storage.Pending) (bool, error) {
				if strings.Contains(p.Err, secret) {
					t.Errorf("%s: the queue keeps %q", name, p.Err)
				}
				return true, nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if log := w.log.String(); strings.Contains(log, secret) || name != "arrives" && !strings.Contains(log, "delivery failed") {
			t.Errorf("%s: the log says %q", name, log)
		}
	}
}

// TestAQueueThatFails stops the step with what it was doing.
func TestAQueueThatFails(t *testing.T) {
	w := begin(t.Context(), t)
	w.enqueue(card())
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.bot.Step(w.ctx, w.now); err == nil || !strings.Contains(err.Error(), "due") {
		t.Errorf("a step over a closed store: %v", err)
	}
}
