package discordfake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// Person is somebody at their client. What a test asks of it that no client could do, as to press what is not there,
// fails the test.
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
		f.t.Fatalf("discordfake: there is no user %s", user)
	}
	return &Person{f: f, id: user}
}

// Result is what somebody's client shows after they did something.
type Result struct {
	Err     error             // it could not be done, or no answer came
	Shown   string            // what the client says by itself: DidNotRespond; empty: nothing
	Answer  int               // the type of the first answer; zero: none came
	Errors  map[string]string // what the client finds fault with in the form, by field
	Choices []CommandChoice   // that are proposed
	ID      string            // of the interaction; empty: there was none
	Message string            // that they wrote, where they did
	Link    string            // that a button led to

	p     *Person
	since int
}

// Messages are those of the bot that came, or were changed, since, in all channels that the person sees, the oldest
// change first.
func (r Result) Messages() []Message {
	f := r.p.f
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []Message
	for id, list := range f.messages {
		if ch := f.channels[id]; ch != nil && f.may(ch, r.p.id).Has(ViewChannel) {
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

// Texts are what the person reads since, whispers first: each message as one text, its lines as Lines gives them. What
// still says that the app is thinking is not among them.
func (r Result) Texts() (all []string) {
	for _, w := range r.Whispers() {
		if w.Flags&FlagLoading == 0 {
			all = append(all, r.p.f.Text(w.Message))
		}
	}
	for _, m := range r.Messages() {
		if m.Flags&FlagLoading == 0 {
			all = append(all, r.p.f.Text(m))
		}
	}
	return all
}

// Ephemerals are what only one person sees in a channel now.
func (f *Fake) Ephemerals(channel, user string) []Whisper {
	f.mu.Lock()
	defer f.mu.Unlock()
	return wire.Copies(f.whispers, func(w *Whisper) bool { return w.Channel == channel && w.User == user && !w.Gone })
}

// Reload is somebody loading their client anew: what only they saw is gone, and so is an open form.
func (f *Fake) Reload(user string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.whispers {
		w.Gone = w.Gone || w.User == user
	}
	delete(f.modals, user)
	f.stir()
}

// begin notes what was there before; the lock is held.
func (p *Person) begin() Result { return Result{p: p, since: p.f.revision} }

// cannot fails the test: no client lets them.
func (p *Person) cannot(format string, args ...any) Result {
	p.f.t.Helper()
	err := fmt.Errorf("discordfake: %s cannot: "+format, append([]any{p.f.nameOfUser(p.id)}, args...)...)
	p.f.t.Error(err)
	return Result{p: p, Err: err}
}

// refused is that the client, or Discord, does not let them, and says so.
func (p *Person) refused(r Result, what, format string, args ...any) Result {
	r.Shown = fmt.Sprintf(format, args...)
	r.Err = fmt.Errorf("discordfake: %s: %s", what, r.Shown)
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	p.f.fail(p.id, what, "%s", r.Shown)
	p.f.stir()
	return r
}

func (f *Fake) nameOfUser(id string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u := f.users[id]; u != nil {
		return u.Name
	}
	return id
}

// deliver sends an interaction, and shows what the client does of itself when no answer comes.
func (p *Person) deliver(ctx context.Context, r *Result, what, otherwise string, i *interaction, payload reply) bool {
	r.ID = i.id
	raw, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	if err := p.f.send(ctx, i, raw); err != nil {
		*r = p.refused(*r, what, "%s", otherwise)
		r.Err = err
		return false
	}
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	r.Answer, r.Choices = i.answer, slices.Clone(i.choices)
	return true
}

// channel gives a channel that the person sees; the lock is held.
func (p *Person) channel(id string) (*Channel, error) {
	ch := p.f.channels[id]
	if ch == nil && id == p.f.direct[p.id] && id != "" {
		ch = p.f.openDM(p.id)
	}
	switch {
	case ch == nil:
		return nil, fmt.Errorf("there is no channel %s", id)
	case !p.f.may(ch, p.id).Has(ViewChannel):
		return nil, fmt.Errorf("they do not see %s", id)
	}
	return ch, nil
}
