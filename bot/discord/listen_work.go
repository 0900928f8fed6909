package discord

import (
	"context"
	"encoding/json"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// errand is a request on its way, with all that its answer needs.
type errand struct {
	request chat.Request
	user    string
	member  *member // as Discord said it together with what was asked; nil: in direct messages
	typed   bool    // the text is a person's, with Discord's marks in it
	direct  bool    // it was asked in direct messages
	server  string
	channel string // where it was asked, or whose thread
	thread  string // where it was asked, if in one

	// Of an interaction.
	token    string // lets the bot answer for a quarter of an hour: a secret
	form     bool   // a form was sent: no other one can be opened in answer to that
	question bool   // what was pressed answers a question that its asker alone sees: the answer stands in its place

	// Of a line that somebody wrote.
	said  string // the message
	young bool   // a former process may have answered it

	prefill map[string]string // what a form that opens begins with, by field
	draft   draft             // what was entered in the form that was sent
}

// of is a request from where an interaction was begun.
func of(i interaction) *errand {
	a := &errand{user: i.asker(), member: i.Member, direct: i.direct(), server: i.Server, token: i.Token}
	a.channel, a.thread = i.place()
	a.request.ID = "discord/" + i.ID
	if !a.direct {
		a.request.At = channelPlace(i.Server, a.channel)
	}
	return a
}

// begin carries a request out behind, in a place that was entered, and gives what came of it once that is known.
func (d *Discord) begin(ctx context.Context, a *errand, work func(context.Context, *errand) chat.Reply) <-chan chat.Reply {
	done := make(chan chat.Reply, 1)
	d.workOf(a).Carry(ctx, func(ctx context.Context) { done <- d.carryOut(ctx, a, work) })
	return done
}

// workOf is where a request has its place.
func (d *Discord) workOf(a *errand) *listen.Work {
	if a.said != "" {
		return &d.replies.lines
	}
	return &d.replies.flights
}

// carryOut does what a request asks. It never fails.
func (d *Discord) carryOut(ctx context.Context, a *errand, work func(context.Context, *errand) chat.Reply) chat.Reply {
	ctx, cancel := context.WithTimeout(ctx, listen.WorkFor)
	defer cancel()
	reply := words(listen.Broke + a.request.ID)
	_ = listen.Guard(ctx, d.Log, "request "+a.request.ID, func() { reply = d.handled(ctx, a, work) }) // logged, and said
	return reply
}

// handled is what comes of a request, once it is known who asks.
func (d *Discord) handled(ctx context.Context, a *errand, work func(context.Context, *errand) chat.Reply) chat.Reply {
	by, err := d.who(ctx, a.user, a.member)
	if err != nil {
		d.Log.WarnContext(ctx, "asker unknown", "reference", a.request.ID, "error", a.told(err))
		return words(nobody)
	}
	r := &a.request
	r.By, r.When = by, d.Now()
	if a.direct {
		r.At = workflows.Direct(by)
	}
	return work(ctx, a)
}

// handle has the bot's own handler do it.
func (d *Discord) handle(ctx context.Context, a *errand) chat.Reply {
	if a.typed {
		a.request.Text = d.typedText(ctx, a.request.Text, nil)
	}
	return d.Handle(ctx, a.request)
}

// inTime waits for what comes of a request as long as the first answer may take.
func (d *Discord) inTime(done <-chan chat.Reply) (chat.Reply, bool) {
	timer := time.NewTimer(d.replies.soon())
	defer timer.Stop()
	select {
	case r := <-done:
		return r, true
	case <-timer.C:
		return chat.Reply{}, false
	}
}

// excuse says behind why a line was not carried out; or not, where even that would be too much.
func (d *Discord) excuse(ctx context.Context, a *errand, why string) {
	if d.isOutsiders(ctx, a) || !d.replies.excuses.Enter(listen.Excuses) {
		d.replies.each.Leave(a.user)
		return
	}
	d.replies.excuses.Carry(ctx, func(ctx context.Context) {
		defer d.replies.each.Leave(a.user)
		d.write(ctx, a, chat.Message{Title: why}, "excuse/")
	})
}

// read reads a part of what Discord sent; what cannot be read is as if it were not there.
func read[T any](raw json.RawMessage) (out T) {
	if err := json.Unmarshal(raw, &out); err != nil {
		var none T
		return none
	}
	return out
}
