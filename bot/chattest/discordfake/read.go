package discordfake

import (
	"encoding/json"
	"strings"
)

// card is an embed, as far as it is read.
type card struct {
	Title       string
	Description string
	URL         string
	Author      struct{ Name string }
	Fields      []struct{ Name, Value string }
	Footer      struct{ Text string }
}

// part is a component, of a message or of a modal, as far as it is read.
type part struct {
	Type        int    `json:"type"`
	ID          int    `json:"id"`
	CustomID    string `json:"custom_id"`
	Label       string `json:"label"`
	Description string `json:"description"`
	Style       int    `json:"style"`
	URL         string `json:"url"`
	Disabled    bool   `json:"disabled"`
	Emoji       *struct {
		Name string `json:"name"`
	} `json:"emoji"`
	Placeholder string   `json:"placeholder"`
	Options     []option `json:"options"`
	Defaults    []struct {
		ID string `json:"id"`
	} `json:"default_values"`
	Least      *int   `json:"min_values"`
	Most       *int   `json:"max_values"`
	MinLength  *int   `json:"min_length"`
	MaxLength  *int   `json:"max_length"`
	Required   *bool  `json:"required"`
	Value      string `json:"value"`
	Content    string `json:"content"`
	Components []part `json:"components"`
	Component  *part  `json:"component"`
	Accessory  *part  `json:"accessory"`
}

// option is a line of a list to choose from.
type option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description"`
	Default     bool   `json:"default"`
}

// The types of component.
const (
	actionRow    = 1
	aButton      = 2
	stringSelect = 3
	textInput    = 4
	userSelect   = 5
	textDisplay  = 10
	labelled     = 18
)

// selects reports whether something is chosen with it.
func (p part) selects() bool { return p.Type == stringSelect || p.Type >= userSelect && p.Type <= 8 }

// partsOf reads components, and gives each its number where it has none, as Discord does.
func partsOf(raw json.RawMessage) (all []part) {
	if len(raw) > 0 {
		_ = json.Unmarshal(raw, &all) // it was checked when it came
	}
	n := 0
	numberParts(all, &n)
	return all
}

func numberParts(all []part, n *int) {
	for i := range all {
		p := &all[i]
		*n++
		if p.ID == 0 {
			p.ID = *n
		}
		numberParts(p.Components, n)
		if p.Component != nil {
			numberParts([]part{*p.Component}, n)
			p.Component.ID = *n
		}
		if p.Accessory != nil {
			numberParts([]part{*p.Accessory}, n)
			p.Accessory.ID = *n
		}
	}
}

// allParts are all components, those within others after them.
func allParts(all []part) (out []part) {
	for _, p := range all {
		out = append(out, p)
		out = append(out, allParts(p.Components)...)
		for _, one := range []*part{p.Component, p.Accessory} {
			if one != nil {
				out = append(out, *one)
			}
		}
	}
	return out
}

// Lines are what a person reads of a message, one line for each line of it: marks and escapes are resolved, mentions are
// names, a link is its label, buttons are "[Sign] [Hold]" (disabled: "[Sign (off)]"), a list is "(Pick one | ana | ben)".
func (f *Fake) Lines(m Message) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lines(m)
}

// Lines are what the person reads of it, as those of a Message.
func (r Result) Lines(m Message) []string { return r.p.f.Lines(m) }

// lines reads a message; the lock is held.
func (f *Fake) lines(m Message) (all []string) {
	add := func(text string) {
		if text != "" {
			all = append(all, strings.Split(f.plain(text), "\n")...)
		}
	}
	add(m.Content)
	var cards []card
	if len(m.Embeds) > 0 {
		_ = json.Unmarshal(m.Embeds, &cards) // it was checked when it came
	}
	for _, c := range cards {
		// The author's name and the footer know no marks.
		if c.Author.Name != "" {
			all = append(all, c.Author.Name)
		}
		add(c.Title)
		add(c.Description)
		for _, field := range c.Fields {
			add(field.Name)
			add(field.Value)
		}
		if c.Footer.Text != "" {
			all = append(all, strings.Split(c.Footer.Text, "\n")...)
		}
	}
	for _, file := range m.Files {
		all = append(all, "<"+file.Name+">")
	}
	for _, p := range partsOf(m.Components) {
		all = append(all, f.partLines(p)...)
	}
	return all
}

// partLines reads a component of a message; the lock is held.
func (f *Fake) partLines(p part) (all []string) {
	switch p.Type {
	case textDisplay:
		return strings.Split(f.plain(p.Content), "\n")
	case actionRow:
		var row []string
		for _, c := range p.Components {
			row = append(row, control(c))
		}
		return []string{strings.Join(row, " ")}
	}
	for _, c := range p.Components {
		all = append(all, f.partLines(c)...)
	}
	if p.Accessory != nil {
		all = append(all, control(*p.Accessory))
	}
	return all
}

// control is something to press or to choose from, in a line of text.
func control(p part) string {
	if p.Type == aButton {
		label := p.label()
		if p.Disabled {
			label += " (off)"
		}
		return "[" + label + "]"
	}
	var labels []string
	if p.Placeholder != "" {
		labels = append(labels, p.Placeholder)
	}
	for _, o := range p.Options {
		labels = append(labels, o.Label)
	}
	return "(" + strings.Join(labels, " | ") + ")"
}

// label is what a button shows.
func (p part) label() string {
	if p.Emoji != nil && p.Label != "" {
		return p.Emoji.Name + " " + p.Label
	}
	if p.Emoji != nil {
		return p.Emoji.Name
	}
	return p.Label
}

// Text is what a person reads of a message, as one text.
func (f *Fake) Text(m Message) string { return strings.Join(f.Lines(m), "\n") }
