package discord

import (
	"fmt"
	"slices"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
	"github.com/readyroom/readyroom/bot/lines"
)

// openForm answers with a form, and remembers it.
func (d *Discord) openForm(was draft, part int) []byte {
	key := d.replies.forms.keep(was, d.Now())
	all := was.modals(was.ref(key).id(formID))
	return jsonOf(firstAnswer{opens, all[min(part, len(all))-1]})
}

// opensForm answers with the form of a reply, as it is filled in already.
func (d *Discord) opensForm(a *errand, f chat.Form) []byte {
	was := draftOf(a.user, prefilled(f, a.prefill))
	was.wrong = a.draft.wrong
	return d.openForm(was, 1)
}

// opener is a button that opens a form.
type opener struct {
	label, id string
	line      string // that opens it anew, where a button cannot bear the id
}

// opens is a button that opens what is remembered.
func (d *Discord) opens(label string, was draft, part int) *opener {
	id := was.ref(d.replies.forms.keep(was, d.Now())).id(openID)
	if part > 1 {
		id = fmt.Sprintf("%s/%d", id, part)
	}
	return &opener{label, id, was.line}
}

// component is the button of an answer to an interaction.
func (o opener) component() discordgo.MessageComponent {
	return discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		discordgo.Button{Label: o.label, CustomID: o.id, Style: discordgo.PrimaryButton}}}
}

// beside is a message with the button, where it is posted like any other.
func (o *opener) beside(m chat.Message) chat.Message {
	if o == nil {
		return m
	}
	b := chat.Button{Label: o.label, Line: o.line}
	if embeds.Pressable(b) {
		m.Buttons = append(slices.Clone(m.Buttons), b)
	} else {
		m.Lines = append(slices.Clone(m.Lines), typeInstead+formRef{line: o.line}.typed())
	}
	return m
}

// asWords is a reply without a form, where none can be opened: with a button that opens it instead.
func (d *Discord) asWords(a *errand, r chat.Reply) (chat.Reply, *opener) {
	switch {
	case len(r.Wrong) > 0 && len(a.draft.sent) > 0:
		return d.notTaken(a, r)
	case r.Form == nil:
		return r, nil
	}
	m := chat.Message{Title: r.Form.Title + ": this needs a form."}
	if said, ok := lines.Answer(r); ok {
		m = said
	}
	return chat.Reply{Message: &m, Files: r.Files}, d.opens(opensForm, draftOf(a.user, prefilled(*r.Form, a.prefill)), 1)
}

// notTaken says what is wrong with a form that was sent, and at which field.
func (d *Discord) notTaken(a *errand, r chat.Reply) (chat.Reply, *opener) {
	was := a.draft.again(r.Form, a.request.Values, r.Wrong)
	m, said := lines.Answer(r)
	if !said {
		m = embeds.Wrong(was.form, r.Wrong)
	}
	return chat.Reply{Message: &m}, d.opens(opensAgain, was, was.partWith(r.Wrong))
}
