package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
)

const (
	noChecks    = "none"       // instead of checks: nothing on GitHub says anything of a commit
	deployment  = "deployment" // instead of a workflow: others carry out what is made there
	defaultTag  = "v" + desk.TagVersion
	askWorkflow = "write deployment, or the name of a workflow's file, as deploy.yml"
)

var (
	forgePattern    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$`)
	tagPattern      = regexp.MustCompile(`^([^-. ~^:?*\[\\](\.?[^. ~^:?*\[\\])*)?VERSION([^. ~^:?*\[\\](\.?[^. ~^:?*\[\\])*)?$`)
	opensPattern    = regexp.MustCompile(`^[^-. ~^:?\[\\][^ ~^:?\[\\]*$`)
	makerPattern    = regexp.MustCompile(`^@?[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]*$`)
	workflowPattern = regexp.MustCompile(`^(deployment|[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.ya?ml)$`)
)

var forgeShape = &shape{kind: isText, about: "The repository, as owner/name.", pattern: forgePattern, wrong: noForge, examples: []any{"acme/app"}}

// githubShape is what of a product is on GitHub.
var githubShape = &shape{kind: isMap, about: "Where its repository is on GitHub, and what is done there. The text alone is the repository.", instead: forgeShape,
	examples: []any{"acme/app"}, fields: []field{
		{"repository", forgeShape},
		{"checks", &shape{kind: isList, about: "The checks that must be well, by their names there, and who must make each. Left out: those that the branch's rules require before a merge; where these require none, all there are, and at least one. none: none says anything of a commit.",
			each: checkShape, word: noChecks, full: true, once: true, wrong: no("is no list of checks", "write [test], or none"),
			examples: []any{[]any{"lint", map[string]string{"name": "test", "by": "github-actions"}}}}},
		{"tag", &shape{kind: isText, about: "How the tag of a version is called.", pattern: tagPattern, fallback: defaultTag,
			wrong: no("cannot be a tag with the version in it", "write "+defaultTag), examples: []any{"app-VERSION"}}},
		{"opens", &shape{kind: isText, about: "A tag like this opens a release of its version, of the template simple, and drafts its notes; left out, none does.", pattern: opensPattern,
			wrong: no("is no pattern of tags", `write "v*"`), examples: []any{"v*"}}},
		{"manager", &shape{kind: isText, about: "Who manages the releases that tags open; left out, the first owner.", pattern: idPattern, wrong: noID, examples: []any{"ana"}}},
		{"deploy", &shape{kind: isMap, about: "The environments that the bot may deploy to, and how.", keys: idShape,
			each: &shape{kind: isText, about: "The workflow that deploys there, by its file; or deployment: one is made, and others carry it out.", pattern: workflowPattern,
				wrong: no("is no workflow", askWorkflow), examples: []any{deployment, "deploy.yml"}}}},
		{"releases", &shape{kind: isTruth, about: "Whether published notes become a release there.", fallback: true, examples: []any{false}}},
	}}

var checkNameShape = &shape{kind: isText, about: "The name of a check, or a status' context.", examples: []any{"test"}}

// checkShape is a check by its name, whoever makes it, or with who must.
var checkShape = &shape{kind: isMap, about: "A check. The text alone is its name: whoever may push there can make one of that name.", needs: []string{"name"}, instead: checkNameShape,
	fields: []field{
		{"name", checkNameShape},
		{"by", matching("Who must make it: an App, by its name in github.com/apps/NAME; or an account that sets statuses, by its login behind an @, in quotes. Left out: whoever.", makerPattern, noMaker).like("github-actions")},
	}}

// noMaker says how who makes checks is written.
func noMaker(text string) (why, next string) {
	if name, is := strings.CutSuffix(text, "[bot]"); is && makerPattern.MatchString(name) {
		return quoted(text) + " is the account of an App", "write " + strings.TrimPrefix(name, "@")
	}
	return quoted(text) + " is no App's name and no login", `write github-actions, as in github.com/apps/github-actions, or a login as "@ci-bot"`
}

// checkName reads a check as either is written.
func checkName(n *node) workflows.CheckName {
	if n.kind == isText {
		return workflows.CheckName{Name: n.text}
	}
	return workflows.CheckName{Name: n.says("name"), By: n.says("by")}
}

// namedOnce reports a check that is named twice.
func (r *reader) namedOnce(checks *node, path string) {
	var seen []workflows.CheckName
	for _, n := range checks.list() {
		one := checkName(n)
		if slices.Contains(seen, one) {
			r.wrong(n, path, quoted(one.String())+" stands in the list already", "keep one of them")
		}
		seen = append(seen, one)
	}
}

// forgeAddress is a repository's address as people copy it.
var forgeAddress = regexp.MustCompile(`^(?:https?://[^/]+/|git@[^:]+:|github\.com/)([^/]+/[^/]+?)(?:\.git)?/?$`)

func noForge(text string) (why, next string) {
	if g := forgeAddress.FindStringSubmatch(text); g != nil {
		return quoted(text) + " is an address", "write " + g[1]
	}
	return quoted(text) + " is no repository of GitHub", "write owner/name, as acme/app"
}

// forge reads what of a product is on GitHub.
func forge(n *node) desk.Forge {
	if n != nil && n.kind == isText {
		return desk.Forge{Repository: n.text, Tag: defaultTag, Releases: true}
	}
	f := desk.Forge{Repository: n.says("repository"), Tag: n.says("tag"), Opens: n.says("opens"), Manager: workflows.PersonID(n.says("manager")),
		Releases: strings.EqualFold(n.says("releases"), "true"), Unchecked: n.says("checks") == noChecks}
	for _, name := range n.get("checks").list() {
		f.Checks = append(f.Checks, checkName(name))
	}
	for _, e := range n.get("deploy").entries() {
		if f.Deploys == nil {
			f.Deploys = map[workflows.Environment]string{}
		}
		if e.value == nil {
			continue
		}
		f.Deploys[workflows.Environment(e.key.text)] = ""
		if e.value.text != deployment {
			f.Deploys[workflows.Environment(e.key.text)] = e.value.text
		}
	}
	return f
}
