package slack

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// TestRulings says again, apart from the table, what each error name means. A name that the table knows and this test
// does not is a mistake as well.
func TestRulings(t *testing.T) {
	tests := []struct {
		verdict     chat.Verdict
		gone, paced bool
		names       string
	}{
		{chat.Retry, false, true, "ratelimited rate_limited message_limit_exceeded"},
		{chat.Retry, false, false, "request_timeout team_added_to_org external_channel_migrating"},
		{chat.Unclear, false, false, "internal_error fatal_error service_unavailable update_failed"},
		{chat.Park, false, false, `is_archived channel_is_archived is_inactive channel_not_found not_in_channel restricted_action
			restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
			restricted_action_non_threadable_channel channel_is_limited_access access_denied no_permission
			posting_to_channel_denied method_not_supported_for_channel_type slack_connect_file_link_sharing_blocked
			user_not_found users_not_found users_list_not_supplied user_disabled user_not_visible cannot_dm_bot
			not_enough_users invalid_user_combination messages_tab_disabled`},
		{chat.Retry, false, false, `invalid_auth not_authed account_inactive token_revoked token_expired is_bot two_factor_setup_required
			missing_scope not_allowed_token_type org_login_required ekm_access_denied team_access_not_granted enterprise_is_restricted
			team_not_found accesslimited`},
		{chat.Fatal, false, false, `msg_too_long msg_blocks_too_long invalid_blocks invalid_blocks_format block_mismatch no_text
			too_many_attachments invalid_attachments attachment_payload_limit_exceeded markdown_text_conflict
			metadata_too_large metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema
			invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data invalid_post_type
			missing_post_type invalid_json json_not_object unknown_method method_deprecated deprecated_endpoint
			as_user_not_supported cant_broadcast_message invalid_cursor invalid_limit invalid_ts_latest invalid_ts_oldest
			too_many_contact_cards streaming_state_conflict`},
		{chat.Fatal, true, false, "message_not_found cant_update_message edit_window_closed thread_not_found cannot_reply_to_message invalid_thread_ts"},
	}
	known := map[string]bool{}
	for _, tt := range tests {
		for _, name := range strings.Fields(tt.names) {
			known[name] = true
			f := faultOf(slack.SlackErrorResponse{Err: name})
			if f.Verdict != tt.verdict || f.Gone != tt.gone || f.Paced != tt.paced {
				t.Errorf("%s is %s, gone %v, paced %v", name, f.Verdict, f.Gone, f.Paced)
			}
			text := f.Err.Error()
			if !strings.Contains(text, name) || strings.HasSuffix(text, ".") {
				t.Errorf("%s reads %q", name, text)
			}
			if tt.verdict == chat.Park && !strings.Contains(text, "→") {
				t.Errorf("%s does not say what to do: %q", name, text)
			}
		}
	}
	for name := range rulings {
		if !known[name] {
			t.Errorf("nothing is said here of %s", name)
		}
	}
}

func TestRulingsOfWhatNobodyKnows(t *testing.T) {
	for name, want := range map[string]chat.Verdict{
		"a_new_error":                 chat.Park,
		"restricted_action_of_autumn": chat.Park,
		"slack_connect_of_autumn":     chat.Park,
		"invalid_blocks_of_autumn":    chat.Fatal,
		"metadata_of_autumn":          chat.Fatal,
	} {
		if f := faultOf(slack.SlackErrorResponse{Err: name}); f.Verdict != want || !strings.Contains(f.Err.Error(), name) {
			t.Errorf("%s is %v", name, f)
		}
	}
	if f := faultOf(slack.SlackErrorResponse{Err: "a_new_error"}); !strings.Contains(f.Err.Error(), "does not know") {
		t.Errorf("an unknown error reads %q", f.Err)
	}
	if f := faultOf(errors.New(secret)); f.Verdict != chat.Unclear || strings.Contains(f.Error(), secret) {
		t.Errorf("an error that nobody knows is %v", f)
	}
}

// TestFaultNames: what is repeated of Slack's no are names, never its words.
func TestFaultNames(t *testing.T) {
	no := slack.SlackErrorResponse{Err: "missing_scope", Needed: "chat:write,im:write"}
	if f := faultOf(no); !strings.Contains(f.Err.Error(), "(needed: chat:write,im:write)") {
		t.Errorf("the missing scope is not named: %v", f)
	}
	no = slack.SlackErrorResponse{Err: "invalid_blocks"}
	no.ResponseMetadata.Messages = []string{"[ERROR] " + secret, "[ERROR] too long [json-pointer:/blocks/3/text]"}
	if f := faultOf(no); !strings.Contains(f.Err.Error(), "(at /blocks/3/text)") || strings.Contains(f.Err.Error(), "xoxb") {
		t.Errorf("the place of the mistake is not named, or too much is: %v", f)
	}
	for _, echo := range []slack.SlackErrorResponse{
		{Err: secret},
		{Err: "token " + secret},
		{Err: "missing_scope", Needed: secret},
		{Err: "invalid_blocks", ResponseMetadata: slack.ResponseMetadata{Messages: []string{"[json-pointer:/" + secret + "]"}}},
	} {
		for _, said := range []error{faultOf(echo), told(echo), toldApp(echo), groupTold(echo)} {
			if strings.Contains(said.Error(), "xoxb") {
				t.Errorf("the token is repeated: %v", said)
			}
		}
	}
}

// TestSendParks walks what an owner has to mend, at a workspace where it is so: in one place, or, where the app itself is not
// well, everywhere.
func TestSendParks(t *testing.T) {
	tests := []struct {
		name  string
		wrong func(*slackfake.Fake)
		mend  func(*slackfake.Fake)
		words string
		want  chat.Verdict
	}{
		{"archived", channelSet(func(c *slackfake.Channel) { c.Archived = true }), channelSet(func(c *slackfake.Channel) { c.Archived = false }), "unarchive", chat.Park},
		{"kicked", channelSet(func(c *slackfake.Channel) { c.BotIsMember, c.Private = false, true }), channelSet(func(c *slackfake.Channel) { c.BotIsMember = true }), "/invite @readyroom", chat.Park},
		{"read-only", channelSet(func(c *slackfake.Channel) { c.ReadOnly = true }), channelSet(func(c *slackfake.Channel) { c.ReadOnly = false }), "permissions", chat.Park},
		{"deleted", func(f *slackfake.Fake) { f.RemoveChannel(appID) }, func(f *slackfake.Fake) {
			f.AddChannel(slackfake.Channel{ID: appID, Name: "app", BotIsMember: true})
		}, "/release set --here", chat.Park},
		{"revoked", func(f *slackfake.Fake) { f.Revoke(f.BotToken(), "token_revoked") }, func(f *slackfake.Fake) { f.SetScopes(slackfake.Scopes...) }, "doctor", chat.Retry},
		{"without a scope", func(f *slackfake.Fake) { f.SetScopes("commands") }, func(f *slackfake.Fake) { f.SetScopes(slackfake.Scopes...) }, "needed: chat:write", chat.Retry},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := acme(t, slackfake.Options{})
			s := sending(f, time.Now)
			tt.wrong(f)
			p := chat.Post{Key: "k", Place: inApp, Message: says("hello")}
			_, err := s.Send(t.Context(), p)
			if chattest.VerdictOf(err) != tt.want || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("got %v, want %s, with %q", err, tt.want, tt.words)
			}
			tt.mend(f)
			if _, err := s.Send(t.Context(), p); err != nil {
				t.Errorf("when it is mended: %v", err)
			}
			if n := len(f.Messages(appID)); n != 1 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

func channelSet(change func(*slackfake.Channel)) func(*slackfake.Fake) {
	return func(f *slackfake.Fake) { f.SetChannel(appID, change) }
}

// tokenLike is any of the words that must not get out.
var tokenLike = regexp.MustCompile(`xox[abp]-|xapp-|Zm9y`)
