package discordfake

import (
	"encoding/json"
	"slices"
	"time"
)

func init() {
	routes = append(routes,
		route{method: "POST", pattern: "/channels/{channel}/messages", do: (*Fake).createMessage},
		route{method: "PATCH", pattern: "/channels/{channel}/messages/{message}", do: (*Fake).editMessage},
		route{method: "DELETE", pattern: "/channels/{channel}/messages/{message}", rate: rate{n: 5, per: time.Second}, do: (*Fake).deleteMessage},
	)
}

func (f *Fake) createMessage(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	if no := f.sendable(ch); no.given() {
		return nil, no
	}
	d, no := f.draft("message", "", c, c.Body)
	if no.given() {
		return nil, no
	}
	key := nonceKey{channel: ch.ID, author: Bot, nonce: d.nonce}
	if d.enforce && d.nonce != "" && !f.o.Forgets {
		if m := f.nonces[key]; m != nil && !m.Deleted && c.At.Sub(idTime(m.ID)) < MaxNonceAge*time.Minute {
			return f.withNonce(m), refusal{}
		}
	}
	m, no := f.compose(ch, d)
	if no.given() {
		return nil, no
	}
	f.unarchive(ch)
	f.post(m)
	if d.nonce != "" {
		f.nonces[key] = m
	}
	return f.withNonce(m), refusal{}
}

// withNonce is a message as who posted it is told: with the nonce, which nobody who fetches it later is; the lock is
// held.
func (f *Fake) withNonce(m *Message) reply {
	out := f.messageJSON(m)
	if m.Nonce != "" {
		out["nonce"] = m.Nonce
	}
	return out
}

// compose makes a new message of a draft, without posting it; the lock is held.
func (f *Fake) compose(ch *Channel, d draft) (*Message, refusal) {
	may := f.may(ch, Bot)
	if len(d.files) > 0 && !may.Has(AttachFiles) {
		return nil, refuse(50013)
	}
	m := &Message{Channel: ch.ID, Author: Bot, Nonce: d.nonce}
	if d.reply != "" {
		switch to := f.find(ch.ID, d.reply); {
		case !may.Has(ReadMessageHistory):
			return nil, refuse(160002)
		case to != nil:
			m.Reply, m.kind = d.reply, typeReply
		case d.mustReply:
			var w wrong
			w.at("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
			return nil, w.refusal()
		}
	}
	dropped := f.apply(ch, m, d)
	if m.empty() {
		if dropped {
			return nil, refuse(50013)
		}
		return nil, refuse(50006)
	}
	return m, refusal{}
}

// The types of message that are known here.
const (
	typeDefault       = 0
	typeThreadCreated = 18
	typeReply         = 19
	typeCommand       = 20 // the answer to a slash command
	typeStarter       = 21
	typeContextMenu   = 23
)

// empty reports whether there is nothing to see in a message.
func (m *Message) empty() bool {
	return m.Content == "" && m.Embeds == nil && m.Components == nil && len(m.Files) == 0
}

// apply gives a message what a draft says, and leaves the rest as it is. Embeds of who may not embed are dropped without
// a word, of which it tells; the lock is held.
func (f *Fake) apply(ch *Channel, m *Message, d draft) (dropped bool) {
	if d.content != nil {
		m.Content = *d.content
		m.Pings = f.pings(ch, m.Author, m.Content, d.mentions)
	}
	if d.embeds != nil {
		m.Embeds = stored(d.embeds)
		if m.Embeds != nil && !f.may(ch, m.Author).Has(EmbedLinks) {
			m.Embeds, dropped = nil, true
		}
	}
	if d.components != nil {
		m.Components = stored(d.components)
	}
	if d.flags != nil {
		m.Flags = *d.flags
	}
	if d.kept != nil {
		m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(x File) bool { return !slices.Contains(*d.kept, x.ID) })
	}
	for _, x := range d.files {
		x.ID = f.newID()
		m.Files = append(m.Files, x)
	}
	return dropped
}

// stored is a list as JSON; nil where it is empty.
func stored(all []map[string]any) json.RawMessage {
	if len(all) == 0 {
		return nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return text
}

func (f *Fake) deleteMessage(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	m, no := f.written(ch, c)
	switch {
	case no.given():
		return nil, no
	case m.Author != Bot && ch.Type == DirectMessages:
		return nil, refuse(50003)
	case m.Author != Bot && !f.may(ch, Bot).Has(ManageMessages):
		return nil, refuse(50013)
	case ch.Archived && ch.Locked && !f.may(ch, Bot).Has(ManageThreads):
		return nil, refuse(50083)
	}
	f.deleted(m)
	return nil, refusal{}
}
