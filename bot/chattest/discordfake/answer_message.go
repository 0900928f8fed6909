package discordfake

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
