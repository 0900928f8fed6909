//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/bot/slack"
)

// site is the program as a process of its own, serving a workspace of Slack from a folder of its own.
type site struct {
	*process
	f         *slackfake.Fake
	dir, data string
}

// newWorkspace is where Ana and Ben talk about the app.
func newWorkspace(t *testing.T) *slackfake.Fake {
	f := slackfake.New(t, slackfake.Options{Patience: 3 * time.Second})
	f.SetScopes(wellScopes()...)
	f.Grant(slackfake.AppTokenOf(slackfake.App), slack.SocketScope)
	f.AddUser(slackfake.User{ID: "U0ANA", Name: "ana"})
	f.AddUser(slackfake.User{ID: "U0BEN", Name: "ben"})
	f.AddChannel(slackfake.Channel{ID: "C0APP", Name: "app", BotIsMember: true, Members: []string{"U0ANA", "U0BEN"}})
	return f
}

// settle starts the program with these secrets of Slack's, and waits until it is ready. Without a configuration nobody
// owns it.
func settle(t *testing.T, f *slackfake.Fake, config string, env ...string) *site {
	t.Helper()
	s := launch(t, f, config, append(env, slackURL+"="+f.URL())...)
	s.f = f
	s.ready(200)
	return s
}

// launch starts the program in a folder of its own, with what the environment says of a chat, whose secrets its log must
// not show.
func launch(t *testing.T, of secretive, config string, env ...string) *site {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	repo := gittest.New(t)
	repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "")
	addr := freeAddress(t)
	s := &site{dir: repo.Dir, data: filepath.Join(repo.Dir, defaultData), process: &process{t: t, url: "http://" + addr, log: &lockedBuffer{}}}
	if config != "" {
		writeFile(t, filepath.Join(s.dir, defaultConfig), config)
	}
	s.Cmd = exec.CommandContext(t.Context(), self, "serve", "--listen", addr)
	s.Dir, s.Stderr = s.dir, s.log
	s.Env = append(append(os.Environ(), modeVariable+"=readyroom"), append(env, "HOME="+repo.Home, "GORACE="+raceQuickly)...)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.Process.Kill()
		_ = s.Wait()
		for _, secret := range append(of.Tokens(), "ticket=") {
			if strings.Contains(s.log.String(), secret) {
				t.Errorf("the log shows %q", secret)
			}
		}
	})
	return s
}

// overSocket and overHTTP are the secrets of the two ways in, and how Slack then reaches the bot.
func overSocket(t *testing.T, f *slackfake.Fake, config string) *site {
	s := settle(t, f, config, slackBot+"="+f.BotToken(), slackApp+"="+slackfake.AppTokenOf(slackfake.App))
	f.Deliver(f.Socket(time.Second))
	return s
}

func overHTTP(t *testing.T, f *slackfake.Fake, config string) *site {
	s := settle(t, f, config, slackBot+"="+f.BotToken(), slackSigning+"="+f.SigningSecret())
	f.Deliver(f.HTTP(s.url))
	return s
}

// ready waits until /readyz answers with a code, and gives what it says.
func (s *site) ready(code int) string {
	s.t.Helper()
	page, err := fetch(s.url+"/readyz", code)
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.log)
	}
	return string(page)
}

// types has somebody type a command in the channel, and gives what they read then.
func (s *site) types(user, line string) string {
	s.t.Helper()
	r := s.f.As(user).Slash(s.t.Context(), "C0APP", "/release", line)
	if r.Shown != "" {
		s.t.Fatalf("/release %s: %s sees %s: %v\n%s", line, user, r.Shown, r.Err, s.log)
	}
	s.f.Wait(s.t.Context(), "an answer to "+line, func() bool { return len(r.Texts()) > 0 })
	return strings.Join(r.Texts(), "\n")
}

// reads waits until the channel shows something.
func (s *site) reads(want string) {
	s.t.Helper()
	ok := s.f.Wait(s.t.Context(), want+" in the channel", func() bool {
		for _, m := range s.f.Messages("C0APP") {
			if strings.Contains(m.Text, want) {
				return true
			}
		}
		return false
	})
	if !ok {
		s.t.Log(s.log)
	}
}

// logs waits for something in the log, and gives what the pattern's brackets match.
func (s *site) logs(pattern string) string {
	s.t.Helper()
	p, found := regexp.MustCompile(pattern), []string(nil)
	until(s.t, "the log holds "+pattern, func() bool { found = p.FindStringSubmatch(s.log.String()); return found != nil })
	return found[len(found)-1]
}

// asks runs another command on the daemon's data.
func (s *site) asks(args ...string) (string, int) {
	return says(s.t, append(args, "--data", s.data)...)
}

const ownedInSlack = "owners: [ana]\npeople: {ana: {name: Ana, slack: T0ACME/U0ANA}, ben: {name: Ben, slack: T0ACME/U0BEN}}\nroles: {'*': [ana, ben]}\n"

// TestFiveMinutes: from nothing to a release in a workspace, as the README tells it: without a configuration, whoever types
// the code of the log owns the bot, and opens the first release.
func TestFiveMinutes(t *testing.T) {
	for way, begin := range map[string]func(*testing.T, *slackfake.Fake, string) *site{"socket mode": overSocket, "http": overHTTP} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			s := begin(t, newWorkspace(t), "")
			s.logs(`msg="platform is on" platform=slack hears="?` + way)
			code := s.logs(`claim=([^ ]+) `)
			if got := s.types("U0BEN", ""); !strings.Contains(got, "no owner yet") || !strings.Contains(got, "/release admin claim CODE") {
				t.Errorf("who looks first reads %s", got)
			}
			if got := s.types("U0BEN", "new app@1.0.0"); !strings.Contains(got, "no owner yet") || !strings.Contains(got, "/release admin claim CODE") {
				t.Errorf("before anybody owns it, Ben reads %s", got)
			}
			if got := s.types("U0ANA", "admin claim "+code); !strings.HasPrefix(got, "you own this bot now") {
				t.Errorf("with the code, Ana reads %s", got)
			}
			s.types("U0ANA", "new app@1.0.0")
			s.reads("app 1.0.0 · before GA")
			if got := s.types("U0BEN", "hold -- wait"); !strings.HasPrefix(got, "unknown_person: ") || !strings.Contains(got, "an owner, who adds it") || !strings.Contains(got, "/release admin code") {
				t.Errorf("Ben, whom nobody named, reads %s", got)
			}
			s.signal(syscall.SIGTERM)
			if err := s.Wait(); err != nil {
				t.Errorf("it ended with %v\n%s", err, s.log)
			}
			if bad := s.f.Failures(); len(bad) > 0 {
				t.Errorf("somebody saw %v", bad)
			}
		})
	}
}

// TestRotation: secrets come from files, and are changed without a restart, by SIGHUP and by reload; one that Slack refuses
// leaves the former in force, and that is said.
func TestRotation(t *testing.T) {
	t.Parallel()
	f := newWorkspace(t)
	dir := t.TempDir()
	bot, app := filepath.Join(dir, "bot"), filepath.Join(dir, "app")
	writeFile(t, bot, f.BotToken()+"\n")
	writeFile(t, app, slackfake.AppTokenOf(slackfake.App)+"\n")
	s := settle(t, f, ownedInSlack, slackBot+"_FILE="+bot, slackApp+"_FILE="+app)
	f.Deliver(f.Socket(time.Second))
	s.types("U0ANA", "new app@1.0.0")
	s.reads("app 1.0.0 · before GA")

	rotate := func(token string) {
		f.Grant(token, wellScopes()...)
		writeFile(t, bot, token+"\n")
	}
	rotate("xoxb-fake-second-Zm9y")
	s.signal(syscall.SIGHUP)
	s.logs(`(slack's secrets were loaded anew)" bot_token_changed=true app_token_changed=false`)
	f.Revoke(f.BotToken(), "token_revoked")
	s.types("U0ANA", "sign tests")
	s.ready(200)

	writeFile(t, bot, "xoxb-fake-wrong-Zm9y")
	out, code := s.asks("reload")
	for _, want := range []string{"the old secrets stay in force: invalid_auth", "the configuration is in force: ", "→ readyroom doctor, then: readyroom reload"} {
		if code == 0 || !strings.Contains(out, want) {
			t.Errorf("a token that Slack refuses is answered with %d, without %q: %s", code, want, out)
		}
	}
	if page := s.ready(200); !strings.Contains(page, "the secrets of slack could not be changed at ") {
		t.Errorf("/readyz does not warn: %s", page)
	}
	s.types("U0BEN", "sign changelog")

	rotate("xoxb-fake-third-Zm9y")
	f.Grant("xapp-1-A0READY-2-Zm9y", slack.SocketScope)
	writeFile(t, app, "xapp-1-A0READY-2-Zm9y")
	before, _, _, _ := f.Socket(0).Counts()
	if out, code := s.asks("reload"); code != 0 {
		t.Errorf("reload ended with %d: %s", code, out)
	}
	f.Revoke("xoxb-fake-second-Zm9y", "token_revoked")
	f.Revoke(slackfake.AppTokenOf(slackfake.App), "token_revoked")
	s.logs(`app_token_changed=(true)`)
	until(t, "both connections are opened anew", func() bool { now, _, _, _ := f.Socket(0).Counts(); return now >= before+2 })
	if page := s.ready(200); strings.Contains(page, "could not be changed") {
		t.Errorf("/readyz still warns: %s", page)
	}
	s.types("U0ANA", "hold -- wait")
	s.reads("app 1.0.0 is on hold")
	if bad := f.Failures(); len(bad) > 0 {
		t.Errorf("somebody saw %v", bad)
	}
}

// TestRevoked: a token that Slack takes no more is red at the first thing that is asked, in words, and heals by itself once
// it is taken again.
func TestRevoked(t *testing.T) {
	t.Parallel()
	s := overSocket(t, newWorkspace(t), ownedInSlack)
	s.types("U0ANA", "new app@1.0.0")
	s.reads("app 1.0.0 · before GA")
	s.f.Revoke(s.f.BotToken(), "token_revoked")
	if out, code := s.asks("run", "--by", "ana", "hold -- wait"); code != 0 {
		t.Fatalf("answered with %d: %s", code, out)
	}
	if page := s.ready(503); !strings.Contains(page, "Slack does not take the bot token: token_revoked: somebody revoked it, or removed the app") {
		t.Errorf("/readyz says %s", page)
	}
	s.f.SetScopes(wellScopes()...)
	s.wait(200, 90*time.Second)
	s.reads("app 1.0.0 is on hold") // it waited
}

// wait waits longer than fetch does until /readyz answers with a code.
func (s *site) wait(code int, most time.Duration) {
	s.t.Helper()
	for end := time.Now().Add(most); ; time.Sleep(100 * time.Millisecond) {
		body, got, err := fetchOnce(s.url + "/readyz")
		switch {
		case err == nil && got == code:
			return
		case time.Now().After(end):
			s.t.Fatalf("after %s /readyz says %d %s, %v\n%s", most, got, body, err, s.log)
		}
	}
}

// TestDeaf: connections that are open and on which nothing comes any more, not even a ping, are red within 90 s, and are
// replaced without anybody doing anything.
func TestDeaf(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes as long as Slack may be silent")
	}
	t.Parallel()
	s := overSocket(t, newWorkspace(t), ownedInSlack)
	s.types("U0ANA", "new app@1.0.0")
	began := time.Now()
	mute := slackfake.Line{NoHello: true, NoPings: true}
	s.f.Socket(0).Script(mute, mute)
	s.f.Socket(0).Hush(false)
	s.wait(503, 90*time.Second)
	if page := s.ready(503); !strings.Contains(page, "nothing is heard from Slack: ") {
		t.Errorf("/readyz says %s", page)
	}
	t.Logf("red after %s", time.Since(began).Round(time.Second))
	s.wait(200, 90*time.Second)
	t.Logf("well after %s", time.Since(began).Round(time.Second))
	s.types("U0ANA", "sign tests")
}

// TestDrained: what somebody typed before SIGTERM is answered, and then the process ends cleanly.
func TestDrained(t *testing.T) {
	for way, begin := range map[string]func(*testing.T, *slackfake.Fake, string) *site{"socket mode": overSocket, "http": overHTTP} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			s := begin(t, newWorkspace(t), ownedInSlack)
			s.types("U0ANA", "new app@1.0.0")
			s.f.Fail("users.info", slackfake.Late(time.Second, slackfake.Ends(slackfake.Ordinary))) // who is it that asks?
			asked := len(s.f.Calls("users.info"))
			answered := make(chan string, 1)
			go func() {
				r := s.f.As("U0BEN").Slash(t.Context(), "C0APP", "/release", "sign tests")
				s.f.Wait(t.Context(), "an answer", func() bool { return r.Shown != "" || len(r.Texts()) > 0 })
				answered <- r.Shown + strings.Join(r.Texts(), "\n")
			}()
			s.f.Wait(t.Context(), "the question who it is", func() bool { return len(s.f.Calls("users.info")) > asked })
			s.signal(syscall.SIGTERM)
			if err := s.Wait(); err != nil {
				t.Errorf("it ended with %v\n%s", err, s.log)
			}
			if got := <-answered; !strings.Contains(got, "ok ga.ready/tests · @ben") {
				t.Errorf("Ben reads %q\n%s", got, s.log)
			}
			if !strings.Contains(s.log.String(), "msg=stopped") {
				t.Errorf("it did not end in order:\n%s", s.log)
			}
		})
	}
}
