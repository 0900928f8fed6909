package console

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// A verb is something done to the console itself, as a hand on a screen would. Only a press and a filled form reach
// the bot.
type verb struct {
	name, arg, short string
	run              func(ctx context.Context, arg string) error
}

func (c *Console) verbs() []verb {
	return []verb{
		{"!press", "LABEL", "press a button: the newest that bears the label here, in your direct messages or in answers to you", c.press},
		{"!fill", "key=value …", "answer the open form", c.fill},
		{"!show", "[#channel|@me]", "what a channel or your direct messages show now", still(c.show)},
		{"!wait", "26h", "let simulated time pass, from due time to due time", c.wait},
		{"!id", "NAME", "the next line bears this request id, like one that is delivered again", still(c.name)},
		{"!help", "", "this list", still(c.help)},
		{"!quit", "", "leave", still(func(string) error { return errQuit })},
	}
}

// still is a verb's run that needs no context.
func still(run func(arg string) error) func(context.Context, string) error {
	return func(_ context.Context, arg string) error { return run(arg) }
}

// shout carries out a word that begins with an exclamation mark.
func (c *Console) shout(ctx context.Context, word, arg string) error {
	verbs := c.verbs()
	for _, v := range verbs {
		if v.name == word {
			return v.run(ctx, arg)
		}
	}
	var names []string
	for _, v := range verbs {
		names = append(names, v.name)
	}
	ref := workflows.Refuse(workflows.UnknownCommand, fmt.Sprintf("no %s here", workflows.Display(word, maxName))).Type("!help")
	ref.Nearest = workflows.Nearest(word, names, 3)
	return ref
}

func (c *Console) press(ctx context.Context, label string) error {
	m, button, err := findButton(c.Memory.visible(c.me(), c.place()), label)
	if err != nil {
		return err
	}
	return c.ask(ctx, chat.Request{At: m.Place, Text: button.Value(), Press: true})
}

// fill submits the person's open form with what it holds and what was typed. While a field is wrong it stays open, as
// filled in.
func (c *Console) fill(ctx context.Context, text string) error {
	open, ok := c.forms[c.me()]
	if !ok {
		return workflows.Refuse(NoForm, "no form is open for @"+workflows.Display(c.Person, maxName)).Type("/release sign", "/release help")
	}
	values, err := parseFill(text)
	if err != nil {
		return err
	}
	if open.form, err = fillIn(open.form, values); err != nil {
		return err
	}
	c.forms[c.me()] = open
	for _, f := range open.form.Fields {
		if f.Value != "" {
			values[f.Key] = f.Value
		}
	}
	return c.ask(ctx, chat.Request{At: open.at, Text: open.form.Value(), Press: open.form.Basis != "", Values: values})
}

// fillIn gives the form with the typed values in it, or refuses a key that it does not have.
func fillIn(f chat.Form, typed map[string]string) (chat.Form, error) {
	f.Fields = slices.Clone(f.Fields)
	var keys []string
	left := maps.Clone(typed)
	for i, field := range f.Fields {
		keys = append(keys, field.Key)
		if v, ok := typed[field.Key]; ok {
			f.Fields[i].Value = v
			delete(left, field.Key)
		}
	}
	if len(left) > 0 {
		unknown := workflows.Display(strings.Join(slices.Sorted(maps.Keys(left)), ", "), maxName)
		return f, workflows.Refuse(workflows.Invalid, fmt.Sprintf("no %s in this form, it has %s", unknown, strings.Join(keys, ", "))).Type("!fill " + keys[0] + "=…")
	}
	return f, nil
}

func (c *Console) show(arg string) error {
	at := c.place()
	switch {
	case arg == "":
	case arg == "@me" || arg == "@"+c.Person:
		at = workflows.Direct(c.me())
	case validChannel(arg):
		at = workflows.Place(Platform + "/" + arg)
	case strings.HasPrefix(arg, "@"):
		return workflows.Refuse(workflows.NotAllowed, "direct messages are shown to whom they are for").
			Type(workflows.Display(arg, maxName) + " !show @me")
	default:
		return workflows.Refuse(workflows.Invalid, workflows.Display(arg, maxName)+" is no channel").Type("!show #general", "!show @me")
	}
	shown := c.Memory.shows(at)
	if len(shown) == 0 {
		return c.say(at.Channel() + " is empty")
	}
	c.screen.show(shown)
	return c.screen.flush()
}

func (c *Console) name(arg string) error {
	if arg == "" || strings.ContainsAny(arg, blanks) {
		return workflows.Refuse(workflows.Invalid, "an id is one word").Type("!id again-1")
	}
	c.id = arg
	return nil
}

func (c *Console) help(string) error {
	m := chat.Message{Title: "[@person] [#channel] /release …: person and channel stay until changed, /release may be left out"}
	for _, v := range c.verbs() {
		m.Lines = append(m.Lines, strings.TrimSpace(v.name+" "+v.arg)+": "+v.short)
	}
	if c.TTY != nil {
		m.Lines = append(m.Lines, "Tab completes, a second Tab lists what there is; ↑ and ↓ bring back what was typed, but for lines that begin with a blank")
	}
	return c.answer(c.place(), chat.Reply{Message: &m})
}

// say answers with one line of the console's own.
func (c *Console) say(text string) error {
	return c.answer(c.place(), chat.Reply{Message: &chat.Message{Title: text}})
}
