package config

import (
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

func (c *Config) products(n *node) {
	for _, p := range n.entries() {
		product := Product{Repository: p.value.says("repository"), Branch: p.value.says("branch"), Channel: p.value.says("channel"),
			Roadmap: p.value.says("roadmap")}
		for _, item := range p.value.get("environments").list() {
			product.Environments = append(product.Environments, workflows.Environment(item.text))
		}
		c.Products[workflows.Product(p.key.text)] = product
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
