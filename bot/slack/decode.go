package slack

import (
	"encoding/json"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/lines"
)

// What is read of what Slack sends. Everything else in it may be new, missing or odd: it is not looked at.

// tenant is where something comes from, and for which app.
type tenant struct{ enterprise, team, app string }

// slashCommand is a typed command.
type slashCommand struct {
	Enterprise  string `json:"enterprise_id"`
	Team        string `json:"team_id"`
	App         string `json:"api_app_id"`
	User        string `json:"user_id"`
	Channel     string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	Command     string `json:"command"`
	Text        string `json:"text"`
	ResponseURL string `json:"response_url"`
	Trigger     string `json:"trigger_id"`
}

// interacted is a press, a submitted form, or a shortcut.
type interacted struct {
	Type        slack.InteractionType `json:"type"`
	App         string                `json:"api_app_id"`
	Team        *named                `json:"team"`
	Enterprise  *named                `json:"enterprise"`
	User        somebody              `json:"user"`
	Trigger     string                `json:"trigger_id"`
	ResponseURL string                `json:"response_url"`
	Callback    string                `json:"callback_id"`
	Channel     *named                `json:"channel"`
	Message     *spoken               `json:"message"`
	MessageTS   string                `json:"message_ts"`
	Container   container             `json:"container"`
	Actions     []pressing            `json:"actions"`
	View        *openView             `json:"view"`
}

type named struct {
	ID string `json:"id"`
}

type somebody struct {
	ID   string `json:"id"`
	Team string `json:"team_id"`
}

type container struct {
	Channel   string `json:"channel_id"`
	MessageTS string `json:"message_ts"`
	ThreadTS  string `json:"thread_ts"`
}

// pressing is one button that was pressed, or one picker that was used.
type pressing struct {
	ID    string `json:"action_id"`
	Value string `json:"value"`
	TS    string `json:"action_ts"`
}

// openView is a form that is open at somebody's, or their home.
type openView struct {
	ID       string           `json:"id"`
	Type     slack.ViewType   `json:"type"`
	Hash     string           `json:"hash"`
	Callback string           `json:"callback_id"`
	Private  string           `json:"private_metadata"`
	State    *slack.ViewState `json:"state"`
	Title    struct {
		Text string `json:"text"`
	} `json:"title"`
	Blocks []struct {
		Type string `json:"type"`
		ID   string `json:"block_id"`
	} `json:"blocks"`
}

// fields are the fields that a form asks for, in order.
func (v openView) fields() (keys []string) {
	for _, b := range v.Blocks {
		if key, part, _ := lines.FieldOf(b.ID); b.Type == string(slack.MBTInput) && part == 0 {
			keys = append(keys, key)
		}
	}
	return keys
}

// happened is the outer event; Event is read by its type.
type happened struct {
	Type       string          `json:"type"`
	Enterprise string          `json:"enterprise_id"`
	Team       string          `json:"team_id"`
	App        string          `json:"api_app_id"`
	ID         string          `json:"event_id"`
	Shared     bool            `json:"is_ext_shared_channel"` // people of other workspaces read along where it happened
	Event      json.RawMessage `json:"event"`
}

// spoken is what somebody wrote: a message, a mention of the bot, or that their home was opened.
type spoken struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	Text        string `json:"text"`
	User        string `json:"user"`
	UserTeam    string `json:"user_team"`
	Bot         string `json:"bot_id"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Tab         string `json:"tab"`
}
