//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// What the doomed program reads from its environment.
const (
	traceVariable = "READYROOM_TEST_TRACE" // the file that tells where it came by
	doomVariable  = "READYROOM_TEST_DOOM"  // "POINT 7": dies at the seventh passing; "POINT new": wherever none died doing the same
)

const answered = "console.answered" // the answer to a line is printed

// points are all the places between two steps that the program can die at.
var points = []string{
	storage.BeforeCommit, storage.AfterCommit, storage.AfterTip,
	bot.Claimed, bot.BeforeSend, bot.AfterSend, bot.BeforeWake, bot.AfterWake, bot.Settled,
	answered,
}

// What the program does while it does neither a line nor a delivery.
const (
	opening  = "opening"
	claiming = "claiming what is due"
)

// passed is one line of the trace.
type passed struct {
	Point string
	Doing string         // the name of a line, the kind of a delivery, or one of the above
	Claim *storage.Claim `json:",omitempty"`
	Dies  bool           `json:",omitempty"`
}

func init() { modes["doomed"] = doomed }

// doomed is the real program, which writes down where it comes by, and kills itself where it is told.
func doomed() {
	d, err := newDoom(os.Getenv(traceVariable), os.Getenv(doomVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, "doomed:", err)
		os.Exit(3)
	}
	passing = func(point string) { d.pass(point, nil) }
	delivering = d.deliver
	spacing = -1
	os.Exit(run(context.Background(), os.Args[1:], typed{d}, shown{d}, os.Stderr))
}

// doom knows where to die.
type doom struct {
	mu    sync.Mutex
	trace *os.File
	point string
	left  int             // passings of the point; negative: dies at the first of each kind
	died  map[string]bool // what was done when a process died at the point
	doing string
}

func newDoom(trace, at string) (*doom, error) {
	d := &doom{died: map[string]bool{}, doing: opening}
	text, err := os.ReadFile(trace)
	if err != nil {
		return nil, err
	}
	point, n, _ := strings.Cut(at, " ")
	if d.point, d.left = point, -1; n != "new" && at != "" {
		if d.left, err = strconv.Atoi(n); err != nil {
			return nil, err
		}
	}
	for _, p := range readTrace(text) {
		if p.Dies && p.Point == point {
			d.died[p.Doing] = true
		}
	}
	d.trace, err = os.OpenFile(trace, os.O_WRONLY|os.O_APPEND, 0)
	return d, err
}

// readTrace reads lines; the last of a life may be torn.
func readTrace(text []byte) (all []passed) {
	for line := range strings.Lines(string(text)) {
		var p passed
		if json.Unmarshal([]byte(line), &p) == nil {
			all = append(all, p)
		}
	}
	return all
}

// deliver is told of the steps of deliveries.
func (d *doom) deliver(point string, c storage.Claim) {
	if point == bot.Claimed {
		d.do(manner(c))
	}
	d.pass(point, &c)
	if point == bot.Settled {
		d.do(claiming)
	}
}

// manner names the kind of a delivery: what it brings, and how.
func manner(c storage.Claim) string {
	switch {
	case c.Kind == workflows.Wake:
		return c.What + ", wake"
	case c.Kind == workflows.Act:
		return c.What + ", act"
	case c.Edit != "":
		return c.What + ", edit"
	case c.In != "":
		return c.What + ", in a thread"
	case c.Place.IsDirect():
		return c.What + ", direct"
	}
	return c.What + ", post"
}

func (d *doom) do(doing string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.doing = doing
}

// pass writes down where the program is, and ends it there if it is to.
func (d *doom) pass(point string, c *storage.Claim) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at(point, d.doing, c)
}

// at is pass while the lock is held, by whoever knows better what is done.
func (d *doom) at(point, doing string, c *storage.Claim) {
	p := passed{Point: point, Doing: doing, Claim: c}
	if point == d.point {
		d.left--
		p.Dies = d.left == 0 || d.left < -1 && !d.died[doing]
	}
	line, err := json.Marshal(p)
	if err == nil {
		_, err = fmt.Fprintf(d.trace, "\n%s\n", line)
	}
	if err != nil {
		panic(err)
	}
	if p.Dies {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

var lineName = regexp.MustCompile(`(?m)^!id (\S+)$`)

// typed is the keyboard: what is read from it is what the program does next.
type typed struct{ *doom }

func (t typed) Read(p []byte) (int, error) {
	n, err := os.Stdin.Read(p)
	if names := lineName.FindSubmatch(p[:n]); names != nil {
		t.do(string(names[1]))
	}
	return n, err
}

// shown is the screen: an answer that was printed cannot be taken back.
type shown struct{ *doom }

func (s shown) Write(p []byte) (int, error) {
	n, err := os.Stdout.Write(p)
	if text := string(p); strings.HasPrefix(text, `{"kind":"ephemeral"`) || strings.HasPrefix(text, `{"kind":"reply"`) {
		s.pass(answered, nil)
		s.do(claiming)
	}
	return n, err
}
