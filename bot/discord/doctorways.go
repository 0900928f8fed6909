package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/readyroom/readyroom/bot/chat"
)

// intents looks at the switch without which nobody's roles can be read.
func (e *examination) intents() {
	switch {
	case len(e.on.Groups) == 0:
		e.say(chat.Well, "intents", "no privileged one is needed", "")
	case e.me.members:
		e.say(chat.Well, "intents", "Server Members Intent is on", "")
	default:
		e.say(chat.Failing, "intents", "Server Members Intent is off, so whoever holds a role through a group of Discord has none, and over the gateway nothing is heard at all",
			membersOn+"; or take what begins with group:discord/ out of the configuration")
	}
}

// waysIn looks at how Discord reaches the bot: over the gateway, or with requests to its address.
func (e *examination) waysIn(ctx context.Context) {
	if e.d.HTTP {
		e.endpoint()
		return
	}
	if at, ok := e.starts(ctx); ok {
		e.greets(ctx, at)
	}
	if e.me.endpoint != "" {
		e.say(chat.Failing, "interactions", "Discord sends all commands and presses to "+address(e.me.endpoint)+", and the bot listens to the gateway, where nothing comes",
			"either empty the field and save: "+endpointBox+"; or write discord: {listen: http}")
	}
}

// starts looks at how many sessions may be begun today, and gives the address of the gateway.
func (e *examination) starts(ctx context.Context) (at string, ok bool) {
	var l startLimit
	err := e.d.ask(ctx, "/gateway/bot", &l)
	if err == nil && l.Limit == nil {
		err = errors.New("the answer to GET /gateway/bot does not say how many sessions may be begun")
	}
	if err == nil {
		at, err = e.d.gatewayAddress(l.URL)
	}
	if err != nil {
		found, next, _ := explained(err)
		e.say(chat.Failing, "gateway", "Discord says no way there: "+found, next)
		return "", false
	}
	left := fmt.Sprintf("only %d of the %d sessions that Discord allows in a day are left", l.Limit.Remaining, l.Limit.Total)
	const why = "look why so many were begun: two bots on one token, or one that is restarted again and again? Stop that one, or take a new token"
	switch {
	case l.Limit.Remaining <= startsKept:
		again := e.d.Now().Add(time.Duration(l.Limit.Reset) * time.Millisecond)
		e.say(chat.Failing, "sessions", left+", and the bot begins none before "+again.UTC().Format("15:04 MST"), why)
	case l.Limit.Remaining <= l.Limit.Total/4:
		e.say(chat.Odd, "sessions", left, why)
	}
	return at, true
}

// greets opens a connection as the bot would, and closes it as soon as Discord has greeted.
func (e *examination) greets(ctx context.Context, at string) {
	if err := e.d.greeting(ctx, at); err != nil {
		e.say(chat.Failing, "gateway", "Discord gives an address, and no connection comes about: "+err.Error(), noSockets)
		return
	}
	e.say(chat.Well, "gateway", "Discord gives a connection", "")
}

// greeting opens a connection at an address, and closes it when Discord greeted on it. Nothing is sent: a session that is
// begun counts.
func (d *Discord) greeting(ctx context.Context, at string) error {
	ws, err := d.dial(ctx, at)
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close() }()
	late := time.AfterFunc(d.timing.hello, func() { _ = ws.Close() })
	defer late.Stop()
	stop := context.AfterFunc(ctx, func() { _ = ws.Close() })
	defer stop()
	ws.SetReadLimit(maxFrame)
	_, text, err := ws.ReadMessage()
	if err != nil {
		return errors.New("Discord said nothing on it")
	}
	var f frame
	if json.Unmarshal(text, &f) != nil || f.Op == nil || *f.Op != opHello {
		return errors.New("what answers there is not Discord's gateway")
	}
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = ws.WriteControl(websocket.CloseMessage, bye, time.Time{}) // politeness
	return nil
}

// endpoint looks at where Discord sends requests.
func (e *examination) endpoint() {
	const enter = "once readyroom serve --listen is reached by https, enter https://HOST" + interactionsPath + " and save: " + endpointBox +
		". Discord asks that address at once, and takes it only if the bot answers"
	switch at := e.me.endpoint; {
	case at == "":
		e.say(chat.Failing, "interactions", "Discord was told no address, so it sends no commands and presses by http", enter)
	case !strings.HasSuffix(address(at), interactionsPath):
		e.say(chat.Odd, "interactions", "Discord sends commands and presses to "+address(at)+", which is not "+interactionsPath,
			"unless a proxy of yours leads from there to the bot: "+enter)
	default:
		e.say(chat.Well, "interactions", "Discord sends commands and presses to "+address(at), "")
	}
}

// address is an address without what may be a secret in it.
func address(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "an address that is none"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// commands looks whether the typed commands of each server are as they should be.
func (e *examination) commands(ctx context.Context) {
	done, err := e.d.Register(ctx, true)
	for _, w := range done.Servers {
		what := "commands"
		if len(e.me.servers) > 1 {
			what += " of " + w.Server
		}
		const next = "readyroom serve writes them when it starts; by hand: " + RegisterLine
		switch {
		case w.None():
			e.say(chat.Well, what, w.String(), "")
		case w.Same+len(w.Changed)+len(w.Removed) == 0:
			e.say(chat.Odd, what, "they are not there yet: "+strings.Join(w.Created, ", "), next)
		default:
			e.say(chat.Odd, what, "they are of another version: would be "+w.String(), next)
		}
	}
	e.found = append(e.found, Registered{Twice: done.Twice}.Findings(true, nil)...)
	for _, one := range unjoined(err) {
		found, next, _ := explained(one)
		if no, ok := errors.AsType[*apiError](one); ok && no.Code == unseenThere {
			found, next = "the bot was let into the server without its commands ("+found+")", e.invite()
		}
		e.say(chat.Failing, "commands", found, next)
	}
}
