package notes_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

const (
	id    = workflows.ReleaseID("app@1.0.0")
	first = "3f2a9c1000000000000000000000000000000000"
	later = "8be1d02000000000000000000000000000000000"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// log makes commits from subjects, the newest first. A commit's id depends on its subject alone.
func log(subjects ...string) []workflows.Commit {
	var out []workflows.Commit
	for _, s := range subjects {
		out = append(out, workflows.Commit{ID: workflows.Digest(s)[:40], Subject: s})
	}
	return out
}

func found(at string, subjects ...string) workflows.Found {
	return workflows.Found{Commit: workflows.Commit{ID: at}, Since: "aaa", SinceAs: "tag v0.9", Log: log(subjects...)}
}

func by(p workflows.PersonID) workflows.Actor { return workflows.Actor{Person: p} }

func facts() notes.Facts {
	return notes.Facts{Now: monday, Counts: true, Actor: by("ana"), As: workflows.Engineering, Candidate: first, Found: found(first, "feat: one"),
		Standing: workflows.Standing{Release: id, Stage: workflows.GA, Reach: workflows.ReachEveryone, Where: "app 1.0.0 is GA"},
		Channels: []notes.Channel{{Audience: "news", Place: "console/#news", Public: true}}}
}

// act decides a wish and folds what follows. It fails the test when the wish is refused.
func act(t rapid.TB, n notes.Notes, w notes.Wish, f notes.Facts) (notes.Notes, []workflows.Event) {
	t.Helper()
	events, err := notes.Decide(n, w, f)
	if err != nil {
		t.Fatalf("%T: %v", w, err)
	}
	return fold(n, events, f), events
}

func fold(n notes.Notes, events []workflows.Event, f notes.Facts) notes.Notes {
	for _, e := range events {
		n = notes.Evolve(n, record(e, f))
	}
	return n
}

func record(e workflows.Event, f notes.Facts) workflows.Recorded {
	return workflows.Recorded{Header: workflows.Header{Stream: workflows.StreamOf(notes.Room, string(id)), At: f.Now, By: f.Actor}, Event: e}
}

func TestRefusals(t *testing.T) {
	empty := notes.Notes{}
	drafted, _ := act(t, empty, notes.Draft{}, facts())
	approved, _ := act(t, drafted, notes.Approve{}, facts())
	published, _ := act(t, approved, notes.Publish{}, facts())
	byHand, _ := act(t, empty, notes.Edit{Text: "by hand"}, with(func(f *notes.Facts) { f.Candidate = "" }))
	standing := func(s workflows.Stage, r workflows.Reach) func(*notes.Facts) {
		return func(f *notes.Facts) { f.Standing.Stage, f.Standing.Reach = s, r }
	}
	moved := func(f *notes.Facts) { f.Candidate, f.Found.Commit.ID = later, later }
	old := func(f *notes.Facts) { f.Basis = workflows.Basis{Said: true, Revision: 7} }
	for name, c := range map[string]struct {
		state notes.Notes
		wish  notes.Wish
		facts func(*notes.Facts)
		want  workflows.Reason
		why   string // a part of it
	}{
		"draft without a candidate":      {empty, notes.Draft{}, func(f *notes.Facts) { f.Candidate = "" }, workflows.NoCandidate, "app 1.0.0 has no candidate"},
		"draft of another commit":        {empty, notes.Draft{}, func(f *notes.Facts) { f.Candidate = later }, workflows.Changed, "up to 3f2a9c1, but the candidate is 8be1d02"},
		"draft of nothing new":           {drafted, notes.Draft{}, nil, workflows.Unchanged, "since tag v0.9"},
		"edit to nothing":                {drafted, notes.Edit{Text: " \n"}, nil, workflows.Invalid, "without a word"},
		"edit to the same":               {drafted, notes.Edit{Text: drafted.Text + "\r\n"}, nil, workflows.Unchanged, "read so already"},
		"edit too long":                  {drafted, notes.Edit{Text: strings.Repeat("é", 20_001)}, nil, workflows.Invalid, "20001 characters, 20000 is the most"},
		"edit with a direction override": {drafted, notes.Edit{Text: "one\ntwo \u202e"}, nil, workflows.Invalid, "the notes: line 2, character 5: U+202E"},
		"edit of what changed since":     {drafted, notes.Edit{Text: "other"}, old, workflows.Changed, "changed since"},
		"approve nothing":                {empty, notes.Approve{}, nil, notes.NoNotes, "no notes yet"},
		"approve without a candidate":    {byHand, notes.Approve{}, func(f *notes.Facts) { f.Candidate = "" }, workflows.NoCandidate, ""},
		"approve what covers nothing":    {byHand, notes.Approve{}, nil, workflows.ItemStale, "before there was a candidate; it is 3f2a9c1"},
		"approve for an older candidate": {drafted, notes.Approve{}, moved, workflows.ItemStale, "these notes cover up to 3f2a9c1, the candidate is 8be1d02"},
		"approve twice":                  {approved, notes.Approve{}, nil, workflows.Unchanged, "word for word"},
		"approve what changed since":     {drafted, notes.Approve{}, old, workflows.Changed, "the new text waits for approval"},
		"publish nothing":                {empty, notes.Publish{}, nil, notes.NoNotes, ""},
		"publish unapproved":             {drafted, notes.Publish{}, nil, notes.NotApproved, "nobody approved this text for 3f2a9c1"},
		"publish for an older candidate": {approved, notes.Publish{}, moved, workflows.ItemStale, ""},
		"publish what changed since":     {approved, notes.Publish{}, old, workflows.Changed, "the new text is approved"},
		"publish before anyone is in":    {approved, notes.Publish{}, standing(workflows.Before, workflows.ReachNobody), workflows.GateClosed, "what they can have"},
		"publish between the stages":     {approved, notes.Publish{}, standing(workflows.Between, workflows.ReachSome), workflows.GateClosed, ""},
		"publish on hold":                {approved, notes.Publish{}, standing(workflows.GA, workflows.ReachSmaller), workflows.OnHold, ""},
		"publish to nobody":              {approved, notes.Publish{}, func(f *notes.Facts) { f.Channels = []notes.Channel{{Audience: "news"}} }, workflows.NoAudience, "readyroom.yaml"},
		"publish again":                  {published, notes.Publish{}, nil, workflows.Unchanged, "word for word, in every channel"},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts()
			if c.facts != nil {
				c.facts(&f)
			}
			events, err := notes.Decide(c.state, c.wish, f)
			var no *workflows.Refusal
			if !errors.As(err, &no) || events != nil {
				t.Fatalf("not refused: %v, %v", events, err)
			}
			if no.Reason != c.want || !strings.Contains(no.Why, c.why) {
				t.Errorf("got %v, want %s with %q", no, c.want, c.why)
			}
			if len(no.Who) == 0 || len(no.Next) == 0 {
				t.Errorf("%v says not who can or what to type", no)
			}
		})
	}
}

func with(change func(*notes.Facts)) notes.Facts {
	f := facts()
	change(&f)
	return f
}

func TestPublishOnlyWhereMissing(t *testing.T) {
	f := facts()
	n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
	n, _ = act(t, n, notes.Approve{}, f)
	f.Standing.Stage, f.Standing.Reach = workflows.Preview, workflows.ReachSome // preview users may be told
	n, _ = act(t, n, notes.Publish{}, f)
	f.Channels = append(f.Channels, notes.Channel{Audience: "beta", Place: "console/#beta"}, f.Channels[0])
	n, events := act(t, n, notes.Publish{}, f)
	want := []notes.Channel{{Audience: "beta", Place: "console/#beta"}}
	if diff := cmp.Diff(want, events[0].(notes.Published).To); diff != "" {
		t.Errorf("published again (-want +got):\n%s", diff)
	}
	if got := len(n.Out.To); got != 2 {
		t.Errorf("the state knows %d channels, want 2", got)
	}
	effects := notes.Tell(n, record(events[0], f))
	var told []string
	for _, e := range effects {
		told = append(told, e.What+" "+string(e.To.Place)+string(e.To.Release)+" "+e.Slot+e.In)
	}
	if diff := cmp.Diff([]string{"notes console/#beta notes", "card app@1.0.0 card", "history app@1.0.0 card"}, told); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	var post notes.Post
	if err := json.Unmarshal(effects[0].Data, &post); err != nil || post.Text.String() != n.Text || post.Release != id {
		t.Errorf("the delivery carries %s (%v)", effects[0].Data, err)
	}
}

// An approval whose candidate moved away is still a vote that must be withdrawn with its text: the candidate may come
// back.
func TestChangeEndsStaleApprovalToo(t *testing.T) {
	f := facts()
	n, _ := act(t, notes.Notes{}, notes.Draft{}, f)
	n, _ = act(t, n, notes.Approve{}, f)
	moved := with(func(f *notes.Facts) { f.Candidate, f.Found = later, found(later, "chore: two", "feat: one") })
	n, events := act(t, n, notes.Draft{}, moved)
	if e := events[0].(notes.Drafted); e.Unapproved || n.Approved() || n.Text != e.Text {
		t.Errorf("an internal change: %+v, approved %v", e, n.Approved())
	}
	if _, err := notes.Decide(n, notes.Publish{}, moved); err == nil || !strings.Contains(err.Error(), "nobody approved this text for 8be1d02") {
		t.Errorf("published on a vote for another candidate: %v", err)
	}
	moved.Found = found(later, "fix: three", "feat: one")
	if _, events = act(t, n, notes.Draft{}, moved); !events[0].(notes.Drafted).Unapproved {
		t.Error("a draft left the vote for another candidate standing")
	}
	n, events = act(t, n, notes.Edit{Text: "other"}, moved)
	if !events[0].(notes.Edited).Unapproved || len(n.Approvals) != 0 || !n.Public.IsZero() {
		t.Errorf("the edit left the approval: %+v", n)
	}
}

// Several people may approve. Two ways on from one state share no memory, however often it grew.
func TestSeveralApproveAndPublish(t *testing.T) {
	n, _ := act(t, notes.Notes{}, notes.Draft{}, facts())
	as := func(who string) notes.Facts {
		return with(func(f *notes.Facts) {
			f.Actor = by(workflows.PersonID(who))
			f.Channels = []notes.Channel{{Place: workflows.Place("console/#" + who)}}
		})
	}
	for i, who := range []string{"ana", "ben", "cleo", "dan", "eve"} {
		one, _ := act(t, n, notes.Approve{}, as(who))
		one, _ = act(t, one, notes.Publish{}, as(who))
		other, _ := act(t, n, notes.Approve{}, as("other"))
		act(t, other, notes.Publish{}, as("other"))
		if n = one; len(n.Approvals) != i+1 || string(n.Approvals[i].By) != who || !n.Approvals[i].At.Equal(monday) {
			t.Errorf("approvals: %+v", n.Approvals)
		}
		if len(n.Out.To) != i+1 || n.Out.To[i].Place != workflows.Place("console/#"+who) {
			t.Errorf("published to %+v", n.Out.To)
		}
	}
}

func TestOnlyPublishingAsks(t *testing.T) {
	for w, want := range map[notes.Wish]bool{notes.Draft{}: false, notes.Edit{}: false, notes.Approve{}: false, notes.Publish{}: true,
		notes.Publish{At: monday}: true, notes.Publish{Never: true}: false, notes.Correct{}: true, notes.PublishDue{}: false} {
		if got := notes.Asks(notes.Notes{}, w, facts()); got != want {
			t.Errorf("Asks(%T) = %v", w, got)
		}
	}
}

func TestLook(t *testing.T) {
	if diff := cmp.Diff(workflows.Query{Log: true, Since: "v1"}, notes.Draft{From: "v1"}.Look()); diff != "" {
		t.Error(diff)
	}
}
