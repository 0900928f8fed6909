package slack

import (
	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// page is one Slack message: its blocks, and the same as full text for notifications and screen readers.
type page struct {
	blocks []slack.Block
	text   string
}

// onePage draws a message that stays one: what does not fit is cut by whole lines, counted, and can be seen with Whole.
func onePage(m chat.Message) page { return page{} }

// pages draws a message over as many Slack messages as it takes. The title is on the first, buttons and small print are
// on the last.
func pages(m chat.Message) []page { return nil }

// modal draws a form. private comes back with its submission, and is at most 3,000 characters long.
func modal(f chat.Form, private string) slack.ModalViewRequest { return slack.ModalViewRequest{} }

// home draws a person's own page.
func home(sections []chat.Message) slack.HomeTabViewRequest { return slack.HomeTabViewRequest{} }

// values reads a submitted form, by field. A picked user comes as what mention gives for the id: "@ana".
func values(state *slack.ViewState, mention func(user string) string) map[string]string { return nil }
