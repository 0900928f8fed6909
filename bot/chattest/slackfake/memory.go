package slackfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Message is what everybody in a channel sees.
type Message struct {
	Channel  string
	TS       string          // "1767603600.000100"
	ThreadTS string          // of the message that it answers; empty: it stands in the channel itself
	Author   string          // the user's id
	Text     string          // as it was sent
	Blocks   json.RawMessage // as they were sent; nil: none
	Metadata json.RawMessage // nil: none
	Edits    int             // how often it was changed
	Deleted  bool
	// Broadcast is whether an answer also shows in the channel itself.
	Broadcast bool

	blocks   []block // with the ids that Slack gives those without
	app      string  // whose app sent it
	revision int     // when it was last changed
}

// Whisper is an ephemeral message: one person sees it, until it is replaced or they reload.
type Whisper struct {
	Channel, User string
	TS, ThreadTS  string
	Text          string
	Blocks        json.RawMessage
	Gone          bool // replaced, or deleted
	Slash         bool // the answer to a slash command
	Edits         int

	blocks   []block
	revision int
}

// stamp is the last timestamp that was given.
type stamp struct {
	second int64
	micro  int
}

// newTS gives the next timestamp: later than all before, and of one channel alone, so that a mixed up one is found; the
// lock is held.
func (f *Fake) newTS() string {
	s, now := f.stamp, f.o.Now().Unix()
	if now > s.second {
		s = stamp{second: now}
	}
	s.micro += 100
	if s.micro > 999_900 {
		s = stamp{second: s.second + 1, micro: 100}
	}
	f.stamp = s
	return fmt.Sprintf("%d.%06d", s.second, s.micro)
}

// tsTime is when a timestamp was given.
func tsTime(ts string) time.Time {
	var sec, micro int64
	_, _ = fmt.Sscanf(ts, "%d.%d", &sec, &micro)
	return time.Unix(sec, micro*1000)
}

// Messages are all that stand in a channel, roots and answers, in the order they came, without those deleted.
func (f *Fake) Messages(channel string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.messages[channel], func(m *Message) bool { return !m.Deleted })
}

// Thread are the answers to a message, without it.
func (f *Fake) Thread(channel, ts string) []Message {
	return slices.DeleteFunc(f.Messages(channel), func(m Message) bool { return m.ThreadTS != ts })
}

// Posted are all messages that the bot ever posted, also those deleted since, whatever it was answered.
func (f *Fake) Posted() []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Message
	for _, in := range f.messages {
		all = append(all, wire.Copies(in, func(m *Message) bool { return m.Author == Bot })...)
	}
	slices.SortFunc(all, func(a, b Message) int {
		if c := tsTime(a.TS).Compare(tsTime(b.TS)); c != 0 {
			return c
		}
		return slices.Compare([]byte(a.Channel), []byte(b.Channel))
	})
	return all
}

// Ephemerals are what only one person sees in a channel now.
func (f *Fake) Ephemerals(channel, user string) []Whisper {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.whispers, func(w *Whisper) bool { return w.Channel == channel && w.User == user && !w.Gone })
}

// Reload is somebody loading their client anew: what only they saw is gone.
func (f *Fake) Reload(user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.whispers {
		w.Gone = w.Gone || w.User == user
	}
}

// find gives a message that stands in a channel, or nil; the lock is held.
func (f *Fake) find(channel, ts string) *Message {
	all := f.messages[channel]
	// The last are asked for most.
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; m.TS == ts {
			if m.Deleted {
				return nil
			}
			return m
		}
	}
	return nil
}
