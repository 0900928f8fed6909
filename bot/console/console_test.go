package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/workflows"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// paper is what is printed on; it can be read while it is printed on.
type paper struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// rig is a console with its bot, over a memory in path.
type rig struct {
	*bot
	out  paper
	opts Options
}

func newRig(t *testing.T, path string) *rig {
	t.Helper()
	m, err := OpenMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	})
	r := &rig{bot: &bot{memory: m, clock: SimulatedClock(SimulatedStart())}}
	n := 0
	r.opts = Options{
		Handle: r.handle, Step: r.step, Memory: m, Clock: r.clock, Out: &r.out,
		Join:  "readyroom init, then people:",
		Known: func(_ context.Context, h workflows.Handle) bool { return h == "console/you" || h == "console/ana" },
		IDs:   func() string { n++; return fmt.Sprintf("console/run/%d", n) },
	}
	return r
}

// run feeds a script and gives what was printed.
func (r *rig) run(t *testing.T, script string) string {
	t.Helper()
	r.opts.In = strings.NewReader(script)
	if _, err := New(r.opts).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r.out.String()
}

// scripts are run plain and as JSON, and compared with what stands in testdata.
func TestGolden(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.in")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, path := range scripts {
		script, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, ext := range []string{".txt", ".json"} {
			file := strings.TrimSuffix(path, ".in") + ext
			t.Run(filepath.Base(file), func(t *testing.T) {
				r := newRig(t, filepath.Join(t.TempDir(), "console.jsonl"))
				r.opts.JSON = ext == ".json"
				golden.Equal(t, file, r.run(t, string(script)))
			})
		}
	}
}

func TestStrict(t *testing.T) {
	tests := map[string]bool{"hello\n": false, "which\nhello\n": true, "@ben hello\n": true, "!press x\n": true, "draft\n!fill\n": true, "!help\n": false}
	for script, want := range tests {
		for _, strict := range []bool{true, false} {
			r := newRig(t, filepath.Join(t.TempDir(), "c"))
			r.opts.In, r.opts.Strict = strings.NewReader(script), strict
			got, err := New(r.opts).Run(t.Context())
			if err != nil || got != (want && strict) {
				t.Errorf("%q, strict %v: refused %v, %v", script, strict, got, err)
			}
		}
	}
}

func TestUnknownPersonIsRefusedExactly(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	got := r.run(t, "@ben #other /release sign audit\nhello\n")
	want := "unknown_person: nobody here is @ben → readyroom init, then people:\nheard hello\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(r.got) != 1 || r.got[0].By != "console/you" || r.got[0].At != "console/#general" {
		t.Errorf("the refused line left something behind: %+v", r.got)
	}
}

func TestRequests(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	r.run(t, "new app@1\n@ana #dev\n/release hello\n!id again\n\n# a comment\nhello \xff\x00there\n!id gone\n!press nope\nx\n@you #general !press sig\n")
	when := SimulatedStart()
	want := []chat.Request{
		{ID: "console/run/1", By: "console/you", At: "console/#general", Text: "new app@1", When: when},
		{ID: "console/run/2", By: "console/ana", At: "console/#dev", Text: "/release hello", When: when},
		{ID: "again", By: "console/ana", At: "console/#dev", Text: "hello \xff\x00there", When: when},
		{ID: "console/run/3", By: "console/ana", At: "console/#dev", Text: "x", When: when},
		{ID: "console/run/4", By: "console/you", At: "console/#general", Text: "sign 1 ~3f2a9c1.0", Press: true, When: when},
	}
	if diff := cmp.Diff(want, r.got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// The first post where the line was typed is its answer; others, and what comes with later lines, are news.
func TestPostedAnswers(t *testing.T) {
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	got := r.run(t, "twice\nremind 1h\nmute\n!wait 2h\n#dev twice\n")
	want := "one\n#general: two\nwill do\n#general: reminder after 1h\nMonday 2026-01-05 11:00 UTC\none\n#dev: two\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestIDIsForOneLine(t *testing.T) {
	for _, between := range []string{"!press x\n", "@ben x\n", "!help\n", strings.Repeat("x", maxLine+1) + "\n"} {
		r := newRig(t, filepath.Join(t.TempDir(), "c"))
		r.run(t, "!id again\n"+between+"hello\n")
		if len(r.got) != 1 || r.got[0].ID != "console/run/1" {
			t.Errorf("%.10q: %+v", between, r.got)
		}
	}
}

func TestLongLine(t *testing.T) {
	for n, want := range map[int]string{
		maxLine:     "heard " + strings.Repeat("x", 60) + "…\nheard next\n",
		maxLine + 1: "invalid: a line holds up to 65536 bytes, this one 65537\nheard next\n",
		5 * maxLine: "invalid: a line holds up to 65536 bytes, this one 327680\nheard next\n",
	} {
		for _, end := range []string{"\n", "\r\n"} {
			r := newRig(t, filepath.Join(t.TempDir(), "c"))
			if got := r.run(t, strings.Repeat("x", n)+end+"next"); got != want {
				t.Errorf("%d bytes, end %q: got %q, want %q", n, end, got, want)
			}
		}
	}
}

func TestPressWorksAcrossRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "console.jsonl")
	first := newRig(t, path)
	first.run(t, "new app@1.0.0\nadvance\n")
	if err := first.memory.Close(); err != nil {
		t.Fatal(err)
	}
	second := newRig(t, path)
	got := second.run(t, "!press release TO everyone\n!show\n")
	want := "app 1.0.0 is out · to close: announced\n#general: app 1.0.0 is out\n@ana (dm): You acknowledged the briefing\n" +
		"  app 1.0.0 is out\n  [Got it]\napp@1.0.0 · before GA\n  NO-GO 0/3\n  [Sign…] [Hold]\napp 1.0.0 is out\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBannerAndPrompt(t *testing.T) {
	for asJSON, want := range map[bool]string{
		false: "  New data\n> heard hello\n> \n",
		true:  `{"kind":"ephemeral","to":"@you","at":"2026-01-05T09:00:00Z","message":{"title":"heard hello"}}` + "\n",
	} {
		r := newRig(t, filepath.Join(t.TempDir(), "c"))
		r.opts.Banner, r.opts.Terminal, r.opts.JSON = []string{"  New data"}, true, asJSON
		if got := r.run(t, "hello\n"); got != want {
			t.Errorf("JSON %v: got %q, want %q", asJSON, got, want)
		}
	}
}

func TestFaultsEndTheRun(t *testing.T) {
	broken := errors.New("broken")
	r := newRig(t, filepath.Join(t.TempDir(), "c"))
	r.err = broken
	r.opts.In = strings.NewReader("hello\n")
	if _, err := New(r.opts).Run(t.Context()); !errors.Is(err, broken) {
		t.Errorf("a fault of Step: %v", err)
	}
	r = newRig(t, filepath.Join(t.TempDir(), "c"))
	r.opts.In = io.MultiReader(strings.NewReader("hello\n"), failing{broken})
	if _, err := New(r.opts).Run(t.Context()); !errors.Is(err, broken) || len(r.got) != 1 {
		t.Errorf("a fault of the input: %v after %d lines", err, len(r.got))
	}
	r = newRig(t, filepath.Join(t.TempDir(), "c"))
	r.opts.In, r.opts.Out = strings.NewReader("hello\nhello\n"), failing{broken}
	if _, err := New(r.opts).Run(t.Context()); !errors.Is(err, broken) || len(r.got) != 1 {
		t.Errorf("a fault of the output: %v after %d lines", err, len(r.got))
	}
	r = newRig(t, filepath.Join(t.TempDir(), "c"))
	r.opts.In = strings.NewReader("advance\n")
	if err := r.memory.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := New(r.opts).Run(t.Context()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a fault of the memory: %v", err)
	}
}

// failing is a reader and a writer that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }
