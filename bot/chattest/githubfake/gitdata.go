package githubfake

import (
	"encoding/base64"
	"strings"
	"time"
)

func init() {
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/git/trees/{sha...}", needs: "contents=read", query: []string{"recursive"}, do: getTree},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/git/trees", needs: "contents=write", kind: "tree", do: postTree},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/git/blobs/{sha}", needs: "contents=read", do: getBlob},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/git/blobs", needs: "contents=write", kind: "blob", do: postBlob},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/git/commits/{sha}", needs: "contents=read", do: getGitCommit},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/git/commits", needs: "contents=write", kind: "commit", do: postGitCommit},
	)
}

// getTree lists a tree; recursive is meant whatever is said for it, also "false".
func getTree(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	root := c.Params["sha"]
	if id, ok := r.resolve(root); ok {
		root = r.commits[id].tree
	}
	if _, ok := r.trees[root]; !ok {
		return nil, notFound()
	}
	return r.treeAll(root, c.Query.Has("recursive")), refusal{}
}

func (r *Repo) treeAll(root string, deep bool) reply {
	list, cut := []reply{}, false
	r.walk(root, "", func(path string, e entry) {
		switch {
		case !deep && strings.Contains(path, "/"):
		case r.treeCut > 0 && len(list) >= r.treeCut:
			cut = true
		case e.tree():
			list = append(list, reply{"path": path, "mode": "040000", "type": "tree", "sha": e.sha, "url": r.url("/git/trees/" + e.sha)})
		default:
			list = append(list, reply{"path": path, "mode": e.mode, "type": "blob", "sha": e.sha, "size": len(r.blobs[e.sha]), "url": r.url("/git/blobs/" + e.sha)})
		}
	})
	return reply{"sha": root, "url": r.url("/git/trees/" + root), "tree": list, "truncated": cut}
}

func postTree(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	root := c.text("base_tree")
	if id, ok := r.resolve(root); ok && root != "" {
		root = r.commits[id].tree
	}
	if _, ok := r.trees[root]; root != "" && !ok {
		return nil, unprocessable("base_tree is not a valid tree oid")
	}
	list, _ := c.in["tree"].([]any)
	for _, x := range list {
		e, _ := x.(map[string]any)
		path, _ := e["path"].(string)
		mode, _ := e["mode"].(string)
		sha, _ := e["sha"].(string)
		if content, is := e["content"].(string); is {
			sha = r.blob(content)
		}
		_, blob := r.blobs[sha]
		_, tree := r.trees[sha]
		if path == "" || sha != "" && !blob && !tree {
			return nil, unprocessable("tree.sha " + sha + " is not a valid blob")
		}
		root = r.put(root, strings.Split(path, "/"), strings.TrimPrefix(mode, "0"), sha)
	}
	if root == "" {
		root = r.tree(nil)
	}
	return created{r.treeAll(root, false)}, refusal{}
}

func getBlob(_ *Fake, c *Call) (any, refusal) {
	content, ok := c.repo.blobs[c.Params["sha"]]
	if !ok {
		return nil, notFound()
	}
	return reply{
		"sha": c.Params["sha"], "node_id": "B_" + c.Params["sha"][:12], "url": c.repo.url("/git/blobs/" + c.Params["sha"]), "size": len(content),
		"encoding": "base64", "content": base64.StdEncoding.EncodeToString([]byte(content)),
	}, refusal{}
}

func postBlob(_ *Fake, c *Call) (any, refusal) {
	content := c.text("content")
	if c.text("encoding") == "base64" {
		raw, err := base64.StdEncoding.DecodeString(content)
		if err != nil {
			return nil, unprocessable("content is not valid Base64")
		}
		content = string(raw)
	}
	sha := c.repo.blob(content)
	return created{reply{"sha": sha, "url": c.repo.url("/git/blobs/" + sha)}}, refusal{}
}

// gitCommitAll is a commit as the Git database has it.
func (r *Repo) gitCommitAll(one *commit) reply {
	out := r.gitCommit(one)
	delete(out, "comment_count")
	all := r.commitAll(one)
	out["sha"], out["node_id"], out["html_url"], out["parents"] = one.sha, all["node_id"], all["html_url"], all["parents"]
	return out
}

func getGitCommit(_ *Fake, c *Call) (any, refusal) {
	one := c.repo.commits[c.Params["sha"]]
	if one == nil {
		return nil, notFound()
	}
	return c.repo.gitCommitAll(one), refusal{}
}

func postGitCommit(f *Fake, c *Call) (any, refusal) {
	r := c.repo
	if _, ok := r.trees[c.text("tree")]; !ok {
		return nil, unprocessable("Tree SHA does not exist")
	}
	who := c.signed(f, "author")
	one := &commit{tree: c.text("tree"), author: who, committer: who, message: c.text("message")}
	if c.has("committer") {
		one.committer = c.signed(f, "committer")
	}
	parents, _ := c.in["parents"].([]any)
	for _, p := range parents {
		id, _ := p.(string)
		if r.commits[id] == nil {
			return nil, unprocessable("Parent SHA does not exist or is not a commit object")
		}
		one.parents = append(one.parents, id)
	}
	r.commit(one)
	return created{r.gitCommitAll(one)}, refusal{}
}

// signed is who a body says did something; otherwise whoever calls.
func (c *Call) signed(f *Fake, field string) signature {
	s := f.person(c.grant.login)
	if m, ok := c.in[field].(map[string]any); ok {
		s.name, _ = m["name"].(string)
		s.email, _ = m["email"].(string)
		if date, ok := m["date"].(string); ok {
			if at, err := time.Parse(time.RFC3339, date); err == nil {
				s.at, s.zone = at.UTC(), "+0000"
			}
		}
	}
	return s
}
