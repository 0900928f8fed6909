package slack

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// handled counts requests by their id.
type handled struct {
	mu sync.Mutex
	of map[string]int
	by map[string]int
}

func (h *handled) handle(_ context.Context, r chat.Request) chat.Reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.of[r.ID]++
	h.by[string(r.By)]++
	return chat.Reply{Message: &chat.Message{Title: "heard: " + r.Text}, Open: r.Open}
}

func (h *handled) counts() (requests, most int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.of {
		most = max(most, n)
	}
	return len(h.of), most
}

// inOffice is a world whose requests are answered as they are outside of tests.
func inOffice(t *testing.T) (*linkWorld, *handled) {
	h := &handled{of: map[string]int{}, by: map[string]int{}}
	w := idle(t, func(o *Options) { o.Handle = h.handle })
	w.links.take = w.take
	many := allowance{rate: 1000, burst: 1000}
	w.pace.rates = rates{channel: many, posts: many, calls: many}
	w.f.AddUser(slackfake.User{ID: "U0GIL", Name: "gil", Guest: true})
	w.f.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true, Members: []string{"U0ANA", "U0GIL"}})
	w.f.Deliver(w.sock)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := w.Drain(ctx); err != nil {
			t.Error(err)
		}
	})
	return w, h
}

// TestLinkOffice: what people type and write arrives over Socket Mode, from whom it is, and is answered.
func TestLinkOffice(t *testing.T) {
	w, h := inOffice(t)
	w.run()
	w.well()
	for user, handle := range map[string]string{"U0ANA": "slack/T0ACME/U0ANA", "U0GIL": "slack/guest/T0ACME/U0GIL"} {
		r := w.f.As(user).Slash(t.Context(), "C0APP", "/release", "status")
		if r.Err != nil || len(r.Texts()) != 1 || !strings.Contains(r.Texts()[0], "heard: /release status") {
			t.Errorf("%s reads %q, %v", user, r.Texts(), r.Err)
		}
		h.mu.Lock()
		if h.by[handle] != 1 {
			t.Errorf("%s asked %v", user, h.by)
		}
		h.mu.Unlock()
	}
	r := w.f.As("U0ANA").Mention(t.Context(), "C0APP", "", "status")
	w.until("the mention is answered", func() bool { return len(w.f.Thread("C0APP", r.TS)) == 1 })
	if n, most := h.counts(); n != 3 || most != 1 {
		t.Errorf("%d requests, one of them handled %d times", n, most)
	}
}

// TestLinkOnce: however its connection breaks, what somebody wrote to the bot has one effect and one answer.
func TestLinkOnce(t *testing.T) {
	for name, line := range map[string]slackfake.Line{
		"in the envelope":            {Break: slackfake.InEnvelope},
		"before the acknowledgement": {Break: slackfake.BeforeAck},
		"after the acknowledgement":  {Break: slackfake.AfterAck},
		"lost":                       {Deaf: true},
	} {
		t.Run(name, func(t *testing.T) {
			w, h := inOffice(t)
			w.sock.Script(line, line)
			w.run()
			w.until("both are up", func() bool { return w.sock.Open() == 2 })
			var all sync.WaitGroup
			roots := make([]string, 8)
			for i := range roots {
				all.Go(func() { roots[i] = w.f.As("U0ANA").Mention(t.Context(), "C0APP", "", "status").TS })
			}
			all.Wait()
			if line.Deaf {
				w.sock.Reset()
			}
			w.until("all are answered", func() bool {
				for _, ts := range roots {
					if len(w.f.Thread("C0APP", ts)) == 0 {
						return false
					}
				}
				return true
			})
			w.well()
			if n, most := h.counts(); n != len(roots) || most != 1 {
				t.Errorf("%d requests, one of them handled %d times", n, most)
			}
			for _, ts := range roots {
				if answers := w.f.Thread("C0APP", ts); len(answers) != 1 {
					t.Errorf("%d answers", len(answers))
				}
			}
		})
	}
}
