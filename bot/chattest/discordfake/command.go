package discordfake

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The types of application command.
const (
	ChatInput      = 1 // typed, with a slash
	UserCommand    = 2 // in a user's menu
	MessageCommand = 3 // in a message's menu
)

// The types of an option of a command.
const (
	SubCommand      = 1
	SubCommandGroup = 2
	StringOption    = 3
	IntegerOption   = 4
	BooleanOption   = 5
	UserOption      = 6
	ChannelOption   = 7
	RoleOption      = 8
	MentionOption   = 9
	NumberOption    = 10
	FileOption      = 11
)

// Command is an application command, as it is registered.
type Command struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	App     string `json:"application_id"`
	Server  string `json:"guild_id,omitempty"` // empty: it is global

	Type        int             `json:"type"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Options     []CommandOption `json:"options,omitempty"`
	// Permissions is default_member_permissions; nil: everybody may.
	Permissions *string `json:"default_member_permissions"`
	NSFW        bool    `json:"nsfw"`
	// Contexts and Integrations are of global commands alone.
	Contexts     []int `json:"contexts,omitempty"`
	Integrations []int `json:"integration_types,omitempty"`

	Names        map[string]string `json:"name_localizations"`
	Descriptions map[string]string `json:"description_localizations"`
}

// CommandOption is an option of one, or a subcommand, or a group of these.
type CommandOption struct {
	Type         int             `json:"type"`
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	Required     bool            `json:"required,omitempty"`
	Autocomplete bool            `json:"autocomplete,omitempty"`
	Choices      []CommandChoice `json:"choices,omitempty"`
	Options      []CommandOption `json:"options,omitempty"`
	Channels     []int           `json:"channel_types,omitempty"`
	Min          *float64        `json:"min_value,omitempty"`
	Max          *float64        `json:"max_value,omitempty"`
	MinLength    *int            `json:"min_length,omitempty"`
	MaxLength    *int            `json:"max_length,omitempty"`

	Names        map[string]string `json:"name_localizations,omitempty"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
}

// CommandChoice is one of the values that an option can have, or that are proposed for it.
type CommandChoice struct {
	Name  string            `json:"name"`
	Value any               `json:"value"` // a string, or a number
	Names map[string]string `json:"name_localizations,omitempty"`
}

// branches reports whether options are subcommands, or groups of these.
func branches(all []CommandOption) bool {
	return len(all) > 0 && (all[0].Type == SubCommand || all[0].Type == SubCommandGroup)
}

// clone is a copy that shares nothing.
func (c *Command) clone() *Command {
	raw, err := json.Marshal(c)
	out := &Command{}
	if err != nil || json.Unmarshal(raw, out) != nil {
		panic("discordfake: a command that is no JSON")
	}
	return out
}

// same reports whether two are the same but for their ids.
func (c *Command) same(o *Command) bool {
	a, b := *c, *o
	a.ID, a.Version, b.ID, b.Version = "", "", "", ""
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// size is how many characters count against MaxCommandSize: the longest of every translation.
func (c *Command) size() int {
	return longest(c.Name, c.Names) + longest(c.Description, c.Descriptions) + sizeOf(c.Options)
}

func sizeOf(all []CommandOption) (n int) {
	for _, o := range all {
		n += longest(o.Name, o.Names) + longest(o.Description, o.Descriptions) + sizeOf(o.Options)
		for _, c := range o.Choices {
			n += longest(c.Name, c.Names)
			if s, ok := c.Value.(string); ok {
				n += characters(s)
			} else {
				n += len(numeral(c.Value))
			}
		}
	}
	return n
}

func longest(text string, others map[string]string) int {
	n := characters(text)
	for _, o := range others {
		n = max(n, characters(o))
	}
	return n
}

func numeral(v any) string {
	f, _ := v.(float64)
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// at gives the options that a path of subcommands leads to; ok is false where it leads nowhere, or not to the end.
func (c *Command) at(path []string) (options []CommandOption, ok bool) {
	options = c.Options
	for _, name := range path {
		next, found := optionOf(options, name)
		if !found || next.Type > SubCommandGroup {
			return nil, false
		}
		options = next.Options
	}
	return options, !branches(options)
}

func optionOf(all []CommandOption, name string) (CommandOption, bool) {
	for _, o := range all {
		if o.Name == name {
			return o, true
		}
	}
	return CommandOption{}, false
}

// typedLine is a command as somebody types it: "/release sign item: docs".
func typedLine(path []string, options []reply) string {
	var out strings.Builder
	out.WriteString("/" + strings.Join(path, " "))
	for _, o := range options {
		text, ok := o["value"].(string)
		if !ok {
			raw, _ := json.Marshal(o["value"]) // of what came from a test
			text = string(raw)
		}
		out.WriteString(" " + o["name"].(string) + ": " + text)
	}
	return out.String()
}
