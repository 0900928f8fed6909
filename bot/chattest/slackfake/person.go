package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// verification is the old token that Slack still sends with everything; nobody may trust it.
const verification = "deprecated-verification-token"

// Person is somebody at their client. What Slack would not let them do fails the test.
type Person struct {
	f  *Fake
	id string
}

// As gives somebody's client.
func (f *Fake) As(user string) *Person {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users[user] == nil {
		f.t.Fatalf("slackfake: there is no user %s", user)
	}
	return &Person{f: f, id: user}
}

// Result is what somebody's client shows after they did something.
type Result struct {
	Ack
	Err     error             // no acknowledgement came
	Shown   string            // the error that the client shows by itself: "operation_timeout"; empty: none
	Errors  map[string]string // at fields of the form, by block id
	Confirm string            // what they were asked before, and confirmed: "title: text"
	TS      string            // of the message that they wrote, where they did

	p     *Person
	since int
}

// Messages are those that came, or were changed, since, in all channels that the person sees, the oldest change first.
func (r Result) Messages() []Message {
	f := r.p.f
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Message
	for id, list := range f.messages {
		if ch := f.channels[id]; ch != nil && ch.sees(f.users[r.p.id]) {
			all = append(all, wire.Copies(list, func(m *Message) bool { return m.revision > r.since && m.Author == Bot && !m.Deleted })...)
		}
	}
	slices.SortFunc(all, func(a, b Message) int { return a.revision - b.revision })
	return all
}

// Whispers are those to the person that came, or were changed, since.
func (r Result) Whispers() []Whisper {
	f := r.p.f
	f.mu.Lock()
	defer f.mu.Unlock()
	all := wire.Copies(f.whispers, func(w *Whisper) bool { return w.revision > r.since && w.User == r.p.id && !w.Gone })
	slices.SortFunc(all, func(a, b Whisper) int { return a.revision - b.revision })
	return all
}

// Texts are what the person reads since, whispers first.
func (r Result) Texts() (all []string) {
	for _, w := range r.Whispers() {
		all = append(all, w.Text)
	}
	for _, m := range r.Messages() {
		all = append(all, m.Text)
	}
	return all
}

// begin notes what was there before; the lock is held.
func (p *Person) begin() Result { return Result{p: p, since: p.f.revision} }

// cannot fails the test: Slack's client would not have let them.
func (p *Person) cannot(format string, args ...any) Result {
	p.f.t.Helper()
	err := fmt.Errorf("slackfake: %s cannot: "+format, append([]any{p.id}, args...)...)
	p.f.t.Error(err)
	return Result{p: p, Err: err}
}

// deliver sends a command or an interaction, and shows what the client does of itself.
func (p *Person) deliver(ctx context.Context, r *Result, what string, kind Kind, payload reply) bool {
	r.Ack, r.Err = p.f.send(ctx, Envelope{Kind: kind, Payload: mustJSON(payload), AcceptsResponse: kind != EventsAPI})
	switch {
	case r.Err != nil && errors.Is(r.Err, ErrTimeout):
		r.Shown = "operation_timeout"
	case r.Err != nil:
		r.Shown = "dispatch_failed"
	case !r.OK():
		r.Shown = "http_service_error"
	}
	if r.Shown != "" {
		p.f.fail(p.id, what, r.Shown)
	}
	return r.Shown == ""
}

// wrong is that the acknowledgement was none that Slack understands.
func (p *Person) wrong(r *Result, what, name string) {
	r.Shown = name
	p.f.fail(p.id, what, name)
}

// common are the fields of every interaction; the lock is held.
func (p *Person) common(kind string) reply {
	u := p.f.users[p.id]
	team := reply{"id": Team, "domain": Domain}
	var enterprise any
	if e := p.f.o.Enterprise; e != "" {
		team["enterprise_id"], team["enterprise_name"] = e, "Acme Group"
		enterprise = reply{"id": e, "name": "Acme Group"}
	}
	return reply{
		"type": kind, "team": team, "enterprise": enterprise, "is_enterprise_install": false, "api_app_id": App,
		"token": verification, "user": reply{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID},
	}
}

// here is a channel as payloads name it.
func (c *Channel) here() reply { return reply{"id": c.ID, "name": c.shownName()} }

func (c *Channel) shownName() string {
	switch {
	case c.direct != "":
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}

// channel gives a channel that the person sees; the lock is held.
func (p *Person) channel(id string) (*Channel, error) {
	ch := p.f.channels[id]
	if ch == nil && id == p.f.DM(p.id) {
		ch = p.f.openDM(p.id)
	}
	switch {
	case ch == nil:
		return nil, fmt.Errorf("there is no channel %s", id)
	case !ch.sees(p.f.users[p.id]):
		return nil, fmt.Errorf("they do not see %s", id)
	}
	return ch, nil
}

// stampNow is a time as payloads write it.
func stampNow(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// answerJSON reads an acknowledgement that says something; ok is false when it is none.
func answerJSON(text []byte) (args map[string]string, ok bool) {
	args = map[string]string{}
	if len(text) == 0 {
		return args, true
	}
	if !json.Valid(text) || text[0] != '{' {
		return map[string]string{"text": string(text)}, true
	}
	return args, object(text, args) == nil
}
