package discordfake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestCommandsSeen: only what is registered, for whoever may see it, can be used; the app is told of nothing else.
func TestCommandsSeen(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	boss := f.AddUser(discordfake.User{Name: "boss"})
	admin := f.AddRole(discordfake.Role{Name: "admin", Permissions: discordfake.Administrator})
	f.AddMember(discordfake.Member{User: boss, Roles: []string{admin}})
	register(t, f, j{"name": "open", "description": "d"}, j{"name": "closed", "description": "d", "default_member_permissions": "0"})
	answering(t, f, func(j) any { return says("well", 64) })
	quiet := f.AddChannel(discordfake.Channel{Name: "quiet", Overwrites: []discordfake.Overwrite{
		{ID: discordfake.Server, Deny: discordfake.UseCommands},
	}})
	release := []string{"release", "status"}
	for name, c := range map[string]struct {
		who, channel string
		path         []string
		no           string // a part of what the client says; empty: it works
	}{
		"managers":          {ana, discordfake.General, release, ""},
		"others":            {ben, discordfake.General, release, "hidden"},
		"all":               {ben, discordfake.General, []string{"open"}, ""},
		"admins alone":      {ana, discordfake.General, []string{"closed"}, "hidden"},
		"admins":            {boss, discordfake.General, []string{"closed"}, ""},
		"the owner":         {discordfake.Owner, discordfake.General, []string{"closed"}, ""},
		"nowhere":           {ana, discordfake.General, []string{"deploy"}, "no command"},
		"a root":            {ana, discordfake.General, []string{"release"}, "no command"},
		"too far":           {ana, discordfake.General, []string{"release", "status", "now"}, "no command"},
		"a group":           {ana, discordfake.General, []string{"release", "candidate"}, "no command"},
		"in a group":        {ana, discordfake.General, []string{"release", "candidate", "new"}, ""},
		"no commands here":  {ana, quiet, release, "no commands in this channel"},
		"in DMs":            {ana, f.DM(ana), release, "no command"},
		"a menu is no word": {ana, discordfake.General, []string{"Acknowledge"}, "no command"},
	} {
		before := len(f.Deliveries(0))
		r := f.As(c.who).Slash(t.Context(), c.channel, c.path, nil)
		told := len(f.Deliveries(0)) - before
		if c.no == "" && (r.Err != nil || told != 1) || c.no != "" && (!strings.Contains(r.Shown, c.no) || told != 0 || r.Err == nil) {
			t.Errorf("%s: %+v, told %d", name, r, told)
		}
	}
	if all := f.Failures(); len(all) != 9 {
		t.Errorf("%d failures: %v", len(all), all)
	}
}

// TestOverrides: a server's people have the last word.
func TestOverrides(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	register(t, f)
	answering(t, f, func(j) any { return says("well", 64) })
	f.Override(discordfake.Server, "release", ben, true)
	f.Override(discordfake.Server, "release", discordfake.Server, false)
	path := []string{"release", "status"}
	if r := f.As(ben).Slash(t.Context(), discordfake.General, path, nil); r.Err != nil {
		t.Error(r.Err)
	}
	if r := f.As(ana).Slash(t.Context(), discordfake.General, path, nil); r.Err == nil {
		t.Error("a manager still may")
	}
}

// TestGlobalCommands: those for direct messages are found there.
func TestGlobalCommands(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	api(t, f, "PUT", "/applications/"+f.AppID()+"/commands", []any{
		j{"name": "everywhere", "description": "d"}, j{"name": "servers", "description": "d", "contexts": []int{0}},
	})
	answering(t, f, func(j) any { return says("well", 64) })
	for name, want := range map[string]bool{"everywhere": true, "servers": false} {
		if r := f.As(ana).Slash(t.Context(), f.DM(ana), []string{name}, nil); (r.Err == nil) != want {
			t.Errorf("%s: %+v", name, r)
		}
		if r := f.As(ana).Slash(t.Context(), discordfake.General, []string{name}, nil); r.Err != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// TestOptions: a client sends only what the options take.
func TestOptions(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	register(t, f)
	answering(t, f, func(j) any { return says("well", 64) })
	for _, c := range []struct {
		options map[string]any
		no      string
	}{
		{map[string]any{"item": "docs"}, ""},
		{nil, `"item" is required`},
		{map[string]any{"item": "docs", "more": "x"}, `no option "more"`},
		{map[string]any{"item": 3}, "is no text"},
		{map[string]any{"item": strings.Repeat("x", 21)}, "21 characters"},
		{map[string]any{"item": "docs", "vote": "maybe"}, "none of the choices"},
		{map[string]any{"item": "docs", "vote": "no"}, ""},
		{map[string]any{"item": "docs", "days": 10}, "out of bounds"},
		{map[string]any{"item": "docs", "days": 1.5}, "no whole number"},
		{map[string]any{"item": "docs", "days": "1"}, "no number"},
		{map[string]any{"item": "docs", "who": "@nobody"}, "there is no"},
		{map[string]any{"item": "docs", "now": "yes"}, "neither true nor false"},
	} {
		r := f.As(ana).Slash(t.Context(), discordfake.General, []string{"release", "sign"}, c.options)
		if c.no == "" && r.Err != nil || c.no != "" && !strings.Contains(r.Shown, c.no) {
			t.Errorf("%v: %q, want %q", c.options, r.Shown, c.no)
		}
	}
}

// TestAutocomplete: what is typed so far is sent, with what it is typed in, and the proposals are shown.
func TestAutocomplete(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{Patience: 500 * time.Millisecond})
	register(t, f)
	var got any
	answering(t, f, func(i j) any {
		got = i["data"].(j)["options"].([]any)[0].(j)["options"]
		if fmt.Sprint(got) == "[map[focused:true name:item type:3 value:never]]" {
			return nil
		}
		return j{"type": 8, "data": j{"choices": []any{j{"name": "Docs (open)", "value": "docs"}}}}
	})
	sign := []string{"release", "sign"}
	r := f.As(ana).Autocomplete(t.Context(), discordfake.General, sign, map[string]any{"item": "do", "vote": "Yes"}, "item")
	if r.Err != nil || len(r.Choices) != 1 || r.Choices[0].Value != "docs" ||
		fmt.Sprint(got) != "[map[focused:true name:item type:3 value:do] map[name:vote type:3 value:yes]]" {
		t.Errorf("%+v, %v", r, got)
	}
	f.As(ana).Autocomplete(t.Context(), discordfake.General, sign, nil, "item")
	if fmt.Sprint(got) != "[map[focused:true name:item type:3 value:]]" {
		t.Errorf("%v", got)
	}
	if r := f.As(ana).Autocomplete(t.Context(), discordfake.General, sign, nil, "vote"); !strings.Contains(r.Shown, "nothing is proposed") {
		t.Errorf("%+v", r)
	}
	if r := f.As(ana).Autocomplete(t.Context(), discordfake.General, sign, map[string]any{"item": "never"}, "item"); r.Shown != discordfake.Unavailable {
		t.Errorf("%+v", r)
	}
}

// TestPress: buttons are found by their label, the newest first, and their message is edited in place.
func TestPress(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	register(t, f)
	var got j
	answering(t, f, func(i j) any {
		got = i
		switch i["data"].(j)["custom_id"] {
		case "whisper":
			return j{"type": 4, "data": j{"content": "yours", "flags": 64, "components": []any{row(btn("Go", "own"))}, "allowed_mentions": j{"parse": []string{}}}}
		case "own":
			return j{"type": 7, "data": j{"content": "gone on", "components": []any{}, "allowed_mentions": j{"parse": []string{}}}}
		}
		return j{"type": 7, "data": j{"content": "pressed", "allowed_mentions": j{"parse": []string{}}}}
	})
	old := post(t, f, discordfake.General, "old", row(btn("Go", "old"), btn("Whisper", "whisper")))
	newer := post(t, f, discordfake.General, "new", row(btn("Go", "new"), j{"type": 2, "style": 5, "label": "See", "url": "https://example.org/x"}))
	p := f.As(ana)
	r := p.Press(t.Context(), discordfake.General, "Go")
	data := got["data"].(j)
	if r.Err != nil || data["custom_id"] != "new" || data["component_type"] != 2.0 || got["message"].(j)["id"] != newer || !slices.Equal(r.Texts(), []string{"pressed\n[Go] [See]"}) {
		t.Errorf("%+v %v %q", r, got, r.Texts())
	}
	if r := p.PressIn(t.Context(), discordfake.General, old, "Go"); r.Err != nil || got["message"].(j)["id"] != old || r.Messages()[0].Edits != 1 {
		t.Errorf("%+v", r)
	}
	if r := p.Press(t.Context(), discordfake.General, "See"); r.Link != "https://example.org/x" || r.ID != "" {
		t.Errorf("%+v", r)
	}
	if r := p.Press(t.Context(), discordfake.General, "Whisper"); !slices.Equal(r.Texts(), []string{"yours\n[Go]"}) || len(f.Ephemerals(discordfake.General, ben)) != 0 {
		t.Errorf("%+v", r)
	}
	// The newest is now one's own, and an answer to it changes it.
	if r := p.PressNewest(t.Context(), "Go", discordfake.General); got["data"].(j)["custom_id"] != "own" || got["message"].(j)["flags"] != 64.0 || !slices.Equal(r.Texts(), []string{"gone on"}) {
		t.Errorf("%+v %q", r, r.Texts())
	}
	f.Reload(ana)
	if len(f.Ephemerals(discordfake.General, ana)) != 0 {
		t.Error("it is still there")
	}
}

// TestPressNewestDots: a label may have dots behind it, and the newest may be in another channel.
func TestPressNewestDots(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	var got j
	answering(t, f, func(i j) any { got = i; return j{"type": 6} })
	post(t, f, f.DM(ana), "a", row(btn("Sign…", "a")))
	post(t, f, discordfake.General, "b", row(btn("Sign…", "b")))
	f.As(ana).PressNewest(t.Context(), "Sign", f.DM(ana), discordfake.General)
	if got["data"].(j)["custom_id"] != "b" {
		t.Errorf("%v", got["data"])
	}
}

// TestPressOld: Discord refuses what is not there any more, unless the press came first.
func TestPressOld(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{})
	var got j
	answering(t, f, func(i j) any { got = i; return says("well", 64) })
	id := post(t, f, discordfake.General, "old", row(btn("Go", "go"), btn("Stay", "stay")))
	seen := f.Messages(discordfake.General)[0]
	api(t, f, "PATCH", "/channels/"+discordfake.General+"/messages/"+id, j{"content": "new", "components": []any{row(btn("Remain", "stay"))}, "allowed_mentions": j{"parse": []string{}}})
	p := f.As(ana)
	if r := p.PressSeen(t.Context(), seen, "Go"); r.Shown != discordfake.Failed || got != nil {
		t.Errorf("%+v", r)
	}
	if r := p.PressSeen(t.Context(), seen, "Stay"); r.Err != nil || got["message"].(j)["content"] != "new" {
		t.Errorf("%+v", r)
	}
	if r := p.PressRaced(t.Context(), seen, "Go"); r.Err != nil || got["message"].(j)["content"] != "old" || got["data"].(j)["custom_id"] != "go" {
		t.Errorf("%+v", r)
	}
	api(t, f, "DELETE", "/channels/"+discordfake.General+"/messages/"+id, nil)
	got = nil
	if r := p.PressSeen(t.Context(), seen, "Stay"); r.Shown != discordfake.Failed || got != nil {
		t.Errorf("%+v", r)
	}
}

// TestNoAnswer: a client shows that nothing came, by kind, and a form stays.
func TestNoAnswer(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{Patience: 500 * time.Millisecond})
	register(t, f)
	mute := false
	answering(t, f, func(j) any {
		if mute {
			return nil
		}
		return j{"type": 9, "data": form}
	})
	id := post(t, f, discordfake.General, "x", row(btn("Form", "form")))
	p := f.As(ana)
	p.Press(t.Context(), discordfake.General, "Form")
	mute = true
	if r := p.Submit(t.Context(), map[string]string{"note": "n", "pick": "a"}); r.Shown != discordfake.WentWrong {
		t.Errorf("%+v", r)
	}
	if _, open := f.Modal(ana); !open {
		t.Error("the form is gone")
	}
	p.CloseModal()
	if r := p.Press(t.Context(), discordfake.General, "Form"); r.Shown != discordfake.Failed {
		t.Errorf("%+v", r)
	}
	if r := p.ContextMenu(t.Context(), "Acknowledge", discordfake.General, id); r.Shown != discordfake.DidNotRespond {
		t.Errorf("%+v", r)
	}
	if all := f.Failures(); len(all) != 3 {
		t.Errorf("%v", all)
	}
}

// form is one with each kind of field.
var form = j{"custom_id": "rr:form", "title": "Sign", "components": []any{
	j{"type": 10, "content": "Read this"},
	j{"type": 18, "label": "Note", "description": "why", "component": j{"type": 4, "custom_id": "note", "style": 1, "max_length": 10, "value": "old"}},
	j{"type": 18, "label": "More", "component": j{"type": 4, "custom_id": "more", "style": 2, "required": false, "min_length": 3}},
	j{"type": 18, "label": "Pick", "component": j{"type": 3, "custom_id": "pick", "options": []any{j{"label": "A", "value": "a"}, j{"label": "B", "value": "b"}}}},
	j{"type": 18, "label": "People", "component": j{"type": 5, "custom_id": "people", "required": false, "min_values": 0, "max_values": 2}},
}}

// TestSubmit: a form is filled in, checked by the client, and sent with all its fields.
func TestSubmit(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	register(t, f)
	var got j
	answering(t, f, func(i j) any {
		got = i
		if i["type"] == 5.0 {
			return j{"type": 7, "data": j{"content": "signed", "components": []any{}, "allowed_mentions": j{"parse": []string{}}}}
		}
		return j{"type": 9, "data": form}
	})
	id := post(t, f, discordfake.General, "x", row(btn("Form", "form")))
	p := f.As(ana)
	if r := p.Press(t.Context(), discordfake.General, "Form"); r.Answer != discordfake.AnswerModal {
		t.Fatalf("%+v", r)
	}
	m, _ := f.Modal(ana)
	if m.Title != "Sign" || m.ID != "rr:form" || !slices.Equal(m.Lines(), []string{"Read this", "Note: old", "More: ", "Pick: ", "People: "}) {
		t.Errorf("%+v %q", m, m.Lines())
	}
	for _, c := range []struct {
		values map[string]string
		wrong  string
	}{
		{map[string]string{"Note": ""}, "note pick"},
		{map[string]string{"note": strings.Repeat("x", 11)}, "note pick"},
		{map[string]string{"note": "new", "more": "ab"}, "more pick"},
		{map[string]string{"more": "a\nb", "Pick": "A", "people": "@ana; ben"}, ""},
	} {
		r := p.Submit(t.Context(), c.values)
		var wrong []string
		for name := range r.Errors {
			wrong = append(wrong, name)
		}
		slices.Sort(wrong)
		if s := strings.Join(wrong, " "); s != c.wrong || (r.ID == "") != (s != "") {
			t.Errorf("%v: %q, want %q", c.values, s, c.wrong)
		}
	}
	data := got["data"].(j)
	all := fmt.Sprint(data["components"])
	all = strings.NewReplacer(ana, "ANA", ben, "BEN").Replace(all)
	const want = "[map[id:1 type:10] map[component:map[custom_id:note id:3 type:4 value:new] id:2 type:18]" +
		" map[component:map[custom_id:more id:5 type:4 value:a\nb] id:4 type:18]" +
		" map[component:map[custom_id:pick id:7 type:3 values:[a]] id:6 type:18]" +
		" map[component:map[custom_id:people id:9 type:5 values:[ANA BEN]] id:8 type:18]]"
	if all != want || data["resolved"].(j)["users"].(j)[ben] == nil || got["message"].(j)["id"] != id {
		t.Errorf("%s, want\n%s", all, want)
	}
	if _, open := f.Modal(ana); open || f.Messages(discordfake.General)[0].Content != "signed" {
		t.Errorf("%v", f.Messages(discordfake.General))
	}
}

// TestPick: lists and pickers in messages.
func TestPick(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	var got j
	answering(t, f, func(i j) any { got = i["data"].(j); return j{"type": 6} })
	id := post(t, f, discordfake.General, "x",
		row(j{"type": 3, "custom_id": "list", "placeholder": "Choose", "max_values": 2, "options": []any{j{"label": "A", "value": "a"}, j{"label": "B", "value": "b"}}}),
		row(j{"type": 5, "custom_id": "people"}))
	p := f.As(ana)
	p.Pick(t.Context(), discordfake.General, "Choose", "A; b")
	if fmt.Sprint(got["values"]) != "[a b]" || got["component_type"] != 3.0 || got["resolved"] != nil {
		t.Errorf("%v", got)
	}
	p.PickIn(t.Context(), discordfake.General, id, "people", "@ben")
	if fmt.Sprint(got["values"]) != "["+ben+"]" || got["resolved"].(j)["users"].(j)[ben] == nil {
		t.Errorf("%v", got)
	}
}

// TestContextMenu: a message's menu sends the message, whatever it is.
func TestContextMenu(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	register(t, f)
	var got j
	answering(t, f, func(i j) any { got = i["data"].(j); return says("well", 64) })
	id := f.As(ben).Say(t.Context(), discordfake.General, "secret words").Message
	r := f.As(ana).ContextMenu(t.Context(), "Acknowledge", discordfake.General, id)
	if r.Err != nil || got["target_id"] != id || got["type"] != 3.0 || got["resolved"].(j)["messages"].(j)[id].(j)["content"] != "secret words" {
		t.Errorf("%+v %v", r, got)
	}
	if r := f.As(ana).ContextMenu(t.Context(), "Add", discordfake.General, id); r.Err == nil {
		t.Error("there is no such command")
	}
}

// TestSay: what people write has the mentions that their clients make.
func TestSay(t *testing.T) {
	f, ana, ben := crew(t, discordfake.Options{})
	c, _ := ready(t, f, usual)
	p := f.As(ana)
	id := p.Mention(t.Context(), discordfake.General, "sign docs for @ben in #general. See a@ben.org").Message
	d := c.until("MESSAGE_CREATE")["d"].(j)
	want := "<@" + f.BotUser() + "> sign docs for <@" + ben + "> in <#" + discordfake.General + ">. See a@ben.org"
	if d["content"] != want || d["id"] != id || len(d["mentions"].([]any)) != 2 || d["member"].(j)["roles"] == nil || d["guild_id"] != discordfake.Server {
		t.Errorf("%v, want %s", d, want)
	}
	said := post(t, f, discordfake.General, "ask me")
	c.until("MESSAGE_CREATE")
	p.Reply(t.Context(), discordfake.General, said, "what of it")
	d = c.until("MESSAGE_CREATE")["d"].(j)
	if d["content"] != "what of it" || d["type"] != 19.0 || d["referenced_message"].(j)["id"] != said {
		t.Errorf("%v", d)
	}
	p.Edit(discordfake.General, id, "@readyroom other")
	if d = c.until("MESSAGE_UPDATE")["d"].(j); d["content"] != "<@"+f.BotUser()+"> other" || d["edited_timestamp"] == nil {
		t.Errorf("%v", d)
	}
	p.Delete(discordfake.General, id)
	if d = c.until("MESSAGE_DELETE")["d"].(j); d["id"] != id {
		t.Errorf("%v", d)
	}
	if got := f.Rings(f.Messages(discordfake.General)...); !slices.Equal(got, []string{"@readyroom"}) {
		t.Errorf("%q", got)
	}
}

// TestForged: what no client sends can be sent, and another application's cannot be answered.
func TestForged(t *testing.T) {
	f, ana, _ := crew(t, discordfake.Options{Patience: 500 * time.Millisecond})
	type seen struct{ got, out j }
	all := make(chan seen, 1)
	ws, _ := ready(t, f, usual)
	go func() {
		for {
			var frame j
			if ws.ws.ReadJSON(&frame) != nil {
				return
			}
			i := frame["d"].(j)
			_, out := callback(t, f, i, says("x", 64))
			all <- seen{i, out}
		}
	}()
	p := f.As(ana)
	data := func() map[string]any { return map[string]any{"custom_id": "forged", "component_type": 99} }
	answer, err := f.Send(t.Context(), p.Interaction(discordfake.ComponentUse, discordfake.General, data(), discordfake.UserInstall()))
	s := <-all
	got, out := s.got, s.out
	if answer != 4 || err != nil || got["authorizing_integration_owners"].(j)["0"] != nil || got["data"].(j)["component_type"] != 99.0 {
		t.Errorf("%d %v %v", answer, err, got)
	}
	for name, c := range map[string]struct {
		how  discordfake.Forgery
		want func() bool
	}{
		"app":       {discordfake.FromApp("1100000000000000099"), func() bool { return got["application_id"] == "1100000000000000099" && out["code"] == 10062.0 }},
		"server":    {discordfake.FromServer("1100000000000000099"), func() bool { return got["guild_id"] == "1100000000000000099" }},
		"group":     {discordfake.InGroup(), func() bool { return got["context"] == 2.0 && got["member"] == nil && got["user"].(j)["id"] == ana }},
		"no member": {discordfake.Without("member"), func() bool { return got["member"] == nil && got["user"] == nil }},
		"type":      {discordfake.With("type", 99), func() bool { return got["type"] == 99.0 }},
	} {
		answer, err := f.Send(t.Context(), p.Interaction(discordfake.ComponentUse, discordfake.General, data(), c.how))
		s := <-all
		got, out = s.got, s.out
		if !c.want() || (answer == 4) == (name == "app") {
			t.Errorf("%s: %d %v %v %v", name, answer, err, got, out)
		}
	}
}
