package blocks

import (
	"regexp"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

const (
	maxOptions = 100
	maxOption  = 75 // characters of an option's text and of its value
)

// slackUser is how Slack names an account.
var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)

// picker is what Slack has for a kind of field; nil where a text is typed, as where the picker could not show what the
// field holds already.
func picker(f chat.Field, id string) slack.BlockElement {
	switch {
	case f.Kind == chat.KindDate && len(f.Choices) == 0:
		return dates(f, id)
	case f.Kind == chat.KindPerson && len(f.Choices) == 0:
		return users(f, id)
	case f.Kind == chat.KindDate, f.Kind == chat.KindPerson, !pickable(f.Choices):
		return nil
	case f.Kind == chat.KindItems:
		return several(f, id)
	}
	return one(f, id)
}

func dates(f chat.Field, id string) slack.BlockElement {
	if f.Value != "" {
		if _, err := time.Parse(time.DateOnly, f.Value); err != nil {
			return nil
		}
	}
	e := slack.NewDatePickerBlockElement(id)
	e.InitialDate = f.Value
	return e
}

func users(f chat.Field, id string) slack.BlockElement {
	if f.Value != "" && !slackUser.MatchString(f.Value) {
		return nil
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, id)
	e.InitialUser = f.Value
	return e
}

func one(f chat.Field, id string) slack.BlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, id, options(f.Choices)...)
	at, ok := lines.Chosen(f)
	if !ok {
		return nil
	}
	for _, i := range at {
		e.InitialOption = e.Options[i]
	}
	return e
}

func several(f chat.Field, id string) slack.BlockElement {
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, id, options(f.Choices)...)
	at, ok := lines.Chosen(f)
	if !ok {
		return nil
	}
	for _, i := range at {
		e.InitialOptions = append(e.InitialOptions, e.Options[i])
	}
	return e
}

// pickable reports whether choices can be options, such that Slack shows them as they are and gives them back unchanged.
func pickable(choices []string) bool {
	changed := func(c string) bool { return escape(c) != c }
	return lines.Pickable(choices, maxOptions, maxOption) && !slices.ContainsFunc(choices, changed)
}

func options(choices []string) []*slack.OptionBlockObject {
	out := make([]*slack.OptionBlockObject, len(choices))
	for i, c := range choices {
		out[i] = slack.NewOptionBlockObject(c, plain(c), nil)
	}
	return out
}
