package githubfake

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Issue is something that somebody wishes or misses.
type Issue struct {
	Number     int64
	Title      string
	Body       string
	Author     string // a login
	Labels     []string
	Milestone  int64 // zero: none
	Closed     bool
	Locked     bool
	Gone       bool // it was deleted
	Comments   []*Comment
	id         int64
	made, done time.Time
}

func init() {
	const reads, writes = "issues=read; pull_requests=read", "issues=write; pull_requests=write"
	serve(
		route{method: "GET", pattern: "/repos/{owner}/{repo}/issues", needs: reads, query: []string{"milestone", "state", "labels", "creator", "since", "sort", "direction", "page"}, do: listIssues},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/issues", needs: "issues=write", kind: "issue", creates: true, do: postIssue},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{number}", needs: reads, do: getIssue},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{number}/comments", needs: reads, query: []string{"since", "page"}, do: listComments},
		route{method: "POST", pattern: "/repos/{owner}/{repo}/issues/{number}/comments", needs: writes, kind: "comment", creates: true, do: postComment},
		route{method: "GET", pattern: "/repos/{owner}/{repo}/issues/comments/{id}", needs: reads, do: getComment},
		route{method: "PATCH", pattern: "/repos/{owner}/{repo}/issues/comments/{id}", needs: writes, kind: "comment", do: patchComment},
		route{method: "DELETE", pattern: "/repos/{owner}/{repo}/issues/comments/{id}", needs: writes, do: deleteComment},
	)
}

func postIssue(_ *Fake, c *Call) (any, refusal) {
	i := Issue{Title: c.text("title"), Body: c.text("body"), Author: c.login()}
	c.repo.open(&i)
	c.repo.tell("issues", "opened", reply{"issue": c.repo.issueAll(&i)})
	return created{c.repo.issueAll(&i)}, refusal{}
}

// Issue opens one, and gives its number.
func (r *Repo) Issue(i Issue) (number int64) {
	r.set(func() { number = r.open(&i); r.tell("issues", "opened", reply{"issue": r.issueAll(&i)}) })
	return number
}

func (r *Repo) open(i *Issue) int64 {
	r.number++
	i.Number, i.id, i.made = r.number, r.f.id(), r.f.now()
	i.Labels = slices.Clone(i.Labels)
	if i.Author == "" {
		i.Author = "ana"
	}
	r.issues[i.Number] = i
	return i.Number
}

// CloseIssue closes one.
func (r *Repo) CloseIssue(number int64) { r.set(func() { r.shut(number) }) }

func (r *Repo) shut(number int64) {
	if i := r.issues[number]; i != nil && !i.Closed && r.pulls[number] == nil {
		i.Closed, i.done = true, r.f.now()
		r.tell("issues", "closed", reply{"issue": r.issueAll(i)})
	}
}

// ChangeIssue changes what is known of an issue or of a pull request as one; do gets it.
func (r *Repo) ChangeIssue(number int64, do func(*Issue)) {
	r.set(func() {
		if r.issues[number] == nil {
			r.fatal("there is no issue %d", number)
		}
		do(r.issues[number])
	})
}

// Label gives an issue or a pull request a label more.
func (r *Repo) Label(number int64, label string) {
	r.set(func() {
		i := r.issues[number]
		if i == nil {
			r.fatal("there is no issue %d", number)
		}
		i.Labels = append(i.Labels, label)
		if p := r.pulls[number]; p != nil {
			r.tell("pull_request", "labeled", reply{"number": number, "pull_request": r.pullAll(p), "label": r.labelAll(label)})
			return
		}
		r.tell("issues", "labeled", reply{"issue": r.issueAll(i), "label": r.labelAll(label)})
	})
}

func (r *Repo) labelAll(name string) reply {
	return reply{"id": 7, "node_id": "LA_" + name, "url": r.url("/labels/" + name), "name": name, "color": "ededed", "default": false, "description": ""}
}

// issueAll is an issue, or a pull request as one, as the API has it.
func (r *Repo) issueAll(i *Issue) reply {
	kind := "/issues/"
	out := reply{}
	if r.pulls[i.Number] != nil {
		kind = "/pull/"
		at := "/pulls/" + itoa(i.Number)
		out["pull_request"] = reply{"url": r.url(at), "html_url": r.html("/pull/" + itoa(i.Number)), "diff_url": r.html(at + ".diff"), "patch_url": r.html(at + ".patch"), "merged_at": stamp(r.pulls[i.Number].merged)}
	}
	for k, v := range r.common(i, kind) {
		out[k] = v
	}
	out["comments"], out["state_reason"] = len(i.Comments), nil
	if i.Closed {
		out["state_reason"] = "completed"
	}
	out["repository_url"] = r.url("")
	return out
}

// common is what issues and pull requests have alike.
func (r *Repo) common(i *Issue, kind string) reply {
	state := "open"
	if i.Closed {
		state = "closed"
	}
	number, body := itoa(i.Number), any(i.Body)
	if i.Body == "" {
		body = nil
	}
	return reply{
		"id": i.id, "node_id": node("I", i.id), "number": i.Number, "title": i.Title, "body": body, "state": state, "locked": i.Locked,
		"user": r.f.userAll(r.f.user(i.Author)), "labels": each(i.Labels, r.labelAll), "milestone": r.milestoneOf(i), "assignee": nil, "assignees": []reply{},
		"url": r.url("/issues/" + number), "html_url": r.html(kind + number), "comments_url": r.url("/issues/" + number + "/comments"),
		"created_at": stamp(i.made), "updated_at": stamp(i.made), "closed_at": stamp(i.done), "author_association": "MEMBER", "active_lock_reason": nil,
	}
}

// issue is the one that a call means.
func (c *Call) issue() (*Issue, refusal) {
	switch i := c.repo.issues[c.number("number")]; {
	case i == nil:
		return nil, notFound()
	case i.Gone:
		return nil, refuse(http.StatusGone, "This issue was deleted")
	default:
		return i, refusal{}
	}
}

func getIssue(_ *Fake, c *Call) (any, refusal) {
	i, no := c.issue()
	if no.given() {
		return nil, no
	}
	return c.repo.issueAll(i), refusal{}
}

func listIssues(_ *Fake, c *Call) (any, refusal) {
	var all []*Issue
	for n := c.repo.number; n > 0; n-- {
		if i := c.repo.issues[n]; i != nil && !i.Gone && i.listed(c) {
			all = append(all, i)
		}
	}
	if m := c.Query.Get("milestone"); m != "" && m != "*" && m != "none" {
		if n, err := strconv.ParseInt(m, 10, 64); err != nil || c.repo.milestone(n) == nil {
			return nil, invalid("Issue", "milestone", "invalid", "")
		}
	}
	return each(paged(c, all), c.repo.issueAll), refusal{}
}

// listed is whether a list of issues has this one.
func (i *Issue) listed(c *Call) bool {
	switch m := c.Query.Get("milestone"); m {
	case "", "*":
		if m == "*" && i.Milestone == 0 {
			return false
		}
	case "none":
		if i.Milestone != 0 {
			return false
		}
	default:
		if itoa(i.Milestone) != m {
			return false
		}
	}
	for label := range strings.SplitSeq(c.Query.Get("labels"), ",") {
		if label != "" && !slices.Contains(i.Labels, label) {
			return false
		}
	}
	return inState(c, i.Closed)
}

// inState is whether something open or closed was asked for; what is open is, when nothing is said.
func inState(c *Call, closed bool) bool {
	switch c.Query.Get("state") {
	case "all":
		return true
	case "closed":
		return closed
	}
	return !closed
}

// closing are the words by which a text says which issues it closes.
var closing = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b`)

func closes(text string) (all []int64) {
	for _, g := range closing.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.ParseInt(g[1], 10, 64); err == nil {
			all = append(all, n)
		}
	}
	return all
}
