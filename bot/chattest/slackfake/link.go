package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// What Slack bears of Socket Mode.
const (
	MaxLinks   = 10       // connections of one app
	MaxLinkAck = 20 << 10 // bytes from which on an acknowledgement is lost without a word
)

// Socket is Socket Mode as a Transport: each envelope goes to one of the open connections, in turn. How connections
// behave, and when they end, is for the test to say.
type Socket struct {
	f    *Fake
	ping time.Duration // between two pings
	done sync.WaitGroup

	mu       sync.Mutex
	tickets  map[string]bool // of addresses that were handed out and not used
	script   []Line          // of the next connections
	links    []*link         // that are open
	opened   int             // that were ever greeted
	most     int             // that were open at the same time
	turn     int
	disabled bool
	strays   int // acknowledgements of what was not sent on that connection, or was taken already
	lost     int // acknowledgements that were too long
}

// Socket gives the Socket Mode of the fake, which pings its connections that often; zero: every five seconds.
func (f *Fake) Socket(ping time.Duration) *Socket {
	if ping > 0 {
		f.socket.mu.Lock()
		f.socket.ping = ping
		f.socket.mu.Unlock()
	}
	return f.socket
}

func newSocket(f *Fake) *Socket {
	return &Socket{f: f, ping: 5 * time.Second, tickets: map[string]bool{}}
}

// appsConnectionsOpen hands out the address of a new connection. It is good once.
func (f *Fake) appsConnectionsOpen(*Call) (reply, refusal) {
	ticket := f.newID("tkt")
	f.socket.mu.Lock()
	defer f.socket.mu.Unlock()
	f.socket.tickets[ticket] = true
	return reply{"url": "ws" + strings.TrimPrefix(f.server.URL, "http") + "/link?ticket=" + ticket + "&app_id=" + App}, refusal{}
}

// Script says how the next connections behave, one each, after those said before.
func (s *Socket) Script(lines ...Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append(s.script, lines...)
}

// Unspent is how many of the lines said did not happen yet.
func (s *Socket) Unspent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.script)
}

// Enable switches Socket Mode on or off for the app. Off, all connections end, and new ones do at once.
func (s *Socket) Enable(on bool) {
	s.mu.Lock()
	s.disabled = !on
	s.mu.Unlock()
	if !on {
		s.Disconnect("link_disabled", 0)
	}
}

// Open is how many connections are greeted and open now.
func (s *Socket) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.links)
}

// Counts are how many connections were ever greeted, the most that were open at once, the acknowledgements that fit
// nothing, and those that were lost because they were too long.
func (s *Socket) Counts() (opened, most, strays, lost int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened, s.most, s.strays, s.lost
}

func (s *Socket) open() []*link {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.links)
}

// Disconnect tells every connection that it will end, for a reason of Slack's, and ends it after a while.
func (s *Socket) Disconnect(reason string, after time.Duration) {
	for _, l := range s.open() {
		s.done.Go(func() { l.bye(reason, after) })
	}
}

// DisconnectOne does so with the oldest connection alone.
func (s *Socket) DisconnectOne(reason string, after time.Duration) {
	if all := s.open(); len(all) > 0 {
		s.done.Go(func() { all[0].bye(reason, after) })
	}
}

// Reset ends every connection in the middle of nothing.
func (s *Socket) Reset() {
	for _, l := range s.open() {
		l.abort()
	}
}

// Hush keeps the connections that are open now open, but nothing comes on them any more; pings do, if they may.
func (s *Socket) Hush(pings bool) {
	for _, l := range s.open() {
		l.mu.Lock()
		l.Deaf, l.NoPings = true, !pings
		l.mu.Unlock()
	}
}

// Push sends a text frame on every open connection, whatever it is: no envelope, for one.
func (s *Socket) Push(text []byte) {
	for _, l := range s.open() {
		_ = l.send(text)
	}
}

// Deliver sends an envelope on one of the open connections, and waits for its acknowledgement.
func (s *Socket) Deliver(ctx context.Context, e Envelope) (Ack, error) {
	s.mu.Lock()
	if len(s.links) == 0 {
		s.mu.Unlock()
		return Ack{}, errors.New("no connection is open")
	}
	s.turn++
	l := s.links[s.turn%len(s.links)]
	s.mu.Unlock()
	return l.deliver(ctx, e)
}

// envelope is how one is written.
func (e Envelope) text() []byte {
	out := map[string]any{"envelope_id": e.ID, "type": e.Kind, "payload": e.Payload, "accepts_response_payload": e.AcceptsResponse}
	if e.Kind == EventsAPI {
		out["retry_attempt"], out["retry_reason"] = e.RetryAttempt, e.RetryReason
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(fmt.Errorf("an envelope that is no JSON: %w", err))
	}
	return text
}
