package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// channelShape is a channel by its name, or with the platform it is on.
var channelShape = regexp.MustCompile(`^((console/|slack/|discord/)?#[^\s#@/]{1,80}|(slack|discord)/[A-Za-z0-9][A-Za-z0-9/]{0,80})$`)

func (r *reader) channel(n *node, path string) string {
	if n == nil {
		return ""
	}
	name, ok := r.text(n, path)
	if ok && !channelShape.MatchString(name) {
		r.wrong(n, path, quoted(name)+" is no channel", `write "#name" in quotes, or with its platform: slack/T1/C1`)
		return ""
	}
	return name
}

// template reads the name of a built-in template.
func (r *reader) template(n *node) string {
	name, ok := r.text(n, "default.template")
	if _, known := release.Templates()[name]; !ok || known {
		return name
	}
	var names []string
	for name := range release.Templates() {
		names = append(names, name)
	}
	slices.Sort(names)
	r.wrong(n, "default.template", "there is no template "+quoted(name), "write "+strings.Join(names, ", ")+" (one of them)")
	return ""
}

// Words that stand for a part of a release where a product could be named.
var notProducts = []string{
	string(workflows.Before), string(workflows.Preview), string(workflows.Between), string(workflows.GA), string(workflows.Closed),
	string(release.Ready), string(release.Done),
}

func (r *reader) products(n *node, c *Config) {
	for _, p := range r.ids(n, "products") {
		path := at("products", p.key.text)
		if slices.Contains(notProducts, p.key.text) {
			r.wrong(p.key, path, "the word names a stage or a gate", "choose another id")
		}
		f := r.fields(p.value, path, "repository", "branch", "environments", "channel")
		product := Product{Repository: ".", Environments: []workflows.Environment{"production"}}
		if n := f["repository"]; n != nil {
			product.Repository, _ = r.text(n, at(path, "repository"))
		}
		if n := f["branch"]; n != nil {
			product.Branch = r.branch(n, at(path, "branch"))
		}
		if n := f["environments"]; n != nil {
			product.Environments = r.environments(n, at(path, "environments"))
		}
		product.Channel = r.channel(f["channel"], at(path, "channel"))
		c.Products[workflows.Product(p.key.text)] = product
	}
}

// branch refuses only what can never be one; whether it exists, the repository says.
func (r *reader) branch(n *node, path string) string {
	name, ok := r.text(n, path)
	if ok && (strings.HasPrefix(name, "-") || strings.ContainsAny(name, " ~^:?*[\\") || strings.Contains(name, "..")) {
		r.wrong(n, path, quoted(name)+" cannot be a branch", "write main")
	}
	return name
}

func (r *reader) environments(n *node, path string) []workflows.Environment {
	var out []workflows.Environment
	for _, item := range r.texts(n, path) {
		if r.id(item, path) {
			out = append(out, workflows.Environment(item.text))
		}
	}
	if n.kind == isList && len(n.items) == 0 {
		r.wrong(n, path, "the list is empty", "write [production]: in order, the last is the one users are in")
	}
	return out
}

var percent = regexp.MustCompile(`^(100|[1-9][0-9]?)%$`)

func (r *reader) audiences(n *node, c *Config) {
	for _, p := range r.ids(n, "audiences") {
		path := at("audiences", p.key.text)
		f := r.fields(p.value, path, "people", "channel", "quota", "public")
		a := Audience{Quota: defaultQuota, Channel: r.channel(f["channel"], at(path, "channel"))}
		if n := f["people"]; n != nil {
			a.People = r.members(n, at(path, "people"), c, false).People
		}
		if n := f["quota"]; n != nil {
			a.Quota = r.quota(n, at(path, "quota"))
		}
		if n := f["public"]; n != nil {
			a.Public = r.truth(n, at(path, "public"))
		}
		c.Audiences[workflows.Audience(p.key.text)] = a
	}
}

func (r *reader) quota(n *node, path string) int {
	if n.kind != isText && n.kind != isOther || !percent.MatchString(n.text) {
		r.wrong(n, path, "a share from 1% to 100% is meant", "write 80%")
		return 0
	}
	share, _ := strconv.Atoi(strings.TrimSuffix(n.text, "%")) // by the pattern: cannot fail
	return share
}

func (r *reader) truth(n *node, path string) bool {
	if n.kind == isOther && n.what == truthValue {
		return strings.EqualFold(n.text, "true")
	}
	r.wrong(n, path, "true or false is meant", "write true or false, without quotes")
	return false
}
