package discordfake

import "net/http"

// place gives the channel or thread that a call is about, where the bot may look; the lock is held.
func (f *Fake) place(c *Call) (*Channel, refusal) {
	ch := f.channels[c.Params["channel"]]
	switch {
	case !numeric(c.Params["channel"]):
		return nil, notSnowflake("channel_id", c.Params["channel"])
	case ch == nil:
		return nil, refuse(10003)
	case ch.Server != "" && f.guilds[ch.Server].Unavailable:
		return nil, plain(http.StatusServiceUnavailable)
	case !f.may(ch, Bot).Has(ViewChannel):
		return nil, refuse(50001)
	}
	return ch, refusal{}
}

func notSnowflake(at, value string) refusal {
	var w wrong
	w.at(at, "NUMBER_TYPE_COERCE", `Value "`+value+`" is not snowflake.`)
	return w.refusal()
}

// guild gives the server that a call is about, where the bot is a member; the lock is held.
func (f *Fake) guild(c *Call) (*Guild, refusal) {
	id := c.Params["guild"]
	g := f.guilds[id]
	switch {
	case !numeric(id):
		return nil, notSnowflake("guild_id", id)
	case g == nil:
		return nil, refuse(10004)
	case f.members[id][Bot] == nil:
		return nil, refuse(50001)
	case g.Unavailable:
		return nil, plain(http.StatusServiceUnavailable)
	}
	return g, refusal{}
}

// written gives a message that a call is about; the lock is held.
func (f *Fake) written(ch *Channel, c *Call) (*Message, refusal) {
	id := c.Params["message"]
	if !numeric(id) {
		return nil, notSnowflake("message_id", id)
	}
	if m := f.find(ch.ID, id); m != nil {
		return m, refusal{}
	}
	return nil, refuse(10008)
}

// sendable says whether the bot may say something in a channel; the lock is held.
func (f *Fake) sendable(ch *Channel) refusal {
	may, need := f.may(ch, Bot), SendMessages
	if ch.thread() {
		need = SendMessagesInThreads
	}
	switch {
	case ch.Type == Category || ch.Type == Forum:
		return refuse(50008)
	case ch.Type == DirectMessages && !f.takesDMs(ch.direct):
		return refuse(50007)
	case !may.Has(need):
		return refuse(50013)
	case ch.Locked && !may.Has(ManageThreads):
		return locked(ch)
	}
	return refusal{}
}

// changeable says whether messages of a channel may be changed: not those of an archived thread, and of a locked one only
// by who may manage threads; the lock is held.
func (f *Fake) changeable(ch *Channel) refusal {
	switch {
	case ch.Archived:
		return refuse(50083)
	case ch.Locked && !f.may(ch, Bot).Has(ManageThreads):
		return locked(ch)
	}
	return refusal{}
}

// locked is what is said of a thread that was closed for good.
func locked(ch *Channel) refusal {
	if ch.Archived {
		return refuse(50083)
	}
	return refuse(160005)
}

// takesDMs reports whether somebody can be written to: a person who shares a server with the bot, and wants it; the lock
// is held.
func (f *Fake) takesDMs(user string) bool {
	u := f.users[user]
	if u == nil || u.NoDMs || u.Bot {
		return false
	}
	for _, members := range f.members {
		if members[Bot] != nil && members[user] != nil {
			return true
		}
	}
	return false
}
