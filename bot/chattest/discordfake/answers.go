package discordfake

import "encoding/json"

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
