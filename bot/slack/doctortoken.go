package slack

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// token asks Slack whose the bot token is, and with that what it may do and what time it is there.
func (e *examination) token(ctx context.Context) bool {
	sent := e.s.Now()
	me, err := e.api.AuthTestContext(ctx)
	if err != nil {
		name, next := explained(err, botToken)
		if isAnswer(err) {
			e.say(chat.Failing, "bot token", "Slack does not take it: "+name, next)
		} else {
			e.say(chat.Failing, "network", name, next)
		}
		return false
	}
	e.me = *me
	if !e.workspace() {
		return false
	}
	e.clock(me.Header, sent)
	e.scopes(me.Header)
	return true
}

// workspace says where the bot is, and whether it should be there.
func (e *examination) workspace() bool {
	me, allowed := e.me, e.s.Teams
	switch {
	case !strings.HasPrefix(me.TeamID, "T") || me.UserID == "":
		e.say(chat.Failing, "bot token", "the app is installed for a whole organisation, not for one workspace",
			tokensPage+"Install App: install it into the one workspace where releases are talked about, and take the token that is shown then")
		return false
	case me.BotID == "":
		e.say(chat.Failing, "bot token", "it is a person's token: the bot would speak as that person", takeBotToken)
		return false
	}
	e.say(chat.Well, "bot token", fmt.Sprintf("it is @%s in the workspace %s (%s)", workflows.Display(me.User, 80), workflows.Display(me.Team, 80), me.TeamID), "")
	if len(allowed) == 0 || slices.Contains(allowed, me.TeamID) || me.EnterpriseID != "" && slices.Contains(allowed, me.EnterpriseID) {
		return true
	}
	e.say(chat.Failing, "workspace", me.TeamID+" is not among those that the configuration lets in: "+strings.Join(allowed, ", "),
		"take the bot token of one of these, or write slack: {workspaces: ["+me.TeamID+"]}")
	return false
}

const clockAdvice = "have this machine's clock set over the network: timedatectl set-ntp true. A wrong clock records wrong times; from 5 minutes on, requests of Slack's over HTTP are refused"

// clock looks at what an answer of Slack's says of the time, where it does.
func (e *examination) clock(h http.Header, sent time.Time) {
	if skew, told := listen.SkewOf(h, sent, e.s.Now()); told {
		e.found = append(e.found, listen.ClockFinding(skew, "Slack", clockAdvice))
	}
}

// scopes looks at what the token may do, which every answer of Slack's says.
func (e *examination) scopes(h http.Header) {
	said := h.Get("X-OAuth-Scopes")
	if said == "" {
		e.say(chat.Odd, "scopes", "Slack did not say which the token has", "if a proxy takes headers away, this cannot be looked at from here: compare them with "+manifest)
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
	more := slices.DeleteFunc(slices.Clone(has), func(name string) bool { return slices.Contains(names, name) || !scopeLike.MatchString(name) })
	switch {
	case len(lacking) > 0:
		e.say(chat.Failing, "scopes", "lacking: "+strings.Join(lacking, "; "), "either "+pasteManifest+"; or OAuth & Permissions → Scopes → Bot Token Scopes: add them, then Install App → Reinstall to Workspace")
	case len(more) > 0:
		e.say(chat.Odd, "scopes", "all are there, and more than the bot needs: "+strings.Join(more, ", "),
			"a stolen token can do what it may do: "+tokensPage+"OAuth & Permissions → Scopes: take out what nobody needs, then Install App → Reinstall to Workspace")
	default:
		e.say(chat.Well, "scopes", "all are there, and no more", "")
	}
}

// app is the app that the bot token is of; empty: Slack does not say.
func (e *examination) app(ctx context.Context) string {
	bot, err := e.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: e.me.BotID})
	if err != nil {
		return ""
	}
	return bot.AppID
}
