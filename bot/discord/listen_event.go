package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/listen"
)

// The messages that people write, in Discord's numbers.
const (
	plainMessage = 0
	replyMessage = 19
)

// happened takes note of an event of the gateway that is no interaction.
func (d *Discord) happened(ctx context.Context, event string, data json.RawMessage) {
	switch event {
	case "MESSAGE_CREATE":
		d.takeLine(ctx, data)
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE":
		if m := read[member](data); m.User != nil && validID(m.User.ID) {
			d.directory.Forget(m.User.ID)
		}
	case "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_UPDATE", "THREAD_DELETE":
		if c := read[struct {
			ID string `json:"id"`
		}](data); validID(c.ID) {
			d.rooms.forget(c.ID)
		}
	}
}

// takeLine takes a line that somebody wrote to the bot: with its name in a channel, or in direct messages.
func (d *Discord) takeLine(ctx context.Context, data json.RawMessage) {
	me := d.me.Load()
	if me == nil {
		d.replies.busy.Add(1)
		return
	}
	var m spoken
	if json.Unmarshal(data, &m) != nil {
		d.replies.ignored.Add(1)
		return
	}
	a, ok := d.line(m, *me)
	if !ok {
		return
	}
	first, young := d.replies.seen.First(m.ID, d.Now())
	if !first {
		d.replies.repeats.Add(1)
		return
	}
	a.young = young
	if a.direct { // to open them for each answer would use up what may be opened for others
		d.rooms.know(a.user, room{ID: a.channel, Kind: discordgo.ChannelTypeDM}, d.Now())
	}
	if !d.replies.each.Enter(a.user, listen.Burst) { // their answers do not get through, and more would keep others from theirs
		d.replies.slowed.Add(1)
		return
	}
	if no := d.admitted(a.user, &d.replies.lines); no != "" {
		d.excuse(ctx, a, no)
		return
	}
	done := d.begin(ctx, a, func(ctx context.Context, a *errand) chat.Reply { return d.said(ctx, a, m.Channels) })
	d.replies.lines.Behind(ctx, func(ctx context.Context) {
		defer d.replies.each.Leave(a.user)
		d.answerLine(ctx, a, done)
	})
}

// line is the request of a line; ok is false for what nobody said to the bot.
func (d *Discord) line(m spoken, me identity) (*errand, bool) {
	switch {
	case m.Author == nil || m.Author.Bot || m.Author.System || m.Hook != "" || m.Author.ID == me.user:
		return nil, false // the bot's own, or another one's
	case m.Type != plainMessage && m.Type != replyMessage:
		return nil, false // about somebody, not by them
	case m.Server != "" && !d.isSpokenTo(m.Content, me.user):
		return nil, false // not said to the bot, also where a message of the bot's is replied to, or it is only spoken of
	case m.Server != "" && !slices.Contains(me.servers, m.Server):
		d.replies.foreign.Add(1)
		return nil, false
	case !validID(m.ID) || !validID(m.In) || !validID(m.Author.ID) || !optionalID(m.Server):
		d.replies.ignored.Add(1)
		return nil, false
	}
	a := &errand{user: m.Author.ID, typed: true, direct: m.Server == "", server: m.Server, channel: m.In, said: m.ID}
	if m.Member != nil && !a.direct {
		a.member = &member{User: m.Author, Pending: m.Member.Pending, Flags: m.Member.Flags}
	}
	text := withoutMention(m.Content, me.user)
	if a.direct {
		text = strings.TrimPrefix(text, lines.Name+" ") // copied from a hint, it mentions nobody
	}
	a.request = chat.Request{ID: "discord/" + m.ID, Text: text}
	return a, true
}

// said carries out a line that was said to the bot. In a thread it is about the channel that the thread is of.
func (d *Discord) said(ctx context.Context, a *errand, named []channel) chat.Reply {
	if !a.direct {
		parent, err := d.parentOf(ctx, a.server, a.channel)
		if err != nil {
			d.Log.WarnContext(ctx, "channel unknown", "reference", a.request.ID, "error", err)
			return words(nowhere)
		}
		if parent != "" {
			a.channel, a.thread = parent, a.channel
		}
		a.request.At = channelPlace(a.server, a.channel)
		a.request.Open = d.Team == nil || d.Team(ctx, a.request.At)
	}
	a.request.Text = d.typedText(ctx, a.request.Text, named)
	return d.Handle(ctx, a.request)
}

// parentOf is the channel that a thread is of; empty for a channel that is no thread.
func (d *Discord) parentOf(ctx context.Context, server, id string) (string, error) {
	for n := 1; ; n++ {
		r, f := d.room(ctx, server, id)
		switch {
		case f == nil && r.Server != server:
			return "", errors.New("the channel is of another server")
		case f == nil && r.thread():
			return r.Parent, nil
		case f == nil:
			return "", nil
		case f.Verdict != chat.Retry || n == lookTries || ctx.Err() != nil:
			return "", f
		}
		listen.Rest(ctx, min(max(f.After, listen.Backoff(lookPause, lookFor, n)), lookFor))
	}
}

// lookUp asks Discord for something, and again where it wants that later or did not answer.
func (d *Discord) lookUp(ctx context.Context, path string, out any) *chat.Fault {
	for n := 1; ; n++ {
		limited, cancel := context.WithTimeout(ctx, lookFor)
		f := d.call(limited, request{method: http.MethodGet, path: path}, out)
		cancel()
		if f == nil || f.Verdict != chat.Retry && f.Verdict != chat.Unclear || n == lookTries || ctx.Err() != nil {
			return f
		}
		listen.Rest(ctx, min(max(f.After, listen.Backoff(lookPause, lookFor, n)), lookFor))
	}
}

// How patiently something is looked up for somebody who waits.
const (
	lookFor   = 3 * time.Second
	lookPause = 300 * time.Millisecond
	lookTries = 3
)
