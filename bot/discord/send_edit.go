package discord

import (
	"context"
	"errors"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
)

// nonceLasts is how long Discord knows a nonce, about: "the past few minutes".
const nonceLasts = 5 * time.Minute

// errNoEmbeds: Discord drops the embeds of who may not embed, without a word.
var errNoEmbeds = errors.New("the bot may not embed there, and nearly all that it writes is an embed → give its role Embed Links in the channel")

// edit changes a message. All that it shows is sent each time: what an edit leaves out would stay. Its mark becomes that
// of the edit's key; the first one's is looked for only as long as nobody knows the message's id, and so edits it.
func (d *Discord) edit(ctx context.Context, at room, p chat.Post, page embeds.Page) (chat.MessageID, *chat.Fault) {
	in, id, ok := channelAndMessage(p.Edit)
	if !ok {
		f := fatal("%q is no message of Discord's", p.Edit)
		f.Gone = true
		return "", f
	}
	stands, f := d.within(ctx, p.Place, at, in)
	if f != nil {
		return "", f
	}
	server := stands.Server
	if server == "" {
		server = "@me"
	}
	out := saying(page, embeds.MarkURL(server, in, p.Key), stands.thread())
	f = d.alter(ctx, in, id, p.Key, out)
	if codeOf(f) == codeArchived { // only a post opens a thread by itself
		if f = d.call(ctx, request{method: "PATCH", path: "/channels/" + in, body: map[string]bool{"archived": false}}, nil); f == nil {
			f = d.alter(ctx, in, id, p.Key, out)
		}
	}
	if f == nil {
		d.rooms.title(id, p.Message.Title)
	}
	return p.Edit, hush(f)
}

// goesOn posts what does not fit into an edited message, in its thread. After a former attempt, what is there is left out.
func (d *Discord) goesOn(ctx context.Context, at room, p chat.Post, drawn []embeds.Page) *chat.Fault {
	in, first, _ := channelAndMessage(p.Edit)
	stands, f := d.within(ctx, p.Place, at, in)
	if f != nil {
		return inDoubt(p, f)
	}
	to := where{room: stands, server: at.Server, top: at}.below(first)
	if to.server == "" {
		to.server = "@me"
	}
	there := parts{ids: make([]string, len(drawn))}
	if p.Again {
		want := map[string]int{}
		for i := range drawn[1:] {
			want[embeds.Mark(partKey(p.Key, i+1))] = i + 1
		}
		if f := d.search(ctx, to.ID, p.Since, want, &there); f != nil {
			return inDoubt(p, f)
		}
	}
	for i, page := range drawn {
		if i == 0 || there.ids[i] != "" {
			continue
		}
		if _, f := d.say(ctx, to, p, i, page); f != nil {
			return inDoubt(p, f)
		}
	}
	return nil
}

// alter makes an edit, once.
func (d *Discord) alter(ctx context.Context, in, id, key string, out outgoing) *chat.Fault {
	var m message
	f := d.call(ctx, request{method: "PATCH", path: "/channels/" + in + "/messages/" + id, body: out}, &m)
	switch {
	case f != nil:
		return f
	case m.ID != id:
		return unsure("the answer does not say that the message was changed")
	case m.mark() != embeds.Mark(key):
		return &chat.Fault{Verdict: chat.Park, Err: errNoEmbeds}
	}
	return nil
}
