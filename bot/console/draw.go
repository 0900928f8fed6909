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
	indent      = "  "
	howToAnswer = "answer with: !fill key=value …"
)

// draw makes the rows of a message: title, lines, buttons, small print. What stands in brackets can be pressed.
func draw(prefix string, m chat.Message) []row {
	head := strings.Split(workflows.DisplayText(m.Title), "\n")
	out := []row{rowOf(span{text: prefix}, span{head[0], title})}
	if m.Title == "" && prefix == "" {
		out = nil
	}
	for _, l := range slices.Concat(head[1:], m.Lines) {
		for text := range strings.SplitSeq(workflows.DisplayText(l), "\n") {
			out = append(out, rowOf(span{text: indent + text}))
		}
	}
	out = drawButtons(out, m)
	if m.Small != "" {
		out = append(out, row{{text: indent}, {oneLine(m.Small), small}})
	}
	return out
}

func drawButtons(out []row, m chat.Message) []row {
	if len(m.Buttons) == 0 {
		return out
	}
	var buttons row
	for i, b := range m.Buttons {
		if i > 0 {
			buttons = append(buttons, span{text: " "})
		}
		buttons = append(buttons, span{"[" + oneLine(b.Label) + "]", button})
	}
	if len(out) == 1 && m.Title != "" {
		return []row{slices.Concat(out[0], plain(" "), buttons)}
	}
	return append(out, slices.Concat(plain(indent), buttons))
}

// drawReply makes the rows of an answer, with open saying whether a form waits for the person.
func drawReply(r chat.Reply, open bool) []row {
	var out []row
	if r.Message != nil {
		out = draw("", *r.Message)
	}
	for _, field := range slices.Sorted(maps.Keys(r.Wrong)) {
		out = append(out, plain(indent+oneLine(field)+": "+oneLine(r.Wrong[field])))
	}
	for i, c := range r.Choices {
		out = append(out, plain(fmt.Sprintf("%s%d. %s → %s", indent, i+1, oneLine(c.Label), oneLine(c.Line))))
	}
	if r.Form != nil {
		out = append(out, drawForm(*r.Form)...)
	}
	if r.Form != nil || open && len(r.Wrong) > 0 {
		out = append(out, row{{text: indent}, {howToAnswer, small}})
	}
	return out
}

// drawForm makes a row of each field: key, label, what is to know, and the value as !fill would take it.
func drawForm(f chat.Form) []row {
	out := []row{{{oneLine(f.Title), title}}}
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
		out = append(out, plain(oneLine(line)))
	}
	return out
}

// drawPlace makes the rows of what a place shows, threads indented under their messages.
func drawPlace(shown []message) []row {
	var out []row
	for _, s := range shown {
		for _, l := range draw("", s.Message) {
			if s.Thread != "" {
				l = slices.Concat(plain(indent+indent), l)
			}
			out = append(out, l)
		}
	}
	return out
}

// drawPost makes the rows of a post, saying where it stands unless it is the answer that was expected there. Answers
// in threads and edits change what !show shows and draw nothing.
func drawPost(s message, answer bool) []row {
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
