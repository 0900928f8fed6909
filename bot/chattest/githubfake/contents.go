package githubfake

import (
	"encoding/base64"
	"net/http"
	"path"
	"strings"
)

// contentsMax is how large a file may be whose content is told; a larger one is told of without.
const contentsMax = 1 << 20

func init() {
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/contents/{path...}", needs: "contents=read", query: []string{"ref"}, do: getContents},
		route{method: "PUT", pattern: "/repos/{owner}/{repo}/contents/{path...}", needs: "contents=write", kind: "contents", creates: true, do: putContents},
	)
}

func getContents(_ *Fake, c *Call) (any, refusal) {
	r, ref := c.repo, c.Query.Get("ref")
	id, ok := r.resolve(ref)
	switch {
	case !ok && ref == "":
		return nil, refuse(http.StatusNotFound, "This repository is empty.")
	case !ok:
		return nil, refuse(http.StatusNotFound, "No commit found for the ref "+ref)
	}
	e, ok := r.at(r.commits[id].tree, c.Params["path"])
	if !ok {
		return nil, notFound()
	}
	if e.tree() {
		return each(r.trees[e.sha], func(x entry) reply { return r.contentAll(path.Join(c.Params["path"], x.name), ref, x) }), refusal{}
	}
	content := r.blobs[e.sha]
	if c.accepts("raw") {
		return plain{"application/vnd.github.raw; charset=utf-8", content}, refusal{}
	}
	out := r.contentAll(c.Params["path"], ref, e)
	out["encoding"], out["content"] = "base64", inLines(content)
	if len(content) > contentsMax {
		out["encoding"], out["content"] = "none", ""
	}
	return out, refusal{}
}

// inLines is base64 in lines of sixty, as GitHub gives it.
func inLines(content string) string {
	text := base64.StdEncoding.EncodeToString([]byte(content))
	var out strings.Builder
	for len(text) > 60 {
		out.WriteString(text[:60] + "\n")
		text = text[60:]
	}
	if text != "" {
		out.WriteString(text + "\n")
	}
	return out.String()
}

func (r *Repo) contentAll(at, ref string, e entry) reply {
	kind, data := "file", "/git/blobs/"
	if e.tree() {
		kind, data = "dir", "/git/trees/"
	}
	url := r.url("/contents/" + at)
	if ref != "" {
		url += "?ref=" + ref
	}
	return reply{
		"type": kind, "name": path.Base(at), "path": at, "sha": e.sha, "size": len(r.blobs[e.sha]), "url": url, "git_url": r.url(data + e.sha),
		"html_url": r.html("/blob/" + ref + "/" + at), "download_url": r.html("/raw/" + ref + "/" + at),
	}
}

// putContents writes a file of a branch, by a commit.
func putContents(f *Fake, c *Call) (any, refusal) {
	r, at, branch := c.repo, c.Params["path"], c.text("branch")
	if branch == "" {
		branch = r.def
	}
	head, ok := r.refs["refs/heads/"+branch]
	if !ok && len(r.refs) > 0 {
		return nil, refuse(http.StatusNotFound, "Branch "+branch+" not found")
	}
	raw, err := base64.StdEncoding.DecodeString(c.text("content"))
	if err != nil {
		return nil, unprocessable("content is not valid Base64")
	}
	was := entry{}
	if head != "" {
		was, _ = r.at(r.commits[head].tree, at)
	}
	switch sha, no := c.text("sha"), r.guarded("refs/heads/"+branch); {
	case no.given():
		return nil, no
	case strings.HasPrefix(at, ".github/workflows/") && !c.grant.has("workflows=write"):
		return nil, c.grant.inaccessible()
	case was.sha != "" && sha == "":
		return nil, unprocessable("Invalid request.\n\n\"sha\" wasn't supplied.")
	case sha != was.sha:
		return nil, refuse(http.StatusConflict, at+" does not match "+sha)
	}
	id := r.grow(head, Change{Author: c.grant.login, Message: c.text("message"), Files: map[string]string{at: string(raw)}})
	if c.has("author") || c.has("committer") {
		one := *r.commits[id]
		one.author, one.committer = c.signed(f, "author"), c.signed(f, "committer")
		id = r.commit(&one)
	}
	r.move("refs/heads/"+branch, id, c.grant.login)
	now, _ := r.at(r.commits[id].tree, at)
	out := reply{"content": r.contentAll(at, branch, now), "commit": r.gitCommitAll(r.commits[id])}
	if was.sha == "" {
		return created{out}, refusal{}
	}
	return out, refusal{}
}
