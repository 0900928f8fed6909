package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/discord/tree"
)

// TestBesideDiscordCommands is what people do in Discord beside typing commands: the menu of a message, choices while they
// type, lines in channels, threads and direct messages, and the buttons of ordinary members; who sees what, and what the
// ledger keeps of it.
func TestBesideDiscordCommands(t *testing.T) {
	for _, way := range []string{"http", "gateway"} {
		t.Run(way, func(t *testing.T) {
			s, g := readStory(t, "long"), newGuild(t, way)
			done := false
			s.tell(func(sc scene) {
				if done {
					return
				}
				done = true
				s.write("discord.yaml", g.staffed(sc.config))
				sc.typed = sc.typed[:2] // a release is opened, and a flag made
				g.after = func(v *visitor, line string) {
					if strings.Contains(line, "flag new") {
						d := dweller{guild: g, visitor: v}
						d.picks(t.Context())
						d.completes(t.Context())
						d.follows(t.Context())
						d.briefs(t.Context())
						if way == "gateway" {
							d.mentions(t.Context())
							d.writes(t.Context())
						}
					}
				}
				g.play(sc)
			})
			// The only thing that goes wrong is that an ordinary member finds no command.
			if f := g.failures(); len(f) != 1 || !strings.Contains(f[0], memberID("zoe")+" saw the command \"release\" is hidden from them") {
				t.Errorf("people saw go wrong: %q", f)
			}
			keptOfMembers(t, ledgerOf(t, "discord-data", g.alike()), way)
		})
	}
}

// dweller is where somebody works with more than commands.
type dweller struct {
	*guild
	*visitor
}

func (d dweller) as(id string) *discordfake.Person { return d.fake.As(memberID(id)) }

// said checks that each of the parts is among what somebody reads.
func (d dweller) said(what string, lines []string, parts ...string) {
	d.guild.t.Helper()
	text := strings.Join(lines, "\n")
	for _, p := range parts {
		if !strings.Contains(text, p) {
			d.guild.t.Errorf("%s: %q does not say %q", what, text, p)
		}
	}
}

// fields are the form that somebody has before them, by name.
func (d dweller) fields(id string) map[string]string {
	d.guild.t.Helper()
	d.settle(d.guild.t.Context())
	m, ok := d.fake.Modal(memberID(id))
	if !ok {
		d.guild.t.Fatalf("no form opens for %s: %q", id, d.reads(id, "app"))
	}
	fields := map[string]string{}
	for _, f := range m.Fields {
		fields[f.ID] = f.Value
	}
	return fields
}

// picks has the link of somebody's message added to the release, and is told where there is nothing to acknowledge.
func (d dweller) picks(ctx context.Context) {
	app := talkID("app")
	m := d.as("ben").Say(ctx, app, grievance).Message
	d.as("ana").ContextMenu(ctx, tree.AddToRelease, app, m)
	if f := d.fields("ana"); f["what"] != "https://issues.example.org/42" {
		d.guild.t.Errorf("the form begins with %v", f)
	}
	d.fills(ctx, "ana", map[string]string{"title": "The totals"})
	d.settle(ctx)
	d.said("who adds reads", d.reads("ana", "app"), "in the scope as 1: The totals")
	d.as("docs").ContextMenu(ctx, tree.Acknowledge, app, m)
	d.settle(ctx)
	d.said("who has nothing to acknowledge reads", d.reads("docs", "app"), "This is no briefing of mine")
}

// completes looks at what is proposed while somebody types.
func (d dweller) completes(ctx context.Context) {
	names := func(r discordfake.Result) (all []string) {
		for _, c := range r.Choices {
			all = append(all, fmt.Sprint(c.Name, " = ", c.Value))
		}
		return all
	}
	r := d.as("docs").Autocomplete(ctx, talkID("app"), []string{"release", "sign"}, map[string]any{"item": "prel"}, "item")
	d.said("who signs is offered", names(r), "preliminary-docs", "unsigned")
	r = d.as("ana").Autocomplete(ctx, talkID("app"), []string{"flag", "show"}, map[string]any{"flag": ""}, "flag")
	d.said("who looks at a flag is offered", names(r), "invoices")
}

// follows has an ordinary member, whom nobody gave a role, press what all may press on what all may read.
func (d dweller) follows(ctx context.Context) {
	d.fake.AddUser(discordfake.User{ID: memberID("zoe"), Name: "zoe"})
	d.fake.AddMember(discordfake.Member{User: memberID("zoe")})
	news := talkID("news")
	d.typed(ctx, "ana", "news", "set app@invoices --here")
	d.settle(ctx)
	for _, label := range []string{"Tell me when it ships", "I want the preview"} {
		d.as("zoe").Press(ctx, news, label)
		d.settle(ctx)
		d.said(label, d.reads("zoe", "news"), "you are told in person when")
	}
	d.as("zoe").Press(ctx, news, "Feedback")
	d.fields("zoe")
	d.as("zoe").Submit(ctx, map[string]string{"text": grievance})
	d.settle(ctx)
	d.said("who tells reads", d.reads("zoe", "news"), "thank you")
	d.as("zoe").Press(ctx, talkID("app"), "Hold")
	d.settle(ctx)
	if _, open := d.fake.Modal(memberID("zoe")); open {
		d.as("zoe").Submit(ctx, map[string]string{"reason": "just so"})
		d.settle(ctx)
	}
	d.said("whoever may not reads", d.reads("zoe", "app"), "unknown_person")
	d.as("zoe").Slash(ctx, news, []string{"release", "status"}, nil)
}

// briefs has a briefing acknowledged from the menu of its message.
func (d dweller) briefs(ctx context.Context) {
	d.typed(ctx, "ana", "app", `brief draft --changes "Invoices are files" --help "Ask which"`)
	d.settle(ctx)
	d.typed(ctx, "ana", "app", "brief send")
	d.settle(ctx)
	d.as("ana").Press(ctx, talkID("app"), "Send briefing")
	d.settle(ctx)
	sent := d.fake.Messages(talkID("support"))
	if len(sent) != 1 {
		d.guild.t.Fatalf("support reads %d messages, ana %q", len(sent), d.reads("ana", "app"))
	}
	d.as("mia").ContextMenu(ctx, tree.Acknowledge, talkID("support"), sent[0].ID)
	d.settle(ctx)
	d.said("who acknowledges reads", d.reads("mia", "support"), "read by 1/")
}

// mentions says lines to the bot in the channel and in the card's thread.
func (d dweller) mentions(ctx context.Context) {
	app := talkID("app")
	card := d.fake.Messages(app)[0]
	d.as("ben").Mention(ctx, app, "sign tests -- build 38")
	d.hears(ctx, app, "ok preview.ready/tests\n@ben as engineering")
	d.as("docs").Mention(ctx, card.ID, "advance")
	d.hears(ctx, d.fake.DM(memberID("docs")), "can: @ana, @ben")
	d.said("who is refused", d.everything(d.fake.DM(memberID("docs"))), "can: @ana, @ben", "readyroom help", "[Help]")
	if text := strings.Join(d.everything(card.ID), "\n"); strings.Contains(text, "not_allowed") {
		d.guild.t.Errorf("the thread says %q", text)
	}
}

// hears waits for an answer: what is said comes over the gateway, and nobody knows when.
func (d dweller) hears(ctx context.Context, channel, part string) {
	d.guild.t.Helper()
	d.fake.Wait(ctx, part, func() bool { return strings.Contains(strings.Join(d.everything(channel), "\n"), part) })
	d.settle(ctx)
}

func (d dweller) everything(channel string) (all []string) {
	for _, m := range d.fake.Messages(channel) {
		all = append(all, d.fake.Lines(m)...)
	}
	return all
}

// writes types in direct messages.
func (d dweller) writes(ctx context.Context) {
	dm := d.fake.DM(memberID("docs"))
	d.as("docs").Say(ctx, dm, "todo")
	d.hears(ctx, dm, "to sign: preliminary-docs")
}

// keptOfMembers checks what the ledger has of all that, and by whom.
func keptOfMembers(t *testing.T, ledger []told, way string) {
	t.Helper()
	var got []string
	for _, e := range ledger {
		for _, kind := range []string{"release.scope_added", "feedback.heard", "feedback.followed", "release.signed", "release.held", "briefing.acked"} {
			if e.Kind == kind {
				got = append(got, fmt.Sprint(e.By, " ", kind))
			}
		}
		switch e.Kind {
		case "release.scope_added":
			keeps(t, e, "https://issues.example.org/42", "The totals")
		case "feedback.heard":
			keeps(t, e, `totals are wrong \u0026 late, see \u003cthis\u003e: https://issues.example.org/42 @ana`)
		}
	}
	zoe := "@discord." + memberID("zoe")
	want := []string{"@ana release.scope_added", zoe + " feedback.followed", zoe + " feedback.followed", zoe + " feedback.heard", "@mia briefing.acked"}
	if way == "gateway" {
		want = append(want, "@ben release.signed")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the ledger (-want +got):\n%s", diff)
	}
	if slices.ContainsFunc(ledger, func(e told) bool { return strings.Contains(e.Data, "<@") || strings.Contains(e.Data, `\\`) }) {
		t.Error("the ledger keeps Discord's own marks")
	}
}
