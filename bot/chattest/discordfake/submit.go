package discordfake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Submit fills in the open form and sends it. Fields are named by custom_id or by their label; a list is given an
// option's label or value (several with "; " between), a picker of people "ana", "@ana" or an id, a text as it is. What
// a client would not send is shown at the fields, and not sent. Without an answer the form stays open.
func (p *Person) Submit(ctx context.Context, values map[string]string) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	r := p.begin()
	m := p.f.modals[p.id]
	if m == nil {
		p.f.mu.Unlock()
		return p.cannot("fill in the form: none is open")
	}
	if err := p.fillIn(m, values); err != nil {
		p.f.mu.Unlock()
		return p.cannot("fill in the form: %v", err)
	}
	if r.Errors = m.missing(); len(r.Errors) > 0 {
		p.f.mu.Unlock()
		return r
	}
	ch := p.f.channels[m.channel]
	if ch == nil {
		p.f.mu.Unlock()
		return p.refused(r, "submit "+m.Title, WentWrong)
	}
	i, payload := p.submission(m, ch)
	p.f.mu.Unlock()
	if p.deliver(ctx, &r, "submit "+m.Title, WentWrong, i, payload) {
		p.f.mu.Lock()
		if p.f.modals[p.id] == m {
			delete(p.f.modals, p.id)
		}
		p.f.stir()
		p.f.mu.Unlock()
	}
	return r
}

// submission makes the interaction of a form; the lock is held.
func (p *Person) submission(m *Modal, ch *Channel) (*interaction, reply) {
	i := p.f.newInteraction(ModalSubmit, p.id, ch)
	i.message, i.whisper = m.message, m.whisper
	payload := p.f.common(i)
	switch {
	case m.whisper != nil:
		payload["message"] = p.f.messageAll(&m.whisper.Message)
	case m.message != nil:
		payload["message"] = p.f.messageAll(m.message)
	}
	var ids []string
	components := []reply{}
	for _, c := range m.parts {
		out := reply{"type": c.Type, "id": c.ID}
		switch {
		case c.Type == labelled && c.Component != nil:
			out["component"] = m.filled(*c.Component)
		case c.Type == actionRow:
			row := []reply{}
			for _, in := range c.Components {
				row = append(row, m.filled(in))
			}
			out["components"] = row
		}
		components = append(components, out)
	}
	for _, f := range m.Fields {
		ids = append(ids, f.ids...)
	}
	data := reply{"custom_id": m.ID, "components": components}
	if len(ids) > 0 {
		data["resolved"] = p.f.resolved(ch.Server, ids...)
	}
	payload["data"] = data
	return i, payload
}

// filled is a field as it is sent.
func (m *Modal) filled(c part) reply {
	out := reply{"type": c.Type, "id": c.ID, "custom_id": c.CustomID}
	for _, f := range m.Fields {
		switch {
		case f.ID != c.CustomID:
		case f.Type == textInput:
			out["value"] = f.Value
		default:
			out["values"] = append([]string{}, f.values...)
		}
	}
	return out
}

// fillIn types values into a form; the lock is held.
func (p *Person) fillIn(m *Modal, values map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f := m.field(name)
		if f == nil {
			return fmt.Errorf("%q has no field %q among %q", m.Title, name, m.labels())
		}
		value := values[name]
		if f.Type == textInput {
			if !f.Lines && strings.ContainsAny(value, "\r\n") {
				return fmt.Errorf("field %q: a field of one line takes no line break", name)
			}
			f.Value = value
			continue
		}
		for _, c := range allParts(m.parts) {
			if c.CustomID != f.ID {
				continue
			}
			chosen, ids, err := p.f.choose(c, value)
			if err != nil {
				return fmt.Errorf("field %q: %w", name, err)
			}
			f.Value, f.values, f.ids = value, chosen, ids
		}
	}
	return nil
}

func (m *Modal) field(name string) *Field {
	for _, of := range []func(Field) string{func(f Field) string { return f.ID }, func(f Field) string { return f.Label }} {
		for i := range m.Fields {
			if of(m.Fields[i]) == name {
				return &m.Fields[i]
			}
		}
	}
	return nil
}

func (m *Modal) labels() (all []string) {
	for _, f := range m.Fields {
		all = append(all, f.ID+" ("+f.Label+")")
	}
	return all
}

// missing are the fields that the client itself finds fault with.
func (m *Modal) missing() map[string]string {
	wrong := map[string]string{}
	for _, f := range m.Fields {
		n := len(f.values)
		if f.Type == textInput {
			n = characters(f.Value)
		}
		switch {
		case n == 0 && f.Required:
			wrong[f.ID] = "This field is required."
		case f.Type == textInput && n > 0 && n < f.Min, n > f.Max:
			wrong[f.ID] = fmt.Sprintf("Must be between %d and %d in length.", f.Min, f.Max)
		}
	}
	return wrong
}

// CloseModal closes the open form. Nobody is told.
func (p *Person) CloseModal() {
	p.f.t.Helper()
	p.f.mu.Lock()
	_, open := p.f.modals[p.id]
	delete(p.f.modals, p.id)
	p.f.mu.Unlock()
	if !open {
		p.cannot("close a form: none is open")
	}
}
