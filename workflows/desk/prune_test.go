package desk

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// actPrune forgets at any time, as much as can be: nobody who asks about a release in full, or about an open one, is
// answered anything else, and the ledger is the same. What is decided from here on is held to the ledger by the checks.
func (m *model) actPrune(t *rapid.T) {
	k := Keep{Sent: pick(t, "sent", time.Nanosecond, 10*time.Minute, 0), Closed: pick(t, "closed", time.Nanosecond, time.Hour)}
	if once(t, "answers", 3) { // an ask that is sent again after that is another one
		k.Answers, m.asked = time.Nanosecond, nil
	}
	before, ledger := m.readable(t), bytesOfLedger(t, m.engine)
	if _, err := m.desk.Prune(t.Context(), m.now, k); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, m.readable(t)); diff != "" {
		t.Fatalf("pruning changed what is read (-before +after):\n%s", diff)
	}
	if ledger != bytesOfLedger(t, m.engine) {
		t.Fatal("pruning changed the ledger")
	}
}

// readable is what readers are told of each release by its whole name, and of the open ones by any way.
func (m *model) readable(t *rapid.T) map[string]string {
	out, ctx := map[string]string{}, t.Context()
	keep := func(what string, v any, err error) {
		if err != nil {
			t.Fatal(what, err)
		}
		out[what] = text(v)
	}
	for _, id := range slices.Sorted(maps.Keys(m.world().releases)) {
		id := workflows.ReleaseID(id)
		r, err := m.desk.Release(ctx, workflows.Selectors{Release: string(id)}, "")
		keep(fmt.Sprint(id), r, err)
		n, err := m.desk.Notes(ctx, id)
		keep(fmt.Sprint(id, " notes"), n, err)
		b, err := m.desk.Briefing(ctx, id)
		keep(fmt.Sprint(id, " briefing"), b, err)
		said, err := m.desk.Feedback(ctx, id)
		keep(fmt.Sprint(id, " feedback"), said, err)
		f, err := m.desk.Flags(ctx, id)
		keep(fmt.Sprint(id, " flags"), f, err)
		facts, err := m.desk.Facts(ctx, "chat/ana", "chat/#app", id, m.now)
		keep(fmt.Sprint(id, " facts"), []any{facts.Base, facts.Bound, facts.Selector, facts.Flags, facts.Twin}, err)
		if !r.Over() {
			r, err = m.desk.Release(ctx, workflows.Selectors{Release: fmt.Sprint(r.Number)}, "")
			keep(fmt.Sprint(id, " by number"), r, err)
		}
	}
	for id := range m.cfg.Book.People {
		entries, err := m.desk.Todo(ctx, id, m.now)
		keep(fmt.Sprint("todo of ", id), entries, err)
	}
	rows, err := m.desk.Rows(ctx, release.KeyOpen)
	keep("open", rows, err)
	return out
}

// tb is the part of testing.TB that rapid has as well.
type tb interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
}

// bytesOfLedger is a digest of every record of the ledger.
func bytesOfLedger(t tb, e storage.Engine) string {
	t.Helper()
	sum := sha256.New()
	each(t, e, func(k, v []byte) {
		if strings.IndexByte("es", k[0]) >= 0 {
			_, _ = fmt.Fprintf(sum, "%d %d %s%s", len(k), len(v), k, v)
		}
	})
	return string(sum.Sum(nil))
}

// counted counts the records of each table.
func counted(t tb, e storage.Engine) map[string]int {
	t.Helper()
	out := map[string]int{}
	each(t, e, func(k, _ []byte) { out[string(k[:1])]++ })
	return out
}

func each(t tb, e storage.Engine, fn func(k, v []byte)) {
	t.Helper()
	err := e.View(t.Context(), func(r storage.Reader) error {
		return r.Scan(storage.Range{}, func(k, v []byte) (bool, error) {
			fn(k, v)
			return true, nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ship takes a release of low risk from its beginning to its end.
func (r *house) ship(id workflows.ReleaseID, ref string) {
	r.Helper()
	r.must(r.ask("ana", "", release.New{ID: id, Risk: "low", Ref: ref, Why: "small"}))
	r.must(r.ask("ana", id, notes.Draft{}))
	for _, gate := range r.release(id).Gates {
		for _, item := range gate.Items {
			r.must(r.ask("ana", id, release.Sign{Items: []string{gate.Full(item)}}))
		}
		if a := r.ask("ana", id, release.Advance{}); gate.Opens() {
			r.confirmed(a)
		} else {
			r.must(a)
		}
	}
}

func (r *house) prune(k Keep) Pruned {
	r.Helper()
	got, err := r.Prune(context.Background(), r.now, k)
	if err != nil {
		r.Fatal(err)
	}
	return got
}

func (r *house) whole() {
	r.Helper()
	if lines, _, err := findings(r.store); err != nil || len(lines) > 0 {
		r.Fatalf("%v, %s", err, strings.Join(lines, "\n"))
	}
}

// deliver sends whatever is due but wake-ups, which are heard.
func (r *house) deliver() {
	r.Helper()
	for {
		claims, err := r.store.Claim(context.Background(), r.now, r.now.Add(time.Minute), 100)
		if err != nil {
			r.Fatal(err)
		}
		for _, c := range claims {
			o := storage.Outcome{Result: storage.Sent, At: r.now, Message: "m" + c.ID}
			if c.What == "history" {
				o.Result = storage.Failed
			}
			if err := r.store.Settle(context.Background(), c, o); err != nil {
				r.Fatal(err)
			}
		}
		if len(claims) == 0 {
			return
		}
	}
}

// A year of weekly releases: what is kept beside the ledger does not grow from some day on, and the ledger does.
func TestAYear(t *testing.T) {
	h := newHouse(t)
	day := 24 * time.Hour
	var early map[string]int
	for week := 1; week <= 52; week++ {
		h.ship(workflows.ReleaseID(fmt.Sprintf("shop@%d.0", week)), "aaaaaaaa")
		h.deliver()
		for range 7 {
			h.now = h.now.Add(day)
			h.prune(Keep{Answers: 7 * day, Sent: 14 * day, Closed: 28 * day})
		}
		if week == 26 {
			early = counted(t, h.engine)
		}
	}
	late := counted(t, h.engine)
	for _, table := range []string{"y", "f", "c", "a", "r", "d", "q", "w", "x", "n"} {
		if late[table] > early[table] {
			t.Errorf("table %s: %d records after half a year, %d after a year", table, early[table], late[table])
		}
	}
	if late["e"] <= early["e"] || late["y"] == 0 || late["a"] == 0 || late["x"] == 0 {
		t.Errorf("nothing was kept at all: %v", late)
	}
	h.whole()
}

// What is pruned goes on: found by its name, not to be made anew, taken back, and back in the lists then.
func TestPrunedReleasesLive(t *testing.T) {
	h := newHouse(t)
	for i, id := range []workflows.ReleaseID{"shop@0", "shop@1", "shop@2", "shop@3"} {
		h.ship(id, refs[i])
		h.now = h.now.Add(time.Minute)
	}
	h.now = h.now.Add(time.Hour)
	if got := h.prune(Keep{Closed: time.Hour}); got.Releases != 2 {
		t.Fatalf("%d releases went: the first and the last in GA stay", got.Releases)
	}
	rows, err := h.Rows(context.Background(), release.KeyAll)
	if err != nil || len(rows) != 2 || rows[0].ID != "shop@0" || rows[1].ID != "shop@3" {
		t.Errorf("in the lists are %+v, %v", rows, err)
	}
	if r := h.release("shop@1"); r.Stage() != workflows.Closed || r.Number != 2 {
		t.Errorf("shop@1 is %s, with the number %d", r.Stage(), r.Number)
	}
	_, err = h.Release(context.Background(), workflows.Selectors{Release: "2"}, "")
	if no := refusalOf(err); no == nil || no.Reason != workflows.UnknownRelease {
		t.Errorf("the number of a pruned release: %v", err)
	}
	h.refuses(h.ask("ana", "", release.New{ID: "shop@1", Risk: "low"}), workflows.Exists)
	h.whole()
	base := func() (base string) {
		err := h.store.View(context.Background(), func(tx *storage.Tx) error {
			s, err := h.session(tx, h.rules.Load(), workflows.Ask{})
			if err != nil {
				return err
			}
			base, err = s.base("shop", "shop@9")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return base
	}
	// The author rule goes on from the last candidate in GA that users have, whatever was pruned.
	for i, id := range []workflows.ReleaseID{"shop@3", "shop@2", "shop@1"} {
		if got := base(); got != refs[3-i] {
			t.Errorf("before the rollback of %s the base is %s", id, got)
		}
		h.confirmed(h.ask("ana", id, release.RollBack{Why: "errors"}))
		if r := h.release(id); r.Stage() != workflows.Before || r.Held == nil {
			t.Errorf("%s is %s", id, r.Stage())
		}
	}
	if got := base(); got != refs[0] {
		t.Errorf("in the end the base is %s", got)
	}
	if rows, err := h.Rows(context.Background(), release.KeyAll); err != nil || len(rows) != 4 {
		t.Errorf("back in the lists are %d, %v", len(rows), err)
	}
	h.whole()
}

// A number that was pruned must not press on what only begins with it.
func TestANumberIsNoBeginning(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Products["17"] = Product{Repository: "repo"} })
	h.must(h.ask("ana", "", release.New{ID: "17@1.0", Risk: "low"}))
	h.refuses(h.ask("ana", "17", release.HoldOn{Why: "x"}), workflows.UnknownRelease)
	h.must(h.ask("ana", "17@", release.HoldOn{Why: "x"}))
}

// reads counts what of each table a store is read for.
type reads struct {
	storage.Engine
	n map[byte]int
}

type readsOf struct {
	storage.Writer
	n map[byte]int
}

func (e reads) Update(ctx context.Context, fn func(storage.Writer) error) error {
	return e.Engine.Update(ctx, func(w storage.Writer) error { return fn(readsOf{w, e.n}) })
}

func (r readsOf) Get(k []byte) ([]byte, error) {
	r.n[k[0]]++
	return r.Writer.Get(k)
}

func (r readsOf) Scan(in storage.Range, fn func(k, v []byte) (bool, error)) error {
	return r.Writer.Scan(in, func(k, v []byte) (bool, error) {
		r.n[k[0]]++
		return fn(k, v)
	})
}

// Pruning goes page by page: the end of the process after any of them harms nothing. With nothing to do it writes
// nothing, and reads no release.
func TestPruneByPages(t *testing.T) {
	h := newHouse(t)
	const all = 2*releasePage + 7
	for i := range all {
		id := workflows.ReleaseID(fmt.Sprintf("app@x%d.0", i))
		h.must(h.ask("ana", "", release.New{ID: id, Risk: "low"}))
		h.confirmed(h.ask("ana", id, release.Set{Cancelled: true, Note: "no"}))
	}
	h.now = h.now.Add(time.Hour)
	quiet := reads{h.engine.Engine, map[byte]int{}}
	h.engine.Engine = quiet
	h.unchanged("pruning what is not old", func() {
		if got := h.prune(Keep{Closed: time.Hour}); got != (Pruned{}) {
			t.Errorf("%+v went", got)
		}
	})
	if quiet.n['e']+quiet.n['s']+quiet.n['c'] > 0 || quiet.n['y'] > 1 {
		t.Errorf("with nothing to do it read %v", quiet.n)
	}
	h.engine.Engine = quiet.Engine
	before := bytesOfLedger(t, h.engine)
	n, more, err := h.pruneReleases(context.Background(), h.now)
	if n != releasePage || !more || err != nil {
		t.Fatal(n, more, err)
	}
	h.restart()
	h.whole()
	if got := h.prune(Keep{Closed: time.Minute}); got.Releases != all-1-releasePage {
		t.Errorf("then %d went", got.Releases)
	}
	if got := counted(t, h.engine); before != bytesOfLedger(t, h.engine) || got["y"] != 1 {
		t.Errorf("left are %v", got)
	}
	h.whole()
}
