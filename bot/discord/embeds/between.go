package embeds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
)

// Way is a button that stands for no line: what it does, whoever listens knows by its id, which begins with "rr:" and with
// neither "rr:sel:" nor a number.
type Way struct {
	Label, ID string
	Next      bool // it is the next step
}

// With is a page with up to five ways more, in a row of their own; a page of four rows or less has room for it.
func With(p Page, ways ...Way) Page {
	row := discordgo.ActionsRow{}
	for _, w := range ways[:min(len(ways), rowOf)] {
		b := discordgo.Button{Label: short(w.Label, maxLabel), CustomID: w.ID, Style: discordgo.SecondaryButton}
		if w.Next {
			b.Style = discordgo.PrimaryButton
		}
		row.Components = append(row.Components, b)
	}
	if len(row.Components) > 0 {
		p.components = append(slices.Clone(p.components), row)
	}
	return p
}

// Between is what is shown when one modal of a form was sent, the sent-th, and another one is to come: Discord lets no modal
// follow on another. goOn and send are the ids of its buttons; the second is there where the form can be sent as it is.
func Between(all []ModalData, sent int, goOn, send string) Page {
	m := chat.Message{Title: fmt.Sprintf("%s · part %d of %d is kept · nothing is sent yet", all[0].Title, sent, len(all))}
	var labels []string
	for _, later := range all[sent:] {
		for _, c := range later.Components {
			if l, ok := c.(Label); ok {
				labels = append(labels, l.Label)
			}
		}
	}
	m.Lines = []string{"still to come: " + strings.Join(labels, ", ")}
	ways := []Way{{Label: "Go on", ID: goOn, Next: true}}
	if all[sent-1].Enough {
		ways = append(ways, Way{Label: "Send as it is", ID: send})
	}
	return With(One(m), ways...)
}
