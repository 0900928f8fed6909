package discord

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/bot/listen"
)

const (
	outdated   = "Your Discord knows this command as it was before. It learns the new one now: type it again. Nothing was done."
	noBriefing = "This is no briefing of mine, so there is nothing to acknowledge. Briefings come from me, with a button “Got it”. Type /brief show to read what is open."
	mostTyping = 64 // at once, of those who are offered ways on
)

// takeCommand takes a command that somebody typed, or chose from the menu of a message.
func (d *Discord) takeCommand(ctx context.Context, i interaction) []byte {
	if no := d.admit(i); no != "" {
		return whispered(no)
	}
	a := of(i)
	work := d.typedCommand(i)
	if read[struct {
		Type int `json:"type"`
	}](i.Data).Type == ofMessage {
		work = d.menuCommand(i)
	}
	return d.firstAnswer(ctx, a, d.begin(ctx, a, work))
}

// typedCommand carries out a command that was typed.
func (d *Discord) typedCommand(i interaction) func(context.Context, *errand) chat.Reply {
	return func(ctx context.Context, a *errand) chat.Reply {
		said, err := tree.Line(d.Commands, i.Data, d.written(ctx))
		if err != nil {
			d.replies.ignored.Add(1)
			d.Log.WarnContext(ctx, "command not understood", "reference", a.request.ID, "error", err)
			return words(outdated)
		}
		a.request.Text, a.request.Values, a.request.Typed = said.Text, said.Values, true
		return d.Handle(ctx, a.request)
	}
}

// menuCommand carries out a command about a message: a form that begins with what the message is about, or the press of
// its button.
func (d *Discord) menuCommand(i interaction) func(context.Context, *errand) chat.Reply {
	return func(ctx context.Context, a *errand) chat.Reply {
		self := ""
		if me := d.me.Load(); me != nil {
			self = me.user
		}
		pick, err := tree.Picked(i.Data, i.Server, self)
		switch {
		case errors.Is(err, tree.ErrNoBriefing):
			return words(noBriefing)
		case err != nil:
			d.replies.ignored.Add(1)
			d.Log.WarnContext(ctx, "command of a message not understood", "reference", a.request.ID, "error", err)
			return words(notKnown)
		}
		a.request.Text, a.request.Press, a.prefill = pick.Text, pick.Press, pick.Prefill
		return d.Handle(ctx, a.request)
	}
}

// takeTyping offers ways on while somebody types. Nobody waits for that: what is not there in time is not offered.
func (d *Discord) takeTyping(ctx context.Context, i interaction) []byte {
	me, r := d.me.Load(), &d.replies
	switch {
	case me == nil || d.Complete == nil:
		return offered(nil)
	case !me.hears(i):
		r.foreign.Add(1)
		return offered(nil)
	case !r.typing.Enter(mostTyping):
		r.busy.Add(1)
		return offered(nil)
	}
	choices, _ := listen.Within(ctx, &r.typing, r.soon(), func(ctx context.Context) []tree.Choice { return d.complete(ctx, i) },
		func(context.Context, []tree.Choice) {})
	return offered(choices)
}

func (d *Discord) complete(ctx context.Context, i interaction) []tree.Choice {
	ctx, cancel := context.WithTimeout(ctx, d.replies.soon())
	defer cancel()
	said, err := tree.Focused(d.Commands, i.Data, d.written(ctx))
	if err != nil {
		d.replies.ignored.Add(1)
		return nil
	}
	var choices []tree.Choice
	d.handled(ctx, of(i), func(ctx context.Context, a *errand) chat.Reply {
		r := a.request
		r.Text, r.Values, r.Typed, r.Focus = said.Text, said.Values, true, said.Focus
		choices = tree.Choices(d.Complete(ctx, r))
		return chat.Reply{}
	})
	return choices
}

// offered answers somebody who types.
func offered(choices []tree.Choice) []byte {
	if choices == nil {
		choices = []tree.Choice{}
	}
	return jsonOf(firstAnswer{offers, map[string]any{"choices": choices}})
}

// written gives a text as people write it, for whatever is typed in a command.
func (d *Discord) written(ctx context.Context) func(string) string {
	return func(text string) string { return d.typedText(ctx, text, nil) }
}
