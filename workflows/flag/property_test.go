package flag

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

var environments = []workflows.Environment{"staging", "production"}

func drawPercents(t *rapid.T) map[workflows.Environment]int {
	return rapid.MapOf(rapid.SampledFrom(environments), rapid.IntRange(-5, 105)).Draw(t, "percents")
}

func drawWish(t *rapid.T) Wish {
	switch rapid.IntRange(0, 9).Draw(t, "verb") {
	case 0:
		return New{Key: "invoices", Release: "app@invoices"}
	case 1:
		return Kill{Note: rapid.SampledFrom([]string{"", "errors"}).Draw(t, "note")}
	case 2:
		return Expire{On: noon.AddDate(0, 0, rapid.IntRange(-1, 3).Draw(t, "days")), Never: rapid.Bool().Draw(t, "never")}
	case 3, 4:
		return SetBack{Percents: drawPercents(t)}
	default:
		return Set{
			Env:     rapid.SampledFrom([]workflows.Environment{"", "staging", "production", "moon"}).Draw(t, "env"),
			Percent: rapid.OneOf(rapid.SampledFrom([]int{0, 100}), rapid.IntRange(-1, 101)).Draw(t, "percent"),
		}
	}
}

// In every sequence of wishes, under every standing: users never get more than the gates allow, a set back never
// raises, a kill leaves nothing on, no decision and no fold changes its input, and the state survives JSON.
func TestEverySequence(t *testing.T) {
	reaches := []workflows.Reach{workflows.ReachNobody, workflows.ReachSome, workflows.ReachEveryone, workflows.ReachSmaller, ""}
	rapid.Check(t, func(t *rapid.T) {
		f, _, err := apply(Flag{}, New{Key: "invoices", Release: "app@invoices"}, facts(workflows.ReachNobody))
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			fc := facts(rapid.SampledFrom(reaches).Draw(t, "reach"))
			fc.Basis = workflows.Basis{Said: rapid.Bool().Draw(t, "pressed"), Revision: rapid.Uint64Range(0, 5).Draw(t, "basis")}
			w := drawWish(t)
			before := deepCopy(t, f)
			after, events, err := apply(f, w, fc)
			if diff := cmp.Diff(before, f); diff != "" {
				t.Fatalf("%+v changed its input: %s", w, diff)
			}
			var no *workflows.Refusal
			if err != nil && (!errors.As(err, &no) || len(events) > 0) {
				t.Fatalf("%+v: %v", w, err)
			}
			if diff := cmp.Diff(after, deepCopy(t, after)); diff != "" {
				t.Fatalf("does not survive JSON: %s", diff)
			}
			checkStep(t, f, after, w, fc)
			f = after
		}
	})
}

func checkStep(t *rapid.T, before, after Flag, w Wish, fc Facts) {
	was, is := before.Percents["production"], after.Percents["production"]
	allowed := map[workflows.Reach]int{workflows.ReachSome: 99, workflows.ReachEveryone: 100}[fc.Standing.Reach]
	if is > was && is > allowed {
		t.Fatalf("%+v under %q: %d to %d", w, fc.Standing.Reach, was, is)
	}
	for _, env := range environments {
		if p, listed := after.Percents[env]; listed && (p < 1 || p > 100) {
			t.Fatalf("%+v: %s at %d", w, env, p)
		}
		if _, back := w.(SetBack); back && after.Percents[env] > before.Percents[env] {
			t.Fatalf("%+v raised %s", w, env)
		}
	}
	if after.Killed != nil && len(after.Percents) > 0 {
		t.Fatalf("killed, and on: %+v", after)
	}
	if line, ok := Undo(before, after, w); ok && line == "" {
		t.Fatal("an empty undo")
	}
}

func deepCopy(t *rapid.T, f Flag) Flag {
	raw, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var out Flag
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// A fold of any event on any flag leaves the flag that went in as it was.
func TestEvolveClones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Flag{Key: "invoices", Percents: rapid.MapOf(rapid.SampledFrom(environments), rapid.IntRange(1, 100)).Draw(t, "is")}
		if rapid.Bool().Draw(t, "killed") {
			f.Killed = &Stop{Note: "errors"}
		}
		before := deepCopy(t, f)
		e := rapid.SampledFrom([]workflows.Event{
			Created{Key: "other"}, Turned{Env: "production", To: 1}, Turned{Env: "staging"}, Killed{Note: "x"}, Dated{To: noon},
			Reverted{To: map[workflows.Environment]int{"production": 0, "staging": 3}},
		}).Draw(t, "event")
		Evolve(f, workflows.Recorded{Event: e, Header: workflows.Header{Revision: 7, At: noon.Add(time.Hour)}})
		if len(before.Percents) == 0 {
			before.Percents = f.Percents // JSON does not tell an empty map from none
		}
		if diff := cmp.Diff(before, f); diff != "" {
			t.Fatalf("%T: %s", e, diff)
		}
	})
}
