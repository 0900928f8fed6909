package slack

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

// maxAck is how many bytes of an acknowledgement Slack takes; it loses longer ones without a word.
const maxAck = 20<<10 - 1

// kinds are the types of envelopes that carry requests.
var kinds = map[string]kind{
	socketmode.RequestTypeSlashCommands: command,
	socketmode.RequestTypeInteractive:   interaction,
	socketmode.RequestTypeEventsAPI:     event,
}

// got takes in one message; false: it is no envelope. Reading goes on at once: requests are handled beside it.
func (c *conn) got(ctx context.Context, text []byte) bool {
	var e socketmode.Request
	if err := json.Unmarshal(text, &e); err != nil {
		var only struct {
			EnvelopeID string `json:"envelope_id"`
		}
		_ = json.Unmarshal(text, &only) // fields of the wrong type are passed over, and the others are read
		e = socketmode.Request{EnvelopeID: only.EnvelopeID}
	}
	k, carries := kinds[e.Type]
	switch {
	case e.Type == socketmode.RequestTypeHello:
		c.greet(e)
	case e.Type == socketmode.RequestTypeDisconnect:
		c.leave(e.Reason)
	case carries && e.EnvelopeID != "":
		c.take(ctx, k, e)
	case e.EnvelopeID != "":
		c.s.Log.WarnContext(ctx, "slack sent what the bot does not know, and it was acknowledged", "bytes", len(text))
		c.acknowledge(ctx, e, nil)
	default:
		return false
	}
	return true
}

// greet takes note of Slack's greeting. A connection of another app than the bot's is no use.
func (c *conn) greet(e socketmode.Request) {
	if app, me := e.ConnectionInfo.AppID, c.s.me.Load(); app != "" && me != nil && app != me.app {
		c.end(listen.Refused(fmt.Sprintf("the app token is of app %s, and the bot is app %s: take both tokens from one app", app, me.app)))
		return
	}
	select {
	case <-c.greeted:
	default:
		close(c.greeted)
		c.s.links.hearing.Hear(c.s.timing.deaf)
	}
}

// leave takes note that Slack will end the connection, or has nothing more to say on it.
func (c *conn) leave(reason string) {
	switch reason {
	case "link_disabled":
		c.end(listen.Refused(reason + ": " + advice[reason]))
	case "too_many_websockets":
		c.end(errCrowded)
	default: // "warning", "refresh_requested": there is time to open the next one
		select {
		case <-c.leaving:
		default:
			close(c.leaving)
		}
	}
}

// take hands a request on, and acknowledges it with the answer. When there is room for no more, a command is answered so.
// A press or a submitted form has no such answer: not acknowledged, its client says that it did not work. An event is
// sent again later.
func (c *conn) take(ctx context.Context, k kind, e socketmode.Request) {
	if !c.begin() {
		return
	}
	if !c.s.links.enter(c.s.timing.stuck) {
		c.s.Log.WarnContext(ctx, "there is room for no more requests", "kind", string(k))
		if k != command {
			c.work.Done()
			return
		}
		go func() { // writing may take a while, and nobody else's request waits for it
			defer c.work.Done()
			c.acknowledge(ctx, e, whispered(listen.TooBusy))
		}()
		return
	}
	go func() {
		defer c.work.Done()
		defer c.s.links.leave()
		c.handle(ctx, k, e)
	}()
}

// handle has a request answered. A panic is no reason to have an event sent again, which would panic again.
func (c *conn) handle(ctx context.Context, k kind, e socketmode.Request) {
	var answer []byte
	err := c.s.guard(ctx, string(k)+" "+e.EnvelopeID, func() {
		answer = c.s.links.take(ctx, inbound{kind: k, body: e.Payload, retry: e.RetryAttempt})
	})
	switch {
	case err == nil && (len(answer) == 0 || json.Valid(answer)):
	case k == interaction:
		return
	default:
		answer = map[kind][]byte{command: whispered(listen.Broke + e.EnvelopeID)}[k]
	}
	if oversize(e.EnvelopeID, answer) {
		c.s.Log.WarnContext(ctx, "an answer is too long for slack", "kind", string(k), "bytes", len(answer))
		answer = map[kind][]byte{command: whispered(tooMuch), interaction: showing(blocks.Answer(chat.Message{Title: tooMuch}))}[k]
	}
	c.acknowledge(ctx, e, answer)
}

// acknowledge tells Slack that a request arrived. One that is not acknowledged is sent again, if it is an event.
func (c *conn) acknowledge(ctx context.Context, e socketmode.Request, answer []byte) {
	text, err := ackOf(e.EnvelopeID, answer, e.AcceptsResponsePayload)
	if err == nil {
		err = c.write(func() error { return c.ws.WriteMessage(websocket.TextMessage, text) })
	}
	if err != nil {
		c.s.Log.WarnContext(ctx, "a request could not be acknowledged", "type", e.Type, "error", told(err))
	}
}

// ackOf is an acknowledgement; with the answer, where Slack takes one.
func ackOf(id string, answer []byte, accepts bool) ([]byte, error) {
	a := socketmode.Response{EnvelopeID: id}
	if accepts && len(answer) > 0 {
		a.Payload = json.RawMessage(answer)
	}
	return json.Marshal(a)
}

func oversize(id string, answer []byte) bool {
	text, err := ackOf(id, answer, true)
	return err == nil && len(text) > maxAck
}
