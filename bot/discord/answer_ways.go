package discord

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

const (
	maxRows   = 5                // of buttons, in a message
	maxFollow = 5                // messages after the first one; what is longer comes as a file
	mostTries = 5                // of a call that Discord did not take
	mostWait  = 30 * time.Second // before the next of them
	callFor   = 15 * time.Second // one call
	uploadFor = time.Minute      // one that carries a file
)

// finish gives the answer that was said to follow. It is lost on no way: what the interaction takes no more comes in
// direct messages.
func (d *Discord) finish(ctx context.Context, a *errand, r chat.Reply) {
	r, o := d.asWords(a, r)
	w := drawn(r, o, d.spell)
	if !w.open || !d.openly(ctx, a, w) {
		w.open = false
		if f := d.change(ctx, a, w.page(0)); f != nil {
			d.Log.WarnContext(ctx, "answer not taken, so it goes into direct messages", "reference", a.request.ID, "error", a.told(f))
			d.write(ctx, a, w.message, "answer/")
		} else {
			d.follow(ctx, a, w)
		}
	}
	d.handOver(ctx, a, r.Files)
}

// openly gives an answer that was said to follow for all to see, and reports whether the first page is there.
func (d *Discord) openly(ctx context.Context, a *errand, w drawing) bool {
	if d.change(ctx, a, saidAlone(inTheOpen)) != nil || d.add(ctx, a, w.page(0), true, nil) != nil {
		return false
	}
	d.follow(ctx, a, w)
	return true
}

// follow posts the pages behind the first one, in their order; the whole message in direct messages where one of them is
// not taken.
func (d *Discord) follow(ctx context.Context, a *errand, w drawing) {
	for i := 1; i < len(w.pages); i++ {
		var files []chat.File
		if i == len(w.pages)-1 && w.rest != nil {
			files = []chat.File{*w.rest}
		}
		if f := d.add(ctx, a, w.page(i), w.open, files); f != nil {
			d.Log.WarnContext(ctx, "page not taken, so all of them go into direct messages", "reference", a.request.ID, "error", a.told(f))
			d.write(ctx, a, w.message, "answer/")
			return
		}
	}
}

// handOver shows files to whoever asked alone, and says so where Discord does not take one.
func (d *Discord) handOver(ctx context.Context, a *errand, files []chat.File) {
	for _, f := range files {
		no := d.add(ctx, a, saidAlone(f.Name), false, []chat.File{f})
		if no == nil {
			continue
		}
		d.Log.ErrorContext(ctx, "file not handed over", "reference", a.request.ID, "error", a.told(no))
		if sorry := notHanded(f, a); d.add(ctx, a, saidAlone(sorry), false, nil) != nil {
			d.write(ctx, a, chat.Message{Title: sorry}, "file/")
		}
	}
}

// notHanded says that a file is not there.
func notHanded(f chat.File, a *errand) string {
	return f.Name + " could not be handed over: Discord did not take it. Ask for it again; if it stays so, whoever runs the bot sees why with `readyroom doctor`. Reference: " + a.request.ID
}

// change puts a message in the place of the first answer. To do so twice is to do so once.
func (d *Discord) change(ctx context.Context, a *errand, s reply) *chat.Fault {
	// Who sees it stays as it was.
	r := request{method: http.MethodPatch, path: d.hook(a) + "/messages/@original", body: s.open(), asked: true}
	return d.patiently(ctx, callFor, true, r, nil)
}

// add adds a message to an answer. What may have arrived is posted once more for whoever asked alone, since an answer twice
// is better than none; not in the open.
func (d *Discord) add(ctx context.Context, a *errand, s reply, open bool, files []chat.File) *chat.Fault {
	limit := callFor
	if len(files) > 0 {
		limit = uploadFor
	}
	return d.patiently(ctx, limit, !open, request{method: http.MethodPost, path: d.hook(a), body: s, files: files, asked: true}, nil)
}

// hook is where an interaction takes more answers. Whoever has it can answer: it is in no log.
func (d *Discord) hook(a *errand) string {
	app := ""
	if me := d.me.Load(); me != nil {
		app = me.app
	}
	return "/webhooks/" + app + "/" + a.token
}

// patiently makes a call, and again where Discord wants it later; with unsure also where it may have arrived.
func (d *Discord) patiently(ctx context.Context, limit time.Duration, unsure bool, r request, out any) *chat.Fault {
	for n := 1; ; n++ {
		f := d.timed(ctx, limit, r, out)
		again := f != nil && (f.Verdict == chat.Retry || unsure && f.Verdict == chat.Unclear || early(f))
		if !again || n == mostTries || ctx.Err() != nil {
			return f
		}
		listen.Rest(ctx, min(max(f.After, listen.Backoff(time.Second, mostWait, n)), mostWait))
	}
}

func (d *Discord) timed(ctx context.Context, limit time.Duration, r request, out any) *chat.Fault {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return d.call(ctx, r, out)
}

// Codes of Discord's that say that the first answer is not there: it may still be on its way.
const (
	unknownMessage = 10008
	unknownWebhook = 10015
)

// early reports whether an answer may have come before what it follows.
func early(f *chat.Fault) bool {
	no := refusedBy(f)
	return no != nil && no.Status == http.StatusNotFound && (no.Code == unknownMessage || no.Code == unknownWebhook)
}

// write sends a message to whoever asked, in direct messages: once, however often it is tried.
func (d *Discord) write(ctx context.Context, a *errand, m chat.Message, key string) bool {
	p := chat.Post{Key: key + a.request.ID, Place: workflows.Direct(handle(a.user)), Message: m, Again: a.young, Since: a.since()}
	if listen.Once(ctx, d.outlet(), p, !a.young) {
		return true
	}
	d.Log.ErrorContext(ctx, "answer not delivered", "reference", a.request.ID)
	return false
}

// since is when something was asked, as its id says: nothing that answers it was sent before.
func (a *errand) since() time.Time {
	n, err := strconv.ParseInt(strings.TrimPrefix(a.request.ID, Platform+"/"), 10, 64)
	if err != nil {
		return time.Time{} // nobody knows
	}
	return time.UnixMilli(n>>22 + epoch)
}

// told is an error without what nobody may read: its words may hold the address that answers go to.
func (a *errand) told(err error) string {
	if a.token == "" {
		return err.Error()
	}
	return strings.ReplaceAll(err.Error(), a.token, "(token)")
}

// refusedBy is Discord's no in a fault; nil: it said none.
func refusedBy(f *chat.Fault) *apiError {
	no, _ := errors.AsType[*apiError](f.Err)
	return no
}
