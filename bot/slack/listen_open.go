package slack

import (
	"context"
	"errors"
	"slices"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/slack/blocks"
)

// reopen is a button that opens a form again, by the line that opened it.
func reopen(line string) []chat.Button {
	b := chat.Button{Label: "Open the form", Line: line}
	if !blocks.Pressable(b) {
		return nil
	}
	return []chat.Button{b}
}

// opened opens the form of a reply, and gives what is left to say.
func (s *Slack) opened(ctx context.Context, a *asked, r chat.Reply) chat.Reply {
	if r.Form == nil {
		return r
	}
	f := prefilled(*r.Form, a.prefill)
	r.Form = nil
	if a.trigger == "" { // a line in a thread cannot open a form; a button can
		return chat.Reply{Message: &chat.Message{Title: f.Title + ": this needs a form.", Buttons: reopen(a.request.Text)}}
	}
	private, ok := private(a, f)
	if !ok {
		return words(tooLongLine)
	}
	err := s.open(ctx, a, blocks.Modal(f, private))
	if a.opened = err == nil; a.opened {
		r.Posted = r.Message == nil
		return r
	}
	title := tooLate
	if !triggerGone(err) {
		s.Log.ErrorContext(ctx, "form not opened", "reference", a.request.ID, "error", told(err))
		title = "Slack did not open the form. Nothing was changed: try it once more. Reference: " + a.request.ID
	}
	return chat.Reply{Message: &chat.Message{Title: title, Buttons: reopen(a.request.Text)}}
}

// open opens a window; where one is open already, in its place.
func (s *Slack) open(ctx context.Context, a *asked, v slack.ModalViewRequest) error {
	ctx, cancel := context.WithTimeout(ctx, callFor)
	defer cancel()
	if a.view != "" {
		_, err := s.client().UpdateViewContext(ctx, v, "", "", a.view)
		return err
	}
	_, err := s.client().OpenViewContext(ctx, a.trigger, v)
	return err
}

// triggerGone reports that a form came too late, in either of the spellings that Slack has for it.
func triggerGone(err error) bool {
	var said slack.SlackErrorResponse
	return errors.As(err, &said) && slices.Contains([]string{"trigger_expired", "trigger_exchanged", "expired_trigger_id",
		"exchanged_trigger_id", "invalid_trigger_id"}, said.Err)
}

// prefilled is a form that begins with what is known; what it holds already stays.
func prefilled(f chat.Form, known map[string]string) chat.Form {
	f.Fields = slices.Clone(f.Fields)
	for i, field := range f.Fields {
		if v, ok := known[field.Key]; ok && field.Value == "" {
			f.Fields[i].Value = v
		}
	}
	return f
}
