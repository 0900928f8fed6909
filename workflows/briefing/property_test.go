package briefing_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
)

func dump(t rapid.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func anyAudiences(t *rapid.T) []briefing.Audience {
	var out []briefing.Audience
	for _, name := range []workflows.Audience{"support", "cs", "news"} {
		if rapid.IntRange(0, 9).Draw(t, "there") == 0 {
			continue
		}
		out = append(out, briefing.Audience{Name: name, Quota: rapid.IntRange(0, 120).Draw(t, "quota"), Public: name == "news",
			People: rapid.SliceOfN(rapid.SampledFrom(people("mia", "noa", "lea", "kim")), 0, 6).Draw(t, "people")})
	}
	return out
}

func anyWish(t *rapid.T) briefing.Wish {
	return rapid.SampledFrom([]briefing.Wish{briefing.Draft{Fields: one}, briefing.Draft{Fields: two}, briefing.Send{}, briefing.Send{Audience: "cs"},
		briefing.Send{Audience: "news"}, briefing.Ack{}, briefing.Ack{}, briefing.Ack{}, briefing.Counter{Why: "x"}}).Draw(t, "wish")
}

// TestHistories walks random histories and holds after every step: states once given out never change; counts never
// exceed people; the recorded quota agrees with what the audiences read; a counter-briefing reaches exactly those who
// acknowledged, sorted, before anything else; nothing goes to the public; a snapshot reads back as it was.
func TestHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b briefing.Briefing
		var states []briefing.Briefing
		var dumps []string
		f := facts("")
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			states, dumps = append(states, b), append(dumps, dump(t, b))
			f.Now = f.Now.Add(time.Minute)
			f.Actor.Person = rapid.SampledFrom(people("mia", "noa", "lea", "kim", "eve")).Draw(t, "who")
			if rapid.Bool().Draw(t, "reorganised") {
				f.Audiences = anyAudiences(t)
			}
			events, err := briefing.Decide(b, anyWish(t), f)
			if err != nil || len(events) == 0 {
				continue
			}
			b = branched(t, b, events, f)
			counted(t, b, f, events[0])
			told(t, b, f, events)
			var back briefing.Briefing
			if err := json.Unmarshal([]byte(dump(t, b)), &back); err != nil || !reflect.DeepEqual(back, b) {
				t.Fatalf("a snapshot reads back as %+v (%v), was %+v", back, err, b)
			}
		}
		for i := range states {
			if got := dump(t, states[i]); got != dumps[i] {
				t.Fatalf("state %d changed afterwards:\n%s\n%s", i, dumps[i], got)
			}
		}
	})
}

// branched folds the events, and then the same at another time: the first result must not share what the second writes.
func branched(t *rapid.T, b briefing.Briefing, events []workflows.Event, f briefing.Facts) briefing.Briefing {
	out := fold(b, events, f)
	want := dump(t, out)
	f.Now = f.Now.Add(time.Second)
	fold(b, events, f)
	if got := dump(t, out); got != want {
		t.Fatalf("two folds of one state share memory:\n%s\n%s", want, got)
	}
	return out
}

func counted(t *rapid.T, b briefing.Briefing, f briefing.Facts, last workflows.Event) {
	met := len(b.To) > 0
	for _, p := range briefing.Progress(b, f.Audiences) {
		met = met && p.Met
		if p.Acked > p.Of || p.Needed > p.Of || p.Acked+len(p.Missing) > p.Of || p.Met && (p.Acked < p.Needed || p.Of == 0) {
			t.Fatalf("%+v", p)
		}
	}
	switch last.(type) {
	case briefing.Sent, briefing.Acked: // they judge the quota
		if met != (b.Met == b.Sent.Digest) {
			t.Fatalf("met is %v, recorded for %q, in force %q", met, b.Met, b.Sent.Digest)
		}
	}
}

func told(t *rapid.T, b briefing.Briefing, f briefing.Facts, events []workflows.Event) {
	for _, e := range events {
		effects := briefing.Tell(b, record(e, f))
		for _, x := range effects {
			if x.To.Audience == "news" {
				t.Fatalf("%s goes to the public", e.Kind())
			}
		}
		c, ok := e.(briefing.Countered)
		if !ok {
			continue
		}
		read := map[workflows.PersonID]bool{}
		for _, a := range b.Acks {
			read[a.Person] = true
		}
		if !slices.IsSorted(c.To) || len(c.To) != len(read) {
			t.Fatalf("countered to %v, read by %v", c.To, read)
		}
		for i, p := range c.To {
			if x := effects[i]; !read[p] || x.To.Person != p || x.What != "counter-briefing" || !x.First {
				t.Fatalf("effect %d is %+v, want %s told", i, x, p)
			}
		}
	}
}

// TestQuota holds the arithmetic to its definition: the smallest number of people that is at least the share.
func TestQuota(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, quota := rapid.IntRange(0, 300).Draw(t, "people"), rapid.IntRange(1, 100).Draw(t, "quota")
		a := briefing.Audience{Name: "support", Quota: quota}
		for i := range n {
			a.People = append(a.People, workflows.PersonID("p"+strings.Repeat("x", i)))
		}
		p := briefing.Progress(sent(t), []briefing.Audience{a})[0]
		if p.Needed*100 < n*quota || n > 0 && (p.Needed-1)*100 >= n*quota || n == 0 && p.Met {
			t.Fatalf("%d %% of %d is %d", quota, n, p.Needed)
		}
	})
}

func TestDefaultQuota(t *testing.T) {
	a := briefing.Audience{Name: "support", People: people("a", "b", "c", "d", "e", "f")}
	if p := briefing.Progress(sent(t), []briefing.Audience{a})[0]; p.Needed != 5 {
		t.Errorf("80 %% of 6 is %d", p.Needed)
	}
}

// TestEvents walks every event: its kind is the room's and unique, and it reads back as it was written.
func TestEvents(t *testing.T) {
	f := facts("ana")
	full := []workflows.Event{
		briefing.Drafted{Fields: one, Digest: "d"},
		briefing.Sent{To: []workflows.Audience{"cs"}, Fields: two, Digest: "d", Revision: 2, Changed: []string{"x"}, Gone: []workflows.Audience{"y"}},
		briefing.Acked{Person: "mia", Digest: "d", Revision: 2, Shown: []workflows.Audience{"cs"}},
		briefing.QuotaMet{Digest: "d", Counts: []briefing.Count{{Audience: "cs", Acked: 1, Of: 2}}},
		briefing.QuotaLost{Digest: "d", Why: "w"},
		briefing.Countered{To: people("mia"), Stage: workflows.Preview, Why: "w"},
	}
	kinds := map[string]bool{}
	for i, zero := range briefing.Events() {
		kind := zero.Kind()
		if kinds[kind] || !strings.HasPrefix(kind, briefing.Room+".") || full[i].Kind() != kind {
			t.Errorf("kind %q", kind)
		}
		kinds[kind] = true
		back := reflect.New(reflect.TypeOf(zero))
		if err := json.Unmarshal([]byte(dump(t, full[i])), back.Interface()); err != nil || !reflect.DeepEqual(back.Elem().Interface(), full[i]) {
			t.Errorf("%s reads back as %+v (%v), was %+v", kind, back.Elem(), err, full[i])
		}
	}
	b := acked(t)
	want := briefing.Row{Release: id, Drafted: true, Sent: []workflows.Audience{"support", "cs"}, Acked: people("mia", "kim", "noa"), Met: true}
	if got := briefing.Summary(b).Data; !reflect.DeepEqual(got, want) {
		t.Errorf("row %+v, want %+v", got, want)
	}
	strange := workflows.Recorded{Header: record(full[0], f).Header, Event: stranger{}}
	if got := briefing.Evolve(b, strange); dump(t, got) != dump(t, b) || briefing.Tell(b, strange) != nil {
		t.Error("an event of another room counted")
	}
}

type stranger struct{}

func (stranger) Kind() string { return "other.thing" }
