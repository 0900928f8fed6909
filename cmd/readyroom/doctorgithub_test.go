package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
)

// practice is a repository on GitHub, and a configuration of it, in a fresh folder.
func practice(t *testing.T, o githubfake.Options, config string) (*githubfake.Fake, *githubfake.Repo) {
	t.Helper()
	f := githubfake.New(t, o)
	r := f.AddRepo("acme/app")
	r.Check(begins(r), "test", "completed", "success")
	before := spacing
	spacing = -1
	t.Cleanup(func() { spacing = before })
	t.Chdir(t.TempDir())
	writeFile(t, defaultConfig, config)
	t.Setenv(githubURL, f.URL())
	t.Setenv(githubToken, f.Token())
	t.Setenv(githubSigned, "a-secret-that-is-long-enough")
	t.Setenv(slackBot, "")
	return f, r
}

// begins makes the first commit of a repository, whose id is always the same.
func begins(r *githubfake.Repo) string {
	return r.Push(githubfake.Change{Branch: "main", Author: "ana", Message: "feat: one", At: firstDay})
}

// wellOnGitHub wants everything that there is.
const wellOnGitHub = `owners: [ana]
people: {ana: {name: Ana, code: none}}
products: {app: {environments: [staging, production], github: {repository: acme/app, opens: "v*", deploy: {staging: deployment, production: deploy.yml}}}}
`

// TestDoctorOnGitHub: the whole of what is printed where all is well: with a token, and for an App.
func TestDoctorOnGitHub(t *testing.T) {
	golden := goldenOf(t, "doctor_github_well.txt")
	f, r := practice(t, githubfake.Options{}, wellOnGitHub)
	r.Require("main", githubfake.Demand{Name: "test", App: "github-actions"})
	examinedAs(t, f, golden, 0)

	pemKey := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(f.AppKey())})
	in := f.Install("acme", map[string]string{"metadata": "read", "contents": "write", "pull_requests": "read", "issues": "write", "checks": "read", "statuses": "read",
		"deployments": "write", "actions": "write"})
	t.Setenv(githubToken, "")
	t.Setenv(githubApp, fmt.Sprint(githubfake.AppID))
	t.Setenv(githubKey, string(pemKey))
	out, code := says(t, "doctor")
	if code != 0 || !strings.Contains(out, "it is the App ") || strings.Contains(out, "lacks") || strings.Contains(out, "BEGIN") {
		t.Errorf("for an App it ended with %d:\n%s", code, out)
	}
	f.Reinstall(in, func(i *githubfake.Installation) {
		i.May["deployments"], i.May["issues"] = "read", "read"
		delete(i.May, "actions")
	})
	out, code = says(t, "doctor")
	if code != 1 || !strings.Contains(out, " lacks there: Actions: write, Deployments: write") {
		t.Errorf("for an App that lacks something it ended with %d:\n%s", code, out)
	}
	f.Reinstall(in, func(i *githubfake.Installation) { i.May["deployments"], i.May["actions"] = "write", "write" })
	if out, code = says(t, "doctor"); code != 0 || !strings.Contains(out, "may not write on issues") {
		t.Errorf("for an App that cannot tell who asked it ended with %d:\n%s", code, out)
	}
}

// TestDoctorOnGitHubTries: all that a token lacks is said at once, before anything is done, and looking for it makes nothing.
func TestDoctorOnGitHubTries(t *testing.T) {
	f, r := practice(t, githubfake.Options{}, strings.Replace(wellOnGitHub, "app: {", "app: {changelog: CHANGELOG.md, ", 1))
	r.Protect("main")
	r.Workflow(githubfake.Workflow{File: "deploy.yml", Inputs: []string{"readyroom", "environment", "ref"}})
	all := map[string]string{"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write", "checks": "read", "statuses": "read", "deployments": "write", "actions": "write"}
	const next = "\n                        → github.com/settings/personal-access-tokens: "
	for _, c := range []struct {
		name string
		has  map[string]string // instead
		code int
		want string
	}{
		{"all", nil, 0, "nothing that is to be written there was refused when it was tried: Actions, Contents, Deployments, Issues, Pull requests\n"},
		{"only to read", map[string]string{"contents": "read", "pull_requests": "read", "issues": "read", "deployments": "read", "actions": "read"}, 1,
			"@readyroom-bot may only read acme/app, and something is to be written there\n                        → an owner: github.com/acme/app/settings/access → give it the role Write; where it has that, its token: github.com/settings/personal-access-tokens: " +
				"actions: write and contents: write and deployments: write and issues: write and pull_requests: write for acme/app\n"},
		{"neither, of one", map[string]string{"deployments": "", "pull_requests": "read"}, 1, "lacks there: Deployments: write, Pull requests: write" + next + "deployments: write and pull_requests: write for acme/app\n"},
		{"no statuses", map[string]string{"statuses": ""}, 1, "lacks there: Commit statuses: read" + next + "statuses: read for acme/app\n"},
		{"no issues", map[string]string{"issues": "read"}, 0, "the token of @readyroom-bot may not write on issues: who asked for something on one is not told there" + next + "issues: write for acme/app\n"},
	} {
		may := maps.Clone(all)
		maps.Copy(may, c.has)
		f.Permit(f.Token(), may)
		if out, code := says(t, "doctor"); code != c.code || !strings.Contains(out, c.want) || strings.Count(out, "lacks") > 1 {
			t.Errorf("%s: it ended with %d, and does not say %q:\n%s", c.name, code, c.want, out)
		}
	}
	if len(r.Pulls())+len(r.Deployments())+len(r.Runs()) > 0 || len(r.Log("main")) != 1 || r.Issue(githubfake.Issue{Title: "the first"}) != 1 {
		t.Error("something was made")
	}
}

// TestDoctorOnGitHubIll: the whole of what is printed where much is wrong.
func TestDoctorOnGitHubIll(t *testing.T) {
	golden := goldenOf(t, "doctor_github_ill.txt")
	f, r := practice(t, githubfake.Options{Now: func() time.Time { return time.Now().Add(-7 * time.Minute) }}, `owners: [ana]
people: {ana: {name: Ana, code: none}}
products:
  app: {github: {repository: acme/app, opens: "v*", deploy: {production: deployment}}}
  gone: {github: acme/gone}
  lib: {github: {repository: acme/lib, releases: false}}
  new: {github: acme/new}
  old: {github: acme/old}
  web: {branch: release, github: acme/web}
`)
	lib := f.AddRepo("acme/lib")
	lib.Check(begins(lib), "test", "completed", "success")
	lib.Archive()
	f.AddRepo("acme/new")
	begins(f.AddRepo("acme/old"))
	f.Repo("acme/old").Rename("acme/older")
	begins(f.AddRepo("acme/web"))
	f.Forbid(f.Token(), "deployments")
	f.Forbid(f.Token(), "checks")
	r.Archive()
	t.Setenv(githubSigned, "short")
	examinedAs(t, f, golden, 1)
}

// TestDoctorOnGitHubSecrets: what is wrong with secrets is said before anybody is asked, and once.
func TestDoctorOnGitHubSecrets(t *testing.T) {
	f, _ := practice(t, githubfake.Options{}, wellOnGitHub)
	for name, c := range map[string]struct {
		env  map[string]string
		code int
		want []string
	}{
		"none":           {map[string]string{githubToken: "", githubSigned: ""}, 0, []string{"warning", "it is off: none of its secrets is set, though the configuration names acme/app", "set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY"}},
		"both":           {map[string]string{githubApp: "12"}, 1, []string{"FAILED", "set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, not both"}},
		"half an App":    {map[string]string{githubToken: "", githubApp: "12"}, 1, []string{"FAILED", "an App needs both"}},
		"no key":         {map[string]string{githubToken: "", githubApp: "12", githubKey: "hunter2"}, 1, []string{"FAILED", "GITHUB_APP_PRIVATE_KEY is no PEM"}},
		"unknown":        {map[string]string{githubToken: "github_pat_hunter2"}, 1, []string{"FAILED", "GitHub does not know the bot's token", "set GITHUB_TOKEN"}},
		"a missing file": {map[string]string{githubToken: "", githubToken + "_FILE": "/nothing/here"}, 1, []string{"FAILED", "/nothing/here"}},
		"no webhook":     {map[string]string{githubSigned: ""}, 0, []string{"warning", "GITHUB_WEBHOOK_SECRET is not set", "within five minutes", "openssl rand -hex 32"}},
		"two secrets":    {map[string]string{githubSigned: "the-old-one-is-long-enough\nso-is-the-new-one-of-today"}, 0, []string{"secrets is taken at /github/webhooks"}},
		"unreachable":    {map[string]string{githubURL: "http://127.0.0.1:1/"}, 1, []string{"FAILED", "GitHub gave no answer", "look whether this machine reaches GitHub"}},
	} {
		t.Run(name, func(t *testing.T) {
			for key, value := range c.env {
				t.Setenv(key, value)
			}
			out, code := says(t, "doctor")
			for _, want := range c.want {
				if code != c.code || !strings.Contains(out, want) {
					t.Fatalf("it ended with %d, and says no %q:\n%s", code, want, out)
				}
			}
			for _, secret := range append(f.Tokens(), "hunter2", "long-enough") {
				if strings.Contains(out, secret) {
					t.Errorf("it shows %q", secret)
				}
			}
		})
	}
}

// TestDoctorOffGitHub: who has nothing there reads nothing of it; who has a token and no product there is told.
func TestDoctorOffGitHub(t *testing.T) {
	practice(t, githubfake.Options{}, "owners: [ana]\npeople: {ana: {name: Ana, code: none}}\n")
	if out, code := says(t, "doctor"); code != 0 || !strings.Contains(out, "no product is in a repository there") {
		t.Errorf("it ended with %d:\n%s", code, out)
	}
	t.Setenv(githubToken, "")
	t.Setenv(githubSigned, "")
	if out, code := says(t, "doctor"); code != 0 || strings.Contains(out, "github") {
		t.Errorf("it ended with %d:\n%s", code, out)
	}
}

// TestDoctorOnChecks: who signs for the tests is said of each product, and where that could be anybody.
func TestDoctorOnChecks(t *testing.T) {
	for name, c := range map[string]struct {
		checks string
		set    func(*githubfake.Repo)
		code   int
		want   []string
	}{
		"named": {"checks: [lint, {name: test, by: github-actions}]", nil, 0, []string{"ok ", "once all that checks: names are well: lint, test (github-actions)"}},
		"named wrongly": {"checks: [{name: test, by: jenkins}, tests]", nil, 0, []string{"ok ", "test (jenkins), tests", "warning", ", test is reported by github-actions, not by jenkins, and tests has not reported: while that is so",
			`checks: [{name: "test", by: "github-actions"}]`}},
		"none says":     {"checks: none", nil, 0, nil},
		"required":      {"", func(r *githubfake.Repo) { r.Rule("main", githubfake.Demand{Name: "slow"}) }, 0, []string{"ok ", "once all that GitHub requires of main are well: slow"}},
		"of a stranger": {"", func(r *githubfake.Repo) { r.Rule("main", githubfake.Demand{Name: "slow", App: "jenkins"}) }, 0, []string{"ok ", "requires of main are well: slow (the App 9"}},
		"more than is named": {"", func(r *githubfake.Repo) {
			r.Rule("main", githubfake.Demand{Name: "slow"})
			r.RuleOf("main", "workflows")
		}, 0, []string{"ok ", "once all that have reported are well, and slow among them: GitHub requires workflows or scans of main, too"}},
		"more, and none is named": {"", func(r *githubfake.Repo) { r.RuleOf("main", "workflows") }, 0, []string{"warning", "workflows or scans, and does not name their checks", "be it the first one alone",
			`checks: [{name: "test", by: "github-actions"}]`}},
		"none is": {"", nil, 0, []string{"warning", "GitHub requires no check of main: what follows from CI is signed as soon as all that have reported are well, and be it the first one alone",
			`github: {repository: acme/app, checks: [{name: "test", by: "github-actions"}]}`, "github.com/acme/app/settings/rules"}},
		"no rulesets": {"", func(r *githubfake.Repo) { r.Rulesets("old") }, 0, []string{"warning", "no check of main (by its protection alone: GitHub has no rulesets for it)"}},
		"hidden":      {"", func(r *githubfake.Repo) { r.Rulesets("hidden") }, 1, []string{"FAILED", "GitHub does not show the bot the rules of the branch main: nobody can tell which checks it requires", "checks: [{name: "}},
	} {
		t.Run(name, func(t *testing.T) {
			_, r := practice(t, githubfake.Options{}, "owners: [ana]\npeople: {ana: {name: Ana, code: none}}\nproducts: {app: {github: {repository: acme/app, "+c.checks+"}}}\n")
			r.Protect("main")
			if c.set != nil {
				c.set(r)
			}
			out, code := says(t, "doctor")
			if code != c.code || strings.Contains(out, "follows from CI") != (c.want != nil) {
				t.Errorf("it ended with %d:\n%s", code, out)
			}
			said := out[strings.LastIndexByte(out[:max(strings.Index(out, "follows from CI"), 0)], '\n')+1:]
			for i, want := range c.want {
				if at := strings.Index(said, want); at < 0 || i == 0 && at > 0 {
					t.Errorf("it says no %q:\n%s", want, out)
				}
			}
		})
	}
}
