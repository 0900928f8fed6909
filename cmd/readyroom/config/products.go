package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

func (r *reader) products(n *node, c *Config) {
	for _, p := range n.entries() {
		product := Product{Repository: p.value.says("repository"), Branch: p.value.says("branch"), Channel: p.value.says("channel"),
			Roadmap: p.value.says("roadmap"), Changelog: p.value.says("changelog"), Forge: forge(p.value.get("github"))}
		if who := p.value.get("github"); who != nil && who.kind == isMap && who.get("manager") != nil {
			r.known(who.get("manager"), at(at(at("products", p.key.text), "github"), "manager"), c)
		}
		if product.Repository == "" && product.Forge.Repository == "" {
			product.Repository = "."
		}
		for _, item := range p.value.get("environments").list() {
			product.Environments = append(product.Environments, workflows.Environment(item.text))
		}
		c.Products[workflows.Product(p.key.text)] = product
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
