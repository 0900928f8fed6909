package slackfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// fillIn types values into the topmost form; the lock is held.
func (p *Person) fillIn(values map[string]string) (*View, error) {
	stack := p.f.views.stacks[p.id]
	if len(stack) == 0 {
		return nil, fmt.Errorf("none is open")
	}
	v := stack[len(stack)-1]
	if v.Submit == "" {
		return nil, fmt.Errorf("%q has nothing to submit", v.Title)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		b, e := v.field(name)
		if e == nil {
			return nil, fmt.Errorf("%q has no field %q among %q", v.Title, name, v.fields())
		}
		typed, err := p.f.fill(e, values[name])
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", name, err)
		}
		v.put(str(b["block_id"]), str(e["action_id"]), typed)
	}
	return v, nil
}

// field finds an element by block_id, by action_id or by the label of its block, in this order.
func (v *View) field(name string) (block, block) {
	for _, of := range []func(b, e block) string{
		func(b, _ block) string { return str(b["block_id"]) },
		func(_, e block) string { return str(e["action_id"]) },
		func(b, _ block) string { return textOf(b["label"]) },
		func(b, _ block) string { return textOf(b["text"]) },
	} {
		for _, b := range v.blocks {
			for _, e := range elements(b) {
				if e["type"] != "button" && e["type"] != "overflow" && of(b, e) == name {
					return b, e
				}
			}
		}
	}
	return nil, nil
}

func (v *View) fields() (all []string) {
	for _, in := range v.Inputs {
		all = append(all, in.Block+"/"+in.Action+" ("+in.Label+")")
	}
	return all
}

// fill gives what an element holds once somebody typed or chose the value; the lock is held.
func (f *Fake) fill(e block, value string) (block, error) {
	out := block{"type": e["type"]}
	switch e["type"] {
	case "plain_text_input":
		out["value"] = nil
		if value != "" {
			out["value"] = value
		}
		if e["multiline"] != true && strings.ContainsAny(value, "\n\r") {
			return nil, fmt.Errorf("a field of one line takes no line break")
		}
		return out, nil
	case "static_select", "radio_buttons":
		if value == "" {
			out["selected_option"] = nil
			return out, nil
		}
		all, err := chosenOf(e, value)
		if err == nil {
			out["selected_option"] = all[0]
		}
		return out, err
	case "multi_static_select", "checkboxes":
		all, err := chosenOf(e, strings.Split(value, "; ")...)
		out["selected_options"] = all
		return out, err
	case "users_select":
		id, err := f.userID(value)
		out["selected_user"] = id
		return out, err
	case "multi_users_select":
		ids := []string{}
		for _, name := range strings.Split(value, "; ") {
			id, err := f.userID(name)
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
		out["selected_users"] = ids
		return out, nil
	case "datepicker":
		out["selected_date"] = value
		if !aDate.MatchString(value) {
			return nil, fmt.Errorf("%q is no date", value)
		}
		return out, nil
	case "conversations_select":
		out["selected_conversation"] = value
		return out, nil
	}
	return nil, fmt.Errorf("nothing can be filled into %v", e["type"])
}

func chosenOf(e block, values ...string) (all []any, err error) {
	all = []any{}
	for _, value := range values {
		i := slices.IndexFunc(choices(e), func(c choice) bool { return c.label == value || c.value == value })
		switch {
		case i >= 0:
			all = append(all, choices(e)[i].raw)
		case value != "":
			var offered []string
			for _, c := range choices(e) {
				offered = append(offered, c.label)
			}
			return nil, fmt.Errorf("%q is none of %q", value, offered)
		}
	}
	return all, nil
}

func (f *Fake) userID(name string) (string, error) {
	name = strings.TrimPrefix(name, "@")
	for id, u := range f.users {
		if id == name || u.Name == name {
			return id, nil
		}
	}
	return "", fmt.Errorf("there is nobody named %q", name)
}

// missing are the fields that the client itself finds fault with, by block id.
func (v *View) missing() map[string]string {
	wrong := map[string]string{}
	for _, b := range v.blocks {
		e, ok := b["element"].(block)
		if !ok || b["type"] != "input" {
			continue
		}
		id := str(b["block_id"])
		value, ok := v.typed[id][str(e["action_id"])].(block)
		if !ok {
			value = untouched(e)
		}
		n := filled(value)
		least, _ := e["min_length"].(float64)
		most, limited := e["max_length"].(float64)
		if !limited {
			most = MaxPlainInput
		}
		switch {
		case n == 0 && b["optional"] != true:
			wrong[id] = "Please complete this required field."
		case e["type"] == "plain_text_input" && (n > 0 && n < int(least) || n > int(most)):
			wrong[id] = fmt.Sprintf("Please enter %d to %d characters.", int(least), int(most))
		}
	}
	return wrong
}

// filled says how much a value holds: characters, or one for each thing that is chosen.
func filled(value block) (n int) {
	for k, v := range value {
		switch v := v.(type) {
		case string:
			if k != "type" {
				n += utf8.RuneCountInString(v)
			}
		case []any:
			n += len(v)
		case []string:
			n += len(v)
		case block:
			n++
		}
	}
	return n
}
