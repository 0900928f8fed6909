package slack

import (
	"errors"

	"github.com/slack-go/slack"
)

// Where things are in Slack, by the names that its pages bear.
const (
	tokensPage = "api.slack.com/apps → your app → "
	manifest   = "deploy/slack-manifest.yaml"

	takeBotToken  = tokensPage + "Install App (or OAuth & Permissions) → Bot User OAuth Token (xoxb-…) → Copy, into SLACK_BOT_TOKEN; it is there once the app is installed to a workspace"
	makeAppToken  = tokensPage + "Basic Information → App-Level Tokens → Generate Token and Scopes, add the scope " + SocketScope + ", → Generate, and copy it (xapp-…) into SLACK_APP_TOKEN"
	pasteManifest = tokensPage + "App Manifest: paste " + manifest + " → Save Changes, then Install App → Reinstall to Workspace"
	rotationOff   = "rotation cannot be turned off again: make the app anew from " + manifest + ", where it is off, and take the tokens of that one"
	socketOn      = tokensPage + "Socket Mode → Enable Socket Mode"
	askAdmins     = "ask an admin of the workspace"

	copyMember  = "in Slack: their profile → ⋮ → Copy member ID"
	copyChannel = "a channel's id (C…) is at the bottom of About, behind its name in Slack"
)

// unreachable is what to look at when no answer of Slack's came.
const unreachable = "does a firewall or proxy keep this machine from slack.com, port 443? HTTPS_PROXY is honoured; is SLACK_API_URL, if set, right? slack-status.com says whether Slack itself is well"

// advice is what to do about what Slack answers, where anything but asking again helps.
var advice = map[string]string{
	"invalid_auth":                             "the token is not (or no longer) valid, or was cut when it was copied: " + takeBotToken,
	"invalid_token":                            "the token is not (or no longer) valid, or was cut when it was copied: " + takeBotToken,
	"not_authed":                               "no token arrived: is the variable set for this process? readyroom reads SLACK_BOT_TOKEN, or the file that SLACK_BOT_TOKEN_FILE names",
	"token_revoked":                            "somebody revoked it, or removed the app: " + tokensPage + "Install App → Reinstall to Workspace, then take the new token",
	"token_expired":                            "token rotation is on in the app, which the bot does not do; " + rotationOff,
	"account_inactive":                         "the app was removed from the workspace, or the workspace is gone: " + tokensPage + "Install App → Install to Workspace, then take the new token",
	"not_allowed_token_type":                   "this is another kind of token than is needed here: xoxb-… goes into SLACK_BOT_TOKEN, xapp-… into SLACK_APP_TOKEN",
	"missing_scope":                            pasteManifest,
	"no_permission":                            "the token may not do this: compare the app's scopes with " + manifest,
	"org_login_required":                       "the workspace is being moved by Slack; wait, and ask again",
	"ekm_access_denied":                        "an admin of the organisation keeps Slack's own keys from the app: ask them",
	"team_access_not_granted":                  "an admin of the organisation has to let the app into this workspace: ask them",
	"access_denied":                            "an admin of the workspace restricts apps: ask them to approve this one",
	"enterprise_is_restricted":                 "the organisation does not let the app do this: ask its admins",
	"restricted_action":                        "an admin of the workspace restricts who may do that: ask them",
	"restricted_action_non_threadable_channel": "only threads may be answered there: choose another channel",
	"ratelimited":                              "too much was asked at once: wait a minute, and ask again",
	"link_disabled":                            "Socket Mode is off: " + socketOn,
	"socket_mode_disabled":                     "Socket Mode is off: " + socketOn,
	"too_many_websockets":                      "other processes hold all ten connections that an app may have: each bot needs an app of its own",
	"method_not_supported":                     "SLACK_API_URL does not lead to Slack's Web API: unset it",
	"unknown_method":                           "SLACK_API_URL does not lead to Slack's Web API: unset it",
	"two_factor_setup_required":                "the workspace asks for two-factor authentication: " + askAdmins,
	"is_inactive":                              "the channel is archived: unarchive it, or write another channel's id",
}

// appAdvice is the same for the app-level token, where that is mended elsewhere.
var appAdvice = map[string]string{
	"invalid_auth":           "the app token is not (or no longer) valid, or was cut when it was copied: " + makeAppToken,
	"invalid_token":          "the app token is not (or no longer) valid, or was cut when it was copied: " + makeAppToken,
	"not_authed":             "no app token arrived: " + makeAppToken,
	"token_revoked":          "somebody revoked the app token: " + makeAppToken,
	"token_expired":          "the app token ran out: " + makeAppToken,
	"account_inactive":       "the app was deleted, or the app token revoked: " + makeAppToken,
	"not_allowed_token_type": "SLACK_APP_TOKEN holds another kind of token: " + makeAppToken,
	"missing_scope":          "the app token lacks the scope " + SocketScope + ", and none can be added to it: " + makeAppToken,
	"no_permission":          "the app token lacks the scope " + SocketScope + ", and none can be added to it: " + makeAppToken,
	"forbidden_team":         "the app token is of an app that is not in this workspace: take both tokens from the pages of one app",
}

// whichToken is the kind of token that a call was made with.
type whichToken string

const (
	botToken whichToken = "bot"
	appToken whichToken = "app"
)

// isAnswer reports whether a failed call was answered by Slack itself.
func isAnswer(err error) bool {
	_, named := errors.AsType[slack.SlackErrorResponse](err)
	_, limited := errors.AsType[*slack.RateLimitedError](err)
	return named || limited
}

// explained is Slack's own word for what went wrong, or ours, and what to do about it.
func explained(err error, with whichToken) (name, next string) {
	if no, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		if name, next = worded(nameOf(no), with); with == botToken {
			name += needed(no)
		}
		return name, next
	}
	if _, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return worded("ratelimited", with)
	}
	if bad, ok := errors.AsType[*trouble](err); ok {
		return bad.what, unreachable
	}
	return "what came back is no answer of Slack's", unreachable
}

// worded says what to do about one of Slack's error names.
func worded(name string, with whichToken) (_, next string) {
	if name == nameless {
		return name, "is SLACK_API_URL, if set, right? What answers there may not be Slack"
	}
	if next = appAdvice[name]; with == appToken && next != "" {
		return name, next
	}
	if next = advice[name]; next == "" {
		next = "docs.slack.dev/reference/methods says what " + name + " means"
	}
	return name, next
}
