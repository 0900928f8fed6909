package slack

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/bot/slack/blocks"
	"github.com/readyroom/readyroom/workflows"
)

// maxPrivate is how much a form carries along: private_metadata of a view.
const maxPrivate = 3000

// settle is how long Slack is given to show the acknowledgement of a form, before what it shows is changed again.
const settle = time.Second

// opener is what a form carries along, and gives back when it is submitted.
type opener struct {
	Line    string          `json:"line"`
	Press   bool            `json:"press,omitempty"`
	At      workflows.Place `json:"at,omitempty"`
	Channel string          `json:"channel,omitempty"`
	Thread  string          `json:"thread,omitempty"`
	URL     string          `json:"url,omitempty"`
	Posts   int             `json:"posts,omitempty"`
	Home    bool            `json:"home,omitempty"`
	Direct  bool            `json:"direct,omitempty"`
}

// private is what a form that is opened for a request carries along. The address for answers is left out if there is
// no room for it: there are other ways to answer.
func private(a *asked, f chat.Form) (string, bool) {
	o := opener{Line: f.Value(), Press: f.Basis != "", At: a.request.At, Channel: a.channel, Thread: a.thread, URL: a.url,
		Posts: a.posts, Home: a.home, Direct: a.direct}
	data := jsonOf(o)
	if len(data) > maxPrivate {
		o.URL = ""
		data = jsonOf(o)
	}
	return string(data), len(data) <= maxPrivate
}

// readOpener reads what a form carried. Slack keeps it, people cannot change it; nobody's say hangs on it all the same: that
// is of whoever submits the form.
func readOpener(private string) (o opener, ok bool) {
	if json.Unmarshal([]byte(private), &o) != nil {
		return opener{}, false
	}
	_, _, place := target(o.At)
	return o, o.Line != "" && (place || o.At == "" && o.Direct) && optionalID(o.Channel) && optionalTS(o.Thread)
}

// restore makes a request one from where its form was opened.
func (o opener) restore(a *asked) {
	a.request.At, a.channel, a.thread, a.home, a.direct = o.At, o.Channel, o.Thread, o.Home, o.Direct
	if a.url == "" {
		a.url, a.posts = o.URL, o.Posts
	}
}

// takeForm takes a submitted form. As long as a field is wrong it stays open.
func (s *Slack) takeForm(ctx context.Context, i interacted) []byte {
	from, ok := opener{}, false
	if i.View != nil && i.View.Callback == blocks.FormCallback {
		from, ok = readOpener(i.View.Private)
	}
	if !ok || i.View.State == nil {
		s.replies.ignored.Add(1)
		return nil
	}
	a := &asked{tenant: i.asker(), user: i.User.ID, trigger: i.Trigger, view: i.View.ID, state: i.View.State, fields: i.View.fields()}
	from.restore(a)
	a.request.Text, a.request.Press, a.request.ID = from.Line, from.Press, "slack/form/"+i.Trigger
	if i.Trigger == "" {
		a.request.ID += i.View.ID + "/" + i.View.Hash
	}
	if no := s.admit(i.tenant(), i.User.ID); no != "" {
		return stays(a, no)
	}
	reply, ok := listen.Within(ctx, &s.replies.flights, s.replies.soon(), func(ctx context.Context) chat.Reply { return s.carryOut(ctx, a) },
		func(ctx context.Context, r chat.Reply) { s.submittedLate(ctx, a, r) })
	if !ok {
		return showing(blocks.Waiting(i.View.Title.Text, listen.Saving))
	}
	return s.submitted(ctx, a, reply)
}

// stays keeps a form open, with what hinders it at its first field.
func stays(a *asked, why string) []byte {
	if len(a.fields) == 0 {
		return showing(blocks.Answer(chat.Message{Title: why}))
	}
	return jsonOf(slack.NewErrorsViewSubmissionResponse(blocks.FieldErrors(a.fields, map[string]string{a.fields[0]: why})))
}

// showing has a form make way for another view.
func showing(v slack.ModalViewRequest) []byte {
	return jsonOf(slack.NewUpdateViewSubmissionResponse(&v))
}

// submitted acknowledges a form: with what is wrong at its fields, with another form, or by closing it and answering
// where it was opened.
func (s *Slack) submitted(ctx context.Context, a *asked, r chat.Reply) []byte {
	if at := blocks.FieldErrors(a.fields, r.Wrong); len(at) > 0 && (r.Form == nil || a.has(r.Wrong)) {
		return jsonOf(slack.NewErrorsViewSubmissionResponse(at))
	}
	if r.Form != nil {
		if private, ok := private(a, *r.Form); ok {
			return s.nextForm(ctx, a, blocks.Modal(*r.Form, private))
		}
		r = words(tooLongLine)
	}
	a.view = "" // it closes
	s.replies.flights.Behind(ctx, func(ctx context.Context) { s.deliver(ctx, a, r) })
	return jsonOf(slack.NewClearViewSubmissionResponse())
}

// nextForm has a form make way for another one; where that is longer than an acknowledgement may be, behind it.
func (s *Slack) nextForm(ctx context.Context, a *asked, v slack.ModalViewRequest) []byte {
	if ack := showing(v); len(ack) <= shortAck {
		return ack
	}
	s.replies.flights.Behind(ctx, func(ctx context.Context) {
		listen.Rest(ctx, settle)
		if err := s.changeView(ctx, a, v); err != nil {
			s.Log.WarnContext(ctx, "form not shown", "reference", a.request.ID, "error", told(err))
			s.deliver(ctx, a, again(a, chat.Reply{}))
		}
	})
	return showing(blocks.Waiting(v.Title.Text, oneMoment))
}

// has reports whether the form that was submitted has all the fields that are wrong.
func (a *asked) has(wrong map[string]string) bool {
	for key := range wrong {
		if !slices.Contains(a.fields, key) {
			return false
		}
	}
	return true
}

// submittedLate shows what came of a form that was acknowledged with a page to wait at.
func (s *Slack) submittedLate(ctx context.Context, a *asked, r chat.Reply) {
	listen.Rest(ctx, settle)
	if len(r.Wrong) > 0 || r.Form != nil {
		r = again(a, r)
	}
	s.deliver(ctx, a, r)
}

// again offers to open a form once more that could not stay open.
func again(a *asked, r chat.Reply) chat.Reply {
	m, ok := lines.Answer(r)
	if !ok {
		m.Title = "This form needs more."
	}
	m.Buttons = append(m.Buttons, reopen(a.request.Text)...)
	return chat.Reply{Message: &m}
}
