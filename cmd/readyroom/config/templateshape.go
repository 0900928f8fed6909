package config

import (
	"regexp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// How many templates there may be, and how many rules, with how many paths and labels each: nobody keeps more apart.
const (
	maxTemplates = 100
	maxRules     = 100
)

var (
	// itemPattern is an item's key, alone or after its gate.
	itemPattern = regexp.MustCompile(`^((preview|ga)\.(ready|done)/)?[a-z0-9][a-z0-9._-]{0,31}$`)
	// workdaysPattern is up to a working year.
	workdaysPattern = regexp.MustCompile(`^(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|250)d$`)
	// validPattern is up to a year.
	validPattern = regexp.MustCompile(`^([1-9][0-9]?|[12][0-9][0-9]|3[0-5][0-9]|36[0-5])d$`)
)

// A template under templates.
var templateShape = keyed("One checklist, made of another one.",
	field{string(release.PartExtends), &shape{kind: isText, about: "The one that it is made of: simple, feature, hotfix, or another one of templates.", pattern: idPattern, wrong: noID,
		fallback: release.DefaultTemplate, examples: []any{"feature"}}},
	field{string(release.PartRisk), oneOf("How carefully its releases are treated; left out, as those of the one that it is made of.", risks(policy.Risks()...))},
	field{string(release.PartDrop), someOf("Items to leave out, by their keys, where two gates have the key with the gate: ga.done/cli-api.", oneItem, []string{"way-back"}).upTo(release.MaxItems)},
	field{string(release.PartMove), &shape{kind: isMap, about: "Items to ask in another gate.", most: release.MaxItems, keys: oneItem, each: oneOf("The gate that asks it.", release.GateKeys())}},
	field{string(release.PartAdd), keyed("Items to ask besides, by gate. A gate that is new brings its stage.", added()...)},
)

// A rule under risk.raise.
var raiseShape = &shape{kind: isMap, about: "One rule: any of its paths or any of its labels.", needs: []string{"to"}, fields: []field{
	{"paths", someOf("Changed files: auth (a file, or all of a folder), docs/*.md, **/migrations/**.", &shape{kind: isText, about: "A pattern of paths.", parse: pathPattern}, []string{"**/migrations/**"}).upTo(maxRules)},
	{"labels", someOf("Labels of what the release holds.", &shape{kind: isText, about: "A label."}, []string{"security"}).upTo(maxRules)},
	{"to", oneOf("What the risk becomes, where it is less.", risks(policy.Normal, policy.High))},
}}

var oneItem = matching("An item of the other template, by its key or with its gate.", itemPattern, no("is no item", "write its key, or its gate and its key: ga.done/cli-api"))

// itemShape is an item of the catalogue by its key, or one that is written out.
var itemShape = &shape{kind: isMap, about: "An item.", needs: []string{"key"},
	instead: &shape{kind: isText, about: "An item of the catalogue.", oneOf: release.CatalogueKeys(), near: release.CatalogueKeys(),
		wrong: no("is not in the catalogue", "an item of your own is written {key: …, text: …, role: …}")},
	fields: []field{
		{"key", &shape{kind: isText, about: "What people type. One of the catalogue is that item, but for what else is said here.", pattern: idPattern, wrong: noID, examples: []any{"load-test"}}},
		{"text", &shape{kind: isText, about: "What must be true; an item of your own needs it.", examples: []any{"it holds twice the peak"}}},
		{"role", matching("Who signs it; an item of your own needs it.", idPattern, noID).like("qa")},
		{"evidence", &shape{kind: isText, about: "The link that is wanted with the vote.", examples: []any{"report URL"}}},
		{"lead", spanOf("How many working days before the target it blocks; left out: 3d.", workdaysPattern, "0d to 250d", "5d")},
		{"binds", oneOf("What a vote on it vouches for, so that it must be given anew when that changes; left out: for nothing that changes.",
			[]string{string(release.ToCommit), string(release.ToTree)})},
		{"valid", spanOf("How long a vote on it lasts; left out: for ever.", validPattern, "1d to 365d", "30d")},
	}}

// added are the gates under add.
func added() []field {
	var fields []field
	for _, key := range release.GateKeys() {
		g, _ := release.GateOf(key)
		fields = append(fields, field{key, &shape{kind: isList, about: "Items to ask besides " + g.Title() + ".", most: release.MaxItems, each: itemShape, examples: []any{[]any{"runbook"}}}})
	}
	return fields
}

func risks(all ...policy.Risk) []string {
	var out []string
	for _, r := range all {
		out = append(out, string(r))
	}
	return out
}

func pathPattern(text string) error {
	if _, no := workflows.ParsePattern(text); no != nil {
		return no
	}
	return nil
}
