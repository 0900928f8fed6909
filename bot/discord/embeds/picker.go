package embeds

import (
	"encoding/json"
	"regexp"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// What the library has no shape for: labels, and what stands in them.

const labelComponent = discordgo.ComponentType(18)

// Label is an input of a modal with what is said of it.
type Label struct {
	Label       string                     `json:"label"`
	Description string                     `json:"description,omitempty"`
	Component   discordgo.MessageComponent `json:"component"`
}

// TextInput is an input of text in a label.
type TextInput struct {
	CustomID  string                   `json:"custom_id"`
	Style     discordgo.TextInputStyle `json:"style"`
	Value     string                   `json:"value,omitempty"`
	Required  bool                     `json:"required"`
	MaxLength int                      `json:"max_length,omitempty"`
}

// Select is a list in a label: of options, or of the server's members.
type Select struct {
	Of       discordgo.ComponentType            `json:"-"`
	CustomID string                             `json:"custom_id"`
	Options  []Option                           `json:"options,omitempty"`
	Held     []discordgo.SelectMenuDefaultValue `json:"default_values,omitempty"`
	Least    *int                               `json:"min_values,omitempty"`
	Most     int                                `json:"max_values,omitempty"`
	Required bool                               `json:"required"`
}

// Option is an option of a list.
type Option struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// Type is the component's type.
func (Label) Type() discordgo.ComponentType { return labelComponent }

// Type is the component's type.
func (TextInput) Type() discordgo.ComponentType { return discordgo.TextInputComponent }

// Type is the component's type.
func (s Select) Type() discordgo.ComponentType { return s.Of }

// MarshalJSON writes the type with the rest.
func (l Label) MarshalJSON() ([]byte, error) {
	type plain Label
	return json.Marshal(struct {
		Type discordgo.ComponentType `json:"type"`
		plain
	}{l.Type(), plain(l)})
}

// MarshalJSON writes the type with the rest.
func (t TextInput) MarshalJSON() ([]byte, error) {
	type plain TextInput
	return json.Marshal(struct {
		Type discordgo.ComponentType `json:"type"`
		plain
	}{t.Type(), plain(t)})
}

// MarshalJSON writes the type with the rest.
func (s Select) MarshalJSON() ([]byte, error) {
	type plain Select
	return json.Marshal(struct {
		Type discordgo.ComponentType `json:"type"`
		plain
	}{s.Type(), plain(s)})
}

// userID is how Discord names an account.
var userID = regexp.MustCompile(`^[1-9][0-9]{14,19}$`)

// picker is the list that Discord has for a kind of field; nil where a text is typed, as where the list could not show what
// the field holds already.
func picker(f chat.Field) discordgo.MessageComponent {
	switch {
	case f.Kind == chat.KindPerson && len(f.Choices) == 0:
		return users(f)
	case f.Kind == chat.KindDate, f.Kind == chat.KindPerson, !lines.Pickable(f.Choices, maxOptions, maxOption):
		return nil
	}
	at, ok := lines.Chosen(f)
	if !ok {
		return nil
	}
	s := choosing(f, discordgo.SelectMenuComponent)
	for _, c := range f.Choices {
		s.Options = append(s.Options, Option{Label: c, Value: c})
	}
	for _, i := range at {
		s.Options[i].Default = true
	}
	if f.Kind == chat.KindItems {
		s.Most = len(f.Choices)
	}
	return s
}

func users(f chat.Field) discordgo.MessageComponent {
	s := choosing(f, discordgo.UserSelectMenuComponent)
	switch {
	case userID.MatchString(f.Value):
		s.Held = []discordgo.SelectMenuDefaultValue{{ID: f.Value, Type: discordgo.SelectMenuDefaultValueUser}}
	case f.Value != "":
		return nil
	}
	return s
}

// choosing is a list from which one may be chosen, or, where nothing is required, none.
func choosing(f chat.Field, of discordgo.ComponentType) Select {
	least := 1
	if !f.Required {
		least = 0
	}
	return Select{Of: of, CustomID: f.Key, Least: &least, Most: 1, Required: f.Required}
}
