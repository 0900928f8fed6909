//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chattest/slackfake"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/storage"
)

// lineVariable names the file that says which line is typed.
const lineVariable = "READYROOM_TEST_LINE"

// lifeBegan is in the trace where another life begins.
const lifeBegan = "began"

func init() { modes["doomed in slack"] = doomedInSlack }

// doomedInSlack is the real program, which kills itself where it is told. It makes several deliveries at once: each is
// told apart by its claim; what else is committed is the line's that is typed.
func doomedInSlack() {
	d, err := newDoom(os.Getenv(traceVariable), os.Getenv(doomVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, "doomed:", err)
		os.Exit(3)
	}
	d.pass(lifeBegan, nil)
	passing = func(point string) {
		line, err := os.ReadFile(os.Getenv(lineVariable))
		if err != nil {
			panic(err)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.doing == opening {
			d.doing = claiming
		}
		d.at(point, d.doing+" "+string(line), nil)
	}
	delivering = func(point string, c storage.Claim) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.doing = manner(c); point == bot.Settled {
			d.doing = claiming
		}
		d.at(point, manner(c), &c)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// slackOrdeal is a workspace in which people type while the bot dies again and again.
type slackOrdeal struct {
	t     *testing.T
	fake  *slackfake.Fake
	http  *slackfake.HTTP
	repo  *gittest.Repo
	dir   string
	addr  string
	api   string        // of Slack, through what kills
	point string        // where the bot dies; empty: nowhere
	log   *lockedBuffer // of the last life

	mu     sync.Mutex
	child  *exec.Cmd
	called map[string]bool // the calls of Slack that somebody died at
	deaths int
	asked  map[string]string // the requests that were acknowledged, and how
}

// slackRepo has so much in it that notes of it go over several messages.
func slackRepo(t *testing.T) *gittest.Repo {
	repo := ordealRepo(t)
	for i := range 45 {
		repo.Commit(gittest.Mia, gittest.Day(4), fmt.Sprintf("billing: invoice %d ", i)+strings.Repeat("can be saved as a file and sent on, ", 5)+"too", "")
	}
	return repo
}

func newSlackOrdeal(t *testing.T, repo *gittest.Repo, point string) *slackOrdeal {
	o := &slackOrdeal{t: t, repo: repo, dir: t.TempDir(), addr: freeAddress(t), point: point, called: map[string]bool{}, asked: map[string]string{}}
	again := make([]time.Duration, 600)
	for i := range again {
		again[i] = 30 * time.Millisecond
	}
	o.fake = slackfake.New(t, slackfake.Options{RetryEvents: again})
	for _, id := range []string{"ana", "ben"} {
		o.fake.AddUser(slackfake.User{ID: userOf(id), Name: id})
	}
	for _, name := range []string{"app", "two"} {
		o.fake.AddChannel(slackfake.Channel{ID: channelOf(name), Name: name, BotIsMember: true})
	}
	o.http = o.fake.HTTP("http://" + o.addr)
	o.fake.Deliver(o.http)
	between := httptest.NewServer(o.between())
	t.Cleanup(between.Close)
	o.api = between.URL + "/api/"
	quiet := time.Now().Add(12 * time.Hour).UTC().Format("15:04")
	for name, text := range map[string]string{"team.yaml": fmt.Sprintf(slackTeam, quiet), "trace": "", "line": ""} {
		o.write(name, text)
	}
	return o
}

func (o *slackOrdeal) write(name, text string) {
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// between stands between the bot and Slack. At Slack's own points it kills the bot with the first call of each shape.
func (o *slackOrdeal) between() http.Handler {
	to, err := url.Parse(o.fake.URL())
	if err != nil {
		o.t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host }}
	proxy.ErrorLog = quietLog
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := new(bytes.Buffer)
		_, _ = body.ReadFrom(r.Body)
		r.Body = readCloser{body}
		shape := callShape(r.URL.Path, body.String())
		if o.point == callCame && o.dies(shape) {
			return
		}
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r.WithContext(context.WithoutCancel(r.Context()))) // Slack does not notice that the bot died
		if o.point == callDone && o.dies(shape) {
			return
		}
		for k, v := range answer.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// callShape tells calls apart: the method, whether it answers in a thread, whose page it is.
func callShape(path, body string) string {
	fields, _ := url.ParseQuery(body)
	shape := strings.TrimPrefix(path, "/api/")
	for _, name := range []string{"thread_ts", "ts"} {
		if fields.Get(name) != "" {
			shape += " " + name
		}
	}
	if strings.HasPrefix(fields.Get("channel"), "D") {
		shape += " direct"
	}
	if m := partPattern.FindStringSubmatch(fields.Get("metadata")); m != nil && m[1]+m[2] != "" {
		shape += " " + m[1] + m[2]
	}
	return shape
}

var partPattern = regexp.MustCompile(`"key":"(answer)?[^"#]*(#[0-9]+)?"`)

// dies kills the bot if nobody died at a call of that shape.
func (o *slackOrdeal) dies(shape string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.called[shape] || o.child == nil {
		return false
	}
	o.called[shape] = true
	_ = o.child.Process.Kill()
	return true
}

// start begins a life.
func (o *slackOrdeal) start(doom string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		o.t.Fatal(err)
	}
	c := exec.CommandContext(o.t.Context(), self, "serve", "--listen", o.addr, "--data", o.data(), "--config", filepath.Join(o.dir, "team.yaml"))
	c.Dir = o.repo.Dir
	c.Env = []string{
		modeVariable + "=doomed in slack", traceVariable + "=" + filepath.Join(o.dir, "trace"), doomVariable + "=" + doom, lineVariable + "=" + filepath.Join(o.dir, "line"),
		slackURL + "=" + o.api, slackBot + "=" + o.fake.BotToken(), slackSigning + "=" + o.fake.SigningSecret(),
		"HOME=" + o.repo.Home, "PATH=" + o.repo.Path, "GORACE=" + raceQuickly,
	}
	log := new(lockedBuffer)
	c.Stderr = log
	o.log = log
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := c.Start(); err != nil {
		o.t.Error(err)
	}
	o.child = c
	return c
}

func (o *slackOrdeal) data() string { return filepath.Join(o.dir, "data") }

// live has everything typed, with a bot that is begun again whenever it died, until nothing is left to do.
func (o *slackOrdeal) live(chance *rand.Rand) {
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(o.t.Context())
	go func() { defer close(ended); o.supervise(ctx, chance) }()
	var key string
	for i, l := range slackCourse {
		name := fmt.Sprintf("%d %.12s", i, l.text)
		o.write("line", name)
		if l.mention {
			o.fake.As(l.user).Mention(ctx, l.channel, "", l.text)
			o.fake.Settle()
		} else {
			key = o.types(ctx, l, strings.ReplaceAll(l.text, "KEY", key))
		}
		if o.rest(ctx); o.t.Failed() {
			break
		}
		if o.renew(); i == len(slackCourse)-1 {
			o.rest(ctx)
		}
	}
	cancel()
	<-ended
}

// renew ends a life in order: the next one need not wait for the pace that Slack asks of this one.
func (o *slackOrdeal) renew() {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.child.Process.Signal(syscall.SIGTERM) // it may be dead
}

// supervise begins lives until the context ends; then it ends the last one.
func (o *slackOrdeal) supervise(ctx context.Context, chance *rand.Rand) {
	for ctx.Err() == nil && !o.t.Failed() {
		doom := ""
		if o.point != "" && o.point != callCame && o.point != callDone {
			doom = o.point + " new"
		}
		c := o.start(doom)
		if chance != nil {
			kill := time.AfterFunc(time.Duration(chance.IntN(1500))*time.Millisecond, func() { _ = c.Process.Kill() })
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

// types sends a command until it is acknowledged, the same bytes each time, and gives the key of its question.
func (o *slackOrdeal) types(ctx context.Context, l uttered, text string) (key string) {
	e := o.fake.As(l.user).Command(l.channel, "/release", text)
	e.Payload = bytes.ReplaceAll(e.Payload, []byte(strings.TrimSuffix(o.fake.URL(), "/api/")), []byte(strings.TrimSuffix(o.api, "/api/")))
	r, err := o.http.Request(e)
	if err != nil {
		o.t.Fatal(err)
	}
	var said string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		ack, err := o.http.Send(ctx, r)
		if said = string(ack.Body); err == nil && ack.Status == http.StatusOK && !strings.Contains(said, "just starting") && !strings.Contains(said, "Still saving") {
			o.asked[triggerOf(e)] = said
			return keyPattern.FindString(said)
		}
		if o.t.Failed() {
			return ""
		}
	}
	o.t.Errorf("%q was never acknowledged: %s", l.text, said)
	return ""
}

// rest waits until nothing is due or under way.
func (o *slackOrdeal) rest(ctx context.Context) {
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

func (o *slackOrdeal) calm() bool {
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
