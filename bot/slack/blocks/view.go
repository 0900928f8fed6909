package blocks

import (
	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
)

// Waiting is what a view shows while something is still being saved.
func Waiting(title, text string) slack.ModalViewRequest {
	m := chat.Message{Lines: []string{text}}
	if t := lines.OneLine(title); short(t, product) != t {
		m.Title = title
	}
	v := Answer(m)
	v.Title = plain(short(lines.OneLine(title), product))
	return v
}

// Answer is a view that only shows a message, as the answer to a form.
func Answer(m chat.Message) slack.ModalViewRequest {
	ids := 0
	blocks := newSheet(m).within(view, &ids)
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(product), Close: plain("Close"), Blocks: slack.Blocks{BlockSet: blocks}}
}
