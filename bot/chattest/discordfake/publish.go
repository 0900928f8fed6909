package discordfake

import (
	"net/http"
	"time"
)

func init() {
	routes = append(routes,
		route{method: "POST", pattern: "/channels/{channel}/messages/{message}/crosspost", do: (*Fake).crosspost})
}

// crosspost publishes a message of an announcement channel to the channels that follow it.
func (f *Fake) crosspost(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	m, no := f.written(ch, c)
	if no.given() {
		return nil, no
	}
	may := f.may(ch, Bot)
	switch {
	case ch.Type != Announcement:
		return nil, refuse(50024)
	case !may.Has(SendMessages) || m.Author != Bot && !may.Has(ManageMessages):
		return nil, refuse(50013)
	case m.kind != typeDefault:
		return nil, refuse(50068)
	case m.Published:
		return nil, refuse(40033)
	}
	if no := f.writtenTooOften("publish "+ch.ID, PublishRate, c, false); no.given() {
		return nil, no
	}
	m.Published = true
	f.edited(m)
	m.Edits, m.Edited = m.Edits-1, time.Time{}
	return f.messageJSON(m), refusal{}
}

// writtenTooOften counts what is limited by the hour, beside the buckets: the header of its 429 is wrong, and the body is
// right (discord/discord-api-docs#6109). narrow: only this message must wait; the lock is held.
func (f *Fake) writtenTooOften(key string, n int, c *Call, narrow bool) refusal {
	if f.o.Rates.Scale == 0 {
		return refusal{}
	}
	wait := f.meter.count(key, rate{n: n, per: PublishSpan}, f.o.Rates.Scale, c.At)
	if wait == 0 {
		return refusal{}
	}
	f.meter.Refused++
	return refusal{
		status: http.StatusTooManyRequests, code: 20028, retry: wait, scope: "shared", header: "1", narrow: narrow,
		message: "The write action you are performing on the channel has hit the write rate limit.",
	}
}

// editedTooOften counts the edits of a published message, and those of old ones; the lock is held.
func (f *Fake) editedTooOften(m *Message, c *Call) refusal {
	if m.Published {
		if no := f.writtenTooOften("edit "+m.ID, EditRate, c, true); no.given() {
			return no
		}
	}
	if f.o.Rates.OldEdits == 0 || c.At.Sub(idTime(m.ID)) <= OldEditAfter {
		return refusal{}
	}
	wait := f.meter.count("old edits "+m.Channel, rate{n: f.o.Rates.OldEdits, per: OldEditSpan}, 1, c.At)
	if wait == 0 {
		return refusal{}
	}
	f.meter.Refused++
	no := refuse(30046)
	no.retry, no.scope, no.narrow = wait, "user", true
	return no
}
