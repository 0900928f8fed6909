package discord

import (
	"regexp"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Handles are "discord/U", places "discord/G/C", and for direct messages "discord/@U". Ids are given by Discord, never
// names: they stay when a name changes, and nobody can take one over.

// idPattern is how Discord writes its ids: a number of 64 bits.
var idPattern = regexp.MustCompile(`^[1-9][0-9]{0,19}$`)

// validID holds an id to what Discord gives, so that none of them names a handle or a place of another kind.
func validID(id string) bool { return idPattern.MatchString(id) }

// handle is how the bot knows a member's account.
func handle(user string) workflows.Handle { return workflows.Handle(Platform + "/" + user) }

// guest is the handle of an account without a say.
func guest(user string) workflows.Handle { return workflows.Handle(Platform + "/guest/" + user) }

// channelPlace is a channel of a server as a place.
func channelPlace(server, channel string) workflows.Place {
	return workflows.Place(Platform + "/" + server + "/" + channel)
}

// target takes a place apart: a server and a channel of it, or, with no server, the user whose direct messages it is.
func target(p workflows.Place) (server, id string, ok bool) {
	if p.Platform() != Platform {
		return "", "", false
	}
	if user, direct := strings.CutPrefix(p.Channel(), "@"); direct {
		user = strings.TrimPrefix(user, "guest/")
		return "", user, validID(user)
	}
	server, id, ok = strings.Cut(p.Channel(), "/")
	return server, id, ok && validID(server) && validID(id)
}

// messageID names a message everywhere: "C/M", C being the channel or thread that it stands in.
func messageID(channel, message string) chat.MessageID {
	return chat.MessageID(channel + "/" + message)
}

// channelAndMessage takes a message's id apart; ok is false for what is none.
func channelAndMessage(id chat.MessageID) (channel, message string, ok bool) {
	channel, message, ok = strings.Cut(string(id), "/")
	return channel, message, ok && validID(channel) && validID(message)
}

// Link is where a channel is found in a browser, or in Discord's own client that the page opens; empty for what only two
// people see.
func (d *Discord) Link(p workflows.Place) string {
	server, id, ok := target(p)
	if !ok || server == "" {
		return ""
	}
	return "https://discord.com/channels/" + server + "/" + id
}
