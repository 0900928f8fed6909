package githubfake

import (
	"net/http"
	"slices"
	"time"
)

// Comment is what somebody said about an issue or a pull request.
type Comment struct {
	ID     int64
	Author string
	Body   string
	Edits  int // how often it was changed
	made   time.Time
	edited time.Time
}

// Say has somebody comment, and gives the comment's id.
func (r *Repo) Say(number int64, who, body string) (id int64) {
	r.set(func() { id = r.comment(r.issues[number], who, body).ID })
	return id
}

func (r *Repo) comment(i *Issue, who, body string) *Comment {
	m := &Comment{ID: r.f.id(), Author: who, Body: body, made: r.f.now(), edited: r.f.now()}
	i.Comments = append(i.Comments, m)
	r.tell("issue_comment", "created", reply{"issue": r.issueAll(i), "comment": r.commentAll(i, m)})
	return m
}

// Comments are what was said about an issue or pull request, in the order it was.
func (r *Repo) Comments(number int64) []Comment {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	var all []Comment
	if i := r.issues[number]; i != nil {
		for _, m := range i.Comments {
			all = append(all, *m)
		}
	}
	return all
}

func (r *Repo) commentAll(i *Issue, m *Comment) reply {
	return reply{
		"id": m.ID, "node_id": node("IC", m.ID), "url": r.url("/issues/comments/" + itoa(m.ID)), "html_url": r.html("/issues/" + itoa(i.Number) + "#issuecomment-" + itoa(m.ID)),
		"body": m.Body, "user": r.f.userAll(r.f.user(m.Author)), "created_at": stamp(m.made), "updated_at": stamp(m.edited), "issue_url": r.url("/issues/" + itoa(i.Number)),
		"author_association": "MEMBER",
	}
}

func listComments(_ *Fake, c *Call) (any, refusal) {
	i, no := c.issue()
	if no.given() {
		return nil, no
	}
	since, err := time.Parse(time.RFC3339, c.Query.Get("since"))
	all := slices.DeleteFunc(slices.Clone(i.Comments), func(m *Comment) bool { return err == nil && m.edited.Before(since) })
	return each(paged(c, all), func(m *Comment) reply { return c.repo.commentAll(i, m) }), refusal{}
}

func postComment(_ *Fake, c *Call) (any, refusal) {
	i, no := c.issue()
	switch {
	case no.given():
		return nil, no
	case i.Locked:
		return nil, refuse(http.StatusForbidden, "Unable to create comment because issue is locked.")
	}
	return created{c.repo.commentAll(i, c.repo.comment(i, c.grant.login, c.text("body")))}, refusal{}
}

// said is the comment that a call means, and the issue that it is about.
func (c *Call) said() (*Issue, *Comment) {
	for _, i := range c.repo.issues {
		for _, m := range i.Comments {
			if m.ID == c.number("id") {
				return i, m
			}
		}
	}
	return nil, nil
}

func getComment(_ *Fake, c *Call) (any, refusal) {
	i, m := c.said()
	if m == nil {
		return nil, notFound()
	}
	return c.repo.commentAll(i, m), refusal{}
}

func patchComment(f *Fake, c *Call) (any, refusal) {
	i, m := c.said()
	if m == nil {
		return nil, notFound()
	}
	m.Body, m.edited = c.text("body"), f.now()
	m.Edits++
	c.repo.tell("issue_comment", "edited", reply{"issue": c.repo.issueAll(i), "comment": c.repo.commentAll(i, m)})
	return c.repo.commentAll(i, m), refusal{}
}

func deleteComment(_ *Fake, c *Call) (any, refusal) {
	i, m := c.said()
	if m == nil {
		return nil, notFound()
	}
	i.Comments = slices.DeleteFunc(i.Comments, func(x *Comment) bool { return x == m })
	return nil, refusal{}
}
