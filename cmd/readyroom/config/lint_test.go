package config_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/workflows"
)

func TestLint(t *testing.T) {
	const everyone = "owners: [ana]\npeople: {ana: {code: none}, ben: {code: none}}\nroles: {'*': [ana, ben]}\n"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"all is well": {everyone, nil},
		"nothing said": {"", []string{
			"owners: nobody: the console does not start, and a server is owned by whoever types the code of its log",
			"roles: nobody holds engineering, product, qa, security, compliance, sre, docs, support, marketing, release-manager: what they sign falls to the owners"}},
		"one role":   {"owners: [ana]\npeople: {ana: {code: none}}\nroles: {engineering: [ana], product: [ana], qa: [ana], security: [ana], compliance: [ana], sre: [ana], docs: ['group:slack/T1/S1'], support: [ana], marketing: [ana]}", []string{"roles: nobody holds release-manager: what they sign falls to the owners"}},
		"odd role":   {everyone[:len(everyone)-2] + ", engneering: [ben]}", []string{"roles.engneering: no checklist asks this role; nearest: engineering"}},
		"alone":      {"owners: [ana]\npeople: {ana: {code: none}}\nroles: {'*': [ana]}\ndefault: {template: feature}", []string{"default.template: feature is of normal risk, which needs 2 people, and 1 is known here"}},
		"no code":    {"owners: [ana]\npeople: {ana: {code: none}, ben: {}, mia: {}}\nroles: {'*': [ana], sre: [ben], docs: [mia]}", []string{"people: no code for ben: at normal risk their votes on items bound to code do not count; write code: [address], or code: none"}},
		"an owner's": {"owners: [ana]\npeople: {ana: {}}", []string{"roles: nobody holds engineering, product, qa, security, compliance, sre, docs, support, marketing, release-manager: what they sign falls to the owners", "people: no code for ana: at normal risk their votes on items bound to code do not count; write code: [address], or code: none"}},
		"no part":    {everyone[:len("owners: [ana]\npeople: {")] + "zoe: {}, " + everyone[len("owners: [ana]\npeople: {"):], []string{"people: no role and no audience for zoe: they see the public view only"}},
		"short memory": {everyone + "keep: {answers: 1d, sent: 29d, closed: 29d}", []string{
			"keep.sent: 29d: who asks a month later whether somebody was told finds nothing",
			"keep.closed: 29d: a release leaves the lists that soon after its close; the ledger keeps it"}},
		"long enough":       {everyone + "keep: {sent: 30d, closed: 30d}", nil},
		"published nowhere": {everyone + "audit: {at: '18:00'}", []string{"audit.at: no channel and no tag: the ledger's tip is published nowhere"}},
		"published rarely":  {everyone + "audit: {at: '0 9 1 * *', channel: '#l'}", []string{"audit.at: 0 9 1 * *: more than a week can pass unpublished, and what was rewritten in it would not show"}},
		"published weekly":  {everyone + "audit: {at: 'fri 18:00', channel: '#l'}", nil},
		"published always":  {everyone + "audit: {at: '* * * * *', channel: '#l'}", nil},
		"audiences": {everyone + "audiences: {support: {channel: '#s'}, news: {public: true}, staff: {people: [ana]}}", []string{
			"audiences.news: public without a channel: nothing is ever posted to it", "audiences.support: nobody is in it: its briefings are never acknowledged"}},
		"on GitHub": {everyone + "products: {app: {environments: [staging, production], github: {repository: acme/app, opens: 'v*', manager: ana, deploy: {production: deployment}}}, web: {github: acme/web}}", nil},
		"not on GitHub": {everyone + "products: {app: {github: {opens: 'v*'}}}", []string{
			"products.app.github: no repository: nothing of this is done; write repository: owner/name"}},
		"odd on GitHub": {everyone + "products: {app: {environments: [staging, production], github: {repository: acme/app, opens: 'v*', deploy: {production: deploy.yml}}}, lib: {github: {repository: acme/lib, manager: ana}}}", []string{
			`products.lib.github.manager: no tag opens a release; write opens: "v*"`}},
		"twice on GitHub": {everyone + "products: {app: {github: {repository: acme/all, opens: 'v*'}}, lib: {github: {repository: Acme/All, opens: 'v1*'}}, web: {github: {repository: acme/all, opens: 'web-*', tag: web-VERSION}}}", []string{
			"products.lib.github.opens: a tag like v1.2.3 opens a release of app as well; give each a tag of its own: tag: lib-VERSION"}},
		"published twice on GitHub": {everyone + "products: {app: {github: acme/all, changelog: CHANGELOG.md}, lib: {github: Acme/All, changelog: CHANGELOG.md}, web: {github: {repository: acme/all, releases: false}, changelog: web/CHANGELOG.md}}", []string{
			"products.lib.github.releases: a release under a tag like v1.2.3 is one of app as well; give each a tag of its own: tag: lib-VERSION",
			"products.lib.changelog: CHANGELOG.md is that of app as well, and of one version only one section is kept; give each a file of its own"}},
	} {
		if diff := cmp.Diff(c.want, parse(t, c.text).Lint()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestInitWritesWhatParseReads(t *testing.T) {
	ana := workflows.Person{Name: "Ana", Code: []string{"Ana@example.org"}}
	c := parse(t, string(config.Init(ana, false)))
	if diff := cmp.Diff(workflows.Person{ID: "you", Name: "Ana", Code: []string{"ana@example.org"}, Handles: []workflows.Handle{"console/you"}}, c.People["you"]); diff != "" {
		t.Error(diff)
	}
	if c.Template != "simple" || len(c.Roles) != 0 || len(c.Audiences) != 0 || cmp.Diff([]workflows.PersonID{"you"}, c.Owners) != "" {
		t.Errorf("alone: %+v", c)
	}
	text := config.Init(ana, true)
	c = parse(t, string(text))
	if c.Template != "feature" || len(c.Roles) != len(workflows.Roles()) || c.Audiences["support"].Quota != 80 || !c.Audiences["news"].Public {
		t.Errorf("a team: %+v", c)
	}
	if strings.Contains(string(text), "\n\n\n") || strings.Contains(string(text), "  \n") {
		t.Errorf("blank lines and spaces:\n%s", text)
	}
	if who := parse(t, string(config.Init(workflows.Person{ID: "ana", NoCode: true}, false))).People["ana"]; !who.NoCode || who.Name != "ana" {
		t.Errorf("%+v", who)
	}
}

// What stands in comments as an example is one: without its marks it is read, and means something.
func TestExamplesInComments(t *testing.T) {
	example, err := os.ReadFile("../../../deploy/team.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"worked example": string(example), "a team": string(config.Init(workflows.Person{Name: "Ana"}, true)),
		"alone": string(config.Init(workflows.Person{Name: "Ana"}, false))} {
		var out []string
		within := false
		for line := range strings.SplitSeq(text, "\n") {
			within = line == "# templates:" || line == "# risk:" || within && strings.HasPrefix(line, "#   ")
			if within {
				line = strings.TrimPrefix(line, "# ")
			}
			out = append(out, line)
		}
		if c := parse(t, strings.Join(out, "\n")); len(c.Templates) != 4 || len(c.Raise) == 0 {
			t.Errorf("%s: %d templates, %d rules", name, len(c.Templates), len(c.Raise))
		}
	}
}

// Whatever git says of the person at the keyboard, the first configuration can be read.
func FuzzInit(f *testing.F) {
	f.Add("you", "Ana", "ana@example.org", "Ana@example.org", true)
	f.Add("A b", "\"quoted\" \\ #x: {[", "a\"b@c\\d", "\u202ex@y", false)
	f.Add("0", "null", "", "", true)
	f.Add("null", "true", "", "", false)
	f.Add("", "\xff\u00a0\U0001F600\u2028\a", "x@\xff", "a@b\U000E0001", true)
	f.Fuzz(func(t *testing.T, id, name, one, two string, team bool) {
		text := config.Init(workflows.Person{ID: workflows.PersonID(id), Name: name, Code: []string{one, two}}, team)
		c, err := config.Parse("f", text)
		if err != nil || len(c.Owners) != 1 || len(c.People) != 1 {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}
