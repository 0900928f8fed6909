package commands

import (
	"context"
	"fmt"
	"maps"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// form asks for what is missing. It may show drafts, so it opens only for whoever may submit it.
func (c *Call) form(ctx context.Context, row *Command, missing []string) (chat.Reply, error) {
	if err := c.maySubmit(ctx, row); err != nil {
		return chat.Reply{}, err
	}
	c.row = row
	reply, err := row.Form(ctx, c)
	if err != nil {
		return chat.Reply{}, c.choices(ctx, err)
	}
	if reply.Form != nil && c.about != "" { // nobody signs for another release than they think
		reply.Form.Title += " · " + c.about
	}
	if reply.Form != nil {
		reply.Form.Line = c.besides(ctx, row, reply.Form.Fields)
		for i, f := range reply.Form.Fields {
			p, _ := row.param(f.Key)
			reply.Form.Fields[i].Kind = p.Kind
			if said := c.Args.Text(f.Key); said != "" { // nobody writes a thing twice
				reply.Form.Fields[i].Value = said
			}
		}
	}
	if reply.Form != nil && sent(c.Request) { // it was sent, and without what it asks for
		reply.Wrong = map[string]string{}
		for _, name := range missing {
			reply.Wrong[name] = "is needed"
		}
	}
	return reply, nil
}

// maySubmit refuses whoever may not wish what a form asks for. What manages a release is looked up only for whom the book
// alone does not let.
func (c *Call) maySubmit(ctx context.Context, row *Command) error {
	var manager workflows.PersonID
	if _, of := row.param(relName); of && !c.Viewer.May(row.Needs, "", c.Request.When) {
		r, err := c.release(ctx)
		if err != nil {
			return c.choices(ctx, err)
		}
		manager = r.Manager
	}
	if why := c.Viewer.Book.Allows(c.Viewer.Person.ID, row.Needs, manager, c.Request.When); why != "" {
		return workflows.Refuse(why, fmt.Sprintf("this needs %s", row.Needs)).
			By(c.Viewer.Book.Who(row.Needs, manager, c.Request.When)...).Type("/release help")
	}
	return nil
}

// besides is the line of all that was said but for a form's fields: what somebody takes out of a field is not said.
func (c *Call) besides(ctx context.Context, row *Command, fields []chat.Field) string {
	a := c.Args
	a.values = maps.Clone(a.values)
	for _, f := range fields {
		delete(a.values, f.Key)
		if p, _ := row.param(f.Key); p.Kind == chat.KindRest {
			a.Note = ""
		}
	}
	in := input{table: c.table, c: row, ctx: Context{Products: func(name string) bool {
		known, err := c.Desk.IsProduct(ctx, name)
		return known || err != nil // what might be one is quoted
	}}}
	return in.line(a)
}

// filledIn reports whether a parameter was said in a form's field, where it is asked for again.
func (c *Call) filledIn(name string) bool {
	_, given := c.Request.Values[name]
	return given && sent(c.Request)
}

// of has a form be about one release, wherever it is sent from.
func (c *Call) of(r release.Release) { c.Args.On.Release, c.about = string(r.ID), r.ID.Name() }

// basis is that of the press that opened a form: submitting it is held to the same.
func (c *Call) basis() string {
	if !c.Args.Basis.Said {
		return ""
	}
	return cards.Basis(c.Args.Basis)
}
