package slackfake

import (
	"regexp"
	"slices"
	"strings"
)

var plainer = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Lines are what a person reads of a message, one line for each line of it: a header as it is, buttons as "[Sign] [Hold]",
// the rest of a menu as "(More | Drop)", and a field to fill in as "Name: ". Marks as *bold*, <@U0ANA> and <#C0APP> stay.
func (m Message) Lines() []string { return lines(m.Text, m.blocks) }

// Lines are what the person reads of it, as those of a Message.
func (w Whisper) Lines() []string { return lines(w.Text, w.blocks) }

// Lines are what the person reads of it, as those of a Message.
func (v View) Lines() []string { return lines("", v.blocks) }

func lines(text string, blocks []block) (all []string) {
	if len(blocks) == 0 {
		return strings.Split(plainer.Replace(text), "\n")
	}
	for _, b := range blocks {
		for _, part := range blockParts(b) {
			all = append(all, strings.Split(part, "\n")...)
		}
	}
	return all
}

func blockParts(b block) (parts []string) {
	switch b["type"] {
	case "divider":
		return []string{"---"}
	case "markdown":
		return []string{str(b["text"])}
	case "rich_text":
		return richParts(b)
	case "input":
		e, _ := b["element"].(block)
		return []string{textOf(b["label"]) + ": " + startValue(e)}
	}
	if s := reads(b["text"]); s != "" {
		parts = append(parts, s)
	}
	fields, _ := b["fields"].([]any)
	for _, f := range fields {
		parts = append(parts, reads(f))
	}
	var said, row []string
	list, _ := b["elements"].([]any)
	for _, v := range append(slices.Clone(list), b["accessory"]) {
		e, _ := v.(block)
		switch {
		case e == nil:
		case e["type"] == "mrkdwn" || e["type"] == "plain_text":
			said = append(said, reads(e))
		default:
			row = append(row, control(e))
		}
	}
	if len(said) > 0 {
		parts = append(parts, strings.Join(said, "  "))
	}
	if len(row) > 0 {
		parts = append(parts, strings.Join(row, " "))
	}
	return parts
}

// reads is a text as it is shown.
func reads(v any) string {
	o, _ := v.(block)
	if o["type"] == "mrkdwn" {
		return plainer.Replace(str(o["text"]))
	}
	return str(o["text"])
}

// control is something to press or to choose from, in a line of text.
func control(e block) string {
	if e["type"] == "button" {
		return "[" + textOf(e["text"]) + "]"
	}
	var labels []string
	if s := textOf(e["placeholder"]); s != "" {
		labels = append(labels, s)
	}
	for _, c := range choices(e) {
		labels = append(labels, c.label)
	}
	return "(" + strings.Join(labels, " | ") + ")"
}

var ping = regexp.MustCompile(`<(@[UW][A-Z0-9]+|!here|!channel|!everyone|!subteam\^[A-Z0-9]+)(?:[|^][^>]*)?>`)

// Pings are whom a message calls: "@U0ANA", "!channel", "!subteam^S0QA", in the order of its texts and blocks.
func (m Message) Pings() []string { return pings(m.Text, m.blocks) }

// Pings are whom it calls, as those of a Message.
func (w Whisper) Pings() []string { return pings(w.Text, w.blocks) }

func pings(text string, blocks []block) []string {
	all := calls(text)
	for _, b := range blocks {
		all = append(all, called(b)...)
	}
	return all
}

func calls(text string) (all []string) {
	for _, found := range ping.FindAllStringSubmatch(text, -1) {
		all = append(all, found[1])
	}
	return all
}

// called looks through everything that is not plain text.
func called(v any) (all []string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			all = append(all, called(e)...)
		}
	case block:
		switch v["type"] {
		case "plain_text":
			return nil
		case "mrkdwn", "markdown":
			return calls(str(v["text"]))
		case "user", "usergroup", "broadcast": // of rich text
			return []string{str(v["type"]) + " " + str(v["user_id"]) + str(v["usergroup_id"]) + str(v["range"])}
		}
		for _, k := range []string{"text", "fields", "elements", "accessory", "label", "element"} {
			all = append(all, called(v[k])...)
		}
	}
	return all
}
