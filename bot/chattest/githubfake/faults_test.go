package githubfake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

const comments = "POST /repos/{owner}/{repo}/issues/{number}/comments"

// TestFaults answers a comment in each way that is not the true one: it is there if the fault says so, and not otherwise.
func TestFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault githubfake.Fault
		want  string // the status and what of the body, or the beginning of the error
	}{
		{"502", githubfake.HTTP(502), `502 {"documentation_url":"https://docs.github.com/rest","message":"Bad Gateway","status":"502"}`},
		{"a page", githubfake.HTML(502), "502 <!DOCTYPE html><title>Unicorn! 502</title>"},
		{"nothing", githubfake.Raw(200, ""), "200 "},
		{"null", githubfake.Raw(201, "null"), "201 null"},
		{"an empty object", githubfake.Raw(201, "{}"), "201 {}"},
		{"a reset", githubfake.Ends(githubfake.Reset), "error: "},
		{"half of it", githubfake.Ends(githubfake.Cut), "error: "},
		{"too much", githubfake.TooMany(429, "7"), "429 "},
		{"exhausted", githubfake.Exhausted(403, time.Unix(1767603600, 0)), "403 "},
	}
	for _, port := range []bool{false, true} {
		for _, x := range tests {
			for _, stored := range []bool{false, true} {
				t.Run(fmt.Sprint(x.name, " port=", port, " stored=", stored), func(t *testing.T) {
					f := githubfake.New(t, githubfake.Options{Portless: !port})
					r := f.AddRepo("acme/app")
					r.Issue(githubfake.Issue{Title: "i"})
					fault := x.fault
					if stored {
						fault = githubfake.Stored(fault)
					}
					f.Fail(comments, fault)
					client := f.Client()
					if port {
						client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
					}
					if got := tried(t.Context(), client, f); !strings.HasPrefix(got, x.want) {
						t.Errorf("got %q, want %q", got, x.want)
					}
					if n := len(r.Comments(1)); stored != (n == 1) {
						t.Errorf("%d comments", n)
					}
					if c := f.Calls(comments); f.Unspent() != 0 || len(c) != 1 || !c[0].Faulted {
						t.Errorf("%d unspent, calls: %v", f.Unspent(), c)
					}
				})
			}
		}
	}
}

// tried makes a comment, and gives what came of it.
func tried(ctx context.Context, client *http.Client, f *githubfake.Fake) string {
	r, err := http.NewRequestWithContext(ctx, "POST", f.URL()+"repos/acme/app/issues/1/comments", strings.NewReader(`{"body":"b"}`))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.Token())
	w, err := client.Do(r)
	if err != nil {
		return "error: " + err.Error()
	}
	defer func() { _ = w.Body.Close() }()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		return "error: " + err.Error()
	}
	return fmt.Sprint(w.StatusCode, " ", string(text))
}

// TestSilence: an answer that does not come, and one that does not end, within a bubble where time passes by itself.
func TestSilence(t *testing.T) {
	for _, way := range []githubfake.Way{githubfake.Silent, githubfake.Endless, githubfake.Dribble} {
		synctest.Test(t, func(t *testing.T) {
			f := githubfake.New(t, githubfake.Options{Portless: true})
			f.AddRepo("acme/app").Issue(githubfake.Issue{Title: "i"})
			f.Fail(comments, githubfake.Stored(githubfake.Ends(way)))
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			if got := tried(ctx, f.Client(), f); !strings.Contains(got, context.DeadlineExceeded.Error()) {
				t.Errorf("way %d: %q", way, got)
			}
		})
	}
}

// TestBomb: a small answer that unpacks to a large one is read no further than somebody likes.
func TestBomb(t *testing.T) {
	f, _, api := acme(t, githubfake.Options{})
	f.Fail("", githubfake.Stored(githubfake.Ends(githubfake.Bomb)))
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", f.URL()+"repos/acme/app", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	w, err := api.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.CopyN(io.Discard, w.Body, 64<<20); err != nil || n != 64<<20 {
		t.Errorf("%d bytes, %v", n, err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, w.Body); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_ = w.Body.Close()
}

// TestFailAt: a fault of the k-th call alone, and one that is told apart by its route.
func TestFailAt(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	r.Issue(githubfake.Issue{Title: "i"})
	f.FailAt(2, githubfake.HTTP(503))
	f.Fail(comments, githubfake.OtherID(7), githubfake.Ends(githubfake.Ordinary), githubfake.Late(time.Millisecond, githubfake.HTTP(500)))
	api.get("/repos/acme/app").must(t, 200)
	api.get("/repos/acme/app").must(t, 503)
	api.get("/repos/acme/app").must(t, 200)
	api.post("/repos/acme/app/issues/1/comments", j{"body": "b"}).must(t, 201).says(t, "id", 7)
	api.post("/repos/acme/app/issues/1/comments", j{"body": "c"}).must(t, 201)
	api.post("/repos/acme/app/issues/1/comments", j{"body": "d"}).must(t, 500)
	if n := len(r.Comments(1)); n != 2 {
		t.Errorf("%d comments", n)
	}
	noted := &noter{TB: t}
	githubfake.New(noted, githubfake.Options{Portless: true}).Fail("GET /nothing", githubfake.HTTP(500))
	if len(noted.errors) != 1 {
		t.Errorf("noted: %q", noted.errors)
	}
}

// TestBetween moves a branch between two reads of it.
func TestBetween(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	first := r.Head("main")
	var seen []int
	f.Between(func(n int) {
		seen = append(seen, n)
		if n == 2 {
			r.Commit("main", "ben", "fix: meanwhile", nil)
		}
	})
	api.get("/repos/acme/app/commits/main").says(t, "sha", first)
	api.get("/repos/acme/app/commits/main").says(t, "commit.message", "fix: meanwhile")
	f.Between(nil)
	api.get("/repos/acme/app/commits/main").must(t, 200)
	if len(seen) != 2 || seen[1] != 2 {
		t.Errorf("called before %v", seen)
	}
}

// TestRedirect: a client that follows to another host does not bring its token there.
func TestRedirect(t *testing.T) {
	f := githubfake.New(t, githubfake.Options{})
	f.AddRepo("acme/app").Issue(githubfake.Issue{Title: "i"})
	e := f.Elsewhere(t)
	f.Fail(comments, githubfake.Redirect(e.URL))
	_ = tried(t.Context(), &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, f)
	if visits, tokens := e.Visits(); visits != 1 || tokens != 0 {
		t.Errorf("%d visits, %d tokens", visits, tokens)
	}
}
