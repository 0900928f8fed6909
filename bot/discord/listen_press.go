package discord

import (
	"context"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/embeds"
)

// takePress takes a button that was pressed, or a choice from a list. The message that bore it is changed by its own
// delivery, not by the press; only a question that its asker alone sees makes way for what came of it.
func (d *Discord) takePress(ctx context.Context, i interaction) []byte {
	u := read[used](i.Data)
	if ref, part, ok := readRef(openID, u.ID); ok {
		return d.takeOpen(ctx, i, ref, part)
	}
	if ref, _, ok := readRef(sendID, u.ID); ok {
		return d.takeSend(ctx, i, ref)
	}
	line, ok := embeds.Pressed(u.ID, u.Values)
	if !ok || len(line) > chat.MaxLine {
		return d.unknown()
	}
	if no := d.admit(i); no != "" {
		return whispered(no)
	}
	a := of(i)
	a.request.Text, a.request.Press, a.question = line, true, d.asksBack(i, line)
	return d.firstAnswer(ctx, a, d.begin(ctx, a, d.handle))
}

// asksBack reports whether a line answers a question that the bot asked whoever answers it, and nobody else sees: one
// that can also be answered with "no", or, with no line, what to do with a form. It has done its work then.
func (d *Discord) asksBack(i interaction, line string) bool {
	m, me := read[bearer](i.Message), d.me.Load()
	if m.Flags&unseen == 0 || me == nil || m.Author.ID != me.user {
		return false
	}
	yes := strings.TrimSuffix(line, " no")
	said, form := map[string]bool{}, false
	each(m.Components, func(c component) {
		said[c.ID] = true
		form = form || strings.HasPrefix(c.ID, openID)
	})
	return form && (i.Type == submitted || line == "") || said[yes] && said[yes+" no"]
}
