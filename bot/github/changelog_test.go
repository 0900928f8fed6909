package github

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

// Two products of one repository may have the same version, and each its change log: one is not in the way of the other.
func TestTwoProductsHaveOneVersion(t *testing.T) {
	p := pressing(t)
	web := func(c *workflows.Changelog) { c.Op, c.File = "web@1.0.0/notes/1", "web/CHANGELOG.md" }
	first, err := p.changelog(1, "- app")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		second, err := p.changelog(1, "- web", web)
		if err != nil || second == first {
			t.Fatalf("%s beside %s: %v", second, first, err)
		}
	}
	if again, err := p.changelog(2, "- app, corrected"); err != nil || again != first {
		t.Errorf("corrected at %s, not %s: %v", again, first, err)
	}
	if all := p.repo.Pulls(); len(all) != 2 {
		t.Errorf("%d pull requests", len(all))
	}
}

// A branch that was made for another product, and has no pull request yet, is left to that.
func TestABranchIsMeantForAnotherProduct(t *testing.T) {
	p := pressing(t)
	p.repo.Branch("readyroom/changelog-1.0.0", p.repo.Head("refs/heads/main"))
	p.repo.Commit("readyroom/changelog-1.0.0", "ana", workflows.MadeFor(workflows.Say("Change log"), "web@1.0.0/notes/1"), map[string]string{"web.md": "x"})
	link, err := p.changelog(1, "- app")
	if err != nil {
		t.Fatal(err)
	}
	if all := p.repo.Pulls(); len(all) != 1 || all[0].Head != "readyroom/changelog-1.0.0-2" {
		t.Errorf("%s: %+v", link, all)
	}
}
