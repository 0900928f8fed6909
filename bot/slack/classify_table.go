package slack

import "github.com/readyroom/readyroom/bot/chat"

// The rulings that many names share.
var (
	ruleSlower  = ruling{verdict: chat.Retry, paced: true, words: "too much was posted in a short time; it is posted later"}
	rulePassing = ruling{verdict: chat.Retry, words: "this passes by itself; it is tried again"}
	// ruleHalfDone: Slack's reference says of these that a part of the call may have succeeded.
	ruleHalfDone = ruling{verdict: chat.Unclear, words: "something broke at Slack's side, perhaps after it was carried out; it is looked for before it is sent again"}

	ruleArchived   = ruling{verdict: chat.Park, words: "the channel is archived → unarchive it in Slack, or type /release set --here in another channel"}
	ruleNoChannel  = ruling{verdict: chat.Park, words: "the channel was deleted, or is private and the bot is not in it → type /invite @readyroom there, or /release set --here in another channel"}
	ruleNotThere   = ruling{verdict: chat.Park, words: "the bot is not in the channel → type /invite @readyroom there"}
	ruleRestricted = ruling{verdict: chat.Park, words: "the bot may not post there → let it, in the channel's posting permissions, or type /release set --here in another channel"}
	ruleWrongKind  = ruling{verdict: chat.Park, words: "this cannot be posted in a channel of that kind → type /release set --here in another channel"}
	ruleNoPerson   = ruling{verdict: chat.Park, words: "the account cannot be written to: it is gone, switched off, a bot's, or out of the bot's sight → link the account that they use now"}
	ruleNoTab      = ruling{verdict: chat.Park, words: "the app takes no direct messages → switch on its Messages tab, under App Home in the app's settings"}

	// What is wrong with the app itself is wrong everywhere: it waits, and the health of the bot says so once, not each place.
	ruleBadToken = ruling{verdict: chat.Retry, words: "Slack does not accept the bot's token → install the app again and give Readyroom the new token (see readyroom doctor)"}
	ruleNoScope  = ruling{verdict: chat.Retry, words: "the app lacks a permission → update it from deploy/slack-manifest.yaml and install it again (see readyroom doctor)"}
	ruleNoTeam   = ruling{verdict: chat.Retry, words: "the workspace does not let the app in → have one of its admins approve and install it"}

	ruleOurs = ruling{verdict: chat.Fatal, words: "Readyroom made a message that Slack does not take; this is a bug → please report it with this text"}
	ruleGone = ruling{verdict: chat.Fatal, gone: true, words: "the message is no longer there, or can no longer be changed; what it showed is posted anew"}
)

// rulings is every error name that Slack's reference gives for the methods that send (and some that people met without
// finding them there), with what it means.
var rulings = byName(map[*ruling][]string{
	&ruleSlower:   {"ratelimited", "rate_limited", "message_limit_exceeded"},
	&rulePassing:  {"request_timeout", "team_added_to_org", "external_channel_migrating"},
	&ruleHalfDone: {"internal_error", "fatal_error", "service_unavailable", "update_failed"},

	&ruleArchived:  {"is_archived", "channel_is_archived", "is_inactive"},
	&ruleNoChannel: {"channel_not_found"},
	&ruleNotThere:  {"not_in_channel"},
	&ruleRestricted: {
		"restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_locked",
		"restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "channel_is_limited_access",
		"access_denied", "no_permission", "posting_to_channel_denied",
	},
	&ruleWrongKind: {"method_not_supported_for_channel_type", "slack_connect_file_link_sharing_blocked"},
	&ruleNoPerson: {
		"user_not_found", "users_not_found", "users_list_not_supplied", "user_disabled", "user_not_visible",
		"cannot_dm_bot", "not_enough_users", "invalid_user_combination",
	},
	&ruleNoTab: {"messages_tab_disabled"},

	&ruleBadToken: {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "is_bot", "two_factor_setup_required"},
	&ruleNoScope:  {"missing_scope", "not_allowed_token_type"},
	&ruleNoTeam: {
		"org_login_required", "ekm_access_denied", "team_access_not_granted", "enterprise_is_restricted", "team_not_found",
		"accesslimited",
	},

	&ruleOurs: {
		"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "block_mismatch", "no_text",
		"too_many_attachments", "invalid_attachments", "attachment_payload_limit_exceeded", "markdown_text_conflict",
		"metadata_too_large", "metadata_must_be_sent_from_app", "invalid_metadata_format", "invalid_metadata_schema",
		"invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data",
		"invalid_post_type", "missing_post_type", "invalid_json", "json_not_object", "unknown_method",
		"method_deprecated", "deprecated_endpoint", "as_user_not_supported", "cant_broadcast_message", "invalid_cursor",
		"invalid_limit", "invalid_ts_latest", "invalid_ts_oldest", "too_many_contact_cards", "streaming_state_conflict",
	},
	&ruleGone: {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "cannot_reply_to_message", "invalid_thread_ts"},
})

func byName(shared map[*ruling][]string) map[string]ruling {
	all := map[string]ruling{}
	for r, names := range shared {
		for _, n := range names {
			all[n] = *r
		}
	}
	return all
}

// families are names by their beginning, for those that Slack will add: each is ruled like the one named.
var families = map[string]string{
	"restricted_action": "restricted_action",
	"invalid_blocks":    "invalid_blocks",
	"metadata_":         "metadata_too_large",
	"invalid_metadata":  "invalid_metadata_format",
	"slack_connect_":    "slack_connect_file_link_sharing_blocked",
}
