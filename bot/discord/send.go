package discord

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/workflows"
)

// Width is how many places are told at once. At 50 calls a second over a line of 100 ms five would do; three times as many
// keep the pace up while some of them start a thread or publish, and one or two hang.
func (d *Discord) Width() int { return 16 }

// Send posts or edits a message. What does not fit into one message goes on in its thread, or where no message has one,
// below it; a message that stays is cut instead. In an announcement channel, what does not stay is also
// published to the channels that follow it, as a part of the delivery. The id is that of the first.
func (d *Discord) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	id, f := d.send(ctx, p)
	if f != nil { // a nil fault must not become an error
		return "", f
	}
	return id, nil
}

func (d *Discord) send(ctx context.Context, p chat.Post) (chat.MessageID, *chat.Fault) {
	if err := ctx.Err(); err != nil {
		return "", &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	d.begun(ctx) // what is due when a process begins is no failure
	drawn, f := d.drawn(p)
	if f != nil {
		return "", f
	}
	at, f := d.at(ctx, p)
	if f != nil {
		return "", f
	}
	id, f := d.put(ctx, at, p, drawn)
	if f != nil && (f.Verdict == chat.Park || f.Verdict == chat.Fatal) && codeOf(f) != codeNoDirect { // closed ones stay where they are
		d.rooms.forget(at.ID) // it is asked for again, should it have changed
	}
	return id, f
}

func (d *Discord) put(ctx context.Context, at room, p chat.Post, drawn []embeds.Page) (chat.MessageID, *chat.Fault) {
	if p.Edit != "" {
		id, f := d.edit(ctx, at, p, drawn[0])
		if f != nil || len(drawn) == 1 {
			return id, f
		}
		return id, d.goesOn(ctx, at, p, drawn)
	}
	w, f := d.where(ctx, at, p)
	if f != nil {
		return "", f
	}
	return d.post(ctx, w, p, drawn)
}

// drawn is what a post looks like here. It is made before anything is sent.
func (d *Discord) drawn(p chat.Post) ([]embeds.Page, *chat.Fault) {
	words := d.spell
	if p.Place.IsDirect() { // there are no commands there, and every line is said to the bot
		words = lines.ByName
	}
	p.Message = spelled(p.Message, words)
	if f := d.reaches(p.Place); f != nil {
		return nil, f
	}
	switch {
	case p.Key == "":
		return nil, fatal("the post has no key to find it by")
	case p.Message.Title == "" && len(p.Message.Lines) == 0:
		return nil, fatal("the message is empty")
	case p.Stays:
		return []embeds.Page{embeds.One(p.Message)}, nil
	}
	all := embeds.Pages(p.Message)
	if len(all) == 0 {
		return nil, fatal("nothing was drawn")
	}
	return all, nil
}

// reaches says why nothing is sent to a place: it is none, or of a server that is not served; nil: it is.
func (d *Discord) reaches(p workflows.Place) *chat.Fault {
	server, _, ok := target(p)
	me := d.me.Load()
	switch {
	case !ok:
		return fatal("%q is no place that the bot can write to", p)
	case me == nil:
		return &chat.Fault{Verdict: chat.Retry, Err: errors.New("Discord did not say yet who the bot is and which servers it is in")}
	case server != "" && !slices.Contains(me.servers, server):
		return fatal("%q is not in a server that Readyroom serves → see servers in the configuration, and readyroom doctor", p)
	}
	return nil
}

// where is how a post goes out: in which channel or thread, and below which message.
type where struct {
	room
	server string // for the address that bears the mark: "@me" for direct messages
	answer string // the message that is answered, where no message has a thread; empty: none
	root   string // the message of the place's channel whose thread it is; empty: it is in no thread
	top    room   // the place's channel
}

// where finds how a post goes out. A thread is only looked up here; it is started when something is posted.
func (d *Discord) where(ctx context.Context, at room, p chat.Post) (where, *chat.Fault) {
	w := where{room: at, server: at.Server, top: at}
	if at.Server == "" {
		w.server = "@me"
	}
	if p.Thread == "" {
		return w, nil
	}
	in, message, ok := channelAndMessage(p.Thread)
	if !ok {
		return w, fatal("the thread %q is not in %s", p.Thread, p.Place)
	}
	stands, f := d.within(ctx, p.Place, at, in)
	switch {
	case f != nil:
		return w, f
	case stands.branches():
		w.room, w.root = threadOf(at, message), message
	default: // a message in a thread, or in direct messages, has none of its own
		w.room, w.answer = stands, message
	}
	return w, nil
}

// threadOf is the thread that is started from a message, or was: it has the message's id.
func threadOf(at room, message string) room {
	return room{ID: message, Kind: discordgo.ChannelTypeGuildPublicThread, Server: at.Server, Parent: at.ID}
}

// hush is a pace that Discord asked for and that would hold a place for long: only this post waits for it.
func hush(f *chat.Fault) *chat.Fault {
	if f != nil && f.Paced && f.After > time.Minute {
		f.Alone = true
	}
	return f
}
