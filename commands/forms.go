package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// aboutRelease asks for what a line about a release left out; where several may be meant, for the release, too.
func aboutRelease(title, submit string, fields ...chat.Field) func(context.Context, *Call) (chat.Reply, error) {
	return func(ctx context.Context, c *Call) (chat.Reply, error) {
		form := &chat.Form{Title: title, Submit: submit, Basis: c.basis(), Fields: slices.Clone(fields)}
		r, err := c.release(ctx)
		if no := new(workflows.Refusal); errors.As(err, &no) && len(no.Choices) > 0 {
			form.Fields = slices.Insert(form.Fields, 0, releaseField(no.Choices))
			return chat.Reply{Form: form}, nil
		}
		c.of(r)
		return chat.Reply{Form: form}, err
	}
}

// releaseField is where a release is chosen.
func releaseField(among []workflows.Choice) chat.Field {
	f := chat.Field{Key: relName, Label: "Release", Required: true}
	if len(among) > maxChoices {
		f.Hint = "product@version"
		return f
	}
	for _, c := range among {
		f.Choices = append(f.Choices, c.Label)
	}
	return f
}

// newForm asks what is opened. The version is the asker's to say; the product is there already where there is but one.
func newForm(ctx context.Context, c *Call) (chat.Reply, error) {
	products, err := c.products(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	id := chat.Field{Key: "release", Label: "Release", Hint: "product@version, or product@feature", Required: true}
	if len(products) == 1 {
		id.Value = string(products[0]) + "@"
	} else if len(products) > 1 {
		id.Hint += ": " + workflows.Display(joined(products), maxHint)
	}
	s := c.Desk.Settings()
	return chat.Reply{Form: &chat.Form{Title: "New release", Submit: "Open it", Fields: []chat.Field{
		id,
		{Key: "title", Label: "What people call it"},
		{Key: "template", Label: "Checklist", Hint: s.Default + " when left out", Choices: s.Templates},
		{Key: "risk", Label: "Risk", Hint: "as the checklist and the rules say when left out", Choices: riskNames()},
		{Key: "candidate", Label: "Candidate", Hint: "a commit, branch or tag; HEAD when left out"},
		{Key: "target", Label: "Target", Hint: "friday, 2026-12-18, 14d"},
		{Key: "why", Label: "Why", Hint: "what it is for; why less care is enough", Long: true},
	}}}, nil
}

// maxHint is how many runes of names a hint shows.
const maxHint = 100

func joined(products []workflows.Product) string {
	var out []string
	for _, p := range products {
		out = append(out, string(p)+"@…")
	}
	return strings.Join(out, ", ")
}

// products are those of the configuration, without any those that have releases.
func (c *Call) products(ctx context.Context) ([]workflows.Product, error) {
	if configured := c.Desk.Settings().Products; len(configured) > 0 {
		return configured, nil
	}
	rows, err := c.Desk.Rows(ctx, release.KeyAll)
	var all []workflows.Product
	for _, r := range rows {
		all = append(all, r.ID.Product())
	}
	slices.Sort(all)
	return slices.Compact(all), err
}

// flagForm asks for what a line about a flag left out; which flag, of those there are.
func flagForm(title string, fields ...chat.Field) func(context.Context, *Call) (chat.Reply, error) {
	return func(ctx context.Context, c *Call) (chat.Reply, error) {
		form := &chat.Form{Title: title, Basis: c.basis(), Submit: title, Fields: slices.Clone(fields)}
		if c.Args.Has("flag") && !c.filledIn("flag") {
			form.Title += " " + c.Args.On.Flag
			_, err := c.Desk.Flag(ctx, c.Args.On.Flag) // an unknown one is refused before anybody writes about it
			return chat.Reply{Form: form}, err
		}
		all, err := c.flags(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		field := chat.Field{Key: "flag", Label: "Flag", Required: true}
		for _, f := range all {
			field.Choices = append(field.Choices, string(f.Key))
		}
		switch n := len(all); {
		case n == 0:
			return chat.Reply{}, withNext(wrong(flagParam, workflows.Invalid, "there is none yet"), "/release flag new F")
		case n == 1:
			field.Value = field.Choices[0]
		case n > maxChoices:
			field.Choices, field.Hint = nil, "its key"
		}
		form.Title += " a flag"
		form.Fields = slices.Insert(form.Fields, 0, field)
		return chat.Reply{Form: form}, nil
	}
}
