package slackfake

import (
	"regexp"
	"unicode/utf8"
)

var aDate = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// particular are the rules of one kind alone.
func (in *inspector) particular(at, kind string, o block) {
	switch kind {
	case "section":
		if o["text"] == nil && o["fields"] == nil {
			in.say(at, "missing required field: text or fields")
		}
	case "input":
		in.inputs++
	case "markdown":
		text, ok := o["text"].(string)
		if !ok {
			in.say(at+"/text", "must be a string")
		}
		in.markdown += utf8.RuneCountInString(text)
	case "button":
		if s, ok := o["style"]; ok && s != "primary" && s != "danger" {
			in.say(at+"/style", "must be primary or danger")
		}
	case "datepicker":
		if d, ok := o["initial_date"].(string); ok && !aDate.MatchString(d) {
			in.say(at+"/initial_date", "must be YYYY-MM-DD")
		}
	case "static_select", "multi_static_select", "radio_buttons", "checkboxes":
		in.chosen(at, o)
	case "plain_text_input":
		in.typed(at, o)
	case "modal", "home":
		if o["type"] != kind {
			in.say(at+"/type", "must be %s", kind)
		}
	}
}

// chosen holds what a list starts with to what it offers.
func (in *inspector) chosen(at string, o block) {
	if (o["options"] == nil) == (o["option_groups"] == nil) {
		in.say(at, "must provide options or option_groups")
	}
	offered := map[string]bool{}
	for _, c := range choices(o) {
		if offered[c.value] {
			in.say(at+"/options", "the value %q is there twice", c.value)
		}
		offered[c.value] = true
	}
	starts, _ := o["initial_options"].([]any)
	if one, ok := o["initial_option"]; ok {
		starts = append(starts, one)
	}
	for _, s := range starts {
		if c := choiceOf(s); !offered[c.value] {
			in.say(at+"/initial_option", "%q is no option", c.value)
		}
	}
}

func (in *inspector) typed(at string, o block) {
	most := float64(MaxPlainInput)
	for _, field := range []string{"min_length", "max_length"} {
		n, ok := o[field].(float64)
		if ok && (n < 0 || n > MaxPlainInput) {
			in.say(at+"/"+field, "must be at most %d", MaxPlainInput)
		}
		if ok && field == "max_length" {
			most = n
		}
	}
	if s, ok := o["initial_value"].(string); ok && float64(utf8.RuneCountInString(s)) > most {
		in.say(at+"/initial_value", "is longer than max_length")
	}
}
