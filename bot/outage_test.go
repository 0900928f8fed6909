package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/places"
)

// cut is a platform behind a network that may be down.
type cut struct {
	*chattest.Fake
	down bool
}

func (c *cut) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	if c.down {
		return "", &chat.Fault{Verdict: chat.Retry, Err: errors.New("no route to host")}
	}
	return c.Fake.Send(ctx, p)
}

// TestNothingIsLostInAnOutage of nearly three days: each message comes once when the network is back, the card with what
// is true then.
func TestNothingIsLostInAnOutage(t *testing.T) {
	w := begin(t.Context(), t)
	net := &cut{Fake: w.fake, down: true}
	w.bot.Senders["test"] = net
	for day := range 3 {
		d := card()
		d.Due = w.now
		h, p := history(), post("held", 1, news)
		h.Due, p.Due = w.now, w.now
		w.enqueue(d, h, p)
		for until := monday.Add(time.Duration(day+1)*24*time.Hour - time.Hour); w.now.Before(until); {
			w.now = w.now.Add(max(w.step(), time.Second))
		}
	}
	if len(w.waiting()) != 0 || len(w.fake.Got()) != 0 {
		t.Fatalf("waiting %+v, sent %d", w.waiting(), len(w.fake.Got()))
	}
	net.down = false
	w.settle()
	shown := w.fake.Shows(general)
	if len(shown) != 4 || shown[0].Thread != "" || slices.ContainsFunc(shown[1:], func(s chattest.Shown) bool { return s.Thread != shown[0].ID }) {
		t.Errorf("the channel shows %+v", shown)
	}
	if n := len(w.fake.Shows(news)); n != 3 {
		t.Errorf("the other channel shows %d", n)
	}
}

// TestAPostSaysWhatItIs: whether it is edited later on, and whether a former attempt may have arrived.
func TestAPostSaysWhatItIs(t *testing.T) {
	w := begin(t.Context(), t)
	w.fake.Script(chattest.Unclear(false), chattest.Unclear(false))
	w.enqueue(card(), post("held", 1, news))
	w.settle()
	got := w.fake.Got()
	if len(got) != 4 {
		t.Fatalf("%d posts", len(got))
	}
	for i, p := range got {
		if p.Stays != (p.Place == general) || p.Again != (i >= 2) {
			t.Errorf("%d. to %s: stays %v, again %v", i+1, p.Place, p.Stays, p.Again)
		}
	}
}

// TestDoubtStays: that an attempt certainly sent nothing says nothing of the one before it, which may have arrived: it is
// looked for again, however often, and by a platform that cannot say it any more a human is asked.
func TestDoubtStays(t *testing.T) {
	for name, blind := range map[string]error{
		"busy":   &chat.Fault{Verdict: chat.Retry, Paced: true, Err: errors.New("rate limited")},
		"down":   &chat.Fault{Verdict: chat.Retry, Err: errors.New("no route to host")},
		"parked": &chat.Fault{Verdict: chat.Park, Err: errors.New("not_in_channel")},
	} {
		w := begin(t.Context(), t)
		w.fake.Script(chattest.Unclear(true))
		w.enqueue(post("held", 1, general))
		w.now = w.now.Add(w.step())
		w.fake.Blind(blind)
		for range 20 {
			w.now = w.now.Add(w.step())
		}
		w.fake.Blind(nil)
		w.settle()
		if n := len(w.fake.Shows(general)); n != 1 || len(w.waiting()) != 0 {
			t.Errorf("%s: shows %d, waiting %+v", name, n, w.waiting())
		}
	}
	w := begin(t.Context(), t)
	w.fake.Script(chattest.Unclear(true))
	w.enqueue(post("held", 1, general))
	w.now = w.now.Add(w.step())
	w.fake.Blind(&chat.Fault{Verdict: chat.Fatal, Err: errors.New("channel_not_found")})
	w.settle()
	if got := w.waiting(); len(got) != 1 || got[0].State != storage.Stuck {
		t.Errorf("waiting %+v", got)
	}
}

// TestParkedIsKept: what a place does not take is kept for it, however long that is and however much it is; the place is
// tried, not each message, at growing distances; and once it takes something all of it comes, in order.
func TestParkedIsKept(t *testing.T) {
	w := begin(t.Context(), t)
	for range 500 {
		w.fake.ScriptAt(general, chattest.Park("is_archived"))
	}
	for range 40 {
		w.enqueue(post("held", 1, general))
	}
	w.enqueue(post("held", 1, news))
	var waits []time.Duration
	for w.now.Before(monday.AddDate(0, 0, 10)) {
		waits = append(waits, w.step())
		w.now = w.now.Add(max(waits[len(waits)-1], time.Minute))
	}
	if want := []time.Duration{2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour}; !slices.Equal(waits[:7], want) {
		t.Errorf("waits %v", waits[:7])
	}
	if n := len(w.fake.Got()); n > 250 || len(w.waiting()) != 0 || len(w.fake.Shows(news)) != 1 || w.bot.Parked() != 1 {
		t.Errorf("%d sends in ten days, waiting %+v, parked %d", n, w.waiting(), w.bot.Parked())
	}
	if asks := w.wishes(); len(asks) != 1 || asks[0].(places.Trouble).Fate != places.Parked || asks[0].(places.Trouble).Why != "is_archived" {
		t.Errorf("the desk is told %+v", asks)
	}
	w.fake.ScriptAt(general) // nothing more
	w.settle()
	if n := len(w.fake.Shows(general)); n != 40 {
		t.Errorf("%d of 40 came", n)
	}
	if asks := w.wishes(); len(asks) != 2 || asks[1] != (places.Mend{Place: general}) {
		t.Errorf("the desk is told %+v", asks)
	}
}

// TestWhatWasNoFailureIsNotCounted: after any number of times that the platform asked for a slower pace, or took nothing,
// an attempt that ends unclear is the first of those.
func TestWhatWasNoFailureIsNotCounted(t *testing.T) {
	for _, excuse := range []chattest.Outcome{chattest.Paced(time.Second), chattest.PacedAlone(time.Second), chattest.Park("is_archived")} {
		w := begin(t.Context(), t)
		for range 20 {
			w.fake.Script(excuse)
		}
		for range 7 {
			w.fake.Script(chattest.Unclear(false))
		}
		w.enqueue(post("held", 1, general))
		w.settle()
		if n := len(w.fake.Shows(general)); n != 1 || len(w.waiting()) != 0 {
			t.Errorf("%v: shows %d, waiting %+v", excuse.Err, n, w.waiting())
		}
	}
}

// TestTheDeskIsTold of what waits for a human, once for the same; never of what should have told of that.
func TestTheDeskIsTold(t *testing.T) {
	w := begin(t.Context(), t)
	w.bot.Senders["test"] = deaf{w.fake}
	w.fake.Script(chattest.Fatal(), chattest.Fatal(), chattest.Unclear(true))
	trouble := storage.Delivery{Kind: workflows.Tell, What: places.ToldTrouble, Stream: "places/_.x", Seq: 6, Place: ana, Due: monday}
	w.enqueue(post("held", 1, general), post("held", 1, general), post("held", 1, general), post("held", 1, "slack/T1/C1"), post("held", 1, "slack/T1/C2"))
	w.settle()
	var got []string
	for _, x := range w.wishes() {
		t := x.(places.Trouble)
		got = append(got, string(t.Place)+" "+string(t.Fate)+" "+t.What+": "+t.Why)
	}
	want := []string{"test/#general failed held: the channel is archived", `slack failed held: platform "slack": it is off`, "test/#general unclear held: it may have been sent, and its platform cannot be asked"}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the desk is told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	w.fake.Script(chattest.Fatal())
	trouble.Due = w.now
	w.enqueue(trouble)
	w.settle()
	if n := len(w.wishes()); n != len(want) || len(w.waiting()) != 6 {
		t.Errorf("of a trouble that could not be told the desk is told: %+v; waiting %+v", w.wishes(), w.waiting())
	}
}

// TestADeskThatDoesNotHear is told again, and keeps no delivery waiting.
func TestADeskThatDoesNotHear(t *testing.T) {
	w := begin(t.Context(), t)
	w.fails = 1
	w.fake.Script(chattest.Park("is_archived"), chattest.Park("is_archived"))
	w.enqueue(post("held", 1, general), post("held", 1, news))
	w.settle()
	if asks := w.wishes(); len(asks) != 3 || len(w.waiting()) != 0 || len(w.fake.Shows(general)) != 1 {
		t.Errorf("the desk is told %+v, waiting %+v", asks, w.waiting())
	}
}

// known is a desk that remembers places.
type known []places.State

func (k known) Parked(context.Context) ([]places.State, error) { return k, nil }

// TestAfterARestart a place that took nothing is tried at once, and its owners hear when it takes something.
func TestAfterARestart(t *testing.T) {
	w := begin(t.Context(), t)
	w.bot.Places = known{{Place: general, Parked: places.Case{Trouble: places.Trouble{Place: general, Why: "is_archived"}, Since: monday}}}
	w.fake.Script(chattest.Park("is_archived"))
	w.enqueue(post("held", 1, general))
	w.step()
	if n := len(w.wishes()); n != 0 || w.bot.Parked() != 1 {
		t.Errorf("the desk is told what it knows: %+v", w.wishes())
	}
	w.settle()
	if asks := w.wishes(); len(asks) != 1 || asks[0] != (places.Mend{Place: general}) || w.bot.Parked() != 0 {
		t.Errorf("the desk is told %+v", asks)
	}
	w = begin(t.Context(), t)
	w.bot.Places = deafDesk{}
	if _, _, err := w.bot.Step(w.ctx, w.now); err == nil || !strings.Contains(err.Error(), "which places take nothing: away") {
		t.Errorf("the step says %v", err)
	}
}

type deafDesk struct{}

func (deafDesk) Parked(context.Context) ([]places.State, error) { return nil, errors.New("away") }

var _ bot.Places = known{}
