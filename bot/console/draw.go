package console

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

const (
	indent   = "  "
	howToAns = indent + "answer with: !fill key=value …"
)

// draw makes the lines of a message: title, lines, buttons, small print. What stands in brackets can be pressed.
func draw(prefix string, m chat.Message) []string {
	title := strings.Split(workflows.DisplayText(m.Title), "\n")
	out := []string{strings.TrimRight(prefix+title[0], " ")}
	if m.Title == "" && prefix == "" {
		out = nil
	}
	for _, l := range slices.Concat(title[1:], m.Lines) {
		for part := range strings.SplitSeq(workflows.DisplayText(l), "\n") {
			out = append(out, strings.TrimRight(indent+part, " "))
		}
	}
	out = drawButtons(out, m)
	if m.Small != "" {
		out = append(out, indent+oneLine(m.Small))
	}
	return out
}

func drawButtons(out []string, m chat.Message) []string {
	if len(m.Buttons) == 0 {
		return out
	}
	var labels []string
	for _, b := range m.Buttons {
		labels = append(labels, "["+oneLine(b.Label)+"]")
	}
	buttons := strings.Join(labels, " ")
	if len(out) == 1 && m.Title != "" {
		return []string{out[0] + " " + buttons}
	}
	return append(out, indent+buttons)
}

// drawReply makes the lines of an answer, with open saying whether a form waits for the person.
func drawReply(r chat.Reply, open bool) []string {
	var out []string
	if r.Message != nil {
		out = draw("", *r.Message)
	}
	for _, field := range slices.Sorted(maps.Keys(r.Wrong)) {
		out = append(out, indent+oneLine(field)+": "+oneLine(r.Wrong[field]))
	}
	for i, c := range r.Choices {
		out = append(out, fmt.Sprintf("%s%d. %s → %s", indent, i+1, oneLine(c.Label), oneLine(c.Line)))
	}
	if r.Form != nil {
		out = append(out, drawForm(*r.Form)...)
	}
	if r.Form != nil || open && len(r.Wrong) > 0 {
		out = append(out, howToAns)
	}
	return out
}

// drawForm makes a line of each field: key, label, what is to know, and the value as !fill would take it.
func drawForm(f chat.Form) []string {
	out := []string{oneLine(f.Title)}
	for _, field := range f.Fields {
		var notes []string
		if field.Required {
			notes = append(notes, "required")
		}
		if len(field.Choices) > 0 {
			notes = append(notes, "one of "+strings.Join(field.Choices, ", "))
		}
		if field.Hint != "" {
			notes = append(notes, field.Hint)
		}
		line := indent + field.Key + " · " + field.Label
		if len(notes) > 0 {
			line += " (" + strings.Join(notes, "; ") + ")"
		}
		if field.Value != "" {
			line += " = " + quote(field.Value)
		}
		out = append(out, oneLine(line))
	}
	return out
}

// drawPlace makes the lines of what a place shows, threads indented under their messages.
func drawPlace(shown []message) []string {
	var out []string
	for _, s := range shown {
		for _, l := range draw("", s.Message) {
			if s.Thread != "" {
				l = indent + indent + l
			}
			out = append(out, l)
		}
	}
	return out
}

// drawPost makes the lines of a post, saying where it stands unless it is the answer that was expected there. Answers
// in threads and edits change what !show shows and draw nothing.
func drawPost(s message, answer bool) []string {
	switch {
	case s.Thread != "" || s.Edit:
		return nil
	case answer:
		return draw("", s.Message)
	case s.Place.IsDirect():
		return draw(oneLine(s.Place.Channel())+" (dm): ", s.Message)
	}
	return draw(oneLine(s.Place.Channel())+": ", s.Message)
}

// oneLine makes text safe to show in one line, whole.
func oneLine(s string) string { return workflows.Display(s, len(s)+1) }
