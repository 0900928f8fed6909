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

func (f *Fake) answerMessage(i *interaction, c *Call, data json.RawMessage) refusal {
	if data == nil {
		return missingData()
	}
	d, no := f.draft("answer", "data", c, data)
	if no.given() {
		return no
	}
	m, no := f.say(i, d, d.flags != nil && *d.flags&FlagEphemeral != 0)
	if no.given() {
		return no
	}
	i.original, i.own = m.message, m.whisper
	return refusal{}
}

func missingData() refusal {
	var w wrong
	w.at("data", "BASE_TYPE_REQUIRED", "This field is required")
	return w.refusal()
}

// answerDeferred shows that the app is thinking. Only whether all see it can be said.
func (f *Fake) answerDeferred(i *interaction, data json.RawMessage) refusal {
	var in struct {
		Flags int `json:"flags"`
	}
	var all map[string]json.RawMessage
	var w wrong
	if data != nil && (json.Unmarshal(data, &in) != nil || json.Unmarshal(data, &all) != nil) {
		w.at("data", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return w.refusal()
	}
	if in.Flags&^FlagEphemeral != 0 {
		w.at("data.flags", "MESSAGE_FLAGS_INVALID", "Only EPHEMERAL is valid in a deferred answer")
		return w.refusal()
	}
	delete(all, "flags")
	for name := range all {
		f.fail("", "a deferred answer", "the field %s, which is lost", name)
	}
	m := f.stand(i, Message{Flags: FlagLoading}, in.Flags&FlagEphemeral != 0)
	i.original, i.own, i.loading = m.message, m.whisper, true
	return refusal{}
}

func (f *Fake) answerUpdate(i *interaction, c *Call, data json.RawMessage) refusal {
	if data == nil {
		return missingData()
	}
	d, no := f.draft("answer", "data", c, data)
	if no.given() {
		return no
	}
	i.original, i.own = i.message, i.whisper
	if m := i.shows(); m.Deleted || i.own != nil && i.own.Gone {
		return refuse(10008)
	}
	return f.alter(i.channel, i.shows(), i.own, d)
}

func (f *Fake) answerChoices(i *interaction, data json.RawMessage) refusal {
	var in struct {
		Choices *[]CommandChoice `json:"choices"`
	}
	var w wrong
	switch err := json.Unmarshal(data, &in); {
	case data == nil || err == nil && in.Choices == nil:
		w.at("data.choices", "BASE_TYPE_REQUIRED", "This field is required")
	case err != nil:
		w.at("data", "MODEL_TYPE_CONVERT", err.Error())
	default:
		checkChoices(*in.Choices, i.typing, "data.choices", &w)
		i.choices = *in.Choices
	}
	return w.refusal()
}

func (f *Fake) answerModal(i *interaction, c *Call, data json.RawMessage) refusal {
	if data == nil {
		return missingData()
	}
	_, in := inspect("modal", "data", data)
	for _, name := range in.strange {
		f.fail("", c.Route, "unknown field %s", name)
	}
	if no := in.refusal(); no.given() {
		return no
	}
	m := readModal(data)
	m.channel, m.message, m.whisper = i.channel, i.message, i.whisper
	f.modals[i.user] = m
	return refusal{}
}

// say makes a message of an answer, for all or for the person alone; the lock is held.
func (f *Fake) say(i *interaction, d draft, alone bool) (surface, refusal) {
	ch := f.channels[i.channel]
	if ch == nil {
		return surface{}, refuse(10003)
	}
	m := Message{Channel: i.channel, Author: Bot}
	f.dress(ch, &m, d)
	if m.empty() {
		return surface{}, refuse(50006)
	}
	m.Flags &^= FlagEphemeral
	return f.stand(i, m, alone), refusal{}
}

// dress gives a message what a draft says. Other than in a post, embeds need no permission.
func (f *Fake) dress(ch *Channel, m *Message, d draft) {
	f.apply(ch, m, d)
	if d.embeds != nil {
		m.Embeds = stored(d.embeds)
	}
}

// stand puts a message where the interaction was, for all or for the person alone; the lock is held.
func (f *Fake) stand(i *interaction, m Message, alone bool) surface {
	m.Channel, m.Author, m.app = i.channel, Bot, App
	m.kind = typeCommand
	if i.menu {
		m.kind = typeContextMenu
	}
	m.more = reply{"webhook_id": App, "interaction_metadata": f.metadata(i)}
	if i.message != nil {
		m.kind, m.Reply = typeReply, i.message.ID
	}
	if !alone {
		return surface{message: f.post(&m)}
	}
	m.ID, m.Flags, m.Pings = f.newID(), m.Flags|FlagEphemeral, Pings{}
	m.revision = f.revision + 1
	w := &Whisper{Message: m, User: i.user}
	f.whispers = append(f.whispers, w)
	f.stir()
	return surface{whisper: w}
}

// metadata says on a message what it answers; the lock is held.
func (f *Fake) metadata(i *interaction) reply {
	out := reply{"id": i.id, "type": i.kind, "user": userJSON(f.users[i.user]), "authorizing_integration_owners": reply{"0": i.server}}
	if i.kind == CommandUse {
		out["name"] = i.name
	}
	if i.message != nil {
		out["interacted_message_id"] = i.message.ID
	}
	return out
}

// alter changes a message that an interaction may change; the lock is held.
func (f *Fake) alter(channel string, m *Message, w *Whisper, d draft) refusal {
	ch := f.channels[channel]
	if ch == nil {
		return refuse(10003)
	}
	after := *m
	f.dress(ch, &after, d)
	if after.empty() {
		return refuse(50006)
	}
	// Who sees it is settled once and for all.
	after.Flags = after.Flags&^(FlagLoading|FlagEphemeral) | m.Flags&FlagEphemeral
	if w == nil {
		*m = after
		f.edited(m)
		return refusal{}
	}
	after.Pings = Pings{}
	after.Edits++
	after.Edited, after.revision = f.o.Now(), f.revision+1
	*m = after
	f.stir()
	return refusal{}
}

// pong reports whether a body is the answer to a PING.
func pong(body []byte) bool {
	var in map[string]any
	return json.Unmarshal(body, &in) == nil && fmt.Sprint(in["type"]) == strconv.Itoa(AnswerPong)
}
