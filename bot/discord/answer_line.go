package discord

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/listen"
)

const closedToMe = "I answer this in private, and could not reach you: your direct messages may be closed to me. Allow those from members of this server, or type /release here: its answers are for you alone."

// answerLine answers a line: where all who follow see it, if that is meant, else in direct messages. What takes long is
// said to take long.
func (d *Discord) answerLine(ctx context.Context, a *errand, done <-chan chat.Reply) {
	timer := time.NewTimer(either(d.replies.waits.saving, savingAfter))
	defer timer.Stop()
	select {
	case r := <-done:
		d.deliver(ctx, a, r)
	case <-timer.C:
		if d.isOutsiders(ctx, a) {
			d.deliver(ctx, a, <-done)
			return
		}
		d.write(ctx, a, chat.Message{Title: strings.Replace(listen.Saving, "here", "in a moment", 1)}, "saving/")
		d.deliver(ctx, a, <-done)
	}
}

// deliver gives the answer to a line. In the open it comes once, also if the line comes again.
func (d *Discord) deliver(ctx context.Context, a *errand, r chat.Reply) {
	if d.isOutsiders(ctx, a) {
		d.deliverOutside(ctx, a, r)
		return
	}
	r, o := d.asWords(a, r)
	if m, ok := lines.Answer(r); ok {
		m = lines.SaidByName(o.beside(m))
		if !r.Open || a.direct || !d.answerOpenly(ctx, a, m) {
			d.inPrivate(ctx, a, m)
		}
	}
	for _, f := range r.Files {
		if no := d.sendFile(ctx, a, f); no != nil {
			d.Log.ErrorContext(ctx, "file not handed over", "reference", a.request.ID, "error", no)
			d.inPrivate(ctx, a, chat.Message{Title: notHanded(f, a)})
		}
	}
}

// answerOpenly gives an answer where all who follow see it, and reports whether it is there.
func (d *Discord) answerOpenly(ctx context.Context, a *errand, m chat.Message) bool {
	return listen.Once(ctx, d.outlet(), a.post("answer/", m), true)
}

// post is an answer in the channel that something was said in; in a thread it answers what was said.
func (a *errand) post(key string, m chat.Message) chat.Post {
	p := chat.Post{Key: key + a.request.ID, Place: a.request.At, Message: m, Again: a.young, Since: a.since()}
	if a.thread != "" {
		p.Thread = messageID(a.thread, a.said)
	}
	return p
}

// inPrivate gives an answer in direct messages. Who takes none is told so where they asked, and nothing else is.
func (d *Discord) inPrivate(ctx context.Context, a *errand, m chat.Message) {
	if d.write(ctx, a, m, "answer/") || a.direct || a.request.At == "" {
		return
	}
	if !listen.Once(ctx, d.outlet(), a.post("closed/", chat.Message{Title: closedToMe}), true) {
		d.Log.ErrorContext(ctx, "nor that it could not be delivered", "reference", a.request.ID)
	}
}

// sendFile sends a file in direct messages: in a channel everybody would get it.
func (d *Discord) sendFile(ctx context.Context, a *errand, f chat.File) error {
	var dm channel
	no := d.patiently(ctx, callFor, true, request{method: http.MethodPost, path: "/users/@me/channels", body: map[string]string{"recipient_id": a.user}}, &dm)
	if no == nil && !validID(dm.ID) {
		return errors.New("Discord did not say which channel the direct messages are in")
	}
	if no == nil {
		no = d.patiently(ctx, uploadFor, true, request{method: http.MethodPost, path: "/channels/" + dm.ID + "/messages", body: saidAlone(f.Name).open(), files: []chat.File{f}}, nil)
	}
	if no == nil { // a nil fault must not become an error
		return nil
	}
	return no
}
