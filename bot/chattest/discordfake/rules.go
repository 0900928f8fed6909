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

// row is five buttons wide, and a select fills it.
func (in *inspection) row(at string, o map[string]any) {
	width := 0
	for i, c := range objectsOf(o, "components") {
		if intOf(c, "type", 0) == types["button"] {
			width++
		} else {
			width += 5
		}
		if width > 5 {
			in.at(below(at, "components."+strconv.Itoa(i)), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		}
	}
}

func (in *inspection) button(at string, o map[string]any) {
	const link = 5
	id, address := o["custom_id"] != nil, o["url"] != nil
	switch style := intOf(o, "style", 0); {
	case id && address:
		in.at(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
	case style == link && !address:
		in.at(below(at, "url"), "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
	case style != link && !id:
		in.at(below(at, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
	case style != link && address || style == link && id:
		in.at(at, "BUTTON_COMPONENT_INVALID_STYLE", "The style does not go with a custom id, or a url")
	}
	if characters(stringOf(o, "label")) == 0 && objectOf(o, "emoji") == nil {
		in.at(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required")
	}
	if id {
		in.identified(at, o)
	}
}

// identified refuses a custom id that is there twice.
func (in *inspection) identified(at string, o map[string]any) {
	id := stringOf(o, "custom_id")
	if id != "" && in.seen[id] {
		in.at(below(at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	in.seen[id] = true
	least, most := intOf(o, "min_values", 1), intOf(o, "max_values", 1)
	if o["max_values"] != nil && least > most {
		in.at(below(at, "min_values"), "COMPONENT_SELECT_MIN_MAX", fmt.Sprintf("min_values must be equal to or less than %d", most))
	}
}

// picker is a select of a modal.
func (in *inspection) picker(at string, o map[string]any) {
	in.identified(at, o)
	in.required(at, o)
}

// required refuses a select that must be answered and may be left empty.
func (in *inspection) required(at string, o map[string]any) {
	if required, said := o["required"].(bool); (required || !said) && intOf(o, "min_values", 1) < 1 {
		in.at(below(at, "min_values"), "COMPONENT_SELECT_REQUIRED", "min_values must be at least 1 where an answer is required")
	}
}

// choices refuses options that are there twice, and more defaults than may be chosen.
func (in *inspection) choices(at string, o map[string]any) {
	in.identified(at, o)
	values, defaults := map[string]bool{}, 0
	all := objectsOf(o, "options")
	for i, c := range all {
		v := stringOf(c, "value")
		if values[v] {
			in.at(below(at, "options."+strconv.Itoa(i)), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values[v] = true
		if chosen, _ := c["default"].(bool); chosen {
			defaults++
		}
	}
	if most := intOf(o, "max_values", 1); defaults > most {
		in.at(below(at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", fmt.Sprintf("At most %d may be chosen", most))
	}
	if most := intOf(o, "max_values", 1); most > len(all) && len(all) > 0 {
		in.at(below(at, "max_values"), "SELECT_COMPONENT_MAX_VALUES", fmt.Sprintf("max_values must be at most %d, as many as there are options", len(all)))
	}
}

func (in *inspection) modalChoices(at string, o map[string]any) {
	in.choices(at, o)
	in.required(at, o)
}

func (in *inspection) input(at string, o map[string]any) {
	in.identified(at, o)
	least, most := intOf(o, "min_length", 0), intOf(o, "max_length", 4000)
	if least > most {
		in.at(below(at, "min_length"), "NUMBER_TYPE_MAX", fmt.Sprintf("int value should be less than or equal to %d.", most))
	}
	if n := characters(stringOf(o, "value")); n > most {
		in.at(below(at, "value"), "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", most))
	}
}
