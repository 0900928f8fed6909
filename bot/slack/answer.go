package slack

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

// How long things may take. Slack wants an acknowledgement within 3 s, and takes answers for 30 min.
const (
	ackWithin = 2500 * time.Millisecond
)

// What the platform itself answers.
const (
	oneMoment   = "One moment: this form has more to it, and goes on here."
	tooLate     = "Slack gives a form three seconds to open, and this one took longer. Nothing was changed."
	tooLongLine = "There is more in this line than a form can take along. Nothing was changed: type it with all that it needs, in one line."
	starting    = "I am just starting and do not know this workspace yet. Nothing was done: try again in a moment."
	elsewhere   = "This bot works for another workspace: nothing was done. Whoever runs it can let yours in: slack: {workspaces: …} in its configuration."
	tooMuch     = "This was handled, but its answer is longer than Slack takes. Type /release status to see how it stands."
	nobody      = "Slack does not tell me now who you are, so nothing was done: try again in a moment. If it stays so, whoever runs the bot sees why with `readyroom doctor`."
)

// replies carries answers to whoever asked, and keeps what listening must remember.
type replies struct {
	counters
	clocks  listen.Clocks
	flights listen.Work
	excuses listen.Work // of their own: whoever is slowed down takes nobody's place
	paces   listen.Paces
	seen    listen.Seen
	within  time.Duration // to acknowledge; 0: ackWithin
	once    sync.Once
	client  *http.Client // for answers
}

func (r *replies) soon() time.Duration {
	if r.within > 0 {
		return r.within
	}
	return ackWithin
}

// deliver gives a reply to whoever asked: in the open where it is meant for all who follow, else to them alone.
func (s *Slack) deliver(ctx context.Context, a *asked, r chat.Reply) {
	m, ok := lines.Answer(r)
	if a.event && !a.direct {
		m = lines.SaidByName(m)
	}
	if ok && !s.inWindow(ctx, a, m) {
		if open := r.Open || a.openly; !open || !s.answerOpenly(ctx, a, m) {
			s.tell(ctx, a, blocks.Pages(m))
		}
	}
	s.handOver(ctx, a, r.Files)
	if a.home {
		s.publishHome(ctx, a.tenant, a.user, a.request.ID)
	}
}

// answerBehind answers what needs no other acknowledgement than that it came. What takes long is said to take long.
func (s *Slack) answerBehind(ctx context.Context, a *asked, work func(context.Context) chat.Reply) {
	early := *a // the work may change it meanwhile
	done := make(chan chat.Reply, 1)
	go func() { done <- s.whole(ctx, early.request.ID, work) }()
	timer := time.NewTimer(s.replies.soon())
	defer timer.Stop()
	select {
	case r := <-done:
		s.deliver(ctx, a, r)
	case <-timer.C:
		s.tell(ctx, &early, blocks.Pages(chat.Message{Title: listen.Saving}))
		r := <-done
		a.posts = early.posts
		s.deliver(ctx, a, r)
	}
}

// inWindow shows an answer in the window that it was asked from, and reports whether it is there: it may have been
// closed.
func (s *Slack) inWindow(ctx context.Context, a *asked, m chat.Message) bool {
	if a.view == "" {
		return false
	}
	return s.changeView(ctx, a, blocks.Answer(m)) == nil
}

// changeView puts another view in the place of the one that something was asked from.
func (s *Slack) changeView(ctx context.Context, a *asked, v slack.ModalViewRequest) error {
	return patiently(ctx, func(ctx context.Context) error {
		_, err := s.client().UpdateViewContext(ctx, v, "", "", a.view)
		return err
	})
}
