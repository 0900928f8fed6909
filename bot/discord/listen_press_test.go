package discord

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
)

// TestPress: a button is a line, whoever presses it; the message that bears it stays as it is.
func TestPress(t *testing.T) {
	e := newEar(t)
	list := with(pressedBy(by(benUser), "rr:sel:0"), object{"data": object{"custom_id": "rr:sel:0", "component_type": 3, "values": []string{"check app@1.0.0"}}})
	for name, tt := range map[string]struct {
		what object
		want string
	}{
		"a button":            {pressedBy(by(benUser), "sign docs ~3f2a9c1.4"), "sign docs ~3f2a9c1.4"},
		"a choice":            {list, "check app@1.0.0"},
		"twin of another":     {pressedBy(by(benUser), "rr:1:sign docs"), "sign docs"},
		"on an old message":   {pressedBy(by(benUser), "brief ack 7 ~2"), "brief ack 7 ~2"},
		"in direct messages":  {pressedBy(inDM(benUser), "todo"), "todo"},
		"of a thread's own":   {pressedBy(with(by(benUser), object{"channel_id": hereThread, "channel": object{"id": hereThread, "type": 12, "parent_id": hereChannel}}), "hold"), "hold"},
		"of an unknown shape": {with(pressedBy(by(benUser), "hold"), object{"message": object{"flags": "64", "components": "?"}}), "hold"},
	} {
		t.Run(name, func(t *testing.T) {
			g := e.does(t, tt.what)
			if g.Type != saysMessage || g.Data.Flags != unseen || !strings.Contains(g.text(), "did ") {
				t.Errorf("answered %s", g.raw)
			}
			got := e.inbox.last(t)
			want := chat.Request{ID: got.ID, By: "discord/" + benUser, At: "discord/" + hereServer + "/" + hereChannel, Text: tt.want, Press: true}
			if name == "in direct messages" {
				want.At = "discord/@" + benUser
			}
			if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(got.ID, "discord/9") {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnknown: what is no button of ours is answered, and asks for nothing.
func TestUnknown(t *testing.T) {
	e := newEar(t)
	all := []object{pressedBy(by(anaUser), ""), pressedBy(by(anaUser), "rr:new:1"), pressedBy(by(anaUser), "rr:sel:0"), pressedBy(by(anaUser), strings.Repeat("x", 101)),
		sentBy(by(anaUser), "other"), sentBy(by(anaUser), "rr:form:"), sentBy(by(anaUser), "rr:form:ABCDEFGHIJ:"), with(by(anaUser), object{"type": 77}), with(by(anaUser), object{"type": "x"}),
		with(pressedBy(by(anaUser), ""), object{"data": 7}), with(by(anaUser), object{"type": 2, "data": nil})}
	for _, o := range all {
		if g := e.does(t, o); g.Type != saysMessage || g.Data.Flags != unseen || len(e.inbox.all()) > 0 {
			t.Errorf("%v is answered with %s", o["data"], g.raw)
		}
	}
	if n := e.Counts().Ignored; n != len(all) {
		t.Errorf("counted %d of %d", n, len(all))
	}
}

// question is a message with buttons that ana alone sees, or everybody.
func question(flags int) object {
	return object{"message": object{"id": "1", "author": object{"id": ourBot, "bot": true}, "flags": flags, "components": []object{
		{"type": 1, "components": []object{{"type": 2, "custom_id": "confirm k3f9"}, {"type": 2, "custom_id": "confirm k3f9 no"}, {"type": 2, "custom_id": "status"}}}}}}
}

// TestQuestion: what its asker alone was asked makes way for what came of it, and nothing else does.
func TestQuestion(t *testing.T) {
	for name, tt := range map[string]struct {
		press object
		kind  int
		late  int
	}{
		"yes":                   {with(pressedBy(by(anaUser), "confirm k3f9"), question(unseen)), changes, changesLater},
		"no":                    {with(pressedBy(by(anaUser), "confirm k3f9 no"), question(unseen)), changes, changesLater},
		"a next step beside it": {with(pressedBy(by(anaUser), "status"), question(unseen)), saysMessage, saysLater},
		"where all see it":      {with(pressedBy(by(anaUser), "confirm k3f9"), question(0)), saysMessage, saysLater},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEar(t)
				if g := e.does(t, tt.press); g.Type != tt.kind || !strings.Contains(g.text(), "did") || !strings.Contains(g.raw, `"components":[]`) {
					t.Errorf("answered %s", g.raw)
				}
				e.inbox.answers(func(context.Context, chat.Request) chat.Reply { time.Sleep(5 * time.Second); return words("out it is") })
				if g := e.does(t, tt.press); g.Type != tt.late {
					t.Errorf("late, answered %s", g.raw)
				}
				e.settles(t)
				if changed, added := e.answers(t); len(changed) != 1 || len(added) > 0 || !strings.Contains(changed[0].text(), "out it is") {
					t.Errorf("changed %+v, added %+v", changed, added)
				}
			})
		})
	}
}

// TestTwice: two presses are two requests, each with an id of its own, which is the interaction's.
func TestTwice(t *testing.T) {
	e := newEar(t)
	e.does(t, pressedBy(by(anaUser), "hold"))
	e.does(t, pressedBy(by(anaUser), "hold"))
	if all := e.inbox.all(); len(all) != 2 || all[0].ID == all[1].ID {
		t.Errorf("asked %+v", all)
	}
}

// TestMenu is what the menu of a message does: a form that begins with what the message is about, and a briefing's button.
func TestMenu(t *testing.T) {
	menu := func(name string, m object) object {
		return with(by(anaUser), object{"type": 2, "data": object{"id": "8", "name": name, "type": 3, "target_id": "55", "resolved": object{"messages": object{"55": m}}}})
	}
	people := object{"id": "55", "channel_id": hereChannel, "author": object{"id": benUser}, "content": "see https://issues.example/7 please", "components": []any{}}
	briefing := object{"id": "55", "channel_id": hereChannel, "author": object{"id": ourBot, "bot": true}, "content": "", "components": []object{
		{"type": 1, "components": []object{{"type": 2, "custom_id": "brief ack 3 ~3f2.1"}}}}}
	e := newEar(t)
	e.inbox.answers(func(_ context.Context, r chat.Request) chat.Reply {
		if strings.Contains(r.Text, "scope add") {
			return chat.Reply{Form: &chat.Form{Title: "Add", Line: "scope add", Fields: []chat.Field{{Key: "what", Label: "What"}}}}
		}
		return words("got it")
	})
	g := e.does(t, menu("Add to release", people))
	if values, _ := g.fields(); g.Type != opens || values["what"] != "https://issues.example/7" {
		t.Errorf("opened %s", g.raw)
	}
	if g := e.does(t, menu("Acknowledge", briefing)); !strings.Contains(g.text(), "got it") || e.inbox.last(t).Text != "brief ack 3 ~3f2.1" || !e.inbox.last(t).Press {
		t.Errorf("answered %s, asked %+v", g.raw, e.inbox.last(t))
	}
	n := len(e.inbox.all())
	forged := with(briefing, object{"author": object{"id": benUser}})
	for name, m := range map[string]object{"Acknowledge": people, "Acknowledge ": briefing, "Acknowledge\u200b": forged} {
		if g := e.does(t, menu(strings.TrimRight(name, "\u200b"), m)); g.Type != saysMessage || len(e.inbox.all()) != n {
			t.Errorf("%q is answered with %s", name, g.raw)
		}
	}
}
