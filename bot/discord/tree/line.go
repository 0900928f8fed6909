package tree

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
)

// Said is what somebody chose and filled in, as a chat.Request takes it: the line that names the row, and the values of its
// parameters by name, "true" or "false" for a switch.
type Said struct {
	Text   string
	Values map[string]string
	Focus  string // the parameter that is being typed; empty once the command was sent
}

// data is what Discord says of a use of a command. Unknown fields appear at any time and say nothing here.
type data struct {
	Type    discordgo.ApplicationCommandType `json:"type"`
	Name    string                           `json:"name"`
	Options []given                          `json:"options"`
}

type given struct {
	Type    discordgo.ApplicationCommandOptionType `json:"type"`
	Name    string                                 `json:"name"`
	Value   json.RawMessage                        `json:"value"`
	Options []given                                `json:"options"`
	Focused bool                                   `json:"focused"`
}

// Line reads the data of a command that was sent, by the rows that Commands drew. Every text goes through written, where
// there is one: what the platform's marks stand for, as people write it, such as @ana for a mention.
//
// What was not declared so is refused: somebody uses commands of another version, which Discord mends when they type the
// command again, or it is not from Discord's own client.
func Line(rows []chat.Command, raw []byte, written func(string) string) (Said, error) {
	said, _, err := read(rows, raw, written)
	return said, err
}

// Focused reads the data of a command that is being typed: its focus is the one parameter that values are wanted of.
func Focused(rows []chat.Command, raw []byte, written func(string) string) (Said, error) {
	said, focus, err := read(rows, raw, written)
	switch {
	case err != nil:
		return Said{}, err
	case len(focus) != 1:
		return Said{}, fmt.Errorf("%d parameters are being typed at once", len(focus))
	case !completed(focus[0]):
		return Said{}, fmt.Errorf("nothing was promised to be offered for %s", focus[0].Name)
	}
	said.Focus = focus[0].Name
	return said, nil
}

func read(rows []chat.Command, raw []byte, written func(string) string) (Said, []chat.Param, error) {
	var d data
	if err := json.Unmarshal(raw, &d); err != nil {
		return Said{}, nil, fmt.Errorf("data of a command: %w", err)
	}
	if d.Type != discordgo.ChatApplicationCommand {
		return Said{}, nil, fmt.Errorf("a command of type %d is not typed", d.Type)
	}
	row, options, err := find(rows, d)
	if err != nil {
		return Said{}, nil, err
	}
	said := Said{Text: "/" + root, Values: map[string]string{}}
	for _, word := range row.Path {
		said.Text += " " + word
	}
	var focus []chat.Param
	for _, o := range options {
		p, text, err := value(row, o)
		if err != nil {
			return Said{}, nil, fmt.Errorf("%s: %w", said.Text, err)
		}
		if _, twice := said.Values[p.Name]; twice {
			return Said{}, nil, fmt.Errorf("%s: %s is given twice", said.Text, p.Name)
		}
		if written != nil && o.Type == discordgo.ApplicationCommandOptionString {
			text = written(text)
		}
		said.Values[p.Name] = text
		if o.Focused {
			focus = append(focus, p)
		}
	}
	return said, focus, nil
}

// find follows the verbs down to the row that they name, and gives the options that stand there.
func find(rows []chat.Command, d data) (chat.Command, []given, error) {
	at, options := spot{top: d.Name}, d.Options
	for {
		if len(options) != 1 {
			return chat.Command{}, nil, fmt.Errorf("one verb of /%s is wanted, not %d", d.Name, len(options))
		}
		o := options[0]
		if len(o.Value) > 0 || o.Focused {
			return chat.Command{}, nil, fmt.Errorf("a verb of /%s has a value", d.Name)
		}
		options = o.Options
		switch {
		case o.Type == discordgo.ApplicationCommandOptionSubCommandGroup && at.group == "" && o.Name != "":
			at.group = o.Name
		case o.Type == discordgo.ApplicationCommandOptionSubCommand:
			at.verb = o.Name
			i := slices.IndexFunc(rows, func(c chat.Command) bool {
				drawn, ok := placed(c.Path)
				return ok && drawn == at
			})
			if i < 0 {
				return chat.Command{}, nil, fmt.Errorf("there is no /%s with such a verb", d.Name)
			}
			return rows[i], options, nil
		default:
			return chat.Command{}, nil, fmt.Errorf("/%s has an option of type %d where a verb is wanted", d.Name, o.Type)
		}
	}
}

// value reads one option as the parameter of its name.
func value(row chat.Command, o given) (p chat.Param, text string, err error) {
	i := slices.IndexFunc(row.Params, func(p chat.Param) bool { return p.Name == o.Name })
	if i < 0 {
		return p, "", errors.New("an option was not declared")
	}
	p = row.Params[i]
	if o.Type != typeOf(p) || len(o.Options) > 0 {
		return p, "", fmt.Errorf("%s is of type %d, not %d", p.Name, o.Type, typeOf(p))
	}
	if typeOf(p) == discordgo.ApplicationCommandOptionBoolean {
		var on *bool
		if err := json.Unmarshal(o.Value, &on); err != nil || on == nil {
			return p, "", fmt.Errorf("%s is neither true nor false", p.Name)
		}
		return p, fmt.Sprint(*on), nil
	}
	var words *string
	if err := json.Unmarshal(o.Value, &words); err != nil || words == nil {
		return p, "", fmt.Errorf("%s is no text", p.Name)
	}
	return p, *words, nil
}
