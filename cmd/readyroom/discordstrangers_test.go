package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
)

// TestStrangersInDiscord has two teams do the same work. Whoever is not of a team, and whoever reads a public channel, is
// sent the same, byte for byte, although the teams differ in every word that is theirs alone: whom they are, what they say
// and why, where they keep what. The strangers are a member of the server without a role, somebody from another server in
// direct messages, and somebody who installed the application for themselves.
func TestStrangersInDiscord(t *testing.T) {
	var sent [2][]string
	for i, team := range teams {
		t.Run(team["ana"], func(t *testing.T) { sent[i] = shownToStrangers(t, team) })
	}
	if diff := cmp.Diff(sent[0], sent[1]); diff != "" {
		t.Errorf("strangers can tell the teams apart (-one +other):\n%s", diff)
	}
	if len(sent[0]) < 300 {
		t.Errorf("strangers were sent only %d messages", len(sent[0]))
	}
	for i, team := range teams {
		for _, word := range team {
			if n := slices.IndexFunc(sent[i], func(s string) bool { return strings.Contains(s, word) }); n >= 0 {
				t.Errorf("strangers read %q in %s", word, sent[i][n])
			}
		}
	}
}

// teams are what two teams call what is theirs.
var teams = []map[string]string{
	{"ana": "adelaide", "ben": "bartholomew", "name": "Quokka", "why": "walrus legislation", "flag": "narwhal", "url": "https://pelican.example.org/7",
		"note": "heron heron heron", "scope": "Otter totals", "hold": "lemur came by", "change": "ibex in the cellar", "help": "ask the puffin", "risk": "gecko"},
	{"ana": "zed", "ben": "yorick", "name": "Wombat Wombat", "why": "ocelot", "flag": "marmot-flag", "url": "https://stoat.example.net/a/b/c/d/e",
		"note": "tapir", "scope": "A much longer line about emus and their totals", "hold": "okapi", "change": "axolotl", "help": "yak", "risk": "caracal caracal"},
}

const strangersTeam = `owners: [ANA]
discord: {commands: everyone, servers: ["%[6]s"]}
people:
  ANA: {name: "NAME", code: none, discord: "%[1]s"}
  BEN: {name: "NAME", code: none, discord: "%[2]s"}
roles: {'*': [ANA, BEN]}
default: {template: feature}
products:
  app: {repository: ., branch: main, channel: "discord/%[3]s"}
audiences:
  support: {people: [BEN], channel: "discord/%[4]s"}
  news: {channel: "discord/%[5]s", public: true}
time: {zone: UTC, days: mon-sun, hours: "00:00-23:59"}
`

// teamwork is what a team does, each line by somebody in a channel; words in capitals are theirs. Lines that begin with !
// press a button.
var teamwork = []struct{ who, where, line string }{
	{"ana", "app", `new app@invoices --title "Invoices as files" --why "WHY"`},
	{"ana", "news", `set app@invoices --here`},
	{"ana", "app", `flag new FLAG --why "WHY"`},
	{"ana", "app", `scope add URL --title "SCOPE"`},
	{"ben", "app", `sign app@invoices tests URL -- NOTE`},
	{"ben", "app", `hold app@invoices -- HOLD`},
	{"ana", "app", `resume app@invoices -- NOTE`},
	{"ana", "app", `brief draft --changes "CHANGE" --help "HELP"`},
	{"ana", "app", `brief send`},
	{"ana", "app", `!Send briefing`},
	{"ben", "app", `item assign app@invoices preliminary-docs @BEN --due 2099-01-30`},
	{"ana", "app", `notes draft`},
	{"ana", "app", `notes edit -- Invoices can be saved.`},
	{"ana", "app", `notes approve`},
	{"ana", "app", `advance app@invoices --break-glass -- WHY`},
	{"ana", "app", `!Break the glass`},
	{"ana", "app", `notes publish`},
	{"ana", "app", `!Publish`},
	{"ana", "app", `feedback add -- NOTE`},
}

func shownToStrangers(t *testing.T, team map[string]string) []string {
	inWorktree(t)
	g := newGuild(t, "gateway")
	var words []string
	for _, k := range slices.Sorted(maps.Keys(team)) {
		words = append(words, strings.ToUpper(k), team[k])
	}
	with := strings.NewReplacer(words...)
	for _, c := range []string{"app", "support", "news", "general"} {
		g.opens(c)
	}
	for _, p := range []string{"ana", "ben", team["ana"]} {
		g.comes(p)
	}
	g.fake.AddUser(discordfake.User{ID: memberID("zoe"), Name: "zoe"})
	g.fake.AddMember(discordfake.Member{User: memberID("zoe")})
	elsewhere := g.fake.AddServer(discordfake.Guild{Name: "elsewhere"})
	g.fake.AddUser(discordfake.User{ID: memberID("guest"), Name: "guest"})
	g.fake.AddMember(discordfake.Member{User: memberID("guest"), Server: elsewhere})
	writeFile(t, "discord.yaml", with.Replace(fmt.Sprintf(strangersTeam, memberID("ana"), memberID("ben"), g.channel("app"), g.channel("support"), g.channel("news"), discordfake.Server)))
	s := outsiders{guild: g, with: with}
	g.after = func(v *visitor, _ string) { s.visits(t.Context(), v) }
	g.play(scene{typed: []string{"!show"}})
	for _, f := range g.failures() {
		t.Error(f)
	}
	return s.sent()
}

// outsiders are whoever is not of the team.
type outsiders struct {
	*guild
	with *strings.Replacer
}

// visits has the team work, and the strangers look around after each step.
func (s outsiders) visits(ctx context.Context, v *visitor) {
	for _, step := range teamwork {
		line := s.with.Replace(step.line)
		if label, press := strings.CutPrefix(line, "!"); press {
			s.fake.As(memberID(step.who)).Press(ctx, talkID(step.where), label)
		} else if r, ok := s.typed(ctx, step.who, step.where, line); !ok || r.Shown != "" {
			s.t.Errorf("%q: %q %v", line, r.Shown, r.Err)
		}
		v.settle(ctx)
		s.presses(ctx, v)
		s.writes(ctx, v)
	}
	s.types(ctx, v)
	s.installs(ctx, v)
}

// presses has the member press all that stands in the public channel.
func (s outsiders) presses(ctx context.Context, v *visitor) {
	p := s.fake.As(memberID("zoe"))
	for _, m := range s.fake.Messages(talkID("news")) {
		for _, label := range p.Buttons(talkID("news"), m.ID) {
			p.PressIn(ctx, talkID("news"), m.ID, label)
			v.settle(ctx)
			s.fillsIn(ctx, v)
		}
	}
}

// fillsIn has the member fill in the form that is open, if one is, as far as that is possible, and send it.
func (s outsiders) fillsIn(ctx context.Context, v *visitor) {
	m, open := s.fake.Modal(memberID("zoe"))
	if !open {
		return
	}
	values := map[string]string{}
	for _, f := range m.Fields {
		switch {
		case f.Type == 4 && f.Value == "":
			values[f.ID] = "tests"
		case f.Type == 3 && f.Required && f.Value == "":
			values[f.ID] = f.Options[0]
		}
	}
	p := s.fake.As(memberID("zoe"))
	p.Submit(ctx, values)
	v.settle(ctx)
	if _, open := s.fake.Modal(memberID("zoe")); open {
		p.CloseModal()
	}
}

// writes has the guest write in direct messages.
func (s outsiders) writes(ctx context.Context, v *visitor) {
	dm := s.fake.DM(memberID("guest"))
	for _, line := range []string{"status app@invoices", "list", "check app@invoices", "brief show app@invoices", "sign app@invoices tests"} {
		n := len(s.fake.Messages(dm))
		s.fake.As(memberID("guest")).Say(ctx, dm, line)
		s.fake.Wait(ctx, "an answer", func() bool { return len(s.fake.Messages(dm)) > n+1 })
		v.settle(ctx)
	}
}

// types has the member type every command that there is, with and without a release, and look at what is proposed.
func (s outsiders) types(ctx context.Context, v *visitor) {
	for _, c := range s.fake.Commands(discordfake.Server) {
		if c.Type == discordfake.ChatInput {
			s.each(ctx, v, []string{c.Name}, c.Options)
		}
	}
}

func (s outsiders) each(ctx context.Context, v *visitor, path []string, options []discordfake.CommandOption) {
	p, values := s.fake.As(memberID("zoe")), map[string]any{}
	for _, o := range options {
		if o.Type == discordfake.SubCommand || o.Type == discordfake.SubCommandGroup {
			s.each(ctx, v, append(slices.Clone(path), o.Name), o.Options)
			continue
		}
		if o.Autocomplete {
			p.Autocomplete(ctx, talkID("news"), path, map[string]any{o.Name: ""}, o.Name)
		}
		switch {
		case o.Name == "rel":
			values["rel"] = "app@invoices"
		case !o.Required:
		case len(o.Choices) > 0:
			values[o.Name] = o.Choices[0].Value
		case o.Type == discordfake.UserOption:
			values[o.Name] = memberID("zoe")
		default:
			values[o.Name] = "tests"
		}
	}
	if len(options) > 0 && (options[0].Type == discordfake.SubCommand || options[0].Type == discordfake.SubCommandGroup) {
		return
	}
	for _, channel := range []string{"news", "general"} {
		p.Slash(ctx, talkID(channel), path, values)
		v.settle(ctx)
		s.fillsIn(ctx, v)
	}
}

// installs uses the application as somebody who installed it for themselves.
func (s outsiders) installs(ctx context.Context, v *visitor) {
	for _, forged := range []discordfake.Forgery{discordfake.UserInstall(), discordfake.InGroup(), discordfake.FromServer("1300000000000000009")} {
		i := s.fake.As(memberID("zoe")).Interaction(discordfake.CommandUse, talkID("news"), map[string]any{"id": "1", "name": "release", "type": 1,
			"options": []any{map[string]any{"name": "status", "type": 1, "options": []any{map[string]any{"name": "rel", "type": 3, "value": "app@invoices"}}}}}, forged)
		if _, err := s.fake.Send(ctx, i); err != nil {
			s.t.Error(err)
		}
		v.settle(ctx)
	}
}

var (
	anyID   = regexp.MustCompile(`\b[0-9]{17,20}\b`)
	foundBy = regexp.MustCompile(`rr-[A-Za-z0-9_-]+`)
	nonces  = regexp.MustCompile(`"nonce":"[^"]*"`)
	refs    = regexp.MustCompile(`rr:[a-z]+:[A-Za-z0-9_-]{8,}`)
)

// sent is all that left the bot for a stranger or a public channel, as it left, but for ids.
func (s outsiders) sent() (all []string) {
	tokens := map[string]bool{}
	for _, d := range s.fake.Deliveries(0) {
		var by struct {
			User   struct{ ID string }
			Member struct{ User struct{ ID string } }
		}
		if json.Unmarshal(d.Interaction.Payload, &by) == nil {
			who := by.User.ID + by.Member.User.ID
			tokens[d.Interaction.Token] = who != memberID("ana") && who != memberID("ben")
		}
	}
	public := map[string]bool{talkID("news"): true, s.fake.DM(memberID("zoe")): true, s.fake.DM(memberID("guest")): true}
	for _, m := range s.fake.Messages(talkID("news")) {
		public[m.ID] = true // the thread of it
	}
	for _, c := range s.fake.Calls("") {
		token := slices.ContainsFunc(strings.Split(c.Path, "/"), func(part string) bool { return tokens[part] })
		if len(c.Body) == 0 || !public[c.Params["channel"]] && !token {
			continue
		}
		text := anyID.ReplaceAllString(alike(string(c.Body)), "ID")
		text = refs.ReplaceAllString(nonces.ReplaceAllString(foundBy.ReplaceAllString(text, "rr-KEY"), `"nonce":""`), "rr:KEY")
		all = append(all, c.Route+" "+text)
	}
	return all
}
