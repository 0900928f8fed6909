package blocks

import (
	"encoding/json"
	"slices"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
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

// within draws as much of a sheet as there is room for. Emphasis is given up before lines are.
func (s sheet) within(r room, ids *int) []slack.Block {
	start := *ids
	draw := func(t sheet) []slack.Block { *ids = start; return t.blocks(ids) }
	for _, t := range []sheet{s, s.unemphatic()} {
		if s.letters() > r.bytes || len(firstOf(s.Buttons)) < len(s.Buttons) {
			break
		}
		t.Buttons = append(slices.Clone(t.Buttons), t.wayToAll(t.offer)...)
		if blocks := draw(t); fit(blocks, r) {
			return blocks
		}
	}
	s, r.bytes = s.unemphatic(), r.bytes-counting
	n := lines.Longest(len(s.Rows), func(n int) bool { return fit(draw(s.cutTo(n)), r) })
	return draw(s.cutTo(s.WholeLines(n)))
}

// cutTo is the sheet with some of its rows and buttons, what is left out counted, and the way to all of it.
func (s sheet) cutTo(n int) sheet {
	t := s
	t.Sheet = s.CutTo(n, firstOf)
	t.Buttons = append(t.Buttons, s.wayToAll(true)...)
	return t
}

// wayToAll is the button that shows all of it, if it is to be offered and there is such a line.
func (s sheet) wayToAll(offer bool) []chat.Button {
	all := chat.Button{Label: "All of it", Line: s.Whole}
	if !offer || !Pressable(all) || size(s.Whole) > maxWhole {
		return nil
	}
	return []chat.Button{all}
}

// letters is how many bytes a sheet takes at least.
func (s sheet) letters() int {
	n := 0
	for _, r := range s.Rows {
		n += len(r.Text)
	}
	return n
}

// unemphatic is the sheet with nothing but the title in bold.
func (s sheet) unemphatic() sheet {
	rows := slices.Clone(s.Rows)
	for i := range rows {
		if !rows[i].Title {
			rows[i].Bold = 0
		}
	}
	s.Rows = rows
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
	for _, r := range s.Rows {
		w.write(row{r})
	}
	out = append(out, w.done()...)
	out = append(out, actions(s.Buttons, ids)...)
	if s.Small != "" {
		out = append(out, slack.NewContextBlock("", plain(s.Small)))
	}
	return out
}
