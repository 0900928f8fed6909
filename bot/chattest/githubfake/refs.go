package githubfake

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

func init() {
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/git/ref/{ref...}", needs: "contents=read", do: getRef},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/git/matching-refs/{ref...}", needs: "contents=read", do: matchingRefs},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/git/refs", needs: "contents=write", kind: "ref", do: postRef},
		route{method: "PATCH", pattern: "/repos/{owner}/{repo}/git/refs/{ref...}", needs: "contents=write", kind: "ref update", do: patchRef},
		route{method: "DELETE", pattern: "/repos/{owner}/{repo}/git/refs/{ref...}", needs: "contents=write", do: deleteRef},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/git/tags/{sha}", needs: "contents=read", do: getTagObject},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/git/tags", needs: "contents=write", kind: "tag", do: postTagObject},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/branches", needs: "contents=read", query: []string{"protected", "page"}, do: listBranches},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/branches/{branch...}", needs: "contents=read", do: getBranch},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/tags", needs: "contents=read", query: []string{"page"}, do: listTags},
	)
}

func (r *Repo) refAll(name string) reply {
	id, kind := r.refs[name], "commit"
	where := "/git/commits/" + id
	if r.tags[id] != nil {
		kind, where = "tag", "/git/tags/"+id
	}
	return reply{
		"ref": name, "node_id": "REF_" + name, "url": r.url("/git/" + name),
		"object": reply{"type": kind, "sha": id, "url": r.url(where)},
	}
}

func getRef(_ *Fake, c *Call) (any, refusal) {
	name := "refs/" + c.Params["ref"]
	if _, ok := c.repo.refs[name]; !ok {
		return nil, notFound()
	}
	return c.repo.refAll(name), refusal{}
}

func matchingRefs(_ *Fake, c *Call) (any, refusal) {
	var all []string
	for _, name := range c.repo.refNames("refs/") {
		if strings.HasPrefix(name, c.Params["ref"]) {
			all = append(all, "refs/"+name)
		}
	}
	return each(all, c.repo.refAll), refusal{}
}

// refPattern is roughly what git takes for the name of a ref.
var refPattern = regexp.MustCompile(`^refs(/[^/ ~^:?*\[\\\x00-\x1f\x7f]+){2,}$`)

func goodRef(name string) bool {
	bad := func(part string) bool { return strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") }
	return refPattern.MatchString(name) && !strings.Contains(name, "..") && !strings.Contains(name, "@{") && !strings.HasSuffix(name, ".") &&
		!slices.ContainsFunc(strings.Split(name, "/"), bad)
}

func postRef(_ *Fake, c *Call) (any, refusal) {
	r, name, id := c.repo, c.text("ref"), c.text("sha")
	switch _, there := r.refs[name]; {
	case strings.Count(name, "/") < 2 || !strings.HasPrefix(name, "refs/"):
		return nil, unprocessable("Reference name must start with 'refs' and have at least two slashes.")
	case !goodRef(name):
		return nil, unprocessable(name + " is not a valid ref name.")
	case there:
		return nil, unprocessable("Reference already exists")
	case r.commits[id] == nil && r.tags[id] == nil:
		return nil, unprocessable("Object does not exist")
	case strings.HasPrefix(name, "refs/heads/") && r.commits[id] == nil:
		return nil, unprocessable("Reference update failed")
	}
	r.move(name, id, c.grant.login)
	return created{r.refAll(name)}, refusal{}
}

func patchRef(_ *Fake, c *Call) (any, refusal) {
	r, name, id := c.repo, "refs/"+c.Params["ref"], c.text("sha")
	was, there := r.refs[name]
	switch {
	case !there:
		return nil, unprocessable("Reference does not exist")
	case r.commits[id] == nil && r.tags[id] == nil:
		return nil, unprocessable("Object does not exist")
	case !c.is("force", false) && !r.reach(r.peeled(id))[r.peeled(was)]:
		return nil, unprocessable("Update is not a fast forward")
	case r.guarded(name).given():
		return nil, unprocessable(r.guarded(name).message)
	}
	r.move(name, id, c.grant.login)
	return r.refAll(name), refusal{}
}

func deleteRef(_ *Fake, c *Call) (any, refusal) {
	name := "refs/" + c.Params["ref"]
	if _, there := c.repo.refs[name]; !there {
		return nil, unprocessable("Reference does not exist")
	}
	c.repo.move(name, "", c.grant.login)
	return nil, refusal{}
}

func (r *Repo) tagAll(t *tagObject) reply {
	return reply{
		"node_id": "TA_" + t.sha[:12], "sha": t.sha, "tag": t.name, "url": r.url("/git/tags/" + t.sha), "message": strings.TrimRight(t.message, "\n"),
		"tagger": t.tagger.all(), "object": reply{"type": t.kind, "sha": t.object, "url": r.url("/git/commits/" + t.object)},
		"verification": reply{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil},
	}
}

func getTagObject(_ *Fake, c *Call) (any, refusal) {
	t := c.repo.tags[c.Params["sha"]]
	if t == nil {
		return nil, notFound()
	}
	return c.repo.tagAll(t), refusal{}
}

func postTagObject(f *Fake, c *Call) (any, refusal) {
	if c.repo.commits[c.text("object")] == nil {
		return nil, unprocessable("Object does not exist")
	}
	t := &tagObject{object: c.text("object"), kind: c.text("type"), name: c.text("tag"), tagger: c.signed(f, "tagger"), message: c.text("message")}
	c.repo.tag(t)
	return created{c.repo.tagAll(t)}, refusal{}
}

func listBranches(_ *Fake, c *Call) (any, refusal) {
	return each(paged(c, c.repo.refNames("refs/heads/")), func(name string) reply {
		id := c.repo.refs["refs/heads/"+name]
		return reply{"name": name, "commit": reply{"sha": id, "url": c.repo.url("/commits/" + id)}, "protected": c.repo.shielded(name)}
	}), refusal{}
}

func getBranch(_ *Fake, c *Call) (any, refusal) {
	id, ok := c.repo.refs["refs/heads/"+c.Params["branch"]]
	if !ok {
		return nil, refuse(http.StatusNotFound, "Branch not found")
	}
	name := c.Params["branch"]
	return reply{
		"name": name, "commit": c.repo.commitAll(c.repo.commits[id]), "protected": c.repo.shielded(name), "protection": c.repo.protectionAll(name),
		"protection_url": c.repo.url("/branches/" + name + "/protection"),
	}, refusal{}
}

func listTags(_ *Fake, c *Call) (any, refusal) {
	names := c.repo.refNames("refs/tags/")
	slices.Reverse(names)
	return each(paged(c, names), func(name string) reply {
		id := c.repo.peeled(c.repo.refs["refs/tags/"+name])
		return reply{
			"name": name, "node_id": "REF_" + name, "commit": reply{"sha": id, "url": c.repo.url("/commits/" + id)},
			"zipball_url": c.repo.url("/zipball/refs/tags/" + name), "tarball_url": c.repo.url("/tarball/refs/tags/" + name),
		}
	}), refusal{}
}
