package flag

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
)

var (
	noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	ana  = workflows.Actor{Person: "ana", Handle: "console/ana"}
)

// facts of an ordinary moment: app invoices stands in GA, nothing was pressed.
func facts(reach workflows.Reach) Facts {
	stage := map[workflows.Reach]workflows.Stage{
		workflows.ReachNobody: workflows.Before, workflows.ReachSome: workflows.Preview, workflows.ReachEveryone: workflows.GA,
	}[reach]
	return Facts{
		Now: noon, Actor: ana,
		Standing:     workflows.Standing{Release: "app@invoices", Number: 17, Stage: stage, Reach: reach, Where: "app invoices is somewhere"},
		Environments: []workflows.Environment{"staging", "production"},
	}
}

// apply decides and folds as the desk does.
func apply(f Flag, w Wish, facts Facts) (Flag, []workflows.Recorded, error) {
	events, err := Decide(f, w, facts)
	var recorded []workflows.Recorded
	for _, e := range events {
		r := workflows.Recorded{Event: e, Header: workflows.Header{
			Stream: workflows.StreamOf(Room, "invoices"), Revision: f.Revision + 1, At: facts.Now, By: facts.Actor}}
		f = Evolve(f, r)
		recorded = append(recorded, r)
	}
	return f, recorded, err
}

func invoices(t *testing.T, wishes ...Wish) Flag {
	t.Helper()
	f := Flag{}
	for _, w := range append([]Wish{New{Key: "invoices", Release: "app@invoices", Why: "dark launch"}}, wishes...) {
		var err error
		if f, _, err = apply(f, w, facts(workflows.ReachEveryone)); err != nil {
			t.Fatalf("%+v: %v", w, err)
		}
	}
	return f
}

func TestLife(t *testing.T) {
	want := Flag{Key: "invoices", Release: "app@invoices", Owner: "ana", Why: "dark launch", Created: noon,
		Expires: noon.Add(90 * 24 * time.Hour), Users: "production", Revision: 1}
	f := invoices(t)
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
	if f.Expired(noon.Add(Life-1)) || !f.Expired(noon.Add(Life)) {
		t.Error("a flag expires on its date, not before")
	}
	f = invoices(t, Set{Env: "staging", Percent: 100}, Set{Percent: 50}, Expire{Never: true})
	if f.Stands() != "production 50 %, staging 100 %" || f.Expired(noon.AddDate(50, 0, 0)) || f.Revision != 4 {
		t.Errorf("%s, %+v", f.Stands(), f)
	}
	f = invoices(t, Set{Percent: 50}, Kill{Note: "errors"})
	if f.Stands() != "off (killed)" || f.Killed.By != ana || f.Killed.Note != "errors" || f.Percents != nil {
		t.Errorf("%s, %+v", f.Stands(), f)
	}
	f = invoices(t, Set{Percent: 50}, Kill{Note: "errors"}, Set{Percent: 1})
	if f.Stands() != "production 1 %" || f.Killed != nil {
		t.Errorf("a set does not end a kill: %+v", f)
	}
}

func TestRefusals(t *testing.T) {
	half := invoices(t, Set{Percent: 50})
	killed := invoices(t, Kill{Note: "errors"})
	pressed := func(revision uint64) Facts {
		f := facts(workflows.ReachEveryone)
		f.Basis = workflows.Basis{Said: true, Revision: revision}
		return f
	}
	closed := facts(workflows.ReachEveryone)
	closed.Standing.Stage = workflows.Closed
	for name, c := range map[string]struct {
		flag   Flag
		wish   Wish
		facts  Facts
		reason workflows.Reason // empty: allowed
		why    string
	}{
		"nobody yet":           {invoices(t), Set{Percent: 1}, facts(workflows.ReachNobody), workflows.GateClosed, "until then only off"},
		"nobody, typed env":    {invoices(t), Set{Env: "production", Percent: 1}, facts(workflows.ReachNobody), workflows.GateClosed, "somewhere"},
		"staging is free":      {invoices(t), Set{Env: "staging", Percent: 100}, facts(workflows.ReachNobody), "", ""},
		"preview below 100":    {invoices(t), Set{Percent: 99}, facts(workflows.ReachSome), "", ""},
		"preview at 100":       {invoices(t), Set{Percent: 100}, facts(workflows.ReachSome), workflows.GateClosed, "ga.ready"},
		"GA at 100":            {invoices(t), Set{Percent: 100}, facts(workflows.ReachEveryone), "", ""},
		"hold, larger":         {half, Set{Percent: 51}, facts(workflows.ReachSmaller), workflows.GateClosed, "only get smaller (now production 50 %)"},
		"hold, smaller":        {half, Set{Percent: 49}, facts(workflows.ReachSmaller), "", ""},
		"hold, staging":        {half, Set{Env: "staging", Percent: 100}, facts(workflows.ReachSmaller), "", ""},
		"before, smaller":      {half, Set{Percent: 49}, facts(workflows.ReachNobody), "", ""},
		"no standing, larger":  {half, Set{Percent: 51}, facts(""), workflows.GateClosed, ""},
		"unchanged":            {half, Set{Percent: 50}, facts(workflows.ReachEveryone), workflows.Unchanged, "at 50 % in production already"},
		"killed, off":          {killed, Set{Percent: 0}, facts(workflows.ReachEveryone), workflows.Unchanged, "killed"},
		"too much":             {half, Set{Percent: 101}, facts(workflows.ReachEveryone), workflows.Invalid, "101"},
		"too little":           {half, Set{Percent: -1}, facts(workflows.ReachEveryone), workflows.Invalid, "-1"},
		"no such environment":  {half, Set{Env: "moon", Percent: 1}, facts(workflows.ReachEveryone), UnknownEnvironment, "staging, production"},
		"no such flag":         {Flag{}, Set{Percent: 1}, facts(workflows.ReachEveryone), UnknownFlag, ""},
		"kill no flag":         {Flag{}, Kill{Note: "errors"}, facts(workflows.ReachEveryone), UnknownFlag, ""},
		"set back no flag":     {Flag{}, SetBack{}, facts(workflows.ReachEveryone), UnknownFlag, ""},
		"pressed, as drawn":    {half, Set{Percent: 60}, pressed(2), "", ""},
		"pressed, changed":     {half, Set{Percent: 60}, pressed(1), workflows.Changed, "this is how it stands: production 50 %"},
		"pressed, unheard of":  {half, Set{Percent: 60}, pressed(3), workflows.Changed, ""},
		"expire, changed":      {half, Expire{Never: true}, pressed(1), workflows.Changed, ""},
		"kill is never late":   {half, Kill{Note: "errors"}, pressed(1), "", ""},
		"kill without a note":  {half, Kill{Note: " "}, facts(workflows.ReachEveryone), workflows.NeedsReason, ""},
		"kill twice":           {killed, Kill{Note: "again"}, facts(workflows.ReachEveryone), workflows.Unchanged, "by @ana: errors"},
		"kill before preview":  {half, Kill{Note: "errors"}, facts(workflows.ReachNobody), "", ""},
		"new, there already":   {half, New{Key: "invoices"}, facts(workflows.ReachEveryone), workflows.Exists, "app invoices"},
		"new, bad key":         {Flag{}, New{Key: "In voices"}, facts(workflows.ReachEveryone), workflows.Invalid, workflows.IDShape},
		"new, closed":          {Flag{}, New{Key: "invoices"}, closed, workflows.Over, "somewhere"},
		"new, past":            {Flag{}, New{Key: "invoices", Expires: noon}, facts(workflows.ReachEveryone), workflows.Invalid, "past"},
		"expire in the past":   {half, Expire{On: noon.Add(-1)}, facts(workflows.ReachEveryone), workflows.Invalid, "past"},
		"expire without a day": {half, Expire{}, facts(workflows.ReachEveryone), workflows.Invalid, "never"},
		"expire, unchanged":    {half, Expire{On: half.Expires}, facts(workflows.ReachEveryone), workflows.Unchanged, "2026-04-05"},
	} {
		t.Run(name, func(t *testing.T) {
			_, events, err := apply(c.flag, c.wish, c.facts)
			if c.reason == "" {
				if err != nil || len(events) != 1 {
					t.Fatalf("%v, %v", events, err)
				}
				return
			}
			var no *workflows.Refusal
			if !errors.As(err, &no) || no.Reason != c.reason || !strings.Contains(no.Why, c.why) || len(events) != 0 {
				t.Fatalf("%v, %v", events, err)
			}
			if len(no.Who) == 0 || len(no.Next) == 0 && c.reason != UnknownEnvironment {
				t.Errorf("a refusal says who can and what to type: %v", no)
			}
		})
	}
}

func TestSetBack(t *testing.T) {
	f := invoices(t, Set{Percent: 50}, Set{Env: "staging", Percent: 100})
	rollback := SetBack{Percents: map[workflows.Environment]int{"production": 10, "staging": 100, "moon": 5}, Cause: "rollback"}
	got, events, err := apply(f, rollback, facts(workflows.ReachSmaller))
	want := Reverted{From: map[workflows.Environment]int{"production": 50}, To: map[workflows.Environment]int{"production": 10}, Cause: "rollback"}
	if err != nil || len(events) != 1 || !cmp.Equal(events[0].Event, workflows.Event(want)) || got.Stands() != "production 10 %, staging 100 %" {
		t.Errorf("%v, %v: %s", events, err, got.Stands())
	}
	if _, events, err = apply(got, rollback, facts(workflows.ReachSmaller)); err != nil || len(events) != 0 {
		t.Errorf("set back twice: %v, %v", events, err)
	}
	higher := SetBack{Percents: map[workflows.Environment]int{"production": 90, "staging": 100}}
	if _, events, err = apply(got, higher, facts(workflows.ReachEveryone)); err != nil || len(events) != 0 {
		t.Errorf("set back upwards: %v, %v", events, err)
	}
	if got, _, _ = apply(got, SetBack{}, facts(workflows.ReachSmaller)); got.Stands() != "off" {
		t.Errorf("what did not exist then was off: %s", got.Stands())
	}
	if need := rollback.Needs(); need != workflows.Machine {
		t.Errorf("a person may set back: %s", need)
	}
}

func TestAsksAndUndo(t *testing.T) {
	for _, c := range []struct {
		before Flag
		wish   Wish
		asks   bool
		undo   string
	}{
		{invoices(t, Set{Percent: 50}), Set{Percent: 100}, true, ""},
		{invoices(t, Set{Percent: 50}), Set{Env: "production", Percent: 100}, true, ""},
		{invoices(t, Set{Percent: 50}), Set{Env: "staging", Percent: 100}, false, ""},
		{invoices(t, Set{Percent: 50}), Set{Percent: 99}, false, ""},
		{invoices(t, Set{Percent: 50}), Set{Percent: 10}, false, "flag set invoices 50% --env production"},
		{invoices(t, Set{Env: "staging", Percent: 50}), Set{Env: "staging"}, false, "flag set invoices 50% --env staging"},
		{invoices(t, Set{Env: "staging", Percent: 100}, Set{Percent: 50}), Kill{Note: "errors"}, false, "flag set invoices 50% --env production"},
		{invoices(t, Set{Env: "staging", Percent: 100}), Kill{Note: "errors"}, false, "flag set invoices 100% --env staging"},
		{invoices(t), Kill{Note: "errors"}, false, ""},
		{invoices(t), Expire{Never: true}, false, ""},
	} {
		after, _, err := apply(c.before, c.wish, facts(workflows.ReachEveryone))
		if err != nil {
			t.Fatal(err)
		}
		if got := Asks(c.before, c.wish, facts(workflows.ReachEveryone)); got != c.asks {
			t.Errorf("%s, %+v: asks %v", c.before.Stands(), c.wish, got)
		}
		if line, ok := Undo(c.before, after, c.wish); line != c.undo || ok != (c.undo != "") {
			t.Errorf("%s, %+v: undo %q", c.before.Stands(), c.wish, line)
		}
	}
}

func TestTellAndSummary(t *testing.T) {
	f, events, err := apply(invoices(t), Set{Percent: 10}, facts(workflows.ReachEveryone))
	if err != nil {
		t.Fatal(err)
	}
	effects := Tell(f, events[0])
	if len(effects) != 2 || effects[0].What != "card" || effects[0].Slot != "card" || effects[1].What != "history" ||
		effects[1].In != "card" || effects[0].To.Release != "app@invoices" || effects[1].To != effects[0].To {
		t.Fatalf("%+v", effects)
	}
	if keys := Summary(f).Keys; !cmp.Equal(keys, []string{"flag", "flag/of/app@invoices"}) {
		t.Error(keys)
	}
}

type foreign struct{}

func (foreign) Kind() string { return "release.signed" }

func TestForeignEventsAreIgnored(t *testing.T) {
	f := invoices(t)
	r := workflows.Recorded{Event: foreign{}, Header: workflows.Header{Revision: 9}}
	if diff := cmp.Diff(f, Evolve(f, r)); diff != "" || Tell(f, r) != nil {
		t.Error(diff)
	}
}

// Each event is its own kind, survives JSON, and is folded and told by the room.
func TestEventsRoundTrip(t *testing.T) {
	full := []workflows.Event{
		Created{Key: "invoices", Release: "app@invoices", Why: "why", Expires: noon, Users: "production"},
		Turned{Env: "production", From: 1, To: 2, Users: "production", Note: "note"},
		Killed{From: map[workflows.Environment]int{"production": 2}, Note: "note"},
		Dated{From: noon, To: noon.Add(time.Hour)},
		Reverted{From: map[workflows.Environment]int{"production": 2}, To: map[workflows.Environment]int{"production": 0}, Cause: "cause"},
	}
	kinds := map[string]bool{}
	for i, zero := range Events() {
		if reflect.TypeOf(zero) != reflect.TypeOf(full[i]) || kinds[zero.Kind()] || !strings.HasPrefix(zero.Kind(), "flag.") {
			t.Errorf("%T: %s", zero, zero.Kind())
		}
		kinds[zero.Kind()] = true
		for j := range reflect.ValueOf(full[i]).NumField() {
			if reflect.ValueOf(full[i]).Field(j).IsZero() {
				t.Errorf("%T: field %d is not tried", zero, j)
			}
		}
		raw, err := json.Marshal(full[i])
		if err != nil {
			t.Fatal(err)
		}
		back := reflect.New(reflect.TypeOf(zero))
		if err := json.Unmarshal(raw, back.Interface()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(full[i], back.Elem().Interface()); diff != "" {
			t.Error(diff)
		}
		if _, ok := zero.(event); !ok {
			t.Errorf("%T has no fold", zero)
		}
	}
}
