// Package embeds is how the bot writes in Discord: messages as embeds with buttons, forms as modals, within Discord's
// limits whatever they hold, and what comes back of a press and of a form. It is pure: it sends nothing and knows no
// server.
//
// Whatever is drawn is data: somebody's note may hold "@everyone", "**bold**" or "[bank](https://evil.example)". All of it
// goes out escaped, and shows letter by letter; the only marks that Discord reads are ours: bold, quotes, small print, an
// address that shows as itself, and a channel's name. People are named "@ana", which rings nobody's phone; whoever sends a
// page allows no mentions all the same.
//
// What is read first, the title and how it stands, is the message's own text. It is what a phone shows before Discord is
// opened, what an answer or a thread quotes, and all that somebody sees who has embeds turned off. The embed below it holds
// the rest, with its colour by the verdict; the words and the sign say the same to whoever sees no colour. Nothing is said
// twice. Indented lines stand in a quote, whose bar holds a gate's items together and keeps wrapped ones in.
package embeds

import (
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// Page is one Discord message.
type Page struct {
	content    string
	embeds     []*discordgo.MessageEmbed
	components []discordgo.MessageComponent
	title      string // as it was given, for where an embed has to be made of it
	small      string
	color      int
}

// Content is the message's own text. On an edit it is sent even where it is empty: it may have been there.
func (p Page) Content() string { return p.content }

// Embeds are what stands below it; on an edit they are sent even where there are none.
func (p Page) Embeds() []*discordgo.MessageEmbed { return p.embeds }

// Components are the rows of buttons and lists; on an edit they are sent even where there are none.
func (p Page) Components() []discordgo.MessageComponent { return p.components }

// Empty reports whether nothing was drawn: no drawing of a message is empty.
func (p Page) Empty() bool { return p.content == "" && len(p.embeds) == 0 && len(p.components) == 0 }

// One draws a message that stays one: what does not fit is cut by whole lines, counted, and can be seen with Whole.
func One(m chat.Message) Page {
	s := newSheet(m)
	if s.drawn.fits(s.Sheet) && len(onePage(s.Buttons)) == len(s.Buttons) {
		return s.page()
	}
	n := lines.Longest(len(s.Rows), func(n int) bool { return s.drawn.fits(s.cutTo(n)) })
	s.Sheet = s.cutTo(s.WholeLines(n))
	return s.page()
}

// Pages draws a message over as many Discord messages as it takes. The title is on the first, buttons and small print are
// on the last.
func Pages(m chat.Message) []Page {
	s := newSheet(m)
	parts := s.Divide(onePage, func(p lines.Sheet, _ int) bool { return s.drawn.fits(p) })
	out := make([]Page, len(parts))
	for i, p := range parts {
		t := s
		t.Sheet = p
		if i > 0 {
			t.title, t.mark = nil, fmt.Sprintf("(%d/%d)", i+1, len(parts))
		}
		out[i] = t.page()
	}
	return out
}

// Marked is a page that is found again by its mark. Only an embed can bear one, so what is nothing but a title gets one.
// aside is what stands in a thread, where a notification counts less than a line that is read at once.
func Marked(p Page, url string, aside bool) Page {
	switch {
	case len(p.embeds) > 0:
	case aside && p.small == "":
		p.content, p.embeds = "", []*discordgo.MessageEmbed{{Color: p.color, Description: plainly(p.title)}}
	default:
		p = p.asEmbed()
	}
	first := *p.embeds[0]
	first.URL = url
	p.embeds = slices.Clone(p.embeds)
	p.embeds[0] = &first
	return p
}

// color is what a verdict is seen by from afar, beside its sign.
func color(v lines.Verdict) int {
	switch v {
	case lines.Go:
		return 0x2e9e5b
	case lines.NoGo:
		return 0xd64545
	case lines.OnHold:
		return 0xe6a23c
	}
	return 0
}
