package feedback_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

func dump(t rapid.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func anyWish(t *rapid.T) feedback.Wish {
	n := rapid.IntRange(0, 6).Draw(t, "n")
	follow := feedback.Follow{Want: rapid.SampledFrom([]feedback.Want{feedback.Ships, feedback.Preview, feedback.Off}).Draw(t, "want")}
	return rapid.SampledFrom([]feedback.Wish{
		feedback.Add{Text: rapid.SampledFrom([]string{"slow", "crash", "wish"}).Draw(t, "text"), Link: rapid.SampledFrom([]string{"", "https://x.example.org"}).Draw(t, "link")},
		feedback.PlanFor{N: n, Owner: rapid.SampledFrom([]workflows.PersonID{"mia", "pat", "ana", "rob"}).Draw(t, "owner"), Due: friday.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "days"))},
		feedback.Settle{N: n}, feedback.Settle{N: n, What: "mended"}, follow, feedback.FollowIssue{Ref: fmt.Sprint("#", n), Want: follow.Want},
		feedback.Invite{Who: "mia", Want: follow.Want}, feedback.Inform{News: rapid.SampledFrom([]feedback.News{feedback.Opened, feedback.Shipped, feedback.TakenBack, feedback.Never}).Draw(t, "news"), Asked: []int{n, 1}}}).Draw(t, "wish")
}

// tale is what was heard as this test keeps it: a state a word long for each number.
type tale []string

// after says what the tale is once a wish was carried out.
func (s tale) after(t *rapid.T, w feedback.Wish) tale {
	out := append(tale{}, s...)
	at := func(n int) *string {
		if n < 1 || n > len(out) {
			t.Fatalf("%+v was carried out, and there are %d", w, len(out))
		}
		return &out[n-1]
	}
	switch w := w.(type) {
	case feedback.Add:
		return append(out, "open")
	case feedback.PlanFor:
		*at(w.N) = "planned"
	case feedback.Settle:
		if *at(w.N) == "done" {
			t.Fatalf("#%d was settled twice", w.N)
		}
		*at(w.N) = "done"
	}
	return out
}

// TestHistories walks random histories and holds after every step: entries are numbered from 1 without a gap, each is as
// the plain tale has it, the counts add up, nothing waits twice in the same words of the same person, states once given
// out never change, and a snapshot reads back as it was.
func TestHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b feedback.Feedback
		var told tale
		var states []feedback.Feedback
		var dumps []string
		for i := range rapid.IntRange(1, 30).Draw(t, "steps") {
			states, dumps = append(states, b), append(dumps, dump(t, b))
			f := facts(rapid.SampledFrom([]workflows.PersonID{"ana", "mia", "pat", "rob", "zoe", "man"}).Draw(t, "who"))
			f.Now, f.Home, f.Account = monday.Add(time.Duration(i)*time.Minute), home, "chat/mia"
			w := anyWish(t)
			events, err := feedback.Decide(b, w, f)
			if err != nil {
				if len(events) > 0 {
					t.Fatalf("refused, and yet: %v", events)
				}
				continue
			}
			other := f
			other.Now = f.Now.Add(time.Second)
			next := fold(b, events, f)
			want := dump(t, next)
			fold(b, events, other)
			if dump(t, next) != want {
				t.Fatal("two folds of one state share memory")
			}
			b, told = next, told.after(t, w)
			holds(t, b, told)
		}
		for i := range states {
			if dump(t, states[i]) != dumps[i] {
				t.Fatalf("state %d changed afterwards", i)
			}
		}
	})
}

func holds(t *rapid.T, b feedback.Feedback, told tale) {
	count := map[string]int{}
	waits := map[string]bool{}
	for i, e := range b.Entries {
		state := "open"
		switch {
		case e.Done != nil:
			state = "done"
		case e.Plan != nil:
			state = "planned"
		}
		if count[state]++; e.N != i+1 || state != told[i] {
			t.Fatalf("#%d stands at %d and is %s, by the tale %s", e.N, i+1, state, told[i])
		}
	}
	c := b.Counts()
	if len(b.Entries) != len(told) || c.Open != count["open"] || c.Planned != count["planned"] || c.Done != count["done"] || len(b.Waiting()) != c.Open+c.Planned {
		t.Fatalf("%+v of %v", c, told)
	}
	for _, e := range b.Waiting() {
		key := fmt.Sprint(book().Canon(e.By), e.Text, e.Link)
		if waits[key] && e.Plan == nil { // a plan may open again what was said anew meanwhile
			t.Fatalf("%s waits twice", key)
		}
		waits[key] = true
	}
	var back feedback.Feedback
	if err := json.Unmarshal([]byte(dump(t, b)), &back); err != nil || !reflect.DeepEqual(back, b) {
		t.Fatalf("a snapshot reads back as %+v (%v), was %+v", back, err, b)
	}
}
