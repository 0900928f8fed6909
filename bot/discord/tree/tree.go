// Package tree is the typed commands of Discord: it draws them from what the commands declare (draw.go), says what of them
// must be written (diff.go), and reads what somebody chose in them back into a line and its values (line.go, menu.go,
// choices.go). It is pure: its platform sends and receives.
//
// It must not know what a command means, and it guesses nothing: what was not declared, or is of another type, is refused.
package tree

import (
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
)

// Command is one command as Discord takes and gives it. discordgo's own leaves out what is null, which is how Discord is
// told that everybody may see a command, and names the languages of options where there are none.
type Command struct {
	ID          string                           `json:"id,omitempty"`
	Type        discordgo.ApplicationCommandType `json:"type,omitempty"`
	Name        string                           `json:"name"`
	Names       map[string]string                `json:"name_localizations"`
	Description string                           `json:"description,omitempty"`
	Described   map[string]string                `json:"description_localizations"`
	Options     []Option                         `json:"options,omitempty"`
	Permissions *string                          `json:"default_member_permissions"` // bits, as text; null: everybody sees it
	NSFW        bool                             `json:"nsfw"`
	Contexts    []int                            `json:"contexts,omitempty"`          // where it is to be seen
	Installs    []int                            `json:"integration_types,omitempty"` // how the application must be installed
}

// Option is a verb, a group of verbs, or one parameter.
type Option struct {
	Type         discordgo.ApplicationCommandOptionType `json:"type"`
	Name         string                                 `json:"name"`
	Names        map[string]string                      `json:"name_localizations,omitempty"`
	Description  string                                 `json:"description"`
	Described    map[string]string                      `json:"description_localizations,omitempty"`
	Required     bool                                   `json:"required,omitempty"`
	Autocomplete bool                                   `json:"autocomplete,omitempty"`
	Choices      []Choice                               `json:"choices,omitempty"`
	Options      []Option                               `json:"options,omitempty"`
}

// Choice is one value to choose from, declared or offered while somebody types.
type Choice struct {
	Name  string            `json:"name"` // what people see
	Names map[string]string `json:"name_localizations,omitempty"`
	Value any               `json:"value"` // text; of commands that others wrote also numbers
}

// Discord's limits.
const (
	maxChoices = 25  // of one parameter
	maxName    = 100 // characters of a choice, and of its value
)

// root is the command that the verbs stand under, since Discord has no command without a name.
const root = "release"

// underRoot are the groups that share it with the verbs. Each other group is a command of its own, which a server's
// administrators can show to some roles only.
var underRoot = []string{"candidate", "scope", "item", "audit", "admin"}

// spot is where a row stands: /release sign, /release item add, /flag set. A part that there is not is empty.
type spot struct{ top, group, verb string }

// placed says where the row of a path stands; false for a path that is too long for the tree.
func placed(path []string) (spot, bool) {
	switch {
	case len(path) == 1:
		return spot{top: root, verb: path[0]}, true
	case len(path) != 2:
		return spot{}, false
	case slices.Contains(underRoot, path[0]):
		return spot{top: root, group: path[0], verb: path[1]}, true
	}
	return spot{top: path[0], verb: path[1]}, true
}

// typeOf is what a parameter is on Discord. What it holds is read from text, as everywhere: a person too, because Discord's
// own picker of members knows neither people who have no account there nor the names by which the others know them, and it
// offers everybody of the server, whether the bot knows them or not.
func typeOf(p chat.Param) discordgo.ApplicationCommandOptionType {
	if p.Kind == chat.KindSwitch {
		return discordgo.ApplicationCommandOptionBoolean
	}
	return discordgo.ApplicationCommandOptionString
}

// chosen reports whether a parameter is one of a few words, all of which are shown at once.
func chosen(p chat.Param) bool {
	return p.Kind == chat.KindChoice && len(p.Choices) > 0 && len(p.Choices) <= maxChoices
}

// completed reports whether Discord asks what there is while a parameter is typed.
func completed(p chat.Param) bool {
	return !chosen(p) && typeOf(p) == discordgo.ApplicationCommandOptionString && (p.Offered || len(p.Choices) > 0)
}
