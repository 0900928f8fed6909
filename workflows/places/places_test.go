package places_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/places"
)

var (
	monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	owners = []workflows.PersonID{"ana", "ben"}
)

func trouble(fate places.Fate, why string) places.Trouble {
	return places.Trouble{Place: "slack/T1/C1", Fate: fate, What: "card", About: "release/app@1.0.0", Delivery: "x-1", Why: why}
}

// run decides wishes one after the other, an hour apart, and says which of them were news.
func run(t rapid.TB, wishes ...places.Wish) (s places.State, news []bool) {
	t.Helper()
	for i, w := range wishes {
		now := monday.Add(time.Duration(i) * time.Hour)
		events, err := places.Decide(s, w, places.Facts{Now: now, Owners: owners})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			r := workflows.Recorded{Event: e, Header: workflows.Header{At: now}}
			s = places.Evolve(s, r)
			var to []workflows.PersonID
			for _, effect := range places.Tell(s, r) {
				to = append(to, effect.To.Person)
			}
			if !slices.Equal(to, owners) {
				t.Errorf("%T is told to %v", e, to)
			}
		}
		news = append(news, len(events) > 0)
	}
	return s, news
}

// TestOnceIsEnough: the same trouble is told once; another one, and the same after it was mended, anew.
func TestOnceIsEnough(t *testing.T) {
	mend := places.Mend{Place: "slack/T1/C1"}
	archived, kicked, failed := trouble(places.Parked, "is_archived"), trouble(places.Parked, "not_in_channel"), trouble(places.Failed, "msg_too_long")
	day := slices.Repeat([]places.Wish{failed}, 26)
	for name, c := range map[string]struct {
		wishes []places.Wish
		news   []bool
		parked string
	}{
		"parked":          {[]places.Wish{archived, archived, archived}, []bool{true, false, false}, "is_archived"},
		"for another why": {[]places.Wish{archived, kicked, kicked}, []bool{true, true, false}, "not_in_channel"},
		"mended":          {[]places.Wish{archived, mend, mend, archived}, []bool{true, true, false, true}, "is_archived"},
		"nothing to mend": {[]places.Wish{mend, failed, mend}, []bool{false, true, false}, ""},
		"both":            {[]places.Wish{archived, failed, archived, failed, mend}, []bool{true, true, false, false, true}, ""},
		"a day later":     {day, append(append([]bool{true}, make([]bool, 23)...), true, false), ""},
		"in doubt":        {[]places.Wish{failed, trouble(places.Unclear, "msg_too_long")}, []bool{true, true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, news := run(t, c.wishes...)
			if !slices.Equal(news, c.news) || s.Parked.Why != c.parked || s.Parked.Is() != (c.parked != "") {
				t.Errorf("news %v, want %v; parked %+v", news, c.news, s.Parked)
			}
			if keys := places.Summary(s).Keys; slices.Contains(keys, places.KeyParked) != s.Parked.Is() {
				t.Errorf("found under %q", keys)
			}
		})
	}
}

// TestSinceTheFirst: a place that takes nothing for another reason takes nothing since the first.
func TestSinceTheFirst(t *testing.T) {
	s, _ := run(t, trouble(places.Parked, "is_archived"), trouble(places.Parked, "not_in_channel"))
	if !s.Parked.Since.Equal(monday) {
		t.Errorf("since %v", s.Parked.Since)
	}
	events, err := places.Decide(s, places.Mend{Place: s.Place}, places.Facts{Now: monday, Owners: owners})
	if want := []workflows.Event{places.Mended{Place: s.Place, Since: monday, To: owners}}; err != nil || cmp.Diff(want, events) != "" {
		t.Errorf("mended: %+v, %v", events, err)
	}
}

func TestRefusals(t *testing.T) {
	for _, w := range []places.Wish{trouble("gone", "x"), places.Trouble{Fate: places.Parked}, places.Mend{}} {
		_, err := places.Decide(places.State{}, w, places.Facts{Now: monday})
		var no *workflows.Refusal
		if !errors.As(err, &no) || no.Reason != workflows.Invalid {
			t.Errorf("%+v: %v", w, err)
		}
		if w.Needs() != workflows.Machine {
			t.Errorf("%T is for %s", w, w.Needs())
		}
	}
}

// TestWordsAreBounded: a platform's words are shortened, and what acts in them is shown.
func TestWordsAreBounded(t *testing.T) {
	s, _ := run(t, trouble(places.Failed, "a\u202eb\n"+strings.Repeat("x", 1000)))
	if why := s.Waits.Why; len(why) > 250 || !strings.HasPrefix(why, `a\u202eb x`) {
		t.Errorf("kept %q", why)
	}
}

// TestStreams: each place has a stream of its own, which reads like the place where it has ids.
func TestStreams(t *testing.T) {
	for place, want := range map[workflows.Place]string{
		"slack/T1/C1": "places/slack.T1.C1", "slack/@T1/U1": "places/slack.dm.T1.U1", "slack/@E1/T1/U1": "places/slack.dm.E1.T1.U1",
		"discord/12/34": "places/discord.12.34", "console/#app": "places/_.", "slack": "places/_.", "slack/T1.C1": "places/_.",
	} {
		if got := string(places.StreamOf(places.Mend{Place: place})); !strings.HasPrefix(got, want) || strings.HasSuffix(want, ".") == (got == want) {
			t.Errorf("the stream of %s is %s", place, got)
		}
	}
	fit := regexp.MustCompile(`^places/[A-Za-z0-9._]{1,80}$`)
	seen := map[workflows.Stream]workflows.Place{}
	rapid.Check(t, func(t *rapid.T) {
		p := workflows.Place(rapid.OneOf(rapid.StringMatching(`[a-b]{1,2}(/@?[A-B.dm]{0,3}){0,3}`), rapid.String()).Draw(t, "place"))
		s := places.StreamOf(places.Mend{Place: p})
		if other, ok := seen[s]; ok && other != p || !fit.MatchString(string(s)) {
			t.Fatalf("the stream of %q is %q, as of %q", p, s, other)
		}
		seen[s] = p
	})
}

// TestInputNeverChanges walks random troubles; states once given out stay as they were, and read back as they are.
func TestInputNeverChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s places.State
		for i := range rapid.IntRange(1, 12).Draw(t, "steps") {
			var w places.Wish = places.Mend{Place: "slack/T1/C1"}
			if rapid.Bool().Draw(t, "trouble") {
				w = trouble(rapid.SampledFrom([]places.Fate{places.Parked, places.Failed, places.Unclear}).Draw(t, "fate"), rapid.SampledFrom([]string{"a", "b"}).Draw(t, "why"))
			}
			before := fmt.Sprintf("%+v", s)
			now := monday.Add(time.Duration(i) * 7 * time.Hour)
			events, err := places.Decide(s, w, places.Facts{Now: now, Owners: owners})
			if err != nil {
				t.Fatal(err)
			}
			next := s
			for _, e := range events {
				next = places.Evolve(next, workflows.Recorded{Event: e, Header: workflows.Header{At: now}})
			}
			if after := fmt.Sprintf("%+v", s); after != before {
				t.Fatalf("was %s, is %s", before, after)
			}
			s = next
			var back places.State
			b, err := json.Marshal(places.Summary(s).Data)
			if err := errors.Join(err, json.Unmarshal(b, &back)); err != nil || !cmp.Equal(back, s) {
				t.Fatalf("the row reads back as %+v (%v), was %+v", back, err, s)
			}
		}
	})
}

func TestEvents(t *testing.T) {
	full := []workflows.Event{places.Troubled{Trouble: trouble(places.Parked, "x"), To: owners}, places.Mended{Place: "slack/T1/C1", Since: monday, To: owners}}
	kinds := map[string]bool{}
	for _, zero := range places.Events() {
		kinds[zero.Kind()] = strings.HasPrefix(zero.Kind(), places.Room+".")
	}
	for _, e := range full {
		if !kinds[e.Kind()] {
			t.Errorf("kind %q", e.Kind())
		}
	}
	if s := (places.State{Place: "a/b"}); places.Evolve(s, workflows.Recorded{}) != s || places.Tell(s, workflows.Recorded{}) != nil {
		t.Error("an event of another room changed the state, or told somebody")
	}
}
