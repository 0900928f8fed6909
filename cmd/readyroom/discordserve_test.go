//go:build linux

package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/commands"
)

// port is the program as a process of its own, serving a server of Discord from a folder of its own.
type port struct {
	*site
	d *discordfake.Fake
}

// emptyServer is a server of Discord that the bot was not let into yet. Ana may manage it, Ben is one of thousands.
func emptyServer(t *testing.T) *discordfake.Fake {
	d := discordfake.New(t, discordfake.Options{})
	d.RemoveMember(discordfake.Server, discordfake.Bot)
	team := d.AddRole(discordfake.Role{Name: "team", Permissions: discordfake.ManageServer})
	d.AddUser(discordfake.User{ID: anaInDiscord, Name: "ana"})
	d.AddMember(discordfake.Member{User: anaInDiscord, Roles: []string{team}})
	d.AddUser(discordfake.User{ID: benInDiscord, Name: "ben"})
	d.AddMember(discordfake.Member{User: benInDiscord})
	d.AddChannel(discordfake.Channel{ID: appInDiscord, Name: "app"})
	return d
}

// inDiscord starts the program with the token alone.
func inDiscord(t *testing.T, d *discordfake.Fake, config string, http bool) *port {
	p := &port{site: launch(t, d, config, discordBot+"="+d.BotToken(), discordURL+"="+d.URL()), d: d}
	if http {
		d.Deliver(d.HTTP(p.url))
	}
	p.wait(200, time.Minute)
	until(t, "the commands are there", func() bool { return len(d.Commands(discordfake.Server)) > 0 })
	return p
}

// types has Ana type a command in the channel, and gives what she reads then.
func (p *port) types(line string) string {
	p.t.Helper()
	c, err := commands.All.Parse(line, commands.Context{Now: time.Now(), Zone: time.UTC, Products: func(string) bool { return false }})
	if err != nil {
		p.t.Fatal(err)
	}
	r := p.d.As(anaInDiscord).Slash(p.t.Context(), appInDiscord, typedPath(c.Command.Path), typedOptions(c))
	if r.Shown != "" {
		p.t.Fatalf("/release %s: Ana sees %s: %v\n%s", line, r.Shown, r.Err, p.log)
	}
	p.d.Wait(p.t.Context(), "an answer to "+line, func() bool { return len(r.Texts()) > 0 })
	return strings.Join(r.Texts(), "\n")
}

// reads waits until the channel shows something.
func (p *port) reads(want string) {
	p.t.Helper()
	ok := p.d.Wait(p.t.Context(), want+" in the channel", func() bool {
		for _, m := range p.d.Messages(appInDiscord) {
			if strings.Contains(p.d.Text(m), want) {
				return true
			}
		}
		return false
	})
	if !ok {
		p.t.Log(p.log)
	}
}

// TestFiveMinutesInDiscord: from nothing to a release in a server, as the README tells it: with the token alone the doctor
// gives the link that lets the bot in; once it is in, the commands are there, and whoever types the code of the log owns the
// bot and opens the first release. Who may not manage the server does not see the commands.
func TestFiveMinutesInDiscord(t *testing.T) {
	for way, config := range map[string]string{"gateway": "", "http": "discord: {listen: http}\nowners: []\n"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			d := emptyServer(t)
			d.AddMember(discordfake.Member{User: discordfake.Bot, Roles: []string{discordfake.BotRole}}) // the link is opened
			p := inDiscord(t, d, config, way == "http")
			p.logs(`msg="platform is on" platform=discord hears="?` + way)
			code := p.logs(`claim=([^ ]+) `)
			if got := p.types("new app@1.0.0"); !strings.Contains(got, "no owner yet") || !strings.Contains(got, "/release admin claim code:CODE") {
				t.Errorf("before anybody owns it, Ana reads %s", got)
			}
			if got := p.types("admin claim " + code); !strings.HasPrefix(got, "you own this bot now") {
				t.Errorf("with the code, Ana reads %s", got)
			}
			p.types("new app@1.0.0")
			p.reads("app 1.0.0 · before GA")
			if way == "gateway" {
				p.answersAmongOthers()
			}
			p.signal(syscall.SIGTERM)
			if err := p.Wait(); err != nil {
				t.Errorf("it ended with %v\n%s", err, p.log)
			}
			if bad := d.Failures(); len(bad) > 0 {
				t.Errorf("somebody saw %v", bad)
			}
			if r := d.As(benInDiscord).Slash(t.Context(), appInDiscord, []string{"release", "status"}, nil); r.Err == nil || len(d.Failures()) != 1 {
				t.Errorf("Ben, whom nobody named, sees the commands: %v", d.Failures())
			}
		})
	}
}

// answersAmongOthers has Ana ask where anybody of the server reads and no release is told of: she alone reads the answer.
func (p *port) answersAmongOthers() {
	p.t.Helper()
	general := p.d.AddChannel(discordfake.Channel{Name: "general"})
	in := func(channel string) int { return len(p.d.Messages(channel)) }
	for _, tt := range []struct{ asked, answered, not string }{
		{general, p.d.DM(anaInDiscord), general},
		{appInDiscord, appInDiscord, p.d.DM(anaInDiscord)},
	} {
		there, elsewhere := in(tt.answered), in(tt.not)
		p.d.As(anaInDiscord).Mention(p.t.Context(), tt.asked, "status")
		p.d.Wait(p.t.Context(), "an answer to a mention", func() bool {
			return in(tt.answered) > there && (tt.asked != tt.answered || in(tt.answered) > there+1)
		})
		if n := in(tt.not) - elsewhere; n > 1 || n == 1 && tt.not != tt.asked {
			p.t.Errorf("%d messages came into %s", n, tt.not)
		}
	}
}

// doctor runs the doctor beside the bot, and gives what it says.
func (s *site) doctor() string {
	c := exec.CommandContext(s.t.Context(), s.Path, "doctor")
	c.Dir, c.Env = s.dir, s.Env
	out, _ := c.Output() // it ends with 1 where something failed
	return string(out)
}

// TestInvitedLater: a bot that begins before anybody let it in says how that is done, and works as soon as it is in.
func TestInvitedLater(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes until the bot looks again")
	}
	t.Parallel()
	d := emptyServer(t)
	link := "https://discord.com/oauth2/authorize?client_id=" + discordfake.App + "&scope=bot+applications.commands&permissions="
	s := launch(t, d, "", discordBot+"="+d.BotToken(), discordURL+"="+d.URL())
	until(t, "/readyz says how the bot gets in", func() bool {
		return strings.Contains(s.ready(503), "in no server: choose one, and let one of its admins open "+link)
	})
	if out := s.doctor(); !strings.Contains(out, "FAILED   servers        the bot is in no server yet\n") || !strings.Contains(out, link) {
		t.Errorf("the doctor says\n%s", out)
	}
	d.AddMember(discordfake.Member{User: discordfake.Bot, Roles: []string{discordfake.BotRole}}) // the link is opened
	s.wait(200, 90*time.Second)
	p := &port{site: s, d: d}
	until(t, "the commands are there", func() bool { return len(d.Commands(discordfake.Server)) > 0 })
	if out := s.doctor(); strings.Contains(out, "FAILED") || !strings.Contains(out, "as they should be\n") {
		t.Errorf("once it is in, the doctor says\n%s", out)
	}
	if got := p.types("admin claim " + s.logs(`claim=([^ ]+) `)); !strings.HasPrefix(got, "you own this bot now") {
		t.Errorf("with the code, Ana reads %s", got)
	}
}
