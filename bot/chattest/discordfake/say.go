package discordfake

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// Say writes in a channel, a thread, or the direct messages with the bot (DM). Names after @ and # are made the mentions
// that a client makes of them; "@readyroom" is the bot.
func (p *Person) Say(_ context.Context, channel, text string) Result {
	p.f.t.Helper()
	return p.write(channel, text, "")
}

// Mention writes to the bot in a channel or a thread: "@readyroom " is put before the text unless it is there.
func (p *Person) Mention(_ context.Context, channel, text string) Result {
	p.f.t.Helper()
	if !strings.Contains(text, "@readyroom") {
		text = "@readyroom " + text
	}
	return p.write(channel, text, "")
}

// Reply answers a message, which mentions its author.
func (p *Person) Reply(_ context.Context, channel, message, text string) Result {
	p.f.t.Helper()
	return p.write(channel, text, message)
}

func (p *Person) write(channel, text, to string) Result {
	p.f.t.Helper()
	f := p.f
	f.mu.Lock()
	ch, err := p.channel(channel)
	if err != nil {
		f.mu.Unlock()
		return p.cannot("write: %v", err)
	}
	need := SendMessages
	if ch.thread() {
		need = SendMessagesInThreads
	}
	answered := f.find(channel, to)
	m := f.members[ch.Server][p.id]
	switch {
	case !f.may(ch, p.id).Has(need), ch.thread() && ch.Locked:
		f.mu.Unlock()
		return p.cannot("write in %s: they may not", channel)
	case m != nil && m.TimedOut.After(f.o.Now()):
		f.mu.Unlock()
		return p.cannot("write in %s: they are timed out", channel)
	case to != "" && answered == nil:
		f.mu.Unlock()
		return p.cannot("answer: there is no message %s", to)
	}
	defer f.mu.Unlock()
	r := p.begin()
	said := f.mentioning(text)
	out := &Message{Channel: channel, Author: p.id, Content: said, Reply: to, Pings: f.pings(ch, p.id, said, nil)}
	if answered != nil {
		out.kind = 19
		if !slices.Contains(out.Pings.Users, answered.Author) {
			out.Pings.Users = append(out.Pings.Users, answered.Author)
		}
	}
	f.unarchive(ch)
	r.Message = f.post(out).ID
	return r
}

// Edit changes what the person wrote.
func (p *Person) Edit(channel, message, text string) {
	p.f.t.Helper()
	if m := p.own(channel, message); m != nil {
		p.f.mu.Lock()
		defer p.f.mu.Unlock()
		m.Content = p.f.mentioning(text)
		m.Pings = p.f.pings(p.f.channels[channel], p.id, m.Content, nil)
		p.f.edited(m)
	}
}

// Delete takes back what the person wrote.
func (p *Person) Delete(channel, message string) {
	p.f.t.Helper()
	if m := p.own(channel, message); m != nil {
		p.f.mu.Lock()
		defer p.f.mu.Unlock()
		p.f.deleted(m)
	}
}

func (p *Person) own(channel, message string) *Message {
	p.f.t.Helper()
	p.f.mu.Lock()
	m := p.f.find(channel, message)
	p.f.mu.Unlock()
	if m == nil || m.Author != p.id {
		p.cannot("change the message %s: it is not theirs", message)
		return nil
	}
	return m
}

var nameTyped = regexp.MustCompile(`[@#][\p{L}\p{N}][\p{L}\p{N}._-]*`)

// mentioning makes names the mentions that a client makes of them; the lock is held.
func (f *Fake) mentioning(text string) string {
	var out strings.Builder
	for {
		at := nameTyped.FindStringIndex(text)
		if at == nil {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(text[:at[0]])
		word := text[at[0]:at[1]]
		shown, n := word, len(word)
		if at[0] == 0 || !inWord(text[at[0]-1]) && text[at[0]-1] != '<' {
			shown, n = f.mentionOf(word)
		}
		out.WriteString(shown)
		text = text[at[0]+n:]
	}
}

// mentionOf gives the mention of a name, and how much of the word it is: a full stop may end the sentence; the lock is
// held.
func (f *Fake) mentionOf(word string) (shown string, n int) {
	for n = len(word); n > 1; n-- {
		if word[0] == '#' {
			if id := f.called(ChannelOption, word[1:n]); id != "" {
				return "<#" + id + ">", n
			}
		} else if id := f.userCalled(word[1:n]); id != "" {
			return "<@" + id + ">", n
		} else if id := f.called(RoleOption, word[1:n]); id != "" && id != f.roles[id].Server {
			return "<@&" + id + ">", n
		}
		if !strings.ContainsAny(word[n-1:n], "._-") {
			break
		}
	}
	return word, len(word)
}

// Rings are whom messages notified, as "@ana", "@owners", "@everyone", in their order.
func (f *Fake) Rings(all ...Message) (names []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range all {
		if m.Pings.Everyone {
			names = append(names, "@everyone")
		}
		for _, id := range m.Pings.Roles {
			names = append(names, f.nameOf("@&", id))
		}
		for _, id := range m.Pings.Users {
			names = append(names, f.nameOf("@", id))
		}
	}
	return names
}

// Pings are whom the messages rang that the person reads since.
func (r Result) Pings() []string { return r.p.f.Rings(r.Messages()...) }
