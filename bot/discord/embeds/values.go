package embeds

import (
	"maps"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// ModalSubmit is what Discord sends of a submitted modal, as far as it is read. Everything else in it may be new, missing
// or odd: it is not looked at.
type ModalSubmit struct {
	CustomID   string    `json:"custom_id"`
	Components []Entered `json:"components"`
	Resolved   struct {
		Users   map[string]*discordgo.User   `json:"users"`
		Members map[string]*discordgo.Member `json:"members"`
	} `json:"resolved"`
}

// Entered is one component of a submitted modal, with what it holds: a label has a component, a row of the older kind
// several.
type Entered struct {
	Type       discordgo.ComponentType `json:"type"`
	CustomID   string                  `json:"custom_id"`
	Value      string                  `json:"value"`
	Values     []string                `json:"values"`
	Component  *Entered                `json:"component"`
	Components []Entered               `json:"components"`
}

// With is a submission together with that of another modal of the same form.
func (d ModalSubmit) With(other ModalSubmit) ModalSubmit {
	out := ModalSubmit{CustomID: d.CustomID, Components: slices.Concat(d.Components, other.Components)}
	out.Resolved.Users = merged(d.Resolved.Users, other.Resolved.Users)
	out.Resolved.Members = merged(d.Resolved.Members, other.Resolved.Members)
	return out
}

func merged[V any](a, b map[string]V) map[string]V {
	if len(a) == 0 {
		return b
	}
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// Values reads a submitted form, by field. A chosen member comes as what mention gives for the id: "@ana".
func Values(data ModalSubmit, mention func(user string) string) map[string]string {
	all := map[string]string{}
	for _, c := range data.Components {
		c.read(all, mention, 0)
	}
	return lines.Joined(all)
}

// deepest is how far components stand in one another.
const deepest = 3

func (c Entered) read(all map[string]string, mention func(string) string, depth int) {
	if depth > deepest {
		return
	}
	if c.Component != nil {
		c.Component.read(all, mention, depth+1)
	}
	for _, inner := range c.Components {
		inner.read(all, mention, depth+1)
	}
	switch {
	case c.CustomID == "":
	case c.Type == discordgo.TextInputComponent:
		all[c.CustomID] += c.Value
	case c.Type == discordgo.SelectMenuComponent:
		all[c.CustomID] += strings.Join(c.Values, ",")
	case c.Type == discordgo.UserSelectMenuComponent:
		var people []string
		for _, id := range c.Values {
			people = append(people, mention(id))
		}
		all[c.CustomID] += strings.Join(people, ",")
	}
}

// Submitted reads a form of which some modals were sent, by their number from 1 on. What stands in the others, and what is
// too long to be asked for, stays as it was.
func Submitted(f chat.Form, sent map[int]ModalSubmit, mention func(user string) string) map[string]string {
	var all ModalSubmit
	for i, m := range Modals(f, "") {
		d, ok := sent[i+1]
		if !ok {
			d = untouched(m)
		}
		all = all.With(d)
	}
	out := Values(all, mention)
	for _, field := range f.Fields {
		if _, asked := out[field.Key]; !asked {
			out[field.Key] = field.Value
		}
	}
	return out
}

// untouched is what a modal holds, as if it had been sent as it was drawn.
func untouched(m ModalData) ModalSubmit {
	d := ModalSubmit{CustomID: m.CustomID}
	for _, c := range m.Components {
		l, ok := c.(Label)
		if !ok {
			continue
		}
		switch e := l.Component.(type) {
		case TextInput:
			d.Components = append(d.Components, Entered{Type: e.Type(), CustomID: e.CustomID, Value: e.Value})
		case Select:
			held := Entered{Type: e.Type(), CustomID: e.CustomID}
			for _, o := range e.Options {
				if o.Default {
					held.Values = append(held.Values, o.Value)
				}
			}
			for _, v := range e.Held {
				held.Values = append(held.Values, v.ID)
			}
			d.Components = append(d.Components, held)
		}
	}
	return d
}

// Filled is a form with what was entered in it, to be opened once more.
func Filled(f chat.Form, values map[string]string) chat.Form {
	f.Fields = slices.Clone(f.Fields)
	for i, field := range f.Fields {
		if v, ok := values[field.Key]; ok {
			f.Fields[i].Value = v
		}
	}
	return f
}

// Wrong says what is wrong with a form, field by field: Discord closes a modal whatever comes of it. What is wrong with
// something that is no field of the form is said last, so that it is not lost.
func Wrong(f chat.Form, wrong map[string]string) chat.Message {
	m := chat.Message{Title: "Not taken yet: " + heading(f) + " · nothing changed, and what you entered is kept"}
	say := func(label, what string) {
		if what = strings.TrimSpace(lines.OneLine(what)); what == "" {
			what = "this is not right"
		}
		m.Lines = append(m.Lines, label+": "+what)
	}
	left := maps.Clone(wrong)
	for _, field := range f.Fields {
		if what, ok := left[field.Key]; ok {
			say(fieldLabel(field), what)
			delete(left, field.Key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(left)) {
		say(lines.OneLine(key), left[key])
	}
	return m
}
