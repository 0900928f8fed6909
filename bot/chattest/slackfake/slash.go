package slackfake

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Slash types a command in a channel: Slash(ctx, "C0APP", "/release", "status"). Its answer is shown to the person, or
// to all when it says so.
func (p *Person) Slash(ctx context.Context, channel, command, text string) Result {
	p.f.t.Helper()
	p.f.mu.Lock()
	ch, err := p.channel(channel)
	if err != nil {
		p.f.mu.Unlock()
		return p.cannot("type %s: %v", command, err)
	}
	r := p.begin()
	fields := p.command(ch, command, text)
	p.f.mu.Unlock()
	what := strings.TrimSpace(command + " " + text)
	if !p.deliver(ctx, &r, what, SlashCommands, fields) {
		return r
	}
	args, ok := answerJSON(r.Body)
	if !ok {
		p.wrong(&r, what, "invalid_command_response")
		return r
	}
	p.f.mu.Lock()
	name := p.answered(ch, args)
	p.f.mu.Unlock()
	if name != "" {
		p.wrong(&r, what, name)
	}
	return r
}

// Command is what Slash would send, for a test that sends it by itself: Slack sends it to nobody.
func (p *Person) Command(channel, command, text string) Envelope {
	p.f.t.Helper()
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	ch := p.f.channels[channel]
	if ch == nil {
		p.f.t.Fatalf("slackfake: there is no channel %s", channel)
	}
	return Envelope{
		ID: p.f.newID("env-"), Kind: SlashCommands, Payload: mustJSON(p.command(ch, command, text)), AcceptsResponse: true,
	}
}

// command are the fields that Slack sends; the lock is held.
func (p *Person) command(ch *Channel, command, text string) reply {
	u := p.f.users[p.id]
	fields := reply{
		"token": verification, "team_id": u.TeamID, "team_domain": Domain, "channel_id": ch.ID, "channel_name": ch.shownName(),
		"user_id": u.ID, "user_name": u.Name, "command": command, "text": p.f.escape(text, true), "api_app_id": App,
		"is_enterprise_install": "false", "trigger_id": p.f.newTrigger(u.ID, nil),
		"response_url": p.f.newResponseURL(responseURL{user: u.ID, channel: ch.ID, slash: true}),
	}
	if u.EnterpriseID != "" {
		fields["enterprise_id"], fields["enterprise_name"] = u.EnterpriseID, "Acme Group"
	}
	return fields
}

// answered shows what an acknowledgement of a command says; the lock is held. It gives the error that the client shows
// when that is nothing it can show.
func (p *Person) answered(ch *Channel, args map[string]string) (name string) {
	if args["text"] == "" && args["blocks"] == "" {
		return ""
	}
	said, no := p.f.content(args)
	if no.given() {
		return "invalid_command_response: " + no.name + " " + strings.Join(no.messages, "; ")
	}
	p.f.say(&responseURL{user: p.id, channel: ch.ID, slash: true}, args, said)
	return ""
}

var (
	special = regexp.MustCompile(`https?://[^\s<>|]+|[@#][\p{L}\p{N}][\p{L}\p{N}._-]*`)
	escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// escape writes what somebody typed as Slack sends it on: names as ids, links marked, & < > escaped. With labels the
// names stay beside the ids, as in commands; the lock is held.
func (f *Fake) escape(text string, labels bool) string {
	var out strings.Builder
	for {
		at := special.FindStringIndex(text)
		if at == nil {
			out.WriteString(escapes.Replace(text))
			return out.String()
		}
		out.WriteString(escapes.Replace(text[:at[0]]))
		word := text[at[0]:at[1]]
		inWord := at[0] > 0 && !strings.ContainsAny(text[at[0]-1:at[0]], " \t\n\"'(*_~,:;/")
		marked, n := f.mark(word, labels)
		if inWord && !strings.HasPrefix(word, "http") {
			marked, n = escapes.Replace(word), len(word)
		}
		out.WriteString(marked)
		text = text[at[0]+n:]
	}
}

// mark writes a link or a name, and says how much of the word it is; the lock is held.
func (f *Fake) mark(word string, labels bool) (marked string, n int) {
	if strings.HasPrefix(word, "http") {
		link := strings.TrimRight(word, ".,;:!?)\"'")
		return "<" + escapes.Replace(link) + ">", len(link)
	}
	// A full stop may end the sentence and not be of the name.
	for n = len(word); n > 1; n-- {
		if marked := f.nameMark(word[:n], labels); marked != "" {
			return marked, n
		}
		if !strings.ContainsAny(word[n-1:n], "._-") {
			break
		}
	}
	return escapes.Replace(word), len(word)
}

// nameMark gives the mark of one name, or nothing; the lock is held.
func (f *Fake) nameMark(word string, labels bool) string {
	name := strings.ToLower(word[1:])
	if word[0] == '#' {
		for _, c := range f.channels {
			switch {
			case c.Name != name || c.direct != "":
			case c.Private:
				return fmt.Sprintf("<#%s|>", c.ID)
			default:
				return fmt.Sprintf("<#%s|%s>", c.ID, c.Name)
			}
		}
		return ""
	}
	if name == "here" || name == "channel" || name == "everyone" {
		return "<!" + name + ">"
	}
	for _, u := range f.users {
		if u.Name != name {
			continue
		}
		if labels {
			return fmt.Sprintf("<@%s|%s>", u.ID, u.Name)
		}
		return fmt.Sprintf("<@%s>", u.ID)
	}
	for _, g := range f.groups {
		if g.Handle == name && !g.Disabled {
			return fmt.Sprintf("<!subteam^%s|@%s>", g.ID, g.Handle)
		}
	}
	return ""
}
