//go:build linux

package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/discordfake"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows/ledger"
)

func init() { modes["asked how many"] = askedHowMany }

// askedHowMany is the real program, which says how many goroutines it has whenever it is asked by a signal.
func askedHowMany() {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		for n := 1; ; n++ {
			<-asked
			fmt.Fprintf(os.Stderr, "count %d: %d goroutines\n", n, runtime.NumGoroutine())
		}
	}()
	main()
}

// goroutines is how many the process has.
func (s *site) goroutines() int {
	s.t.Helper()
	n := strings.Count(s.log.String(), " goroutines\n") + 1
	s.signal(syscall.SIGUSR1)
	all, err := strconv.Atoi(s.logs(fmt.Sprintf(`count %d: ([0-9]+) goroutines`, n)))
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

const ownedInDiscord = "owners: [ana]\npeople: {ana: {name: Ana, discord: \"" + anaInDiscord + "\"}}\nroles: {'*': [ana]}\n"

// disturbance is what Discord does to a connection, and how the next ones behave.
type disturbance struct {
	name  string
	end   func(*discordfake.Gateway)
	next  []discordfake.Line
	red   bool // it takes so long that the bot is not well meanwhile
	loses bool // the session is over: what was said meanwhile is not delivered to anybody
}

func leaves(g *discordfake.Gateway) { g.Disconnect(4000) }

var disturbances = []disturbance{
	{name: "reset", end: func(g *discordfake.Gateway) { g.Disconnect(0) }},
	{name: "op 7", end: (*discordfake.Gateway).Reconnect},
	{name: "op 7 first", end: leaves, next: []discordfake.Line{{First: []discordfake.Frame{discordfake.ReconnectFrame()}}}},
	{name: "op 9, true", end: leaves, next: []discordfake.Line{{Invalid: true, Resumable: true}}},
	{name: "op 9, false", end: leaves, next: []discordfake.Line{{Invalid: true}}, loses: true},
	{name: "no frames", end: leaves, next: []discordfake.Line{{Readied: []discordfake.Frame{discordfake.NullFrame(), discordfake.GarbageFrame()}}}},
	{name: "all again", end: leaves, next: []discordfake.Line{{Again: true}}},
	{name: "all again, late", end: leaves, next: []discordfake.Line{{Again: true, Late: true}}},
	{name: "zombie", end: func(g *discordfake.Gateway) { g.Hush(false) }},
	{name: "no greeting", end: leaves, next: []discordfake.Line{{NoHello: true}, {NoHello: true}}, red: true},
}

// TestDiscordLink: the real process lives through what Discord does to connections. What is missed meanwhile and comes with
// a RESUME is done, once, also where it comes again; what lasts is red within 90 s; all of it heals by itself, and leaves
// no goroutine behind.
func TestDiscordLink(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("it takes as long as Discord may be silent")
	}
	for _, x := range disturbances {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			p := linked(t)
			usual := p.goroutines()
			began := time.Now()
			g := p.d.Gateway(0)
			opened := g.Counts().Opened
			g.Script(x.next...)
			x.end(g)
			p.d.As(anaInDiscord).Mention(t.Context(), appInDiscord, "set app@1.0.0 --title missed")
			if x.red {
				p.wait(http.StatusServiceUnavailable, 90*time.Second)
				t.Logf("red after %s", time.Since(began).Round(time.Second))
			}
			p.heals(2*time.Minute, func() bool {
				return g.Unspent() == 0 && g.Open() == 1 && g.Counts().Opened > opened && (x.loses || p.shows("missed"))
			})
			p.wait(http.StatusOK, time.Minute)
			t.Logf("well after %s", time.Since(began).Round(10*time.Millisecond))
			p.types("set app@1.0.0 --title typed")
			until(t, "no goroutine is left behind", func() bool { return p.goroutines() <= usual+2 })
			t.Logf("%d goroutines at first, %d in the end", usual, p.goroutines())
			p.signal(syscall.SIGTERM)
			if err := p.Wait(); err != nil {
				t.Errorf("it ended with %v\n%s", err, p.log)
			}
			p.once("typed", 1, 1)
			if x.loses {
				p.once("missed", 0, 1) // whether it came before the end is chance
			} else {
				p.once("missed", 1, 1)
			}
			if bad := p.d.Failures(); len(bad) > 0 || len(g.Wrong()) > 0 {
				t.Errorf("somebody saw %v; it did what fits nothing: %q", bad, g.Wrong())
			}
		})
	}
}

// TestDiscordLinkRefused: what somebody must mend is red, and says what: an intent that is not granted, a token that is
// not taken.
func TestDiscordLinkRefused(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("it takes as long as Discord may be silent")
	}
	for code, want := range map[int]string{4014: "ntent", 4004: "oken"} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			t.Parallel()
			p := linked(t)
			began := time.Now()
			p.d.Gateway(0).Script(discordfake.Line{Bye: code})
			p.d.Gateway(0).Disconnect(4000)
			p.wait(http.StatusServiceUnavailable, 90*time.Second)
			t.Logf("red after %s", time.Since(began).Round(time.Second))
			if page := p.ready(http.StatusServiceUnavailable); !strings.Contains(page, want) {
				t.Errorf("/readyz says %s", page)
			}
		})
	}
}

// linked is the program with a connection that is well, and a release to talk about.
func linked(t *testing.T) *port {
	d := emptyServer(t)
	d.AddMember(discordfake.Member{User: discordfake.Bot, Roles: []string{discordfake.BotRole}})
	d.Gateway(2 * time.Second)
	p := &port{d: d, site: launch(t, d, ownedInDiscord, discordBot+"="+d.BotToken(), discordURL+"="+d.URL(), modeVariable+"=asked how many")}
	p.wait(http.StatusOK, time.Minute)
	until(t, "the commands are there", func() bool { return len(d.Commands(discordfake.Server)) > 0 && d.Gateway(0).Open() == 1 })
	p.types("new app@1.0.0")
	p.reads("app 1.0.0 · before GA")
	return p
}

// heals waits longer than until does.
func (p *port) heals(most time.Duration, so func() bool) {
	p.t.Helper()
	for end := time.Now().Add(most); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("not well after %s: %s", most, p.log)
		}
	}
}

// shows reports whether some answer or card in the channel has a text.
func (p *port) shows(text string) bool {
	return slices.ContainsFunc(p.d.Messages(appInDiscord), func(m discordfake.Message) bool {
		return m.Author == discordfake.Bot && strings.Contains(p.d.Text(m), text)
	})
}

// once: a title is in the ledger so many times.
func (p *port) once(title string, least, most int) {
	engine, err := bolt.OpenReadOnly(datadir.Database(p.data))
	if err != nil {
		p.t.Fatal(err)
	}
	s, err := storage.OpenToRead(p.t.Context(), engine)
	if err != nil {
		p.t.Fatal(errors.Join(err, engine.Close()))
	}
	defer s.Close()
	n := 0
	err = s.View(p.t.Context(), func(tx *storage.Tx) error {
		return tx.Ledger(0, func(r ledger.Record) (bool, error) {
			if r.Kind == "release.changed" && strings.Contains(string(r.Data), strconv.Quote(title)) {
				n++
			}
			return true, nil
		})
	})
	if err != nil || n < least || n > most {
		p.t.Errorf("%s is in the ledger %d times: %v", title, n, err)
	}
}
