package discordfake

import (
	"context"
	"fmt"
	"slices"
)

// surface is something with components before a person: a message of everybody's, or one of their own.
type surface struct {
	message *Message
	whisper *Whisper
}

func (s surface) is() *Message {
	if s.whisper != nil {
		return &s.whisper.Message
	}
	return s.message
}

// hit is a component of a surface, with what is chosen of it.
type hit struct {
	surface surface
	part    part
	values  []string // nil for a button
	ids     []string // among them, of users, roles and channels
}

// Press presses the button with the label in the newest message of the channel that the person sees and that bears it.
// A form that is open covers everything. A button that leads to an address sends nothing.
func (p *Person) Press(ctx context.Context, channel, label string) Result {
	p.f.t.Helper()
	return p.act(ctx, label, p.in(channel), bears(label))
}

// PressIn presses in the message with that id, of everybody's or the person's own.
func (p *Person) PressIn(ctx context.Context, channel, message, label string) Result {
	p.f.t.Helper()
	return p.act(ctx, label, p.at(channel, message), bears(label))
}

// PressNewest presses the newest of what bears the label, with or without dots behind it, in several channels, as
// somebody does who looks at what came in last.
func (p *Person) PressNewest(ctx context.Context, label string, channels ...string) Result {
	p.f.t.Helper()
	return p.act(ctx, label, p.in(channels...), func(c part) ([]string, []string, bool) {
		return nil, nil, c.bears(label) || c.bears(label+"…")
	})
}

// Pick chooses in a list, or picks people, as Press presses. The list is named by its custom_id or its placeholder; what
// is chosen by an option's label or value, or by a name; several with "; " between.
func (p *Person) Pick(ctx context.Context, channel, name, value string) Result {
	p.f.t.Helper()
	return p.act(ctx, name+" = "+value, p.in(channel), p.picks(name, value))
}

// PickIn chooses in the message with that id.
func (p *Person) PickIn(ctx context.Context, channel, message, name, value string) Result {
	p.f.t.Helper()
	return p.act(ctx, name+" = "+value, p.at(channel, message), p.picks(name, value))
}

// Buttons are the labels of what can be pressed in a message, or in one of the person's own, in their order.
func (p *Person) Buttons(channel, message string) (labels []string) {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	all, _ := p.at(channel, message)()
	for _, s := range all {
		for _, c := range allParts(partsOf(s.is().Components)) {
			if c.Type == aButton {
				labels = append(labels, c.label())
			}
		}
	}
	return labels
}

// in gives what the person has before them in some channels, the newest first.
func (p *Person) in(channels ...string) func() ([]surface, error) {
	return func() (all []surface, err error) {
		if m := p.f.modals[p.id]; m != nil {
			return nil, fmt.Errorf("the form %q covers everything", m.Title)
		}
		for _, id := range channels {
			if _, bad := p.channel(id); bad != nil {
				if len(channels) == 1 {
					return nil, bad
				}
				continue
			}
			for _, m := range p.f.messages[id] {
				if !m.Deleted {
					all = append(all, surface{message: m})
				}
			}
			for _, w := range p.f.whispers {
				if w.Channel == id && w.User == p.id && !w.Gone {
					all = append(all, surface{whisper: w})
				}
			}
		}
		slices.SortStableFunc(all, func(a, b surface) int { return compareIDs(b.is().ID, a.is().ID) })
		return all, nil
	}
}

// at gives one message.
func (p *Person) at(channel, message string) func() ([]surface, error) {
	return func() ([]surface, error) {
		all, err := p.in(channel)()
		return slices.DeleteFunc(all, func(s surface) bool { return s.is().ID != message }), err
	}
}

func (p part) bears(label string) bool {
	return p.Type == aButton && (p.label() == label || p.Label == label)
}

// bears finds what has the label.
func bears(label string) func(part) ([]string, []string, bool) {
	return func(c part) ([]string, []string, bool) { return nil, nil, c.bears(label) }
}

// act finds a component, and tells the app that it was used.
func (p *Person) act(ctx context.Context, what string, where func() ([]surface, error), is func(part) ([]string, []string, bool)) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	all, err := where()
	h, ok := seek(all, is)
	if err == nil && !ok {
		err = fmt.Errorf("there is none among %q", controls(all))
	}
	if err == nil && h.part.Disabled {
		err = fmt.Errorf("it is switched off")
	}
	if err != nil {
		p.f.mu.Unlock()
		return p.cannot("use %q: %v", what, err)
	}
	r := p.begin()
	if h.part.URL != "" {
		r.Link = h.part.URL
		p.f.mu.Unlock()
		return r
	}
	i, payload := p.used(h)
	p.f.mu.Unlock()
	p.deliver(ctx, &r, what, Failed, i, payload)
	return r
}

func seek(all []surface, is func(part) ([]string, []string, bool)) (hit, bool) {
	for _, s := range all {
		for _, c := range allParts(partsOf(s.is().Components)) {
			if values, ids, ok := is(c); ok {
				return hit{surface: s, part: c, values: values, ids: ids}, true
			}
		}
	}
	return hit{}, false
}

// controls are what could have been meant.
func controls(all []surface) (labels []string) {
	for _, s := range all {
		for _, c := range allParts(partsOf(s.is().Components)) {
			if c.Type == aButton || c.selects() {
				labels = append(labels, control(c))
			}
		}
	}
	return labels
}

// used makes the interaction of a component; the lock is held.
func (p *Person) used(h hit) (*interaction, reply) {
	m := h.surface.is()
	ch := p.f.channels[m.Channel]
	i := p.f.newInteraction(ComponentUse, p.id, ch)
	i.message, i.whisper = h.surface.message, h.surface.whisper
	payload := p.f.common(i)
	payload["message"] = p.f.messageAll(m)
	data := reply{"custom_id": h.part.CustomID, "component_type": h.part.Type, "id": h.part.ID}
	if h.part.selects() {
		data["values"] = h.values
		if len(h.ids) > 0 {
			data["resolved"] = p.f.resolved(ch.Server, h.ids...)
		}
	}
	payload["data"] = data
	return i, payload
}
