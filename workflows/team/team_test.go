package team_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/team"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

func roster(asOf time.Time, members ...team.Member) team.Roster {
	return team.Roster{Platform: "slack", Group: "T1/S1", Members: members, AsOf: asOf}
}

func member(user, name string) team.Member {
	return team.Member{Handle: workflows.Handle("slack/T1/" + user), Name: name}
}

func arrive(t rapid.TB, known team.Roster, w team.Roster) (team.Roster, []workflows.Event) {
	t.Helper()
	events, err := team.Decide(known, w, team.Facts{Now: monday})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		known = team.Evolve(known, workflows.Recorded{Event: e})
	}
	return known, events
}

func TestRefusals(t *testing.T) {
	known, _ := arrive(t, team.Roster{}, roster(monday, member("U1", "Mia")))
	for name, c := range map[string]struct {
		wish team.Roster
		want workflows.Reason
	}{
		"older":              {roster(monday.Add(-time.Second), member("U2", "Noa")), workflows.Unchanged},
		"without a time":     {roster(time.Time{}), workflows.Invalid},
		"without a group":    {team.Roster{Platform: "slack", AsOf: monday}, workflows.Invalid},
		"without a platform": {team.Roster{Group: "x", AsOf: monday}, workflows.Invalid},
		"foreign handle":     {roster(monday, team.Member{Handle: "discord/1"}), workflows.Invalid},
		"empty handle":       {roster(monday, team.Member{Handle: "slack/"}), workflows.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := team.Decide(known, c.wish, team.Facts{Now: monday})
			var no *workflows.Refusal
			if !errors.As(err, &no) || no.Reason != c.want || events != nil {
				t.Errorf("got %v, %v, want %s", events, err, c.want)
			}
		})
	}
}

func TestArrivals(t *testing.T) {
	mia, noa := member("U1", "Mia"), member("U2", "Noa")
	r, events := arrive(t, team.Roster{}, roster(monday.Add(-3*time.Hour), noa, mia, noa))
	if diff := cmp.Diff(roster(monday.Add(-3*time.Hour), mia, noa), r); diff != "" || len(events) != 1 {
		t.Errorf("the first roster (-want +got):\n%s", diff)
	}
	if _, events = arrive(t, r, roster(monday.Add(-2*time.Hour), mia, noa)); events != nil {
		t.Errorf("an hour later the same is recorded again: %v", events)
	}
	if _, events = arrive(t, r, roster(monday.Add(-2*time.Hour+1), noa, mia)); len(events) != 1 {
		t.Error("after more than an hour the same is not recorded again")
	}
	left, events := arrive(t, r, roster(monday.Add(-3*time.Hour), mia))
	if len(events) != 1 || len(left.Members) != 1 {
		t.Errorf("who left is still there: %+v", left)
	}
	renamed, _ := arrive(t, r, roster(monday.Add(-2*time.Hour), member("U1", "Mia\u202e\n"+strings.Repeat("x", 200)), noa))
	if name := renamed.Members[0].Name; !strings.HasPrefix(name, `Mia\u202e x`) || len(name) > 100 {
		t.Errorf("name %q", name)
	}
	ahead, _ := arrive(t, r, roster(monday.Add(48*time.Hour), mia))
	if !ahead.AsOf.Equal(monday) {
		t.Errorf("a clock that runs ahead keeps a roster fresh: %v", ahead.AsOf)
	}
}

func TestFresh(t *testing.T) {
	day := 24 * time.Hour
	r := roster(monday)
	for _, c := range []struct {
		now  time.Time
		want bool
	}{{monday, true}, {monday.Add(day), true}, {monday.Add(day + 1), false}, {monday.Add(-time.Minute), true}} {
		if got := r.Fresh(c.now, day); got != c.want {
			t.Errorf("at %v fresh is %v", c.now, got)
		}
	}
	if (team.Roster{}).Fresh(monday, math.MaxInt64) {
		t.Error("what never arrived is fresh")
	}
}

func TestStreamOf(t *testing.T) {
	for group, want := range map[string]string{
		"S1": "team/slack.S1", "ops.eu": "team/slack.ops.eu", "T1/S1": "team/_.", "@x": "team/_.", "a b": "team/_.", "": "team/_.", "_": "team/_.",
	} {
		got := string(team.StreamOf(team.Roster{Platform: "slack", Group: group}))
		if !strings.HasPrefix(got, want) || strings.Count(got, "/") != 1 || strings.ContainsAny(got, "@ ") {
			t.Errorf("the stream of %q is %q", group, got)
		}
	}
}

func TestPersonID(t *testing.T) {
	for handle, want := range map[workflows.Handle]workflows.PersonID{
		"slack/T1/U1":  "slack.t1.u1",
		"discord/1234": "discord.1234",
		"console/ana":  "console.ana-",
		"console/ANA":  "console.ana",
		"slack/T1.U1":  "slack.t1.u1-",
		"":             "account-",
		"slack/E0123456789/T0123456789/U0123456789": "slack.e0123456789.t-",
	} {
		got := team.PersonID(handle)
		if !workflows.ValidID(string(got)) || !strings.HasPrefix(string(got), string(want)) || (got == want) == strings.HasSuffix(string(want), "-") {
			t.Errorf("PersonID(%q) = %q", handle, got)
		}
	}
	seen := map[workflows.PersonID]workflows.Handle{}
	rapid.Check(t, func(t *rapid.T) {
		h := workflows.Handle(rapid.OneOf(rapid.StringMatching(`[a-b]{0,2}/[A-Ba-b./_-]{0,6}`), rapid.String()).Draw(t, "handle"))
		p := team.PersonID(h)
		if other, ok := seen[p]; ok && other != h || !workflows.ValidID(string(p)) || team.PersonID(h) != p {
			t.Fatalf("PersonID(%q) = %q, as of %q", h, p, other)
		}
		seen[p] = h
	})
}

// TestInputNeverChanges walks random arrivals; states and wishes once given out stay as they were.
func TestInputNeverChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r team.Roster
		var kept []team.Roster
		var dumps []string
		keep := func(x team.Roster) { kept, dumps = append(kept, x), append(dumps, fmt.Sprintf("%+v", x)) }
		for range rapid.IntRange(1, 15).Draw(t, "steps") {
			var members []team.Member
			for _, u := range rapid.SliceOfN(rapid.SampledFrom([]string{"U1", "U2", "U3"}), 0, 4).Draw(t, "members") {
				members = append(members, member(u, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name")))
			}
			w := roster(monday.Add(-time.Duration(rapid.IntRange(0, 300).Draw(t, "ago"))*time.Minute), members...)
			keep(r)
			keep(w)
			events, err := team.Decide(r, w, team.Facts{Now: monday})
			if err != nil {
				continue
			}
			for _, e := range events {
				r = team.Evolve(r, workflows.Recorded{Event: e})
			}
			if !slices.IsSortedFunc(r.Members, func(a, b team.Member) int { return strings.Compare(string(a.Handle), string(b.Handle)) }) {
				t.Fatalf("unsorted: %+v", r)
			}
			var back team.Roster
			b, err := json.Marshal(team.Summary(r).Data)
			if err := errors.Join(err, json.Unmarshal(b, &back)); err != nil || !cmp.Equal(back, r) {
				t.Fatalf("the row reads back as %+v (%v), was %+v", back, err, r)
			}
		}
		for i := range kept {
			if got := fmt.Sprintf("%+v", kept[i]); got != dumps[i] {
				t.Fatalf("%d changed afterwards:\n%s\n%s", i, dumps[i], got)
			}
		}
	})
}

func TestEvents(t *testing.T) {
	full := team.Arrived{Platform: "slack", Group: "T1/S1", Members: []team.Member{member("U1", "Mia")}, AsOf: monday}
	kinds := map[string]bool{}
	for _, zero := range team.Events() {
		if kinds[zero.Kind()] || !strings.HasPrefix(zero.Kind(), team.Room+".") {
			t.Errorf("kind %q", zero.Kind())
		}
		kinds[zero.Kind()] = true
	}
	var back team.Arrived
	b, err := json.Marshal(full)
	if err := errors.Join(err, json.Unmarshal(b, &back)); err != nil || !cmp.Equal(back, full) {
		t.Errorf("reads back as %+v (%v)", back, err)
	}
	r := team.Evolve(team.Roster{}, workflows.Recorded{Event: full})
	if got := team.Evolve(r, workflows.Recorded{Event: stranger{}}); !cmp.Equal(got, r) {
		t.Error("an event of another room changed the state")
	}
	if team.Tell(r, workflows.Recorded{Event: full}) != nil || r.Needs() != workflows.Machine {
		t.Error("a roster is no news and no person's wish")
	}
}

type stranger struct{}

func (stranger) Kind() string { return "other.thing" }
