package discordfake

import (
	"context"
	"fmt"
	"strings"
)

// Slash types a command in a channel: Slash(ctx, General, []string{"release", "sign"}, map[string]any{"item": "docs"}).
// A user, role or channel is named by its id or by its name, as "ana", "@ana"; numbers are numbers. What the client would
// not send, as a command that is not there for this person, is a Failure.
func (p *Person) Slash(ctx context.Context, channel string, path []string, options map[string]any) Result {
	p.f.t.Helper()
	return p.typeCommand(ctx, CommandUse, channel, path, options, "")
}

// Autocomplete types a command as far as it is, and looks at what is proposed for the option that is typed in last.
func (p *Person) Autocomplete(ctx context.Context, channel string, path []string, options map[string]any, focused string) Result {
	p.f.t.Helper()
	return p.typeCommand(ctx, Autocompletes, channel, path, options, focused)
}

// ContextMenu uses a command from the menu of a message.
func (p *Person) ContextMenu(ctx context.Context, name, channel, message string) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	ch, err := p.channel(channel)
	m := p.f.find(channel, message)
	if err == nil && m == nil {
		err = fmt.Errorf("there is no message %s", message)
	}
	if err != nil {
		p.f.mu.Unlock()
		return p.cannot("use %s: %v", name, err)
	}
	r := p.begin()
	c, why := p.command(MessageCommand, name, ch)
	if c == nil {
		p.f.mu.Unlock()
		return p.refused(r, name, "%s", why)
	}
	i := p.f.newInteraction(CommandUse, p.id, ch)
	i.name, i.menu = name, true
	payload := p.f.common(i)
	target := p.f.messageAll(m)
	delete(target, "thread")
	payload["data"] = p.invoked(c, reply{"target_id": message, "resolved": reply{"messages": reply{message: target}}})
	p.f.mu.Unlock()
	p.deliver(ctx, &r, name, DidNotRespond, i, payload)
	return r
}

// typeCommand sends a command, or asks what could be typed.
func (p *Person) typeCommand(ctx context.Context, kind int, channel string, path []string, options map[string]any, focused string) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	ch, err := p.channel(channel)
	if err != nil || len(path) == 0 {
		p.f.mu.Unlock()
		return p.cannot("type /%s: %v", strings.Join(path, " "), err)
	}
	r := p.begin()
	what := "/" + strings.Join(path, " ")
	var filled []reply
	c, why := p.command(ChatInput, path[0], ch)
	if c != nil {
		filled, why = p.fillOptions(c, path, options, focused)
	}
	if why != "" {
		p.f.mu.Unlock()
		return p.refused(r, what, "%s", why)
	}
	what = typedLine(path, filled)
	i := p.f.newInteraction(kind, p.id, ch)
	i.name = strings.Join(path, " ")
	payload := p.f.common(i)
	if options, ok := c.at(path[1:]); ok {
		o, _ := optionOf(options, focused)
		i.typing = o.Type
	}
	data := reply{}
	if ids := named(filled); len(ids) > 0 && kind == CommandUse {
		data["resolved"] = p.f.resolved(ch.Server, ids...)
	}
	if nested := nest(c.Options, path[1:], filled); len(nested) > 0 {
		data["options"] = nested
	}
	payload["data"] = p.invoked(c, data)
	p.f.mu.Unlock()
	otherwise := DidNotRespond
	if kind == Autocompletes {
		otherwise = Unavailable
	}
	p.deliver(ctx, &r, what, otherwise, i, payload)
	return r
}

// invoked says which command was used.
func (p *Person) invoked(c *Command, data reply) reply {
	data["id"], data["name"], data["type"] = c.ID, c.Name, c.Type
	if c.Server != "" {
		data["guild_id"] = c.Server
	}
	return data
}
