package slack

import (
	"net/url"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Handles are "slack/T1/U1", and "slack/E1/T1/U1" where the workspace belongs to an enterprise; places are "slack/T1/C1",
// always with the bot's own workspace, and, for direct messages, "slack/@T1/U1". Ids are given by Slack, never names:
// they stay when a name changes, and nobody can take one over.

// member names somebody's account: of which enterprise (empty: of none), workspace, and which user there.
type member struct{ enterprise, team, user string }

// handle is how the bot knows the account.
func (m member) handle() workflows.Handle {
	return workflows.Handle(Platform + "/" + joined(m.enterprise, m.team, m.user))
}

// channelPlace is a channel as a place.
func channelPlace(team, channel string) workflows.Place {
	return workflows.Place(Platform + "/" + joined("", team, channel))
}

func joined(enterprise, team, id string) string {
	if enterprise == "" {
		return team + "/" + id
	}
	return enterprise + "/" + team + "/" + id
}

// target is the last part of a place: a channel's id, or with direct set a user's.
func target(p workflows.Place) (id string, direct, ok bool) {
	name := p.Channel()
	name, direct = strings.CutPrefix(name, "@")
	i := strings.LastIndexByte(name, '/')
	if p.Platform() != Platform || i <= 0 || i == len(name)-1 {
		return "", false, false
	}
	return name[i+1:], direct, true
}

// messageID names a message everywhere: "C1/1712345678.000100". In direct messages the channel is the one that Slack
// opened for them.
func messageID(channel, ts string) chat.MessageID { return chat.MessageID(channel + "/" + ts) }

// channelAndTS takes a message's id apart; ok is false for what is none.
func channelAndTS(id chat.MessageID) (channel, ts string, ok bool) {
	channel, ts, ok = strings.Cut(string(id), "/")
	return channel, ts, ok && channel != "" && ts != ""
}

// Link is where a channel is found in a browser, or in Slack's own client that the page opens; empty for what only two
// people see: docs.slack.dev/interactivity/deep-linking.
func (s *Slack) Link(p workflows.Place) string {
	id, direct, ok := target(p)
	if !ok || direct {
		return ""
	}
	team := strings.TrimSuffix(p.Channel(), "/"+id)
	team = team[strings.LastIndexByte(team, '/')+1:]
	return "https://slack.com/app_redirect?" + url.Values{"team": {team}, "channel": {id}}.Encode()
}
