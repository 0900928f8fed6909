package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/readyroom/readyroom/bot/listen"
)

// asked is what is read of an interaction to bring its answer back. The token lets whoever has it answer: a secret.
type asked struct {
	ID    string `json:"id"`
	Type  kind   `json:"type"`
	Token string `json:"token"`
}

// readAsked reads it; false: it is no interaction.
func readAsked(body []byte) (i asked, ok bool) {
	err := json.Unmarshal(body, &i)
	return i, err == nil && validID(i.ID) && i.Token != ""
}

// firstTime reports whether an interaction did not come before, on whatever way.
func (d *Discord) firstTime(id string) bool {
	first, _ := d.gateway.had.First("interaction "+id, d.Now())
	if !first {
		d.gateway.count.repeated.Add(1)
	}
	return first
}

// interaction has an interaction answered; false: it is none. One that finds no room is not answered: its client says
// that the application did not respond.
func (c *conn) interaction(ctx context.Context, body json.RawMessage) bool {
	i, ok := readAsked(body)
	if !ok {
		return false
	}
	if !c.d.firstTime(i.ID) || !c.enter() {
		return true
	}
	if !c.d.gateway.asked.enter(c.d.timing.stuck) {
		c.work.Done()
		c.d.gateway.count.dropped.Add(1)
		c.d.Log.WarnContext(ctx, "there is room for no more interactions")
		return true
	}
	go func() {
		defer c.work.Done()
		defer c.d.gateway.asked.leave()
		_ = c.d.guard(ctx, "an interaction", func() { c.d.answer(ctx, i, body) }) // logged
	}()
	return true
}

// answer brings an interaction's answer back, while somebody waits for it. What did not arrive for sure is sent once
// more: Discord takes one answer, and refuses a second one.
func (d *Discord) answer(ctx context.Context, i asked, body json.RawMessage) {
	ctx, cancel := context.WithTimeout(ctx, d.timing.person)
	defer cancel()
	answer := d.answerTo(ctx, i, body)
	if len(answer) == 0 {
		return
	}
	path := "/interactions/" + i.ID + "/" + url.PathEscape(i.Token) + "/callback"
	for try := range 2 {
		f := d.call(ctx, request{method: http.MethodPost, path: path, body: answer, asked: true}, nil)
		if f == nil {
			return
		}
		no, said := errors.AsType[*apiError](f)
		if said && no.Code == codeAnswered && try > 0 {
			return // by the try before, whose end nobody saw
		}
		if try > 0 || ctx.Err() != nil || said && no.Status < 500 {
			d.Log.WarnContext(ctx, "an interaction could not be answered", "interaction", i.ID, "error", told(f))
			return
		}
		listen.Rest(ctx, d.timing.person/20)
	}
}

// codeAnswered is Discord's: the interaction was answered already.
const codeAnswered = 40060

// answerTo gives the answer to an interaction; nil: there is none. A panic is answered as well.
func (d *Discord) answerTo(ctx context.Context, i asked, body []byte) json.RawMessage {
	var answer []byte
	err := d.guard(ctx, "interaction "+i.ID, func() { answer = d.gateway.take(context.WithoutCancel(ctx), body) })
	if err == nil && (len(answer) == 0 || json.Valid(answer)) {
		return answer
	}
	if i.Type == typing {
		return offered(nil)
	}
	return whispered(listen.Broke + i.ID)
}

// note hands on what happened and is no interaction, beside the reading. A message that came already is not handed on
// twice.
func (d *Discord) note(ctx context.Context, event string, body json.RawMessage) {
	g := d.gateway
	if event == "MESSAGE_CREATE" {
		var m struct {
			ID string `json:"id"`
		}
		_ = json.Unmarshal(body, &m) // what has no id is the handler's to judge
		if first, _ := g.had.First("message "+m.ID, d.Now()); m.ID != "" && !first {
			g.count.repeated.Add(1)
			return
		}
	}
	if !g.events.enter(d.timing.stuck) {
		g.count.dropped.Add(1)
		d.Log.WarnContext(ctx, "there is room for no more events", "event", event)
		return
	}
	go func() {
		defer g.events.leave()
		_ = d.guard(ctx, "an event", func() { // logged
			d.rosterNews(ctx, event, body)
			g.happened(ctx, event, body)
		})
	}()
}
