package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// room is a channel, a thread, or somebody's direct messages, as Discord says.
type room struct {
	ID      string                `json:"id"`
	Kind    discordgo.ChannelType `json:"type"`
	Server  string                `json:"guild_id"`
	Parent  string                `json:"parent_id"`
	Last    string                `json:"last_message_id"`
	Members []struct {
		ID string `json:"id"`
	} `json:"recipients"`
}

// thread reports whether it is a thread.
func (r room) thread() bool {
	switch r.Kind {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread:
		return true
	}
	return false
}

// branches reports whether a message there can have a thread of its own.
func (r room) branches() bool {
	return r.Kind == discordgo.ChannelTypeGuildText || r.Kind == discordgo.ChannelTypeGuildNews
}

// direct reports whether it is somebody's direct messages with the bot.
func (r room) direct(user string) bool {
	return r.Kind == discordgo.ChannelTypeDM && len(r.Members) == 1 && r.Members[0].ID == user
}

// unfit says why nothing is posted in a channel of its kind; nil: it can be.
func (r room) unfit() *chat.Fault {
	what := ""
	switch {
	case r.branches() || r.thread():
		return nil
	case r.Kind == discordgo.ChannelTypeGuildForum || r.Kind == discordgo.ChannelTypeGuildMedia:
		what = "a forum, where every message opens a post of its own"
	case r.Kind == discordgo.ChannelTypeGuildVoice || r.Kind == discordgo.ChannelTypeGuildStageVoice:
		what = "a voice channel"
	case r.Kind == discordgo.ChannelTypeGuildCategory:
		what = "a category of channels"
	default:
		what = "of a kind that nothing is posted in"
	}
	return fatal("the channel is %s → type /release set --here in a text or announcement channel", what)
}

// room gives a channel of a server, or a thread there. Where nothing is known, all channels of the server are looked at
// once, so that telling hundreds costs one call more and not twice as many.
func (d *Discord) room(ctx context.Context, server, id string) (room, *chat.Fault) {
	if r, ok := d.rooms.find(id, d.Now()); ok {
		return r, nil
	}
	if server != "" {
		d.list(ctx, server)
		if r, ok := d.rooms.find(id, d.Now()); ok {
			return r, nil
		}
	}
	return d.look(ctx, id)
}

// look asks for one channel.
func (d *Discord) look(ctx context.Context, id string) (room, *chat.Fault) {
	var r room
	f := d.call(ctx, request{method: "GET", path: "/channels/" + id}, &r)
	if f == nil && r.ID != id {
		f = unsure("the answer does not say what the channel is")
	}
	if f != nil {
		return room{}, nothingSent(f)
	}
	d.rooms.keep(d.Now(), r)
	return r, nil
}

// list looks at all channels of a server, or waits for who does. It is a shortcut: what it does not bring is asked for
// one by one.
func (d *Discord) list(ctx context.Context, server string) {
	l, mine := d.rooms.turn(server, d.Now())
	if !mine {
		select {
		case <-l.done:
		case <-ctx.Done():
		}
		return
	}
	defer close(l.done)
	var all []room
	if f := d.call(ctx, request{method: "GET", path: "/guilds/" + server + "/channels"}, &all); f == nil {
		for i := range all {
			all[i].Server = cmp.Or(all[i].Server, server)
		}
		d.rooms.keep(d.Now(), all[:min(len(all), mostRooms/2)]...)
	}
}

// opened gives the channel of somebody's direct messages. Discord opens one where there is none, which is repeated
// without harm.
func (d *Discord) opened(ctx context.Context, user string) (room, *chat.Fault) {
	d.rooms.mu.Lock()
	id := d.rooms.direct[user]
	d.rooms.mu.Unlock()
	if r, ok := d.rooms.find(id, d.Now()); id != "" && ok {
		return r, nil
	}
	var r room
	var f *chat.Fault
	if id == "" {
		f = d.call(ctx, request{method: "POST", path: "/users/@me/channels", body: map[string]string{"recipient_id": user}}, &r)
	} else {
		r, f = d.look(ctx, id)
	}
	if f == nil && (!validID(r.ID) || !r.direct(user)) {
		f = unsure("Discord did not say which channel the direct messages are in")
	}
	if f != nil {
		d.rooms.forget(id)
		return room{}, nothingSent(f)
	}
	d.rooms.know(user, r, d.Now())
	return r, nil
}

// at gives the channel of a post's place.
func (d *Discord) at(ctx context.Context, p chat.Post) (room, *chat.Fault) {
	server, id, ok := target(p.Place)
	switch {
	case !ok:
		return room{}, fatal("%q is no place of Discord's", p.Place)
	case server == "":
		// What is there already says where: to look is not to open, which is to be done sparingly.
		if in, _, ok := channelAndMessage(cmp.Or(p.Edit, p.Thread)); ok && !d.rooms.talks(id) {
			if r, f := d.room(ctx, "", in); f == nil && r.direct(id) {
				d.rooms.know(id, r, d.Now())
			}
		}
		return d.opened(ctx, id)
	}
	r, f := d.room(ctx, server, id)
	switch {
	case f != nil:
		return r, f
	case r.Server != server:
		return r, fatal("the channel %s is not in the server %s", id, server)
	}
	return r, r.unfit()
}

// within gives the channel that a message of a place stands in: the place's own, or a thread there.
func (d *Discord) within(ctx context.Context, p workflows.Place, at room, id string) (room, *chat.Fault) {
	if id == at.ID {
		return at, nil
	}
	r, f := d.room(ctx, "", id)
	switch {
	case f != nil && codeOf(f) == codeUnknownChannel:
		return r, gone("the thread that it stood in")
	case f != nil:
		return r, f
	case !r.thread() || r.Parent != at.ID || r.Server != at.Server:
		return r, fatal("the channel %s is not in %s", id, p)
	}
	return r, nil
}

// The codes of Discord's that are looked at by name.
const (
	codeUnknownChannel = 10003
	codeUnknownMessage = 10008
	codePublished      = 40033
	codeNoAccess       = 50001
	codeNoDirect       = 50007
	codeNoRight        = 50013
	codeWrongKind      = 50024
	codeWrongMessage   = 50068
	codeArchived       = 50083
	codeThreadIsThere  = 160004
)

// unsure is an answer that does not say what it should.
func unsure(words string) *chat.Fault {
	return &chat.Fault{Verdict: chat.Unclear, Err: errors.New(words)}
}

// gone is what should be edited or answered, and is not there.
func gone(what string) *chat.Fault {
	return &chat.Fault{Verdict: chat.Fatal, Gone: true, Err: fmt.Errorf("%s is no longer there", what)}
}

// nothingSent is a fault of a call that posts nothing: however it ended, nothing was sent.
func nothingSent(f *chat.Fault) *chat.Fault {
	if f.Verdict == chat.Unclear {
		f.Verdict = chat.Retry
	}
	return f
}
