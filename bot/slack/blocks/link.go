package blocks

import "github.com/readyroom/readyroom/bot/lines"

// span is a part of a line.
type span struct {
	text    string
	bold    bool
	link    bool
	channel string // the id of the channel that it names
}

// linked finds the web addresses in text. They are shown as they are, never under another name.
func linked(text string) []span {
	var out []span
	for _, p := range lines.Linked(text) {
		out = append(out, span{text: p.Text, link: p.Link})
	}
	return out
}
