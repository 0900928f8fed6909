package discord

import (
	"sync"
	"time"
)

const (
	// A channel is asked for again after channelGood: its kind can change, and its threads' parent cannot.
	channelGood = 10 * time.Minute
	// A server's channels are listed at most this often: with one look, all of them are known.
	listEvery   = time.Minute
	mostRooms   = 2000
	mostServers = 100
)

// rooms is what is remembered of channels. It may be used concurrently; its zero value is ready.
type rooms struct {
	mu     sync.Mutex
	known  map[string]seen
	direct map[string]string // user → the channel of the direct messages with them
	titles map[string]string // message → its title, for the thread that may be started from it
	begun  map[string]bool   // messages that a thread was started from
	listed map[string]*listing
}

// seen is a room, and when Discord said so.
type seen struct {
	room
	at time.Time
}

// listing is a look at all channels of a server, that others may wait for.
type listing struct {
	at   time.Time
	done chan struct{}
}

func (rs *rooms) find(id string, now time.Time) (room, bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	s, ok := rs.known[id]
	return s.room, ok && now.Sub(s.at) < channelGood
}

func (rs *rooms) keep(now time.Time, all ...room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range all {
		put(&rs.known, r.ID, seen{r, now}, mostRooms)
	}
}

// put remembers something, and forgets all where it would be too much: it can be asked for again.
func put[V any](m *map[string]V, key string, v V, most int) {
	if *m == nil || len(*m) >= most {
		*m = map[string]V{}
	}
	(*m)[key] = v
}

// forget drops what is known of a channel: it changed, or a call about it failed.
func (rs *rooms) forget(id string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.known, id)
	for user, channel := range rs.direct {
		if channel == id {
			delete(rs.direct, user)
		}
	}
}

// turn gives the look at a server's channels that is under way, or was not long ago; mine: it is the caller's to make.
func (rs *rooms) turn(server string, now time.Time) (l *listing, mine bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if l := rs.listed[server]; l != nil && now.Sub(l.at) < listEvery {
		return l, false
	}
	l = &listing{at: now, done: make(chan struct{})}
	put(&rs.listed, server, l, mostServers)
	return l, true
}

// talks reports whether the channel of somebody's direct messages is known.
func (rs *rooms) talks(user string) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.direct[user] != ""
}

// know remembers the channel of somebody's direct messages.
func (rs *rooms) know(user string, r room, now time.Time) {
	rs.keep(now, r)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	put(&rs.direct, user, r.ID, mostRooms)
}

// title remembers what a message is called, for the thread that may be started from it.
func (rs *rooms) title(message, title string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	put(&rs.titles, message, title, mostRooms)
}

func (rs *rooms) titled(message string) string {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.titles[message]
}

// start remembers that a thread was started from a message.
func (rs *rooms) start(message string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	put(&rs.begun, message, true, mostRooms)
}

func (rs *rooms) started(message string) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.begun[message]
}

// ended forgets a thread: it is not there any more.
func (rs *rooms) ended(message string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.begun, message)
	delete(rs.known, message)
}
