package slackfake

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// inspector looks through blocks for what Slack refuses.
type inspector struct {
	problems []string
	ids      map[string]bool // block ids so far
	actions  map[string]bool // action ids so far, of this block
	focused  int
	markdown int
	inputs   int
}

// inspect says what Slack would refuse of a message ("message" with its blocks) or a view ("modal", "home").
func inspect(kind string, o block) []string {
	in := &inspector{ids: map[string]bool{}, actions: map[string]bool{}}
	in.visit("", kind, o)
	if in.focused > 1 {
		in.say("", "focus_on_load can be set for one element only")
	}
	if in.markdown > MaxMarkdown {
		in.say("/blocks", "must be less than %d characters of markdown", MaxMarkdown+1)
	}
	if submit, _ := o["submit"].(block); kind == "modal" && in.inputs > 0 && submit == nil {
		in.say("/submit", "missing required field: submit is needed with an input block")
	}
	return in.problems
}

func (in *inspector) say(at, format string, args ...any) {
	in.problems = append(in.problems, fmt.Sprintf("[ERROR] "+format+" [json-pointer:%s]", append(args, at)...))
}

func (in *inspector) visit(at, kind string, o block) {
	s := shapes[kind]
	for _, field := range s.needs {
		if _, ok := o[field]; !ok {
			in.say(at, "missing required field: %s", field)
		}
	}
	for _, l := range Limits {
		if v, ok := o[l.Field]; ok && l.Of == kind {
			in.measure(at+"/"+l.Field, l, v)
		}
	}
	for _, field := range s.plain {
		in.textObject(at+"/"+field, o[field], "plain_text")
	}
	for _, field := range s.text {
		in.textObject(at+"/"+field, o[field], "plain_text", "mrkdwn")
	}
	in.identify(at, o)
	in.particular(at, kind, o)
	for field, kinds := range s.one {
		if v, ok := o[field]; ok {
			in.hold(at+"/"+field, v, kinds)
		}
	}
	for field, kinds := range s.many {
		list, ok := o[field].([]any)
		if _, there := o[field]; there && !ok {
			in.say(at+"/"+field, "must provide an array")
		}
		for i, v := range list {
			in.hold(fmt.Sprintf("%s/%s/%d", at, field, i), v, kinds)
		}
	}
}

// hold looks at an object that must be of one of the kinds.
func (in *inspector) hold(at string, v any, kinds []string) {
	o, ok := v.(block)
	if !ok {
		in.say(at, "must provide an object")
		return
	}
	kind, _ := o["type"].(string)
	switch {
	case kind == "mrkdwn" || kind == "plain_text":
		in.textObject(at, o, "plain_text", "mrkdwn")
		kind = ""
		for _, k := range kinds {
			if k == "section field" || k == "context text" {
				kind = k
			}
		}
	case len(kinds) == 1 && !known(o["type"]):
		kind = kinds[0] // options, groups and confirmations have no type
	}
	if !slices.Contains(kinds, kind) {
		in.say(at, "unsupported type: %v", o["type"])
		return
	}
	in.visit(at, kind, o)
}

func known(kind any) bool { _, ok := kind.(string); return ok }

func (in *inspector) measure(at string, l Limit, v any) {
	n, unit := 0, "characters"
	switch v := v.(type) {
	case string:
		n = utf8.RuneCountInString(v)
	case []any:
		n, unit = len(v), "items"
	case block:
		text, _ := v["text"].(string)
		n = utf8.RuneCountInString(text)
	default:
		in.say(at, "must be a string, a text or an array")
		return
	}
	if n > l.Max {
		in.say(at, "must be less than %d %s", l.Max+1, unit)
	}
	if n < l.Min {
		in.say(at, "must be more than %d %s", l.Min-1, unit)
	}
}

// textObject looks at a text that may be missing.
func (in *inspector) textObject(at string, v any, kinds ...string) {
	if v == nil {
		return
	}
	o, _ := v.(block)
	kind, _ := o["type"].(string)
	if _, ok := o["text"].(string); !ok || !slices.Contains(kinds, kind) {
		in.say(at, "must be a text object of %v", kinds)
	}
	if _, ok := o["emoji"]; ok && kind == "mrkdwn" {
		in.say(at, "invalid additional property: emoji")
	}
	if _, ok := o["verbatim"]; ok && kind == "plain_text" {
		in.say(at, "invalid additional property: verbatim")
	}
}

// identify holds ids to their length, and to being alone.
func (in *inspector) identify(at string, o block) {
	if id, ok := o["block_id"].(string); ok {
		if in.ids[id] {
			in.say(at+"/block_id", "block_id %q already exists", id)
		}
		in.ids[id] = true
		in.short(at+"/block_id", id)
	}
	if _, isBlock := o["elements"]; isBlock || o["element"] != nil || o["accessory"] != nil {
		in.actions = map[string]bool{}
	}
	if id, ok := o["action_id"].(string); ok {
		if in.actions[id] {
			in.say(at+"/action_id", "action_id %q already exists", id)
		}
		in.actions[id] = true
		in.short(at+"/action_id", id)
	}
	if o["focus_on_load"] == true {
		in.focused++
	}
}

func (in *inspector) short(at, id string) {
	if n := utf8.RuneCountInString(id); n > MaxID || n == 0 {
		in.say(at, "must be 1 to %d characters", MaxID)
	}
}
