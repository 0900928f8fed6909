package discord

import (
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/bot/lines"
)

// draft is a form that somebody is at. What it holds is never changed, only copied.
type draft struct {
	user   string
	line   string                     // that sending it carries out
	press  bool                       // sending it is a press
	form   chat.Form                  // as it is drawn; without fields where it is not known
	wrong  map[string]string          // what was wrong with it, by field
	sent   map[int]embeds.ModalSubmit // of its modals, from 1 on
	values map[string]string          // what was entered, where the form itself is not known
	at     time.Time
}

// draftOf is what is remembered of a form that opens for somebody.
func draftOf(user string, f chat.Form) draft {
	return draft{user: user, line: f.Value(), press: f.Basis != "", form: f}
}

// ref is what an id says of it.
func (d draft) ref(key string) formRef { return formRef{key: key, line: d.line, press: d.press} }

// knows reports whether the form itself is known.
func (d draft) knows() bool { return len(d.form.Fields) > 0 }

// modals draws the form, with what was wrong at its field.
func (d draft) modals(id string) []embeds.ModalData {
	f := d.form
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		if why := d.wrong[f.Fields[i].Key]; why != "" {
			f.Fields[i].Hint = "Not taken: " + why
		}
	}
	return embeds.Modals(f, id)
}

// with is the draft with one of its modals sent.
func (d draft) with(part int, sent embeds.ModalSubmit) draft {
	d.sent = maps.Clone(d.sent)
	if d.sent == nil {
		d.sent = map[int]embeds.ModalSubmit{}
	}
	d.sent[part] = sent
	return d
}

// entered is what all its modals say. Those that were not sent say what they held.
func (d draft) entered(mention func(string) string) map[string]string {
	if d.knows() {
		return embeds.Submitted(d.form, d.sent, mention)
	}
	var all embeds.ModalSubmit
	for _, part := range slices.Sorted(maps.Keys(d.sent)) {
		all = all.With(d.sent[part])
	}
	return embeds.Values(all, mention)
}

// again is the draft to open once more, as f if that is known, with what was entered and what was wrong.
func (d draft) again(f *chat.Form, values, wrong map[string]string) draft {
	if f != nil {
		d.form = *f
	}
	if d.knows() {
		d.form = embeds.Filled(d.form, values)
	}
	if f != nil {
		d.line, d.press = f.Value(), f.Basis != ""
	}
	d.values, d.wrong, d.sent = values, wrong, nil
	return d
}

// partWith is the modal that has the first field that is wrong.
func (d draft) partWith(wrong map[string]string) int {
	if len(wrong) > 0 && d.knows() {
		for i, m := range d.modals(formID) {
			for _, key := range fieldsOf(m) {
				if _, ok := wrong[key]; ok {
					return i + 1
				}
			}
		}
	}
	return 1
}

// fieldsOf are the fields of which a modal has inputs.
func fieldsOf(m embeds.ModalData) (keys []string) {
	for _, c := range m.Components {
		l, ok := c.(embeds.Label)
		if !ok {
			continue
		}
		id := ""
		switch in := l.Component.(type) {
		case embeds.TextInput:
			id = in.CustomID
		case embeds.Select:
			id = in.CustomID
		}
		if key, _, _ := lines.FieldOf(id); key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// prefilled is a form that begins with what is known; what it holds already stays.
func prefilled(f chat.Form, known map[string]string) chat.Form {
	f.Fields = slices.Clone(f.Fields)
	for i, field := range f.Fields {
		if v, ok := known[field.Key]; ok && field.Value == "" {
			f.Fields[i].Value = v
		}
	}
	return f
}
