package discordfake

import (
	"encoding/json"
	"strings"
)

// Modal is a form that somebody has before them.
type Modal struct {
	ID     string // custom_id
	Title  string
	Fields []Field

	parts   []part
	channel string
	message *Message // that it was opened from; nil: from a command
	whisper *Whisper
}

// Field is one to fill in.
type Field struct {
	ID          string // custom_id
	Label       string
	Description string
	Placeholder string
	Type        int // 4 text, 3 list, 5 people
	Lines       bool
	Required    bool
	Min, Max    int      // characters, or choices
	Options     []string // labels of a list
	Value       string   // what stands in it; of a list the labels, with "; " between

	values []string // what is chosen
	ids    []string
}

// Modal is the form that somebody has before them; false: none.
func (f *Fake) Modal(user string) (Modal, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.modals[user]
	if m == nil {
		return Modal{}, false
	}
	out := *m
	out.Fields = append([]Field(nil), m.Fields...)
	return out, true
}

// Channel is where it was opened.
func (m Modal) Channel() string { return m.channel }

// Lines are what the person reads of it: texts, and a line for each field, as "Note: ".
func (m Modal) Lines() (all []string) {
	for _, p := range m.parts {
		if p.Type == textDisplay {
			all = append(all, strings.Split(p.Content, "\n")...)
		}
	}
	for _, f := range m.Fields {
		all = append(all, f.Label+": "+f.Value)
	}
	return all
}

// readModal reads one that was checked.
func readModal(raw json.RawMessage) *Modal {
	var in struct {
		CustomID   string          `json:"custom_id"`
		Title      string          `json:"title"`
		Components json.RawMessage `json:"components"`
	}
	_ = json.Unmarshal(raw, &in)
	m := &Modal{ID: in.CustomID, Title: in.Title, parts: partsOf(in.Components)}
	for _, p := range m.parts {
		switch {
		case p.Type == labelled && p.Component != nil:
			m.Fields = append(m.Fields, fieldOf(p.Label, p.Description, *p.Component))
		case p.Type == actionRow:
			for _, c := range p.Components {
				m.Fields = append(m.Fields, fieldOf(c.Label, "", c))
			}
		}
	}
	return m
}

func fieldOf(label, description string, p part) Field {
	f := Field{
		ID: p.CustomID, Label: label, Description: description, Placeholder: p.Placeholder, Type: p.Type,
		Lines: p.Style == 2, Required: p.Required == nil || *p.Required,
	}
	if p.Type == textInput {
		f.Max, f.Value = 4000, p.Value
	} else {
		f.Min, f.Max = 1, 1
	}
	for to, from := range map[*int][]*int{&f.Min: {p.MinLength, p.Least}, &f.Max: {p.MaxLength, p.Most}} {
		for _, n := range from {
			if n != nil {
				*to = *n
			}
		}
	}
	var chosen []string
	for _, o := range p.Options {
		f.Options = append(f.Options, o.Label)
		if o.Default {
			chosen = append(chosen, o.Label)
			f.values = append(f.values, o.Value)
		}
	}
	for _, d := range p.Defaults {
		chosen = append(chosen, d.ID)
		f.values = append(f.values, d.ID)
		f.ids = append(f.ids, d.ID)
	}
	if p.Type != textInput {
		f.Value = strings.Join(chosen, "; ")
	}
	return f
}
