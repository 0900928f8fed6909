package slack

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// Examine looks at everything that a bot in Slack stands on, and says what to do about each thing that is not well. It
// changes nothing: with Socket Mode it opens one connection, and closes it as soon as Slack has greeted. What cannot be
// looked at because something before it failed is left out.
func (s *Slack) Examine(ctx context.Context, on chat.Subjects) []chat.Finding {
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

// secrets looks at how the secrets are written, which takes no network: most first tries fail here.
func (e *examination) secrets() bool {
	s := e.s.Secrets
	well := true
	fail := func(what, found, next string) {
		e.say(chat.Failing, what, found, next)
		well = false
	}
	if found, next := badBotToken(s.BotToken.Reveal()); found != "" {
		fail("bot token", "SLACK_BOT_TOKEN "+found, next)
	}
	if found, next := badAppToken(s.AppToken.Reveal()); found != "" {
		fail("app token", "SLACK_APP_TOKEN "+found, next)
	}
	for _, secret := range s.Signing {
		if !signingShape.MatchString(secret.Reveal()) {
			e.say(chat.Odd, "signing secret", "SLACK_SIGNING_SECRET does not look like one: those are 32 digits and letters from a to f",
				tokensPage+"Basic Information → App Credentials → Signing Secret → Show; not the Client Secret, and not the Verification Token")
		}
	}
	if s.AppToken == "" && len(s.Signing) == 0 {
		fail("way in", "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: the bot could post, and would hear nobody", "the easy way: "+makeAppToken)
	}
	return well
}

var (
	signingShape = regexp.MustCompile(`^[0-9a-f]{32}$`)
	tokenShape   = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
)

// Misplaced is what is wrong with how the tokens are written, as far as that is seen without asking Slack: most often one
// stands in the other's place. Nil: nothing.
func (s Secrets) Misplaced() error {
	if found, next := badBotToken(s.BotToken.Reveal()); found != "" {
		return fmt.Errorf("SLACK_BOT_TOKEN %s → %s", found, next)
	}
	if found, next := badAppToken(s.AppToken.Reveal()); found != "" {
		return fmt.Errorf("SLACK_APP_TOKEN %s → %s", found, next)
	}
	return nil
}

// badBotToken is what is wrong with how a bot token is written; empty: nothing.
func badBotToken(token string) (found, next string) {
	switch {
	case token == "":
		return "is not set, so nothing can be posted", takeBotToken
	case strings.HasPrefix(token, "xapp-"):
		return "holds an app-level token (xapp-…)", "that one goes into SLACK_APP_TOKEN. The bot's own: " + takeBotToken
	case strings.HasPrefix(token, "xoxp-"):
		return "holds a person's token (xoxp-…): the bot would speak as that person", takeBotToken
	case strings.HasPrefix(token, "xoxe"):
		return "holds a token that runs out (xoxe…): token rotation is on in the app, which the bot does not do", rotationOff
	case strings.HasPrefix(token, "xoxb-"):
		return miswritten(token)
	case strings.Contains(token, "xoxb-"):
		return "has something before the token", "write the token alone, without quotes, Bearer or a name before it"
	}
	return "holds no bot token: those begin with xoxb-", takeBotToken
}

// badAppToken is what is wrong with how an app-level token is written; empty: nothing.
func badAppToken(token string) (found, next string) {
	switch {
	case token == "":
		return "", ""
	case strings.HasPrefix(token, "xoxb-"):
		return "holds a bot token (xoxb-…)", "that one goes into SLACK_BOT_TOKEN. For this one: " + makeAppToken
	case strings.HasPrefix(token, "xapp-"):
		return miswritten(token)
	case strings.Contains(token, "xapp-"):
		return "has something before the token", "write the token alone, without quotes, Bearer or a name before it"
	}
	return "holds no app-level token: those begin with xapp-", makeAppToken
}

func miswritten(token string) (found, next string) {
	if !tokenShape.MatchString(token) {
		return "has something in it that is in no token", "copy it anew, whole, without quotes and without white space: tokens hold letters, digits and - only"
	}
	return "", ""
}
