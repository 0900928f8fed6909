package discordfake

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Message is what everybody in a channel sees.
type Message struct {
	ID         string
	Channel    string // or the thread
	Author     string // the user's id
	Content    string
	Embeds     json.RawMessage // as they were sent; nil: none
	Components json.RawMessage // as they were sent; nil: none
	Flags      int
	Nonce      string // as it was sent
	Files      []File
	Reply      string // the message that it answers; empty: none
	Pings      Pings  // whom it pinged
	Edited     time.Time
	Edits      int // how often it was changed
	Deleted    bool
	Published  bool // cross-posted

	kind     int    // Discord's type of message: 0, 18 for THREAD_CREATED, 20 for the answer to a command, ...
	app      string // whose webhook sent it: of answers to interactions
	thread   string // that was started from it
	revision int    // when it was last changed
	// more are fields that Discord shows beside the usual ones, as "interaction_metadata".
	more reply
}

// File is one that was attached.
type File struct {
	ID, Name string
	Data     []byte
}

// Pings are whom a message notified, by what it says and by what allowed_mentions lets through.
type Pings struct {
	Everyone bool
	Users    []string
	Roles    []string
}

// nonceKey is within what a nonce is enforced.
type nonceKey struct{ channel, author, nonce string }

// Messages are all that stand in a channel or thread, in the order they came, without those deleted.
func (f *Fake) Messages(channel string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.messages[channel], func(m *Message) bool { return !m.Deleted })
}

// Thread are the messages of the thread that was started from a message; none where there is no thread.
func (f *Fake) Thread(channel, message string) []Message {
	f.mu.Lock()
	m := f.find(channel, message)
	f.mu.Unlock()
	if m == nil || m.thread == "" {
		return nil
	}
	return f.Messages(m.thread)
}

// Posted are all messages that the bot ever posted, also those deleted since, whatever it was answered.
func (f *Fake) Posted() []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Message
	for _, in := range f.messages {
		all = append(all, wire.Copies(in, func(m *Message) bool { return m.Author == Bot })...)
	}
	slices.SortFunc(all, func(a, b Message) int { return compareIDs(a.ID, b.ID) })
	return all
}

// compareIDs orders snowflakes by their time.
func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// find gives a message that stands in a channel, or nil; the lock is held.
func (f *Fake) find(channel, id string) *Message {
	all := f.messages[channel]
	// The last are asked for most.
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; m.ID == id {
			if m.Deleted {
				return nil
			}
			return m
		}
	}
	return nil
}
