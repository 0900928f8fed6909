package config

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// templates reads the file's own checklists, and makes them of what they are made of.
func (r *reader) templates(n *node, c *Config) {
	own := map[string]release.Change{}
	for _, p := range n.entries() {
		own[p.key.text] = change(p.value)
	}
	made, wrong := release.ExtendAll(own)
	for _, p := range n.entries() {
		for _, m := range wrong[p.key.text] {
			where, path := misfitAt(p, m)
			r.wrong(where, path, m.Why, m.Next)
		}
	}
	c.Templates = made
}

func change(n *node) release.Change {
	c := release.Change{Extends: n.says(string(release.PartExtends)), Risk: policy.Risk(n.says(string(release.PartRisk)))}
	for _, item := range n.get(string(release.PartDrop)).list() {
		c.Drop = append(c.Drop, item.text)
	}
	for _, p := range n.get(string(release.PartMove)).entries() {
		if p.value != nil {
			c.Move = append(c.Move, release.Move{Item: p.key.text, To: p.value.text})
		}
	}
	for _, p := range n.get(string(release.PartAdd)).entries() {
		g, _ := release.GateOf(p.key.text)
		for _, item := range p.value.list() {
			g.Items = append(g.Items, itemOf(item))
		}
		c.Add = append(c.Add, g)
	}
	return c
}

// itemOf reads an item: one of the catalogue, with what else is said of it, or one of their own.
func itemOf(n *node) release.Item {
	const usual = 3
	key := keyOf(n)
	i, known := release.Catalogued(key)
	if !known {
		i = release.Item{Key: key, Lead: usual}
	}
	i.Text = cmp.Or(n.says("text"), i.Text)
	i.Role = cmp.Or(workflows.Role(n.says("role")), i.Role)
	i.Evidence = cmp.Or(n.says("evidence"), i.Evidence)
	i.Binds = cmp.Or(release.Binding(n.says("binds")), i.Binds)
	if lead := n.says("lead"); lead != "" {
		i.Lead = inDays(lead)
	}
	if valid := n.says("valid"); valid != "" {
		i.Valid = inDays(valid)
	}
	return i
}

func keyOf(n *node) string { return cmp.Or(n.text, n.says("key")) }

// inDays reads days that fit their shape; none where they do not, and the file is refused.
func inDays(text string) int {
	n, _ := strconv.Atoi(strings.TrimSuffix(text, "d"))
	return n
}

// misfitAt finds what does not fit in a template, and the keys that lead there.
func misfitAt(p pair, m release.Misfit) (*node, string) {
	path := at("templates", p.key.text)
	if m.Part == release.PartName {
		return p.key, path
	}
	part := p.value.get(string(m.Part))
	path = at(path, string(m.Part))
	switch m.Part {
	case release.PartMove:
		for _, moved := range part.entries() {
			if moved.key.text == m.Word {
				return moved.key, at(path, m.Word)
			}
		}
	case release.PartAdd:
		path, part = at(path, m.Gate), part.get(m.Gate)
	}
	for _, item := range slices.Backward(part.list()) { // of two alike, the later is the one too many
		if keyOf(item) == m.Word {
			return item, path
		}
	}
	if part == nil || part.line == 0 {
		part = p.key
	}
	return part, path
}

// standard reads which template releases follow unless told otherwise. One that is broken is told of where it stands.
func (r *reader) standard(f *node, c *Config) {
	n := f.get("default").get("template")
	if n == nil { // it did not fit
		return
	}
	c.Template = n.text
	if _, made := c.Templates[n.text]; made || f.get("templates").get(n.text) != nil {
		return
	}
	names := slices.Sorted(maps.Keys(release.Templates()))
	for _, p := range f.get("templates").entries() {
		names = append(names, p.key.text)
	}
	next := ""
	if !r.enough() {
		next = nearest(n.text, slices.Clone(names))
	}
	r.wrong(n, "default.template", quoted(n.text)+" is no template", cmp.Or(next, "write "+strings.Join(names[:min(len(names), 8)], ", ")+" (one of them)"))
}

// raises reads the rules that raise a release's risk.
func (r *reader) raises(n *node) []release.Raise {
	var out []release.Raise
	for _, rule := range n.list() {
		raise := release.Raise{Paths: texts(rule.get("paths")), Labels: texts(rule.get("labels")), To: policy.Risk(rule.says("to"))}
		if len(raise.Paths)+len(raise.Labels) == 0 {
			r.wrong(rule, "risk.raise", "the rule raises nothing: it has no paths and no labels", `write paths: ["**/migrations/**"] or labels: [security]`)
		}
		out = append(out, raise)
	}
	return out
}

func texts(n *node) []string {
	var out []string
	for _, item := range n.list() {
		out = append(out, item.text)
	}
	return out
}
