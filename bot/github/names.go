package github

import (
	"context"
	"fmt"
	"strings"
	"sync"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// names are the repositories that are called otherwise by now, as GitHub said. The zero value is ready.
type names struct {
	mu  sync.Mutex
	now map[string]string
}

func (n *names) get(forge string) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	name, ok := n.now[forge]
	return name, ok
}

func (n *names) set(forge, name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.now == nil {
		n.now = map[string]string{}
	}
	n.now[forge] = name
}

// noteName finds out, once, what a repository is called whose reads are redirected, and says it where the operator looks.
func (g *GitHub) noteName(ctx context.Context, forge string) {
	if _, ok := g.names.get(forge); ok {
		return
	}
	g.names.set(forge, "") // not asked twice, whatever comes of it
	if name := g.called(ctx, forge); name != "" {
		g.names.set(forge, name)
		g.opts.Log.WarnContext(ctx, "a repository was renamed at GitHub", "repository", forge, "now", name)
	}
}

// called is what GitHub calls a repository; empty: it does not say.
func (g *GitHub) called(ctx context.Context, forge string) string {
	owner, name := split(forge)
	k, err := g.key(ctx, forge)
	if err != nil {
		return ""
	}
	var r *gh.Repository
	x := g.exchange(k, "the repository of "+forge)
	err = g.run(ctx, x, func(c *gh.Client) (resp *gh.Response, err error) {
		r, resp, err = c.Repositories.Get(ctx, owner, name)
		return resp, err
	})
	if err != nil || !forgePattern.MatchString(r.GetFullName()) {
		return ""
	}
	return r.GetFullName()
}

// renamed turns a redirect of a write into words: it is not followed, for whoever takes a name that became free gets
// nothing of ours.
func (g *GitHub) renamed(ctx context.Context, forge string, x *exchange, err error) error {
	if !x.wrote || !x.redirected() {
		return err
	}
	now := g.called(ctx, forge)
	if now == "" || strings.EqualFold(now, forge) {
		return refused{workflows.Refuse(renamed, forge+" was moved at GitHub, which does not say where to").By(operator).
			Type("products: PRODUCT: github: owner/name, in readyroom.yaml"), &answered{status: x.status}}
	}
	return refused{workflows.Refuse(renamed, fmt.Sprintf("%s is called %s now", forge, now)).By(operator).
		Type("products: PRODUCT: github: " + now + ", in readyroom.yaml"), &answered{status: x.status}}
}
