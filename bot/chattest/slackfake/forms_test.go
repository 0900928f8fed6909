package slackfake_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/chattest/wire"
)

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject("plain_text", s, false, false)
}

func button(label, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement("act:"+label, value, plain(label))
}

// form asks for a name (needed), a note, one of two stages, and a person.
func form() slack.ModalViewRequest {
	stage := slack.NewOptionsSelectBlockElement("static_select", plain("choose"), "stage",
		slack.NewOptionBlockObject("beta", plain("Beta"), nil), slack.NewOptionBlockObject("ga", plain("General"), nil))
	note := slack.NewInputBlock("b-note", plain("Note"), nil, slack.NewPlainTextInputBlockElement(nil, "note"))
	note.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain("New release"), Submit: plain("Create"), Close: plain("Cancel"), PrivateMetadata: "p",
		NotifyOnClose: true, CallbackID: "new",
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("b-name", plain("Name"), nil, slack.NewPlainTextInputBlockElement(nil, "name").WithMaxLength(5)),
			note,
			slack.NewInputBlock("b-stage", plain("Stage"), nil, stage),
			slack.NewInputBlock("b-who", plain("Who"), nil, slack.NewOptionsSelectBlockElement("users_select", nil, "who")),
			slack.NewActionBlock("b-more", button("More", "m")),
		}},
	}
}

// TestForm opens one from a command, and walks through every answer that a submission can get.
func TestForm(t *testing.T) {
	f, api := acme(t, slackfake.Options{})
	a := newApp(t, f)
	u := f.As("U0ANA")
	u.Slash(t.Context(), "C0APP", "/release", "new")
	if _, err := api.OpenViewContext(t.Context(), a.last(t).form.Get("trigger_id"), form()); err != nil {
		t.Fatal(err)
	}
	if v, ok := f.Modal("U0ANA"); !ok || v.Title != "New release" || len(v.Inputs) != 4 || v.Inputs[1].Optional != true {
		t.Fatalf("modal: %+v", v)
	}
	before := len(f.Deliveries(""))
	r := u.Submit(t.Context(), map[string]string{"Name": "too long", "b-note": "", "stage": "General"})
	want := map[string]string{"b-name": "Please enter 0 to 5 characters.", "b-who": "Please complete this required field."}
	if diff := cmp.Diff(want, r.Errors); diff != "" || len(f.Deliveries("")) != before {
		t.Errorf("the client's own errors, nothing sent:\n%s", diff)
	}
	a.answers(200, `{"response_action":"errors","errors":{"b-name":"is taken"}}`)
	r = u.Submit(t.Context(), map[string]string{"Name": "1.4", "Who": "@ben"})
	if v, _ := f.Modal("U0ANA"); r.Errors["b-name"] != "is taken" || v.Errors["b-name"] != "is taken" {
		t.Errorf("errors: %+v, %+v", r.Errors, v.Errors)
	}
	c := a.interaction(t)
	state := c.View.State.Values
	if c.Type != slack.InteractionTypeViewSubmission || c.View.PrivateMetadata != "p" || state["b-name"]["name"].Value != "1.4" ||
		state["b-stage"]["stage"].SelectedOption.Value != "ga" || state["b-who"]["who"].SelectedUser != "U0BEN" || c.User.TeamID != slackfake.Team {
		t.Errorf("submission: %+v", state)
	}
	a.answers(200, `{"response_action":"errors","errors":{"b-more":"no input"}}`)
	if r := u.Submit(t.Context(), nil); !strings.HasPrefix(r.Shown, "invalid_response") {
		t.Errorf("an error at no input: %+v", r)
	}
	next := form()
	next.Title = plain("Sure?")
	text, err := json.Marshal(map[string]any{"response_action": "push", "view": next})
	if err != nil {
		t.Fatal(err)
	}
	a.answers(200, string(text))
	u.Submit(t.Context(), nil)
	if v, _ := f.Modal("U0ANA"); v.Title != "Sure?" || len(f.Modals("U0ANA")) != 2 {
		t.Errorf("pushed: %+v", v)
	}
	a.answers(200, "")
	u.CloseModal(t.Context())
	if c := a.interaction(t); c.Type != slack.InteractionTypeViewClosed || len(f.Modals("U0ANA")) != 1 {
		t.Errorf("closed: %v", c.Type)
	}
	if u.Submit(t.Context(), nil); len(f.Modals("U0ANA")) != 0 {
		t.Error("an empty answer closes the form")
	}
}

// TestTriggers can be used once, within three seconds.
func TestTriggers(t *testing.T) {
	clock := wire.NewClock(time.Now()) // the app of these tests verifies on the real clock
	f, api := acme(t, slackfake.Options{Now: clock.Now})
	a := newApp(t, f)
	a.answers(200, "")
	trigger := func() string {
		return rawForm(t, f, a)
	}
	open := func(id string) string {
		_, err := api.OpenViewContext(t.Context(), id, form())
		return errorName(err)
	}
	id := trigger()
	first := open(id)
	second := open(id)
	late := trigger()
	clock.Pass(slackfake.TriggerLife + 1)
	if got, want := []string{first, second, open(late), open("1.2.3")}, []string{"", "exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func rawForm(t *testing.T, f *slackfake.Fake, a *app) string {
	t.Helper()
	if r := f.As("U0BEN").Slash(t.Context(), "C0APP", "/release", "new"); r.Err != nil {
		t.Fatal(r.Err)
	}
	return a.last(t).form.Get("trigger_id")
}

// TestViewUpdate finds a view by its id or its own, and refuses an old hash.
func TestViewUpdate(t *testing.T) {
	f, api := acme(t, slackfake.Options{})
	a := newApp(t, f)
	v := form()
	v.ExternalID = "mine"
	opened, err := api.OpenViewContext(t.Context(), rawForm(t, f, a), v)
	if err != nil {
		t.Fatal(err)
	}
	update := func(external, hash, id string) string {
		_, err := api.UpdateViewContext(t.Context(), v, external, hash, id)
		return errorName(err)
	}
	v.Title = plain("Changed")
	got := []string{
		update("", opened.Hash, opened.ID), update("", opened.Hash, opened.ID), update("mine", "", ""), update("", "", "V1"),
	}
	if want := []string{"", "hash_conflict", "", "not_found"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	f.As("U0BEN").CloseModal(t.Context())
	if got := update("", "", opened.ID); got != "not_found" {
		t.Errorf("of a closed one: %q", got)
	}
}

// TestPress finds what is pressed as a person does, and tells the app where it was.
func TestPress(t *testing.T) {
	f, api := acme(t, slackfake.Options{})
	a := newApp(t, f)
	post := func(text string, elements ...slack.BlockElement) string {
		_, ts, err := api.PostMessageContext(t.Context(), "C0APP", slack.MsgOptionText(text, false), slack.MsgOptionBlocks(slack.NewActionBlock("row", elements...)))
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	menu := slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("hold", plain("Hold"), nil), slack.NewOptionBlockObject("drop", plain("Drop"), nil))
	list := slack.NewOptionsSelectBlockElement("static_select", plain("Stage"), "stage", slack.NewOptionBlockObject("ga", plain("General"), nil))
	old := post("old", button("Sign", "old"))
	post("new", button("Sign", "new"), menu, list)
	ana := f.As("U0ANA")

	ana.Press(t.Context(), "C0APP", "Sign")
	c := a.interaction(t)
	if c.ActionCallback.BlockActions[0].Value != "new" || c.Message.Text != "new" || c.Container.ChannelID != "C0APP" || c.ResponseURL == "" || c.TriggerID == "" {
		t.Errorf("pressed: %+v", c)
	}
	ana.PressIn(t.Context(), "C0APP", old, "Sign")
	if c := a.interaction(t); c.ActionCallback.BlockActions[0].Value != "old" {
		t.Errorf("in the old one: %+v", c.ActionCallback.BlockActions[0])
	}
	ana.Press(t.Context(), "C0APP", "Drop")
	if c := a.interaction(t); c.ActionCallback.BlockActions[0].SelectedOption.Value != "drop" {
		t.Errorf("a line of a menu: %+v", c.ActionCallback.BlockActions[0])
	}
	ana.Pick(t.Context(), "C0APP", "Stage", "General")
	if c := a.interaction(t); c.ActionCallback.BlockActions[0].SelectedOption.Value != "ga" {
		t.Errorf("of a list: %+v", c.ActionCallback.BlockActions[0])
	}
	if _, err := api.PostEphemeralContext(t.Context(), "C0APP", "U0ANA", slack.MsgOptionText("only ana", false), slack.MsgOptionBlocks(slack.NewActionBlock("row", button("Sign", "hers")))); err != nil {
		t.Fatal(err)
	}
	f.As("U0BEN").Press(t.Context(), "C0APP", "Sign")
	if c := a.interaction(t); c.ActionCallback.BlockActions[0].Value != "new" {
		t.Errorf("ben presses what only ana sees: %+v", c.ActionCallback.BlockActions[0])
	}
	ana.Press(t.Context(), "C0APP", "Sign")
	if c := a.interaction(t); c.ActionCallback.BlockActions[0].Value != "hers" || !c.Container.IsEphemeral || c.Message.Text != "" {
		t.Errorf("hers: %+v", c)
	}
	if diff := cmp.Diff([]string{"Sign"}, ana.Buttons("C0APP", old)); diff != "" {
		t.Error(diff)
	}
}

// TestHome publishes a home page, opens it and presses there; the shortcut opens over it.
func TestHome(t *testing.T) {
	f, api := acme(t, slackfake.Options{Enterprise: "E0ACME"})
	a := newApp(t, f)
	ana := f.As("U0ANA")
	ana.OpenHome(t.Context())
	if !strings.Contains(a.last(t).json, `"app_home_opened"`) || !strings.Contains(a.last(t).json, `"enterprise_id":"E0ACME"`) {
		t.Errorf("event: %s", a.last(t).json)
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("row", button("Mine", "m"))}}}
	if _, err := api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: "U0ANA", View: home}); err != nil {
		t.Fatal(err)
	}
	ana.PressHome(t.Context(), "Mine")
	if c := a.interaction(t); c.View.Type != slack.VTHomeTab || c.ResponseURL != "" || c.Enterprise.ID != "E0ACME" {
		t.Errorf("pressed at home: %+v", c)
	}
	said := f.As("U0BEN").Say("C0APP", "", "it crashes")
	ana.Shortcut(t.Context(), "feedback", "C0APP", said.TS)
	if c := a.interaction(t); c.Type != slack.InteractionTypeMessageAction || c.CallbackID != "feedback" || c.Message.Text != "it crashes" || c.MessageTs != said.TS {
		t.Errorf("shortcut: %+v", c)
	}
}

// TestPush puts modals above one another from within, three at most.
func TestPush(t *testing.T) {
	f, api := acme(t, slackfake.Options{})
	a := newApp(t, f)
	push := func(trigger string) string {
		_, err := api.PushViewContext(t.Context(), trigger, form())
		return errorName(err)
	}
	outside := rawForm(t, f, a)
	if got := push(outside); got != "invalid_trigger_id" {
		t.Errorf("from outside: %q", got)
	}
	if _, err := api.OpenViewContext(t.Context(), outside, form()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 3 {
		f.As("U0BEN").Press(t.Context(), "C0APP", "More")
		got = append(got, push(a.interaction(t).TriggerID))
	}
	if want := []string{"", "", "push_limit_reached"}; !cmp.Equal(got, want) || len(f.Modals("U0BEN")) != 3 {
		t.Errorf("got %q, want %q", got, want)
	}
	a.answers(200, `{"response_action":"clear"}`)
	f.As("U0BEN").Submit(t.Context(), map[string]string{"Name": "1.4", "Stage": "beta", "Who": "ana"})
	if got := f.Modals("U0BEN"); len(got) != 0 {
		t.Errorf("%d are open after clear", len(got))
	}
}
