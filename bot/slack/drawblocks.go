package slack

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// Slack's limits on what blocks hold.
const (
	maxHeader  = 150  // characters of a header
	maxSection = 3000 // characters of a block of text; we count bytes
	maxURL     = 3000
	maxWhole   = 500 // bytes of the line that shows all
	counting   = 20  // bytes by which a count may grow when a line less is shown
)

// fit reports whether blocks are within a room.
func fit(blocks []slack.Block, r room) bool {
	return len(blocks) <= r.blocks && weigh(blocks) <= r.bytes
}

// weigh is how many bytes blocks take as they are sent.
func weigh(blocks []slack.Block) int {
	b, err := json.Marshal(blocks)
	if err != nil { // Go's own types: it cannot
		return 1 << 30
	}
	return len(b)
}

// plain is text that Slack shows as it is.
func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, escape(s), false, false)
}

// within draws as much of a sheet as there is room for, and says whether anything is left out. Emphasis is given up
// before lines are.
func (s sheet) within(r room, ids *int) (blocks []slack.Block, cut bool) {
	start := *ids
	draw := func(t sheet) []slack.Block { *ids = start; return t.blocks(ids) }
	for _, t := range []sheet{s, s.unemphatic()} {
		if blocks := draw(t); len(t.buttons) == len(firstOf(t.buttons)) && fit(blocks, r) {
			return blocks, false
		}
		s = t
	}
	tight := room{bytes: r.bytes - counting, blocks: r.blocks}
	n := longest(len(s.rows), func(n int) bool { return fit(draw(s.cutTo(n)), tight) })
	return draw(s.cutTo(s.wholeLines(n))), true
}

// cutTo is the sheet with some of its rows and buttons, what is left out counted, and the way to all of it.
func (s sheet) cutTo(n int) sheet {
	t := s
	t.rows = append([]row(nil), s.rows[:n]...)
	if left := s.lines(n); left > 0 {
		t.rows = append(t.rows, row{text: leftOut(left)})
	}
	t.buttons = append([]chat.Button(nil), firstOf(s.buttons)...)
	if left := len(s.buttons) - len(t.buttons); left > 0 {
		t.rows = append(t.rows, row{text: buttonsLeftOut(left)})
	}
	if all := (chat.Button{Label: whole, Line: s.whole}); pressable(all) && size(s.whole) <= maxWhole {
		t.buttons = append(t.buttons, all)
	}
	return t
}

// unemphatic is the sheet with nothing but the title in bold.
func (s sheet) unemphatic() sheet {
	rows := append([]row(nil), s.rows...)
	for i := range rows {
		if !rows[i].title {
			rows[i].bold = 0
		}
	}
	s.rows = rows
	return s
}

// blocks draws a sheet, whole.
func (s sheet) blocks(ids *int) []slack.Block {
	var out []slack.Block
	switch {
	case s.header != "":
		out = append(out, slack.NewHeaderBlock(plain(s.header)))
	case s.mark != "":
		out = append(out, slack.NewContextBlock("", plain(s.mark)))
	}
	var w writer
	for _, r := range s.rows {
		w.write(r)
	}
	out = append(out, w.done()...)
	out = append(out, actions(s.buttons, ids)...)
	if s.small != "" {
		out = append(out, slack.NewContextBlock("", plain(s.small)))
	}
	return out
}

// writer puts rows into blocks of rich text.
type writer struct {
	blocks []slack.Block
	parts  []slack.RichTextElement        // of the block under way
	now    []slack.RichTextSectionElement // of the section or quote under way
	deep   bool                           // it is a quote
	used   int                            // bytes of text in the block under way
}

func (w *writer) write(r row) {
	if w.used > 0 && w.used+len(r.text)+1 > maxSection {
		w.endBlock()
	}
	if r.blank() { // it parts what stands around it, and begins nothing
		if len(w.now) > 0 {
			w.add(span{text: "\n"})
		}
		return
	}
	if len(w.now) > 0 && w.deep != r.deep {
		w.endPart()
	}
	if len(w.now) > 0 && !r.more {
		w.add(span{text: "\n"})
	}
	w.deep = r.deep
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
	if s.link {
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
	text := strings.TrimLeft(r.text, " ")
	gap := len(r.text) - len(text)
	bold := max(0, r.bold-gap)
	var out []span
	if gap > 0 {
		out = append(out, span{text: strings.Repeat("\u00a0", gap)})
	}
	if bold > 0 {
		out = append(out, span{text: text[:bold], bold: true})
	}
	links := linked(text[bold:])
	if len(links) > maxSpans {
		links = []span{{text: text[bold:]}}
	}
	return append(out, links...)
}
