package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// check holds everything to the ledger.
func (m *model) check(t *rapid.T) {
	m.news(t)
	m.inOrder(t)
	m.folds(t)
	w := m.world()
	if len(w.wrong) > 0 {
		t.Fatalf("the ledger says what must never be: %v", w.wrong)
	}
	x := w.under(m.cfg.Book.Hash, m.judged())
	for _, r := range w.releases {
		if r.must != "" {
			t.Fatalf("%s had to be raised to %s and was not", r.id, r.must)
		}
		m.agrees(t, x, r)
	}
	m.waiting(t, x)
	if len(m.early) > 0 {
		t.Fatalf("sent before it was on record: %v", m.early)
	}
	m.atMostOnce(t)
}

// now of the desk is never before the ledger's.
func (m *model) judged() time.Time {
	if n := len(m.seen); n > 0 && m.seen[n-1].At.After(m.now) {
		return m.seen[n-1].At
	}
	return m.now
}

// inOrder: numbers without gaps, times that never fall, kinds that can be read.
func (m *model) inOrder(t *rapid.T) {
	for i, r := range m.seen {
		if int(r.Seq) != i+1 {
			t.Fatalf("event %d stands at %d", r.Seq, i+1)
		}
		if i > 0 && r.At.Before(m.seen[i-1].At) {
			t.Fatalf("event %d is from before the one before it", r.Seq)
		}
		if r.Stream == "" { // the desk's own
			continue
		}
		if _, err := decode(r.Stream, r.Kind, r.Data); err != nil {
			t.Fatal(err)
		}
	}
}

// fold is a stream as the test folds it: every state it ever had, and what each read when it was made.
type fold struct {
	states []any
	texts  []string
}

// folds: the state in the cache, a state loaded without one, and the fold from the beginning are the same.
func (m *model) folds(t *rapid.T) {
	fresh, touched := New(m.store, m.repo, m.cfg), map[workflows.Stream]bool{}
	for _, r := range m.seen[m.folded:] {
		if r.Stream == "" {
			continue
		}
		room := rooms[r.Stream.Room()]
		f := m.fold[r.Stream]
		if f == nil {
			f = &fold{[]any{room.zero}, []string{text(room.zero)}}
			m.fold[r.Stream] = f
		}
		e, err := recorded(r)
		if err != nil {
			t.Fatal(err)
		}
		next := room.evolve(f.states[len(f.states)-1], e)
		f.states, f.texts = append(f.states, next), append(f.texts, text(next))
		touched[r.Stream] = true
	}
	m.folded = len(m.seen)
	for stream := range touched {
		loaded, kept := m.reads(t, "loaded", fresh, stream), m.reads(t, "cached", m.desk, stream)
		if loaded.text != kept.text || loaded.text == 0 {
			t.Fatalf("%s is taken for %d bytes of text, it is %d", stream, kept.text, loaded.text)
		}
	}
	for stream := range m.fold {
		m.reads(t, "cached", m.desk, stream)
	}
}

// reads compares a stream as a desk has it with the test's own fold.
func (m *model) reads(t *rapid.T, how string, d *Desk, stream workflows.Stream) (got cached) {
	err := m.store.View(t.Context(), func(tx *storage.Tx) (err error) {
		got, err = d.load(tx, stream, 0)
		return err
	})
	f := m.fold[stream]
	head := len(f.states) - 1
	if err != nil || int(got.rev) != head || text(got.state) != f.texts[head] {
		t.Fatalf("%s %s: %v, revision %d of %d\n%s\n%s", stream, how, err, got.rev, head, text(got.state), f.texts[head])
	}
	return got
}

// keptApart: no later event changed what was recorded before it, or a state that was given out before it.
func (m *model) keptApart(t *rapid.T) {
	all, err := ledgerOf(m.store, 0)
	if err != nil || len(all) != len(m.seen) {
		t.Fatalf("the ledger holds %d events, %d were seen (%v)", len(all), len(m.seen), err)
	}
	for i, r := range m.seen {
		if r.Header != all[i].Header || r.Kind != all[i].Kind || string(r.Data) != string(all[i].Data) {
			t.Fatalf("event %d changed from %+v to %+v", i+1, r, all[i])
		}
	}
	for stream, f := range m.fold {
		for i, s := range f.states {
			if text(s) != f.texts[i] {
				t.Fatalf("%s: a later event changed the state at %d", stream, i)
			}
		}
	}
}

// world is the ledger read as far as it was seen.
func (m *model) world() *world {
	for ; m.replayed < len(m.seen); m.replayed++ {
		m.last.read(m.seen[m.replayed])
	}
	return m.last
}

func text(state any) string {
	b, err := json.Marshal(state)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// agrees: what a release reads is what the ledger alone says, item by item.
func (m *model) agrees(t *rapid.T, x eye, want *told) {
	got, err := m.desk.Release(t.Context(), workflows.Selectors{Release: want.id}, "")
	if err != nil {
		t.Fatal(err)
	}
	viewer, err := m.desk.Who(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if got.Passed != want.passed || (got.Held != nil) != want.held || got.Cancelled != want.cancelled || len(got.Gates) != len(want.gates) {
		t.Fatalf("%s: %d of %d gates passed, held %v, cancelled %t; the ledger says %d of %d, %t, %t", want.id, got.Passed, len(got.Gates), got.Held,
			got.Cancelled, want.passed, len(want.gates), want.held, want.cancelled)
	}
	if string(got.Risk) != want.risk || string(got.Manager) != want.manager {
		t.Fatalf("%s: risk %s, managed by %s; the ledger says %s, %s", want.id, got.Risk, got.Manager, want.risk, want.manager)
	}
	for n, g := range got.Gates {
		v := release.CheckGate(got, g, viewer.Book, x.now)
		if len(v.Items) != len(want.gates[n].Items) {
			t.Fatalf("%s asks %d items in %s; by the ledger %d", want.id, len(v.Items), g.Key(), len(want.gates[n].Items))
		}
		for i, s := range v.Items {
			how := x.how(want, want.gates[n], want.gates[n].Items[i])
			if how.state != string(s.State) || want.gates[n].Items[i].Key != s.Item.Key {
				t.Fatalf("%s %s reads %s (%s %s); by the ledger %+v\nvotes %+v\nwaivers %+v", want.id, s.Full(), s.State, s.Reason, s.Why, how, x.onItem(want, s.Full()), want.waivers)
			}
		}
	}
	if open := release.Check(got, viewer.Book, x.now).Go && got.Held == nil; open != x.opens(want) {
		t.Fatalf("%s reads GO: %t; by the ledger the next gate opens: %t", want.id, open, !open)
	}
	m.staleness(t, x.world, want, got)
}

// staleness: exactly the votes whose bound content is another by now are stale.
func (m *model) staleness(t *rapid.T, w *world, want *told, got release.Release) {
	binds := map[string]string{}
	for _, g := range want.gates {
		for _, i := range g.Items {
			binds[g.Stage+"."+g.Half+"/"+i.Key] = i.Binds
		}
	}
	for _, v := range got.Votes {
		at := slices.IndexFunc(want.votes, func(o voteTold) bool {
			return o.Item == v.Item && o.Machine == string(v.Machine) && o.By == string(v.By)
		})
		if at < 0 {
			t.Fatalf("%s: a vote of %s on %s is not in the ledger", want.id, v.By, v.Item)
		}
		told := want.votes[at]
		if _, asked := want.item(v.Item); !told.vouches() || !asked {
			continue // such a vote vouches for nothing
		}
		if fresh := w.fresh(want, told, binds[v.Item]); got.Fresh(v) != fresh {
			t.Fatalf("%s: the vote of %s%s on %s reads fresh: %t; by content: %t", want.id, v.By, v.Machine, v.Item, !fresh, fresh)
		}
	}
}

// shown counts the messages of each delivery that are seen somewhere.
func (m *model) shown() map[string]int {
	out := map[string]int{}
	for _, place := range m.places() {
		for _, s := range m.fake.Shows(place) {
			d := m.sent[s.Keys[0]]
			what := fmt.Sprintf("%s %d %s", d.What, d.Seq, place)
			switch {
			case d.Slot != "":
				what = d.Slot + " " + string(place)
			case d.Seq == 0: // a digest: one a day and person
				what = fmt.Sprintf("%s %s %s", d.What, place, d.ID)
			}
			out[what]++
		}
	}
	return out
}

func (m *model) places() []workflows.Place {
	seen := map[workflows.Place]bool{}
	var out []workflows.Place
	for _, p := range m.fake.Got() {
		if !seen[p.Place] {
			seen[p.Place] = true
			out = append(out, p.Place)
		}
	}
	return out
}

// atMostOnce: one card a channel, and each piece of news once.
func (m *model) atMostOnce(t *rapid.T) {
	for what, n := range m.shown() {
		if n > 1 {
			t.Fatalf("%s is there %d times", what, n)
		}
	}
	queue, err := queueOf(m.store)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range queue {
		if p.State != storage.Dead {
			continue
		}
		m.faults = true
		if !strings.Contains(p.Err, "archived") && p.Attempt < 8 { // refused for good, or too often
			t.Fatalf("%s to %s could not be sent: %s", p.What, p.Place, p.Err)
		}
	}
}

// everythingSaid: in the end every card is there, and every piece of news, unless its platform refused it for good.
func (m *model) everythingSaid(t *rapid.T) {
	if m.faults {
		return
	}
	shown := m.shown()
	for _, r := range m.world().releases {
		for _, place := range r.places {
			if card := "card/release/" + r.id + " " + place; shown[card] != 1 {
				t.Fatalf("%s is there %d times in the end", card, shown[card])
			}
		}
		for _, a := range r.announced {
			for _, place := range a.places {
				if what := fmt.Sprintf("%s %d %s", a.what, a.seq, place); shown[what] != 1 {
					t.Fatalf("%s of %s is there %d times in the end", what, r.id, shown[what])
				}
			}
		}
	}
}

// drawOutcome is what the platform does with a post.
func (m *model) drawOutcome(t *rapid.T) chattest.Outcome {
	switch rapid.IntRange(0, 9).Draw(t, "outcome") {
	case 0, 1:
		return chattest.Retry(time.Duration(rapid.IntRange(0, 3).Draw(t, "minutes")) * time.Minute)
	case 2, 3:
		return chattest.Unclear(true)
	case 4, 5:
		return chattest.Unclear(false)
	case 6:
		m.faults = true
		return chattest.Fatal()
	default:
		return chattest.Arrives()
	}
}

// pick draws one of some.
func pick[T any](t *rapid.T, what string, from ...T) T { return rapid.SampledFrom(from).Draw(t, what) }

// once draws whether something happens that does so once in a few times.
func once(t *rapid.T, what string, in int) bool { return rapid.IntRange(1, in).Draw(t, what) == in/2+1 }

// some draws a part of them.
func some[T any](t *rapid.T, what string, from []T) []T {
	var out []T
	for i, x := range from {
		if rapid.Bool().Draw(t, fmt.Sprint(what, i)) {
			out = append(out, x)
		}
	}
	return slices.Clip(out)
}
