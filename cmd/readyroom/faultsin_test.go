//go:build linux

package main

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
)

// A line that somebody said to the bot comes three times at once, and again to the next process: it has one effect, and
// one answer.
func TestSameLine(t *testing.T) {
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		d := newTrial(t, platform, nil)
		d.enters("app", trialCourse[0].line)
		d.enters("app", trialCourse[1].line)
		again := d.heard(t, "ben", "app", "resume app@1.0.0 -- seen")
		if again == nil {
			t.Skip("no lines come that way")
		}
		d.settle(t.Context())
		d.begins(nil)
		again()
		d.settle(t.Context())
		if n := d.events("release.resumed"); n != 1 {
			t.Errorf("it went on %d times", n)
		}
		if answers := d.answered("app"); len(answers) != 1 || !strings.Contains(answers[0], "it goes on") {
			t.Errorf("it was answered %q, of %q", answers, d.stands("#app"))
		}
	})
}

// The same bytes of a command come three times at once, and again to the next process: it has one effect, it is told once,
// and who is answered more than once is told the same.
func TestSameCommand(t *testing.T) {
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		d := newTrial(t, platform, nil)
		d.enters("app", trialCourse[0].line)
		answers, again := d.same(t, "ben", "app", trialCourse[1].line)
		d.settle(t.Context())
		d.begins(nil)
		all := append(answers, again()...)
		d.settle(t.Context())
		if len(answers) == 0 {
			t.Error("none of them was answered")
		}
		for _, a := range all {
			if a != answers[0] || !strings.Contains(a, "on hold") {
				t.Errorf("one answer is %s, another one %s", a, answers[0])
			}
		}
		if n := d.events("release.held"); n != 1 {
			t.Errorf("it was put on hold %d times", n)
		}
		held := 0
		for _, l := range d.stands("#app") {
			if strings.HasPrefix(l, "#app: app 1.0.0 is on hold") {
				held++
			}
		}
		if held != 1 {
			t.Errorf("it was told %d times: %q", held, d.stands("#app"))
		}
	})
}

// breakable opens a store that the test may break.
func breakable(engine *storagetest.Faulty) opener {
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

// The disk stalls: a platform gets its acknowledgement within its three seconds, people read what is known then, and what
// came of it follows.
func TestDiskStalls(t *testing.T) {
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		engine := storagetest.Wrap(memory.New())
		d := newTrial(t, platform, breakable(engine))
		d.enters("app", trialCourse[0].line)
		release := engine.Hold()
		defer release()
		var said [2]answer
		var both sync.WaitGroup
		both.Go(func() { said[0] = d.says(t.Context(), "ana", "app", trialCourse[1].line) })
		both.Go(func() { said[1] = d.says(t.Context(), "ben", "app", trialCourse[2].line) })
		both.Wait()
		const honest = "could not confirm yet that this was saved"
		for _, a := range said {
			if a.wrong != "" || a.took >= 3*time.Second {
				t.Errorf("taken after %s: %s", a.took, a.wrong)
			}
			until(t, "the honest sentence", func() bool { return strings.Contains(a.text(), honest) })
		}
		if n := d.events("release.held"); n != 0 {
			t.Errorf("held %d times before it could be written", n)
		}
		release()
		d.settle(t.Context())
		for i, what := range []string{"on hold", "way-back"} {
			if !strings.Contains(said[i].text(), what) {
				t.Errorf("no answer about %q followed: %q", what, said[i].texts())
			}
		}
		if n, m := d.events("release.held"), d.events("release.item_assigned"); n != 1 {
			t.Errorf("held %d times, assigned %d times", n, m)
		}
	})
}

// The disk fails: what cannot be confirmed is not said to be done, and from then on nothing is done.
func TestStorePoisoned(t *testing.T) {
	onEach(t, func(t *testing.T, platform func(*testing.T) frail) {
		for _, happened := range []bool{false, true} {
			engine := storagetest.Wrap(memory.New())
			d := newTrial(t, platform, breakable(engine))
			d.enters("app", trialCourse[0].line)
			engine.Lose(happened)
			if a := d.says(t.Context(), "ana", "app", trialCourse[1].line); !strings.Contains(a.text(), "I could not confirm that this was saved. Do not ship.") {
				t.Errorf("happened %v: it is said %q", happened, a.texts())
			}
			for _, line := range []string{"advance app@1.0.0", "sign app@1.0.0 tests", "status"} {
				if a := d.says(t.Context(), "ana", "app", line); !strings.Contains(a.text(), "Do not ship") {
					t.Errorf("happened %v: %q is answered with %q", happened, line, a.texts())
				}
			}
			if d.r.storeErr() == nil {
				t.Errorf("happened %v: the bot takes itself for well", happened)
			}
		}
	})
}
