package slack

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

// takeInteraction takes a press, a submitted form, or a shortcut.
func (s *Slack) takeInteraction(ctx context.Context, body []byte) []byte {
	i, err := decodeInteraction(body)
	if err != nil {
		s.replies.ignored.Add(1)
		return nil
	}
	switch i.Type {
	case slack.InteractionTypeBlockActions:
		s.takePresses(ctx, i)
		return nil
	case slack.InteractionTypeViewSubmission:
		return s.takeForm(ctx, i)
	case slack.InteractionTypeMessageAction:
		s.takeShortcut(ctx, i)
		return nil
	case slack.InteractionTypeViewClosed:
		return nil // nothing was asked
	}
	s.replies.ignored.Add(1)
	return nil
}

// takePresses takes what was pressed. Pickers, and buttons that are links, ask for nothing.
func (s *Slack) takePresses(ctx context.Context, i interacted) {
	for n, p := range i.Actions {
		line, ok := blocks.Pressed(p.ID, p.Value)
		if !ok {
			continue
		}
		a := s.pressedAt(i)
		a.request.Text, a.request.Press, a.request.ID = line, true, "slack/press/"+i.Trigger
		if i.Trigger == "" {
			a.request.ID += p.TS + i.User.ID + i.Container.MessageTS
		}
		if n > 0 {
			a.request.ID += "/" + strconv.Itoa(n)
		}
		if s.admitted(ctx, i, a) {
			s.replies.flights.Carry(ctx, func(ctx context.Context) {
				s.answerBehind(ctx, a, func(ctx context.Context) chat.Reply { return s.carryOut(ctx, a) })
			})
		}
	}
}

// admitted admits an interaction, or says why it does not.
func (s *Slack) admitted(ctx context.Context, i interacted, a *asked) bool {
	no := s.admit(i.tenant(), i.User.ID)
	switch no {
	case "":
		return true
	case elsewhere, starting: // the bot's own account has no business there
		a = &asked{url: i.ResponseURL}
	}
	s.excuse(ctx, a, no)
	return false
}

// pressedAt is a request from where something was pressed: a message, a form, or somebody's own page.
func (s *Slack) pressedAt(i interacted) *asked {
	a := &asked{tenant: i.asker(), user: i.User.ID, trigger: i.Trigger, url: i.ResponseURL,
		channel: i.Container.Channel, thread: i.Container.ThreadTS}
	if a.thread == "" && i.Message != nil && optionalTS(i.Message.ThreadTS) {
		a.thread = i.Message.ThreadTS
	}
	if a.thread == i.Container.MessageTS { // the message that a thread hangs on stands in the channel itself
		a.thread = ""
	}
	switch {
	case i.View != nil && i.View.Type == slack.VTHomeTab:
		a.home, a.direct = true, true
	case i.View != nil:
		a.view = i.View.ID
		if from, ok := readOpener(i.View.Private); ok {
			from.restore(a)
		}
	}
	a.direct = a.direct || a.channel == "" || isDirect(a.channel)
	if me := s.me.Load(); me != nil && !a.direct && a.request.At == "" {
		a.request.At = channelPlace(me.team, a.channel)
	}
	return a
}
