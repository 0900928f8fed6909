//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/git/gittest"
)

// ordeal is a data directory whose program dies again and again while the same lines are typed until all are answered.
type ordeal struct {
	t      *testing.T
	chance *rand.Rand
	repo   *gittest.Repo
	github *hub
	env    []string // how the program finds it
	dir    string
	lines  []*line
	now    time.Time // the simulated time that was printed last
	lives  int
	deaths int
	acked  int // answers that were printed, repetitions too
}

// ordealRepo is the work tree that candidates are taken from.
func ordealRepo(t *testing.T) *gittest.Repo {
	repo := gittest.New(t)
	for i := range 3 {
		repo.Commit(gittest.Mia, gittest.Day(i+1), fmt.Sprint("billing: change ", i), "", "billing/file", fmt.Sprint(i))
	}
	return repo
}

func newOrdeal(t *testing.T, chance *rand.Rand) *ordeal {
	o := &ordeal{t: t, chance: chance, repo: ordealRepo(t), dir: t.TempDir(), lines: linesOf(chance), now: console.SimulatedStart()}
	for name, text := range map[string]string{"team.yaml": ordealTeam, "trace": ""} {
		if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.github = newHub(t, func(name, value string) { o.env = append(o.env, name+"="+value) })
	o.opens()
	return o
}

func (o *ordeal) data() string { return filepath.Join(o.dir, "data") }

// command is the program over the ordeal's data.
func (o *ordeal) command(doom string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		o.t.Fatal(err)
	}
	c := exec.CommandContext(o.t.Context(), self, "console", "--json", "--data", o.data(), "--config", filepath.Join(o.dir, "team.yaml"),
		"--clock", "simulated="+o.now.Format(time.RFC3339))
	c.Dir = o.repo.Dir
	c.Env = append([]string{modeVariable + "=doomed", traceVariable + "=" + filepath.Join(o.dir, "trace"), doomVariable + "=" + doom,
		"HOME=" + o.repo.Home, "PATH=" + o.repo.Path, "GORACE=" + raceQuickly}, o.env...)
	return c
}

// life is one run of the program.
type life struct {
	*ordeal
	in  io.Writer
	out *bufio.Reader
}

var errDead = errors.New("the program is dead")

// live runs the program over lines that were answered before, then over those that were not, until it dies: where doom
// says, or by a kill from outside after some time. It reports whether it survived, and ended by itself.
func (o *ordeal) live(doom string, after time.Duration, lines ...*line) (survived bool) {
	c := o.command(doom)
	var errs bytes.Buffer
	c.Stderr = &errs
	in, err := c.StdinPipe()
	out, err2 := c.StdoutPipe()
	if err := errors.Join(err, err2); err != nil {
		o.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.lives++
	o.github.set(o.now)
	o.carriesOut()
	if after > 0 {
		kill := time.AfterFunc(after, func() { _ = c.Process.Kill() })
		defer kill.Stop()
	}
	l := &life{ordeal: o, in: in, out: bufio.NewReader(out)}
	for _, x := range append(lines, o.open()...) {
		if err = l.say(x); err != nil {
			break
		}
	}
	_ = in.Close() // it may be dead
	for err == nil {
		_, err = l.read()
	}
	return o.buried(c.Wait(), errs.String())
}

// buried judges how a life ended.
func (o *ordeal) buried(end error, errs string) (survived bool) {
	var exit *exec.ExitError
	killed := errors.As(end, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if end != nil && !killed || errs != "" {
		o.t.Errorf("the program ended with %v, saying %q", end, errs)
	}
	if killed {
		o.deaths++
	}
	return end == nil
}

// open are the lines that were not answered yet.
func (o *ordeal) open() []*line {
	i := slices.IndexFunc(o.lines, func(l *line) bool { return l.was == nil })
	if i < 0 {
		return nil
	}
	return o.lines[i:]
}

// some are a few lines that were answered.
func (o *ordeal) some(n int) (some []*line) {
	for range n {
		if done := len(o.lines) - len(o.open()); done > 0 {
			some = append(some, o.lines[o.chance.IntN(done)])
		}
	}
	return slices.DeleteFunc(some, (*line).waits)
}

// say types a line and reads up to its answer, which must be the one it got before.
func (l *life) say(x *line) error {
	text := x.text
	if x.key != nil {
		text = strings.ReplaceAll(text, "KEY", x.key.was.key())
	}
	if x.waits() {
		left := l.left(x)
		if left <= 0 {
			x.was = &printed{}
			return nil
		}
		text = "!wait " + left.String()
	}
	if _, err := fmt.Fprintf(l.in, "!id %s\n%s\n", x.id, text); err != nil {
		return errDead
	}
	for {
		p, err := l.read()
		if err != nil {
			return err
		}
		if p.answer() {
			l.answered(x, p)
			l.github.set(l.now)
			l.carriesOut()
			return nil
		}
	}
}

// left is how long a line that waits still has to.
func (l *life) left(x *line) time.Duration {
	if x.wait.IsZero() {
		d, err := time.ParseDuration(strings.TrimPrefix(x.text, "!wait "))
		if err != nil {
			l.t.Fatal(err)
		}
		x.wait = l.now.Add(d)
	}
	return x.wait.Sub(l.now)
}

// answered holds an answer to what it must be.
func (o *ordeal) answered(x *line, p *printed) {
	o.acked++
	if x.was == nil {
		x.was = p
		if p.Refusal.Reason != x.refused {
			o.t.Errorf("%s %q was answered with %s", x.id, x.text, p.raw)
		}
		return
	}
	if was, is := x.was.words(x), p.words(x); was != is {
		o.t.Errorf("%s %q was answered with %q, and, sent again, with %q", x.id, x.text, was, is)
	}
}

// read gives the next line that was printed whole.
func (l *life) read() (*printed, error) {
	text, err := l.out.ReadString('\n')
	if err != nil {
		return nil, errDead
	}
	p := &printed{raw: text}
	if err := json.Unmarshal([]byte(text), p); err != nil {
		l.t.Errorf("printed %q: %v", text, err)
	}
	if p.At.After(l.now) {
		l.now = p.At
	}
	return p, nil
}
