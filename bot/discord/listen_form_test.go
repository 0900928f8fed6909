package discord

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// waiver is a form of two fields, opened at a basis.
var waiver = chat.Form{Title: "Waive docs", Line: "item waive docs", Basis: "~3f2a9c1.4", Submit: "Waive",
	Fields: []chat.Field{{Key: "owner", Label: "Owner", Required: true}, {Key: "reason", Label: "Reason", Long: true, Required: true}}}

// forms has every press open a form, and everything that was sent be answered by f.
func (b *inbox) forms(f chat.Form, sent func(chat.Request) chat.Reply) {
	b.answers(func(_ context.Context, r chat.Request) chat.Reply {
		if len(r.Values) == 0 {
			return chat.Reply{Form: &f}
		}
		return sent(r)
	})
}

func did(r chat.Request) chat.Reply { return words("waived " + r.Values["reason"]) }

// TestForm: a form opens as it is filled in, and comes back as the press of its line with what was entered.
func TestForm(t *testing.T) {
	e := newEar(t)
	e.inbox.forms(waiver, did)
	g := e.does(t, pressedBy(by(anaUser), "item waive docs ~3f2a9c1.4"))
	if g.Type != opens || g.Data.Title != "Waive docs" || len(g.Data.Components) != 2 || len(g.Data.ID) > 100 {
		t.Fatalf("opened %s", g.raw)
	}
	g = e.does(t, sentBy(by(anaUser), g.Data.ID, "owner", "ben", "reason", "it rains"))
	if g.Type != saysMessage || g.Data.Flags != unseen || !strings.Contains(g.text(), "waived it rains") {
		t.Errorf("answered %s", g.raw)
	}
	want := chat.Request{ID: "discord/900000000000000002", By: "discord/" + anaUser, At: "discord/" + hereServer + "/" + hereChannel, Text: "item waive docs ~3f2a9c1.4",
		Press: true, Values: map[string]string{"owner": "ben", "reason": "it rains"}}
	if diff := cmp.Diff(want, e.inbox.last(t)); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// TestFormWrong: a form that is wrong is said to be, at its fields, and opens again with all that was entered, for whoever
// entered it and nobody else.
func TestFormWrong(t *testing.T) {
	for name, no := range map[string]chat.Reply{
		"a field":              {Form: &waiver, Wrong: map[string]string{"reason": "says too little"}},
		"a field, in words":    {Refusal: workflows.Refuse("invalid", "reason: says too little"), Wrong: map[string]string{"reason": "says too little"}},
		"without its own form": {Wrong: map[string]string{"reason": "says too little"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			e.inbox.forms(waiver, func(chat.Request) chat.Reply { return no })
			id := e.does(t, pressedBy(by(anaUser), "item waive docs ~3f2a9c1.4")).Data.ID
			g := e.does(t, sentBy(by(anaUser), id, "owner", "ben", "reason", "no"))
			again := g.buttons()[opensAgain]
			if g.Type != saysMessage || !strings.Contains(g.text(), "says too little") || again == "" || len(again) > 100 {
				t.Fatalf("answered %s", g.raw)
			}
			asked := len(e.inbox.all())
			g = e.does(t, pressedBy(by(anaUser), again))
			values, hints := g.fields()
			if g.Type != opens || values["owner"] != "ben" || values["reason"] != "no" || !strings.Contains(hints["reason"], "says too little") || hints["owner"] != "" {
				t.Errorf("opened %s", g.raw)
			}
			if len(e.inbox.all()) != asked {
				t.Error("the handler was asked to open what is known")
			}
			if g := e.does(t, pressedBy(by(benUser), again)); strings.Contains(g.raw, `"no"`) {
				t.Errorf("somebody else reads %s", g.raw)
			}
			e.inbox.forms(waiver, did)
			g = e.does(t, sentBy(by(anaUser), g.Data.ID, "owner", "ben", "reason", "it rains"))
			if !strings.Contains(g.text(), "waived it rains") {
				t.Errorf("answered %s", g.raw)
			}
		})
	}
}

// TestFormRestarted: after a restart a form still means its line; what has no room in its id is told with all that was
// entered, and how to go on.
func TestFormRestarted(t *testing.T) {
	wordy := waiver
	wordy.Line = "item waive " + strings.Repeat("docs,", 20) + "x"
	for name, f := range map[string]chat.Form{"short": waiver, "long": wordy} {
		t.Run(name, func(t *testing.T) {
			e := newEar(t)
			e.inbox.forms(f, did)
			id := e.does(t, pressedBy(by(anaUser), "item waive docs")).Data.ID
			for _, restarted := range []bool{false, true} {
				if restarted {
					e.replies.forms = drafts{}
				}
				asked := len(e.inbox.all())
				g := e.does(t, sentBy(by(anaUser), id, "owner", "ben", "reason", "it rains"))
				if len(id) > 100 {
					t.Errorf("an id of %d bytes", len(id))
				}
				if name == "long" && restarted {
					if len(e.inbox.all()) != asked || !strings.Contains(g.text(), "it rains") || !strings.Contains(g.text(), "/release item waive …") {
						t.Errorf("answered %s", g.raw)
					}
					continue
				}
				if got := e.inbox.last(t); got.Text != f.Value() || !got.Press || !strings.Contains(g.text(), "waived") {
					t.Errorf("restarted %v: asked %+v", restarted, got)
				}
			}
		})
	}
}

// TestFormAgainRestarted: the button that opens a form again opens it after a restart too, or says what to type.
func TestFormAgainRestarted(t *testing.T) {
	wordy := waiver
	wordy.Line = "item waive " + strings.Repeat("docs,", 20) + "x"
	for name, f := range map[string]chat.Form{"short": waiver, "long": wordy} {
		e := newEar(t)
		e.inbox.forms(f, func(chat.Request) chat.Reply {
			return chat.Reply{Form: &f, Wrong: map[string]string{"reason": "is needed"}}
		})
		id := e.does(t, pressedBy(by(anaUser), "item waive docs")).Data.ID
		again := e.does(t, sentBy(by(anaUser), id, "owner", "ben", "reason", "")).buttons()[opensAgain]
		e.replies.forms = drafts{}
		g := e.does(t, pressedBy(by(anaUser), again))
		if name == "short" && (g.Type != opens || e.inbox.last(t).Text != f.Value() || !e.inbox.last(t).Press) {
			t.Errorf("short: opened %s", g.raw)
		}
		if name == "long" && (g.Type != saysMessage || !strings.Contains(g.text(), "/release item waive …")) {
			t.Errorf("long: answered %s", g.raw)
		}
	}
}

// TestFormAfterForm: Discord opens no form in answer to a form: a button stands between them.
func TestFormAfterForm(t *testing.T) {
	e := newEar(t)
	next := chat.Form{Title: "Confirm", Line: "confirm k3f9", Fields: []chat.Field{{Key: "answer", Label: "Type 1.0.0", Required: true}}}
	e.inbox.forms(waiver, func(chat.Request) chat.Reply { return chat.Reply{Form: &next} })
	id := e.does(t, pressedBy(by(anaUser), "item waive docs")).Data.ID
	g := e.does(t, sentBy(by(anaUser), id, "owner", "ben", "reason", "it rains"))
	open := g.buttons()[opensForm]
	if g.Type != saysMessage || open == "" {
		t.Fatalf("answered %s", g.raw)
	}
	e.inbox.answers(nil)
	g = e.does(t, pressedBy(by(anaUser), open))
	if g.Type != opens || g.Data.Title != "Confirm" {
		t.Fatalf("opened %s", g.raw)
	}
	e.does(t, sentBy(by(anaUser), g.Data.ID, "answer", "1.0.0"))
	if got := e.inbox.last(t); got.Text != "confirm k3f9" || got.Press || got.Values["answer"] != "1.0.0" {
		t.Errorf("asked %+v", got)
	}
}

// many is a form of so many fields, the first of them required.
func many(n int) chat.Form {
	f := chat.Form{Title: "New release", Line: "new", Submit: "Open it"}
	for i := range n {
		f.Fields = append(f.Fields, chat.Field{Key: fmt.Sprint("f", i), Label: fmt.Sprint("Field ", i), Required: i == 0, Value: fmt.Sprint("was", i)})
	}
	return f
}

// TestFormInParts: a form of more fields than Discord's goes over several of them; nothing is asked before it is sent, and
// what was not looked at stays as it was.
func TestFormInParts(t *testing.T) {
	for _, way := range []string{goesOn, asItIs} {
		t.Run(way, func(t *testing.T) {
			e := newEar(t)
			e.inbox.forms(many(8), did)
			g := e.does(t, pressedBy(by(anaUser), "new"))
			g = e.does(t, sentBy(by(anaUser), g.Data.ID, "f0", "a", "f1", "", "f2", "c", "f3", "d", "f4", "e"))
			if len(e.inbox.all()) != 1 || !strings.Contains(g.text(), "Part 1 of 2") || g.buttons()[goesOn] == "" {
				t.Fatalf("answered %s", g.raw)
			}
			want := map[string]string{"f0": "a", "f1": "", "f2": "c", "f3": "d", "f4": "e", "f5": "was5", "f6": "was6", "f7": "was7"}
			g = e.does(t, pressedBy(by(anaUser), g.buttons()[way]))
			if way == goesOn {
				if values, _ := g.fields(); g.Type != opens || len(values) != 3 || values["f6"] != "was6" {
					t.Fatalf("opened %s", g.raw)
				}
				e.does(t, sentBy(by(anaUser), g.Data.ID, "f5", "", "f6", "g", "f7", "was7"))
				want["f5"], want["f6"] = "", "g"
			}
			got := e.inbox.last(t)
			if diff := cmp.Diff(want, got.Values); diff != "" || got.Text != "new" || len(e.inbox.all()) != 2 {
				t.Errorf("asked %q (-want +got):\n%s", got.Text, diff)
			}
		})
	}
}

// TestFormPartLost: the second part of a form whose first one is forgotten is not carried out alone.
func TestFormPartLost(t *testing.T) {
	e := newEar(t)
	e.inbox.forms(many(8), did)
	g := e.does(t, pressedBy(by(anaUser), "new"))
	g = e.does(t, sentBy(by(anaUser), g.Data.ID, "f0", "a"))
	part, send := g.buttons()[goesOn], g.buttons()[asItIs]
	id := e.does(t, pressedBy(by(anaUser), part)).Data.ID
	e.replies.forms = drafts{}
	asked := len(e.inbox.all())
	if g := e.does(t, sentBy(by(anaUser), id, "f6", "golden")); !strings.Contains(g.text(), "golden") || !strings.Contains(g.text(), "/release new") {
		t.Errorf("answered %s", g.raw)
	}
	if g := e.does(t, pressedBy(by(anaUser), send)); !strings.Contains(g.text(), "/release new") {
		t.Errorf("answered %s", g.raw)
	}
	if len(e.inbox.all()) != asked {
		t.Error("something was carried out")
	}
}

// TestFormWrongPart: what is wrong is shown where it is.
func TestFormWrongPart(t *testing.T) {
	e := newEar(t)
	f := many(8)
	e.inbox.forms(f, func(chat.Request) chat.Reply { return chat.Reply{Form: &f, Wrong: map[string]string{"f6": "no date"}} })
	g := e.does(t, pressedBy(by(anaUser), "new"))
	g = e.does(t, sentBy(by(anaUser), g.Data.ID, "f0", "a", "f1", "b", "f2", "c", "f3", "d", "f4", "e"))
	g = e.does(t, pressedBy(by(anaUser), g.buttons()[goesOn]))
	g = e.does(t, sentBy(by(anaUser), g.Data.ID, "f5", "f", "f6", "soon", "f7", "h"))
	g = e.does(t, pressedBy(by(anaUser), g.buttons()[opensAgain]))
	if values, hints := g.fields(); values["f6"] != "soon" || !strings.Contains(hints["f6"], "no date") {
		t.Errorf("opened %s", g.raw)
	}
}

// TestFormLate: what comes of a form late stands where it was said to follow.
func TestFormLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEar(t)
		e.inbox.forms(waiver, func(chat.Request) chat.Reply {
			time.Sleep(5 * time.Second)
			return chat.Reply{Form: &waiver, Wrong: map[string]string{"reason": "is needed"}}
		})
		id := e.does(t, pressedBy(by(anaUser), "item waive docs")).Data.ID
		if g := e.does(t, sentBy(by(anaUser), id, "owner", "ben", "reason", "")); g.Type != saysLater {
			t.Errorf("answered %s", g.raw)
		}
		e.settles(t)
		changed, _ := e.answers(t)
		if len(changed) != 1 || !strings.Contains(changed[0].text(), "is needed") {
			t.Fatalf("changed %+v", changed)
		}
		if values, _ := e.does(t, pressedBy(by(anaUser), changed[0].buttons()[opensAgain])).fields(); values["owner"] != "ben" {
			t.Errorf("opened with %v", values)
		}
	})
}

// TestDrafts: what is remembered of forms is bounded, for each and for all, and forgotten after an hour.
func TestDrafts(t *testing.T) {
	var s drafts
	now := time.Now()
	first := s.keep(draft{user: anaUser}, now)
	for range draftsEach {
		if _, ok := s.find(first, anaUser, now); !ok {
			t.Fatal("forgotten too early")
		}
		s.keep(draft{user: anaUser}, now)
	}
	if _, ok := s.find(first, anaUser, now); ok {
		t.Error("one person keeps too many")
	}
	mine := s.keep(draft{user: anaUser}, now)
	for i := range 2 * maxDrafts {
		s.keep(draft{user: fmt.Sprint(i)}, now)
	}
	if len(s.of) > maxDrafts || len(s.order) != len(s.of) {
		t.Errorf("it holds %d", len(s.of))
	}
	if _, ok := s.find(mine, anaUser, now); ok {
		t.Error("all together keep too many")
	}
	mine = s.keep(draft{user: anaUser}, now)
	for user, at := range map[string]time.Time{benUser: now, anaUser: now.Add(draftFor + 1)} {
		if _, ok := s.find(mine, user, at); ok {
			t.Errorf("%s finds it at %s", user, at)
		}
	}
}
