//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// process is the program as a process of its own, serving.
type process struct {
	*exec.Cmd
	t   *testing.T
	url string
	log *lockedBuffer
}

// lockedBuffer is written to and read from at the same time.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// spawn starts the program in the work tree that the test is in.
func spawn(t *testing.T) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	addr := freeAddress(t)
	p := &process{Cmd: exec.CommandContext(t.Context(), self, "serve", "--listen", addr), t: t, url: "http://" + addr, log: &lockedBuffer{}}
	p.Env = append(os.Environ(), modeVariable+"=readyroom", "GORACE="+raceQuickly)
	p.Stderr = p.log
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	if _, err := fetch(p.url+"/readyz", 200); err != nil {
		t.Fatalf("%v\n%s", err, p.log)
	}
	return p
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// holds counts the news in the channels that a release is on hold.
func holds(t *testing.T) (n int) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(defaultData, "console.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var m struct {
			Edit    bool
			Message struct{ Title string }
		}
		if json.Unmarshal(line, &m) == nil && !m.Edit && m.Message.Title == "app 1.0.0 is on hold" {
			n++
		}
	}
	return n
}

// onHold makes data with a release that is on hold, and queues the news of it once more for a time to come.
func onHold(t *testing.T, due time.Duration) time.Time {
	t.Helper()
	var out bytes.Buffer
	if code := run(t.Context(), []string{"console", "--strict"}, strings.NewReader("new app@1.0.0\nhold -- it is slow\n"), &out, &out); code != 0 {
		t.Fatal(out.String())
	}
	s, isNew, err := openData(t.Context(), defaultData)
	if err != nil || isNew {
		t.Fatal(isNew, err)
	}
	at := time.Now().Add(due)
	err = s.Update(t.Context(), func(tx *storage.Tx) error {
		var held workflows.Seq
		err := tx.Ledger(0, func(r ledger.Record) (bool, error) {
			if r.Kind == "release.held" {
				held = r.Seq
			}
			return true, nil
		})
		if err != nil || held == 0 {
			return fmt.Errorf("event %d, %w", held, err)
		}
		return tx.Enqueue(storage.Delivery{Kind: workflows.Tell, What: "held", Stream: "release/app@1.0.0", Seq: held, Place: "console/#general", Due: at})
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return at
}

// TestSuspended: what came due while the process stood still is delivered once it goes on, once.
func TestSuspended(t *testing.T) {
	inWorktree(t)
	due := onHold(t, 1500*time.Millisecond)
	p := spawn(t)
	before := holds(t)
	p.signal(syscall.SIGSTOP)
	time.Sleep(time.Until(due) + 300*time.Millisecond)
	if n := holds(t); n != before {
		t.Fatalf("it was delivered before it was due, or by a process that stands still: %d, %d before", n, before)
	}
	p.signal(syscall.SIGCONT)
	until(t, "what is overdue is delivered", func() bool { return holds(t) > before })
	time.Sleep(200 * time.Millisecond)
	if n := holds(t); n != before+1 {
		t.Errorf("it was delivered %d times", n-before)
	}
}

// TestOverdueIsNotTheAnswer: what a line finds overdue is delivered, and is not printed as if the line had posted it.
func TestOverdueIsNotTheAnswer(t *testing.T) {
	inWorktree(t)
	onHold(t, 0)
	before := holds(t)
	out, code := says(t, "run", "help")
	if code != 0 || strings.Contains(out, "it is slow") {
		t.Errorf("answered with %d %s", code, out)
	}
	if n := holds(t); n != before+1 {
		t.Errorf("what was overdue was delivered %d times", n-before)
	}
}

// TestSignals: SIGHUP reloads what is sound and leaves what is broken, SIGTERM lets a line that is being read end and
// ends cleanly, and a second one waits for nothing.
func TestSignals(t *testing.T) {
	inWorktree(t)
	p := spawn(t)
	writeFile(t, defaultConfig, "owners: [ana\n")
	p.signal(syscall.SIGHUP)
	until(t, "the broken configuration is told", func() bool {
		body, _, err := fetchOnce(p.url + "/readyz")
		return err == nil && strings.Contains(string(body), `"state": "warning"`)
	})
	writeFile(t, defaultConfig, "owners: [ana]\npeople: {ana: {name: Ana}, ben: {name: Ben}}\n")
	p.signal(syscall.SIGHUP)
	until(t, "the sound one is in force", func() bool {
		body, _, err := fetchOnce(p.url + "/readyz")
		return err == nil && !strings.Contains(string(body), `"state": "warning"`)
	})
	answer, asked := p.half(`{"lines":["new app@1.0.0"]}`)
	p.signal(syscall.SIGTERM)
	until(t, "it is stopping", func() bool { return strings.Contains(p.log.String(), "msg=stopping") })
	asked()
	if got := answer(); !strings.Contains(got, "app 1.0.0 · before GA") || !strings.Contains(got, `{\"code\":0}`) {
		t.Errorf("what was under way was answered with %q", got)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("it ended with %v:\n%s", err, p.log)
	}
	if out, code := says(t, "run", "/release status app"); code != 0 || !strings.Contains(out, "app 1.0.0 · before GA") {
		t.Errorf("what was answered is not there: %s", out)
	}

	p = spawn(t)
	_, _ = p.half("{}")
	p.signal(syscall.SIGTERM)
	until(t, "it is stopping", func() bool { return strings.Contains(p.log.String(), "msg=stopping") })
	began, ended := time.Now(), make(chan struct{})
	go func() { _ = p.Wait(); close(ended) }() // it was ended by the signal
	for again := true; again; {                // one that comes in the same instant as the first is the first
		_ = p.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
			again = false
		case <-time.After(20 * time.Millisecond):
		}
	}
	if took := time.Since(began); took > 2*time.Second || p.ProcessState.Exited() {
		t.Errorf("after the second signal it ended in %v with %v", took, p.ProcessState)
	}
}

// half asks the process to run something but does not finish asking; the functions finish, and read the answer.
func (p *process) half(args string) (answer func() string, finish func()) {
	p.t.Helper()
	c, err := (&net.Dialer{}).DialContext(p.t.Context(), "unix", filepath.Join(defaultData, socketFile))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = c.Close() })
	_, err = fmt.Fprintf(c, "POST /run HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(args), args[:1])
	if err != nil {
		p.t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // it is being read
	answer = func() string {
		text, err := io.ReadAll(c)
		if err != nil {
			p.t.Error(err)
		}
		return string(text)
	}
	return answer, func() { _, _ = io.WriteString(c, args[1:]) }
}

// TestHangupStorm: from the moment at which there are data to the very end, SIGHUP only ever reloads.
func TestHangupStorm(t *testing.T) {
	inWorktree(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	addr := freeAddress(t)
	c := exec.CommandContext(t.Context(), self, "serve", "--listen", addr)
	log := &lockedBuffer{}
	c.Env, c.Stderr = append(os.Environ(), modeVariable+"=readyroom", "GORACE="+raceQuickly), log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	until(t, "there are data", func() bool { _, err := os.Stat(defaultData); return err == nil })
	storm, calm := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(calm)
		for {
			select {
			case <-storm:
				return
			case <-time.After(100 * time.Microsecond):
				_ = c.Process.Signal(syscall.SIGHUP)
			}
		}
	}()
	if _, err := fetch("http://"+addr+"/readyz", 200); err != nil {
		t.Errorf("%v\n%s", err, log)
	}
	for range 5 {
		if out, code := says(t, "run", "status"); code != 0 {
			t.Errorf("answered with %d %s", code, out)
		}
	}
	_ = c.Process.Signal(syscall.SIGTERM)
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v\n%s", err, log)
	}
	close(storm)
	<-calm
}
