package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/bot/git/gittest"
)

// hub is GitHub as one script has it. It begins with the script's first line that speaks of it.
type hub struct {
	*githubfake.Fake
	driver  *githubfake.Driver
	commits int
	mu      sync.Mutex
	now     time.Time // zero: the clock on the wall
}

// time is what GitHub's clock shows.
func (h *hub) time() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now.IsZero() {
		return time.Now()
	}
	return h.now
}

// set sets it.
func (h *hub) set(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = now
}

// newHub starts one, on the clock that conversations begin with. The token and the address of it are in the environment.
func newHub(t testing.TB, env func(name, value string)) *hub {
	h := &hub{now: console.SimulatedStart()}
	h.Fake = githubfake.New(t, githubfake.Options{Now: h.time})
	h.driver = h.Driver()
	h.driver.At = func() time.Time { return firstDay.AddDate(0, 0, h.commits) }
	env("GITHUB_API_URL", h.URL())
	env("GITHUB_TOKEN", h.Token())
	return h
}

// githubCmd lets something happen at GitHub, see githubfake.Verbs. What that has to say is stdout; the ids of commits are
// $g1, $g2, … Beside the fake's own verbs there are
//
//	github push [FOLDER]     pushes every branch and tag of a clone, the app if none is named, with its own ids
//	github wait DURATION     has GitHub's clock move on
//	github clock real        has it be the one on the wall
func githubCmd(ts *testscript.TestScript, neg bool, args []string) {
	f := ts.Value(repository).(*fixture)
	if f.hub == nil {
		f.hub = newHub(f.t, ts.Setenv)
	}
	out, err := f.hub.do(ts, f, args)
	if (err != nil) != neg {
		ts.Fatalf("github %s: %v", strings.Join(args, " "), err)
	}
	if err != nil {
		_, err = fmt.Fprintln(ts.Stderr(), err)
		ts.Check(err)
	}
	if out != "" && !strings.HasSuffix(out, "\n") {
		out += "\n"
	}
	_, err = ts.Stdout().Write([]byte(out))
	ts.Check(err)
}

func (h *hub) do(ts *testscript.TestScript, f *fixture, args []string) (string, error) {
	if len(args) == 0 {
		return h.driver.Do(f.t.Context())
	}
	switch args[0] {
	case "push":
		clone := f.Repo
		if len(args) > 1 {
			other := *clone
			other.Dir = ts.MkAbs(args[1])
			clone = &other
		}
		h.push(clone)
		return "", nil
	case "wait":
		d, err := time.ParseDuration(args[1])
		h.set(h.time().Add(d))
		return "", err
	case "clock":
		h.set(time.Time{})
		return "", nil
	case "commit", "merge", "squash":
		h.commits++
		id, err := h.driver.Do(f.t.Context(), args...)
		ts.Setenv(fmt.Sprint("g", h.commits), id)
		return id, err
	case "hook":
		ts.Setenv("GITHUB_WEBHOOK_SECRET", args[len(args)-1])
	}
	return h.driver.Do(f.t.Context(), args...)
}

// push brings everything that a clone has to the repository that was spoken of last.
func (h *hub) push(clone *gittest.Repo) {
	r := h.driver.Repo()
	rest := clone.Git("cat-file", "--batch-all-objects", "--batch") + "\n"
	for rest != "" {
		head, more, _ := strings.Cut(rest, "\n")
		var id, kind string
		var size int
		if _, err := fmt.Sscan(head, &id, &kind, &size); err != nil {
			panic(fmt.Sprintf("git cat-file: %q: %v", head, err))
		}
		r.Load(kind, []byte(more[:size]))
		rest = more[size+1:]
	}
	refs := map[string]string{}
	for line := range strings.Lines(clone.Git("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags")) {
		id, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		refs[name] = id
	}
	r.Refs(refs)
}
