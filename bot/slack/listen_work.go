package slack

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
	"github.com/readyroom/readyroom/workflows"
)

// asked is a request on its way, with all that its answer needs.
type asked struct {
	request chat.Request
	tenant  tenant // of whoever asks
	user    string
	typed   bool // the text is a person's, with Slack's marks in it
	event   bool // it came as an event: it may come again
	again   bool // it was sent before: it may have been answered
	young   bool // a former process may have answered it

	direct  bool   // it was asked in private: in direct messages, at home
	private bool   // the channel is a private one
	opened  bool   // a form was opened for it: that is the answer
	channel string // where it was asked; empty: in no channel
	thread  string // the thread it was asked in, if in any
	under   string // the message that an answer in the open goes under
	openly  bool   // whatever the answer is, nobody else can see it there
	url     string // takes answers for half an hour
	posts   int    // how often it did
	trigger string // opens one form, within three seconds
	view    string // the form, or the answer in a window, that it was asked from
	home    bool   // it was asked at somebody's own page

	state   *slack.ViewState  // what a form was filled in with
	fields  []string          // that form's fields, in order
	prefill map[string]string // what a form that opens begins with, by field
}

// carryOut has a request handled, and opens the form if there is one to fill in: that cannot wait. It gives what is left to
// say, and never fails.
func (s *Slack) carryOut(ctx context.Context, a *asked) chat.Reply {
	ctx, cancel := context.WithTimeout(ctx, listen.WorkFor)
	defer cancel()
	return s.whole(ctx, a.request.ID, func(ctx context.Context) chat.Reply { return s.handled(ctx, a) })
}

// whole is what came of work; where it broke, an answer that says so.
func (s *Slack) whole(ctx context.Context, reference string, work func(context.Context) chat.Reply) chat.Reply {
	reply := words(listen.Broke + reference)
	_ = s.guard(ctx, "request "+reference, func() { reply = work(ctx) }) // logged, and said
	return reply
}

// handled is what the handler makes of a request, once it is known who asks.
func (s *Slack) handled(ctx context.Context, a *asked) chat.Reply {
	by, err := s.who(ctx, a.tenant.enterprise, a.tenant.team, a.user)
	if err != nil {
		s.Log.WarnContext(ctx, "asker unknown", "reference", a.request.ID, "error", err)
		return words(nobody)
	}
	r := &a.request
	r.By, r.When = by, s.Now()
	if a.direct {
		r.At = workflows.Direct(by)
	}
	if a.typed {
		r.Text = s.typedText(ctx, r.Text)
	}
	if a.state != nil {
		r.Values = blocks.Values(a.state, func(user string) string { return s.mention(ctx, user) })
		return s.Handle(ctx, *r)
	}
	return s.opened(ctx, a, s.Handle(ctx, *r))
}

// excuse says behind why something was not carried out; or not, where even that would be too much.
func (s *Slack) excuse(ctx context.Context, a *asked, why string) {
	if s.replies.excuses.Enter(listen.Excuses) {
		s.replies.excuses.Carry(ctx, func(ctx context.Context) { s.tell(ctx, a, blocks.Pages(chat.Message{Title: why})) })
	}
}
