package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/commands"
)

// TestDiscordLook keeps what people read in Discord while the long story is told: cards, refusals, questions, briefings,
// notes, forms, choices while they type, one of each kind. The texts in testdata/discord are for reading: buttons stand in
// brackets, choices in round ones.
func TestDiscordLook(t *testing.T) {
	l := look{gallery: gallery{t: t, seen: map[string]bool{}}}
	l.dir, _ = filepath.Abs("testdata/discord")
	s := readStory(t, "long")
	l.guild = newGuild(t, "http")
	l.after = func(v *visitor, line string) { l.visit(t.Context(), v, line) }
	s.tell(func(sc scene) {
		s.write("discord.yaml", l.staffed(sc.config))
		l.play(sc)
	})
	l.complete(13)
}

// look is the gallery of Discord.
type look struct {
	gallery
	*guild
}

// visit looks around after the lines at which there is something to see.
func (l *look) visit(ctx context.Context, v *visitor, line string) {
	first := func(channel string) []string { return l.fake.Lines(l.fake.Messages(talkID(channel))[0]) }
	switch _, last, _ := strings.Cut(" "+line, " "); {
	case strings.Contains(last, "new app@invoices"):
		l.hang("card-opened", first("app"))
		l.hangMessage("card", l.fake.Messages(talkID("app"))[0])
	case strings.Contains(last, "flag new invoices"):
		l.forms(ctx)
		l.choices(ctx)
		l.fake.As(memberID("docs")).Slash(ctx, talkID("app"), []string{"release", "advance"}, nil)
		l.hang("refusal", l.newest("docs"))
		l.fake.As(memberID("docs")).Slash(ctx, talkID("app"), []string{"release", "todo"}, nil)
		l.hang("todo", l.newest("docs"))
	case last == "advance" && v.person == "ben":
		l.hang("card-preview", first("app"))
		l.hang("thread", l.thread("app"))
	case last == "!press Send briefing":
		l.hang("support", first("support"))
	case strings.HasSuffix(last, "@ana advance") && strings.Contains(strings.Join(l.newest("ana"), " "), "to everyone?"):
		l.hang("question", l.newest("ana"))
	case last == "!press Release to everyone":
		l.hang("card-out", first("app"))
	case last == "!press Publish":
		l.hang("news", first("news"))
	case last == "!wait 24h":
		l.hang("digest", l.fake.Lines(l.fake.Messages(l.fake.DM(memberID("mia")))[0]))
	}
}

// newest is what somebody was told alone in #app last.
func (l *look) newest(id string) []string {
	all := l.fake.Ephemerals(talkID("app"), memberID(id))
	return l.fake.Lines(all[len(all)-1].Message)
}

func (l *look) thread(channel string) (all []string) {
	for _, m := range l.fake.Thread(talkID(channel), l.fake.Messages(talkID(channel))[0].ID) {
		all = append(all, append(l.fake.Lines(m), "")...)
	}
	return all
}

// forms opens the form of each command that has one, as the fake lets only forms within Discord's limits be opened.
func (l *look) forms(ctx context.Context) {
	var all []string
	p := l.fake.As(memberID("ana"))
	for _, c := range commands.All {
		if c.Form == nil {
			continue
		}
		values := map[string]any{}
		for _, q := range c.Params {
			if q.Required && q.Kind == chat.KindFlag {
				values[q.Name] = "invoices"
			}
		}
		p.Slash(ctx, talkID("app"), typedPath(c.Path), values)
		all = append(all, "> /"+strings.Join(typedPath(c.Path), " "))
		m, ok := l.fake.Modal(memberID("ana"))
		if !ok {
			all = append(all, append(l.newest("ana"), "")...)
			continue
		}
		all = append(all, formOf(m)...)
		p.CloseModal()
	}
	l.hang("forms", all)
}

// formOf is a form as it is read: its head, and each field with its choices.
func formOf(m discordfake.Modal) []string {
	out := []string{"# " + m.Title}
	for _, f := range m.Fields {
		line := f.Label + ": " + f.Value
		if !f.Required {
			line = f.Label + " (optional): " + f.Value
		}
		if len(f.Options) > 6 {
			f.Options = append(f.Options[:5], fmt.Sprintf("… %d more", len(f.Options)-5))
		}
		if len(f.Options) > 0 {
			line += " (" + strings.Join(f.Options, " | ") + ")"
		}
		out = append(out, strings.ReplaceAll(line, "\n", "\n  "))
		if f.Description != "" {
			out = append(out, "  "+f.Description)
		}
		if f.Placeholder != "" {
			out = append(out, "  "+f.Placeholder+" …")
		}
	}
	return append(out, "")
}

// choices are what is offered while somebody types.
func (l *look) choices(ctx context.Context) {
	var all []string
	for _, c := range []struct {
		path         []string
		option, text string
	}{
		{[]string{"release", "sign"}, "item", ""}, {[]string{"release", "sign"}, "item", "docs"}, {[]string{"release", "status"}, "rel", ""},
		{[]string{"flag", "show"}, "flag", ""}, {[]string{"release", "new"}, "template", ""}, {[]string{"release", "sign"}, "as", ""},
	} {
		r := l.fake.As(memberID("ana")).Autocomplete(ctx, talkID("app"), c.path, map[string]any{c.option: c.text}, c.option)
		all = append(all, "> /"+strings.Join(c.path, " ")+" "+c.option+": "+c.text)
		for _, o := range r.Choices {
			all = append(all, fmt.Sprintf("  %s = %v", o.Name, o.Value))
		}
	}
	l.hang("choices", all)
}

// hangMessage keeps a message as it is sent.
func (l *look) hangMessage(name string, m discordfake.Message) {
	raw, err := json.Marshal(map[string]any{"content": m.Content, "embeds": m.Embeds, "components": m.Components})
	if err != nil {
		l.t.Fatal(err)
	}
	l.hangJSON(name, json.RawMessage(anyID.ReplaceAll(foundBy.ReplaceAll(raw, []byte("rr-KEY")), []byte("ID"))))
}
