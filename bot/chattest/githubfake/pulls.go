package githubfake

import (
	"maps"
	"slices"
	"time"
)

// Pull is a pull request. Its title, text and labels are those of the issue that it is as well.
type Pull struct {
	Issue
	Head, Base string // branches; the base is the default one if it is not said
	Draft      bool
	MergedAs   string // the commit that it became; "" while it is not merged

	from    string // the commit that the base was at, since it was opened or last merged
	head    string // the commit of its head, also when the branch is gone
	commits []string
	merged  time.Time
	by      string
}

func init() {
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/pulls", needs: "pull_requests=read", query: []string{"state", "head", "base", "sort", "direction", "page"}, do: listPulls},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/pulls", needs: "pull_requests=write", kind: "pull", creates: true, do: postPull},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/pulls/{number}", needs: "pull_requests=read", do: getPull},
		route{method: "PATCH", pattern: "/repos/{owner}/{repo}/pulls/{number}", needs: "pull_requests=write", kind: "pull update", do: patchPull},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/pulls/{number}/commits", needs: "pull_requests=read", query: []string{"page"}, do: listPullCommits},
	)
}

// Pull opens a pull request from a branch with commits, and gives its number.
func (r *Repo) Pull(p Pull) (number int64) {
	r.set(func() {
		if r.refs["refs/heads/"+p.Head] == "" {
			r.fatal("there is no branch %q to pull", p.Head)
		}
		number = r.propose(&p)
	})
	return number
}

func (r *Repo) propose(p *Pull) int64 {
	if p.Base == "" {
		p.Base = r.def
	}
	r.open(&p.Issue)
	r.pulls[p.Number] = p
	r.renew(p)
	r.tell("pull_request", "opened", reply{"number": p.Number, "pull_request": r.pullAll(p)})
	return p.Number
}

// renew looks at what an open pull request consists of now.
func (r *Repo) renew(p *Pull) {
	p.from = r.refs["refs/heads/"+p.Base]
	if head := r.refs["refs/heads/"+p.Head]; head != "" {
		p.head = head
	}
	p.commits = nil
	for _, c := range r.log(p.head, r.reach(p.from)) {
		p.commits = append([]string{c.sha}, p.commits...)
	}
}

// synchronize has the open pull requests from a branch follow it.
func (r *Repo) synchronize(branch, before string) {
	for _, n := range slices.Sorted(maps.Keys(r.pulls)) {
		if p := r.pulls[n]; !p.Closed && p.Head == branch {
			r.renew(p)
			r.tell("pull_request", "synchronize", reply{"number": n, "pull_request": r.pullAll(p), "before": before, "after": p.head})
		}
	}
}

// Merge merges a pull request by a merge commit, and gives its id.
func (r *Repo) Merge(number int64) string { return r.merge(number, "ana", false) }

// Squash merges a pull request as one commit, and gives its id.
func (r *Repo) Squash(number int64) string { return r.merge(number, "ana", true) }

func (r *Repo) merge(number int64, who string, squash bool) (id string) {
	r.set(func() {
		p := r.pulls[number]
		if p == nil || p.Closed {
			r.fatal("there is no open pull request %d", number)
		}
		r.renew(p)
		files := map[string]string{}
		for _, x := range r.diff(r.commits[r.mergeBase(p.from, p.head)].tree, r.commits[p.head].tree) {
			files[x.path] = Gone
			if x.after != "" {
				files[x.path] = r.blobs[x.after]
			}
		}
		c := Change{Branch: p.Base, Author: p.Author, Message: p.Title + " (#" + itoa(number) + ")", Files: files}
		if !squash {
			c.Author, c.Parents = who, []string{p.head}
			c.Message = "Merge pull request #" + itoa(number) + " from " + r.owner + "/" + p.Head + "\n\n" + p.Title
		}
		id = r.grow(p.from, c)
		p.MergedAs, p.merged, p.by, p.Closed, p.done = id, r.f.now(), who, true, r.f.now()
		r.move("refs/heads/"+p.Base, id, who)
		r.tell("pull_request", "closed", reply{"number": number, "pull_request": r.pullAll(p)})
		if p.Base == r.def {
			for _, n := range closes(p.Body) {
				r.shut(n)
			}
		}
	})
	return id
}

// Pulls are all pull requests, in the order of their numbers.
func (r *Repo) Pulls() []Pull {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	var all []Pull
	for _, n := range slices.Sorted(maps.Keys(r.pulls)) {
		all = append(all, *r.pulls[n])
	}
	return all
}

// pullAll is a pull request as lists have it.
func (r *Repo) pullAll(p *Pull) reply {
	out := r.common(&p.Issue, "/pull/")
	n := itoa(p.Number)
	out["updated_at"] = stamp(p.touched())
	out["url"], out["issue_url"] = r.url("/pulls/"+n), r.url("/issues/"+n)
	out["diff_url"], out["patch_url"] = r.html("/pull/"+n+".diff"), r.html("/pull/"+n+".patch")
	out["commits_url"], out["statuses_url"] = r.url("/pulls/"+n+"/commits"), r.url("/statuses/"+p.head)
	out["draft"], out["merged_at"], out["merge_commit_sha"] = p.Draft, stamp(p.merged), nil
	if p.MergedAs != "" {
		out["merge_commit_sha"] = p.MergedAs
	}
	out["head"], out["base"] = r.side(p.Head, p.head), r.side(p.Base, p.from)
	out["requested_reviewers"], out["requested_teams"] = []reply{}, []reply{}
	return out
}

func (r *Repo) side(branch, id string) reply {
	return reply{"label": r.owner + ":" + branch, "ref": branch, "sha": id, "user": r.f.userAll(r.f.user(r.owner)), "repo": r.all()}
}

// pullWhole is a pull request as it is when it is asked for alone.
func (r *Repo) pullWhole(p *Pull) reply {
	out := r.pullAll(p)
	out["merged"], out["commits"], out["comments"] = p.MergedAs != "", len(p.commits), len(p.Comments)
	out["mergeable"], out["mergeable_state"], out["merged_by"] = !p.Closed, "clean", nil
	if p.by != "" {
		out["merged_by"] = r.f.userAll(r.f.user(p.by))
	}
	return out
}

// touched is when it changed last.
func (p *Pull) touched() time.Time {
	if p.done.After(p.made) {
		return p.done
	}
	return p.made
}

func listPulls(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	var all []*Pull
	for _, n := range slices.Sorted(maps.Keys(r.pulls)) {
		p := r.pulls[n]
		head, base := c.Query.Get("head"), c.Query.Get("base")
		if inState(c, p.Closed) && (head == "" || head == r.owner+":"+p.Head) && (base == "" || base == p.Base) {
			all = append([]*Pull{p}, all...)
		}
	}
	if c.Query.Get("sort") == "updated" {
		slices.SortStableFunc(all, func(a, b *Pull) int { return b.touched().Compare(a.touched()) })
	}
	if c.Query.Get("direction") == "asc" {
		slices.Reverse(all)
	}
	return each(paged(c, all), r.pullAll), refusal{}
}

func getPull(_ *Fake, c *Call) (any, refusal) {
	p := c.repo.pulls[c.number("number")]
	if p == nil {
		return nil, notFound()
	}
	return c.repo.pullWhole(p), refusal{}
}

func listPullCommits(_ *Fake, c *Call) (any, refusal) {
	p := c.repo.pulls[c.number("number")]
	if p == nil {
		return nil, notFound()
	}
	return each(paged(c, p.commits), func(id string) reply { return c.repo.commitAll(c.repo.commits[id]) }), refusal{}
}

// pullsOfCommit lists the pull requests that brought a commit, or would.
func pullsOfCommit(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	id, ok := r.resolve(c.Params["ref"])
	if !ok {
		return nil, noCommit(c.Params["ref"])
	}
	var all []*Pull
	for _, n := range slices.Sorted(maps.Keys(r.pulls)) {
		if p := r.pulls[n]; p.MergedAs == id || slices.Contains(p.commits, id) {
			all = append(all, p)
		}
	}
	return each(paged(c, all), r.pullAll), refusal{}
}
