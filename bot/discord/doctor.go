package discord

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// Examine looks at everything that a bot in Discord stands on, and says what to do about each thing that is not well. It
// changes nothing: it opens one connection to the gateway, and closes it as soon as Discord has greeted, before a session is
// begun, because of those only so many may be begun in a day. What cannot be looked at because something before it failed is
// left out. It is for a platform that does not run.
func (d *Discord) Examine(ctx context.Context, on chat.Subjects) []chat.Finding {
	e := &examination{d: d, on: on}
	if !e.secrets() || !e.token(ctx) {
		return e.found
	}
	e.servers()
	e.intents()
	e.waysIn(ctx)
	if len(e.me.servers) == 0 {
		return e.found
	}
	e.d.me.Store(&e.me)
	e.commands(ctx)
	e.accounts(ctx)
	e.scenes(ctx)
	e.channels(ctx)
	e.groups(ctx)
	return e.found
}

// examination is one look at everything.
type examination struct {
	d     *Discord
	on    chat.Subjects
	me    identity // its servers are those that are listened to, and that the bot is in
	name  string   // of the bot's user
	in    []server // all that the bot is in
	stage map[string]*scene
	found []chat.Finding
}

func (e *examination) say(state chat.State, what, found, next string) {
	e.found = append(e.found, chat.Finding{State: state, What: what, Found: found, Next: next})
}

// secrets looks at how the secrets are written, which takes no network: most first tries fail here.
func (e *examination) secrets() bool {
	bad := e.d.secrets.Load().misplaced()
	for _, b := range bad {
		e.say(chat.Failing, b.what, b.variable+" "+b.found, b.next)
	}
	return len(bad) == 0
}

// miswritten is something that is wrong with how a secret is written.
type miswritten struct{ what, variable, found, next string }

// Misplaced is what is wrong with how the secrets are written, as far as that is seen without asking Discord: most often one
// of the portal's other secrets stands in the token's place. Nil: nothing.
func (s Secrets) Misplaced() error {
	if bad := s.misplaced(); len(bad) > 0 {
		return fmt.Errorf("%s %s → %s", bad[0].variable, bad[0].found, bad[0].next)
	}
	return nil
}

func (s Secrets) misplaced() (all []miswritten) {
	if found, next := badToken(s.BotToken.Reveal()); found != "" {
		all = append(all, miswritten{"bot token", "DISCORD_BOT_TOKEN", found, next})
	}
	if _, err := publicKey(s.PublicKey); s.PublicKey != "" && err != nil {
		all = append(all, miswritten{"public key", "DISCORD_PUBLIC_KEY", "holds no public key: those are 64 digits and letters from a to f",
			portal + " → the application → General Information → Public Key → Copy; or leave it out: Discord says it"})
	}
	if s.AppID != "" && !validID(s.AppID) {
		all = append(all, miswritten{"application", "DISCORD_APP_ID", "holds no application's id: those are digits only",
			portal + " → the application → General Information → Application ID → Copy; or leave it out: Discord says it"})
	}
	return all
}

var (
	tokenShape  = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	clientShape = regexp.MustCompile(`^[A-Za-z0-9_-]{32}$`)
)

// badToken is what is wrong with how a bot token is written; empty: nothing.
func badToken(token string) (found, next string) {
	switch {
	case token == "":
		return "is not set, so Discord knows nobody", takeToken
	case strings.Contains(token, "/api/webhooks/"):
		return "holds the address of a webhook: with that somebody posts, and hears nobody", takeToken
	case strings.HasPrefix(token, "Bot "), strings.HasPrefix(token, "Bearer "), strings.ContainsAny(token, `"'=`):
		return "has something before or around the token", "write the token alone, without quotes, Bot or a name before it"
	case strings.HasPrefix(token, "mfa."):
		return "holds a person's token: a bot that uses one breaks Discord's rules, and the account is closed for it", takeToken
	case !tokenShape.MatchString(token):
		return "has something in it that is in no token", "copy it anew, whole, and without white space: tokens hold letters, digits, . - and _ only"
	case validID(token):
		return "holds an id, and no token", "an application's id goes into DISCORD_APP_ID, or is left out. The token: " + takeToken
	case isKey(token):
		return "holds a public key, and no token", "that one goes into DISCORD_PUBLIC_KEY, or is left out. The token: " + takeToken
	case clientShape.MatchString(token):
		return "holds what looks like the client secret, which the bot does not need", takeToken
	case strings.Count(token, ".") != 2:
		return "holds no bot token: those are three parts with dots between them", takeToken
	}
	return "", ""
}

func isKey(text string) bool {
	key, err := hex.DecodeString(text)
	return err == nil && len(key) == 32
}

// clock looks at what Discord's answers said of the time, where they did.
func (e *examination) clock() {
	if skew, told := e.d.standing.Skew(); told {
		e.found = append(e.found, listen.ClockFinding(skew, "Discord", clockAdvice))
	}
}

// shown is what somebody called something, for whoever runs the bot.
func shown(name, otherwise string) string { return cmp.Or(workflows.Display(name, 80), otherwise) }
