package release

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Every item of the catalogue can stand in a checklist, is signed by a role of the process, reads unlike every other,
// and vouches for code only where the process says so.
func TestCatalogue(t *testing.T) {
	binds := map[string]Binding{"tests": ToCommit, "changelog": ToCommit, "production-deployment": ToCommit, "security-assessment": ToTree}
	leads := map[string]int{"preliminary-docs": week, "public-docs": week, "skilling-up": week, "runbook": week, "upgrade-guide": week,
		"downgrade-path": week, "marketing": long}
	looks, texts := map[string]bool{}, map[string]bool{}
	for _, key := range CatalogueKeys() {
		i, ok := Catalogued(key)
		if why, _ := misfit(i); !ok || why != "" || i != Catalogue()[key] {
			t.Errorf("%s: %s %+v", key, why, i)
		}
		fold := workflows.ReleaseID(key).LookAlike()
		if looks[fold] || texts[i.Text] || !slices.Contains(workflows.Roles(), i.Role) {
			t.Errorf("%s is like another, or of the role %s", key, i.Role)
		}
		looks[fold], texts[i.Text] = true, true
		lead := leads[key]
		if lead == 0 {
			lead = soon
		}
		if i.Binds != binds[key] || i.Lead != lead || i.Origin != OfTemplate || (i.Valid != 0) != (key == "rollback-rehearsal") {
			t.Errorf("%s: %+v", key, i)
		}
		if strings.ToLower(i.Text[:1]) != i.Text[:1] && !strings.HasPrefix(i.Text, "CLI") || strings.HasSuffix(i.Text, ".") {
			t.Errorf("%s: %q", key, i.Text)
		}
	}
	if len(Catalogue()) != len(CatalogueKeys()) || len(Catalogue()) != 41 {
		t.Errorf("%d items", len(Catalogue()))
	}
	for _, template := range Templates() {
		for _, g := range template.Gates {
			for _, i := range g.Items {
				same := i
				same.Text = Catalogue()[i.Key].Text
				if same != Catalogue()[i.Key] {
					t.Errorf("%s %s is not as the catalogue has it", template.Name, g.Full(i))
				}
			}
		}
	}
}

// Where an item usually belongs is where the built-in templates and the tiers have it.
func TestUsual(t *testing.T) {
	for _, template := range Templates() {
		for _, g := range template.At(policy.High) {
			for _, i := range g.Items {
				if i.Key != "alerts" && Usual(i.Key) != g.Half {
					t.Errorf("%s is usually %s", g.Full(i), Usual(i.Key))
				}
			}
		}
	}
	for key, want := range map[string]Half{"validation": Done, "field-support": Done, "runbook": Ready, "alerts": Ready, "no such item": Ready} {
		if Usual(key) != want {
			t.Errorf("%s: %s", key, Usual(key))
		}
	}
}

// Each risk adds what the ones below it add, marked as its own; what nobody knows is treated with the most care.
func TestWhatARiskAdds(t *testing.T) {
	high := []string{"compliance", "risk-assessment", "rollback-plan", "rollback-rehearsal", "tests"}
	for _, c := range []struct {
		risk policy.Risk
		gate string
		want []string
	}{
		{policy.Low, "ga.ready", nil}, {policy.Normal, "preview.ready", []string{"tests"}}, {policy.Normal, "preview.done", nil},
		{policy.Normal, "ga.ready", []string{"rollback-plan", "tests"}}, {policy.Normal, "ga.done", []string{"validation"}},
		{policy.High, "preview.ready", []string{"tests"}}, {policy.High, "ga.ready", high}, {policy.High, "ga.done", []string{"validation"}},
		{"huge", "ga.ready", high}, {policy.High, "no gate", nil},
	} {
		items := AddedBy(c.risk, c.gate)
		if diff := cmp.Diff(c.want, keys(items)); diff != "" {
			t.Errorf("%s %s: %s", c.risk, c.gate, diff)
		}
		for _, i := range items {
			if i.Origin != OfRisk {
				t.Errorf("%s is of origin %q", i.Key, i.Origin)
			}
		}
	}
	gate := simple.At(policy.High)[0]
	for _, i := range gate.Items {
		if (i.Origin == OfRisk) == hasItem(simple.Gates[0].Items, i.Key) {
			t.Errorf("%s is of origin %q", gate.Full(i), i.Origin)
		}
	}
}
