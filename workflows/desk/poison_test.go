package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// openFlags gives a release with flags of every kind: off, part, all, killed.
func openFlags(t testing.TB) *house {
	h := newHouse(t)
	h.ships("app@1.0", "aaaaaaaa")
	for key, percent := range map[workflows.FlagKey]int{"off": 0, "part": 30, "most": 99, "all": 100, "dead": 50} {
		h.must(h.ask("ana", "app@1.0", flag.New{Key: key}))
		if percent > 0 {
			h.turn(key, flag.Set{Percent: percent})
			h.turn(key, flag.Set{Percent: 100 - percent, Env: "staging"})
		}
	}
	h.now = h.now.Add(time.Minute)
	h.turn("dead", flag.Kill{Note: "errors"})
	return h
}

// turn carries out a wish about a flag, pressing its question if there is one.
func (h *house) turn(key workflows.FlagKey, wish workflows.Intent) {
	h.Helper()
	a := h.ask("ana", "", wish)
	a.On = workflows.Selectors{Flag: string(key)}
	if got, err := h.do(a); err == nil && got.Confirm != nil {
		h.must(press(a, a.ID+"-press", got.Confirm.Key))
	} else if err != nil && refusalOf(err).Reason != workflows.Unchanged {
		h.Fatal(err)
	}
}

// evaluations are what a number of users get of every flag in every environment.
func evaluations(t testing.TB, d *Desk) map[string]flag.Evaluation {
	t.Helper()
	out := map[string]flag.Evaluation{}
	for _, env := range []workflows.Environment{"", "staging", "production"} {
		for _, key := range []workflows.FlagKey{"off", "part", "most", "all", "dead"} {
			for user := range 20 {
				target := ""
				if user > 0 {
					target = fmt.Sprint("user-", user)
				}
				e, err := d.Evaluate(env, key, target)
				if err != nil {
					t.Fatal(err)
				}
				out[fmt.Sprintf("%s %s %s", env, key, target)] = e
			}
		}
	}
	return out
}

// stale is the same evaluations, marked.
func stale(in map[string]flag.Evaluation) map[string]flag.Evaluation {
	out := map[string]flag.Evaluation{}
	for k, e := range in {
		e.Stale = true
		out[k] = e
	}
	return out
}

// A store that nobody can vouch for decides nothing and flips nothing; flags are served as they last stood for certain,
// and each answer says so.
func TestFlagsUnderPoison(t *testing.T) {
	for _, happened := range []bool{true, false} {
		t.Run(fmt.Sprint("the lost commit happened: ", happened), func(t *testing.T) {
			h := openFlags(t)
			before := evaluations(t, h.Desk)
			for k, e := range before {
				if e.Stale || !e.AsOf.Equal(h.now) {
					t.Fatalf("%s: %+v", k, e)
				}
			}
			if err := h.Poisoned(); err != nil {
				t.Fatal(err)
			}
			set, size := h.FlagSet()
			h.now = h.now.Add(time.Hour)
			h.engine.Lose(happened)
			kill := h.ask("ben", "", flag.Kill{Note: "errors"})
			kill.On.Flag = "all"
			h.refuses(kill, workflows.NotSaved)
			flip := h.ask("ana", "", flag.Set{Percent: 1})
			flip.On.Flag = "off"
			for _, a := range []workflows.Ask{flip, kill, h.ask("ana", "app@1.0", release.Sign{Items: []string{"watch"}}),
				h.ask("ben", "app@1.0", notes.Draft{}), h.ask("zoe", "app@1.0", release.Advance{})} {
				h.refuses(a, workflows.NotSaved)
			}
			if err := h.Reload(t.Context(), signedBy("mia"), h.now); refusalOf(err) == nil {
				t.Errorf("a configuration came into force on a store that nobody can vouch for: %v", err)
			}
			if diff := cmp.Diff(stale(before), evaluations(t, h.Desk)); diff != "" {
				t.Error(diff)
			}
			if again, at := h.FlagSet(); string(again) != string(set) || at != size {
				t.Errorf("the set became another: %s", again)
			}
			err := h.Poisoned()
			if lost := new(storage.Unknown); !errors.As(err, &lost) || !strings.Contains(err.Error(), "2026-01-05T10:01:00Z") {
				t.Errorf("poisoned: %v", err)
			}
			h.restart()
			after := evaluations(t, h.Desk)
			if e := after["production all user-1"]; e.Stale || e.Value == happened || h.Poisoned() != nil {
				t.Errorf("after the restart: %+v, %v", e, h.Poisoned())
			}
		})
	}
}

// Whoever else lost a commit, the desk's answers say so at once: it need not have been told.
func TestPoisonedBySomebodyElse(t *testing.T) {
	h := openFlags(t)
	before := evaluations(t, h.Desk)
	h.engine.Lose(true)
	err := h.store.Update(t.Context(), func(tx *storage.Tx) error { return tx.PutRow("other", "row", nil, time.Time{}) })
	if err == nil {
		t.Fatal("nothing was lost")
	}
	if diff := cmp.Diff(stale(before), evaluations(t, h.Desk)); diff != "" || h.Poisoned() == nil {
		t.Error(diff)
	}
	v, err := h.Who(t.Context(), "chat/ana") // the configuration says who she is
	if err != nil || v.Person.ID != "ana" || !v.Inside(h.now) {
		t.Errorf("%+v, %v", v.Person, err)
	}
	v, err = h.Who(t.Context(), "chat/nobody")
	if err != nil || v.Known {
		t.Errorf("%+v, %v", v.Person, err)
	}
}

// Who belongs here by a roster alone is nobody while rosters cannot be read.
func TestRostersGrantNothingUnderPoison(t *testing.T) {
	h := newHouse(t, crewed)
	h.roster(monday, "chat/G7", "chat/ben")
	if v, err := h.Who(t.Context(), "chat/G7"); err != nil || !v.Inside(monday) {
		t.Fatalf("%+v, %v", v, err)
	}
	h.engine.Lose(false)
	h.refuses(h.ask("ana", "", release.New{ID: "app@1.0"}), workflows.NotSaved)
	for who, known := range map[workflows.Handle]bool{"chat/G7": false, "chat/ben": true} {
		if v, err := h.Who(t.Context(), who); err != nil || v.Known != known || v.Inside(monday) {
			t.Errorf("%s: known %t, inside %t, %v", who, v.Known, v.Inside(monday), err)
		}
	}
}

// A desk without a store serves the flags that were kept, marked, and nothing else.
func TestFrozen(t *testing.T) {
	h := openFlags(t)
	before := evaluations(t, h.Desk)
	set, size := h.FlagSet()
	why := errors.New("the database was lost")
	d, err := Frozen(set, why, h.cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stale(before), evaluations(t, d)); diff != "" {
		t.Error(diff)
	}
	if again, at := d.FlagSet(); string(again) != string(set) || at != size {
		t.Error("it gives another set than it was given")
	}
	if err := d.Poisoned(); !errors.Is(err, why) {
		t.Errorf("poisoned: %v", err)
	}
	if v, err := d.Who(t.Context(), "chat/ana"); err != nil || !v.Inside(h.now) {
		t.Errorf("%+v, %v", v, err)
	}
	for name, want := range map[string]bool{"app": true, "nosuch": false} {
		if got, err := d.IsProduct(t.Context(), name); err != nil || got != want {
			t.Errorf("%s is a product: %t, %v", name, got, err)
		}
	}
	for name, use := range uses(h, d) {
		no := refusalOf(use(t.Context()))
		if no == nil || no.Reason != StoreClosed || no.Why == "" || len(no.Who) == 0 || len(no.Next) == 0 {
			t.Errorf("%s: %v", name, no)
		}
	}
}

// uses are all that a desk can be asked beside what applications ask.
func uses(h *house, d *Desk) map[string]func(context.Context) error {
	dry := h.ask("ana", "app@1.0", release.HoldOn{Why: "errors"})
	dry.Dry = true
	out := map[string]func(context.Context) error{
		"release": func(ctx context.Context) error {
			_, err := d.Release(ctx, workflows.Selectors{}, "chat/#app")
			return err
		},
		"rows":  func(ctx context.Context) error { _, err := d.Rows(ctx, release.KeyOpen); return err },
		"facts": func(ctx context.Context) error { _, err := d.Facts(ctx, "chat/ana", "", "app@1.0", h.now); return err },
		"diff": func(ctx context.Context) error {
			_, err := d.Diff(ctx, release.Release{ID: "app@1.0"}, "a", "b")
			return err
		},
		"notes": func(ctx context.Context) error { _, err := d.Notes(ctx, "app@1.0"); return err },
		"brief": func(ctx context.Context) error { _, err := d.Briefing(ctx, "app@1.0"); return err },
		"flag":  func(ctx context.Context) error { _, err := d.Flag(ctx, "all"); return err },
		"flags": func(ctx context.Context) error { _, err := d.Flags(ctx, ""); return err },
		"todo":  func(ctx context.Context) error { _, err := d.Todo(ctx, "ana", h.now); return err },
		"pending": func(ctx context.Context) error {
			_, _, err := d.Pending(ctx, "k3f9")
			return err
		},
		"event":     func(ctx context.Context) error { _, err := d.Event(ctx, 1); return err },
		"reminders": func(ctx context.Context) error { _, err := d.Reminders(ctx, "ana"); return err },
		"reload":    func(ctx context.Context) error { return d.Reload(ctx, h.cfg, h.now) },
	}
	for name, a := range map[string]workflows.Ask{"a vote": h.ask("ana", "app@1.0", release.Sign{Items: []string{"watch"}}), "a look": h.ask("ben", "app@1.0", notes.Draft{}),
		"a new one": h.ask("ana", "", release.New{ID: "app@2.0"}), "a dry run": dry, "a machine": h.machine("clock", "", release.Tick{})} {
		out[name] = func(ctx context.Context) error { _, err := d.Do(ctx, a); return err }
	}
	return out
}

// What was kept of the flags is served whole or not at all.
func TestFrozenRefusesDamage(t *testing.T) {
	h := openFlags(t)
	set, _ := h.FlagSet()
	rapid.Check(t, func(t *rapid.T) {
		bad := slices.Clone(set)
		bad[rapid.IntRange(0, len(set)-1).Draw(t, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if d, err := Frozen(bad[:rapid.IntRange(0, len(bad)).Draw(t, "length")], errors.New("lost"), h.cfg); err == nil || d != nil {
			t.Fatalf("served: %s", bad)
		}
	})
}

// A record that is not what was written ends all use as soon as somebody meets it: nothing is decided any more, and flags
// are served as they stood.
func TestADamagedRecordIsTheEnd(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Ref: "dddddddd"}))
	h.must(h.ask("ana", "app@1.0", flag.New{Key: "search", Why: "dark first"}))
	err := h.engine.Update(context.Background(), func(w storage.Writer) error {
		return w.Put([]byte("e\x00\x00\x00\x00\x00\x00\x00\x02"), []byte("torn"))
	})
	ok(t, err)
	if err := h.Poisoned(); err != nil {
		t.Fatalf("nobody met it yet: %v", err)
	}
	if _, err := h.Event(context.Background(), 2); refusalOf(err) == nil || refusalOf(err).Reason != StoreDamaged {
		t.Errorf("read: %v", err)
	}
	h.refuses(h.ask("ana", "app@1.0", release.Sign{Items: []string{"way-back"}}), StoreDamaged)
	if h.Poisoned() == nil {
		t.Error("health does not show it")
	}
	if e, err := h.Evaluate("production", "search", "user-1"); err != nil || !e.Stale {
		t.Errorf("the flag: %+v, %v", e, err)
	}
}
