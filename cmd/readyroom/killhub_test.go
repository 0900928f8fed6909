//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// opens has GitHub begin with what the work tree has, and with the issue that the feature is for.
func (o *ordeal) opens() {
	r := o.github.AddRepo("acme/app")
	o.github.driver = o.github.Driver()
	if _, err := o.github.driver.Do(o.t.Context(), "repo", "acme/app"); err != nil {
		o.t.Fatal(err)
	}
	o.github.push(o.repo)
	r.Issue(githubfake.Issue{Title: "Save as a file"})
}

// atGitHub is the repository there.
func (o *ordeal) atGitHub() *githubfake.Repo { return o.github.Repo("acme/app") }

// ends is how a deployment ends: the first of a release fails.
func ends(d githubfake.Deployment) (there string, here workflows.DeployState) {
	if strings.Contains(opOf(d.Payload), "/deploy/1/") {
		return "failure", workflows.DeployFailed
	}
	return "success", workflows.DeploySucceeded
}

// carriesOut brings whatever is to be deployed to its end.
func (o *ordeal) carriesOut() {
	for _, d := range o.atGitHub().Deployments() {
		if d.State() == "pending" {
			there, _ := ends(d)
			o.atGitHub().FinishDeployment(d.ID, there)
		}
	}
}

// opMark is how GitHub keeps for what something was made: unseen in its text, or as the payload of a deployment.
var opMark = regexp.MustCompile(`<!-- readyroom (\S+) -->|"readyroom":\s*"([^"]+)"`)

// opOf is for what something was made there.
func opOf(text string) string {
	found := opMark.FindStringSubmatch(text)
	if found == nil {
		return "nothing of ours"
	}
	return found[1] + found[2]
}

// there is what the bot made at GitHub, by the act and for what, each time with what is to be on record: where people see
// it, or how a deployment ended.
func (r *remains) there() map[string][]string {
	all := map[string][]string{}
	made := func(act, text, link string) {
		key := act + " " + opOf(text)
		all[key] = append(all[key], link)
	}
	repo := r.atGitHub()
	for _, d := range repo.Deployments() {
		_, here := ends(d)
		made(workflows.ActDeploy, d.Payload, fmt.Sprintf(`"state":%q`, here))
	}
	for _, x := range repo.Releases() {
		made(workflows.ActRelease, x.Body, "https://github.com/acme/app/releases/tag/"+x.Tag)
		if x.Draft {
			r.t.Errorf("the release %s was left a draft", x.Tag)
		}
	}
	for _, p := range repo.Pulls() {
		made(workflows.ActChangelog, p.Body, fmt.Sprint("https://github.com/acme/app/pull/", p.Number))
		if text, _ := repo.File(p.Head, "CHANGELOG.md"); strings.Count(text, "## [4.0]") != 1 || strings.Count(text, "It is up again.") != 1 {
			r.t.Errorf("the change log of %s reads %q", p.Head, text)
		}
	}
	for _, c := range repo.Comments(1) {
		made(workflows.ActComment, c.Body, fmt.Sprint("https://github.com/acme/app/issues/1#issuecomment-", c.ID))
	}
	return all
}

// made: whatever was wished of GitHub is there once, and on record; nothing else is there.
func (r *remains) made() {
	there, wished := r.there(), map[string]bool{}
	for _, c := range r.claims {
		if c.Kind != workflows.Act || c.What == workflows.ActTag {
			continue
		}
		var of struct{ Op string }
		if err := json.Unmarshal(c.Data, &of); err != nil {
			r.t.Error(err)
		}
		key := c.What + " " + of.Op
		wished[key] = true
		if len(there[key]) != 1 {
			r.t.Errorf("%s is there %d times", key, len(there[key]))
			continue
		}
		if !r.recorded(of.Op, there[key][0]) {
			r.t.Errorf("no event says of %s: %s", key, there[key][0])
		}
	}
	for key := range there {
		if !wished[key] {
			r.t.Errorf("%s is there, and nobody wished it", key)
		}
	}
}

// recorded reports whether an event says of what was made for an op how it is.
func (r *remains) recorded(op, says string) bool {
	return slices.ContainsFunc(r.events, func(e ledger.Record) bool {
		return strings.Contains(string(e.Data), `"`+op+`"`) && strings.Contains(string(e.Data), says)
	})
}
