package discordfake

import (
	"fmt"
	"slices"
	"strconv"
)

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
	case p.f.members[ch.Server][p.id].TimedOut.After(p.f.o.Now()):
		return "they are timed out"
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
