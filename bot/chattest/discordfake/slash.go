package discordfake

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
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
	i.name = name
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

// command finds a command that the person sees in a channel, or says why there is none; the lock is held.
func (p *Person) command(kind int, name string, ch *Channel) (*Command, string) {
	why := fmt.Sprintf("there is no command %q", name)
	scopes := []string{ch.Server, ""}
	if ch.Server == "" {
		scopes = scopes[1:]
	}
	for _, scope := range scopes {
		for _, c := range p.f.commands[scope] {
			if c.Name != name || c.Type != kind {
				continue
			}
			no := p.hidden(c, ch)
			if no == "" {
				return c, ""
			}
			why = no
		}
	}
	return nil, why
}

// hidden says why somebody does not see a command in a channel; empty: they do; the lock is held.
func (p *Person) hidden(c *Command, ch *Channel) string {
	context := InServer
	if ch.Server == "" {
		context = InBotDM
	}
	may := p.f.may(ch, p.id)
	switch {
	case context == InBotDM && c.Contexts == nil && c.Server == "":
		return ""
	case c.Server == "" && c.Contexts != nil && !slices.Contains(c.Contexts, context):
		return fmt.Sprintf("the command %q is not offered here", c.Name)
	case context == InBotDM:
		return ""
	case may.Has(Administrator):
		return ""
	case !may.Has(UseCommands):
		return "they may use no commands in this channel"
	}
	if allowed, said := p.overridden(c, ch.Server); said {
		if !allowed {
			return fmt.Sprintf("the command %q is switched off for them", c.Name)
		}
		return ""
	}
	if c.Permissions != nil {
		bits, err := strconv.ParseUint(*c.Permissions, 10, 64)
		if err != nil || bits == 0 || !may.Has(Permission(bits)) {
			return fmt.Sprintf("the command %q is hidden from them", c.Name)
		}
	}
	return ""
}

// overridden looks what the server's people set for a command: for the member, else for one of the roles, else for all;
// the lock is held.
func (p *Person) overridden(c *Command, server string) (allowed, said bool) {
	set := p.f.overrides[server+" "+c.Name]
	if v, ok := set[p.id]; ok {
		return v, true
	}
	if m := p.f.members[server][p.id]; m != nil {
		for _, role := range m.Roles {
			if v, ok := set[role]; ok {
				allowed, said = allowed || v, true
			}
		}
	}
	if said {
		return allowed, true
	}
	allowed, said = set[server]
	return allowed, said
}

// nest puts the options of a subcommand where they stand.
func nest(options []CommandOption, path []string, filled []reply) []reply {
	if len(path) == 0 {
		return filled
	}
	o, _ := option1(options, path[0])
	out := reply{"type": o.Type, "name": o.Name}
	inner := nest(o.Options, path[1:], filled)
	if inner == nil {
		inner = []reply{}
	}
	out["options"] = inner
	return []reply{out}
}

// named are the ids among values: of users, channels and roles.
func named(filled []reply) (ids []string) {
	for _, o := range filled {
		if kind, _ := o["type"].(int); kind >= UserOption && kind <= MentionOption {
			ids = append(ids, o["value"].(string))
		}
	}
	return ids
}

// fillOptions fills in the options of a command, or says why the client would not send them; with focused they need not
// be whole; the lock is held.
func (p *Person) fillOptions(c *Command, path []string, values map[string]any, focused string) (filled []reply, why string) {
	options, ok := c.at(path[1:])
	if !ok {
		return nil, fmt.Sprintf("there is no command %q", strings.Join(path, " "))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, ok := option1(options, name); !ok {
			return nil, fmt.Sprintf("the command has no option %q", name)
		}
	}
	if o, ok := option1(options, focused); focused != "" && (!ok || !o.Autocomplete) {
		return nil, fmt.Sprintf("nothing is proposed for the option %q", focused)
	}
	for _, o := range options {
		v, given := values[o.Name]
		if o.Name == focused && !given {
			v, given = "", true
		}
		switch {
		case !given && o.Required && focused == "":
			return nil, fmt.Sprintf("the option %q is required", o.Name)
		case !given:
			continue
		}
		out := reply{"type": o.Type, "name": o.Name}
		if o.Name == focused {
			// What is being typed comes as it is, as a text.
			out["value"], out["focused"] = fmt.Sprint(v), true
		} else if out["value"], why = p.f.valueOf(o, v); why != "" {
			return nil, fmt.Sprintf("the option %q: %s", o.Name, why)
		}
		filled = append(filled, out)
	}
	return filled, ""
}

// valueOf gives the value of an option as it is sent, or why it cannot be it; the lock is held.
func (f *Fake) valueOf(o CommandOption, v any) (out any, why string) {
	if i := slices.IndexFunc(o.Choices, func(c CommandChoice) bool { return fmt.Sprint(c.Value) == fmt.Sprint(v) || c.Name == fmt.Sprint(v) }); i >= 0 {
		return o.Choices[i].Value, ""
	}
	if len(o.Choices) > 0 {
		return nil, fmt.Sprintf("%v is none of the choices", v)
	}
	switch o.Type {
	case StringOption:
		return o.stringValue(v)
	case IntegerOption, NumberOption:
		return o.numberValue(v)
	case BooleanOption:
		if b, ok := v.(bool); ok {
			return b, ""
		}
		return nil, fmt.Sprintf("%v is neither true nor false", v)
	case UserOption, ChannelOption, RoleOption, MentionOption:
		name, _ := v.(string)
		if id := f.called(o.Type, name); id != "" {
			return id, ""
		}
		return nil, fmt.Sprintf("there is no %v", v)
	}
	return nil, "files cannot be given here"
}

func (o CommandOption) stringValue(v any) (out any, why string) {
	s, ok := v.(string)
	if !ok {
		return nil, fmt.Sprintf("%v is no text", v)
	}
	least, most := 0, MaxOptionLength
	if o.MinLength != nil {
		least = *o.MinLength
	}
	if o.MaxLength != nil {
		most = *o.MaxLength
	}
	if n := characters(s); n < least || n > most || s == "" {
		return nil, fmt.Sprintf("%d characters, it takes %d to %d", n, max(1, least), most)
	}
	return s, ""
}

func (o CommandOption) numberValue(v any) (out any, why string) {
	var n float64
	switch v := v.(type) {
	case int:
		n = float64(v)
	case int64:
		n = float64(v)
	case float64:
		n = v
	default:
		return nil, fmt.Sprintf("%v is no number", v)
	}
	const most = 1 << 53
	switch {
	case o.Type == IntegerOption && n != math.Trunc(n):
		return nil, fmt.Sprintf("%v is no whole number", v)
	case math.Abs(n) >= most, o.Min != nil && n < *o.Min, o.Max != nil && n > *o.Max:
		return nil, fmt.Sprintf("%v is out of bounds", v)
	case o.Type == IntegerOption:
		return int64(n), ""
	}
	return n, ""
}

// called finds the id of what somebody names, of the kind that an option takes; the lock is held.
func (f *Fake) called(kind int, name string) string {
	bare := strings.TrimLeft(name, "@#")
	if kind == UserOption || kind == MentionOption {
		if id := f.userCalled(bare); id != "" {
			return id
		}
	}
	for id, r := range f.roles {
		if (kind == RoleOption || kind == MentionOption) && (id == bare || r.Name == bare || r.Name == name) {
			return id
		}
	}
	for id, c := range f.channels {
		if kind == ChannelOption && (id == bare || c.Name == bare && bare != "") {
			return id
		}
	}
	return ""
}

// userCalled finds somebody by id or name; the lock is held.
func (f *Fake) userCalled(name string) string {
	for id, u := range f.users {
		if id == name || u.Name == name {
			return id
		}
	}
	return ""
}
