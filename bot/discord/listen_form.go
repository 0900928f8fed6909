package discord

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
)

const (
	opensAgain  = "Open the form again"
	opensForm   = "Open the form"
	goesOn      = "Go on with the form"
	asItIs      = "Send it as it is"
	forgotten   = "I do not know any more what was entered in this form: I was started again since, or more than an hour has passed. Nothing was changed."
	typeInstead = "To go on, type: "
	partKept    = "Part %d of %d of the form is kept, for an hour. Nothing is changed until all of it is sent."
)

// takeForm takes a form that was sent. It is closed by then: what is wrong in it is said, and a button opens it again with
// all that was entered.
func (d *Discord) takeForm(ctx context.Context, i interaction) []byte {
	sent := read[embeds.ModalSubmit](i.Data)
	ref, part, ok := readRef(formID, sent.CustomID)
	if !ok {
		return d.unknown()
	}
	if no := d.admit(i); no != "" {
		return whispered(no)
	}
	a := of(i)
	a.form = true
	was, known := d.replies.forms.find(ref.key, a.user, d.Now())
	if !known {
		was = draft{user: a.user, line: ref.line, press: ref.press}
	}
	a.draft = was.with(part, sent)
	a.question = d.asksBack(i, was.line)
	if a.draft.knows() {
		if all := a.draft.modals(formID); part < len(all) {
			defer d.replies.flights.Leave()
			return d.halfway(a, part, all)
		}
	}
	return d.firstAnswer(ctx, a, d.begin(ctx, a, func(ctx context.Context, a *errand) chat.Reply {
		values := a.draft.entered(func(user string) string { return d.mention(ctx, user) })
		if !known && (ref.cut || part > 1) {
			return lost(ref, values)
		}
		return d.submit(ctx, a, values)
	}))
}

// submit has a form carried out.
func (d *Discord) submit(ctx context.Context, a *errand, values map[string]string) chat.Reply {
	a.request.Text, a.request.Press, a.request.Values = a.draft.line, a.draft.press, values
	return d.Handle(ctx, a.request)
}

// halfway answers one of several modals, which together are a form: Discord opens none in answer to another one.
func (d *Discord) halfway(a *errand, part int, all []embeds.ModalData) []byte {
	ref := a.draft.ref(d.replies.forms.keep(a.draft, d.Now()))
	buttons := discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		discordgo.Button{Label: goesOn, CustomID: fmt.Sprintf("%s/%d", ref.id(openID), part+1), Style: discordgo.PrimaryButton},
	}}
	if all[part-1].Enough {
		buttons.Components = append(buttons.Components, discordgo.Button{Label: asItIs, CustomID: ref.id(sendID), Style: discordgo.SecondaryButton})
	}
	s := saidAlone(fmt.Sprintf(partKept, part, len(all)))
	s.Components = append(s.Components, buttons)
	return jsonOf(firstAnswer{a.says(), s})
}

// lost is the answer to a form of which nobody knows any more what it was for, or what else it said. What was entered is
// not lost with it.
func lost(ref formRef, entered map[string]string) chat.Reply {
	m := chat.Message{Title: forgotten, Lines: []string{typeInstead + ref.typed()}}
	for _, key := range slices.Sorted(maps.Keys(entered)) {
		m.Lines = append(m.Lines, key+": "+entered[key])
	}
	return chat.Reply{Message: &m}
}

// typed is a line as people type it.
func (r formRef) typed() string {
	line := "/release " + r.line
	if line, _, _ = strings.Cut(line, " ~"); r.cut {
		line += " …"
	}
	return line
}

// takeOpen opens a form that could not be opened before, or not stay open, with what was entered in it.
func (d *Discord) takeOpen(ctx context.Context, i interaction, ref formRef, part int) []byte {
	if no := d.admit(i); no != "" {
		return whispered(no)
	}
	a := of(i)
	was, known := d.replies.forms.find(ref.key, a.user, d.Now())
	switch {
	case known && was.knows():
		defer d.replies.flights.Leave()
		return d.openForm(was, part)
	case !known && ref.cut:
		defer d.replies.flights.Leave()
		return jsonOf(firstAnswer{saysMessage, drawn(lost(ref, nil), nil, d.spell).page(0)})
	case !known:
		was = draft{user: a.user, line: ref.line, press: ref.press}
	}
	a.draft = was
	a.request.Text, a.request.Press, a.prefill = was.line, true, was.values
	return d.firstAnswer(ctx, a, d.begin(ctx, a, d.handle))
}

// takeSend sends a form of which not all was filled in that could be.
func (d *Discord) takeSend(ctx context.Context, i interaction, ref formRef) []byte {
	if no := d.admit(i); no != "" {
		return whispered(no)
	}
	a := of(i)
	a.question = d.asksBack(i, "")
	return d.firstAnswer(ctx, a, d.begin(ctx, a, func(ctx context.Context, a *errand) chat.Reply {
		was, known := d.replies.forms.find(ref.key, a.user, d.Now())
		if !known {
			return lost(ref, nil)
		}
		a.draft = was
		return d.submit(ctx, a, was.entered(func(user string) string { return d.mention(ctx, user) }))
	}))
}
