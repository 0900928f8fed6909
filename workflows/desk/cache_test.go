package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// stock gives one release's state as it is read from its snapshot, anew each time.
func stock(t testing.TB, template string) func() cached {
	h := newHouse(t, func(c *Config) {
		c.Templates = map[string]release.Template{"sixty": sixty(), "simple": release.Templates()["simple"]}
	})
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Template: template}))
	for i, s := range release.Check(h.release("app@1.0"), h.book0(), monday).Items {
		_, _ = h.do(h.ask([]string{"mia", "ben"}[i%2], "app@1.0", release.Sign{Items: []string{s.Full()}, Note: "looked at it"}))
	}
	snapshot, err := json.Marshal(h.release("app@1.0"))
	if err != nil {
		t.Fatal(err)
	}
	return func() cached {
		state, err := rooms[release.Room].thaw(snapshot)
		if err != nil {
			t.Fatal(err)
		}
		return cached{rev: 1, state: state, text: len(snapshot)}
	}
}

// sixty is a template of sixty items; the tier adds three.
func sixty() release.Template {
	t := release.Template{Name: "sixty", Risk: policy.Normal}
	for _, g := range []release.Gate{{Stage: workflows.GA, Half: release.Ready}, {Stage: workflows.GA, Half: release.Done}} {
		for i := range map[release.Half]int{release.Ready: 28, release.Done: 29}[g.Half] {
			item := release.Item{Key: fmt.Sprintf("item-%02d", i), Text: "it is so", Role: workflows.Roles()[i%9], Lead: 3}
			if i%3 == 0 {
				item.Binds = release.ToTree
			}
			g.Items = append(g.Items, item)
		}
		t.Gates = append(t.Gates, g)
	}
	return t
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// However many releases are read, what is kept of them takes no more memory than was set aside, and not much less than
// it is taken for.
func TestCacheIsBounded(t *testing.T) {
	for _, template := range []string{"simple", "sixty"} {
		t.Run(template, func(t *testing.T) {
			next := stock(t, template)
			before := heap()
			c := newCache(cacheBytes)
			for i := range 3_000 {
				c.put(workflows.StreamOf(release.Room, fmt.Sprintf("app@%d.0", i)), next())
				if c.weight > cacheBytes {
					t.Fatalf("%d bytes are kept", c.weight)
				}
			}
			took := heap() - before
			t.Logf("%d states of %d bytes of text, taken for %d bytes, take %d", len(c.states), next().text, c.weight, took)
			if took > cacheBytes || took < cacheBytes/3 {
				t.Errorf("they take %d bytes, %d are set aside", took, cacheBytes)
			}
			runtime.KeepAlive(c)
		})
	}
}

// The books are right, whatever is put, offered and read in whatever order: the weight is that of what is there, never
// above the limit, and nothing older takes a newer one's place.
func TestCacheKeepsBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCache(20_000)
		newest := map[workflows.Stream]workflows.Revision{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			s := workflows.Stream(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, "stream"))
			v := cached{rev: workflows.Revision(rapid.IntRange(1, 5).Draw(t, "rev")), text: rapid.IntRange(0, 8_000).Draw(t, "text")}
			before, had := c.get(s)
			room := c.room(s, v, 0)
			if rapid.Bool().Draw(t, "put") {
				c.put(s, v)
			} else {
				kept := len(c.states)
				c.offer(s, v)
				if len(c.states) < kept-1 || !had && len(c.states) < kept {
					t.Fatal("an offer pushed something out")
				}
				if got, ok := c.get(s); (!had || before.rev <= v.rev) && (ok && got == v) != room {
					t.Fatalf("there is room: %t; taken: %t", room, ok)
				}
			}
			if got, ok := c.get(s); ok {
				if got.rev < newest[s] && had {
					t.Fatalf("%s went back to revision %d", s, got.rev)
				}
				newest[s] = got.rev
			}
			sum := 0
			for _, v := range c.states {
				sum += v.weight()
			}
			if sum != c.weight || sum > c.limit {
				t.Fatalf("weighs %d, the books say %d of %d", sum, c.weight, c.limit)
			}
		}
	})
}

// Whoever walks over everything does not push out what people are working on, nor all that was walked over before.
func TestWalksLeaveTheCacheAlone(t *testing.T) {
	h := newHouse(t)
	for i := range 60 {
		id := workflows.ReleaseID(fmt.Sprintf("app@%d.0", i))
		h.must(h.ask("ana", "", release.New{ID: id, Risk: policy.Low, Target: monday.Add(24 * time.Hour)}))
	}
	hot := workflows.StreamOf(release.Room, "app@7.0")
	h.cache = newCache(60_000) // some ten of them
	walks := map[string]func(){
		"todo": func() {
			if all, err := h.Todo(context.Background(), "ana", h.now); err != nil || len(all) < 60 {
				t.Fatalf("%d entries, %v", len(all), err)
			}
		},
		"the channels' reminder": func() { h.comesDue(calendar.Readiness, "") },
		"a digest":               func() { h.comesDue(calendar.Digest, "zoe") },
	}
	for name, walk := range walks {
		h.release("app@7.0")
		walk()
		first := map[workflows.Stream]bool{}
		for s := range h.cache.states {
			first[s] = true
		}
		walk()
		if _, ok := h.cache.get(hot); !ok {
			t.Errorf("%s pushed out what was worked on", name)
		}
		for s := range first {
			if _, ok := h.cache.get(s); !ok {
				t.Errorf("%s pushed out %s, which it had read", name, s)
			}
		}
		if len(first) < 5 {
			t.Errorf("%s kept %d", name, len(first))
		}
		h.must(h.ask("ana", "app@7.0", release.Sign{Items: []string{"tests"}, Note: name})) // takes its place all the same
		if c, ok := h.cache.get(hot); !ok || c.rev != h.head(hot) {
			t.Errorf("what was just changed is not kept")
		}
	}
}

// comesDue lets a schedule come due.
func (h *house) comesDue(kind string, who workflows.PersonID) {
	h.Helper()
	for _, s := range h.rules.Load().schedules(h.book0()) {
		if s.Kind == kind && s.Person == who {
			h.must(h.machine("clock", "", calendar.Due{Schedule: s, At: h.now}))
		}
	}
}

// head is how many events a stream holds.
func (h *house) head(stream workflows.Stream) (rev workflows.Revision) {
	h.Helper()
	err := h.store.View(context.Background(), func(tx *storage.Tx) (err error) {
		rev, err = tx.Head(stream)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return rev
}
