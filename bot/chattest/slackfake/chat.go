package slackfake

import (
	"slices"
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
