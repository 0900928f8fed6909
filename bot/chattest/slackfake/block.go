package slackfake

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// block is one block, element or composition object, as JSON gives it.
type block = map[string]any

// choice is one option of a list.
type choice struct {
	label, value string
	raw          any
}

func choiceOf(v any) choice {
	o, _ := v.(block)
	value, _ := o["value"].(string)
	return choice{label: textOf(o["text"]), value: value, raw: v}
}

// choices are all options of a list, also those in groups.
func choices(o block) (all []choice) {
	list, _ := o["options"].([]any)
	for _, v := range list {
		all = append(all, choiceOf(v))
	}
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		if g, ok := g.(block); ok {
			all = append(all, choices(g)...)
		}
	}
	return all
}

// textOf is what a text object says.
func textOf(v any) string {
	o, _ := v.(block)
	s, _ := o["text"].(string)
	return s
}

// characters counts all texts in blocks.
func characters(v any) (n int) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n += characters(e)
		}
	case block:
		for k, e := range v {
			if s, ok := e.(string); ok && k == "text" {
				n += utf8.RuneCountInString(s)
			} else {
				n += characters(e)
			}
		}
	}
	return n
}

// named gives every block and element without an id one, as Slack does; the lock is held.
func (f *Fake) named(list []any) []block {
	var all []block
	for _, v := range list {
		b, _ := v.(block)
		all = append(all, b)
		if _, ok := b["block_id"]; !ok {
			b["block_id"] = f.newID("blk")
		}
		for _, e := range elements(b) {
			if _, ok := e["action_id"]; !ok {
				e["action_id"] = f.newID("act")
			}
		}
	}
	return all
}

// elements are those of a block that a person can do something with.
func elements(b block) (all []block) {
	list, _ := b["elements"].([]any)
	list = append(slices.Clone(list), b["accessory"], b["element"])
	for _, v := range list {
		if e, ok := v.(block); ok && (slices.Contains(actives, str(e["type"])) || slices.Contains(inputs, str(e["type"]))) {
			all = append(all, e)
		}
	}
	return all
}

func str(v any) string { s, _ := v.(string); return s }

func mustJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
