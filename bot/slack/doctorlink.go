package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"

	"github.com/readyroom/readyroom/bot/chat"
)

// waysIn looks at how Slack reaches the bot: over a connection of the bot's own, or with requests to its address.
func (e *examination) waysIn(ctx context.Context) {
	if e.s.Secrets.AppToken != "" {
		e.socket(ctx)
	}
	if len(e.s.Secrets.Signing) > 0 {
		e.say(chat.Well, "http", "requests are taken at /slack/commands, /slack/interactions and /slack/events, where readyroom serve --listen listens",
			"Slack wants https, so put a proxy of yours in front; while Socket Mode is on in the app's settings, nothing comes this way")
	}
}

// mostLinks are as many connections as one bot holds while it replaces both of its own.
const mostLinks = 4

// socket opens a connection as the bot would, and closes it as soon as Slack has greeted: nothing that people do is meant
// to arrive on it.
func (e *examination) socket(ctx context.Context) {
	_, at, err := e.api.StartSocketModeContext(ctx)
	if err != nil {
		name, next := explained(err, appToken)
		e.say(chat.Failing, "socket mode", "Slack gives no connection: "+name, next)
		return
	}
	hello, err := e.s.greeting(ctx, at)
	if err != nil {
		e.say(chat.Failing, "socket mode", "Slack gives an address, and no connection comes about: "+err.Error(), "Socket Mode needs WebSockets (wss, port 443) through every proxy and firewall on the way: "+unreachable)
		return
	}
	switch mine := e.app(ctx); {
	case hello.Type == socketmode.RequestTypeDisconnect:
		name, next := worded(hello.Reason, appToken)
		e.say(chat.Failing, "socket mode", "Slack ends the connection at once: "+name, next)
	case mine != "" && hello.ConnectionInfo.AppID != "" && mine != hello.ConnectionInfo.AppID:
		e.otherApp(hello.ConnectionInfo.AppID, mine)
	case mine != "" && sameApp(identity{app: mine}, e.s.Secrets.AppToken) != nil:
		e.otherApp(appOfToken.FindStringSubmatch(e.s.Secrets.AppToken.Reveal())[1], mine)
	case hello.NumConnections-1 > mostLinks:
		e.say(chat.Odd, "socket mode", fmt.Sprintf("%d other connections of this app are open, and one bot holds 2", hello.NumConnections-1),
			"is another bot running with the same app token? Each would get a part of what people type: stop one, or give it an app of its own")
	default:
		e.say(chat.Well, "socket mode", "Slack gives a connection", "")
	}
}

func (e *examination) otherApp(theirs, mine string) {
	e.say(chat.Failing, "app", fmt.Sprintf("SLACK_APP_TOKEN is of app %.20q, SLACK_BOT_TOKEN of app %.20q", theirs, mine),
		"take both from the pages of one app: what is heard for the one, the other cannot answer")
}

// greeting opens the connection at an address, and gives what Slack says first on it.
func (s *Slack) greeting(ctx context.Context, at string) (first socketmode.Request, err error) {
	ws, err := s.upgrade(ctx, at)
	if err != nil {
		return first, err
	}
	defer func() { _ = ws.Close() }()
	late := time.AfterFunc(s.timing.hello, func() { _ = ws.Close() })
	defer late.Stop()
	stop := context.AfterFunc(ctx, func() { _ = ws.Close() })
	defer stop()
	ws.SetReadLimit(maxFrame)
	_, text, err := ws.ReadMessage()
	switch {
	case err != nil:
		return first, errors.New("Slack said nothing on it")
	case json.Unmarshal(text, &first) != nil || first.Type != socketmode.RequestTypeHello && first.Type != socketmode.RequestTypeDisconnect:
		return first, errors.New("what answers there is not Slack")
	}
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = ws.WriteControl(websocket.CloseMessage, bye, time.Time{}) // politeness
	return first, nil
}
