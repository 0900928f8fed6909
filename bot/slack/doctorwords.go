package slack

import (
	"errors"

	"github.com/slack-go/slack"
)

// advice is what to do about what Slack answers, where anything but asking again helps.
var advice = map[string]string{
	"invalid_auth":                             "the token is not (or no longer) valid, or was cut when it was copied: " + tokensPage + "OAuth & Permissions, and copy it whole",
	"not_authed":                               "no token arrived: is the variable set for this process? readyroom reads SLACK_BOT_TOKEN, or the file that SLACK_BOT_TOKEN_FILE names",
	"token_revoked":                            "somebody revoked it, or removed the app: " + tokensPage + "Install App → Reinstall to Workspace, then take the new token",
	"token_expired":                            "tokens rotate in this app, which the bot does not do: " + tokensPage + "OAuth & Permissions; an app made from " + manifest + " does not rotate them",
	"account_inactive":                         "the app was uninstalled, or its workspace is gone: install it anew, then take the new token",
	"not_allowed_token_type":                   "this is another kind of token than is needed here: xoxb- in SLACK_BOT_TOKEN, xapp- in SLACK_APP_TOKEN",
	"missing_scope":                            tokensPage + "App Manifest: paste " + manifest + ", save, then Reinstall to Workspace",
	"org_login_required":                       "the workspace is being moved by Slack; wait, and ask again",
	"ekm_access_denied":                        "an admin of the organisation keeps Slack's own keys from the app: ask them",
	"team_access_not_granted":                  "an admin of the organisation has to let the app into this workspace",
	"access_denied":                            "an admin of the workspace restricts apps: ask them to approve this one",
	"ratelimited":                              "too much was asked at once: wait a minute, and ask again",
	"socket_mode_disabled":                     tokensPage + "Socket Mode → Enable",
	"too_many_websockets":                      "other processes hold all ten connections of this app: each bot needs an app of its own",
	"no_permission":                            "the token may not do this: compare the app's scopes with " + manifest,
	"enterprise_is_restricted":                 "the organisation does not let the app do this: ask its admins",
	"link_disabled":                            "Socket Mode is off: " + tokensPage + "Socket Mode → Enable",
	"invalid_token":                            "the token is not (or no longer) valid: copy it anew",
	"method_not_supported":                     "SLACK_API_URL does not lead to Slack's Web API",
	"unknown_method":                           "SLACK_API_URL does not lead to Slack's Web API",
	"restricted_action":                        "an admin of the workspace restricts who may do that: ask them",
	"restricted_action_non_threadable_channel": "only threads may be answered there: choose another channel",
}

const unreachable = "does a firewall or proxy keep this machine from slack.com, port 443? HTTPS_PROXY is honoured; is SLACK_API_URL, if set, right? status.slack.com says whether Slack itself is well"

// explained is Slack's own word for what went wrong, or ours, and what to do about it.
func explained(err error) (name, next string) {
	var no slack.SlackErrorResponse
	var limited *slack.RateLimitedError
	var bad *trouble
	switch {
	case errors.As(err, &no):
		name = no.Err
	case errors.As(err, &limited):
		name = "ratelimited"
	case errors.As(err, &bad):
		return bad.what, unreachable
	default:
		return "what came back is no answer of Slack's", unreachable
	}
	if next = advice[name]; next == "" {
		next = "docs.slack.dev/reference/methods says what " + name + " means"
	}
	return name, next
}
