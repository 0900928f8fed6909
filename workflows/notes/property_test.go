package notes_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

func dump(t rapid.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func anyWish(t *rapid.T) notes.Wish {
	return rapid.SampledFrom([]notes.Wish{notes.Draft{}, notes.Edit{Text: "a"}, notes.Edit{Text: "b"}, notes.Approve{}, notes.Approve{}, notes.Approve{},
		notes.Publish{}, notes.Publish{}, notes.Publish{Only: notes.ToRelease}, notes.Publish{At: monday.Add(50 * time.Hour)}, notes.PublishDue{}, notes.PublishDue{},
		notes.Correct{Why: "wrong"}}).Draw(t, "wish")
}

func anyFacts(t *rapid.T) notes.Facts {
	f := facts()
	f.Now = monday.Add(time.Duration(rapid.IntRange(0, 99).Draw(t, "hours")) * time.Hour)
	f.Actor = by(rapid.SampledFrom([]workflows.PersonID{"ana", "ben", "cleo", "dan"}).Draw(t, "who"))
	f.Candidate = rapid.SampledFrom([]string{first, later}).Draw(t, "candidate")
	subjects := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"feat: one", "fix: two", "chore: three", "four", "feat!: five"}), 0, 4,
		rapid.ID[string]).Draw(t, "log")
	f.Found = found(f.Candidate, subjects...)
	places := rapid.SliceOfN(rapid.SampledFrom([]workflows.Place{"console/#a", "console/#b", "console/#c", "console/#d", "console/#e"}), 1, 2).Draw(t, "places")
	f.Outside, f.May, f.Manager = everywhere, true, "ana"
	f.Channels = nil
	for _, p := range places {
		f.Channels = append(f.Channels, notes.Channel{Place: p})
	}
	return f
}

// TestHistories walks random histories and holds after every step: states once given out never change; an approval is
// of the current text; what is public is the current text; what is published was approved, and no place gets the same
// text twice in a row; a snapshot reads back as it was.
func TestHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n notes.Notes
		var states []notes.Notes
		var dumps []string
		approved := map[string]bool{}
		shown := map[workflows.Place]string{}
		var number uint64
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			states, dumps = append(states, n), append(dumps, dump(t, n))
			f := anyFacts(t)
			events, err := notes.Decide(n, anyWish(t), f)
			if err != nil || len(events) == 0 {
				continue
			}
			voted := len(n.Approvals) > 0
			was := n.Text
			n = branched(t, n, events, f)
			switch e := events[0].(type) {
			case notes.Approved:
				approved[e.Text] = true
			case notes.Drafted:
				wantUnapproved(t, e.Unapproved, voted && was != n.Text)
			case notes.Edited:
				wantUnapproved(t, e.Unapproved, voted && was != n.Text)
			case notes.Published:
				if !approved[e.Text.String()] || e.Text.String() != n.Text {
					t.Fatalf("published %q, approved were %v", e.Text, approved)
				}
				for _, c := range e.To {
					if shown[c.Place] == edition(e.Going) {
						t.Fatalf("%s got the same text twice", c.Place)
					}
					shown[c.Place] = edition(e.Going)
				}
				numbered(t, &number, e.Going)
			case notes.Corrected:
				if !approved[e.Text.String()] || e.Text.String() != n.Text {
					t.Fatalf("corrected to %q, approved were %v", e.Text, approved)
				}
				for _, c := range e.To {
					shown[c.Place] = edition(e.Going)
				}
				numbered(t, &number, e.Going)
			}
			sound(t, n)
		}
		for i := range states {
			if got := dump(t, states[i]); got != dumps[i] {
				t.Fatalf("state %d changed afterwards:\n%s\n%s", i, dumps[i], got)
			}
		}
	})
}

func edition(g notes.Going) string { return fmt.Sprint(g.Edition, " ", g.Digest) }

// numbered wants each publication to have a number of its own, greater than those before, in all that is done for it.
func numbered(t *rapid.T, last *uint64, g notes.Going) {
	if g.N <= *last {
		t.Fatalf("publication %d comes after %d", g.N, *last)
	}
	*last = g.N
	for _, o := range g.Outlets() {
		if want := fmt.Sprintf("app@1.0.0/notes/%d", g.N); o.Op != want {
			t.Fatalf("it is done as %s, not %s", o.Op, want)
		}
	}
}

// branched folds the events, and then the same at another time: the first result must not share what the second writes.
func branched(t *rapid.T, n notes.Notes, events []workflows.Event, f notes.Facts) notes.Notes {
	out := fold(n, events, f)
	want := dump(t, out)
	f.Now = f.Now.Add(time.Second)
	fold(n, events, f)
	if len(events) == 0 {
		return out
	}
	if e, ok := events[0].(notes.Published); ok {
		e.To = []notes.Channel{{Place: "console/#other"}}
		fold(n, []workflows.Event{e}, f)
	}
	if got := dump(t, out); got != want {
		t.Fatalf("two folds of one state share memory:\n%s\n%s", want, got)
	}
	return out
}

func wantUnapproved(t *rapid.T, got, want bool) {
	if got != want {
		t.Fatalf("unapproved is %v, want %v", got, want)
	}
}

func sound(t *rapid.T, n notes.Notes) {
	for _, a := range n.Approvals {
		if a.Digest != workflows.Digest(n.Text) {
			t.Fatalf("an approval of another text: %+v", n)
		}
	}
	if n.Approved() && n.Public.String() != n.Text || !n.Public.IsZero() && n.Public.String() != n.Text {
		t.Fatalf("public is %q, the text is %q", n.Public, n.Text)
	}
	if n.Public.IsZero() != n.Changelog.IsZero() {
		t.Fatalf("the change log is approved without the notes, or they without it: %+v", n)
	}
	var back notes.Notes
	if err := json.Unmarshal([]byte(dump(t, n)), &back); err != nil || !reflect.DeepEqual(back, n) {
		t.Fatalf("a snapshot reads back as %+v (%v), was %+v", back, err, n)
	}
}

// TestPublishedDependsOnTheApprovedTextOnly varies everything else that the room is told.
func TestPublishedDependsOnTheApprovedTextOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z ]{1,30}x`).Draw(t, "text")
		publish := func(secret string) string {
			f := facts()
			f.Title, f.Note = secret, secret
			f.Found = found(first, "feat: "+secret)
			f.Found.SinceAs, f.Standing.Where = secret, secret
			n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
			n, _ = act(t, n, notes.Edit{Text: text}, f)
			n, _ = act(t, n, notes.Approve{}, f)
			n, events := act(t, n, notes.Publish{}, f)
			return dump(t, notes.Tell(n, record(events[0], f)))
		}
		secret := "secret" + rapid.StringMatching(`[A-Za-z<>@*]{1,12}`).Draw(t, "secret")
		one, two := publish("another"), publish(secret)
		if one != two || strings.Contains(two, "secret") {
			t.Fatalf("what was published depends on more than the approved text:\n%s\n%s", one, two)
		}
	})
}

// TestEvents walks every event: its kind is the room's and unique, and it reads back as it was written.
func TestEvents(t *testing.T) {
	f := facts()
	n, drafted := act(t, notes.Notes{}, notes.Draft{}, f)
	n, edited := act(t, n, notes.Edit{Text: "text"}, f)
	n, approved := act(t, n, notes.Approve{}, with(func(f *notes.Facts) { f.Note = "read" }))
	f.Outside, f.Manager, f.May = everywhere, "mia", true
	n, published := act(t, n, notes.Publish{}, f)
	_, landed := act(t, n, ended(published[0], workflows.ActRelease, workflows.Done, "https://x/1", ""), f)
	n, stranded := act(t, n, ended(published[0], workflows.ActChangelog, workflows.Refused, "", "no"), f)
	n, scheduled := act(t, n, notes.Publish{At: monday.Add(time.Hour)}, f)
	_, never := act(t, n, notes.Publish{Never: true}, f)
	_, missed := act(t, n, notes.PublishDue{}, with(func(f *notes.Facts) { f.Now = monday.Add(time.Hour) }))
	n, _ = act(t, n, notes.Edit{Text: "text that is right"}, f)
	n, _ = act(t, n, notes.Approve{}, f)
	n, corrected := act(t, n, notes.Correct{Why: "it was wrong"}, f)
	n, _ = act(t, n, ended(corrected[0], workflows.ActChangelog, workflows.Done, "https://x/pull/2", ""), f)
	_, answered := act(t, n, notes.News{}, with(func(f *notes.Facts) { f.Found.Pull, f.Manager = workflows.PullClosed, "mia" }))
	full := slices.Concat(drafted, edited, approved, published, corrected, scheduled, never, missed, landed, stranded, answered)
	kinds := map[string]bool{}
	for i, zero := range notes.Events() {
		kind := zero.Kind()
		if kinds[kind] || !strings.HasPrefix(kind, notes.Room+".") || full[i].Kind() != kind {
			t.Errorf("kind %q", kind)
		}
		kinds[kind] = true
		back := reflect.New(reflect.TypeOf(zero))
		if err := json.Unmarshal([]byte(dump(t, full[i])), back.Interface()); err != nil || !reflect.DeepEqual(back.Elem().Interface(), full[i]) {
			t.Errorf("%s reads back as %+v (%v), was %+v", kind, back.Elem(), err, full[i])
		}
		for _, e := range notes.Tell(n, record(full[i], f)) {
			if e.Kind != workflows.Act && e.To == (workflows.To{}) {
				t.Errorf("%s: %+v tells nobody", kind, e)
			}
		}
	}
	row := notes.Summary(n)
	if want := (notes.Row{Release: id, Revision: 3, Commit: first, Approved: true, Out: true}); row.Data != want {
		t.Errorf("row %+v, want %+v", row.Data, want)
	}
	if got := notes.Evolve(n, workflows.Recorded{Event: stranger{}}); dump(t, got) != dump(t, n) {
		t.Error("an event of another room changed the state")
	}
	if notes.Tell(n, workflows.Recorded{Event: stranger{}}) != nil {
		t.Error("an event of another room told somebody")
	}
}

type stranger struct{}

func (stranger) Kind() string { return "other.thing" }
