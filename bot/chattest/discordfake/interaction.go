package discordfake

import (
	"encoding/json"
	"strconv"
	"time"
)

// The kinds of interaction.
const (
	Ping          = 1
	CommandUse    = 2 // APPLICATION_COMMAND
	ComponentUse  = 3 // MESSAGE_COMPONENT
	Autocompletes = 4 // APPLICATION_COMMAND_AUTOCOMPLETE
	ModalSubmit   = 5 // MODAL_SUBMIT
)

// What an interaction is answered with.
const (
	AnswerPong        = 1
	AnswerMessage     = 4 // CHANNEL_MESSAGE_WITH_SOURCE
	AnswerDeferred    = 5 // DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE
	AnswerDeferUpdate = 6 // DEFERRED_UPDATE_MESSAGE
	AnswerUpdate      = 7 // UPDATE_MESSAGE
	AnswerChoices     = 8 // APPLICATION_COMMAND_AUTOCOMPLETE_RESULT
	AnswerModal       = 9 // MODAL
)

// Where an interaction is used.
const (
	InServer  = 0 // in a server
	InBotDM   = 1 // in the direct messages with the bot
	InPrivate = 2 // in other direct messages, and in groups: for apps that a user installed
)

// TokenLife is how long an interaction can be answered, once it was.
const TokenLife = 15 * time.Minute

// interaction is one that was sent to the app.
type interaction struct {
	id, token string
	kind      int
	user      string
	server    string
	channel   string
	app       string // whose it is; only those of App can be answered
	at        time.Time
	message   *Message // that bore the component, also where the modal came from it; nil: none
	whisper   *Whisper // the same, of one that only the person sees
	name      string   // of the command, as a client shows it above an answer
	menu      bool     // it is a command of a menu
	typing    int      // the type of the option that is typed in
	optional  bool     // only the user installed the app, not the server: five follow-ups

	answered chan struct{} // closed with the first answer
	answer   int           // its type; zero: none yet
	late     bool          // no first answer came in time: the token is void
	loading  bool          // deferred, and not yet edited
	original *Message      // the answer, or what it changed
	own      *Whisper      // the same, where only the person sees it
	followed []surface     // follow-ups
	choices  []CommandChoice
}

// Whisper is an ephemeral message: one person sees it, until they reload.
type Whisper struct {
	Message
	User string
	Gone bool // deleted, or dismissed
}

// Interaction is what the app was sent.
type Interaction struct {
	ID, Token string
	Kind      int
	Payload   json.RawMessage // as it was sent
}

// newInteraction makes one that is to be sent; the lock is held.
func (f *Fake) newInteraction(kind int, user string, ch *Channel) *interaction {
	i := &interaction{
		id: f.newID(), kind: kind, user: user, channel: ch.ID, server: ch.Server, app: App, at: f.o.Now(),
		answered: make(chan struct{}),
	}
	i.token = "aW50ZXJhY3Rpb24-" + i.id + "-" + f.newID()
	f.asked[i.token] = i
	return i
}

// common are the fields of every interaction; the lock is held.
func (f *Fake) common(i *interaction) reply {
	ch := f.channels[i.channel]
	out := reply{
		"id": i.id, "application_id": i.app, "type": i.kind, "token": i.token, "version": 1,
		"channel_id": ch.ID, "channel": f.channelPartial(ch, i.user), "locale": "en-US",
		"entitlements": []any{}, "entitlement_sku_ids": []any{}, "attachment_size_limit": MaxFile,
		"app_permissions": bitsOf(f.may(ch, Bot)),
	}
	if ch.Server == "" {
		out["user"] = userJSON(f.users[i.user])
		out["context"], out["authorizing_integration_owners"] = InBotDM, reply{"0": "0"}
		return out
	}
	out["guild_id"], out["guild_locale"] = ch.Server, "en-US"
	out["guild"] = reply{"id": ch.Server, "locale": "en-US", "features": []any{}}
	out["member"] = f.memberHere(ch, i.user)
	out["context"], out["authorizing_integration_owners"] = InServer, reply{"0": ch.Server}
	return out
}

// memberHere is a member as interactions name one: with the permissions in the channel; the lock is held.
func (f *Fake) memberHere(ch *Channel, user string) reply {
	member := f.members[ch.Server][user]
	if member == nil { // as only who forges one can have it
		member = &Member{Server: ch.Server, User: user, Joined: f.o.Now()}
	}
	m := f.memberJSON(member, true)
	m["permissions"] = bitsOf(f.may(ch, user))
	return m
}

// channelPartial is a channel as interactions name one; the lock is held.
func (f *Fake) channelPartial(ch *Channel, user string) reply {
	full := f.channelJSON(ch)
	out := reply{"permissions": bitsOf(f.may(ch, user))}
	for _, k := range []string{
		"id", "name", "type", "last_message_id", "last_pin_timestamp", "nsfw", "parent_id", "guild_id", "flags",
		"rate_limit_per_user", "topic", "position", "thread_metadata", "recipients",
	} {
		if v, ok := full[k]; ok {
			out[k] = v
		}
	}
	if ch.Server == "" {
		delete(out, "permissions")
		out["recipients"] = []reply{userJSON(f.users[ch.direct])}
	}
	return out
}

// resolved are the users, roles and channels that values name; the lock is held.
func (f *Fake) resolved(server string, ids ...string) reply {
	users, members, roles, channels := reply{}, reply{}, reply{}, reply{}
	for _, id := range ids {
		switch {
		case f.users[id] != nil:
			users[id] = userJSON(f.users[id])
			if m := f.members[server][id]; m != nil {
				members[id] = f.partialMember(server, id)
			}
		case f.roles[id] != nil:
			roles[id] = roleJSON(f.roles[id])
		case f.channels[id] != nil:
			channels[id] = f.channelPartial(f.channels[id], Bot)
		}
	}
	out := reply{}
	for name, of := range map[string]reply{"users": users, "members": members, "roles": roles, "channels": channels} {
		if len(of) > 0 {
			out[name] = of
		}
	}
	return out
}

// partialMember is a member without user, deaf and mute; the lock is held.
func (f *Fake) partialMember(server, user string) reply {
	m := f.memberJSON(f.members[server][user], false)
	m["permissions"] = bitsOf(f.mayInServer(server, user))
	delete(m, "deaf")
	delete(m, "mute")
	return m
}

// fresh reports whether a token is good for what comes after the first answer; the lock is held.
func (i *interaction) fresh(now time.Time) bool { return !i.late && now.Sub(i.at) <= TokenLife }

// bitsOf is a set of permissions as Discord writes one.
func bitsOf(p Permission) string { return strconv.FormatUint(uint64(p), 10) }
