package slackfake

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// postable gives the channel that the bot may post to; the lock is held.
func (f *Fake) postable(id string) (*Channel, refusal) {
	if u := f.users[id]; u != nil {
		return f.dm(u)
	}
	ch := f.channels[id]
	switch {
	case ch == nil:
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.BotIsMember && (ch.Private || f.needs("chat:write.public").given()):
		return nil, refuse("not_in_channel")
	case ch.ReadOnly:
		return nil, refuse("restricted_action")
	}
	return ch, refusal{}
}

func (f *Fake) dm(u *User) (*Channel, refusal) {
	switch {
	case u.Bot:
		return nil, refuse("cannot_dm_bot")
	case u.Deleted:
		return nil, refuse("user_disabled")
	}
	return f.openDM(u.ID), refusal{}
}

// seen gives a channel that the bot knows of: a private one only from within; the lock is held.
func (f *Fake) seen(id string) *Channel {
	if ch := f.channels[id]; ch != nil && (!ch.Private || ch.BotIsMember) {
		return ch
	}
	return nil
}

// threadable says whether ts is a message that can be answered; the lock is held.
func (f *Fake) threadable(channel, ts string) refusal {
	if ts == "" {
		return refusal{}
	}
	if root := f.find(channel, ts); root == nil || root.ThreadTS != "" {
		return refuse("invalid_thread_ts")
	}
	return refusal{}
}

func (f *Fake) chatPostMessage(c *Call) (reply, refusal) {
	ch, no := f.postable(c.Args["channel"])
	if no.given() {
		return nil, no
	}
	said, no := f.content(c.Args)
	if no.given() {
		return nil, no
	}
	if no := f.threadable(ch.ID, c.Args["thread_ts"]); no.given() {
		return nil, no
	}
	meta, no := metadata(c.Args)
	if no.given() {
		return nil, no
	}
	if utf8.RuneCountInString(said.text) > MaxText {
		said.text = string([]rune(said.text)[:MaxText])
	}
	m := f.post(&Message{
		Channel: ch.ID, ThreadTS: c.Args["thread_ts"], Author: Bot, Text: said.text, Blocks: said.raw, Metadata: meta,
		Broadcast: c.Args["reply_broadcast"] == "true", blocks: said.blocks, app: App,
	})
	return reply{"channel": ch.ID, "ts": m.TS, "message": f.messageJSON(m, false)}, refusal{}
}

// post puts a message into its channel; the lock is held.
func (f *Fake) post(m *Message) *Message {
	m.TS = f.newTS()
	f.messages[m.Channel] = append(f.messages[m.Channel], m)
	m.revision = f.stir()
	return m
}

func (f *Fake) chatUpdate(c *Call) (reply, refusal) {
	id := c.Args["channel"]
	ch := f.seen(id)
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	m, no := f.own(id, c.Args["ts"], "cant_update_message")
	if no.given() {
		return nil, no
	}
	if ch.Archived {
		return nil, refuse("is_archived")
	}
	said, no := f.content(c.Args)
	if no.given() {
		return nil, no
	}
	if escapedSize(said.text) > MaxUpdate {
		return nil, refuse("msg_too_long")
	}
	meta, no := metadata(c.Args)
	if no.given() {
		return nil, no
	}
	switch {
	case string(meta) == "{}":
		m.Metadata = nil
	case meta != nil:
		m.Metadata = meta
	}
	m.Text, m.Blocks, m.blocks = said.text, said.raw, said.blocks
	m.Edits++
	m.revision = f.stir()
	return reply{"channel": id, "ts": m.TS, "text": m.Text, "message": f.messageJSON(m, false)}, refusal{}
}

// own gives a message that the bot wrote; the lock is held.
func (f *Fake) own(channel, ts, denied string) (*Message, refusal) {
	m := f.find(channel, ts)
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.Author != Bot:
		return nil, refuse(denied)
	}
	return m, refusal{}
}

func (f *Fake) chatDelete(c *Call) (reply, refusal) {
	if f.seen(c.Args["channel"]) == nil {
		return nil, refuse("channel_not_found")
	}
	m, no := f.own(c.Args["channel"], c.Args["ts"], "cant_delete_message")
	if no.given() {
		return nil, no
	}
	m.Deleted = true
	m.revision = f.stir()
	return reply{"channel": m.Channel, "ts": m.TS}, refusal{}
}

func (f *Fake) chatPostEphemeral(c *Call) (reply, refusal) {
	ch, no := f.postable(c.Args["channel"])
	if no.given() {
		return nil, no
	}
	if u := f.users[c.Args["user"]]; u == nil || !slices.Contains(ch.Members, u.ID) {
		return nil, refuse("user_not_in_channel")
	}
	said, no := f.content(c.Args)
	if no.given() {
		return nil, no
	}
	if escapedSize(said.text) > MaxEphemeral {
		return nil, refuse("msg_too_long")
	}
	if no := f.threadable(ch.ID, c.Args["thread_ts"]); no.given() {
		return nil, no
	}
	w := f.whisper(ch.ID, c.Args["user"], c.Args["thread_ts"], said)
	w.Gone = f.users[c.Args["user"]].Away
	return reply{"message_ts": w.TS}, refusal{}
}

// whisper shows one person a message; the lock is held.
func (f *Fake) whisper(channel, user, thread string, said content) *Whisper {
	w := &Whisper{
		Channel: channel, User: user, TS: f.newTS(), ThreadTS: thread, Text: said.text, Blocks: said.raw, blocks: said.blocks,
	}
	f.whispers = append(f.whispers, w)
	w.revision = f.stir()
	return w
}

func (f *Fake) chatGetPermalink(c *Call) (reply, refusal) {
	id, ts := c.Args["channel"], c.Args["message_ts"]
	if f.seen(id) == nil {
		return nil, refuse("channel_not_found")
	}
	m := f.find(id, ts)
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return reply{"channel": id, "permalink": permalink(m)}, refusal{}
}

// permalink is where a message is looked at.
func permalink(m *Message) string {
	link := "https://" + Domain + ".slack.com/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return link
}

// bareLink is a link that Slack marks as one, so that a text comes back other than it was sent.
var bareLink = regexp.MustCompile(`(^|[\s(])(https?://[^\s<>|)]+)`)

// messageJSON is a message as the Web API shows it; the lock is held.
func (f *Fake) messageJSON(m *Message, withMetadata bool) reply {
	out := reply{"type": "message", "user": m.Author, "text": bareLink.ReplaceAllString(m.Text, "$1<$2>"), "ts": m.TS, "team": Team}
	if m.Author == Bot {
		out["bot_id"], out["app_id"] = BotID, App
	}
	if m.ThreadTS != "" {
		out["thread_ts"], out["parent_user_id"] = m.ThreadTS, Bot
	} else if n := f.answers(m); n > 0 {
		out["thread_ts"], out["reply_count"] = m.TS, n
	}
	if m.blocks != nil {
		out["blocks"] = m.blocks
	}
	if withMetadata && m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	if m.Edits > 0 {
		out["edited"] = map[string]string{"user": m.Author, "ts": m.TS}
	}
	return out
}

// answers counts those to a message; the lock is held.
func (f *Fake) answers(root *Message) (n int) {
	for _, m := range f.messages[root.Channel] {
		if m.ThreadTS == root.TS && !m.Deleted {
			n++
		}
	}
	return n
}
