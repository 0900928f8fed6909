package slack

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Subjects is what of the configuration is of Slack, for Examine to look at.
type Subjects struct {
	Accounts map[workflows.PersonID]workflows.Handle
	Places   map[workflows.Place]string // channels, and what each is for
	Groups   []string                   // user groups that hold roles: "T1/S1"
}

// Examine looks at everything that a bot in Slack stands on, and says what to do about each thing that is not well. It
// changes nothing. What cannot be looked at because something before it failed is left out.
func (s *Slack) Examine(ctx context.Context, on Subjects) []chat.Finding {
	e := &examination{s: s, api: s.api.Load()}
	if !e.secrets() || !e.token(ctx) {
		return e.found
	}
	e.waysIn(ctx)
	e.accounts(ctx, on.Accounts)
	e.channels(ctx, on.Places)
	e.groups(ctx, on.Groups)
	return e.found
}

// examination is one look at everything.
type examination struct {
	s     *Slack
	api   *slack.Client
	me    slack.AuthTestResponse
	found []chat.Finding
}

func (e *examination) say(state chat.State, what, found, next string) {
	e.found = append(e.found, chat.Finding{State: state, What: what, Found: found, Next: next})
}

const (
	tokensPage = "api.slack.com/apps → your app → "
	manifest   = "deploy/slack-manifest.yaml"
)

var signingShape = regexp.MustCompile(`^[0-9a-f]{32}$`)

// secrets looks at how the secrets are written, which takes no network: most first tries fail here.
func (e *examination) secrets() bool {
	s := e.s.Secrets
	bot, app := s.BotToken.Reveal(), s.AppToken.Reveal()
	switch {
	case bot == "":
		e.say(chat.Failing, "bot token", "SLACK_BOT_TOKEN is not set: nothing can be posted",
			tokensPage+"OAuth & Permissions → Bot User OAuth Token (xoxb-…); the app must be installed to a workspace first")
		return false
	case strings.HasPrefix(bot, "xapp-"):
		e.say(chat.Failing, "bot token", "SLACK_BOT_TOKEN holds an app-level token (xapp-…)", "put that in SLACK_APP_TOKEN; the bot's own begins with xoxb- ("+tokensPage+"OAuth & Permissions)")
		return false
	case !strings.HasPrefix(bot, "xoxb-"):
		e.say(chat.Failing, "bot token", "SLACK_BOT_TOKEN is no bot token: those begin with xoxb-", tokensPage+"OAuth & Permissions → Bot User OAuth Token; a user's token (xoxp-…) would post as that user")
		return false
	}
	if app != "" && !strings.HasPrefix(app, "xapp-") {
		e.say(chat.Failing, "app token", "SLACK_APP_TOKEN is no app-level token: those begin with xapp-", tokensPage+"Basic Information → App-Level Tokens → Generate, with "+SocketScope)
		return false
	}
	for _, secret := range s.Signing {
		if !signingShape.MatchString(secret.Reveal()) {
			e.say(chat.Odd, "signing secret", "SLACK_SIGNING_SECRET does not look like one (32 digits and letters a-f)", tokensPage+"Basic Information → Signing Secret; not the Client Secret, and not the Verification Token")
		}
	}
	return true
}

// token asks Slack whose token it is, and with it what it may do and what time it is there.
func (e *examination) token(ctx context.Context) bool {
	began := e.s.Now()
	me, err := e.api.AuthTestContext(ctx)
	if err != nil {
		name, next := explained(err)
		e.say(chat.Failing, "bot token", "Slack does not take it: "+name, next)
		return false
	}
	e.me = *me
	e.say(chat.Well, "bot token", fmt.Sprintf("it is @%s of %s (%s)", workflows.Display(me.User, 80), workflows.Display(me.Team, 80), me.TeamID), "")
	if allowed := e.s.Teams; len(allowed) > 0 && !slices.Contains(allowed, me.TeamID) && !slices.Contains(allowed, me.EnterpriseID) {
		e.say(chat.Failing, "workspace", me.TeamID+" is none of those that the configuration names", "slack: {workspaces: […]} names "+strings.Join(allowed, ", ")+": take the token of one of them")
	}
	e.clock(me.Header, began)
	e.scopes(me.Header)
	return true
}

// The skew of clocks at which something is said, and at which Slack's signatures are refused.
const (
	oddSkew     = 30 * time.Second
	refusedSkew = 5 * time.Minute
	clockAdvice = "set this machine's clock (timedatectl set-ntp true): Slack's requests are taken only within 5 minutes of it"
)

func (e *examination) clock(h http.Header, began time.Time) {
	there, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	skew := began.Sub(there)
	if skew.Abs() <= e.s.Now().Sub(began)+time.Second { // as long as the question took, and Slack's whole second
		skew = 0
	}
	found := "it agrees with Slack's"
	if skew != 0 {
		found = fmt.Sprintf("it is %s %s Slack's", skew.Abs().Round(time.Second), map[bool]string{true: "ahead of", false: "behind"}[skew > 0])
	}
	switch {
	case skew.Abs() > refusedSkew:
		e.say(chat.Failing, "clock", found, clockAdvice)
	case skew.Abs() > oddSkew:
		e.say(chat.Odd, "clock", found, clockAdvice)
	default:
		e.say(chat.Well, "clock", found, "")
	}
}

func (e *examination) scopes(h http.Header) {
	said := h.Get("X-OAuth-Scopes")
	if said == "" {
		e.say(chat.Odd, "scopes", "Slack did not say which the token has", "")
		return
	}
	has := strings.FieldsFunc(said, func(r rune) bool { return r == ',' || r == ' ' })
	var lacking, names []string
	for _, sc := range Scopes() {
		names = append(names, sc.Name)
		if !slices.Contains(has, sc.Name) {
			lacking = append(lacking, sc.Name+" (to "+sc.For+")")
		}
	}
	more := slices.DeleteFunc(slices.Clone(has), func(name string) bool { return slices.Contains(names, name) })
	switch {
	case len(lacking) > 0:
		e.say(chat.Failing, "scopes", "lacking: "+strings.Join(lacking, "; "), tokensPage+"OAuth & Permissions → Bot Token Scopes: add them, then Reinstall to Workspace; or App Manifest: paste "+manifest)
	case len(more) > 0:
		e.say(chat.Odd, "scopes", "all are there; not needed: "+strings.Join(more, ", "), "a stolen token can do what it may: take out what nobody needs, then reinstall")
	default:
		e.say(chat.Well, "scopes", "all are there, and no more", "")
	}
}

// waysIn looks at how Slack reaches the bot: a connection of the bot's own, or requests to its address.
func (e *examination) waysIn(ctx context.Context) {
	s := e.s.Secrets
	switch {
	case s.AppToken == "" && len(s.Signing) == 0:
		e.say(chat.Failing, "way in", "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: the bot can post, and hears nobody",
			"the easy way: "+tokensPage+"Basic Information → App-Level Tokens → Generate, with "+SocketScope+", into SLACK_APP_TOKEN")
	case s.AppToken != "":
		e.socket(ctx)
	}
	if len(s.Signing) > 0 {
		e.say(chat.Well, "http", "requests are taken at /slack/commands, /slack/interactions and /slack/events of readyroom serve --listen", "Slack needs an https address of yours in front of it; with Socket Mode on in the app's settings nothing comes this way")
	}
}

func (e *examination) socket(ctx context.Context) {
	if _, _, err := e.api.StartSocketModeContext(ctx); err != nil {
		name, next := explained(err)
		if name == "missing_scope" {
			next = tokensPage + "Basic Information → App-Level Tokens: generate one with " + SocketScope
		}
		e.say(chat.Failing, "socket mode", "no connection is given: "+name, next)
		return
	}
	e.say(chat.Well, "socket mode", "Slack gives a connection", "")
	if app, ok := appOf(e.s.Secrets.AppToken); ok && e.me.BotID != "" {
		bot, err := e.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: e.me.BotID})
		if err == nil && bot.AppID != "" && bot.AppID != app {
			e.say(chat.Failing, "app", fmt.Sprintf("SLACK_APP_TOKEN is of app %s, SLACK_BOT_TOKEN of app %s", app, bot.AppID), "take both from one app's pages: what one hears the other could not answer")
		}
	}
}

// appOf is the app that an app-level token belongs to: xapp-1-A0APP-….
func appOf(token chat.Secret) (string, bool) {
	parts := strings.Split(token.Reveal(), "-")
	if len(parts) < 4 || !strings.HasPrefix(parts[2], "A") {
		return "", false
	}
	return parts[2], true
}
