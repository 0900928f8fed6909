package slackfake_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// within holds what somebody wrote, and what is drawn: its names are not of the payload.
var within = []string{"blocks", "state", "message", "profile", "text", "title", "close", "submit", "placeholder", "selected_option", "properties", "topic", "purpose"}

// since are names that the captures lack and Slack's reference of events and views has.
var since = []string{"context_team_id", "context_enterprise_id", "view.blocks", "response_urls"}

// namesIn are the names of fields in a payload, with those around them.
func namesIn(v any, at string, out map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			name := strings.TrimPrefix(at+"."+k, ".")
			out[name] = true
			if !slices.Contains(within, k) {
				namesIn(x, name, out)
			}
		}
	case []any:
		for _, x := range v {
			namesIn(x, at+"[]", out)
		}
	}
}

// shapes reads which names Slack's own payloads bear.
func shapes(t *testing.T) map[string]map[string]bool {
	t.Helper()
	text, err := os.ReadFile("testdata/shapes.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]bool{}
	kind := ""
	for l := range strings.Lines(string(text)) {
		l = strings.TrimSpace(l)
		switch name, is := strings.CutPrefix(l, "-- "); {
		case is:
			kind = strings.TrimSuffix(name, " --")
			all[kind] = map[string]bool{}
		case l != "" && kind != "":
			all[kind][l] = true
		}
	}
	return all
}

// TestShapes holds what the fake sends to the names that Slack sends: an app that goes by a name of our own making would
// work here alone.
func TestShapes(t *testing.T) {
	f, api := acme(t, slackfake.Options{})
	a := newApp(t, f)
	ana := f.As("U0ANA")
	sent := map[string][]byte{}
	last := func(kind slackfake.Kind) []byte { all := f.Deliveries(kind); return all[len(all)-1].Envelope.Payload }

	ana.Slash(t.Context(), "C0APP", "/release", "status")
	sent["slash_commands"] = last(slackfake.SlashCommands)
	_, ts, err := api.PostMessageContext(t.Context(), "C0APP", slack.MsgOptionText("x", false), slack.MsgOptionBlocks(slack.NewActionBlock("row", button("Sign", "x"))))
	if err != nil {
		t.Fatal(err)
	}
	ana.Press(t.Context(), "C0APP", "Sign")
	sent["block_actions"] = last(slackfake.Interactive)
	ana.Shortcut(t.Context(), "feedback", "C0APP", ts)
	sent["message_action"] = last(slackfake.Interactive)
	open := func() {
		ana.Slash(t.Context(), "C0APP", "/release", "new")
		if _, err := api.OpenViewContext(t.Context(), a.last(t).form.Get("trigger_id"), form()); err != nil {
			t.Fatal(err)
		}
	}
	open()
	ana.Submit(t.Context(), map[string]string{"b-name": "app", "b-stage": "Beta", "b-who": "ana"})
	sent["view_submission"] = last(slackfake.Interactive)
	open()
	ana.CloseModal(t.Context())
	sent["view_closed"] = last(slackfake.Interactive)
	ana.Mention(t.Context(), "C0APP", ts, "status")
	sent["app_mention"] = last(slackfake.EventsAPI)
	ana.OpenHome(t.Context())
	sent["app_home_opened"] = last(slackfake.EventsAPI)

	known := shapes(t)
	for _, kind := range slices.Sorted(maps.Keys(sent)) {
		var v any
		if err := json.Unmarshal(sent[kind], &v); err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		namesIn(v, "", names)
		for _, n := range slices.Sorted(maps.Keys(names)) {
			if !known[kind][n] && !slices.Contains(since, n) {
				t.Errorf("%s: Slack sends no %s", kind, n)
			}
		}
	}
}
