package slack

import (
	"context"
	"regexp"
	"strings"
)

// mentioned is what Slack makes of a mention: <@U1|ana>, <#C1|general>, <!here>, <!subteam^S1|@docs>, <!date^0^{date}|then>.
// What people type as < or > themselves comes escaped, so that nothing of theirs looks like one.
var mentioned = regexp.MustCompile(`<([@#!])([^<>|]*)(?:\|([^<>]*))?>`)

// typedText gives a line with its mentions as people write them: "@ana", "#general". Links and the three escaped characters
// stay as Slack sent them: whoever understands lines takes those off, once.
func (s *Slack) typedText(ctx context.Context, text string) string {
	return mentioned.ReplaceAllStringFunc(text, func(m string) string {
		g := mentioned.FindStringSubmatch(m)
		id, label := g[2], g[3]
		switch g[1] {
		case "@":
			if validID(id) {
				return s.mention(ctx, id)
			}
		case "#":
			if label == "" { // a private channel's name is not given
				label = id
			}
			return "#" + label
		case "!":
			return special(m, id, label)
		}
		return m
	})
}

// special is a group, everyone, or a date.
func special(whole, id, label string) string {
	word, of, _ := strings.Cut(id, "^")
	switch word {
	case "here", "channel", "everyone":
		return "@" + word
	case "subteam":
		if label == "" {
			label = strings.ToLower(of)
		}
		return "@" + strings.TrimPrefix(label, "@")
	case "date":
		return label
	}
	return whole
}

// mention is how people write whoever has an account of the bot's own workspace: "@ana". Whose account is not linked is
// "@slack.t1.u1": no name, which anybody could take, but one that says where to look.
func (s *Slack) mention(ctx context.Context, user string) string {
	var m member
	if me := s.me.Load(); me != nil {
		m = member{enterprise: me.enterprise, team: me.team}
	}
	m.user = user
	if s.Person != nil && m.team != "" {
		if id, ok := s.Person(ctx, m.handle()); ok {
			return "@" + string(id)
		}
	}
	return "@" + strings.ToLower(strings.ReplaceAll(string(m.handle()), "/", "."))
}

// withoutMention takes the bot's own mention off a line.
func withoutMention(text, bot string) string {
	return strings.TrimSpace(mentioned.ReplaceAllStringFunc(text, func(m string) string {
		if g := mentioned.FindStringSubmatch(m); g[1] == "@" && g[2] == bot {
			return ""
		}
		return m
	}))
}

// idPattern is how Slack writes its ids: letters in capitals, and digits.
var idPattern = regexp.MustCompile(`^[A-Z][A-Z0-9]{0,31}$`)

// validID holds an id to what Slack gives, so that none of them names a handle or a place of another kind.
func validID(id string) bool { return idPattern.MatchString(id) }
