package config_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// A file is either refused, with the place of each mistake, or it holds together; a comment more changes nothing but
// the hash; and neither takes long.
func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("../../../deploy/team.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(example), string(config.Init(workflows.Person{Name: "Ana"}, true)), "", "a: b: c", "owners: &a [*a]", "people: {ana: {code: none}}\nowners: [ana]",
		"people:\n  ana:\n    name: |\n      x\n", "# c\r\n0", "--- {}\n...\n", "%YAML 1.2\n---\n{}", "? a\n: b", team, "templates: {a: {extends: b}, b: {extends: a}}", "risk: {raise: [{paths: [\"[\"], to: high}, x, {}]}",
		"templates: {t: {add: {ga.ready: [runbook, {key: runbook}, 7, [], {key: k1, text: t, role: r}, {key: kl, text: t, role: r}]}, drop: [tests, ga.done/healthy], move: {way-back: preview.ready}}}", "time: {zone: UTC}", "{", "[", "'", "\"\\u", "- - -", "a: !!binary x", "<<: {}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		began := time.Now()
		c, err := config.Parse("f", data)
		if took := time.Since(began); took > time.Second {
			t.Errorf("takes %s", took)
		}
		if err != nil {
			checkProblems(t, data, err)
			return
		}
		checkWhole(t, c)
		if value, ok := read(string(data)); ok {
			if why := invalid(schema(), value, ""); why != "" {
				t.Errorf("the schema refuses it: %s", why)
			}
		}
		again, err := config.Parse("f", append([]byte("# a comment\n"), strings.TrimPrefix(string(data), "\uFEFF")...))
		if again.Hash = c.Hash; err != nil || cmp.Diff(c, again, same) != "" {
			t.Errorf("with a comment: %v %s", err, cmp.Diff(c, again, same))
		}
	})
}

func checkProblems(t *testing.T, data []byte, err error) {
	var wrong config.Problems
	if !errors.As(err, &wrong) || len(wrong) == 0 {
		t.Fatalf("%v is not a list of problems", err)
	}
	lines := strings.Count(string(data), "\n") + 1
	for _, p := range wrong {
		if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Why == "" {
			t.Errorf("%+v, in a file of %d lines", p, lines)
		}
		if strings.ContainsFunc(p.Error(), workflows.Steers) {
			t.Errorf("%q steers the terminal", p.Error())
		}
	}
}

func checkWhole(t *testing.T, c config.Config) {
	known := func(ids []workflows.PersonID) {
		for _, id := range ids {
			if c.People[id].ID != id {
				t.Errorf("%s is not known", id)
			}
		}
	}
	known(c.Owners)
	for _, m := range c.Roles {
		known(m.People)
	}
	for _, a := range c.Audiences {
		known(a.People)
		if a.Quota < 1 || a.Quota > 100 {
			t.Errorf("a quota of %d", a.Quota)
		}
	}
	taken, looks := map[string]bool{}, map[string]bool{}
	for id, p := range c.People {
		if fold := workflows.ReleaseID(id).LookAlike(); !workflows.ValidID(string(id)) || looks[fold] {
			t.Errorf("the id %q", id)
		} else {
			looks[fold] = true
		}
		for _, h := range p.Handles {
			if taken[string(h)] {
				t.Errorf("%s is two people's", h)
			}
			taken[string(h)] = true
		}
		if strings.ContainsFunc(p.Name, workflows.Steers) || p.Name == "" || p.NoCode && len(p.Code) > 0 {
			t.Errorf("%+v", p)
		}
	}
	for id, p := range c.Products {
		if !workflows.ValidID(string(id)) || p.Repository == "" || len(p.Environments) == 0 {
			t.Errorf("%s: %+v", id, p)
		}
	}
	if _, known := c.Products[c.Audit.Tag]; c.Audit.Tag != "" && !known || (c.Audit.At == "") && (c.Audit.Channel != "" || c.Audit.Tag != "") {
		t.Errorf("%+v", c.Audit)
	}
	const day, most = 24 * time.Hour, 36500 * 24 * time.Hour
	if k := c.Keep; min(k.Answers, k.Sent, k.Closed) < day || max(k.Answers, k.Sent, k.Closed) > most {
		t.Errorf("%+v", k)
	}
	if c.Time.Zone == nil || c.Template == "" {
		t.Errorf("%+v", c.Time)
	}
	for _, rule := range c.Raise {
		for _, text := range rule.Paths {
			if _, no := workflows.ParsePattern(text); no != nil {
				t.Error(no)
			}
		}
		if rule.To != policy.Normal && rule.To != policy.High || len(rule.Paths)+len(rule.Labels) == 0 {
			t.Errorf("%+v", rule)
		}
	}
	checkTemplates(t, c)
	c.Lint() // warns, and never panics
	c.Never()
}

func checkTemplates(t *testing.T, c config.Config) {
	for name, template := range c.Templates {
		looks, last, items := map[string]string{}, -1, 0
		for _, g := range template.Gates {
			place := slices.Index(release.GateKeys(), g.Key())
			if place <= last {
				t.Errorf("%s has %s after another", name, g.Key())
			}
			last = place
			seen := map[string]bool{}
			for _, i := range g.Items {
				fold := workflows.ReleaseID(i.Key).LookAlike()
				if seen[i.Key] || looks[fold] != "" && looks[fold] != i.Key || release.UnfitKey(i.Key) != "" || i.Text == "" || i.Role == "" || strings.ContainsFunc(i.Text+string(i.Role)+i.Evidence, workflows.Steers) {
					t.Errorf("%s has %+v", name, i)
				}
				seen[i.Key], looks[fold] = true, i.Key
				items++
			}
		}
		if template.Name != name || items > release.MaxItems || len(template.Gates)%2 != 0 || !slices.Contains(policy.Risks(), template.Risk) {
			t.Errorf("%s: %d items, %+v", name, items, template)
		}
	}
	if _, ok := c.Templates[c.Template]; !ok {
		t.Errorf("no template %s", c.Template)
	}
}
