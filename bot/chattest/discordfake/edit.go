package discordfake

func (f *Fake) editMessage(c *Call) (any, refusal) {
	ch, no := f.place(c)
	if no.given() {
		return nil, no
	}
	m, no := f.written(ch, c)
	if no.given() {
		return nil, no
	}
	d, no := f.draft("edit", "", c, c.Body)
	if no.given() {
		return nil, no
	}
	if no := f.editable(ch, m, d); no.given() {
		return nil, no
	}
	if no := f.editedTooOften(m, c); no.given() {
		return nil, no
	}
	if no := f.change(ch, m, d); no.given() {
		return nil, no
	}
	return f.messageJSON(m), refusal{}
}

// change does an edit, unless nothing would be left to see; the lock is held.
func (f *Fake) change(ch *Channel, m *Message, d draft) refusal {
	after := *m
	f.apply(ch, &after, d)
	if after.empty() {
		return refuse(50006)
	}
	*m = after
	f.edited(m)
	return refusal{}
}

// editable says whether the bot may change a message so; the lock is held.
func (f *Fake) editable(ch *Channel, m *Message, d draft) refusal {
	onlyFlags := d.flags != nil && d.content == nil && d.embeds == nil && d.components == nil && d.kept == nil && len(d.files) == 0
	switch {
	case m.kind != typeDefault && m.kind != typeReply && m.kind != typeCommand && m.kind != typeContextMenu:
		return refuse(50021)
	case m.Author != Bot && !onlyFlags:
		return refuse(50005)
	case m.Author != Bot && !f.may(ch, Bot).Has(ManageMessages):
		return refuse(50013)
	case len(d.files) > 0 && !f.may(ch, Bot).Has(AttachFiles):
		return refuse(50013)
	}
	return f.changeable(ch)
}
