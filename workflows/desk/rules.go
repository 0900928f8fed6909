package desk

import (
	"sync"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// rules are one configuration with what was worked out from it. Whoever decides or reads takes the rules in force once,
// at the beginning, and goes by them to the end: nothing is ever judged by half of one configuration and half of
// another.
type rules struct {
	Config

	revisions map[string]string // of the templates, by name

	mu   sync.Mutex
	last *policy.Book // made of the rosters whose digest is of; see book
	of   [32]byte
}

func newRules(cfg Config) *rules {
	cfg.Book = completed(cfg.Book, nil, nil)
	r := &rules{Config: cfg, revisions: map[string]string{}}
	for name, t := range cfg.Templates {
		r.revisions[name] = t.Revision()
	}
	return r
}

// offer is what a release's template, as it stands now, would change in it.
func (r *rules) offer(rel release.Release) release.Diff {
	if now, ok := r.revisions[rel.Template]; !ok || now == rel.Revision || rel.Over() {
		return release.Diff{}
	}
	return release.Difference(rel, r.Templates[rel.Template])
}

// zone is where a person reads the clock.
func (r *rules) zone(p workflows.Person) *time.Location {
	if p.Zone != "" {
		if z, err := time.LoadLocation(p.Zone); err == nil {
			return z
		}
	}
	return r.Week.Zone
}

// product is what the configuration says of a product, else of the work tree.
func (r *rules) product(p workflows.Product) Product {
	if got, ok := r.Products[p]; ok {
		return got
	}
	return r.Worktree
}

// environments is every environment of any product.
func (r *rules) environments() []workflows.Environment {
	seen := map[workflows.Environment]bool{}
	var out []workflows.Environment
	products := []Product{r.Worktree}
	for _, p := range r.Products {
		products = append(products, p)
	}
	for _, p := range products {
		for _, e := range environments(p) {
			if !seen[e] {
				seen[e] = true
				out = append(out, e)
			}
		}
	}
	return out
}
