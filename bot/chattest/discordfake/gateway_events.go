package discordfake

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
)

// joined are the servers that the bot is in, the oldest first; the lock is held.
func (f *Fake) joined() (ids []string) {
	for id := range f.guilds {
		if f.members[id][Bot] != nil {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return ids
}

// resetTokens ends every token of the bot, as Discord does after too many IDENTIFYs.
func (f *Fake) resetTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for token := range f.tokens {
		f.tokens[token] = "reset"
	}
	f.stir()
}

// guildCreate is a server with all that is in it; the lock is held.
func (f *Fake) guildCreate(id string, intents int) reply {
	g := f.guilds[id]
	out := f.serverJSON(g)
	channels, threads, members := []reply{}, []reply{}, []reply{}
	for _, ch := range f.channels {
		switch {
		case ch.Server != id || !f.may(ch, Bot).Has(ViewChannel):
		case ch.thread():
			if !ch.Archived {
				threads = append(threads, f.channelJSON(ch))
			}
		default:
			channels = append(channels, f.channelJSON(ch))
		}
	}
	for user, m := range f.members[id] {
		if user == Bot || intents&IntentGuildMembers != 0 {
			members = append(members, f.memberJSON(m, true))
		}
	}
	out["channels"], out["threads"], out["members"] = channels, threads, members
	out["joined_at"], out["large"], out["unavailable"], out["member_count"] = iso(f.members[id][Bot].Joined), false, false, len(f.members[id])
	for _, name := range []string{"voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"} {
		out[name] = []any{}
	}
	return out
}

// happened tells every session that hears of such a thing; the fake's lock is held.
func (g *Gateway) happened(h happening) {
	if h.kind == "GUILD_MEMBER_ADD" && h.user == Bot {
		h = happening{kind: "GUILD_CREATE", server: h.server}
	}
	if at := g.f.guilds[h.server]; h.kind == "GUILD_UPDATE" && at.Unavailable != g.f.outages[h.server] {
		// An outage is told as if the server were gone, with a word more, and its end as if it were new.
		h.kind = "GUILD_CREATE"
		if at.Unavailable {
			h.kind = "GUILD_DELETE"
		}
		g.f.outages[h.server] = at.Unavailable
	}
	if !g.f.sees(h) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		if s.hears(h) {
			g.tell(s, h.kind, g.f.told(h, s.intents))
		}
	}
}

// sees reports whether the bot may know of something; the lock is held.
func (f *Fake) sees(h happening) bool {
	if ch := f.channels[h.channel]; ch != nil {
		return f.may(ch, Bot).Has(ViewChannel)
	}
	return true
}

// needed are the intents without which something is not told. What is not named needs none.
var needed = map[string]int{
	"GUILD_CREATE": IntentGuilds, "GUILD_UPDATE": IntentGuilds, "GUILD_DELETE": IntentGuilds,
	"GUILD_ROLE_CREATE": IntentGuilds, "GUILD_ROLE_UPDATE": IntentGuilds, "GUILD_ROLE_DELETE": IntentGuilds,
	"CHANNEL_CREATE": IntentGuilds, "CHANNEL_UPDATE": IntentGuilds, "CHANNEL_DELETE": IntentGuilds,
	"THREAD_CREATE": IntentGuilds, "THREAD_UPDATE": IntentGuilds, "THREAD_DELETE": IntentGuilds,
	"GUILD_MEMBER_ADD": IntentGuildMembers, "GUILD_MEMBER_UPDATE": IntentGuildMembers, "GUILD_MEMBER_REMOVE": IntentGuildMembers,
	"MESSAGE_CREATE": IntentGuildMessages, "MESSAGE_UPDATE": IntentGuildMessages, "MESSAGE_DELETE": IntentGuildMessages,
}

// hears reports whether a session is told of something, by its intents and its share of the servers.
func (s *session) hears(h happening) bool {
	need := needed[h.kind]
	if h.server == "" && need == IntentGuildMessages {
		need = IntentDirectMessages
	}
	if h.kind == "GUILD_MEMBER_UPDATE" && h.user == Bot {
		need = 0
	}
	share := 0
	if n, err := strconv.ParseUint(h.server, 10, 64); err == nil {
		share = int((n >> 22) % uint64(s.shard[1])) //nolint:gosec // a small number
	}
	return s.intents&need == need && share == s.shard[0]
}

// told is what is told of something; the lock is held.
func (f *Fake) told(h happening, intents int) reply {
	switch h.kind {
	case "MESSAGE_CREATE", "MESSAGE_UPDATE":
		return f.messageEvent(h, intents)
	case "MESSAGE_DELETE":
		return f.within(h, reply{"id": h.message.ID, "channel_id": h.channel})
	case "GUILD_CREATE":
		return f.guildCreate(h.server, intents)
	case "GUILD_UPDATE":
		return f.serverJSON(f.guilds[h.server])
	case "GUILD_DELETE":
		if f.outages[h.server] {
			return reply{"id": h.server, "unavailable": true}
		}
		return reply{"id": h.server}
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE":
		return f.within(h, f.memberJSON(f.members[h.server][h.user], true))
	case "GUILD_MEMBER_REMOVE":
		return f.within(h, reply{"user": userJSON(f.users[h.user])})
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE":
		return f.within(h, reply{"role": roleJSON(f.roles[h.role])})
	case "GUILD_ROLE_DELETE":
		return f.within(h, reply{"role_id": h.role})
	}
	if ch := f.channels[h.channel]; ch != nil {
		return f.channelJSON(ch)
	}
	return f.within(h, reply{"id": h.channel, "type": 0})
}

func (f *Fake) within(h happening, what reply) reply {
	if h.server != "" {
		what["guild_id"] = h.server
	}
	return what
}

// messageEvent is a message as the gateway tells of it: its content only to who may read it; the lock is held.
func (f *Fake) messageEvent(h happening, intents int) reply {
	m := h.message
	out := f.messageJSON(m)
	ch := f.channels[m.Channel]
	if intents&IntentMessageContent == 0 && m.Author != Bot && ch.Type != DirectMessages && !slices.Contains(m.Pings.Users, Bot) {
		// The switch alone shows nothing: the session must have asked for it.
		out["content"], out["attachments"], out["embeds"], out["components"] = "", []any{}, []any{}, []any{}
	}
	if member := f.members[h.server][m.Author]; member != nil {
		out["member"] = f.memberJSON(member, false)
	}
	return f.within(h, out)
}

// messageAll is a message as interactions show it: with all that stands in it; the lock is held.
func (f *Fake) messageAll(m *Message) reply {
	out := f.messageJSON(m)
	out["content"], out["attachments"] = m.Content, m.attachmentsJSON()
	out["embeds"], out["components"] = m.embedsJSON(), m.componentsJSON()
	return out
}

// Deliver sends an interaction in every session; its answer comes by a call. Without a session it is lost.
func (g *Gateway) Deliver(_ context.Context, i Interaction) (Answer, error) {
	g.Emit("INTERACTION_CREATE", i.Payload)
	return Answer{}, nil
}

// Emit sends an event of any type in every session, whatever its intents.
func (g *Gateway) Emit(kind string, d json.RawMessage) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		g.tell(s, kind, d)
	}
}
