package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

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

const (
	// A channel is asked for again after channelGood: its kind can change, and its threads' parent cannot.
	channelGood = 10 * time.Minute
	// A server's channels are listed at most this often: with one look, all of them are known.
	listEvery   = time.Minute
	mostRooms   = 2000
	mostServers = 100
)

// rooms is what is remembered of channels. It may be used concurrently; its zero value is ready.
type rooms struct {
	mu     sync.Mutex
	known  map[string]seen
	direct map[string]string // user → the channel of the direct messages with them
	titles map[string]string // message → its title, for the thread that may be started from it
	begun  map[string]bool   // messages that a thread was started from
	listed map[string]*listing
}

// seen is a room, and when Discord said so.
type seen struct {
	room
	at time.Time
}

// listing is a look at all channels of a server, that others may wait for.
type listing struct {
	at   time.Time
	done chan struct{}
}

func (rs *rooms) find(id string, now time.Time) (room, bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	s, ok := rs.known[id]
	return s.room, ok && now.Sub(s.at) < channelGood
}

func (rs *rooms) keep(now time.Time, all ...room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range all {
		put(&rs.known, r.ID, seen{r, now}, mostRooms)
	}
}

// put remembers something, and forgets all where it would be too much: it can be asked for again.
func put[V any](m *map[string]V, key string, v V, most int) {
	if *m == nil || len(*m) >= most {
		*m = map[string]V{}
	}
	(*m)[key] = v
}

// forget drops what is known of a channel: it changed, or a call about it failed.
func (rs *rooms) forget(id string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.known, id)
	for user, channel := range rs.direct {
		if channel == id {
			delete(rs.direct, user)
		}
	}
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
	if f := d.call(ctx, request{method: "GET", path: "/guilds/" + server + "/channels", lists: true}, &all); f == nil {
		for i := range all {
			all[i].Server = cmp.Or(all[i].Server, server)
		}
		d.rooms.keep(d.Now(), all[:min(len(all), mostRooms/2)]...)
	}
}

// turn gives the look at a server's channels that is under way, or was not long ago; mine: it is the caller's to make.
func (rs *rooms) turn(server string, now time.Time) (l *listing, mine bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if l := rs.listed[server]; l != nil && now.Sub(l.at) < listEvery {
		return l, false
	}
	l = &listing{at: now, done: make(chan struct{})}
	put(&rs.listed, server, l, mostServers)
	return l, true
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

// know remembers the channel of somebody's direct messages.
func (rs *rooms) know(user string, r room, now time.Time) {
	rs.keep(now, r)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	put(&rs.direct, user, r.ID, mostRooms)
}

// at gives the channel that a place means.
func (d *Discord) at(ctx context.Context, p workflows.Place) (room, *chat.Fault) {
	server, id, ok := target(p)
	switch {
	case !ok:
		return room{}, fatal("%q is no place of Discord's", p)
	case server == "":
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
