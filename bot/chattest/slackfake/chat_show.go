package slackfake

import (
	"regexp"
	"strings"
)

func (f *Fake) chatGetPermalink(c *Call) (reply, refusal) {
	id, ts := c.Args["channel"], c.Args["message_ts"]
	if f.seen(id) == nil {
		return nil, refuse("channel_not_found")
	}
	m := f.find(id, ts)
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return reply{"channel": id, "permalink": permalink(m)}, refusal{}
}

// permalink is where a message is looked at.
func permalink(m *Message) string {
	link := "https://" + Domain + ".slack.com/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return link
}

// bareLink is a link that Slack marks as one, so that a text comes back other than it was sent.
var bareLink = regexp.MustCompile(`(^|[\s(])(https?://[^\s<>|)]+)`)

// messageJSON is a message as the Web API shows it; the lock is held.
func (f *Fake) messageJSON(m *Message, withMetadata bool) reply {
	out := reply{"type": "message", "user": m.Author, "text": bareLink.ReplaceAllString(m.Text, "$1<$2>"), "ts": m.TS, "team": Team}
	if m.Author == Bot {
		out["bot_id"], out["app_id"] = BotID, App
	}
	if m.ThreadTS != "" {
		out["thread_ts"], out["parent_user_id"] = m.ThreadTS, Bot
	} else if n := f.answers(m); n > 0 {
		out["thread_ts"], out["reply_count"] = m.TS, n
	}
	if m.blocks != nil {
		out["blocks"] = m.blocks
	}
	if withMetadata && m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	if m.Edits > 0 {
		out["edited"] = map[string]string{"user": m.Author, "ts": m.TS}
	}
	return out
}

// answers counts those to a message; the lock is held.
func (f *Fake) answers(root *Message) (n int) {
	for _, m := range f.messages[root.Channel] {
		if m.ThreadTS == root.TS && !m.Deleted {
			n++
		}
	}
	return n
}
