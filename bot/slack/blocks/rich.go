package blocks

import (
	"strings"

	"github.com/slack-go/slack"
)

// writer puts rows into blocks of rich text.
type writer struct {
	blocks []slack.Block
	parts  []slack.RichTextElement        // of the block under way
	now    []slack.RichTextSectionElement // of the section or quote under way
	deep   bool                           // it is a quote
	used   int                            // bytes of text in the block under way
}

func (w *writer) write(r row) {
	if w.used > 0 && w.used+len(r.Text)+1 > maxSection {
		w.endBlock()
	}
	if r.Blank() { // it parts what stands around it, and begins nothing
		if len(w.now) > 0 {
			w.add(span{text: "\n"})
		}
		return
	}
	if len(w.now) > 0 && w.deep != r.Deep {
		w.endPart()
	}
	if len(w.now) > 0 && !r.More {
		w.add(span{text: "\n"})
	}
	w.deep = r.Deep
	for _, s := range r.spans() {
		w.add(s)
	}
}

// add adds a span to the part under way, and to its last element if that looks the same.
func (w *writer) add(s span) {
	w.used += len(s.text)
	var style *slack.RichTextSectionTextStyle
	if s.bold {
		style = &slack.RichTextSectionTextStyle{Bold: true}
	}
	switch {
	case s.channel != "":
		w.now = append(w.now, slack.NewRichTextSectionChannelElement(s.channel, style))
		return
	case s.link:
		w.now = append(w.now, slack.NewRichTextSectionLinkElement(s.text, "", style))
		return
	}
	if n := len(w.now); n > 0 {
		last, ok := w.now[n-1].(*slack.RichTextSectionTextElement)
		if ok && (last.Style != nil) == s.bold {
			last.Text += s.text
			return
		}
	}
	w.now = append(w.now, slack.NewRichTextSectionTextElement(s.text, style))
}

func (w *writer) endPart() {
	switch {
	case len(w.now) == 0:
	case w.deep:
		w.parts = append(w.parts, &slack.RichTextQuote{Type: slack.RTEQuote, Elements: w.now})
	default:
		w.parts = append(w.parts, slack.NewRichTextSection(w.now...))
	}
	w.now = nil
}

func (w *writer) endBlock() {
	w.endPart()
	if len(w.parts) > 0 {
		w.blocks = append(w.blocks, slack.NewRichTextBlock("", w.parts...))
	}
	w.parts, w.used = nil, 0
}

func (w *writer) done() []slack.Block {
	w.endBlock()
	return w.blocks
}

// maxSpans is how many parts a row is drawn in; what has more is drawn as plain text.
const maxSpans = 20

// spans are the parts of a row. Blanks at its beginning do not break, so that they are kept.
func (r row) spans() []span {
	text := strings.TrimLeft(r.Text, " ")
	gap := len(r.Text) - len(text)
	bold := max(0, r.Bold-gap)
	var out []span
	if gap > 0 {
		out = append(out, span{text: strings.Repeat("\u00a0", gap)})
	}
	for _, s := range few(channels(text[:bold])) {
		s.bold = true
		out = append(out, s)
	}
	var rest []span
	for _, s := range linked(text[bold:]) {
		if s.link {
			rest = append(rest, s)
			continue
		}
		rest = append(rest, channels(s.text)...)
	}
	return append(out, few(rest)...)
}

// few gives up links and names where there are too many of them.
func few(all []span) []span {
	if len(all) <= maxSpans {
		return all
	}
	var b strings.Builder
	for _, s := range all {
		b.WriteString(s.text)
	}
	return []span{{text: b.String()}}
}
