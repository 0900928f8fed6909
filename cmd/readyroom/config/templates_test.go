package config_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

func init() { maps.Copy(mistakes, ofTemplates) }

// ofTemplates are files with one mistake each in their templates and their rules of risk.
var ofTemplates = map[string]struct{ text, want string }{
	"template id":                  {"templates: {Team: {}}", "1:13: templates.Team: «Team» cannot be an id; write team"},
	"template of nothing":          {"templates:\n  team:\n    extends: featrue\n", "3:14: templates.team.extends: there is no template «featrue»; nearest: feature"},
	"template of itself":           {"templates:\n  team: {extends: team}\n", "2:19: templates.team.extends: it is made of itself: team ← team; write simple, feature or hotfix for one of them"},
	"built-in name":                {"templates:\n  featvre: {}\n  featl1re: {}\n  simp1e: {}\n", "4:3: templates.simp1e: «simp1e» reads like simple, which is built in; choose another name"},
	"template look-alike":          {"templates:\n  bill: {}\n  bi1l: {}\n", "3:3: templates.bi1l: it looks like bill in line 2; choose another id"},
	"template key":                 {"templates:\n  team: {exends: feature}\n", "2:10: templates.team.exends: unknown key; nearest: extends"},
	"template twice":               {"templates:\n  team: {}\n  team: {}\n", "3:3: templates.team: the key stands in line 2 already; keep one of them"},
	"template risk":                {"templates:\n  team: {risk: hihg}\n", "2:16: templates.team.risk: «hihg» is none of them; nearest: high"},
	"template hidden":              {"templates: {\"te\\u202eam\": {}}", `1:13: templates: «te\u202eam» holds characters that are not shown but act; take them out`},
	"drop of nothing":              {"templates:\n  team:\n    drop: [chnagelog]\n", "3:12: templates.team.drop: there is no item «chnagelog» in what is extended; nearest: changelog"},
	"drop of two":                  {"templates:\n  team:\n    extends: feature\n    drop: [marketing, alerts]\n", "4:23: templates.team.drop: «alerts» is preview.done/alerts and ga.ready/alerts; write which one"},
	"drop no item":                 {"templates:\n  team:\n    drop: [ga/tests]\n", "3:12: templates.team.drop: «ga/tests» is no item; write its key, or its gate and its key: ga.done/cli-api"},
	"move of nothing":              {"templates:\n  team:\n    move:\n      way-bakc: ga.done\n", "4:7: templates.team.move.way-bakc: there is no item «way-bakc» in what is extended; nearest: way-back"},
	"move onto":                    {"templates:\n  team:\n    extends: feature\n    move: {preview.done/alerts: ga.ready}\n", "4:12: templates.team.move.preview.done/alerts: ga.ready has an item alerts already; drop one of them"},
	"move nowhere":                 {"templates:\n  team:\n    move: {tests: ga.redy}\n", "3:19: templates.team.move.tests: «ga.redy» is none of them; nearest: ga.ready"},
	"unknown gate":                 {"templates:\n  team:\n    add: {ga.redy: [runbook]}\n", "3:11: templates.team.add.ga.redy: unknown key; nearest: ga.ready"},
	"not in the catalogue":         {"templates:\n  team:\n    add:\n      ga.ready: [rnubook]\n", "4:18: templates.team.add.ga.ready: «rnubook» is not in the catalogue; nearest: runbook"},
	"like nothing there":           {"templates:\n  team:\n    add:\n      ga.ready: [xyzzy-plugh]\n", "4:18: templates.team.add.ga.ready: «xyzzy-plugh» is not in the catalogue; an item of your own is written {key: …, text: …, role: …}"},
	"item twice":                   {"templates:\n  team:\n    add:\n      ga.ready:\n        - runbook\n        - {key: runbook, role: qa}\n", "6:11: templates.team.add.ga.ready: ga.ready has an item runbook already; leave it out, or drop the other first"},
	"item look-alike":              {"templates:\n  team:\n    add:\n      ga.done: [{key: bill, text: a, role: qa}, {key: bi1l, text: a, role: qa}]\n", "4:49: templates.team.add.ga.done: «bi1l» looks like bill; choose another key"},
	"item look-alike of another's": {"templates:\n  team:\n    add:\n      preview.ready: [{key: change1og, text: a, role: qa}]\n", "4:23: templates.team.add.preview.ready: «change1og» looks like changelog; choose another key"},
	"item without key":             {"templates:\n  team:\n    add: {ga.ready: [{text: a, role: qa}]}\n", "3:22: templates.team.add.ga.ready.key: it is missing; write key:"},
	"item without text":            {"templates:\n  team:\n    add: {ga.ready: [{key: load-test, role: qa}]}\n", "3:22: templates.team.add.ga.ready: load-test says nothing that must be true; write text:"},
	"item without role":            {"templates:\n  team:\n    add: {ga.ready: [{key: load-test, text: a}]}\n", "3:22: templates.team.add.ga.ready: load-test has no role that signs it; write role:"},
	"item of every role":           {"templates:\n  team:\n    add: {ga.ready: [{key: load-test, text: a, role: '*'}]}\n", "3:54: templates.team.add.ga.ready.role: «*» cannot be an id; an id is a-z, 0-9, dot, dash and underscore, up to 32, beginning with a letter or digit"},
	"item a list":                  {"templates:\n  team:\n    add: {ga.ready: [[runbook]]}\n", "3:22: templates.team.add.ga.ready: keys and values are meant here, not a list; write them below, further in, or {} for none"},
	"item a number":                {"templates:\n  team:\n    add: {ga.ready: [7]}\n", "3:22: templates.team.add.ga.ready: «7» is a number to YAML, and text is meant; write \"7\""},
	"item hidden":                  {"templates:\n  team:\n    add: {ga.ready: [{key: load-test, text: \"\\u202ea\", role: qa}]}\n", `3:45: templates.team.add.ga.ready.text: «\u202ea» holds characters that are not shown but act; take them out`},
	"item key twice":               {"templates:\n  team:\n    add: {ga.ready: [{key: load-test, key: b, text: a, role: qa}]}\n", "3:39: templates.team.add.ga.ready.key: the key stands in line 3 already; keep one of them"},
	"item too long":                {"templates:\n  team:\n    add: {ga.ready: [{key: load-test, text: " + strings.Repeat("x", 201) + ", role: qa}]}\n", "3:22: templates.team.add.ga.ready: load-test has a text longer than 200 bytes; put the rest behind a link"},
	"soak":                         {"templates:\n  team:\n    add: {ga.ready: [{key: soak, text: a, role: qa}]}\n", "3:22: templates.team.add.ga.ready: «soak» stands for the time that a stage stays open; choose another key"},
	"vote":                         {"templates:\n  team:\n    add: {ga.ready: [{key: block, text: a, role: qa}]}\n", "3:22: templates.team.add.ga.ready: «block» is a vote; choose another key"},
	"made weaker":                  {"templates:\n  team:\n    add: {preview.ready: [{key: tests, binds: tree}]}\n", "3:27: templates.team.add.preview.ready: tests vouches for the commit of the candidate; leave binds out, or choose another key"},
	"binds to nothing":             {"templates:\n  team:\n    add: {ga.ready: [{key: load-test, text: a, role: qa, binds: comit}]}\n", "3:65: templates.team.add.ga.ready.binds: «comit» is none of them; nearest: commit"},
	"lead without unit":            {"templates:\n  team:\n    add: {ga.ready: [{key: runbook, lead: 5}]}\n", "3:43: templates.team.add.ga.ready.lead: «5» is no number of whole days from 0d to 250d; write 5d"},
	"lead too long":                {"templates:\n  team:\n    add: {ga.ready: [{key: runbook, lead: 251d}]}\n", "3:43: templates.team.add.ga.ready.lead: «251d» is no number of whole days from 0d to 250d; write 5d"},
	"valid for ever":               {"templates:\n  team:\n    add: {ga.ready: [{key: runbook, valid: 0d}]}\n", "3:44: templates.team.add.ga.ready.valid: «0d» is no number of whole days from 1d to 365d; write 30d"},
	"too many items":               {"templates:\n  team:\n    add:\n      ga.ready:\n" + many(56, "        - {key: x-%d.%[1]d, text: a, role: qa}\n"), "60:11: templates.team.add.ga.ready: a template has 60 items at the most; drop some, or split the release"},
	"too many templates":           {"templates:\n" + many(101, "  x-%d.%[1]d: {}\n"), "102:3: templates: more than 100 entries; nobody keeps more apart"},
	"rule without risk":            {"risk:\n  raise:\n    - {paths: [a]}\n", "3:7: risk.raise.to: it is missing; write to:"},
	"rule of nothing":              {"risk:\n  raise:\n    - {to: high}\n", `3:7: risk.raise: the rule raises nothing: it has no paths and no labels; write paths: ["**/migrations/**"] or labels: [security]`},
	"rule to low":                  {"risk:\n  raise:\n    - {paths: [a], to: low}\n", "3:24: risk.raise.to: «low» is none of them; write normal, high (one of them)"},
	"rule of text":                 {"risk: {raise: [migrations]}", "1:16: risk.raise: keys and values are meant here, not text; write them below, further in, or {} for none"},
	"pattern":                      {"risk: {raise: [{paths: [\"[a\"], to: high}]}", "1:25: risk.raise.paths: «[a» is no pattern of paths: a bracket or backslash is not closed; write auth or auth/** or docs/*.md or **/migrations/**"},
	"pattern outside":              {"risk: {raise: [{paths: [../x], to: high}]}", "1:25: risk.raise.paths: «../x» is no pattern of paths: it leaves the repository; write auth or auth/** or docs/*.md or **/migrations/**"},
	"label twice":                  {"risk: {raise: [{labels: [a, a], to: high}]}", "1:29: risk.raise.labels: «a» stands in the list already; keep one of them"},
	"too many rules":               {"risk:\n  raise:\n" + many(101, "    - {labels: [x-%d], to: high}\n"), "103:7: risk.raise: more than 100 entries; nobody keeps more apart"},
}

func many(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line, i)
	}
	return b.String()
}

const team = `
default: {template: team}
templates:
  team:
    extends: base
    risk: high
    add:
      ga.ready: [runbook, {key: load-test, text: "it holds twice the peak", role: perf, evidence: report URL, lead: 7d, binds: commit, valid: 14d}]
      ga.done: [{key: public-docs, role: support}]
    drop: [ga.ready/public-docs, retrospective]
    move: {cli-api: ga.ready}
  base:
    extends: feature
    drop: [marketing]
risk:
  raise:
    - {paths: ["**/migrations/**", api], to: high}
    - {labels: [security], to: normal}
`

func TestTemplates(t *testing.T) {
	c := parse(t, team)
	made := c.Templates["team"]
	if c.Template != "team" || made.Risk != policy.High || c.Templates["base"].Risk != policy.Normal || len(c.Templates) != 5 {
		t.Errorf("%+v", c)
	}
	var got []string
	for _, g := range made.Gates[2:] {
		line := g.Key()
		for _, i := range g.Items {
			line += " " + i.Key
		}
		got = append(got, line)
	}
	if diff := cmp.Diff([]string{"ga.ready skilling-up kpis changelog alerts cli-api runbook load-test", "ga.done leftovers public-docs"}, got); diff != "" {
		t.Error(diff)
	}
	own := release.Item{Key: "load-test", Text: "it holds twice the peak", Role: "perf", Evidence: "report URL", Lead: 7, Binds: release.ToCommit, Valid: 14}
	if i := slices.Index(made.Gates[2].Items, own); i != 6 {
		t.Errorf("%+v", made.Gates[2].Items)
	}
	docs := release.Catalogue()["public-docs"]
	docs.Role = "support"
	if made.Gates[3].Items[1] != docs {
		t.Errorf("%+v", made.Gates[3].Items[1])
	}
	raise := []release.Raise{{Paths: []string{"**/migrations/**", "api"}, To: policy.High}, {Labels: []string{"security"}, To: policy.Normal}}
	if diff := cmp.Diff(raise, c.Raise); diff != "" {
		t.Error(diff)
	}
}

// All that is wrong with templates is told at once, each at its place, and nothing of what is only made of a broken one.
func TestAllMistakesOfTemplatesAreTold(t *testing.T) {
	_, err := parseFile("default: {template: b}\ntemplates:\n  a:\n    drop: [x1, x2]\n    add: {ga.done: [rnubook]}\n  b: {extends: a, drop: [nothing]}\n")
	want := []string{"4:12: templates.a.drop: there is no item «x1» in what is extended", "4:16: templates.a.drop: there is no item «x2» in what is extended",
		"5:21: templates.a.add.ga.done: «rnubook» is not in the catalogue; nearest: runbook"}
	if diff := cmp.Diff("f:"+strings.Join(want, "\nf:"), fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

func TestNever(t *testing.T) {
	const two = "owners: [ana]\npeople: {ana: {code: none}, ben: {code: none}}\n"
	const roles = "roles: {'*': [ana, ben]}\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"no file":             {"", nil},
		"one person":          {"owners: [ana]\npeople: {ana: {}}\ndefault: {template: feature}\ntemplates: {team: {risk: high}}", nil},
		"two with every role": {two + roles + team, nil},
		"a group":             {"owners: [ana]\npeople: {ana: {}}\nroles: {'*': ['group:slack/T1/S1']}\n" + team, nil},
		"no roles": {two + "default: {template: feature}", []string{
			"default.template: feature can never be fulfilled at risk normal: preview.ready: its votes can be of 1 person, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there",
			"default.template: feature can never be fulfilled at risk normal: ga.ready: its votes can be of 1 person, and risk normal wants 2 different people; write another person under people: and in one of the roles that sign there"}},
		"not the default": {two + "templates: {team: {risk: high}}\nroles: {engineering: [ana, ben], release-manager: [ana, ben], compliance: [ana, ben], qa: [ana], product: [ben]}", []string{
			"templates.team can never be fulfilled at risk high: ga.ready/way-back, ga.ready/rollback-plan, ga.ready/rollback-rehearsal, 1 more: nobody holds sre, and at risk high owners do not stand in; write roles: sre: […, …]"}},
		"nobody yet": {"people: {ana: {}, ben: {}}\nroles: {engineering: [ana, ben]}", nil},
		"code unknown": {"owners: [ana]\npeople: {ana: {}, ben: {}}\n" + roles + "default: {template: hotfix}", []string{
			"default.template: hotfix can never be fulfilled at risk normal: ga.ready/tests: it vouches for code, and of those who sign it (engineering) nobody's address is known; write code: [address], or code: none, for @ana, @ben"}},
	} {
		if diff := cmp.Diff(c.want, parse(t, c.text).Never()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestLintTemplates(t *testing.T) {
	const two = "owners: [ana]\npeople: {ana: {code: none}, ben: {code: none}}\nroles: {'*': [ana, ben], perf: [ben]}\n"
	one := strings.Replace(two, "'*': [ana, ben]", "engineering: [ana, ben], product: [ana], qa: [ana], security: [ana], compliance: [ana], sre: [ana], docs: [ana], support: [ana], marketing: [ana], release-manager: [ana]", 1)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a role of its own": {two + team, nil},
		"misspelt":          {strings.Replace(two, "perf", "pref", 1) + team, []string{"roles.pref: no checklist asks this role; nearest: perf", "templates.team: ga.ready/load-test is signed by perf, which is no role of the process and stands in no line of roles"}},
		"near another":      {strings.Replace(two, ", perf: [ben]", "", 1) + strings.Replace(team, "role: perf", "role: ser", 1), []string{"templates.team: ga.ready/load-test is signed by ser, which is no role of the process and stands in no line of roles; nearest: sre"}},
		"raised too far": {strings.Replace(one, ", perf: [ben]", "", 1) + "default: {template: hotfix}\nrisk: {raise: [{labels: [a], to: normal}, {labels: [b], to: high}]}", []string{
			"risk.raise: a release of hotfix that is raised to high can never pass: ga.ready/way-back, ga.ready/on-call-told, ga.ready/rollback-plan, 1 more: risk high wants votes of 2 different people on it, and @ana holds sre; write roles: sre: with another person (and 2 more)"}},
		"raised to what it is": {strings.Replace(one, ", perf: [ben]", "", 1) + "default: {template: hotfix}\nrisk: {raise: [{labels: [a], to: normal}]}", nil},
	} {
		if diff := cmp.Diff(c.want, parse(t, c.text).Lint()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
