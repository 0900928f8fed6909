package discordfake

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
