package console

import "strings"

// row is one line as it is drawn: text in spans, each with its part in the message.
type row []span

type span struct {
	text string
	part part
}

// part is what a span is to its message. Only a terminal shows the difference.
type part int

const (
	body part = iota
	title
	button
	small
)

// plain is a row of one span that is nothing in particular.
func plain(text string) row { return row{{text: text}} }

// rowOf joins spans to a row that does not end in blanks.
func rowOf(spans ...span) row {
	for n := len(spans); n > 0; n-- {
		last := &spans[n-1]
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			return spans[:n]
		}
	}
	return row{}
}

// String is the row's text: what a pipe gets.
func (r row) String() string {
	var b strings.Builder
	for _, s := range r {
		b.WriteString(s.text)
	}
	return b.String()
}

// unbroken is the row's text with what stays together in one line joined: as long, byte for byte, but not to be shown.
func (r row) unbroken() string {
	var b strings.Builder
	for _, s := range r {
		if s.part == button {
			s.text = strings.ReplaceAll(s.text, " ", "_")
		}
		b.WriteString(s.text)
	}
	return b.String()
}
