package discordfake

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// nest puts the options of a subcommand where they stand.
func nest(options []CommandOption, path []string, filled []reply) []reply {
	if len(path) == 0 {
		return filled
	}
	o, _ := optionOf(options, path[0])
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
		if _, ok := optionOf(options, name); !ok {
			return nil, fmt.Sprintf("the command has no option %q", name)
		}
	}
	if o, ok := optionOf(options, focused); focused != "" && (!ok || !o.Autocomplete) {
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
