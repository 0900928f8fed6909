package console

import (
	"context"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
)

// editable is the one field of a form that asks for nothing but a text.
func editable(f chat.Form) (chat.Field, bool) {
	if len(f.Fields) != 1 || !f.Fields[0].Long {
		return chat.Field{}, false
	}
	return f.Fields[0], true
}

// opens reports whether a reply is a form that is answered in an editor: one that was just asked for.
func (c *Console) opens(r chat.Request, reply chat.Reply) bool {
	if c.Edit == nil || c.JSON || reply.Form == nil || r.Values != nil || len(reply.Wrong) > 0 {
		return false
	}
	_, is := editable(*reply.Form)
	return is
}

// edit has the person's open form answered in an editor.
func (c *Console) edit(ctx context.Context, open openForm) error {
	field, _ := editable(open.form)
	text, err := c.Edit(ctx, fileName(open.form.Title), field.Value)
	if err != nil {
		return err
	}
	if text = strings.TrimRight(text, "\n"); text == strings.TrimRight(field.Value, "\n") {
		return c.say("the text is as it was: nothing was sent")
	}
	field.Value = text
	open.form.Fields = []chat.Field{field}
	c.forms[c.me()] = open
	c.edited = &chat.File{Name: fileName(open.form.Title), Data: []byte(text + "\n")}
	defer func() { c.edited = nil }()
	return c.ask(ctx, chat.Request{At: open.at, Text: open.form.Value(), Press: open.form.Basis != "",
		Values: map[string]string{field.Key: text}})
}

// rescued is a reply to an edited text: where it is refused, the text comes along as a file, so that nobody writes it
// twice.
func (c *Console) rescued(reply chat.Reply) chat.Reply {
	if c.edited != nil && (reply.Refusal != nil || len(reply.Wrong) > 0) {
		reply.Files = append(reply.Files, *c.edited)
	}
	return reply
}

// fileName is a plain name for the text of a form.
func fileName(title string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.':
			return r
		}
		return '-'
	}, strings.ToLower(title))
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	return strings.Trim(name[:min(len(name), 60)], "-.") + ".md"
}
