package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/storage"
)

// TestHangUp: whoever hangs up in the middle of a delivery takes nothing with them: it is sent, and recorded.
func TestHangUp(t *testing.T) {
	entered, release := make(chan struct{}, 100), make(chan struct{})
	delivering = func(point string, _ storage.Claim) {
		if point == bot.BeforeSend {
			entered <- struct{}{}
			<-release
		}
	}
	defer func() { delivering = func(string, storage.Claim) {} }()
	d, _ := begun(t)
	ctx, hangUp := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() {
		_, err := askRunning(ctx, defaultData, "run", []byte(`{"lines":["new app@1.0.0"]}`), io.Discard)
		asked <- err
	}()
	<-entered
	hangUp()
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // the bot sees that nobody listens any more
	close(release)
	until(t, "the card is in its channel", func() bool {
		said, err := os.ReadFile(filepath.Join(defaultData, "console.jsonl"))
		return err == nil && strings.Contains(string(said), "app 1.0.0 · before GA")
	})
	until(t, "nothing is left claimed", func() bool {
		claimed := 0
		err := d.data.Store.View(t.Context(), func(tx *storage.Tx) error {
			return tx.Deliveries(func(p storage.Pending) (bool, error) {
				if p.State == storage.Claimed || p.Unresolved {
					claimed++
				}
				return true, nil
			})
		})
		return err == nil && claimed == 0
	})
	if metrics := d.page("/metrics", 200); !strings.Contains(metrics, `{platform="console",result="sent"}`) || strings.Contains(metrics, `result="retry"`) {
		t.Error("the delivery under way was cut off")
	}
}

// TestCutShort: how a delivery went is recorded also when there is no time left.
func TestCutShort(t *testing.T) {
	d, _ := begun(t)
	d.turn <- struct{}{} // nobody else delivers
	defer d.pass()
	if r := d.handle(t.Context(), chat.Request{ID: "x", By: "console/ana", At: "console/#general", Text: "new app@1.0.0", When: time.Now()}); r.Refusal != nil {
		t.Fatal(r.Refusal)
	}
	now := time.Now()
	claims, err := d.bot.Queue.Claim(t.Context(), now, now.Add(time.Hour), 1)
	if err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.bot.Queue.Settle(ctx, claims[0], storage.Outcome{At: now, Result: storage.Sent, Message: "m1"}); err != nil {
		t.Error(err)
	}
}

// TestSlowReader: whoever does not read what was answered holds up nobody's deliveries.
func TestSlowReader(t *testing.T) {
	d, _ := begun(t)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "unix", d.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	asked := `{"lines":["help"` + strings.Repeat(`,"help"`, 2000) + `]}`
	if _, err := fmt.Fprintf(c, "POST /run HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(asked), asked); err != nil {
		t.Fatal(err)
	}
	until(t, "it has its turn", func() bool { return len(d.turn) == 1 })
	until(t, "it gives it back", func() bool { return len(d.turn) == 0 })
	out := d.must("run", "new app@1.0.0")
	if strings.Contains(out, "busy") {
		t.Errorf("answered with %s", out)
	}
}

// TestLongEnding: an answer that ends in many words arrives, also in words that are long to write.
func TestLongEnding(t *testing.T) {
	d, _ := begun(t)
	file := "owners: [ana]\npeople: {ana: {name: Ana}}\nproducts:\n"
	for i := range 300 {
		file += fmt.Sprintf("  app%d: {«wrong»: 1, repository: .}\n", i)
	}
	writeFile(t, defaultConfig, file)
	out, code := d.says("reload")
	if code != 2 || len(out) < 4096 || !strings.Contains(out, "products.app0.") || !strings.Contains(out, " more from here on") {
		t.Errorf("%d %.300s", code, out)
	}
	operations["chat"] = operation{do: takes(func(*running, context.Context, struct{}, io.Writer) error {
		return errors.New(strings.Repeat("\x00é\"<", 1<<20))
	})}
	defer delete(operations, "chat")
	_, err := askRunning(t.Context(), defaultData, "chat", []byte(`{}`), io.Discard)
	if err == nil || !strings.HasPrefix(err.Error(), "\x00é\"<\x00é") || !strings.HasSuffix(err.Error(), "…") {
		t.Errorf("%.200v", err)
	}
}

// TestReadyTellsNoText: what people wrote into the configuration is not for whoever can reach the port.
func TestReadyTellsNoText(t *testing.T) {
	d, _ := begun(t)
	writeFile(t, defaultConfig, "owners: [ana]\npeople: {ana: {name: Ana, slack: hunter2}}\n")
	if out, code := d.says("reload"); code != 2 || !strings.Contains(out, "hunter2") {
		t.Errorf("who asked is told %d %s", code, out)
	}
	if page := d.page("/readyz", 200); strings.Contains(page, "hunter2") || !strings.Contains(page, "→ readyroom lint") {
		t.Errorf("/readyz says %s", page)
	}
}

// TestSilence: a bot that stands still is not waited for.
func TestSilence(t *testing.T) {
	defer func(was time.Duration) { maxSilence = was }(maxSilence)
	maxSilence = 50 * time.Millisecond
	dir := t.TempDir()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(dir, socketFile))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ok, err := askRunning(t.Context(), dir, "status", []byte("{}"), io.Discard)
	if !ok || err == nil || !strings.Contains(err.Error(), "→ readyroom status") {
		t.Errorf("%v, %v", ok, err)
	}
}

// TestEnding: once it ends, nobody is answered by what is about to be closed.
func TestEnding(t *testing.T) {
	d, _ := begun(t)
	d.asked.Lock()
	if ok, err := askRunning(t.Context(), defaultData, "status", []byte("{}"), io.Discard); !ok || err == nil {
		t.Errorf("%v, %v", ok, err)
	}
	d.asked.Unlock()
	d.must("status")
}

// TestInterrupted: what was ended before it was done does not end as if it had been.
func TestInterrupted(t *testing.T) {
	inWorktree(t)
	r, err := begin(t.Context(), wiring{command: serveName, dir: defaultData, create: true, acts: true, socket: filepath.Join(defaultData, socketFile), log: quiet(t.Output())})
	if err != nil {
		t.Fatal(err)
	}
	d := serving(t, r)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{{"verify"}, {"backup", filepath.Join(t.TempDir(), "b.db")}, {"run", "status"}, {"evidence", "app@1.0.0"}} {
		var out bytes.Buffer
		if code := run(ctx, args, strings.NewReader(""), &out, &out); code != interrupted && code != 2 {
			t.Errorf("%q ended with %d: %s", args, code, &out)
		}
	}
	if err := d.stop(); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]int{"verify": interrupted, "serve": 0, "console": 0} {
		var out bytes.Buffer
		if code := run(ctx, []string{args}, strings.NewReader(""), &out, &out); code != want {
			t.Errorf("%q ended with %d, want %d: %s", args, code, want, &out)
		}
	}
}

// TestVerifyGiven: whatever is given to be verified, there is an answer soon, and it is never that it is whole.
func TestVerifyGiven(t *testing.T) {
	t.Setenv(modeVariable, "readyroom")
	t.Chdir(t.TempDir())
	sized := func(name, begin string, size int64) {
		writeFile(t, name, begin)
		if err := os.Truncate(name, size); err != nil {
			t.Fatal(err)
		}
	}
	sized("long.json", `{"seq":`, 1<<31)
	sized("bundle.json", `{"release":`, 1<<31)
	sized("nothing.db", "", 1<<33)
	sized("empty", "", 0)
	writeFile(t, "deep.json", "{"+strings.Repeat(`"a":{`, 1<<20))
	writeFile(t, "-dash.db", "nothing")
	if err := errors.Join(syscall.Mkfifo("pipe.json", 0o600), os.Mkdir("data", 0o700)); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"long.json": "which no event is", "bundle.json": "no evidence has more than", "nothing.db": "NOT whole", "empty": "is empty", "deep.json": "NOT what was recorded",
		"./-dash.db": "NOT whole", "-dash.db": "is not Readyroom's database", "pipe.json": "is no regular file", "data": "→ readyroom verify --data 'data'",
		"/dev/zero": "is no regular file", "none": "no such file",
	} {
		began := time.Now()
		out, code := says(t, "verify", "--", file)
		if code == 0 || !strings.Contains(out, want) || !strings.Contains(out, "→ ") || strings.Contains(out, "is whole") {
			t.Errorf("%s ended with %d: %s", file, code, out)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %s", file, took)
		}
	}
	if out, code := says(t, "verify", "--tip", "", "--", "empty"); code != 1 || !strings.Contains(out, "--tip is empty") {
		t.Errorf("an empty tip: %d %s", code, out)
	}
}

// TestExportOfAnother: an export that says it is of another ledger than the tip that is known is not whole.
func TestExportOfAnother(t *testing.T) {
	d, _ := begun(t)
	tip, err := d.data.Store.Tip(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "export")
	writeFile(t, file, strings.Replace(d.must("export"), tip.Instance, strings.Repeat("0", len(tip.Instance)), 1))
	if out, code := d.says("verify", file, "--tip", tip.String()); code != 1 || !strings.Contains(out, "a known tip is of the ledger "+tip.Instance) {
		t.Errorf("%d %s", code, out)
	}
}

// TestUnverified: that nobody could look says nothing against the record, and is said.
func TestUnverified(t *testing.T) {
	d, _ := begun(t)
	if err := d.verify(t.Context(), verifying{Deadline: 1}, io.Discard); err == nil {
		t.Fatal("verified in no time")
	}
	if page := d.page("/readyz", 200); !strings.Contains(page, `"name": "verification",
      "state": "warning"`) {
		t.Errorf("/readyz says %s", page)
	}
}

// TestLeftDatabase: a database that was taken away under the bot turns it red at once, and nothing more is taken for
// recorded.
func TestLeftDatabase(t *testing.T) {
	inWorktree(t)
	r, err := begin(t.Context(), wiring{command: serveName, dir: defaultData, create: true, acts: true, socket: filepath.Join(defaultData, socketFile), log: quiet(t.Output())})
	if err != nil {
		t.Fatal(err)
	}
	d := serving(t, r)
	d.must("run", "new app@1.0.0")
	d.page("/readyz", 200)
	if err := os.Remove(filepath.Join(defaultData, "readyroom.db")); err != nil {
		t.Fatal(err)
	}
	if page := d.page("/readyz", 503); !strings.Contains(page, "was removed or replaced") {
		t.Errorf("/readyz says %s", page)
	}
	if out, code := d.says("run", "sign tests"); code != 1 || !strings.Contains(out, "Do not ship") {
		t.Errorf("%d %s", code, out)
	}
}

// TestClockPutBack: a clock that was wrong for a while does not end the chores of the nights that follow.
func TestClockPutBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunning(wiring{})
		wrong := time.Now().Add(2 * time.Hour)
		r.clock = console.RealClock(func() time.Time {
			if now := time.Now(); now.After(wrong) && now.Before(wrong.Add(time.Hour)) {
				return now.AddDate(10, 0, 0)
			}
			return time.Now()
		})
		r.cfg.Store(&config.Config{Time: config.Time{Zone: time.UTC}})
		nights := map[string]bool{}
		ctx, cancel := context.WithTimeout(t.Context(), 76*time.Hour)
		defer cancel()
		r.everyNight(ctx, func() { nights[time.Now().UTC().Format("02 15:04")] = true })
		if !nights["02 03:00"] || !nights["03 03:00"] {
			t.Errorf("the nights were %v", nights)
		}
	})
}

// TestUnwritten: a bot whose disk is full is not ready, from the second line that was refused at the latest, until one is
// recorded.
func TestUnwritten(t *testing.T) {
	d, engine := begun(t)
	d.must("run", "new app@1.0.0")
	d.page("/readyz", 200)
	for range 2 {
		engine.Fail(storage.ErrFull)
		if out, code := d.says("run", "sign tests"); code != 1 || !strings.Contains(out, "disk_full: ") {
			t.Fatalf("%d %s", code, out)
		}
	}
	if page := d.page("/readyz", 503); !strings.Contains(page, "nothing could be recorded since") {
		t.Errorf("/readyz says %s", page)
	}
	d.must("run", "sign tests")
	d.page("/readyz", 200)
}
