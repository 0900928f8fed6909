package githubfake_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// filledIn gives a route's pattern something to stand for: nothing of it need be there.
func filledIn(pattern string) string {
	return strings.NewReplacer("{owner}", "acme", "{repo}", "app", "{basehead...}", "main...main", "{id}", "1", "{number}", "1", "{login}", "ana",
		"{path...}", "README.md").Replace(strings.NewReplacer("{ref...}", "main", "{branch...}", "main", "{tag...}", "v1", "{sha...}", "main", "{sha}", "main",
		"{file}", "x.yml", "{name}", "x", "{status}", "1").Replace(pattern))
}

// perRepo are the routes of a repository that a token needs something for.
func perRepo() (all []githubfake.Route) {
	for _, r := range githubfake.Routes() {
		if strings.Contains(r.Name, "/repos/") && r.Needs != "" {
			all = append(all, r)
		}
	}
	return all
}

// TestPermissions takes from a token what each route needs: it is told which permission is missing. With that alone it is
// let in.
func TestPermissions(t *testing.T) {
	f, _, api := acme(t, githubfake.Options{})
	for _, r := range perRepo() {
		method, pattern, _ := strings.Cut(r.Name, " ")
		if r.Needs == "metadata=read" {
			continue // everybody has that
		}
		f.Permit("other", map[string]string{})
		api.token = "other"
		a := api.do(method, filledIn(pattern), j{})
		a.must(t, 403).says(t, "message", "Resource not accessible by personal access token")
		if got := a.Header.Get("X-Accepted-Github-Permissions"); got != r.Needs {
			t.Errorf("%s: the header says %q, not %q", r.Name, got, r.Needs)
		}
		set, _, _ := strings.Cut(r.Needs, "; ")
		name, level, _ := strings.Cut(set, "=")
		f.Permit("other", map[string]string{name: level})
		if a := api.do(method, filledIn(pattern), j{}); a.StatusCode == 403 || a.StatusCode == 401 {
			t.Errorf("%s with %s: %d %s", r.Name, set, a.StatusCode, a.text)
		}
		if level == "write" {
			f.Permit("other", map[string]string{name: "read"})
			api.do(method, filledIn(pattern), j{}).must(t, 403)
		}
	}
}

// TestPrivate: of a private repository nobody learns who does not reach it, not even that it is there.
func TestPrivate(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	f.Permit("other", map[string]string{"contents": "write"})
	f.Restrict("other", "acme/elsewhere")
	for _, token := range []string{"", "other"} {
		for _, to := range perRepo() {
			method, pattern, _ := strings.Cut(to.Name, " ")
			api.token = token
			api.do(method, filledIn(pattern), j{}).must(t, 404).says(t, "message", "Not Found")
		}
	}
	r.Publish()
	api.get("/repos/acme/app/commits/main").must(t, 200)
	api.post("/repos/acme/app/releases", j{"tag_name": "v1"}).must(t, 403)
	api.token = ""
	api.get("/repos/acme/app/commits/main").must(t, 200)
	api.post("/repos/acme/app/releases", j{"tag_name": "v1"}).must(t, 401)
	api.token = f.Token()
	r.Delete()
	api.get("/repos/acme/app").must(t, 404)
}

// TestArchived: nothing is written to an archived repository, and everything read.
func TestArchived(t *testing.T) {
	f, r, api := acme(t, githubfake.Options{})
	r.Archive()
	for _, to := range perRepo() {
		method, pattern, _ := strings.Cut(to.Name, " ")
		a := api.do(method, filledIn(pattern), j{})
		if archived := a.StatusCode == 403 && a.at(t, "message") == "Repository was archived so is read-only."; archived != (method != "GET") {
			t.Errorf("%s: %d %s", to.Name, a.StatusCode, a.text)
		}
	}
	api.get("/repos/acme/app").says(t, "archived", true)
	r.Unarchive()
	api.post("/repos/acme/app/releases", j{"tag_name": "v1"}).must(t, 201)
	if n := len(f.Calls("POST /repos/{owner}/{repo}/releases")); n != 2 {
		t.Errorf("%d calls are remembered", n)
	}
}

// TestRenamed: whoever asks by an old name is sent to the repository's id; a client that follows gets there.
func TestRenamed(t *testing.T) {
	_, r, api := acme(t, githubfake.Options{})
	r.Rename("acme/web")
	api.get("/repos/acme/app/commits/main").must(t, 200).says(t, "commit.message", "feat: begin")
	api.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := api.get("/repos/Acme/APP/commits?per_page=1").must(t, 301)
	a.says(t, "message", "Moved Permanently")
	if to := a.Header.Get("Location"); !strings.Contains(to, "/repositories/") || !strings.HasSuffix(to, "/commits?per_page=1") {
		t.Errorf("sent to %q", to)
	}
	api.post("/repos/acme/app/releases", j{"tag_name": "v1"}).must(t, 307)
	api.get("/repos/ACME/Web").must(t, 200).says(t, "full_name", "acme/web")
}

// TestManners: what a client says of itself.
func TestManners(t *testing.T) {
	f, _, api := acme(t, githubfake.Options{})
	tests := []struct {
		name, header, value string
		status              int
		message             string
	}{
		{"no agent", "User-Agent", "", 403, "administrative rules"},
		{"a kind nobody gives", "Accept", "text/html", 415, "Must accept 'application/json'"},
		{"any kind", "Accept", "*/*", 200, ""},
		{"a version that is not there", "X-GitHub-Api-Version", "2020-01-01", 400, "not a supported version"},
		{"a version", "X-GitHub-Api-Version", "2022-11-28", 200, ""},
		{"no such token", "Authorization", "Bearer ghp_nothing", 401, "Bad credentials"},
		{"an old scheme", "Authorization", "token " + f.Token(), 200, ""},
		{"no scheme", "Authorization", f.Token(), 401, "Bad credentials"},
	}
	for _, x := range tests {
		a := api.get("/repos/acme/app", x.header, x.value)
		if a.StatusCode != x.status || !strings.Contains(string(a.text), x.message) {
			t.Errorf("%s: %d %s", x.name, a.StatusCode, a.text)
		}
	}
	f.RevokeToken(f.Token())
	api.get("/user").must(t, 401).says(t, "message", "Bad credentials")
}

// TestStrangers: what has no route fails the test, and so does a question that GitHub does not know.
func TestStrangers(t *testing.T) {
	noted := &noter{TB: t}
	f := githubfake.New(noted, githubfake.Options{Portless: true})
	f.AddRepo("acme/app").Commit("main", "ana", "x", nil)
	api := &caller{t: t, f: f, client: f.Client(), token: f.Token()}
	api.get("/repos/acme/app/secrets").must(t, 404)
	api.get("/repos/acme/app/commits?colour=red").must(t, 200)
	if len(noted.errors) != 2 || !strings.Contains(noted.errors[0], "no route for GET /repos/acme/app/secrets") || !strings.Contains(noted.errors[1], `no "colour"`) {
		t.Errorf("noted: %q", noted.errors)
	}
}

// TestForbid: one permission is taken from a token that had all.
func TestForbid(t *testing.T) {
	f, _, api := acme(t, githubfake.Options{})
	f.Forbid(f.Token(), "deployments")
	api.get("/repos/acme/app/deployments").must(t, 403)
	api.post("/repos/acme/app/releases", j{"tag_name": "v1"}).must(t, 201)
}

// TestPort: the same over a port, and below /api/v3 where that is wished.
func TestPort(t *testing.T) {
	for _, enterprise := range []bool{false, true} {
		f := githubfake.New(t, githubfake.Options{Enterprise: enterprise})
		f.AddRepo("acme/app").Commit("main", "ana", "x", nil)
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		api := &caller{t: t, f: f, client: client, token: f.Token()}
		if enterprise != strings.HasSuffix(f.URL(), "/api/v3/") {
			t.Error(f.URL())
		}
		f.Repo("acme/app").Commit("main", "ana", "y", nil)
		first := api.get("/repos/acme/app/commits?per_page=1").must(t, 200)
		if to, _ := next(first.Response); !strings.HasPrefix(to, f.URL()) {
			t.Errorf("the next page is at %q, below %s", to, f.URL())
		}
		f.Down(true)
		r, err := http.NewRequestWithContext(context.Background(), "GET", f.URL(), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := client.Do(r); err == nil {
			_, _ = io.Copy(io.Discard, a.Body)
			_ = a.Body.Close()
			t.Error("it is down, and answers")
		}
		f.Down(false)
		api.get("/repos/acme/app").must(t, 200)
	}
}
