package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
)

// daemon is a bot that serves within the test.
type daemon struct {
	*running
	t    *testing.T
	url  string
	end  context.CancelFunc // as the signal does
	stop func() error       // ends it, and waits
}

// begun starts a daemon in a fresh work tree, owned by ana, over a store that the test may break.
func begun(t *testing.T) (*daemon, *storagetest.Faulty) {
	t.Helper()
	inWorktree(t)
	engine := storagetest.Wrap(memory.New())
	open := func(ctx context.Context, dir string, o datadir.Options) (*datadir.Data, error) {
		d, err := datadir.Open(ctx, dir, o)
		if err != nil {
			return nil, err
		}
		onDisk := d.Store
		t.Cleanup(func() { _ = onDisk.Close() })
		d.Store, err = storage.Open(ctx, engine, storage.Options{At: o.At})
		return d, err
	}
	socket, clean, err := socketPath(defaultData)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(clean)
	r, err := begin(t.Context(), wiring{command: serveName, dir: defaultData, create: true, acts: true, socket: socket, open: open,
		log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	return serving(t, r), engine
}

// serving lets a bot serve until the test stops it.
func serving(t *testing.T, r *running) *daemon {
	t.Helper()
	front, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	local, err := listenLocal(t.Context(), r.socket, r.log)
	if err != nil {
		t.Fatal(err)
	}
	r.metrics.Watch(func() web.Numbers { return r.numbers(context.Background()) })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.live(ctx, front, local) }()
	d := &daemon{running: r, t: t, url: "http://" + front.Addr().String(), end: cancel}
	d.stop = sync.OnceValue(func() error {
		cancel()
		err := <-ended
		if cerr := r.Close(); err == nil {
			err = cerr
		}
		return err
	})
	t.Cleanup(func() { _ = d.stop() })
	return d
}

// says runs the program and gives what it printed, and its code.
func (d *daemon) says(args ...string) (string, int) {
	d.t.Helper()
	return says(d.t, args...)
}

func (d *daemon) must(args ...string) string {
	d.t.Helper()
	out, code := d.says(args...)
	if code != 0 {
		d.t.Fatalf("%q ended with %d: %s", args, code, out)
	}
	return out
}

func (d *daemon) page(path string, code int) string {
	d.t.Helper()
	body, err := fetch(d.url+path, code)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(body)
}

// says runs the program and gives what it printed, and its code.
func says(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(""), &out, &out)
	return out.String(), code
}

// inWorktree goes to a fresh work tree with a configuration.
func inWorktree(t *testing.T) {
	t.Helper()
	repo := gittest.New(t)
	repo.Commit(gittest.Ana, gittest.Day(1), "Begin", "")
	t.Chdir(repo.Dir)
	t.Setenv("HOME", repo.Home)
	writeFile(t, defaultConfig, "owners: [ana]\npeople: {ana: {name: Ana}}\n")
}

// until waits until something is so, for a while.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPoisoned: once nobody can say what the store holds, the process stays up and red, whoever would decide something
// is told so, and flags are served as they stood, marked stale.
func TestPoisoned(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	d, engine := begun(t)
	d.must("run", "new app@1.0.0", "sign tests,changelog,way", "advance", "!press Release to everyone", "flag new invoices", "flag set invoices on", "!press Set to 100 %")
	d.page("/readyz", 200)
	before := strings.TrimSpace(d.must("run", "flag show invoices --for user-1"))
	engine.Lose(false)
	out, code := d.says("run", "hold -- something is wrong")
	if code != 1 || !strings.HasPrefix(out, "outcome_unknown: I could not confirm that this was saved. Do not ship.") {
		t.Errorf("the commit that was lost is answered with %d %q", code, out)
	}
	red := d.page("/readyz", 503)
	if !regexp.MustCompile(`"name": "store",\s+"state": "failed",\s+"why": ".*injected fault`).MatchString(red) {
		t.Errorf("/readyz says %s", red)
	}
	d.page("/healthz", 200)
	metrics := d.page("/metrics", 200)
	for _, want := range []string{"readyroom_store_poisoned 1", "readyroom_flags_stale 1", `readyroom_requests_total{reason="outcome_unknown",result="refused"} 1`} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("the metrics lack %q", want)
		}
	}
	for _, line := range []string{"status", "resume", "flag set invoices off", "flag kill invoices -- now"} {
		if out, code := d.says("run", line); code != 1 || !strings.HasPrefix(out, "outcome_unknown: ") {
			t.Errorf("%s is answered with %d %q", line, code, out)
		}
	}
	if after := d.must("run", "flag show invoices --for user-1"); !strings.HasPrefix(after, before+" · stale: as of ") {
		t.Errorf("a flag was %q and is %q", before, after)
	}
	if out := d.must("status"); !strings.Contains(out, "checks    NOT READY\n  failed   store: ") {
		t.Errorf("the status is %s", out)
	}
	if err := d.stop(); err != nil {
		t.Errorf("it did not stop cleanly: %v", err)
	}
}

// TestFlagsAreKept: what flags are is in their file soon after each change, and at once when the bot begins.
func TestFlagsAreKept(t *testing.T) {
	d, _ := begun(t)
	kept := func(want string) {
		t.Helper()
		var text []byte
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			if text, _ = os.ReadFile(filepath.Join(defaultData, flagsFile)); strings.Contains(string(text), want) {
				return
			}
		}
		t.Fatalf("the file says %s, not %s", text, want)
	}
	kept(`"percents":{"production":{}}`)
	d.must("run", "new app@1.0.0", "flag new invoices")
	kept(`"invoices":0`)
	d.must("run", "sign tests,changelog,way", "advance", "!press Release to everyone", "flag set invoices 30%")
	kept(`"invoices":30`)
	now, _ := d.desk.FlagSet()
	if file, err := os.ReadFile(filepath.Join(defaultData, flagsFile)); err != nil || !bytes.Equal(file, now) {
		t.Errorf("the file says %s, %v\nand the desk %s", file, err, now)
	}
}

// TestBusy: a delivery that hangs holds up no line. What the line posts follows.
func TestBusy(t *testing.T) {
	d, _ := begun(t)
	d.must("run", "new app@1.0.0")
	d.patience = 50 * time.Millisecond
	d.turn <- struct{}{} // somebody delivers, and does not come back
	out, code := d.says("run", "sign tests")
	if code != 0 || !strings.HasPrefix(out, "ok ga.ready/tests · @ana") || !strings.HasSuffix(out, "The bot is busy delivering: what this posts follows. → readyroom status\n") {
		t.Errorf("answered with %d %q", code, out)
	}
	<-d.turn
	if out := d.must("run", "!show #general"); !strings.Contains(out, "NO-GO 1/3") {
		t.Errorf("the channel shows %s", out)
	}
}

// TestStopsInOrder: as long as somebody is being answered, what works behind goes on.
func TestStopsInOrder(t *testing.T) {
	d, _ := begun(t)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "unix", d.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "POST /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // it is being read
	d.end()
	until(t, "nobody new is let in", func() bool { _, _, err := fetchOnce(d.url + "/healthz"); return err != nil })
	r := d.handle(t.Context(), chat.Request{ID: "late", By: "console/ana", At: "console/#general", Text: "new app@1.0.0", When: time.Now()})
	if r.Refusal != nil {
		t.Fatal(r.Refusal)
	}
	until(t, "what was decided late is delivered", func() bool {
		said, err := os.ReadFile(filepath.Join(defaultData, "console.jsonl"))
		return err == nil && strings.Contains(string(said), "app 1.0.0 · before GA")
	})
	_, _ = io.WriteString(c, "}")
	answer, err := io.ReadAll(c)
	if err != nil || !strings.Contains(string(answer), "checks    ready") {
		t.Errorf("who was being answered got %q, %v", answer, err)
	}
	if err := d.stop(); err != nil {
		t.Error(err)
	}
}

// TestOperationsThatFail do nobody else harm: one that panics, one that nobody knows, one that is asked nonsense.
func TestOperationsThatFail(t *testing.T) {
	operations["panic"] = operation{do: takes(func(*running, context.Context, struct{}, io.Writer) error { panic("a template") })}
	defer delete(operations, "panic")
	d, _ := begun(t)
	for name, want := range map[string]string{
		"panic":  "^panic: a template; the log of the bot says where; → readyroom status$",
		"dance":  "^the bot that is running does not know dance: it is of another version; → start it anew$",
		"backup": "^what was asked cannot be read: ",
	} {
		var out bytes.Buffer
		ok, err := askRunning(t.Context(), defaultData, name, []byte(`{"file":`), &out)
		if name == "panic" {
			ok, err = askRunning(t.Context(), defaultData, name, []byte(`{}`), &out)
		}
		if !ok || err == nil || !regexp.MustCompile(want).MatchString(err.Error()) {
			t.Errorf("%s: %v, %v, want %s", name, ok, err, want)
		}
	}
	if out := d.must("status"); !strings.Contains(out, "checks    ready") {
		t.Errorf("after that the status is %s", out)
	}
}
