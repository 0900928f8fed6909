package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// TestBesideCommands is what people do in Slack beside typing commands: shortcuts on messages, lines in threads and in direct
// messages, their own page, and the other command; who sees what, and what the ledger keeps of it.
func TestBesideCommands(t *testing.T) {
	for _, way := range []string{"http", "socket"} {
		t.Run(way, func(t *testing.T) {
			s, o := readStory(t, "long"), newOffice(t, way)
			done := false
			s.tell(func(sc scene) {
				if done {
					return
				}
				done = true
				s.write("slack.yaml", o.staffed(sc.config))
				sc.typed = sc.typed[:2] // a release is opened, and a flag made
				o.after = func(v *visitor, line string) {
					h := o.hand(v)
					if strings.Contains(line, "flag new") {
						h.fake.SetChannel(channelOf("app"), func(c *slackfake.Channel) {
							c.BotIsMember, c.Members = true, []string{userOf("ana"), userOf("ben"), userOf("docs")}
						})
						d := caller{hand: h, t: t}
						d.adds(t.Context())
						d.tells(t.Context())
						d.mentions(t.Context())
						d.writes(t.Context())
						d.looks(t.Context())
					}
				}
				o.play(sc)
			})
			kept(t, ledgerOf(t, "slack-data", o.alike()))
		})
	}
}

const grievance = "totals are wrong & late, see <this>: https://issues.example.org/42 @ana"

// caller is where somebody works with more than commands.
type caller struct {
	*hand
	t *testing.T
}

// said checks that each of the parts is among what somebody reads.
func (d caller) said(what string, lines []string, parts ...string) {
	d.t.Helper()
	text := strings.Join(lines, "\n")
	for _, p := range parts {
		if !strings.Contains(text, p) {
			d.t.Errorf("%s: %q does not say %q", what, text, p)
		}
	}
}

// form is the form that somebody has before them, its fields by name.
func (d caller) form(id string) (slackfake.View, map[string]string) {
	d.t.Helper()
	d.settle(d.t.Context())
	v, ok := d.fake.Modal(userOf(id))
	if !ok {
		d.t.Fatalf("no form opens for %s", id)
	}
	fields := map[string]string{}
	for _, in := range v.Inputs {
		fields[in.Block] = in.Value
	}
	return v, fields
}

func (d caller) told(id string) []string {
	var all []string
	for _, channel := range []string{channelOf("app"), d.fake.DM(userOf(id))} {
		for _, w := range d.fake.Ephemerals(channel, userOf(id)) {
			all = append(all, w.Lines()...)
		}
	}
	return all
}

// adds has the link of somebody's message added to the release.
func (d caller) adds(ctx context.Context) {
	app := channelOf("app")
	ts := d.as("ben").Say(app, "", grievance).TS
	d.as("ana").Shortcut(ctx, "add_to_release", app, ts)
	v, fields := d.form("ana")
	if fields["what"] != "https://issues.example.org/42" {
		d.t.Errorf("the form begins with %v", fields)
	}
	d.said("the form", append(v.Lines(), v.Title), "Add to the scope", "app invoices")
	d.as("ana").Submit(ctx, map[string]string{"title": "The totals"})
	d.settle(ctx)
	d.said("who adds reads", d.told("ana"), "in the scope as 1: The totals")
}

// tells has a message become feedback, as it was written, with where it stands.
func (d caller) tells(ctx context.Context) {
	app := channelOf("app")
	ts := d.as("ben").Say(app, "", grievance).TS
	d.as("docs").Shortcut(ctx, "feedback", app, ts)
	_, fields := d.form("docs")
	if fields["text"] != grievance || !strings.HasPrefix(fields["url"], "https://") || !strings.Contains(fields["url"], app) {
		d.t.Errorf("the form begins with %v", fields)
	}
	d.as("docs").Submit(ctx, nil)
	d.settle(ctx)
	d.said("who tells reads", d.told("docs"), "#1")
}

// mentions says lines to the bot in the card's thread: what concerns all is answered there, what one alone to them.
func (d caller) mentions(ctx context.Context) {
	app := channelOf("app")
	card := d.fake.Messages(app)[0]
	d.as("ben").Mention(ctx, app, card.TS, "sign tests -- build 38")
	d.settle(ctx)
	d.said("the thread", d.thread(card.TS), "ok preview.ready/tests · @ben as engineering")
	d.as("docs").Mention(ctx, app, card.TS, "advance")
	d.settle(ctx)
	d.said("who is refused", d.told("docs"), "can: @ana, @ben", "@readyroom help", "[Help]")
	if text := strings.Join(d.thread(card.TS), "\n"); strings.Contains(text, "not_allowed") || strings.Contains(text, "/release") {
		d.t.Errorf("the thread says %q", text)
	}
}

func (d caller) thread(ts string) (all []string) {
	for _, m := range d.fake.Messages(channelOf("app")) {
		if m.ThreadTS == ts {
			all = append(all, m.Lines()...)
		}
	}
	return all
}

// writes types in direct messages, and the other command in the channel.
func (d caller) writes(ctx context.Context) {
	dm := d.fake.DM(userOf("docs"))
	ts := d.as("docs").Say(dm, "", "todo").TS
	if _, err := d.fake.Emit(ctx, map[string]any{"type": "message", "channel_type": "im", "channel": dm, "user": userOf("docs"), "text": "todo", "ts": ts, "event_ts": ts, "team": slackfake.Team}); err != nil {
		d.t.Fatal(err)
	}
	d.settle(ctx)
	var all []string
	for _, m := range d.fake.Messages(dm) {
		all = append(all, m.Lines()...)
	}
	d.said("direct messages", all, "1 waiting for @docs", "to sign: preliminary-docs")
	r := d.as("docs").Slash(ctx, channelOf("app"), "/flag", "list")
	d.settle(ctx)
	d.said("/flag list", r.Texts(), "1 flag", "invoices · off · app invoices · @ana")
	if len(r.Messages()) > 0 {
		d.t.Errorf("all read %q", r.Texts())
	}
}

// looks opens somebody's own page, and signs from there.
func (d caller) looks(ctx context.Context) {
	d.as("docs").OpenHome(ctx)
	d.settle(ctx)
	page := func() []string {
		v, ok := d.fake.Home(userOf("docs"))
		if !ok {
			d.t.Fatal("no page")
		}
		return v.Lines()
	}
	d.said("the page", page(), "My to-do · 1", "to sign: preliminary-docs", "[1. Sign…]", "Coming · 1")
	d.as("docs").PressHome(ctx, "1. Sign…")
	d.form("docs")
	d.as("docs").Submit(ctx, map[string]string{"note": "read on the phone"})
	d.settle(ctx)
	d.said("the page after it", page(), "Nothing waits for you")
}

// kept checks what the ledger has of all that, and by whom.
func kept(t *testing.T, ledger []told) {
	t.Helper()
	var got []string
	for _, e := range ledger {
		for _, kind := range []string{"release.scope_added", "feedback.heard", "release.signed"} {
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
	want := []string{"@ana release.scope_added", "@docs feedback.heard", "@ben release.signed", "@docs release.signed"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the ledger (-want +got):\n%s", diff)
	}
	if slices.ContainsFunc(ledger, func(e told) bool { return strings.Contains(e.Data, "&amp;") || strings.Contains(e.Data, "<@") }) {
		t.Error("the ledger keeps Slack's own marks")
	}
}

func keeps(t *testing.T, e told, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(e.Data, p) {
			t.Errorf("%s keeps %s, without %q", e.Kind, e.Data, p)
		}
	}
}
