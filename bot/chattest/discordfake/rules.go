package discordfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// rules are what must hold of an object beside its fields one by one.
var rules = map[string]func(*inspection, string, map[string]any){
	"message": (*inspection).embedsTogether,
	"edit":    (*inspection).embedsTogether,
	"answer":  (*inspection).embedsTogether,
	"embed":   (*inspection).embed,

	"allowed_mentions": (*inspection).mentions,

	"action row":          (*inspection).row,
	"button":              (*inspection).button,
	"string select":       (*inspection).choices,
	"modal string select": (*inspection).modalChoices,
	"user select":         (*inspection).identified,
	"role select":         (*inspection).identified,
	"modal user select":   (*inspection).picker,
	"text input":          (*inspection).input,
}

func stringOf(o map[string]any, name string) string { s, _ := o[name].(string); return s }

func objectsOf(o map[string]any, name string) []map[string]any {
	all, _ := o[name].([]any)
	var out []map[string]any
	for _, v := range all {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func objectOf(o map[string]any, name string) map[string]any {
	m, _ := o[name].(map[string]any)
	return m
}

func intOf(o map[string]any, name string, otherwise int) int {
	n, ok := o[name].(json.Number)
	i, err := strconv.Atoi(n.String())
	if !ok || err != nil {
		return otherwise
	}
	return i
}

// embedsTogether counts the characters of all embeds of a message.
func (in *inspection) embedsTogether(at string, o map[string]any) {
	sum := 0
	for _, e := range objectsOf(o, "embeds") {
		sum += characters(stringOf(e, "title")) + characters(stringOf(e, "description")) +
			characters(stringOf(objectOf(e, "footer"), "text")) + characters(stringOf(objectOf(e, "author"), "name"))
		for _, f := range objectsOf(e, "fields") {
			sum += characters(stringOf(f, "name")) + characters(stringOf(f, "value"))
		}
	}
	if sum > MaxEmbeds {
		in.at(below(at, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", fmt.Sprintf("Embed size exceeds maximum size of %d", MaxEmbeds))
	}
}

// embed refuses one that shows nothing.
func (in *inspection) embed(at string, e map[string]any) {
	for _, name := range []string{"title", "description", "fields", "footer", "author", "image", "thumbnail"} {
		switch v := e[name].(type) {
		case string:
			if characters(v) > 0 {
				return
			}
		case []any:
			if len(v) > 0 {
				return
			}
		case map[string]any:
			return
		}
	}
	in.at(below(at, "description"), "BASE_TYPE_REQUIRED", "This field is required")
}

// mentions refuses what is both parsed and listed.
func (in *inspection) mentions(at string, o map[string]any) {
	parse, _ := o["parse"].([]any)
	for i, v := range parse {
		word, _ := v.(string)
		if !slices.Contains([]string{"users", "roles", "everyone"}, word) {
			in.at(below(at, "parse."+strconv.Itoa(i)), "BASE_TYPE_CHOICES", "Value must be one of ('everyone', 'roles', 'users').")
		}
		if listed, _ := o[word].([]any); len(listed) > 0 {
			in.at(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
				fmt.Sprintf("parse:[%q] and %s: [ids...] are mutually exclusive.", word, word))
		}
	}
}
