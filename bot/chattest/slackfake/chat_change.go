package slackfake

func (f *Fake) chatUpdate(c *Call) (reply, refusal) {
	id := c.Args["channel"]
	ch := f.seen(id)
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	m, no := f.own(id, c.Args["ts"], "cant_update_message")
	if no.given() {
		return nil, no
	}
	if ch.Archived {
		return nil, refuse("is_archived")
	}
	said, no := f.content(c.Args)
	if no.given() {
		return nil, no
	}
	if escapedSize(said.text) > MaxUpdate {
		return nil, refuse("msg_too_long")
	}
	meta, no := metadata(c.Args)
	if no.given() {
		return nil, no
	}
	switch {
	case string(meta) == "{}":
		m.Metadata = nil
	case meta != nil:
		m.Metadata = meta
	}
	m.Text, m.Blocks, m.blocks = said.text, said.raw, said.blocks
	m.Edits++
	m.revision = f.stir()
	return reply{"channel": id, "ts": m.TS, "text": m.Text, "message": f.messageJSON(m, false)}, refusal{}
}

// own gives a message that the bot wrote; the lock is held.
func (f *Fake) own(channel, ts, denied string) (*Message, refusal) {
	m := f.find(channel, ts)
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.Author != Bot:
		return nil, refuse(denied)
	}
	return m, refusal{}
}

func (f *Fake) chatDelete(c *Call) (reply, refusal) {
	if f.seen(c.Args["channel"]) == nil {
		return nil, refuse("channel_not_found")
	}
	m, no := f.own(c.Args["channel"], c.Args["ts"], "cant_delete_message")
	if no.given() {
		return nil, no
	}
	m.Deleted = true
	m.revision = f.stir()
	return reply{"channel": m.Channel, "ts": m.TS}, refusal{}
}
