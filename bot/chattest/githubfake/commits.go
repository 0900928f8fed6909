package githubfake

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const filesMax = 300 // that a commit or a comparison lists on a page

func init() {
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/commits", needs: "contents=read", query: []string{"sha", "path", "author", "since", "until", "page"}, do: listCommits},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/commits/{ref...}", needs: "contents=read", query: []string{"page"}, do: getCommit},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/compare/{basehead...}", needs: "contents=read", query: []string{"page"}, do: compare},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/commits/{ref...}/pulls", needs: "pull_requests=read", query: []string{"page"}, do: pullsOfCommit},
	)
}

// person is somebody in a commit, as the API has them.
func (s signature) all() reply { return reply{"name": s.name, "email": s.email, "date": stamp(s.at)} }

// gitCommit is a commit as git knows it.
func (r *Repo) gitCommit(c *commit) reply {
	return reply{
		"author": c.author.all(), "committer": c.committer.all(), "message": strings.TrimRight(c.message, "\n"),
		"tree": reply{"sha": c.tree, "url": r.url("/git/trees/" + c.tree)}, "url": r.url("/git/commits/" + c.sha), "comment_count": 0,
		"verification": reply{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil},
	}
}

// commitAll is a commit as the API has it, without its files.
func (r *Repo) commitAll(c *commit) reply {
	parents := []reply{}
	for _, p := range c.parents {
		parents = append(parents, reply{"sha": p, "url": r.url("/commits/" + p), "html_url": r.html("/commit/" + p)})
	}
	return reply{
		"sha": c.sha, "node_id": "C_" + c.sha[:12], "commit": r.gitCommit(c), "url": r.url("/commits/" + c.sha), "html_url": r.html("/commit/" + c.sha),
		"comments_url": r.url("/commits/" + c.sha + "/comments"), "author": r.f.byEmail(c.author.email), "committer": r.f.byEmail(c.committer.email), "parents": parents,
	}
}

func noCommit(ref string) refusal { return unprocessable("No commit found for SHA: " + ref) }

func listCommits(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	if len(r.refs) == 0 {
		return nil, refuse(http.StatusConflict, "Git Repository is empty.")
	}
	id, ok := r.resolve(c.Query.Get("sha"))
	if !ok {
		return nil, notFound()
	}
	all := slices.DeleteFunc(r.log(id, nil), func(one *commit) bool { return !r.listed(one, c) })
	return each(paged(c, all), r.commitAll), refusal{}
}

// listed is whether a list of commits has this one.
func (r *Repo) listed(one *commit, c *Call) bool {
	since, err := time.Parse(time.RFC3339, c.Query.Get("since"))
	until, bad := time.Parse(time.RFC3339, c.Query.Get("until"))
	if err == nil && one.committer.at.Before(since) || bad == nil && one.committer.at.After(until) {
		return false
	}
	if who := c.Query.Get("author"); who != "" {
		u := r.f.user(who)
		if !strings.EqualFold(one.author.email, who) && !strings.EqualFold(one.author.email, u.Email) {
			return false
		}
	}
	return c.Query.Get("path") == "" || r.touches(one, c.Query.Get("path"))
}

// touches is whether a commit changed what stands at a path, against each of its parents.
func (r *Repo) touches(one *commit, path string) bool {
	is, _ := r.at(one.tree, path)
	if len(one.parents) == 0 {
		return is.sha != ""
	}
	for _, p := range one.parents {
		if was, _ := r.at(r.commits[p].tree, path); was.sha == is.sha {
			return false
		}
	}
	return true
}

func getCommit(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	id, ok := r.resolve(c.Params["ref"])
	if !ok {
		return nil, noCommit(c.Params["ref"])
	}
	if c.accepts("sha") {
		return plain{"application/vnd.github.sha; charset=utf-8", id}, refusal{}
	}
	one := r.commits[id]
	before := ""
	if len(one.parents) > 0 {
		before = r.commits[one.parents[0]].tree
	}
	files := r.diff(before, one.tree)
	out := r.commitAll(one)
	added, gone := 0, 0
	for _, x := range files {
		added, gone = added+x.additions, gone+x.gones
	}
	out["stats"] = reply{"additions": added, "deletions": gone, "total": added + gone}
	page, size := c.page()
	if c.Query.Get("per_page") == "" {
		size = filesMax
	}
	c.links(page, (len(files)+size-1)/size)
	from := min((page-1)*size, len(files))
	out["files"] = each(files[from:min(from+size, len(files))], func(x change) reply { return r.fileAll(id, x) })
	return out, refusal{}
}

// fileAll is a changed file as the API has it.
func (r *Repo) fileAll(commit string, x change) reply {
	sha := x.after
	if sha == "" {
		sha = x.before
	}
	return reply{
		"sha": sha, "filename": x.path, "status": x.status, "additions": x.additions, "deletions": x.gones, "changes": x.additions + x.gones,
		"blob_url": r.html("/blob/" + commit + "/" + x.path), "raw_url": r.html("/raw/" + commit + "/" + x.path),
		"contents_url": r.url("/contents/" + x.path + "?ref=" + commit), "patch": "",
	}
}
