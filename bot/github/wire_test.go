package github_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/workflows"
)

// What did not change is not sent again, and costs nothing; what did is read anew. Another client gets nothing of it.
func TestReadsAreConditional(t *testing.T) {
	f, r, g := repository(t)
	one := r.Commit("main", "ana", "one", map[string]string{"auth/a": "1"})
	first := look(t, g, everything)
	n := len(f.Calls(""))
	again := look(t, g, everything)
	for _, c := range f.Calls("")[n:] {
		if c.Status != http.StatusNotModified && c.Status != http.StatusNotFound {
			t.Errorf("%s was answered again: %d", c.Route, c.Status)
		}
	}
	if first.Commit.ID != one || again.Commit.Under["auth"] != first.Commit.Under["auth"] {
		t.Errorf("%+v, and then %+v", first, again)
	}
	two := r.Commit("main", "ana", "two", map[string]string{"auth/a": "2"})
	r.Check(two, "test", "completed", "success")
	if found := look(t, g, everything); found.Commit.ID != two || len(found.Checks) != 1 || len(found.Log) != 2 {
		t.Errorf("what changed is not seen: %+v", found)
	}
}

// What is kept of a list goes on to its other pages.
func TestWhatIsKeptHasItsOtherPages(t *testing.T) {
	f, r, g := repository(t)
	for i := range 250 {
		r.Commit("main", "ana", fmt.Sprint("change ", i), map[string]string{"a": fmt.Sprint(i)})
	}
	for range 2 {
		if found := look(t, g, workflows.Query{Log: true}); len(found.Log) != 250 {
			t.Errorf("%d commits, want 250", len(found.Log))
		}
	}
	calls := f.Calls("GET /repos/{owner}/{repo}/commits")
	if last := calls[len(calls)-1]; last.Status != http.StatusNotModified {
		t.Errorf("the last page was answered with %d: nothing is tried here", last.Status)
	}
}

// A repository that was renamed is read on, and the operator is told once; the fake has a port, so that redirects are real.
func TestARenamedRepositoryIsReadOn(t *testing.T) {
	f := githubfake.New(t, githubfake.Options{Enterprise: true})
	r := f.AddRepo("acme/app")
	id := r.Commit("main", "ana", "one", nil)
	var log bytes.Buffer
	g, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(f.Token())}, URL: strings.TrimSuffix(f.URL(), "/"), Spacing: -1,
		Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	r.Rename("acme/app2")
	for range 3 {
		found, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Checks: true, Log: true})
		if err != nil || found.Commit.ID != id {
			t.Fatalf("%+v, %v", found, err)
		}
	}
	if n := strings.Count(log.String(), "renamed"); n != 1 || !strings.Contains(log.String(), "acme/app2") {
		t.Errorf("the operator reads: %s", log.String())
	}
	facts, err := g.Repository(t.Context(), "acme/app")
	if err != nil || facts.Name != "acme/app2" || facts.Branch != "main" || facts.As != "@"+githubfake.Bot {
		t.Errorf("%+v, %v", facts, err)
	}
}

// The token goes nowhere but to the API, wherever GitHub leads.
func TestTheTokenGoesNowhereElse(t *testing.T) {
	f := githubfake.New(t, githubfake.Options{})
	f.AddRepo("acme/app").Commit("main", "ana", "one", nil)
	g, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(f.Token())}, URL: f.URL(), Spacing: -1})
	if err != nil {
		t.Fatal(err)
	}
	away := f.Elsewhere(t)
	f.Fail("", githubfake.Redirect(away.URL))
	if _, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app"}); err == nil {
		t.Error("what stands elsewhere was believed")
	}
	if visits, tokens := away.Visits(); visits != 0 || tokens != 0 {
		t.Errorf("%d requests went elsewhere, %d with the token", visits, tokens)
	}
}

// Whatever comes back, and however, is an error that shows no secret, or the truth.
func TestOddAnswersAreNeverBelieved(t *testing.T) {
	f, r, _ := repository(t)
	r.Tag("v1", r.Commit("main", "ana", "root", map[string]string{"auth/a": "1"}))
	id := r.Commit("main", "ana", "one (#1)", map[string]string{"auth/a": "2"})
	r.Check(id, "test", "completed", "failure")
	r.Status(id, "lint", "success", "")
	r.FinishDeployment(r.Deploy(id, "staging", "ana"), "success")
	r.Workflow(githubfake.Workflow{File: "deploy.yml"})
	want := look(t, over(t, f), everything)
	n := len(f.Calls(""))
	odd := map[string]githubfake.Fault{
		"empty": githubfake.Raw(200, ""), "null": githubfake.Raw(200, "null"), "nothing": githubfake.Raw(200, "{}"), "html": githubfake.HTML(200), "502": githubfake.HTML(502),
		"reset": githubfake.Ends(githubfake.Reset), "cut": githubfake.Ends(githubfake.Cut), "echo": githubfake.Raw(403, `{"message":"`+f.Token()+`"}`), "other": githubfake.Raw(200, `{"id":1,"sha":"abc","name":"x"}`),
	}
	for name, fault := range odd {
		for k := 1; k <= n; k++ {
			f.FailAt(k, fault)
			found, err := over(t, f).Look(t.Context(), everything)
			var no *workflows.Refusal
			var wait *chat.Fault
			if err == nil && found.Required.Unseen != "" { // it says itself that it cannot tell
				found.Required = want.Required
			}
			switch {
			case err == nil && !gocmp.Equal(found, want):
				t.Errorf("%s at call %d is believed: %+v", name, k, found)
			case err != nil && strings.Contains(err.Error(), f.Token()[:20]):
				t.Errorf("%s at call %d shows the token: %v", name, k, err)
			case err != nil && !errors.As(err, &no) && !errors.As(err, &wait) && name != "other":
				t.Errorf("%s at call %d is neither a refusal nor worth another try: %v", name, k, err)
			}
		}
	}
}

// With GitHub's own limits nothing is sent too early and nothing too often, whoever asks at once; and what would have to wait
// long is sent away with the time instead of waiting.
func TestThePaceThatGitHubTakes(t *testing.T) {
	for _, rates := range []githubfake.Rates{{Primary: 500, Points: 900, Status: 403}, {Primary: 500, Points: 900, Status: 429, Bare: true}} {
		synctest.Test(t, func(t *testing.T) {
			f := githubfake.New(t, githubfake.Options{Portless: true, Rates: rates})
			f.AddRepo("acme/app").Commit("main", "ana", "root", nil)
			g, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(f.Token())}, URL: "http://localhost/", Transport: f.Transport()})
			if err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() {
					for j := range 20 {
						_, err := g.Diff(t.Context(), workflows.Query{Forge: "acme/app"}, "main", fmt.Sprintf("x%d", i*100+j))
						var wait *chat.Fault
						if errors.As(err, &wait) {
							if !wait.Paced || wait.After <= 0 {
								t.Errorf("%v", err)
							}
							time.Sleep(wait.After)
						}
					}
				})
			}
			all.Wait()
			if early := f.Early(); len(early) > 0 {
				t.Errorf("%d calls came too early", len(early))
			}
			if n := f.Limited(); n > 0 {
				t.Errorf("%d calls were turned away", n)
			}
		})
	}
}

func pemOf(key *rsa.PrivateKey) chat.Secret {
	return chat.Secret(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

// An App asks with a token of its installation, which it gets once, renews before its end, and again when GitHub no longer
// takes it; a clock that is wrong here does not matter.
func TestAnApp(t *testing.T) {
	for _, skew := range []time.Duration{0, -2 * time.Hour, 2 * time.Hour, 3 * time.Minute} {
		t.Run(skew.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { anApp(t, skew) })
		})
	}
}

func anApp(t *testing.T, skew time.Duration) {
	f := githubfake.New(t, githubfake.Options{Portless: true})
	f.AddRepo("acme/app").Commit("main", "ana", "root", nil)
	f.AddRepo("other/app").Commit("main", "ana", "root", nil)
	may := map[string]string{"contents": "read", "checks": "read", "statuses": "read"}
	id := f.Install("acme", may)
	g, err := github.New(github.Options{Secrets: github.Secrets{AppID: fmt.Sprint(githubfake.AppID), AppKey: pemOf(f.AppKey())}, URL: "http://localhost/",
		Transport: f.Transport(), Spacing: -1, Now: func() time.Time { return time.Now().Add(skew) }})
	if err != nil {
		t.Fatal(err)
	}
	tokens := func() int {
		n := 0
		for _, c := range f.Calls("POST /app/installations/{id}/access_tokens") {
			if c.Status == http.StatusCreated {
				n++
			}
		}
		return n
	}
	try := func(want int) {
		t.Helper()
		if _, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Checks: true}); err != nil {
			t.Fatal(err)
		}
		if got := tokens(); got != want {
			t.Errorf("%d tokens were made, want %d", got, want)
		}
	}
	try(1)
	try(1)
	time.Sleep(58 * time.Minute)
	try(1)
	time.Sleep(90 * time.Second)
	try(2)
	for _, token := range f.Tokens() {
		if token != f.Token() {
			f.RevokeToken(token)
		}
	}
	try(3)
	_, err = g.Look(t.Context(), workflows.Query{Forge: "acme/app", Pulls: true, Log: true})
	refused(t, err, "permission", "pull_requests: read", "the App's settings")
	_, err = g.Look(t.Context(), workflows.Query{Forge: "other/app"})
	refused(t, err, "not_found", "not installed for other/app", "an owner of other")
	facts, err := g.Repository(t.Context(), "acme/app")
	if err != nil || facts.As != "the App "+githubfake.AppSlug || facts.Permits["checks"] != "read" || (facts.Ahead-skew).Abs() > time.Second {
		t.Errorf("%+v, %v", facts, err)
	}
	f.Reinstall(id, func(i *githubfake.Installation) { i.Suspended = true })
	time.Sleep(2 * time.Hour)
	_, err = g.Look(t.Context(), workflows.Query{Forge: "acme/app"})
	refused(t, err, "permission", "suspended")
}

// Secrets and addresses that cannot be used are said at the start, and not repeated.
func TestSettingsThatCannotBeUsed(t *testing.T) {
	const canary = "canary-of-a-secret"
	for name, o := range map[string]github.Options{
		"none":            {},
		"both":            {Secrets: github.Secrets{Token: canary, AppID: "1"}},
		"an id alone":     {Secrets: github.Secrets{AppID: "1"}},
		"a key alone":     {Secrets: github.Secrets{AppKey: canary}},
		"no key":          {Secrets: github.Secrets{AppID: "1", AppKey: canary}},
		"a broken key":    {Secrets: github.Secrets{AppID: "1", AppKey: "-----BEGIN RSA PRIVATE KEY-----\nY2FuYXJ5\n-----END RSA PRIVATE KEY-----"}},
		"a line":          {Secrets: github.Secrets{Token: canary + "\n"}},
		"no address":      {Secrets: github.Secrets{Token: canary}, URL: canary},
		"in the open":     {Secrets: github.Secrets{Token: canary}, URL: "http://ghe.example/api/v3/"},
		"with a password": {Secrets: github.Secrets{Token: canary}, URL: "https://u:" + canary + "@ghe.example/api/v3"},
		"without a path":  {Secrets: github.Secrets{Token: canary}, URL: "https://ghe.example"},
	} {
		if _, err := github.New(o); err == nil || strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), "Y2Fu") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, url := range []string{"", "https://ghe.example/api/v3", "https://ghe.example/api/v3/", "https://api.acme.ghe.com", "http://127.0.0.1:8080"} {
		if _, err := github.New(github.Options{Secrets: github.Secrets{Token: canary}, URL: url}); err != nil {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// A call that is broken off here says so, and is neither a no nor done.
func TestABrokenOffCall(t *testing.T) {
	_, r, g := repository(t)
	r.Commit("main", "ana", "root", nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := g.Look(ctx, workflows.Query{Forge: "acme/app", Optional: true})
	var no *workflows.Refusal
	if !errors.Is(err, context.Canceled) || errors.As(err, &no) {
		t.Errorf("%v", err)
	}
}

// The name of a repository that was renamed is free for others to take. What they put there is not what was looked at so far.
func TestANameThatOthersTook(t *testing.T) {
	f, r, g := repository(t)
	good := r.Commit("main", "ana", "one", nil)
	q := workflows.Query{Forge: "acme/app", Branch: "main", Checks: true}
	if found := look(t, g, q); found.Commit.ID != good {
		t.Fatal(found.Commit.ID)
	}
	r.Rename("acme/new")
	taken := f.AddRepo("acme/app")
	bad := taken.Commit("main", "mallory", "mine", nil)
	taken.Check(bad, "test", "completed", "success")
	_, err := g.Look(t.Context(), q)
	refused(t, err, "renamed", "acme/app is another repository")
	_, err = g.Complete(t.Context(), q, workflows.Found{Commit: workflows.Commit{ID: bad}})
	refused(t, err, "renamed", "acme/app is another repository")
	if found := look(t, over(t, f), q); found.Commit.ID != bad {
		t.Errorf("who begins anew sees %s", found.Commit.ID)
	}
}
