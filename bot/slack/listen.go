package slack

import (
	"context"
	"encoding/json"
	"slices"
	"sync/atomic"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// kind says what Slack sent.
type kind string

// The kinds of what Slack sends.
const (
	command     kind = "command"     // a slash command: its fields as a JSON object
	interaction kind = "interaction" // a press, a submitted form, a shortcut
	event       kind = "event"       // an outer event of the Events API
)

// inbound is one thing that Slack sent, authenticated by the transport that brought it.
type inbound struct {
	kind  kind
	body  []byte // JSON
	retry int    // how often Slack sent it before
}

// Counts are what came in and was not carried out, since the start.
type Counts struct {
	Refused int // not signed by Slack, too old, too long, or of the wrong type
	Foreign int // of another workspace or app
	Ignored int // nothing that the bot knows
	Repeats int // sent again by Slack
	Busy    int // more at once than can be answered
	Slowed  int // more from one person than a person types
	Limited int // how often Slack held events back, because there were too many
}

// counters are Counts while they count.
type counters struct {
	refused, foreign, ignored, repeats, busy, slowed, limited atomic.Int64
}

// Counts tells what was not carried out.
func (s *Slack) Counts() Counts {
	r := &s.replies
	return Counts{Refused: int(r.refused.Load()), Foreign: int(r.foreign.Load()), Ignored: int(r.ignored.Load()),
		Repeats: int(r.repeats.Load()), Busy: int(r.busy.Load()), Slowed: int(r.slowed.Load()),
		Limited: int(r.limited.Load())}
}

// take handles what Slack sent, and gives the JSON to acknowledge it with; nil: an empty acknowledgement. It answers in
// time for Slack's three seconds, whatever the handler does; what takes longer goes on behind it.
func (s *Slack) take(ctx context.Context, in inbound) (ack []byte) {
	switch in.kind {
	case command:
		c, err := decodeCommand(in.body)
		if err == nil {
			return s.takeCommand(ctx, c, in.body)
		}
	case interaction:
		return s.takeInteraction(ctx, in.body)
	case event:
		return s.takeEvent(ctx, in)
	}
	s.replies.ignored.Add(1)
	return nil
}

// admit reports what keeps something from being carried out, in words for whoever asked; empty: nothing does, and a
// place is taken that must be left.
func (s *Slack) admit(from tenant, user string) (refusal string) {
	me := s.me.Load()
	switch {
	case me == nil:
		s.replies.busy.Add(1)
		return starting
	case !s.ours(from, *me):
		s.replies.foreign.Add(1)
		return elsewhere
	case !s.Still && !s.replies.paces.Allow(from.team+"/"+user, s.Now()):
		s.replies.slowed.Add(1)
		return listen.TooFast
	case !s.replies.flights.Enter(listen.InFlight):
		s.replies.busy.Add(1)
		return listen.TooBusy
	}
	return ""
}

// ours reports whether something comes from a workspace that is listened to, and for this app.
func (s *Slack) ours(t tenant, me identity) bool {
	switch {
	case t.app != "" && t.app != me.app:
		return false
	case t.team == me.team:
		return true
	}
	return slices.ContainsFunc(s.Teams, func(team string) bool {
		return team != "" && (team == t.team || team == t.enterprise)
	})
}

// words is an answer of the platform itself.
func words(text string) chat.Reply { return chat.Reply{Message: &chat.Message{Title: text}} }

// jsonOf is JSON for an acknowledgement.
func jsonOf(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return nil // only types of our own and of slack-go come here
	}
	return data
}
