package blocks

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
)

// Waiting is what a view shows while something is still being saved.
func Waiting(title, text string) slack.ModalViewRequest {
	m := chat.Message{Lines: []string{text}}
	if t := oneLine(title); short(t, product) != t {
		m.Title = title
	}
	v := Answer(m)
	v.Title = plain(short(oneLine(title), product))
	return v
}

// Answer is a view that only shows a message, as the answer to a form.
func Answer(m chat.Message) slack.ModalViewRequest {
	ids := 0
	blocks := newSheet(m).within(view, &ids)
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(product), Close: plain("Close"), Blocks: slack.Blocks{BlockSet: blocks}}
}

// Draw is what is sent of a message that stays one, for people who look and for goldens: the blocks as indented JSON,
// and the text beside them.
func Draw(m chat.Message) (blocks json.RawMessage, text string) {
	p := One(m)
	return indented(p.blocks), p.text
}

// DrawForm is the view that is opened for a form, as indented JSON.
func DrawForm(f chat.Form) json.RawMessage { return indented(Modal(f, "")) }

// DrawHome is the view that is published for a home page, as indented JSON.
func DrawHome(sections []chat.Message) json.RawMessage { return indented(Home(sections)) }

func indented(v any) json.RawMessage {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil { // Go's own types: it cannot
		return nil
	}
	return json.RawMessage(b.String())
}
