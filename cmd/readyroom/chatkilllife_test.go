//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/git/gittest"
)

// chatOrdeal is a chat in which people type while the bot dies again and again.
type chatOrdeal struct {
	platformOrdeal
	t     *testing.T
	repo  *gittest.Repo
	dir   string
	addr  string
	point string        // where the bot dies; empty: nowhere
	long  time.Duration // how long a life lasts that ends at any time
	log   *lockedBuffer // of the last life

	mu     sync.Mutex
	child  *exec.Cmd
	lives  int
	called map[string]bool // the calls of the platform that somebody died at
	deaths int
	asked  map[string]string // the requests that were answered, as the bot knows them, and how
}

// platformOrdeal is what the ordeal is on one platform.
type platformOrdeal interface {
	env() []string                             // that the program needs for it
	utter(ctx context.Context, l uttered)      // has somebody type a line until it is answered
	shown() []string                           // all that stands in the channels, without times and keys
	stands(channel, message string) bool       // whether a message is there
	keys()                                     // holds what stands there to what was claimed
	shape(r *http.Request, body []byte) string // tells calls apart
}

func newChatOrdeal(t *testing.T, repo *gittest.Repo, point string) *chatOrdeal {
	o := &chatOrdeal{t: t, repo: repo, dir: t.TempDir(), addr: freeAddress(t), point: point, long: 1500 * time.Millisecond, called: map[string]bool{}, asked: map[string]string{}}
	o.write("trace", "")
	o.write("line", "")
	return o
}

// quietly is when nobody is sent a digest while an ordeal lasts.
func quietly() string { return time.Now().Add(12 * time.Hour).UTC().Format("15:04") }

// longRepo has so much in it that notes of it go over several messages.
func longRepo(t *testing.T) *gittest.Repo {
	repo := ordealRepo(t)
	for i := range 45 {
		repo.Commit(gittest.Mia, gittest.Day(4), fmt.Sprintf("billing: invoice %d ", i)+strings.Repeat("can be saved as a file and sent on, ", 5)+"too", "")
	}
	return repo
}

func (o *chatOrdeal) write(name, text string) {
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// start begins a life.
func (o *chatOrdeal) start(doom string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		o.t.Fatal(err)
	}
	c := exec.CommandContext(o.t.Context(), self, "serve", "--listen", o.addr, "--data", o.data(), "--config", filepath.Join(o.dir, "team.yaml"))
	c.Dir = o.repo.Dir
	c.Env = append(o.env(),
		modeVariable+"=doomed in a chat", traceVariable+"="+filepath.Join(o.dir, "trace"), doomVariable+"="+doom, lineVariable+"="+filepath.Join(o.dir, "line"),
		"HOME="+o.repo.Home, "PATH="+o.repo.Path, "GORACE="+raceQuickly)
	log := new(lockedBuffer)
	c.Stderr = log
	o.log = log
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := c.Start(); err != nil {
		o.t.Error(err)
	}
	o.child = c
	o.lives++
	return c
}

func (o *chatOrdeal) data() string { return filepath.Join(o.dir, "data") }

// live has everything typed, with a bot that is begun again whenever it died, until nothing is left to do.
func (o *chatOrdeal) live(course []uttered, chance *rand.Rand) {
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(o.t.Context())
	go func() { defer close(ended); o.supervise(ctx, chance) }()
	for i, l := range course {
		o.write("line", fmt.Sprintf("%d %.12s", i, l.text))
		o.utter(ctx, l)
		if o.rest(ctx); o.t.Failed() {
			break
		}
		if o.renew(); i == len(course)-1 {
			o.rest(ctx)
		}
	}
	cancel()
	<-ended
}

// renew ends a life in order: the next one need not wait for the pace that is asked of this one.
func (o *chatOrdeal) renew() {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.child.Process.Signal(syscall.SIGTERM) // it may be dead
}

// supervise begins lives until the context ends; then it ends the last one.
func (o *chatOrdeal) supervise(ctx context.Context, chance *rand.Rand) {
	for ctx.Err() == nil && !o.t.Failed() {
		doom := ""
		if o.point != "" && o.point != callCame && o.point != callDone {
			doom = o.point + " new"
		}
		c := o.start(doom)
		if chance != nil {
			kill := time.AfterFunc(time.Duration(chance.Int64N(int64(o.long))), func() { _ = c.Process.Kill() })
			defer kill.Stop()
		}
		unhook := context.AfterFunc(ctx, func() { _ = c.Process.Signal(syscall.SIGTERM) })
		err := c.Wait()
		unhook()
		switch status, ok := c.ProcessState.Sys().(syscall.WaitStatus); {
		case ok && status.Signal() == syscall.SIGKILL:
			o.deaths++
		case ok && status.Signal() == syscall.SIGTERM: // it was ended before it began
		case err != nil:
			o.t.Errorf("the program ended with %v, saying %s", err, o.log)
		}
	}
}

// rest waits until nothing is due or under way.
func (o *chatOrdeal) rest(ctx context.Context) {
	calm := 0
	for end := time.Now().Add(time.Minute); calm < 3; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) || ctx.Err() != nil {
			o.t.Errorf("it never came to rest; it said %s", o.log)
			return
		}
		if calm++; !o.calm() {
			calm = 0
		}
	}
}

func (o *chatOrdeal) calm() bool {
	page, code, err := fetchOnce("http://" + o.addr + "/metrics")
	if err != nil || code != http.StatusOK || !bytes.Contains(page, []byte("\nreadyroom_queue_due 0\n")) {
		return false
	}
	text, err := os.ReadFile(filepath.Join(o.dir, "trace"))
	if err != nil {
		return false
	}
	under := map[string]bool{}
	for _, p := range readTrace(text) {
		switch p.Point {
		case lifeBegan:
			clear(under)
		case bot.Claimed:
			under[p.Claim.ID] = true
		case bot.Settled:
			delete(under, p.Claim.ID)
		}
	}
	return len(under) == 0
}
