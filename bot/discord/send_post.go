package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/bot/lines"
)

// outgoing is a message as Discord takes it. Everything that an edit may leave behind is always said.
type outgoing struct {
	Content    string                       `json:"content"`
	Embeds     []*discordgo.MessageEmbed    `json:"embeds"`
	Components []discordgo.MessageComponent `json:"components"`
	Mentions   mentions                     `json:"allowed_mentions"`
	Nonce      string                       `json:"nonce,omitempty"`
	Enforce    bool                         `json:"enforce_nonce,omitempty"`
	Answers    *answered                    `json:"message_reference,omitempty"`
}

// mentions are who may be rung by a message: nobody.
type mentions struct {
	Parse   []string `json:"parse"`
	Replied bool     `json:"replied_user"`
}

// answered is the message that another answers.
type answered struct {
	Message string `json:"message_id"`
	Must    bool   `json:"fail_if_not_exists"`
}

// message is one as Discord gives it, as far as it is looked at.
type message struct {
	ID      string `json:"id"`
	Channel string `json:"channel_id"`
	Flags   int    `json:"flags"`
	Author  struct {
		ID string `json:"id"`
	} `json:"author"`
	Embeds []struct {
		URL string `json:"url"`
	} `json:"embeds"`
}

// mark is the mark that a message bears; empty: none.
func (m message) mark() string {
	if len(m.Embeds) == 0 {
		return ""
	}
	hash, _ := embeds.MarkOf(m.Embeds[0].URL)
	return hash
}

// saying is what a page says; aside: in a thread.
func saying(d embeds.Page, url string, aside bool) outgoing {
	d = embeds.Marked(d, url, aside)
	out := outgoing{Content: d.Content(), Embeds: d.Embeds(), Components: d.Components(), Mentions: mentions{Parse: []string{}}}
	if out.Components == nil { // on an edit, none is said as none
		out.Components = []discordgo.MessageComponent{}
	}
	return out
}

// partKey is the key of one part of a post; the first bears the post's own.
func partKey(key string, part int) string {
	if part == 0 {
		return key
	}
	return key + "#" + strconv.Itoa(part+1)
}

// nonce is what Discord knows a post by for some minutes, so that a repeat of it gives the first one back: at most 25
// characters.
func nonce(channel, key string) string {
	sum := sha256.Sum256([]byte(channel + "\x00" + key))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// post sends the pages, one after the other, and publishes the first. After a former attempt, those that are there are
// left out.
func (d *Discord) post(ctx context.Context, w where, p chat.Post, drawn []embeds.Page) (chat.MessageID, *chat.Fault) {
	there := parts{ids: make([]string, len(drawn))}
	if p.Again {
		var f *chat.Fault
		if there, f = d.parts(ctx, w, p, len(drawn)); f != nil {
			return "", inDoubt(p, f)
		}
	}
	for i, page := range drawn {
		if there.ids[i] != "" {
			continue
		}
		to := w
		if i > 0 {
			to = w.below(there.ids[0])
		}
		id, f := d.say(ctx, to, p, i, page)
		if f != nil {
			if i > 0 { // a part of it is there
				f = inDoubt(p, f)
			}
			return "", f
		}
		there.ids[i] = id
	}
	if p.Stays {
		d.rooms.title(there.ids[0], p.Message.Title)
	}
	if w.publishes(p) && !there.published {
		if f := d.publish(ctx, w.room, there.ids[0]); f != nil {
			return "", inDoubt(p, f)
		}
	}
	return messageID(w.ID, there.ids[0]), nil
}

// inDoubt is a fault after which something of the post is there, or may be: it is looked for before it is sent again.
// Where that is so already, a matter of pace stays one, and the post is not given up for it.
func inDoubt(p chat.Post, f *chat.Fault) *chat.Fault {
	if f.Gone = false; f.Paced && p.Again {
		return f
	}
	f.Verdict, f.Paced = chat.Unclear, false
	return f
}

// below is where the rest of a post goes: in the thread of its first part, or after it where it can have none.
func (w where) below(first string) where {
	if w.root == "" && w.branches() {
		w.room, w.root = threadOf(w.room, first), first
	}
	w.answer = ""
	return w
}

// say posts one message. In a thread that is not there yet, it is started first.
func (d *Discord) say(ctx context.Context, w where, p chat.Post, part int, page embeds.Page) (id string, f *chat.Fault) {
	if w.root != "" {
		if f := d.thread(ctx, w, p, part); f != nil {
			return "", nothingSent(f)
		}
	}
	key := partKey(p.Key, part)
	out := saying(page, embeds.MarkURL(w.server, w.ID, key), p.Thread != "")
	out.Nonce, out.Enforce = nonce(w.ID, key), true
	if w.answer != "" {
		out.Answers = &answered{Message: w.answer}
	}
	var m message
	f = d.call(ctx, request{method: "POST", path: "/channels/" + w.ID + "/messages", body: out}, &m)
	switch {
	case codeOf(f) == codeUnknownMessage: // it was posted a moment ago with this nonce, and somebody deleted it
		f.Verdict, f.Gone, f.After = chat.Retry, false, nonceLasts
	case codeOf(f) == codeUnknownChannel && w.root != "":
		d.rooms.ended(w.root) // it is started again
		f.Verdict = chat.Retry
	case f == nil && (!validID(m.ID) || m.Channel != w.ID):
		f = unsure("the answer does not say which message was posted")
	case f == nil && m.mark() != embeds.Mark(key):
		f = d.unmarked(ctx, m)
	}
	return m.ID, f
}

// unmarked takes a message back that Discord took without its embed: nothing of it could be read, and it could never be
// found again.
func (d *Discord) unmarked(ctx context.Context, m message) *chat.Fault {
	f := d.call(ctx, request{method: "DELETE", path: "/channels/" + m.Channel + "/messages/" + m.ID}, nil)
	if f != nil && codeOf(f) != codeUnknownMessage {
		return unsure("Discord took the message without its embed, and it cannot be taken back → give the bot's role Embed Links in the channel")
	}
	return &chat.Fault{Verdict: chat.Park, Err: errNoEmbeds}
}

// thread starts the thread of a message, where it is not there yet.
func (d *Discord) thread(ctx context.Context, w where, p chat.Post, part int) *chat.Fault {
	if d.rooms.started(w.root) {
		return nil
	}
	name := d.rooms.titled(w.root)
	if part > 0 {
		name = p.Message.Title
	}
	body := map[string]any{"name": threadName(name), "auto_archive_duration": 10080}
	var r room
	f := d.call(ctx, request{method: "POST", path: "/channels/" + w.top.ID + "/messages/" + w.root + "/threads", body: body}, &r)
	switch {
	case codeOf(f) == codeThreadIsThere:
	case f != nil:
		return f
	case r.ID != w.root:
		return unsure("the answer does not say which thread was started")
	default:
		d.rooms.keep(d.Now(), r)
	}
	d.rooms.start(w.root)
	return nil
}

// threadName is what a thread is called: its message's title, in the hundred characters that Discord takes.
func threadName(title string) string {
	name := strings.TrimSpace(lines.OneLine(title))
	if name == "" {
		return "history"
	}
	return lines.Cut(name, 100, lines.Units)
}
