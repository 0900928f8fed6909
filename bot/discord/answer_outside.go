package discord

import (
	"context"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/listen"
)

const inPrivateOnly = "I answer that in private: type /release here, and the answers are for you alone."

// hintEvery is how often somebody is told so.
const hintEvery = time.Hour

// isOutsiders reports whether a line was written in a channel by somebody who is not of the team. No direct messages are
// opened for those: they may be many, and Discord shuts out a bot that opens many.
func (d *Discord) isOutsiders(ctx context.Context, a *errand) bool {
	if a.said == "" || a.direct || d.Person == nil {
		return false
	}
	_, ok := d.Person(ctx, handle(a.user))
	return !ok
}

// deliverOutside gives the answer to a line of an outsider's: what is for all there, and nothing else. Who can type the
// commands is told now and then that those answer in private.
func (d *Discord) deliverOutside(ctx context.Context, a *errand, r chat.Reply) {
	m, ok := lines.Answer(r)
	switch {
	case ok && r.Open:
		d.answerOpenly(ctx, a, lines.SaidByName(m))
	case d.Everyone && a.request.At != "" && d.replies.hints.first(a.user, hintEvery, d.Now()):
		listen.Once(ctx, d.outlet(), a.post("private/", chat.Message{Title: inPrivateOnly}), true)
	}
}

// maxTold bounds what is remembered: where there is no room, nothing is said.
const maxTold = 1000

// lately remembers what was said lately. The zero value is ready.
type lately struct {
	mu sync.Mutex
	at map[string]time.Time
}

// first reports whether something was not said within the last time, and takes it as said.
func (l *lately) first(what string, within time.Duration, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for k, at := range l.at {
		if now.Sub(at) >= within {
			delete(l.at, k)
		}
	}
	if _, said := l.at[what]; said || len(l.at) >= maxTold {
		return false
	}
	if l.at == nil {
		l.at = map[string]time.Time{}
	}
	l.at[what] = now
	return true
}
