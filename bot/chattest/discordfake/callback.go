package discordfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
)

func init() {
	routes = append(routes, route{method: "POST", pattern: "/interactions/{interaction}/{token}/callback", open: true, do: (*Fake).callback})
}

// callback takes the first answer to an interaction.
func (f *Fake) callback(c *Call) (any, refusal) {
	i := f.asked[c.Params["token"]]
	switch {
	case i == nil || i.id != c.Params["interaction"] || i.app != App || !i.fresh(f.o.Now()):
		return nil, refuse(10062)
	case i.answer != 0:
		return nil, refuse(40060)
	}
	if no := f.first(i, c, c.Body); no.given() {
		return nil, no
	}
	if c.Query.Get("with_response") != "true" {
		return nil, refusal{}
	}
	return f.callbackJSON(i), refusal{}
}

// callbackJSON tells what an answer made; the lock is held.
func (f *Fake) callbackJSON(i *interaction) reply {
	about := reply{"id": i.id, "type": i.kind}
	resource := reply{"type": i.answer}
	if m := i.shows(); m != nil && (i.answer == AnswerMessage || i.answer == AnswerUpdate || i.answer == AnswerDeferred) {
		about["response_message_id"] = m.ID
		about["response_message_loading"], about["response_message_ephemeral"] = i.loading, i.own != nil
		if i.answer != AnswerDeferred {
			resource["message"] = f.messageJSON(m)
		}
	}
	return reply{"interaction": about, "resource": resource}
}

// shows is the message that an interaction was answered with, or that it changed.
func (i *interaction) shows() *Message {
	if i.own != nil {
		return &i.own.Message
	}
	return i.original
}

// responded takes the first answer from the response to an HTTP request.
func (f *Fake) responded(i *interaction, a Answer) error {
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if a.Status != http.StatusOK || kind != "application/json" {
		return fmt.Errorf("discordfake: an interaction is answered with %d, %q, %.200q", a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case i.late:
		return ErrTimeout
	case i.answer != 0:
		f.fail("", "the response to an interaction", "answered twice: by a call and in the response")
		return errors.New("discordfake: an interaction is answered twice, by a call and in the response")
	}
	c := &Call{Route: "the response to an interaction", At: f.o.Now()}
	if no := f.first(i, c, a.Body); no.given() {
		text, err := json.Marshal(no.body())
		return errors.Join(fmt.Errorf("discordfake: an interaction is answered with %.500q, which is %s", a.Body, text), err)
	}
	return nil
}

// takes are the types of answer that each kind of interaction takes.
var takes = map[int][]int{
	CommandUse:    {AnswerMessage, AnswerDeferred, AnswerModal},
	ComponentUse:  {AnswerMessage, AnswerDeferred, AnswerDeferUpdate, AnswerUpdate, AnswerModal},
	Autocompletes: {AnswerChoices},
	ModalSubmit:   {AnswerMessage, AnswerDeferred, AnswerDeferUpdate, AnswerUpdate},
}

// first does what the first answer says; the lock is held.
func (f *Fake) first(i *interaction, c *Call, body []byte) refusal {
	var in struct {
		Type *int            `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	var w wrong
	if err := json.Unmarshal(body, &in); err != nil {
		w.at("", "MODEL_TYPE_CONVERT", err.Error())
		return w.refusal()
	}
	if in.Type == nil {
		w.at("type", "BASE_TYPE_REQUIRED", "This field is required")
		return w.refusal()
	}
	if !i.takes(*in.Type) {
		w.at("type", "INTERACTION_CALLBACK_TYPE_INVALID", fmt.Sprintf("An interaction of type %d is not answered with type %d", i.kind, *in.Type))
		return w.refusal()
	}
	if string(in.Data) == "null" {
		in.Data = nil
	}
	no := refusal{}
	switch *in.Type {
	case AnswerMessage:
		no = f.answerMessage(i, c, in.Data)
	case AnswerDeferred:
		no = f.answerDeferred(i, in.Data)
	case AnswerDeferUpdate:
		i.original, i.own = i.message, i.whisper
	case AnswerUpdate:
		no = f.answerUpdate(i, c, in.Data)
	case AnswerChoices:
		no = f.answerChoices(i, in.Data)
	case AnswerModal:
		no = f.answerModal(i, c, in.Data)
	}
	if !no.given() {
		i.answer = *in.Type
		close(i.answered)
	}
	return no
}

// takes reports whether an interaction is answered with a type. Of forms only those that came from a message have one to
// change.
func (i *interaction) takes(answer int) bool {
	if (answer == AnswerUpdate || answer == AnswerDeferUpdate) && i.message == nil && i.whisper == nil {
		return false
	}
	for _, t := range takes[i.kind] {
		if t == answer {
			return true
		}
	}
	return false
}

// pong reports whether a body is the answer to a PING.
func pong(body []byte) bool {
	var in map[string]any
	return json.Unmarshal(body, &in) == nil && fmt.Sprint(in["type"]) == strconv.Itoa(AnswerPong)
}
