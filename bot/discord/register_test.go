package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
)

// board is Discord as far as commands go: it keeps those of each path, gives ids and versions, and notes what was written.
type board struct {
	sync.Mutex
	kept  map[string][]map[string]any
	n     int
	wrote []string
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.Lock()
	defer b.Unlock()
	path, id := r.URL.Path, ""
	if before, after, one := strings.Cut(path, "/commands/"); one {
		path, id = before+"/commands", after
	}
	if r.Method != http.MethodGet {
		b.wrote = append(b.wrote, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/applications/7"))
	}
	all := b.kept[path]
	i := slices.IndexFunc(all, func(c map[string]any) bool { return c["id"] == id })
	var body any
	if text, _ := io.ReadAll(r.Body); len(text) > 0 && json.Unmarshal(text, &body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	switch r.Method {
	case http.MethodGet:
		if r.URL.Query().Get("with_localizations") != "true" && strings.Contains(path, "/guilds/") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
	case http.MethodPut:
		all = nil
		for _, c := range body.([]any) {
			all = append(all, b.made(c))
		}
	case http.MethodPost:
		all = append(all, b.made(body))
	case http.MethodPatch:
		for k, v := range body.(map[string]any) {
			if k == "id" || k == "type" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			all[i][k] = v
		}
		b.n++
		all[i]["version"] = fmt.Sprint(b.n)
	case http.MethodDelete:
		all = slices.Delete(all, i, i+1)
	}
	b.kept[path] = all
	_ = json.NewEncoder(w).Encode(all)
}

func (b *board) made(c any) map[string]any {
	b.n++
	out := c.(map[string]any)
	out["id"], out["version"], out["dm_permission"] = fmt.Sprint(b.n), fmt.Sprint(b.n), true
	return out
}

// calls makes calls of a board over HTTP.
func (b *board) calls(t *testing.T) api {
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return func(ctx context.Context, method, path string, body, out any) *chat.Fault {
		var text bytes.Buffer
		if body != nil {
			if err := json.NewEncoder(&text).Encode(body); err != nil {
				return &chat.Fault{Verdict: chat.Fatal, Err: err}
			}
		}
		r, err := http.NewRequestWithContext(ctx, method, server.URL+path, &text)
		if err != nil {
			return &chat.Fault{Verdict: chat.Fatal, Err: err}
		}
		resp, err := server.Client().Do(r)
		if err != nil {
			return &chat.Fault{Verdict: chat.Unclear, Err: err}
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusOK {
			return &chat.Fault{Verdict: chat.Fatal, Err: errors.New(resp.Status)}
		}
		if out == nil {
			return nil
		}
		if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
			return &chat.Fault{Verdict: chat.Fatal, Err: err}
		}
		return nil
	}
}

var someone = identity{app: "7", user: "9", servers: []string{"1", "2"}}

func someRows() []chat.Command {
	return []chat.Command{
		{Path: []string{"status"}, Short: "Where a release stands", Params: []chat.Param{{Name: "rel", Kind: chat.KindRelease, Short: "which release", Offered: true}}},
		{Path: []string{"flag", "list"}, Short: "Flags"},
		{Path: []string{"brief", "ack"}, Short: "Say that you read it"},
	}
}

// TestRegister writes the commands into two servers, and again, and again after a release of the bot changed some: only
// what changed is written, and what stays keeps its id and its version.
func TestRegister(t *testing.T) {
	b := &board{kept: map[string][]map[string]any{}}
	call := b.calls(t)
	does := func(want []tree.Command, dry bool, wrote ...string) Registered {
		t.Helper()
		b.wrote = nil
		got, err := register(t.Context(), call, someone, want, dry)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wrote, b.wrote); diff != "" {
			t.Errorf("written (-want +got):\n%s", diff)
		}
		return got
	}
	first := tree.Commands(someRows(), tree.Options{})
	all := []string{"/release", "/flag", "/brief", "Add to release", "Acknowledge"}
	both := func(w Written) []Written {
		other := w
		w.Server, other.Server = "1", "2"
		return []Written{w, other}
	}
	for _, dry := range []bool{true, false} {
		var wrote []string
		if !dry {
			wrote = []string{"PUT /guilds/1/commands", "PUT /guilds/2/commands"}
		}
		if diff := cmp.Diff(Registered{Servers: both(Written{Created: all})}, does(first, dry, wrote...)); diff != "" {
			t.Errorf("at first, dry %v (-want +got):\n%s", dry, diff)
		}
	}
	if diff := cmp.Diff(Registered{Servers: both(Written{Same: 5})}, does(first, false)); diff != "" {
		t.Errorf("again (-want +got):\n%s", diff)
	}
	rows := someRows()
	rows[0].Short = "Where it stands"
	rows[1].Path = []string{"flags", "list"}
	b.kept["/applications/7/commands"] = []map[string]any{{"id": "90", "name": "release", "type": 1}, {"id": "91", "name": "other", "type": 1}, {"id": "92", "name": "Acknowledge", "type": 3}, {"id": "93", "name": "brief", "type": 3}}
	got := does(tree.Commands(rows, tree.Options{}), false,
		"PATCH /guilds/1/commands/1", "POST /guilds/1/commands", "DELETE /guilds/1/commands/2",
		"PATCH /guilds/2/commands/6", "POST /guilds/2/commands", "DELETE /guilds/2/commands/7")
	want := Registered{Servers: both(Written{Created: []string{"/flags"}, Changed: []string{"/release"}, Removed: []string{"/flag"}, Same: 3}), Twice: []string{"/release", "Acknowledge"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after a change (-want +got):\n%s", diff)
	}
	for _, c := range b.kept["/applications/7/guilds/1/commands"] {
		if unchanged := c["name"] != "release" && c["name"] != "flags"; unchanged && c["version"] != c["id"] {
			t.Errorf("%v was as it should be, and has a new version", c["name"])
		}
	}
	if got := does(tree.Commands(rows, tree.Options{}), false); !got.Servers[0].None() || !got.Servers[1].None() {
		t.Errorf("written, there is still something to write: %v", got)
	}
	if got := does(tree.Commands(rows, tree.Options{Everyone: true}), true); len(got.Servers[0].Changed) != 5 {
		t.Errorf("shown to everybody instead: %v", got)
	}
}

// TestRegisterSays: each server by itself, what a dry run would write as something to do, and each thing that failed.
func TestRegisterSays(t *testing.T) {
	done := Registered{Servers: []Written{{Server: "1", Created: []string{"/flags"}, Changed: []string{"/release", "Acknowledge"}, Removed: []string{"/flag"}, Same: 3}, {Server: "2", Same: 7}}, Twice: []string{"/release"}}
	failed := errors.Join(errors.Join(errors.New("server 3: no"), errors.New("server 4: no")), errors.New("all: no → wait"))
	var got []string
	for _, f := range append(done.Findings(false, nil), done.Findings(true, failed)...) {
		got = append(got, fmt.Sprintf("%s %s: %s → %s", f.State, f.What, f.Found, f.Next))
	}
	twice := "warning commands of all servers: /release: the application has them for all servers, too, so people see each of them twice → take them away with whatever wrote them: those of the servers are the bot's"
	next := " → readyroom doctor; in each server the bot needs the scopes bot and applications.commands. Then: readyroom discord register"
	if diff := cmp.Diff([]string{
		"ok commands of 1: created /flags · changed /release, Acknowledge · removed /flag · 3 as they should be → ",
		"ok commands of 2: 7 as they should be → ", twice,
		"warning commands of 1: of another version. Would be created /flags · changed /release, Acknowledge · removed /flag · 3 as they should be → readyroom discord register, or restart the bot, which does it too",
		"ok commands of 2: 7 as they should be → ", twice,
		"FAILED commands: server 3: no" + next, "FAILED commands: server 4: no" + next, "FAILED commands: all: no → wait",
	}, got); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

// TestRegisterAgain: what may have been written is looked at again, what Discord puts off is tried again when it says, and
// what it refuses stops one server and not the others.
func TestRegisterAgain(t *testing.T) {
	want := tree.Commands(someRows(), tree.Options{})
	wait := &chat.Fault{Verdict: chat.Retry, After: 7 * time.Second, Err: errors.New("slow down")}
	lost := &chat.Fault{Verdict: chat.Unclear, Err: errors.New("no answer")}
	no := &chat.Fault{Verdict: chat.Fatal, Err: errors.New("missing access")}
	later := &chat.Fault{Verdict: chat.Retry, After: time.Hour, Err: errors.New("much later")}
	for name, c := range map[string]struct {
		faults map[string][]*chat.Fault // of a call to the first server, one after another; nil: it is done
		takes  time.Duration
		wrong  string
		wrote  int // of the first server
	}{
		"put off":         {map[string][]*chat.Fault{"GET": {wait, wait}}, 14 * time.Second, "", 1},
		"lost on the way": {map[string][]*chat.Fault{"PUT": {lost}}, time.Second, "", 1},
		"lost for good":   {map[string][]*chat.Fault{"GET": {lost, lost, lost, lost, lost, lost}}, 4 * time.Second, "server 1: unclear: no answer", 0},
		"refused":         {map[string][]*chat.Fault{"GET": {no}}, 0, "server 1: fatal: missing access", 0},
		"not for an hour": {map[string][]*chat.Fault{"PUT": {later}}, 0, "server 1: retry: much later", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kept, writes := map[string]any{}, 0
				call := func(_ context.Context, method, path string, body, out any) *chat.Fault {
					path, _, _ = strings.Cut(path, "?")
					first := strings.Contains(path, "/guilds/1/")
					var f *chat.Fault
					if rest := c.faults[method]; first && len(rest) > 0 {
						f, c.faults[method] = rest[0], rest[1:]
					}
					if method == http.MethodPut && (f == nil || f == lost) {
						kept[path] = body
						if first {
							writes++
						}
					}
					if out != nil && f == nil {
						text, _ := json.Marshal(kept[path])
						_ = json.Unmarshal(text, out)
					}
					return f
				}
				begun := time.Now()
				got, err := register(t.Context(), call, someone, want, false)
				if took := time.Since(begun); took != c.takes {
					t.Errorf("it took %v, not %v", took, c.takes)
				}
				if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) || writes != c.wrote {
					t.Errorf("%v after %d writes, want %q after %d", err, writes, c.wrong, c.wrote)
				}
				for _, w := range got.Servers {
					if len(w.Created) != 5 {
						t.Errorf("of server %s is said: %v", w.Server, w)
					}
				}
				if reached := len(got.Servers); reached != map[bool]int{true: 2, false: 1}[err == nil] {
					t.Errorf("%d servers have their commands", reached)
				}
			})
		})
	}
}

// TestRegisterStops: who is told to stop does not wait.
func TestRegisterStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 3*time.Second)
		defer stop()
		begun := time.Now()
		_, err := register(ctx, func(context.Context, string, string, any, any) *chat.Fault {
			return &chat.Fault{Verdict: chat.Retry, After: 50 * time.Second, Err: errors.New("slow down")}
		}, someone, nil, false)
		if err == nil || time.Since(begun) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}
