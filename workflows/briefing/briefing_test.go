package briefing_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
)

const id = workflows.ReleaseID("app@invoices")

var (
	monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	one    = briefing.Fields{Changes: "Invoices can be mailed.", Help: "Settings, Invoices.", Line: "Invoices by mail."}
	two    = briefing.Fields{Changes: "Invoices can be mailed.", Help: "Settings, Billing.", Problems: "PDF only.", Line: "Invoices by mail."}
)

func people(ids ...workflows.PersonID) []workflows.PersonID { return ids }

func facts(who workflows.PersonID) briefing.Facts {
	return briefing.Facts{Now: monday, Actor: workflows.Actor{Person: who}, Standing: workflows.Standing{Release: id},
		Audiences: []briefing.Audience{
			{Name: "support", People: people("mia", "noa", "lea"), Place: "console/#support", Quota: 60},
			{Name: "cs", People: people("kim", "mia"), Quota: 100},
			{Name: "news", Place: "console/#news", Public: true, People: people("eve")},
		}}
}

func act(t rapid.TB, b briefing.Briefing, w briefing.Wish, f briefing.Facts) (briefing.Briefing, []workflows.Event) {
	t.Helper()
	events, err := briefing.Decide(b, w, f)
	if err != nil {
		t.Fatalf("%T: %v", w, err)
	}
	return fold(b, events, f), events
}

func fold(b briefing.Briefing, events []workflows.Event, f briefing.Facts) briefing.Briefing {
	for _, e := range events {
		b = briefing.Evolve(b, record(e, f))
	}
	return b
}

func record(e workflows.Event, f briefing.Facts) workflows.Recorded {
	return workflows.Recorded{Header: workflows.Header{Stream: workflows.StreamOf(briefing.Room, string(id)), At: f.Now, By: f.Actor}, Event: e}
}

func kinds(events []workflows.Event) string {
	var out []string
	for _, e := range events {
		out = append(out, strings.TrimPrefix(e.Kind(), briefing.Room+"."))
	}
	return strings.Join(out, " ")
}

// sent is a briefing that went to support and cs; acked one that everybody needed has read.
func sent(t rapid.TB) briefing.Briefing {
	b, _ := act(t, briefing.Briefing{}, briefing.Draft{Fields: one}, facts("ana"))
	b, _ = act(t, b, briefing.Send{}, facts("ana"))
	return b
}

func acked(t rapid.TB) briefing.Briefing {
	b := sent(t)
	for _, p := range people("mia", "kim", "noa") {
		b, _ = act(t, b, briefing.Ack{}, facts(p))
	}
	return b
}

func TestRefusals(t *testing.T) {
	empty := briefing.Briefing{}
	drafted, _ := act(t, empty, briefing.Draft{Fields: one}, facts("ana"))
	resent, _ := act(t, sent(t), briefing.Draft{Fields: two}, facts("ana"))
	redrafted := resent
	resent, _ = act(t, resent, briefing.Send{Audience: "support"}, facts("ana"))
	edit := func(change func(*briefing.Fields)) briefing.Draft {
		f := one
		change(&f)
		return briefing.Draft{Fields: f}
	}
	for name, c := range map[string]struct {
		state briefing.Briefing
		wish  briefing.Wish
		who   workflows.PersonID
		facts func(*briefing.Facts)
		want  workflows.Reason
		why   string
	}{
		"draft without changes":   {empty, edit(func(f *briefing.Fields) { f.Changes = " " }), "ana", nil, workflows.Invalid, "what changes: "},
		"draft without help":      {empty, edit(func(f *briefing.Fields) { f.Help = "" }), "ana", nil, workflows.Invalid, "how to help a user: "},
		"draft too long":          {empty, edit(func(f *briefing.Fields) { f.Problems = strings.Repeat("é", 4001) }), "ana", nil, workflows.Invalid, "known problems: 4001 characters"},
		"draft that steers":       {empty, edit(func(f *briefing.Fields) { f.Contact = "a\u202e" }), "ana", nil, workflows.Invalid, "whom to ask: line 1, character 2: U+202E"},
		"draft of two lines":      {empty, edit(func(f *briefing.Fields) { f.Line = "a\nb" }), "ana", nil, workflows.Invalid, "one line"},
		"draft of the same":       {drafted, edit(func(f *briefing.Fields) { f.Help += "\r\n" }), "ana", nil, workflows.Unchanged, "reads so already"},
		"draft over another's":    {drafted, briefing.Draft{Fields: two}, "ana", basis(0), workflows.Changed, "somebody else"},
		"send nothing":            {empty, briefing.Send{}, "ana", nil, briefing.NoBriefing, "app invoices has no briefing"},
		"send what changed since": {redrafted, briefing.Send{}, "ana", basis(1), workflows.Changed, ""},
		"send again":              {sent(t), briefing.Send{}, "ana", nil, workflows.Unchanged, "sent there already"},
		"send to a stranger":      {drafted, briefing.Send{Audience: "suport"}, "ana", nil, briefing.UnknownAudience, "suport"},
		"send to the public":      {drafted, briefing.Send{Audience: "news"}, "ana", nil, workflows.NotAllowed, "news is public"},
		"send to nobody":          {drafted, briefing.Send{}, "ana", audiences(), workflows.NoAudience, "readyroom.yaml"},
		"send to the empty":       {drafted, briefing.Send{}, "ana", audiences(briefing.Audience{Name: "cs"}), workflows.NoAudience, "cs has no people"},
		"ack nothing":             {drafted, briefing.Ack{}, "mia", nil, briefing.NoBriefing, ""},
		"ack by an outsider":      {sent(t), briefing.Ack{}, "ana", nil, workflows.NotAllowed, "went to @support, @cs; @ana is in none of them"},
		"ack by the public":       {sent(t), briefing.Ack{}, "eve", nil, workflows.NotAllowed, ""},
		"ack twice":               {acked(t), briefing.Ack{}, "mia", nil, workflows.Unchanged, "already"},
		"ack of an older text":    {resent, briefing.Ack{}, "mia", basis(1), workflows.Changed, "how to help a user, known problems"},
		"ack of a text not sent":  {resent, briefing.Ack{}, "kim", nil, workflows.Changed, "not sent to you yet"},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(c.who)
			if c.facts != nil {
				c.facts(&f)
			}
			events, err := briefing.Decide(c.state, c.wish, f)
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
	_, err := briefing.Decide(drafted, briefing.Send{Audience: "suport"}, facts("ana"))
	var no *workflows.Refusal
	if errors.As(err, &no); !slices.Equal(no.Nearest, []string{"support"}) || !slices.Equal(no.Next, []string{"/release brief send @support"}) {
		t.Errorf("nearest %v, next %v", no.Nearest, no.Next)
	}
}

func basis(revision uint64) func(*briefing.Facts) {
	return func(f *briefing.Facts) { f.Basis = workflows.Basis{Said: true, Revision: revision} }
}

func audiences(a ...briefing.Audience) func(*briefing.Facts) {
	return func(f *briefing.Facts) { f.Audiences = a }
}
