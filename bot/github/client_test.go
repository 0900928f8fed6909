package github

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

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// server answers requests in the place of GitHub.
type server func(*http.Request) (int, string, http.Header)

func (s server) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body, header := s(r)
	if status == 0 {
		return nil, errors.New(body)
	}
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

const canary = "ghp_canaryThatMustNotBeSeen"

func with(t *testing.T, s server) *GitHub {
	t.Helper()
	g, err := New(Options{Secrets: Secrets{Token: canary}, Transport: s, Spacing: -1})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// read and write are one call each.
func read(ctx context.Context, g *GitHub) error {
	return g.do(ctx, "acme/app", "the pull request #12", func(c *gh.Client) (*gh.Response, error) {
		_, r, err := c.PullRequests.Get(ctx, "acme", "app", 12)
		return r, err
	})
}

func write(ctx context.Context, g *GitHub) error {
	return g.do(ctx, "acme/app", "the deployment to staging", func(c *gh.Client) (*gh.Response, error) {
		_, r, err := c.Repositories.CreateDeployment(ctx, "acme", "app", &gh.DeploymentRequest{})
		return r, err
	})
}

// kindOf sorts an error as those sort it who carry out acts.
func kindOf(err error) string {
	var no *workflows.Refusal
	var fault *chat.Fault
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &no):
		return "refused " + string(no.Reason)
	case errors.As(err, &fault) && fault.Paced:
		return "paced " + fault.After.Round(time.Second).String()
	case errors.As(err, &fault):
		return string(fault.Verdict)
	}
	return "unclear"
}

// What every answer means for a read and for a write: whatever is not certainly undone is unclear.
func TestVerdicts(t *testing.T) {
	no := func(text string) string { return `{"message": "` + text + `"}` }
	for _, c := range []struct {
		name        string
		status      int
		body        string
		header      string
		read, write string
	}{
		{"yes", 200, `{"number": 12}`, "", "done", "done"},
		{"made", 201, `{"id": 1}`, "", "done", "done"},
		{"empty", 200, ``, "", "retry", "unclear"},
		{"white", 200, " \n", "", "retry", "unclear"},
		{"null", 200, `null`, "", "retry", "unclear"},
		{"nothing", 200, `{ }`, "", "retry", "unclear"},
		{"a text", 200, `"ok"`, "", "retry", "unclear"},
		{"a list", 200, `[]`, "", "retry", "unclear"},
		{"a page", 200, `<html>Sign in</html>`, "", "retry", "unclear"},
		{"half", 200, `{"number": 1`, "", "retry", "unclear"},
		{"other types", 200, `{"number": "x", "id": "y"}`, "", "retry", "unclear"},
		{"later", 202, no("Auto-merged main"), "", "retry", "unclear"},
		{"no content", 204, ``, "", "retry", "done"},
		{"not modified, unasked", 304, ``, "", "retry", "unclear"},
		{"bad request", 400, no("Problems parsing JSON"), "", "refused invalid", "refused invalid"},
		{"a proxy's no", 403, `<html>blocked</html>`, "", "retry", "unclear"},
		{"an empty no", 404, ``, "", "retry", "unclear"},
		{"unknown token", 401, no("Bad credentials"), "", "refused bad_token", "refused bad_token"},
		{"permission", 403, no("Resource not accessible by personal access token"), "X-Accepted-GitHub-Permissions: deployments=write", "refused permission", "refused permission"},
		{"single sign-on", 403, no("Resource protected by organization SAML enforcement."), "X-GitHub-SSO: required; url=https://github.com/orgs/acme/sso", "refused permission", "refused permission"},
		{"archived", 403, no("Repository was archived so is read-only."), "", "refused archived", "refused archived"},
		{"suspended", 403, no("This installation has been suspended"), "", "refused permission", "refused permission"},
		{"address", 403, no("the IP address is not permitted"), "", "refused forbidden", "refused forbidden"},
		{"not there", 404, no("Not Found"), "", "refused not_found", "refused not_found"},
		{"conflict", 409, no("Conflict: Commit status checks failed"), "", "refused conflict", "refused conflict"},
		{"invalid", 422, no("Validation Failed"), "", "refused invalid", "refused invalid"},
		{"blocked", 451, no("Repository access blocked"), "", "refused unavailable", "refused unavailable"},
		{"primary, 403", 403, no("API rate limit exceeded"), "X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1000000600|Date: Sun, 09 Sep 2001 01:46:40 GMT", "paced 10m1s", "paced 10m1s"},
		{"primary, 429", 429, no("API rate limit exceeded"), "X-RateLimit-Remaining: 0|X-RateLimit-Reset: 1000000600|Date: Sun, 09 Sep 2001 01:46:40 GMT", "paced 10m1s", "paced 10m1s"},
		{"secondary", 403, no("You have exceeded a secondary rate limit"), "Retry-After: 30", "paced 30s", "paced 30s"},
		{"secondary without a time", 403, no("You have exceeded a secondary rate limit"), "", "paced 1m0s", "paced 1m0s"},
		{"429 without a time", 429, ``, "X-RateLimit-Remaining: 4000", "paced 1m0s", "paced 1m0s"},
		{"a time too long", 429, ``, "Retry-After: 99999999999", "paced 1h1m0s", "paced 1h1m0s"},
		{"no time", 429, ``, "Retry-After: soon", "paced 1m0s", "paced 1m0s"},
		{"broken", 502, `<html>`, "", "retry", "unclear"},
		{"timeout", 504, no("timeout"), "", "retry", "unclear"},
		{"connection lost", 0, "read: connection reset", "", "retry", "unclear"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				header := http.Header{}
				for line := range strings.SplitSeq(c.header, "|") {
					if name, value, ok := strings.Cut(line, ": "); ok {
						header.Set(name, value)
					}
				}
				answer := func(*http.Request) (int, string, http.Header) { return c.status, c.body, header.Clone() }
				if got := kindOf(read(t.Context(), with(t, answer))); got != c.read {
					t.Errorf("a read is %s, not %s", got, c.read)
				}
				if got := kindOf(write(t.Context(), with(t, answer))); got != c.write {
					t.Errorf("a write is %s, not %s", got, c.write)
				}
			})
		})
	}
}

func TestHost(t *testing.T) {
	for api, want := range map[string]string{"": "github.com", "https://api.github.com": "github.com", "https://ghe.example/api/v3/": "ghe.example", "https://ghe.example:8443/api/v3": "ghe.example:8443",
		"https://api.acme.ghe.com/": "acme.ghe.com", "http://127.0.0.1:4711/": "github.com", "no address": "github.com"} {
		if got := Host(api); got != want {
			t.Errorf("%q is %q, want %q", api, got, want)
		}
	}
}

// After a limit nothing is sent until its time is over, and nothing to a token that was left alone meanwhile is lost; where
// GitHub names no time, the wait grows.
func TestALimitIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent, limit := 0, true
		g := with(t, func(*http.Request) (int, string, http.Header) {
			if sent++; limit {
				return 403, `{"message": "You have exceeded a secondary rate limit"}`, nil
			}
			return 200, `{"number": 12}`, nil
		})
		for _, want := range []string{"paced 1m0s", "paced 2m0s", "paced 4m0s", "paced 8m0s"} {
			before := sent
			if got := kindOf(read(t.Context(), g)); got != want || sent != before+1 {
				t.Errorf("%s after %d calls, want %s", got, sent, want)
			}
			time.Sleep(20 * time.Second)
			if got := kindOf(write(t.Context(), g)); !strings.HasPrefix(got, "paced ") || sent != before+1 {
				t.Errorf("while it is held: %s, %d calls", got, sent-before)
			}
			time.Sleep(8 * time.Minute)
		}
		if limit = false; kindOf(read(t.Context(), g)) != "done" {
			t.Error("it is not taken up again")
		}
		limit = true
		if got := kindOf(read(t.Context(), g)); got != "paced 1m0s" {
			t.Errorf("the wait did not begin anew: %s", got)
		}
	})
}

// Writes keep a second between them and stay below what GitHub takes in an hour; who would wait long is sent away with the
// time, and nothing is sent.
func TestWritesAreSpaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		g := with(t, func(*http.Request) (int, string, http.Header) {
			at = append(at, time.Now())
			return 201, `{"id": 1}`, nil
		})
		g.paces.spacing = time.Second
		for range 700 {
			for kind := kindOf(write(t.Context(), g)); kind != "done"; kind = kindOf(write(t.Context(), g)) {
				if !strings.HasPrefix(kind, "paced ") {
					t.Fatal(kind)
				}
				time.Sleep(5 * time.Second)
			}
		}
		for i := range at {
			if i >= 1 && at[i].Sub(at[i-1]) < time.Second {
				t.Fatalf("%s after another", at[i].Sub(at[i-1]))
			}
			if i >= 500 && at[i].Sub(at[i-500]) < time.Hour {
				t.Fatalf("500 writes in %s", at[i].Sub(at[i-500]))
			}
		}
	})
}

// What is told of a no names what was refused, why, who can do something, and what to do.
func TestWordsOfRefusals(t *testing.T) {
	for _, c := range []struct{ status, body, header, want string }{
		{"403", "Resource not accessible by integration", "X-Accepted-GitHub-Permissions: deployments=write; contents=write,actions=read", "lacks the permission deployments: write, or contents: write and actions: read · whoever runs this bot, an owner of acme"},
		{"404", "Not Found", "X-Accepted-OAuth-Scopes: repo_deployment, repo|X-OAuth-Scopes: read:org", "scope repo_deployment, or scope repo"},
		{"404", "Not Found", "X-Accepted-OAuth-Scopes: repo|X-OAuth-Scopes: repo, read:org", "or the bot's token may not do this · an owner of acme"},
		{"422", `Validation Failed", "errors": [{"resource": "Deployment", "field": "ref", "code": "invalid"}], "x": "`, "", "Validation Failed; ref invalid"},
		{"422", `No`, "X-Accepted-GitHub-Permissions: <script>", "GitHub does not take it: No"},
		{"422", canary + `\u001b[31m`, "", "(secret)"},
	} {
		g := with(t, func(*http.Request) (int, string, http.Header) {
			header := http.Header{}
			for line := range strings.SplitSeq(c.header, "|") {
				if name, value, ok := strings.Cut(line, ": "); ok {
					header.Set(name, value)
				}
			}
			return map[string]int{"403": 403, "404": 404, "422": 422}[c.status], `{"message": "` + c.body + `"}`, header
		})
		err := write(t.Context(), g)
		if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "the deployment to staging of acme/app") || strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%v\ndoes not say %q", err, c.want)
		}
	}
}

// A write that GitHub redirects is not sent there: whoever took the old name would get it.
func TestAWriteIsNotRedirected(t *testing.T) {
	var sent []string
	g := with(t, func(r *http.Request) (int, string, http.Header) {
		sent = append(sent, r.Method+" "+r.URL.Path)
		switch r.URL.Path {
		case "/repositories/7":
			return 200, `{"id": 7, "full_name": "acme/app2"}`, nil
		}
		return 307, `{"message": "Moved Permanently"}`, http.Header{"Location": {"https://api.github.com/repositories/7"}}
	})
	err := write(t.Context(), g)
	if kindOf(err) != "refused renamed" || !strings.Contains(err.Error(), "acme/app is called acme/app2 now") || len(sent) != 3 {
		t.Errorf("%v; sent %q", err, sent)
	}
}

// What comes after something was changed says nothing of whether it was.
func TestAfterAWriteNothingIsCertain(t *testing.T) {
	for _, err := range []error{workflows.Refuse(workflows.Invalid, "x"), &chat.Fault{Verdict: chat.Retry, Err: errors.New("x")}} {
		if got := kindOf(doubtful(err)); got != "unclear" {
			t.Errorf("%v is %s", err, got)
		}
	}
	if doubtful(nil) != nil {
		t.Error("nothing is an error")
	}
}

func TestBothNamesOfARenamedFile(t *testing.T) {
	file := func(name, status, before string) *gh.CommitFile {
		return &gh.CommitFile{Filename: &name, Status: &status, PreviousFilename: &before}
	}
	got := names1([]*gh.CommitFile{file("z", "renamed", "a"), file("c", "copied", "b"), file("d", "added", "")})
	if strings.Join(got, " ") != "a c d z" {
		t.Errorf("%q", got)
	}
}

// Of the runs of one suite by one name the newest counts; a green one of another suite hides no red one; and runs of another
// commit, or fewer than there are, are no answer.
func TestCheckRunsOfSeveralSuites(t *testing.T) {
	id := strings.Repeat("a", 40)
	run := func(n, suite int, at, conclusion, sha string) string {
		return fmt.Sprintf(`{"id": %d, "name": "build", "head_sha": %q, "status": "completed", "conclusion": %q, "started_at": "2026-01-05T09:%s:00Z", "check_suite": {"id": %d}}`, n, sha, conclusion, at, suite)
	}
	for _, c := range []struct {
		runs []string
		more int
		want workflows.CheckState
	}{
		{[]string{run(2, 1, "05", "success", id), run(1, 1, "00", "failure", id)}, 0, workflows.CheckPassed},
		{[]string{run(1, 1, "00", "failure", id), run(2, 2, "05", "success", id)}, 0, workflows.CheckFailed},
		{[]string{run(2, 2, "05", "success", id)}, 1, ""},
		{[]string{run(2, 2, "05", "success", strings.Repeat("b", 40))}, 0, ""},
	} {
		g := with(t, func(r *http.Request) (int, string, http.Header) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/status"):
				return 200, `{"sha": "` + id + `", "total_count": 0, "state": "pending", "statuses": []}`, nil
			case strings.HasSuffix(r.URL.Path, "/acme/app"):
				return 200, `{"id": 1, "full_name": "acme/app", "default_branch": "main"}`, nil
			}
			return 200, fmt.Sprintf(`{"total_count": %d, "check_runs": [%s]}`, len(c.runs)+c.more, strings.Join(c.runs, ",")), nil
		})
		found, err := g.Complete(t.Context(), workflows.Query{Forge: "acme/app", Checks: true}, workflows.Found{Commit: workflows.Commit{ID: id}})
		if (c.want == "") != (err != nil) || err == nil && (len(found.Checks) != 1 || found.Checks[0].State != c.want) {
			t.Errorf("%v: %+v, %v", c.runs, found.Checks, err)
		}
	}
}

// A no for want of a permission asks for all that an act takes, and only such a no does.
func TestAllThatAnActTakes(t *testing.T) {
	for _, c := range []struct{ status, header, want, none string }{
		{"403", "X-Accepted-GitHub-Permissions: contents=read", "lacks the permission contents: read · whoever runs this bot, an owner of acme → github.com/settings/personal-access-tokens: contents: write and pull_requests: write for acme/app", ""},
		{"403", "X-Accepted-OAuth-Scopes: repo", "lacks the permission scope repo", "pull_requests"},
		{"403", "", "lacks the permission for it", "pull_requests"},
		{"403", "X-GitHub-SSO: required", "single sign-on", "pull_requests"},
		{"404", "X-Accepted-GitHub-Permissions: contents=read", "may not do this (it needs contents: read)", "pull_requests"},
	} {
		g := with(t, func(*http.Request) (int, string, http.Header) {
			header := http.Header{}
			if name, value, ok := strings.Cut(c.header, ": "); ok {
				header.Set(name, value)
			}
			return map[string]int{"403": 403, "404": 404}[c.status], `{"message": "Resource not accessible by personal access token"}`, header
		})
		err := g.whole("acme/app", write(t.Context(), g), "contents: write", "pull_requests: write")
		if !strings.Contains(err.Error(), c.want) || c.none != "" && strings.Contains(err.Error(), c.none) {
			t.Errorf("%v\ndoes not say %q, or says %q", err, c.want, c.none)
		}
	}
	if g := with(t, nil); g.whole("acme/app", nil, "contents: write") != nil {
		t.Error("an act that was done takes nothing")
	}
}
