package config

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
)

func (r *reader) products(n *node, c *Config) {
	for _, p := range n.entries() {
		product := Product{Repository: p.value.says("repository"), Branch: p.value.says("branch"), Channel: p.value.says("channel"),
			Roadmap: p.value.says("roadmap"), Changelog: p.value.says("changelog"), Forge: forge(p.value.get("github"))}
		if who := p.value.get("github"); who != nil && who.kind == isMap && who.get("manager") != nil {
			r.known(who.get("manager"), at(at(at("products", p.key.text), "github"), "manager"), c)
		}
		r.namedOnce(p.value.get("github").get("checks"), at(at(at("products", p.key.text), "github"), "checks"))
		if product.Repository == "" && product.Forge.Repository == "" {
			product.Repository = "."
		}
		for _, item := range p.value.get("environments").list() {
			product.Environments = append(product.Environments, workflows.Environment(item.text))
		}
		if g := p.value.get("github"); g != nil && g.kind == isMap {
			r.forgeFits(g, at(at("products", p.key.text), "github"), product)
		}
		c.Products[workflows.Product(p.key.text)] = product
	}
}

// forgeFits refuses what of a product's repository could never come about: an environment that there is not, and a pattern
// that no version's tag is like.
func (r *reader) forgeFits(n *node, path string, p Product) {
	var names []string
	for _, env := range p.Environments {
		names = append(names, string(env))
	}
	for _, e := range n.get("deploy").entries() {
		if e.value != nil && !slices.Contains(names, e.key.text) {
			r.wrong(e.key, at(at(path, "deploy"), e.key.text), "no environment of the product is called so",
				cmp.Or(nearest(e.key.text, slices.Clone(names)), fmt.Sprintf("write environments: [%s]", strings.Join(append([]string{e.key.text}, names...), ", "))))
		}
	}
	if f := p.Forge; n.get("opens") != nil && f.Opens != "" && f.Tag != "" && !opensAny(f.Opens, f.Tag) {
		r.wrong(n.get("opens"), at(path, "opens"), fmt.Sprintf("no version's tag is like %s: they are called as %s", quoted(f.Opens), sample(f)),
			"write "+strings.Replace(f.Tag, desk.TagVersion, "*", 1)+", or say how the tags of versions are called: tag: "+f.Tag)
	}
}

// channels reads how much each channel is told. The console's may be written in two ways.
func (r *reader) channels(n *node, c *Config) {
	lines := map[string]int{}
	for _, p := range n.entries() {
		name := strings.TrimPrefix(p.key.text, "console/")
		if first, twice := lines[name]; twice {
			r.wrong(p.key, at("channels", p.key.text), fmt.Sprintf("it is the channel of line %d", first), "keep one of them")
			continue
		}
		lines[name] = p.key.line
		if p.value != nil {
			c.Channels[name] = p.value.text
		}
	}
}

func (r *reader) audiences(n *node, c *Config) {
	for _, p := range n.entries() {
		// The shape says that both can be read; where they cannot, the file is refused.
		quota, _ := strconv.Atoi(strings.TrimSuffix(p.value.says("quota"), "%"))
		public, _ := strconv.ParseBool(strings.ToLower(p.value.says("public")))
		c.Audiences[workflows.Audience(p.key.text)] = Audience{
			People:  r.members(p.value.get("people"), at(at("audiences", p.key.text), "people"), c).People,
			Channel: p.value.says("channel"), Quota: quota, Public: public,
		}
	}
}
