// Package blocks is how the bot writes in Slack: messages, forms and home pages as Block Kit, within its limits whatever
// they hold, and what comes back of a press and of a form. It is pure: it sends nothing and knows no workspace.
//
// Whatever is drawn is data: somebody's note may hold "<!channel>", "*bold*" or a link under a false name. So nothing is
// ever sent as mrkdwn, which Slack parses, and in which it looks for names and channels even where nothing marks them.
// Lines go out as rich_text, whose text elements are shown letter by letter: no mention, no formatting, no escaping, and
// nothing to escape from. What cannot be rich_text (headers, labels, small print) is plain_text, which parses no mentions
// either, and is escaped. The text beside the blocks is parsed, so it is escaped, and whoever sends it turns mrkdwn and
// the finding of names off. People are named "@ana", which rings nobody's phone. A bare web address becomes a link that
// shows the very address; there are no others.
//
// Indented lines stand in a quote, whose bar holds a gate's items together and keeps wrapped ones in.
package blocks

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// Page is one Slack message: its blocks, and the same as full text for notifications and screen readers.
type Page struct {
	blocks []slack.Block
	text   string
}

// Blocks are what is shown.
func (p Page) Blocks() []slack.Block { return p.blocks }

// Text is what is heard, escaped.
func (p Page) Text() string { return p.text }

// room is how much there is room for.
type room struct {
	bytes  int // of all blocks together, as JSON
	blocks int
}

// message is what one message may hold. Slack says msg_blocks_too_long somewhere above 13,200 characters.
var message = room{bytes: 12_000, blocks: 50}

// maxText is how many bytes the text beside blocks may have: chat.update and chat.postEphemeral refuse more.
const maxText = 4000

// One draws a message that stays one: what does not fit is cut by whole lines, counted, and can be seen with Whole.
func One(m chat.Message) Page {
	s := newSheet(m)
	text, cut := s.shortText()
	s.offer = cut // who only hears it has the way to all of it
	ids := 0
	return Page{blocks: s.within(message, &ids), text: text}
}

// Pages draws a message over as many Slack messages as it takes. The title is on the first, buttons and small print are
// on the last. The text of each is as complete as its blocks.
func Pages(m chat.Message) []Page {
	s := newSheet(m)
	parts := s.Divide(firstOf, func(p lines.Sheet, i int) bool { return s.page(p, i, manyPages).fit() })
	out := make([]Page, len(parts))
	for i, p := range parts {
		out[i] = s.page(p, i, len(parts))
	}
	return out
}

// manyPages is written wide, so that its number fits wherever a smaller one does.
const manyPages = 9999

// page draws one of n pages.
func (s sheet) page(p lines.Sheet, i, n int) Page {
	t := s
	t.Sheet = p
	if i > 0 {
		t.title, t.header = "", ""
		t.mark = fmt.Sprintf("(%d/%d)", i+1, n)
	}
	ids := i * manyButtons
	return Page{blocks: t.blocks(&ids), text: t.text(len(t.Rows), 0)}
}

// fit reports whether a page is within the limits of a message.
func (p Page) fit() bool {
	return len(p.text) <= maxText && fit(p.blocks, message)
}
