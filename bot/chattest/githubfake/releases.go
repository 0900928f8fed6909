package githubfake

import (
	"net/http"
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

// settle holds a release to the rules, and publishes what is no draft: its tag is made if it is not there, and then alone
// is its target looked at.
func (r *Repo) settle(c *Call, x *Release) refusal {
	latest := c.text("make_latest")
	switch other := r.released(x.Tag); {
	case !goodRef("refs/tags/" + x.Tag):
		return invalid("Release", "tag_name", "custom", "tag_name is not well-formed")
	case !x.Draft && other != nil && other.ID != x.ID:
		return invalid("Release", "tag_name", "already_exists", "")
	case latest == "true" && (x.Draft || x.Pre):
		return invalid("Release", "make_latest", "invalid", "")
	case x.Draft:
		return refusal{}
	}
	id, there := r.refs["refs/tags/"+x.Tag]
	if !there {
		target, ok := r.resolve(x.Target)
		switch {
		case len(r.refs) == 0:
			return invalid("Release", "", "custom", "Repository is empty.")
		case !ok:
			return invalid("Release", "target_commitish", "invalid", "")
		case !c.grant.has("workflows=write") && r.workflowsDiffer(target):
			return notFound() // as GitHub answers whoever lacks the permission
		}
		r.move("refs/tags/"+x.Tag, target, c.grant.login)
		id = target
	}
	x.commit = r.peeled(id)
	if x.published.IsZero() {
		x.published = r.f.now()
	}
	switch latest {
	case "true":
		for _, other := range r.releases {
			other.Latest = false
		}
		x.Latest = true
	case "false", "legacy":
		x.Latest = false
	}
	return refusal{}
}

// workflowsDiffer is whether a commit has other workflows than the default branch.
func (r *Repo) workflowsDiffer(id string) bool {
	const at = ".github/workflows"
	here, _ := r.at(r.commits[r.refs["refs/heads/"+r.def]].tree, at)
	there, _ := r.at(r.commits[id].tree, at)
	return here.sha != there.sha
}

// announce tells what became of a release. was is whether it was published before.
func (r *Repo) announce(x *Release, action string, was bool) {
	tell := func(action string) {
		more := reply{"release": r.releaseAll(x)}
		if action == "edited" {
			more["changes"] = reply{}
		}
		r.tell("release", action, more)
	}
	if x.Draft || was || action == "created" {
		tell(action)
	}
	if !x.Draft && !was {
		tell("published")
		if x.Pre {
			tell("prereleased")
		} else {
			tell("released")
		}
	}
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

// generateNotes drafts notes of the pull requests since the tag before; nothing is saved.
func generateNotes(_ *Fake, c *Call) (any, refusal) {
	r, tag, target := c.repo, c.text("tag_name"), c.text("target_commitish")
	_, there := r.refs["refs/tags/"+tag]
	if _, ok := r.resolve(target); !there && (!ok || target == "") && target != "" {
		return nil, invalid("Release", "target_commitish", "invalid", "")
	}
	if previous := c.text("previous_tag_name"); previous != "" && r.refs["refs/tags/"+previous] == "" {
		return nil, refuse(http.StatusUnprocessableEntity, "Invalid previous_tag parameter")
	}
	name, body := r.generated(tag, target, c.text("previous_tag_name"))
	return reply{"name": name, "body": body}, refusal{}
}

func (r *Repo) generated(tag, target, previous string) (name, body string) {
	id, there := r.refs["refs/tags/"+tag]
	if !there {
		id, _ = r.resolve(target)
	}
	id = r.peeled(id)
	without := map[string]bool{}
	if previous == "" {
		for _, x := range r.releases {
			if !x.Draft && x.Tag != tag {
				previous = x.Tag
			}
		}
	}
	if was := r.refs["refs/tags/"+previous]; was != "" {
		without = r.reach(r.peeled(was))
	}
	var text strings.Builder
	text.WriteString("## What's Changed\n")
	for _, c := range r.log(id, without) {
		for _, p := range r.pulls {
			if p.MergedAs == c.sha {
				text.WriteString("* " + p.Title + " by @" + p.Author + " in " + r.html("/pull/"+itoa(p.Number)) + "\n")
			}
		}
	}
	text.WriteString("\n\n**Full Changelog**: " + r.html("/compare/"+previous+"..."+tag))
	return tag, text.String()
}
