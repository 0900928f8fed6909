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

// TestDiscordLink: the real process lives through what Discord does to connections. What is missed meanwhile and comes with
// a RESUME is done, once, also where it comes again; a gateway that does not greet is red within 90 s and heals by itself;
// what somebody must mend is red, and says what to do. In the end no goroutine is left behind.
func TestDiscordLink(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("it takes as long as Discord may be silent")
	}
	t.Parallel()
	d := emptyServer(t)
	d.AddMember(discordfake.Member{User: discordfake.Bot, Roles: []string{discordfake.BotRole}})
	g := d.Gateway(2 * time.Second)
	p := &port{d: d, site: launch(t, d, ownedInDiscord, discordBot+"="+d.BotToken(), discordURL+"="+d.URL(), modeVariable+"=asked how many")}
	p.wait(http.StatusOK, time.Minute)
	until(t, "the commands are there", func() bool { return len(d.Commands(discordfake.Server)) > 0 })
	p.types("new app@1.0.0")
	p.reads("app 1.0.0 · before GA")
	usual := p.goroutines()

	said := 0
	misses := func(what string, end func(), lines ...discordfake.Line) {
		t.Helper()
		began := time.Now()
		g.Script(lines...)
		end()
		said++
		d.As(anaInDiscord).Mention(t.Context(), appInDiscord, fmt.Sprintf("set app@1.0.0 --title missed-%d", said))
		if !d.Wait(t.Context(), what+" is over", func() bool { return p.shows(fmt.Sprintf("missed-%d", said)) && g.Unspent() == 0 && g.Open() == 1 }) {
			t.Fatalf("after %s: %s", what, p.log)
		}
		p.types(fmt.Sprintf("set app@1.0.0 --title typed-%d", said))
		t.Logf("%s: well after %s", what, time.Since(began).Round(10*time.Millisecond))
	}
	leave := func() { g.Disconnect(4000) }
	misses("a connection that is reset", func() { g.Disconnect(0) })
	misses("op 7", g.Reconnect)
	misses("op 7 before anything else", leave, discordfake.Line{First: []discordfake.Frame{discordfake.ReconnectFrame()}})
	misses("op 9 with true", func() { g.Invalidate(true) })
	misses("null and what is no JSON", leave, discordfake.Line{Readied: []discordfake.Frame{discordfake.NullFrame(), discordfake.GarbageFrame()}})
	misses("a RESUME that brings all again", leave, discordfake.Line{Again: true})
	misses("a RESUME that brings all again, late", leave, discordfake.Line{Again: true, Late: true})
	misses("a link that is open and dead", func() { g.Hush(false) })

	began := time.Now()
	g.Script(discordfake.Line{NoHello: true}, discordfake.Line{NoHello: true})
	g.Disconnect(4000)
	p.wait(http.StatusServiceUnavailable, 90*time.Second)
	t.Logf("nobody is greeted: red after %s", time.Since(began).Round(time.Second))
	p.wait(http.StatusOK, 3*time.Minute)
	t.Logf("well after %s", time.Since(began).Round(time.Second))
	misses("nothing more", func() {})

	until(t, "no goroutine is left behind", func() bool { return p.goroutines() <= usual+2 })
	t.Logf("%d goroutines at first, %d in the end", usual, p.goroutines())
	g.Script(discordfake.Line{Bye: 4014})
	g.Disconnect(4000)
	p.wait(http.StatusServiceUnavailable, 90*time.Second)
	if page := p.ready(http.StatusServiceUnavailable); !strings.Contains(page, "intent") && !strings.Contains(page, "Intent") {
		t.Errorf("/readyz says %s", page)
	}
	p.signal(syscall.SIGTERM)
	if err := p.Wait(); err != nil {
		t.Errorf("it ended with %v\n%s", err, p.log)
	}
	p.once(said)
	if wrong := g.Wrong(); len(wrong) > 0 {
		t.Errorf("it did what fits nothing: %q", wrong)
	}
	if bad := d.Failures(); len(bad) > 0 {
		t.Errorf("somebody saw %v", bad)
	}
}

// shows reports whether some answer or card in the channel has a text.
func (p *port) shows(text string) bool {
	return slices.ContainsFunc(p.d.Messages(appInDiscord), func(m discordfake.Message) bool {
		return m.Author == discordfake.Bot && strings.Contains(p.d.Text(m), text)
	})
}

// once: each line is in the ledger once, as it was said and as it was typed.
func (p *port) once(said int) {
	engine, err := bolt.OpenReadOnly(datadir.Database(p.data))
	if err != nil {
		p.t.Fatal(err)
	}
	s, err := storage.OpenToRead(p.t.Context(), engine)
	if err != nil {
		p.t.Fatal(errors.Join(err, engine.Close()))
	}
	defer s.Close()
	times := map[string]int{}
	err = s.View(p.t.Context(), func(tx *storage.Tx) error {
		return tx.Ledger(0, func(r ledger.Record) (bool, error) {
			for n := range said {
				for _, way := range []string{"missed", "typed"} {
					if title := fmt.Sprintf(`"%s-%d"`, way, n+1); r.Kind == "release.set" && strings.Contains(string(r.Data), title) {
						times[title]++
					}
				}
			}
			return true, nil
		})
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for title, n := range times {
		if n != 1 {
			p.t.Errorf("%s was carried out %d times", title, n)
		}
	}
	if len(times) != 2*said {
		p.t.Errorf("%d of %d lines were carried out", len(times), 2*said)
	}
}
