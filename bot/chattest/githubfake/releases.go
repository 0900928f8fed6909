package githubfake

import (
	"slices"
	"strings"
	"time"
)

// Release is a release as people see it, or a draft of one.
type Release struct {
	ID                 int64
	Tag, Target        string // the tag, and where it was to be made
	Name, Body         string
	Draft, Pre, Latest bool
	Edits              int // how often it was changed
	author             string
	made, published    time.Time
	commit             string // that its tag named when it was published
}

func init() {
	const at = "/repos/{owner}/{repo}/releases"
	serve(
		route{method: "GET", pattern: at, needs: "contents=read", query: []string{"page"}, do: listReleases},
		route{method: "POST", pattern: at, needs: "contents=write", kind: "release", creates: true, do: postRelease},
		route{method: "GET", pattern: at + "/latest", needs: "contents=read", do: latestRelease},
		route{method: "GET", pattern: at + "/tags/{tag...}", needs: "contents=read", do: taggedRelease},
		route{method: "POST", pattern: at + "/generate-notes", needs: "contents=write", kind: "generated notes", do: generateNotes},
		route{method: "GET", pattern: at + "/{id}", needs: "contents=read", do: getRelease},
		route{method: "PATCH", pattern: at + "/{id}", needs: "contents=write", kind: "release update", do: patchRelease},
		route{method: "DELETE", pattern: at + "/{id}", needs: "contents=write", do: deleteRelease},
	)
}

// Releases are all of them, drafts too, the newest last.
func (r *Repo) Releases() []Release {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	var all []Release
	for _, x := range r.releases {
		one := *x
		one.Latest = r.latest() == x
		all = append(all, one)
	}
	return all
}

func (r *Repo) releaseAll(x *Release) reply {
	id, page := itoa(x.ID), r.html("/releases/tag/"+x.Tag)
	if x.Draft {
		page = r.html("/releases/tag/untagged-" + hash("draft", id)[:20])
	}
	made := x.made
	if c := r.commits[x.commit]; c != nil {
		made = c.committer.at
	}
	return reply{
		"id": x.ID, "node_id": node("RE", x.ID), "tag_name": x.Tag, "target_commitish": x.Target, "name": x.Name, "body": x.Body, "draft": x.Draft, "prerelease": x.Pre,
		"created_at": stamp(made), "published_at": stamp(x.published), "author": r.f.userAll(r.f.user(x.author)), "assets": []reply{},
		"url": r.url("/releases/" + id), "html_url": page, "assets_url": r.url("/releases/" + id + "/assets"), "upload_url": r.url("/releases/" + id + "/assets{?name,label}"),
		"tarball_url": r.url("/tarball/" + x.Tag), "zipball_url": r.url("/zipball/" + x.Tag),
	}
}

// latest is the one that people are shown as the latest: the one that was said to be, else the newest by its commit.
func (r *Repo) latest() *Release {
	var best *Release
	when := func(x *Release) time.Time {
		if c := r.commits[x.commit]; c != nil {
			return c.committer.at
		}
		return x.made
	}
	for _, x := range r.releases {
		switch {
		case x.Draft || x.Pre:
		case x.Latest:
			return x
		case best == nil || !when(x).Before(when(best)):
			best = x
		}
	}
	return best
}

func listReleases(_ *Fake, c *Call) (any, refusal) {
	var all []*Release
	for _, x := range slices.Backward(c.repo.releases) {
		if !x.Draft || c.writer() {
			all = append(all, x)
		}
	}
	return each(paged(c, all), c.repo.releaseAll), refusal{}
}

func latestRelease(_ *Fake, c *Call) (any, refusal) {
	if x := c.repo.latest(); x != nil {
		return c.repo.releaseAll(x), refusal{}
	}
	return nil, notFound()
}

// taggedRelease finds one by its tag; drafts have none.
func taggedRelease(_ *Fake, c *Call) (any, refusal) {
	if x := c.repo.released(c.Params["tag"]); x != nil {
		return c.repo.releaseAll(x), refusal{}
	}
	return nil, notFound()
}

func (r *Repo) released(tag string) *Release {
	for _, x := range r.releases {
		if x.Tag == tag && !x.Draft {
			return x
		}
	}
	return nil
}

// release is the one that a call means, unless it is a draft that the caller may not see.
func (c *Call) release() *Release {
	for _, x := range c.repo.releases {
		if x.ID == c.number("id") && (!x.Draft || c.writer()) {
			return x
		}
	}
	return nil
}

func getRelease(_ *Fake, c *Call) (any, refusal) {
	x := c.release()
	if x == nil {
		return nil, notFound()
	}
	return c.repo.releaseAll(x), refusal{}
}

func postRelease(f *Fake, c *Call) (any, refusal) {
	r := c.repo
	x := &Release{
		ID: f.id(), Tag: c.text("tag_name"), Target: c.text("target_commitish"), Name: c.text("name"), Body: c.text("body"),
		Draft: c.is("draft", false), Pre: c.is("prerelease", false), author: c.grant.login, made: f.now(),
	}
	if x.Target == "" {
		x.Target = r.def
	}
	if c.is("generate_release_notes", false) {
		name, body := r.generated(x.Tag, x.Target, "")
		x.Body = strings.TrimPrefix(x.Body+"\n\n"+body, "\n\n")
		if x.Name == "" {
			x.Name = name
		}
	}
	if no := r.settle(c, x); no.given() {
		return nil, no
	}
	r.releases = append(r.releases, x)
	r.announce(x, "created", false)
	return created{r.releaseAll(x)}, refusal{}
}

func patchRelease(_ *Fake, c *Call) (any, refusal) {
	r, x := c.repo, c.release()
	if x == nil {
		return nil, notFound()
	}
	next := *x
	for field, into := range map[string]*string{"tag_name": &next.Tag, "target_commitish": &next.Target, "name": &next.Name, "body": &next.Body} {
		if c.has(field) {
			*into = c.text(field)
		}
	}
	next.Draft, next.Pre = c.is("draft", x.Draft), c.is("prerelease", x.Pre)
	next.Edits++
	wasDraft := x.Draft
	if no := r.settle(c, &next); no.given() {
		return nil, no
	}
	*x = next
	r.announce(x, "edited", !wasDraft)
	return r.releaseAll(x), refusal{}
}

func deleteRelease(_ *Fake, c *Call) (any, refusal) {
	x := c.release()
	if x == nil {
		return nil, notFound()
	}
	c.repo.releases = slices.DeleteFunc(c.repo.releases, func(y *Release) bool { return y == x })
	c.repo.tell("release", "deleted", reply{"release": c.repo.releaseAll(x)})
	return nil, refusal{}
}
