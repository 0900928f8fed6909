package config

import (
	"regexp"
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
	workflowPattern = regexp.MustCompile(`^(deployment|[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.ya?ml)$`)
)

var forgeShape = &shape{kind: isText, about: "The repository, as owner/name.", pattern: forgePattern, wrong: noForge, examples: []any{"acme/app"}}

// githubShape is what of a product is on GitHub.
var githubShape = &shape{kind: isMap, about: "Where its repository is on GitHub, and what is done there. The text alone is the repository.", instead: forgeShape,
	examples: []any{"acme/app"}, fields: []field{
		{"repository", forgeShape},
		{"checks", &shape{kind: isList, about: "The checks that must be well, by their names there; left out, all there are, and at least one; none: none says anything of a commit.",
			each: &shape{kind: isText, about: "The name of a check, or a status' context.", examples: []any{"test"}}, word: noChecks, full: true,
			wrong: no("is no list of checks", "write [test], or none"), examples: []any{[]string{"test", "build"}}}},
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
		f.Checks = append(f.Checks, name.text)
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
