package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// object is one line of JSON output. Empty members are left out.
type object struct {
	Kind    string               `json:"kind"` // reply, ephemeral, post, update, dm
	ID      chat.MessageID       `json:"id,omitempty"`
	Thread  chat.MessageID       `json:"thread,omitempty"`
	To      string               `json:"to,omitempty"` // #general, @ana
	At      time.Time            `json:"at,omitzero"`
	Message *chat.Message        `json:"message,omitempty"`
	Refusal *workflows.Refusal   `json:"refusal,omitempty"`
	Items   []workflows.ItemLine `json:"items,omitempty"`
	Files   []attached           `json:"files,omitempty"`
	Form    *chat.Form           `json:"form,omitempty"`
	Wrong   map[string]string    `json:"wrong,omitempty"`
	Choices []workflows.Choice   `json:"choices,omitempty"`
}

// objectOfReply is an answer: a reply if it is in the open, else for the asker alone.
func objectOfReply(a answered, at time.Time) object {
	o := object{
		Kind: "ephemeral", ID: a.id, To: workflows.Direct(a.by).Channel(), At: at,
		Refusal: a.reply.Refusal, Items: a.reply.Items, Files: a.files, Form: a.reply.Form, Wrong: a.reply.Wrong, Choices: a.reply.Choices,
	}
	if a.reply.Open {
		o.Kind, o.To = "reply", a.at.Channel()
	}
	if a.reply.Message != nil {
		o.Message = shownMessage(*a.reply.Message)
	}
	return o
}

// objectOfPost is what was sent to a place.
func objectOfPost(s message, at time.Time) object {
	o := object{Kind: "post", ID: s.ID, Thread: s.Thread, To: s.Place.Channel(), At: at, Message: shownMessage(s.Message)}
	switch {
	case s.Edit:
		o.Kind = "update"
	case s.Place.IsDirect():
		o.Kind = "dm"
	}
	return o
}

// shownMessage leaves out what a platform carries but nobody sees here: the basis of the buttons, and the line that shows
// all of what is not cut.
func shownMessage(m chat.Message) *chat.Message {
	m.Whole = ""
	m.Buttons = slices.Clone(m.Buttons)
	for i := range m.Buttons {
		m.Buttons[i].Basis = ""
	}
	return &m
}

// line writes the object in one line. What would steer a terminal is escaped, with the same meaning to a JSON reader.
func (o object) line() (string, error) {
	o.At = o.At.Truncate(time.Second)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(o); err != nil {
		return "", err
	}
	return escapeSteering(strings.TrimSuffix(b.String(), "\n")), nil
}

func escapeSteering(s string) string {
	if strings.IndexFunc(s, workflows.Steers) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !workflows.Steers(r):
			b.WriteRune(r)
		case utf8.RuneLen(r) > 3:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// says reports whether there is anything in the object beside where and when.
func (o object) says() bool {
	return o.Message != nil || o.Refusal != nil || o.Form != nil || len(o.Items)+len(o.Wrong)+len(o.Choices) > 0
}
