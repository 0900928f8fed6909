package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/bot/discord"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/workflows"
)

func TestStoriesInDiscord(t *testing.T) {
	for _, name := range stories {
		for _, way := range []string{"gateway", "http"} {
			t.Run(name+" over "+way, func(t *testing.T) { tellIn(t, name, func(t *testing.T) *folk { return newGuild(t, way).folk }) })
		}
	}
}

// guild is a server of Discord where the bot is at work.
type guild struct {
	*folk
	way  string
	fake *discordfake.Fake
	team string // the role of whoever may see the commands
	url  string // where the bot listens, over http

	pressed map[string]string // what somebody pressed last
	wrong   map[string]bool   // whether the form that they sent is to be put right
}

func newGuild(t *testing.T, way string) *guild {
	g := &guild{folk: newFolk(t), way: way, pressed: map[string]string{}, wrong: map[string]bool{}}
	g.town = g
	g.fake = discordfake.New(t, discordfake.Options{Now: func() time.Time { return g.clock() }})
	g.team = g.fake.AddRole(discordfake.Role{Name: "team", Permissions: discordfake.ManageServer})
	t.Setenv(discordURL, g.fake.URL())
	t.Setenv(discordBot, g.fake.BotToken())
	return g
}

// snowflake is the id of somebody or something by its name.
func snowflake(kind, name string) string {
	h := fnv.New32a()
	h.Write([]byte(kind + name))
	return fmt.Sprintf("12%016d", h.Sum32())
}

func memberID(id string) string    { return snowflake("@", id) }
func talkID(channel string) string { return snowflake("#", channel) }
func (g *guild) name() string      { return discord.Platform }
func (g *guild) handle(id string) string {
	return memberID(id)
}
func (g *guild) account(id string) string { return `"` + memberID(id) + `"` }
func (g *guild) channel(name string) string {
	return discordfake.Server + "/" + talkID(name)
}

func (g *guild) setting() string {
	if g.way == "http" {
		return "discord: {listen: http}\n"
	}
	return ""
}

func (g *guild) add(id string) {
	g.fake.AddUser(discordfake.User{ID: memberID(id), Name: id})
	g.fake.AddMember(discordfake.Member{User: memberID(id), Roles: []string{g.team}})
}

func (g *guild) open(name string) {
	g.fake.AddChannel(discordfake.Channel{ID: talkID(name), Name: name})
}

// types types what a line says as the typed command that it is. What cannot be typed so, as a word that there is not, is
// left out: the console refuses it, and nothing comes of it there either.
func (g *guild) types(ctx context.Context, id, channel, line string) {
	if words := strings.Fields(line); len(words) > 1 && words[0] == "confirm" {
		g.answers(ctx, id, channel, words)
		return
	}
	g.typed(ctx, id, channel, line)
}

// typed gives what comes of a command; ok is false where it cannot be typed.
func (g *guild) typed(ctx context.Context, id, channel, line string) (r discordfake.Result, ok bool) {
	products := func(name string) bool { is, err := g.r.desk.IsProduct(ctx, name); return is && err == nil }
	v, err := g.r.desk.Who(ctx, workflows.Handle(discord.Platform+"/"+memberID(id)))
	if err != nil {
		g.t.Logf("nobody knows who %s is: %v", id, err)
	}
	p, err := commands.All.Parse(line, commands.Context{Now: g.clock(), Zone: v.Zone, Products: products})
	if err != nil {
		g.t.Logf("nobody can type %q there: %v", line, err)
		return r, false
	}
	return g.fake.As(memberID(id)).Slash(ctx, talkID(channel), typedPath(p.Command.Path), typedOptions(p)), true
}

// typedPath is where a row stands in the tree: see bot/discord/tree.
func typedPath(path []string) []string {
	switch path[0] {
	case "candidate", "scope", "item", "audit", "admin":
	default:
		if len(path) > 1 {
			return path
		}
	}
	return append([]string{"release"}, path...)
}

func typedOptions(p commands.Parsed) map[string]any {
	out := map[string]any{}
	for _, q := range p.Command.Takes() {
		switch text := p.Args.Text(q.Name); {
		case text == "":
		case q.Kind == chat.KindSwitch:
			out[q.Name] = true
		default:
			out[q.Name] = text
		}
	}
	if p.Args.On.Release != "" {
		out["rel"] = p.Args.On.Release
	}
	if p.Args.Dry {
		out["dry-run"] = true
	}
	return out
}

// answers presses the button of a question that says the same as what is typed elsewhere.
func (g *guild) answers(ctx context.Context, id, channel string, words []string) {
	line := strings.Join(words, " ")
	for _, c := range []string{talkID(channel), g.fake.DM(memberID(id))} {
		for _, w := range g.fake.Ephemerals(c, memberID(id)) {
			if label, ok := labelOf(w.Components, line); ok {
				g.fake.As(memberID(id)).PressIn(ctx, c, w.ID, label)
				return
			}
		}
	}
	g.t.Logf("nobody can press %q there", line)
}

// labelOf is what stands on the button with an id.
func labelOf(components json.RawMessage, id string) (string, bool) {
	var rows []struct {
		Components []struct {
			ID    string `json:"custom_id"`
			Label string
		}
	}
	if json.Unmarshal(components, &rows) != nil {
		return "", false
	}
	for _, r := range rows {
		for _, b := range r.Components {
			if b.ID == id {
				return b.Label, true
			}
		}
	}
	return "", false
}

const (
	opensAgain = "Open the form again"
	goesOn     = "Go on with the form"
	sendsIt    = "Send it as it is"
)

// presses presses what bears the label. Where that opened a form, and the form was sent with something wrong in it, the
// form is opened again instead: it stands in the place of what opened it.
func (g *guild) presses(ctx context.Context, id, channel, label string) {
	if g.wrong[id] && g.pressed[id] == label {
		label = opensAgain
	} else {
		g.pressed[id] = label
	}
	g.wrong[id] = false
	g.fake.As(memberID(id)).PressNewest(ctx, label, talkID(channel), g.fake.DM(memberID(id)))
}

// fills fills in the open form, and goes on to its next page as long as there is something to say.
func (g *guild) fills(ctx context.Context, id string, values map[string]string) {
	p, rest := g.fake.As(memberID(id)), maps.Clone(values)
	for {
		m, open := g.fake.Modal(memberID(id))
		if !open {
			g.t.Fatalf("%s has no form to fill in", id)
		}
		now := map[string]string{}
		for _, f := range m.Fields {
			if v, ok := rest[f.ID]; ok {
				now[f.ID] = v
				delete(rest, f.ID)
			}
		}
		var offered []string
		for _, w := range p.Submit(ctx, now).Whispers() {
			offered = append(offered, p.Buttons(w.Channel, w.ID)...)
		}
		g.wrong[id] = slices.Contains(offered, opensAgain)
		next := goesOn
		if len(rest) == 0 {
			next = sendsIt
		}
		if !slices.Contains(offered, goesOn) {
			return
		}
		p.PressNewest(ctx, next, m.Channel(), g.fake.DM(memberID(id)))
		if next == sendsIt {
			return
		}
	}
}

func (g *guild) leaves(_ context.Context, id string) {
	if _, open := g.fake.Modal(memberID(id)); open {
		g.fake.As(memberID(id)).CloseModal()
	}
}

func (g *guild) reads(id, channel string) (all []string) {
	for _, c := range []string{talkID(channel), g.fake.DM(memberID(id))} {
		for _, w := range g.fake.Ephemerals(c, memberID(id)) {
			all = append(all, g.fake.Text(w.Message)+"\n"+string(w.Components)) // a question says its key on its buttons alone
		}
	}
	return all
}

func (g *guild) failures() (all []string) {
	for _, f := range g.fake.Failures() {
		all = append(all, fmt.Sprintf("%s saw %s at %q", f.User, f.Name, f.What))
	}
	for _, who := range g.fake.Rings(g.fake.Posted()...) {
		all = append(all, "a message rang "+who)
	}
	return all
}

// connect lets Discord reach the bot, and gives what ends that.
func (g *guild) connect(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := func() {}
	if g.way == "http" {
		server := httptest.NewServer(web.New(web.Options{Checks: g.r.checks, Metrics: g.r.metrics, Log: g.r.log, Chats: g.r.chatRoutes()}).Handler)
		stop, g.url = server.Close, server.URL
		g.fake.Deliver(g.fake.HTTP(server.URL))
	} else {
		g.fake.Gateway(0).Window(time.Millisecond) // each scene is a process that begins
		g.fake.Deliver(g.fake.Gateway(0))
	}
	done := make(chan struct{})
	go func() { g.r.discord.Run(ctx); close(done) }()
	for g.r.discord.Health() != nil {
		select {
		case <-ctx.Done():
			g.t.Fatal(g.r.discord.Health())
		case <-time.After(5 * time.Millisecond):
		}
	}
	if _, err := g.r.discord.Register(ctx, false); err != nil {
		g.t.Fatal(err)
	}
	return func() { cancel(); <-done; stop() }
}
