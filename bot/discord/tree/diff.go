package tree

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"github.com/bwmarrin/discordgo"
)

// Changes are what must be written so that the commands are as they should be.
type Changes struct {
	Create []Command // that are not there
	Change []Command // that are there otherwise, under the id that they have
	Remove []Command // that should not be there
	Same   int       // that are as they should be
}

// None reports whether there is nothing to write.
func (c Changes) None() bool { return len(c.Create)+len(c.Change)+len(c.Remove) == 0 }

// Diff compares the commands that an application has in a server with those that it should have. A command is known by its
// type and name.
func Diff(have, want []Command) Changes {
	var out Changes
	for _, w := range want {
		switch i := slices.IndexFunc(have, w.named); {
		case i < 0:
			out.Create = append(out.Create, w)
		case have[i].equals(w):
			out.Same++
		default:
			w.ID = have[i].ID
			out.Change = append(out.Change, w)
		}
	}
	for _, h := range have {
		if !slices.ContainsFunc(want, h.named) {
			out.Remove = append(out.Remove, h)
		}
	}
	return out
}

func (c Command) named(other Command) bool { return c.kind() == other.kind() && c.Name == other.Name }

// kind is a command's type: what does not say one is typed.
func (c Command) kind() discordgo.ApplicationCommandType {
	return cmp.Or(c.Type, discordgo.ChatApplicationCommand)
}

// equals compares what somebody chose, not what Discord adds: ids and versions, empty lists for missing ones. Contexts and
// installations count for global commands only, and of those of a server Discord says what it likes.
func (c Command) equals(other Command) bool { return bytes.Equal(c.canonical(), other.canonical()) }

func (c Command) canonical() []byte {
	c.ID, c.Type, c.Contexts, c.Installs = "", c.kind(), nil, nil
	c.Names, c.Described = filled(c.Names), filled(c.Described)
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // texts, numbers and lists of them
	}
	return text
}

// filled makes one of the two ways to say nothing.
func filled(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return m
}
