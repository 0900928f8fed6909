package discord

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
)

// marked is what Discord makes of a mention, a custom emoji, a time, or a command: <@1>, <#2>, <@&3>, <:party:4>,
// <t:1767605400:F>, </release status:5>. Unlike on Slack people can type each of them by hand, so a mention says no more
// than who is meant.
var marked = regexp.MustCompile(`<(@!|@&|@|#|a?:|t:|/)([^<>]{1,100})>`)

// typedText gives a line with its mentions as people write them: "@ana", "#general". Named are channels whose names came
// with it.
func (d *Discord) typedText(ctx context.Context, text string, named []channel) string {
	return marked.ReplaceAllStringFunc(text, func(m string) string {
		g := marked.FindStringSubmatch(m)
		of, what := g[1], g[2]
		switch {
		case (of == "@" || of == "@!") && validID(what):
			return d.mention(ctx, what)
		case of == "@&" && validID(what):
			return "@" + what
		case of == "#" && validID(what):
			return "#" + nameOf(named, what)
		case of == "t:":
			return moment(m, what)
		case of == ":" || of == "a:":
			if name, id, ok := strings.Cut(what, ":"); ok && validID(id) {
				return ":" + name + ":"
			}
		case of == "/":
			if line, id, ok := strings.Cut(what, ":"); ok && validID(id) {
				return "/" + line
			}
		}
		return m
	})
}

// nameOf is what a channel is called; its id, where that is not known.
func nameOf(named []channel, id string) string {
	if i := slices.IndexFunc(named, func(c channel) bool { return c.ID == id && c.Name != "" }); i >= 0 {
		return named[i].Name
	}
	return id
}

// moment is a time that Discord shows to everybody in their own zone. The zone is said, so that nobody reads it in theirs.
func moment(m, what string) string {
	seconds, _, _ := strings.Cut(what, ":")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n < -1e11 || n > 1e11 {
		return m
	}
	return time.Unix(n, 0).UTC().Format("2006-01-02 15:04 UTC")
}

// mention is how people write whoever has an account: "@ana". Whose account is not linked is "@discord.123": no name, which
// anybody could take, but one that says where to look.
func (d *Discord) mention(ctx context.Context, user string) string {
	if d.Person != nil && validID(user) {
		if id, ok := d.Person(ctx, handle(user)); ok {
			return "@" + string(id)
		}
	}
	return "@" + Platform + "." + user
}

// isMentioned reports whether a text mentions somebody in so many words; who is answered is mentioned as well, and not
// meant.
func isMentioned(text, user string) bool {
	return slices.ContainsFunc(marked.FindAllStringSubmatch(text, -1), func(g []string) bool {
		return (g[1] == "@" || g[1] == "@!") && g[2] == user
	})
}

// isSpokenTo reports whether a text is said to the bot: its name stands first, or the text names it and begins as a line
// does. "Thanks @readyroom" is talk among people, which a bot does not break into.
func (d *Discord) isSpokenTo(text, bot string) bool {
	if !isMentioned(text, bot) {
		return false
	}
	text = strings.TrimSpace(text)
	if at := marked.FindStringIndex(text); at[0] == 0 && isMentioned(text[:at[1]], bot) {
		return true
	}
	words := strings.Fields(withoutMention(text, bot))
	return len(words) > 0 && d.begins(words[0])
}

// begins reports whether a word begins a line.
func (d *Discord) begins(word string) bool {
	if d.Begins != nil {
		return d.Begins(word)
	}
	return slices.ContainsFunc(d.Commands, func(c chat.Command) bool { return c.Path[0] == word })
}

// withoutMention takes the bot's own mention off a line.
func withoutMention(text, bot string) string {
	return strings.TrimSpace(marked.ReplaceAllStringFunc(text, func(m string) string {
		if g := marked.FindStringSubmatch(m); (g[1] == "@" || g[1] == "@!") && g[2] == bot {
			return ""
		}
		return m
	}))
}
