package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
)

// lintForges warns of what is said of repositories on GitHub, and will not come about.
func (c Config) lintForges() []string {
	var out []string
	opened, published, written := map[string]workflows.Product{}, map[string]workflows.Product{}, map[string]workflows.Product{}
	for _, id := range slices.Sorted(maps.Keys(c.Products)) {
		p := c.Products[id]
		where := fmt.Sprintf("products.%s.github", id)
		for _, line := range p.lintForge() {
			out = append(out, where+line)
		}
		if p.Forge.Repository == "" {
			continue
		}
		home := strings.ToLower(p.Forge.Repository) + " "
		same := home + sample(p.Forge)
		if other := taken(opened, same, id, p.Forge.Opens != ""); other != "" {
			out = append(out, fmt.Sprintf("%s.opens: a tag like %s opens a release of %s as well; give each a tag of its own: tag: %s-VERSION", where, sample(p.Forge), other, id))
		} else if other := taken(published, same, id, p.Forge.Releases); other != "" {
			out = append(out, fmt.Sprintf("%s.releases: a release under a tag like %s is one of %s as well; give each a tag of its own: tag: %s-VERSION", where, sample(p.Forge), other, id))
		}
		if other := taken(written, home+p.Changelog, id, p.Changelog != ""); other != "" {
			out = append(out, fmt.Sprintf("products.%s.changelog: %s is that of %s as well, and of one version only one section is kept; give each a file of its own", id, p.Changelog, other))
		}
	}
	return out
}

// taken is the product that does something in a place already in which another one does it, too; empty: none. Whoever comes
// first has the place.
func taken(by map[string]workflows.Product, place string, id workflows.Product, does bool) workflows.Product {
	if !does {
		return ""
	}
	if other, is := by[place]; is {
		return other
	}
	by[place] = id
	return ""
}

// sample is a tag of a version.
func sample(f desk.Forge) string { return strings.ReplaceAll(f.Tag, desk.TagVersion, "1.2.3") }

func (p Product) lintForge() (out []string) {
	f := p.Forge
	if f.Repository == "" {
		if len(f.Checks) > 0 || f.Unchecked || len(f.Deploys) > 0 || f.Opens != "" || f.Manager != "" {
			out = append(out, ": no repository: nothing of this is done; write repository: owner/name")
		}
		return out
	}
	if f.Manager != "" && f.Opens == "" {
		out = append(out, ".manager: no tag opens a release; write opens: \"v*\"")
	}
	return out
}
