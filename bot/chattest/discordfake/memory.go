package discordfake

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
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

// happening is what the gateway would tell of. A listener looks up here, at once, what it was about.
type happening struct {
	kind    string // as the gateway names it: MESSAGE_CREATE, GUILD_MEMBER_UPDATE
	server  string
	channel string
	user    string
	role    string
	message *Message
}

// listen has what happens from now on told to a listener; only while the fake is made.
func (f *Fake) listen(to func(happening)) { f.listeners = append(f.listeners, to) }

// tell says what happened; the lock is held.
func (f *Fake) tell(h happening) {
	f.stir()
	for _, l := range f.listeners {
		l(h)
	}
}

// Messages are all that stand in a channel or thread, in the order they came, without those deleted.
func (f *Fake) Messages(channel string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Message
	for _, m := range f.messages[channel] {
		if !m.Deleted {
			all = append(all, *m)
		}
	}
	return all
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
		for _, m := range in {
			if m.Author == Bot {
				all = append(all, *m)
			}
		}
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

// post puts a message into its channel, with an id where it has none, and tells of it; the lock is held.
func (f *Fake) post(m *Message) *Message {
	if m.ID == "" {
		m.ID = f.newID()
	}
	f.messages[m.Channel] = append(f.messages[m.Channel], m)
	ch := f.channels[m.Channel]
	ch.last = m.ID
	ch.total++
	m.revision = f.revision + 1
	f.tell(happening{kind: "MESSAGE_CREATE", server: ch.Server, channel: m.Channel, user: m.Author, message: m})
	return m
}

// Say is somebody saying something in a channel, a thread, or their direct messages; it gives the message's id. Whoever may
// not, fails the test.
func (f *Fake) Say(channel, user, content string) string {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	ch := f.channels[channel]
	need := SendMessages
	if ch != nil && ch.thread() {
		need = SendMessagesInThreads
	}
	if ch == nil || !f.may(ch, user).Has(ViewChannel|need) {
		f.t.Errorf("discordfake: %s may say nothing in %s", user, channel)
		return ""
	}
	f.unarchive(ch)
	m := &Message{Channel: channel, Author: user, Content: content}
	m.Pings = f.pings(ch, user, content, nil)
	return f.post(m).ID
}

// edited tells that a message was changed; the lock is held.
func (f *Fake) edited(m *Message) {
	m.Edits++
	m.Edited = f.o.Now()
	m.revision = f.revision + 1
	f.tell(happening{kind: "MESSAGE_UPDATE", server: f.serverOf(m.Channel), channel: m.Channel, user: m.Author, message: m})
}

// deleted takes a message away and tells so; the lock is held.
func (f *Fake) deleted(m *Message) {
	m.Deleted = true
	m.revision = f.revision + 1
	f.tell(happening{kind: "MESSAGE_DELETE", server: f.serverOf(m.Channel), channel: m.Channel, user: m.Author, message: m})
}

// serverOf is the server that a channel belongs to; empty for direct messages, and for what is gone.
func (f *Fake) serverOf(channel string) string {
	if ch := f.channels[channel]; ch != nil {
		return ch.Server
	}
	return ""
}
