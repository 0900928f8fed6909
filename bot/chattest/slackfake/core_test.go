package slackfake_test

import (
	"testing"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// acme is the workspace of these tests: #app with the bot, #open without it, a private one, and two people.
func acme(t testing.TB, o slackfake.Options) (*slackfake.Fake, *slack.Client) {
	t.Helper()
	f := slackfake.New(t, o)
	f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana", TZ: "Europe/Paris"})
	f.AddUser(slackfake.User{ID: "U0BEN", Name: "ben"})
	f.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true, Members: []string{"U0ANA", "U0BEN"}})
	f.AddChannel(slackfake.Channel{ID: "C0OPEN", Name: "open", Members: []string{"U0ANA"}})
	f.AddChannel(slackfake.Channel{ID: "C0SECRET", Name: "secret", Private: true, Members: []string{"U0ANA"}})
	f.AddChannel(slackfake.Channel{ID: "C0OLD", Name: "old", Archived: true, BotIsMember: true})
	f.AddChannel(slackfake.Channel{ID: "C0NEWS", Name: "news", ReadOnly: true, BotIsMember: true})
	return f, slack.New(f.BotToken(), slack.OptionAPIURL(f.URL()), slack.OptionAppLevelToken(f.AppToken()))
}

// TestPostEditRead posts, answers and edits with the real client, and reads it back.
func TestPostEditRead(t *testing.T) {
	f, api := acme(t, slackfake.Options{})
	section := slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*1.4*", false, false), nil, nil)
	meta := slack.SlackMetadata{EventType: "readyroom", EventPayload: map[string]any{"key": "k1"}}
	ch, ts, err := api.PostMessageContext(t.Context(), "C0APP", slack.MsgOptionText("1.4", false),
		slack.MsgOptionBlocks(section), slack.MsgOptionMetadata(meta))
	if err != nil || ch != "C0APP" {
		t.Fatal(ch, err)
	}
	if _, _, err := api.PostMessageContext(t.Context(), "C0APP", slack.MsgOptionText("an answer", false), slack.MsgOptionTS(ts)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := api.UpdateMessageContext(t.Context(), ch, ts, slack.MsgOptionText("1.4 is out", false)); err != nil {
		t.Fatal(err)
	}
	all := f.Messages("C0APP")
	if len(all) != 2 || all[0].Text != "1.4 is out" || all[0].Blocks != nil || all[0].Edits != 1 || all[0].Metadata == nil || all[1].ThreadTS != ts {
		t.Errorf("messages: %+v", all)
	}
	for _, with := range []bool{false, true} {
		h, err := api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "C0APP", IncludeAllMetadata: with})
		if err != nil || len(h.Messages) != 1 || (h.Messages[0].Metadata.EventType == "readyroom") != with {
			t.Errorf("history with metadata %v: %+v, %v", with, h, err)
		}
	}
	thread, _, _, err := api.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: "C0APP", Timestamp: ts})
	if err != nil || len(thread) != 2 || thread[1].Text != "an answer" {
		t.Errorf("thread: %+v, %v", thread, err)
	}
	u, err := api.GetUserInfoContext(t.Context(), "U0ANA")
	if err != nil || u.TZ != "Europe/Paris" || u.TeamID != slackfake.Team {
		t.Errorf("ana: %+v, %v", u, err)
	}
	dm, _, _, err := api.OpenConversationContext(t.Context(), &slack.OpenConversationParameters{Users: []string{"U0ANA"}})
	if err != nil || dm.ID != f.DM("U0ANA") {
		t.Errorf("dm: %+v, %v", dm, err)
	}
	if _, err := api.PostEphemeralContext(t.Context(), "C0APP", "U0ANA", slack.MsgOptionText("only you", false)); err != nil {
		t.Error(err)
	}
	if got := f.Ephemerals("C0APP", "U0ANA"); len(got) != 1 || got[0].Text != "only you" || len(f.Ephemerals("C0APP", "U0BEN")) != 0 {
		t.Errorf("ephemerals: %+v", got)
	}
	me, err := api.AuthTestContext(t.Context())
	if err != nil || me.UserID != slackfake.Bot || me.BotID != slackfake.BotID {
		t.Errorf("me: %+v, %v", me, err)
	}
}
