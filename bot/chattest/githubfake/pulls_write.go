package githubfake

import (
	"strings"
	"time"
)

func postPull(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	p := &Pull{Issue: Issue{Title: c.text("title"), Body: c.text("body"), Author: c.grant.login}, Base: c.text("base"), Draft: c.is("draft", false)}
	p.Head = strings.TrimPrefix(c.text("head"), r.owner+":")
	head, base := r.refs["refs/heads/"+p.Head], r.refs["refs/heads/"+p.Base]
	switch {
	case p.Title == "":
		return nil, invalid("PullRequest", "title", "missing_field", "")
	case base == "":
		return nil, invalid("PullRequest", "base", "invalid", "")
	case head == "":
		return nil, invalid("PullRequest", "head", "invalid", "")
	case len(r.log(head, r.reach(base))) == 0:
		return nil, invalid("PullRequest", "", "custom", "No commits between "+p.Base+" and "+p.Head)
	}
	for _, other := range r.pulls {
		if !other.Closed && other.Head == p.Head && other.Base == p.Base {
			return nil, invalid("PullRequest", "", "custom", "A pull request already exists for "+r.owner+":"+p.Head+".")
		}
	}
	r.propose(p)
	return created{r.pullWhole(p)}, refusal{}
}

func patchPull(_ *Fake, c *Call) (any, refusal) {
	r := c.repo
	p := r.pulls[c.number("number")]
	switch {
	case p == nil:
		return nil, notFound()
	case c.has("base") && r.refs["refs/heads/"+c.text("base")] == "":
		return nil, invalid("PullRequest", "base", "invalid", "")
	case c.text("state") == "open" && p.MergedAs != "":
		return nil, invalid("PullRequest", "state", "invalid", "state cannot be changed. The pull request is merged.")
	}
	if c.has("title") {
		p.Title = c.text("title")
	}
	if _, said := c.in["body"]; said {
		p.Body = c.text("body")
	}
	if c.has("base") {
		p.Base = c.text("base")
		r.renew(p)
	}
	if state := c.text("state"); state != "" {
		r.close(p, state == "closed")
	}
	return r.pullWhole(p), refusal{}
}

// close closes a pull request without merging it, or opens it again; the lock is held.
func (r *Repo) close(p *Pull, closed bool) {
	if p.Closed == closed {
		return
	}
	action := "reopened"
	if p.Closed, p.done = closed, (time.Time{}); closed {
		action, p.done = "closed", r.f.now()
	}
	r.tell("pull_request", action, reply{"number": p.Number, "pull_request": r.pullAll(p)})
}

// ClosePull has somebody close a pull request without merging it.
func (r *Repo) ClosePull(number int64) { r.turn(number, true) }

// ReopenPull has somebody open it again.
func (r *Repo) ReopenPull(number int64) { r.turn(number, false) }

func (r *Repo) turn(number int64, closed bool) {
	r.set(func() {
		p := r.pulls[number]
		if p == nil || p.MergedAs != "" {
			r.fatal("there is no pull request %d that is not merged", number)
		}
		r.close(p, closed)
	})
}
