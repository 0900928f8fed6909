package briefing_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
)

// TestStory follows one briefing: sent, read, changed, sent to one audience, then to the other, and countered.
func TestStory(t *testing.T) {
	b := sent(t)
	for _, c := range []struct {
		who  workflows.PersonID
		want string
	}{{"mia", "acked"}, {"kim", "acked"}, {"noa", "acked quota_met"}, {"lea", "acked"}} {
		var events []workflows.Event
		if b, events = act(t, b, briefing.Ack{}, facts(c.who)); kinds(events) != c.want {
			t.Fatalf("%s: %s, want %s", c.who, kinds(events), c.want)
		}
	}
	steps := []struct {
		wish briefing.Wish
		who  workflows.PersonID
		want string
	}{
		{briefing.Draft{Fields: two}, "ana", "drafted"},
		{briefing.Send{Audience: "support"}, "ana", "sent quota_lost"},
		{briefing.Ack{}, "mia", "acked"},
		{briefing.Ack{}, "noa", "acked"}, // enough of support, but cs has the old text
		{briefing.Send{}, "ana", "sent"},
		{briefing.Ack{}, "kim", "acked quota_met"},
		{briefing.Draft{Fields: one}, "ana", "drafted"},
		{briefing.Send{}, "ana", "sent quota_met"}, // all of them read this very text before
		{briefing.Counter{Stage: workflows.Before, Why: "errors"}, "ana", "countered quota_lost"},
	}
	for i, s := range steps {
		var events []workflows.Event
		if b, events = act(t, b, s.wish, facts(s.who)); kinds(events) != s.want {
			t.Fatalf("step %d %T: %s, want %s", i, s.wish, kinds(events), s.want)
		}
		if s, ok := events[0].(briefing.Sent); ok && i == 4 {
			if diff := cmp.Diff([]workflows.Audience{"cs"}, s.To); diff != "" {
				t.Errorf("sent to (-want +got):\n%s", diff)
			}
		}
	}
	if diff := cmp.Diff([]string{"how to help a user", "known problems"}, b.Changed); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	_, events := act(t, b, briefing.Counter{}, facts("ana"))
	if diff := cmp.Diff(people("kim", "lea", "mia", "noa"), events[0].(briefing.Countered).To); diff != "" {
		t.Errorf("countered to (-want +got):\n%s", diff)
	}
	if b.Counter == nil || b.Counter.Why != "errors" || b.Met != "" {
		t.Errorf("state %+v", b)
	}
}

func TestLateJoiners(t *testing.T) {
	b := acked(t)
	f := facts("lea")
	f.Audiences[0].People = people("mia", "noa", "lea", "uma", "vic", "wil")
	b, events := act(t, b, briefing.Ack{}, f)
	if kinds(events) != "acked quota_lost" || b.Met != "" {
		t.Errorf("%s, met %q", kinds(events), b.Met)
	}
	f.Actor.Person = "vic"
	if _, events = act(t, b, briefing.Ack{}, f); kinds(events) != "acked quota_met" {
		t.Errorf("%s", kinds(events))
	}
}

// Whoever read the new text elsewhere does not make up for an audience that was not sent it.
func TestOldTextIsNotMet(t *testing.T) {
	f := facts("mia")
	f.Audiences = []briefing.Audience{{Name: "support", People: people("mia", "mia")}, {Name: "cs", People: people("mia")}}
	b, _ := act(t, briefing.Briefing{}, briefing.Draft{Fields: one}, f)
	b, _ = act(t, b, briefing.Send{}, f)
	b, _ = act(t, b, briefing.Draft{Fields: two}, f)
	b, _ = act(t, b, briefing.Send{Audience: "cs"}, f)
	b, events := act(t, b, briefing.Ack{}, f)
	if kinds(events) != "acked" {
		t.Errorf("%s though support has the old text", kinds(events))
	}
	want := []briefing.AudienceProgress{{Name: "support", Outdated: true, Acked: 1, Of: 1, Needed: 1}, {Name: "cs", Acked: 1, Of: 1, Needed: 1, Met: true}}
	if diff := cmp.Diff(want, briefing.Progress(b, f.Audiences)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// An audience that became public, or is gone, never counts as briefed and is shown nothing.
func TestAudienceGone(t *testing.T) {
	for name, rest := range map[string][]briefing.Audience{
		"public": {facts("ana").Audiences[0], {Name: "cs", Public: true, People: people("mia")}},
		"gone":   {facts("ana").Audiences[0]},
	} {
		t.Run(name, func(t *testing.T) {
			b := sent(t)
			f := facts("mia")
			f.Audiences = rest
			b, events := act(t, b, briefing.Ack{}, f)
			if diff := cmp.Diff([]workflows.Audience{"support"}, events[0].(briefing.Acked).Shown); diff != "" {
				t.Errorf("shown in (-want +got):\n%s", diff)
			}
			f.Actor.Person = "kim"
			f.Audiences = append(slices.Clone(rest), briefing.Audience{Name: "cs", Public: true, People: people("kim")})
			if _, err := briefing.Decide(b, briefing.Ack{}, f); err == nil || !strings.Contains(err.Error(), string(workflows.NotAllowed)) {
				t.Errorf("somebody of no internal audience counts: %v", err)
			}
			f.Actor.Person, f.Audiences = "noa", rest
			if b, events = act(t, b, briefing.Ack{}, f); kinds(events) != "acked" {
				t.Errorf("%s though cs cannot be briefed", kinds(events))
			}
			b, _ = act(t, b, briefing.Draft{Fields: two}, f)
			b, events = act(t, b, briefing.Send{}, f)
			if e := events[0].(briefing.Sent); !slices.Equal(e.Gone, []workflows.Audience{"cs"}) || len(b.To) != 1 {
				t.Errorf("gone %v, left %v", e.Gone, b.To)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	b, _ := act(t, sent(t), briefing.Ack{}, facts("mia"))
	want := []briefing.AudienceProgress{
		{Name: "support", Acked: 1, Of: 3, Needed: 2, Missing: people("noa", "lea")},
		{Name: "cs", Acked: 1, Of: 2, Needed: 2, Missing: people("kim")},
	}
	if diff := cmp.Diff(want, briefing.Progress(b, facts("ana").Audiences)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if b.LastSent() != monday {
		t.Errorf("last sent %v", b.LastSent())
	}
	b, _ = act(t, b, briefing.Draft{Fields: two}, facts("ana"))
	b, _ = act(t, b, briefing.Send{Audience: "cs"}, facts("ana"))
	if got := briefing.Progress(b, facts("ana").Audiences)[0]; !got.Outdated || got.Met || got.Missing != nil || got.Acked != 0 {
		t.Errorf("support has an old text: %+v", got)
	}
}

func TestTell(t *testing.T) {
	f := facts("mia")
	b := acked(t)
	for _, c := range []struct {
		event workflows.Event
		want  []string
	}{
		{briefing.Sent{To: []workflows.Audience{"support", "cs"}}, []string{"briefing support briefing", "briefing cs briefing", "card app@invoices card", "history app@invoices card"}},
		{briefing.Acked{Person: "mia", Shown: []workflows.Audience{"cs"}}, []string{"briefing cs briefing", "card app@invoices card"}},
		{briefing.Drafted{}, []string{"card app@invoices card", "history app@invoices card"}},
		{briefing.QuotaMet{}, []string{"card app@invoices card", "history app@invoices card"}},
		{briefing.QuotaLost{}, []string{"card app@invoices card", "history app@invoices card"}},
	} {
		var got []string
		for _, e := range briefing.Tell(b, record(c.event, f)) {
			got = append(got, e.What+" "+string(e.To.Audience)+string(e.To.Release)+" "+e.Slot+e.In)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.event.Kind(), diff)
		}
	}
}

func TestCounterOfNothing(t *testing.T) {
	if events, err := briefing.Decide(briefing.Briefing{}, briefing.Counter{}, facts("ana")); events != nil || err != nil {
		t.Errorf("nothing was sent, yet %v, %v", events, err)
	}
}

// What a rollback undid is not read any more: it cannot be acknowledged, it can be sent again as it is, and then
// everybody reads it anew.
func TestAfterARollback(t *testing.T) {
	b := acked(t)
	b, _ = act(t, b, briefing.Counter{Why: "errors"}, facts("ana"))
	if _, err := briefing.Decide(b, briefing.Ack{}, facts("kim")); err == nil {
		t.Error("what no longer holds can be acknowledged")
	}
	for _, p := range briefing.Progress(b, facts("ana").Audiences) {
		if p.Met || p.Acked != 0 || len(p.Missing) != 0 {
			t.Errorf("after the rollback %+v", p)
		}
	}
	b, events := act(t, b, briefing.Send{}, facts("ana"))
	if kinds(events) != "sent" || b.Counter != nil {
		t.Errorf("sent again: %s, counter %v", kinds(events), b.Counter)
	}
	if _, events = act(t, b, briefing.Ack{}, facts("mia")); kinds(events) != "acked" {
		t.Errorf("read again: %s", kinds(events))
	}
}

func TestOnlySendingAsks(t *testing.T) {
	for _, w := range []briefing.Wish{briefing.Draft{}, briefing.Send{}, briefing.Ack{}, briefing.Counter{}} {
		_, want := w.(briefing.Send)
		if got := briefing.Asks(briefing.Briefing{}, w, facts("ana")); got != want {
			t.Errorf("Asks(%T) = %v", w, got)
		}
	}
}

// Two ways on from one state share no memory, however often it grew.
func TestTwoWaysOn(t *testing.T) {
	all := people("ana", "ben", "cleo", "dan", "eve")
	as := func(who workflows.PersonID) briefing.Facts {
		f := facts(who)
		f.Audiences = []briefing.Audience{{Name: "support", People: append(people("other"), all...)}, {Name: "cs", People: all}}
		return f
	}
	b := sent(t)
	for i, who := range all {
		next, _ := act(t, b, briefing.Ack{}, as(who))
		act(t, b, briefing.Ack{}, as("other"))
		if b = next; b.Acks[i].Person != who {
			t.Errorf("acknowledged by %+v", b.Acks)
		}
	}
}
