package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

func channelOf(i int) workflows.Place { return workflows.Place(fmt.Sprintf("test/#c%03d", i)) }

// slow is a wide platform that takes its time, or hangs until it is told to stop.
type slow struct {
	chattest.Wide
	takes time.Duration
	hangs map[workflows.Place]bool

	sent      func(chat.Post) // is told of what arrives
	now, most atomic.Int32
	mu        sync.Mutex
	tried     []chat.Post
}

func (s *slow) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	s.mu.Lock()
	s.tried = append(s.tried, p)
	s.mu.Unlock()
	if n := s.now.Add(1); n > s.most.Load() {
		s.most.Store(n)
	}
	defer s.now.Add(-1)
	takes := s.takes
	if s.hangs[p.Place] {
		takes = time.Hour
	}
	select {
	case <-time.After(takes):
		if s.sent != nil {
			s.mu.Lock()
			s.sent(p)
			s.mu.Unlock()
		}
		return s.Fake.Send(ctx, p)
	case <-ctx.Done():
		return "", &chat.Fault{Verdict: chat.Unclear, Err: ctx.Err()}
	}
}

func (s *slow) triedAt(p workflows.Place) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.tried {
		if x.Place == p {
			n++
		}
	}
	return n
}

// widely makes the world's platform one that takes several places at once.
func (w *world) widely(width int, takes time.Duration) *slow {
	s := &slow{Wide: chattest.Wide{Fake: w.fake, At: width}, takes: takes, hangs: map[workflows.Place]bool{}}
	w.bot.Senders["test"] = s
	return s
}

// TestManyPlacesAtOnce: as many as the platform takes, each place in its order.
func TestManyPlacesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t.Context(), t)
		s := w.widely(8, time.Second)
		var beats atomic.Int32
		w.bot.Beat = func() { beats.Add(1) }
		for range 2 {
			for i := range 16 {
				w.enqueue(post("held", 1, channelOf(i)))
			}
		}
		began := time.Now()
		w.step()
		if took := time.Since(began); took != 4*time.Second || s.most.Load() != 8 {
			t.Errorf("two posts in each of sixteen places took %s, %d at once", took, s.most.Load())
		}
		if beats.Load() != 32 {
			t.Errorf("it got on %d times", beats.Load())
		}
	})
}

// TestWhoMustHearFirstDoes: something else is told only when all of the former has ended, also where it is slow.
func TestWhoMustHearFirstDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t.Context(), t)
		s := w.widely(8, time.Second)
		for i := range 5 {
			w.enqueue(post("counter-briefing", 3, workflows.Place(fmt.Sprintf("test/@p%d", i))))
		}
		for i := range 5 {
			w.enqueue(post("rolled-back", 4, channelOf(i)))
		}
		w.step()
		for i, p := range s.tried {
			if p.Place.IsDirect() != (i < 5) {
				t.Errorf("%d. was %s", i+1, p.Place)
			}
		}
		if len(s.tried) != 10 {
			t.Errorf("%d were sent", len(s.tried))
		}
	})
}

// TestOneAtATime: where the platform does not say that it takes several, nothing is ever sent beside something else.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t.Context(), t)
		s := &slow{Wide: chattest.Wide{Fake: w.fake}, takes: time.Second}
		w.bot.Senders["test"] = struct {
			chat.Sender
			chat.Finder
		}{s, s}
		for i := range 5 {
			w.enqueue(post("held", 1, channelOf(i)))
		}
		w.step()
		if s.most.Load() != 1 || len(s.tried) != 5 {
			t.Errorf("%d at once of %d", s.most.Load(), len(s.tried))
		}
	})
}

// TestAPlaceThatHangs keeps thirty others waiting for its own send at most, once, whatever there is to tell.
func TestAPlaceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t.Context(), t)
		s := w.widely(8, 10*time.Millisecond)
		hung := channelOf(7)
		s.hangs[hung] = true
		kinds := []string{"held", "passed", "cancelled", "held", "passed"}
		for _, what := range kinds {
			for i := range 31 {
				w.enqueue(post(what, map[string]workflows.Seq{"held": 1, "passed": 2, "cancelled": 5}[what], channelOf(i)))
			}
		}
		began := time.Now()
		w.step()
		if took := time.Since(began); took > 32*time.Second {
			t.Errorf("the others waited %s", took)
		}
		if n := s.triedAt(hung); n != 1 {
			t.Errorf("the place that hangs was tried %d times", n)
		}
		for i := range 31 {
			if n := len(w.fake.Shows(channelOf(i))); channelOf(i) != hung && n != len(kinds) {
				t.Errorf("%s heard %d of %d", channelOf(i), n, len(kinds))
			}
		}
		delete(s.hangs, hung)
		w.settle()
		shown := w.fake.Shows(hung)
		var said []string
		for _, m := range shown {
			said = append(said, strings.TrimPrefix(m.Message.Title, "app 1.0.0 is "))
		}
		if want := []string{"on hold", "out", "cancelled", "on hold", "out"}; !slices.Equal(said, want) || len(w.waiting()) != 0 {
			t.Errorf("once it hangs no more, it hears %q, want %q; waiting %+v", said, want, w.waiting())
		}
	})
}

// TestALaneIsLetGo: with patience for a hanging place, what tells the same elsewhere does not wait for it at all, what tells
// something else only that long, and what is for that place comes in its order, once.
func TestALaneIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t.Context(), t)
		s := w.widely(8, 10*time.Millisecond)
		w.bot.LetGo, w.bot.Ticks = 3*time.Second, time.Now
		hung := channelOf(7)
		s.hangs[hung] = true
		for i := range 200 {
			w.enqueue(post("held", 1, channelOf(i)))
		}
		for i := range 200 {
			w.enqueue(post("passed", 2, channelOf(i)))
		}
		began := time.Now()
		var heldBy, passedBy time.Duration
		s.sent = func(p chat.Post) {
			if heldBy = time.Since(began); strings.HasSuffix(p.Message.Title, "out") {
				passedBy = heldBy
			}
			if passedBy == 0 && heldBy > time.Second {
				t.Errorf("%s hears that it is held after %s", p.Place, heldBy)
			}
		}
		w.step()
		if passedBy > 4*time.Second || time.Since(began) > 4*time.Second {
			t.Errorf("the others heard the rest after %s, the step took %s", passedBy, time.Since(began))
		}
		delete(s.hangs, hung)
		s.sent = nil
		if err := w.bot.Finish(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 31*time.Second {
			t.Errorf("all of it took %s", took)
		}
		w.now = w.now.Add(time.Hour)
		w.settle()
		var said []string
		for _, m := range w.fake.Shows(hung) {
			said = append(said, strings.TrimPrefix(m.Message.Title, "app 1.0.0 is "))
		}
		if want := []string{"on hold", "out"}; !slices.Equal(said, want) || len(w.waiting()) != 0 {
			t.Errorf("once it hangs no more, it hears %q, want %q; waiting %+v", said, want, w.waiting())
		}
	})
}

// TestFinishHasAnEnd: whoever ends the process waits for a hanging place as long as they want to, and no longer.
func TestFinishHasAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t.Context(), t)
		s := w.widely(8, 10*time.Millisecond)
		w.bot.LetGo, w.bot.Ticks = time.Second, time.Now
		s.hangs[general] = true
		w.enqueue(post("held", 1, general))
		w.step()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := w.bot.Finish(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("finishing says %v", err)
		}
		if err := w.bot.Finish(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestAPlatformThatHangs takes one deadline or two of a step, not one for each of its places.
func TestAPlatformThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := begin(t.Context(), t)
		s := w.widely(2, time.Millisecond)
		for i := range 60 {
			s.hangs[channelOf(i)] = true
			w.enqueue(post("held", 1, channelOf(i)))
		}
		w.bot.Senders["other"] = &chattest.Fake{}
		w.enqueue(post("held", 1, "other/#general"))
		began := time.Now()
		w.step()
		if took := time.Since(began); took > 61*time.Second {
			t.Errorf("a step took %s", took)
		}
		if shown := w.bot.Senders["other"].(*chattest.Fake).Shows("other/#general"); len(shown) != 1 {
			t.Error("another platform heard nothing")
		}
		clear(s.hangs)
		w.settle()
		for i := range 60 {
			if n := len(w.fake.Shows(channelOf(i))); n != 1 {
				t.Errorf("%s shows %d", channelOf(i), n)
			}
		}
	})
}

// TestPacedStaysInOrder: where the platform asks for a slower pace, what follows in that place waits behind it, and no
// pace makes anything fail.
func TestPacedStaysInOrder(t *testing.T) {
	w := begin(t.Context(), t)
	w.widely(4, 0)
	for range 30 {
		w.fake.ScriptAt(general, chattest.Paced(3*time.Second))
	}
	w.enqueue(post("held", 1, general), post("passed", 2, general), post("cancelled", 5, general), post("held", 1, news))
	w.step()
	if len(w.fake.Shows(news)) != 1 {
		t.Error("another place waits too")
	}
	w.settle()
	var said []string
	for _, s := range w.fake.Shows(general) {
		said = append(said, s.Message.Title)
	}
	if want := []string{"app 1.0.0 is on hold", "app 1.0.0 is out", "app 1.0.0 is cancelled"}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	if took := w.now.Sub(monday); took != 90*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestPacedAlone: where only one post has to wait, what follows in its place overtakes it, and it is not given up.
func TestPacedAlone(t *testing.T) {
	w := begin(t.Context(), t)
	w.widely(4, 0)
	w.fake.ScriptAt(general, chattest.PacedAlone(time.Hour))
	w.enqueue(post("held", 1, general), post("passed", 2, general))
	w.step()
	if shown := w.fake.Shows(general); len(shown) != 1 || shown[0].Message.Title != "app 1.0.0 is out" {
		t.Errorf("what follows waits: %+v", shown)
	}
	w.settle()
	if n := len(w.fake.Shows(general)); n != 2 || w.now.Sub(monday) != time.Hour {
		t.Errorf("%d are shown after %s", n, w.now.Sub(monday))
	}
}

// TestALaneThatPanics is an error of the step, which comes again, and not the end of the process.
func TestALaneThatPanics(t *testing.T) {
	w := begin(t.Context(), t)
	w.widely(4, 0)
	w.bot.Queue = brittle{w.store}
	w.enqueue(post("held", 1, general), post("held", 1, news))
	_, _, err := w.bot.Step(w.ctx, w.now)
	if err == nil || !strings.Contains(err.Error(), "panic while delivering: no row") {
		t.Errorf("the step says %v", err)
	}
}

type brittle struct{ *storage.Store }

func (brittle) Settle(context.Context, storage.Claim, storage.Outcome) error { panic("no row") }

// TestWideNeverTwoCopies mixes places, faults and changes on a wide platform: nothing is shown twice, and in the end
// nothing is missing.
func TestWideNeverTwoCopies(t *testing.T) {
	all := []func() chattest.Outcome{chattest.Arrives, func() chattest.Outcome { return chattest.Retry(0) }, func() chattest.Outcome { return chattest.Paced(time.Minute) },
		func() chattest.Outcome { return chattest.Park("is_archived") }, func() chattest.Outcome { return chattest.Unclear(true) }, func() chattest.Outcome { return chattest.Unclear(false) }}
	rapid.Check(t, func(t *rapid.T) {
		w := begin(context.Background(), t)
		w.widely(rapid.IntRange(1, 5).Draw(t, "width"), 0)
		w.bot.LetGo = rapid.SampledFrom([]time.Duration{0, time.Minute}).Draw(t, "let go")
		w.bot.Ticks = time.Now
		want := map[workflows.Place]int{}
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			for range rapid.IntRange(0, 12).Draw(t, "faults") {
				w.fake.ScriptAt(channelOf(rapid.IntRange(0, 4).Draw(t, "where")), rapid.SampledFrom(all).Draw(t, "fault")())
			}
			for range rapid.IntRange(1, 12).Draw(t, "posts") {
				d := post("held", 1, channelOf(rapid.IntRange(0, 4).Draw(t, "place")))
				d.Due = w.now
				want[d.Place]++
				w.enqueue(d)
			}
			if rapid.Bool().Draw(t, "blind") {
				w.fake.Blind(&chat.Fault{Verdict: chat.Retry, Paced: true, Err: errors.New("search is busy")})
			}
			w.now = w.now.Add(max(w.step(), time.Second))
			w.fake.Blind(nil)
		}
		w.settle()
		for p, n := range want {
			if got := len(w.fake.Shows(p)); got != n {
				t.Errorf("%s shows %d, told were %d", p, got, n)
			}
		}
		if len(w.waiting()) != 0 {
			t.Errorf("waiting %+v", w.waiting())
		}
	})
}

// BenchmarkStep tells two hundred places, each of whose sends takes 20 ms.
func BenchmarkStep(b *testing.B) {
	for _, width := range []int{1, 8, 16, 32} {
		b.Run(fmt.Sprintf("width %d", width), func(b *testing.B) {
			const many, takes = 200, 20 * time.Millisecond
			w := begin(b.Context(), b)
			w.widely(width, takes)
			for b.Loop() {
				b.StopTimer()
				var all []storage.Delivery
				for i := range many {
					all = append(all, post("held", 1, channelOf(i)))
				}
				w.enqueue(all...)
				b.StartTimer()
				w.step()
			}
			ideal := time.Duration((many + width - 1) / width * int(takes))
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(ideal), "x-ideal")
		})
	}
}
