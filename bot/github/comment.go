package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

// Reasons for which nothing can be said on an issue.
const (
	locked workflows.Reason = "locked" // only some may speak there
	moved  workflows.Reason = "moved"  // it belongs to another repository now
)

// maxComment is how many characters GitHub takes in one.
const maxComment = 65536

// Comments says things on issues and pull requests.
type Comments struct{ *GitHub }

// Act says something on an issue, unless the bot said it there before: each comment bears, unseen, what names it. Only the
// bot's own count, since anybody could write such a name.
func (g Comments) Act(ctx context.Context, data json.RawMessage) (link string, err error) {
	if g.GitHub == nil {
		return "", Off()
	}
	var c workflows.Comment
	if err := json.Unmarshal(data, &c); err != nil {
		return "", fmt.Errorf("what is to be said on an issue: %w", err)
	}
	p, err := g.at(c.Forge)
	if err != nil {
		return "", err
	}
	body, err := worded(c)
	if err != nil {
		return "", err
	}
	link, err = issue{p, c.Issue}.once(ctx, body, c.Op)
	return link, g.whole(c.Forge, err, "issues: write")
}

// once says something, unless it was said.
func (i issue) once(ctx context.Context, body, op string) (link string, err error) {
	before, err := i.open(ctx)
	if err != nil {
		return "", err
	}
	said, err := i.find(ctx, marker(op), before)
	if err != nil || said != nil {
		return said.GetHTMLURL(), err
	}
	return i.say(ctx, body, op)
}

// marker is the last line of a comment, which nobody sees.
func marker(op string) string { return "<!-- readyroom " + op + " -->" }

// worded is a comment as it is sent. What would end its marker early, or is longer than any, is not.
func worded(c workflows.Comment) (string, error) {
	body := c.Text.String() + "\n\n" + marker(c.Op)
	if c.Op == "" || c.Issue <= 0 || c.Text.IsZero() || strings.ContainsAny(c.Op, "<>\n\r") || utf8.RuneCountInString(body) > maxComment {
		return "", workflows.Refuse(workflows.Invalid, fmt.Sprintf("what should be said on #%d of %s is no comment that GitHub takes", c.Issue, c.Forge)).By(operator)
	}
	return body, nil
}

// issue is an issue, or a pull request, of a repository.
type issue struct {
	place
	n int
}

func (i issue) name() string { return fmt.Sprintf("the issue #%d", i.n) }

// open refuses an issue on which nothing is to be said: one that is locked, gone, or belongs to another repository now. It
// gives how many comments there are.
func (i issue) open(ctx context.Context) (comments int, err error) {
	got, err := get(ctx, i.place, i.name(), func(c *gh.Client) (*gh.Issue, *gh.Response, error) {
		return c.Issues.Get(ctx, i.owner, i.place.name, i.n)
	})
	switch {
	case status(err) == http.StatusGone:
		return 0, workflows.Refuse(notFound, fmt.Sprintf("#%d of %s was deleted, or there are no issues there", i.n, i.forge)).By("an owner of " + i.owner)
	case err != nil:
		return 0, err
	case got.GetRepositoryURL() == "":
		return 0, lacks(i.place, i.name(), "without its repository")
	case !strings.HasSuffix(strings.ToLower(got.GetRepositoryURL()), strings.ToLower("/repos/"+i.forge)):
		return 0, workflows.Refuse(moved, fmt.Sprintf("#%d of %s was moved: it is %s now, and the bot speaks only on issues of %s", i.n, i.forge, workflows.Display(got.GetHTMLURL(), 200), i.forge)).By(operator)
	case got.GetNumber() != i.n:
		return 0, lacks(i.place, i.name(), "with the number %d", got.GetNumber())
	case got.GetLocked():
		return 0, i.locked().Type(got.GetHTMLURL() + ": Unlock conversation")
	}
	return got.GetComments(), nil
}

func (i issue) locked() *workflows.Refusal {
	return workflows.Refuse(locked, fmt.Sprintf("#%d of %s is locked: nobody is to say anything more there", i.n, i.forge)).By("an owner of " + i.owner)
}

// find looks for the bot's comment with a marker; nil: there is none. Pages are read from the last to the first, and the
// first one twice: what moves to an earlier page while somebody deletes comments is not missed. That there are none is not
// believed where before it was said that there are.
func (i issue) find(ctx context.Context, mark string, before int) (*gh.IssueComment, error) {
	self, err := i.g.self(ctx, i.forge)
	if err != nil {
		return nil, err
	}
	list, last, err := i.comments(ctx, 1)
	if err == nil && len(list) == 0 && before > 0 {
		err = lacks(i.place, "the comments on "+i.name(), "with none, and there are %d", before)
	}
	for page := last; ; page-- {
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if c.GetID() > 0 && self.wrote(c.GetUser()) && endsWith(c.GetBody(), mark) {
				return c, nil
			}
		}
		if page < 1 {
			return nil, nil
		}
		list, _, err = i.comments(ctx, page)
	}
}

// comments reads a page of comments; last is the number of the last page where there are several, else zero.
func (i issue) comments(ctx context.Context, page int) (list []*gh.IssueComment, last int, err error) {
	what := "the comments on " + i.name()
	list, err = get(ctx, i.place, what, func(c *gh.Client) ([]*gh.IssueComment, *gh.Response, error) {
		list, r, err := c.Issues.ListComments(ctx, i.owner, i.place.name, i.n, &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{Page: page, PerPage: perPage}})
		if err == nil {
			last = r.LastPage
		}
		return list, r, err
	})
	for _, c := range list {
		if err == nil && c.GetID() <= 0 {
			err = lacks(i.place, what, "with one that has no id")
		}
	}
	return list, last, err
}

// endsWith reports whether the last line of a comment is a marker.
func endsWith(body, mark string) bool {
	body = strings.TrimRight(body, " \t\r\n")
	at := strings.LastIndexAny(body, "\r\n")
	return body[at+1:] == mark
}

// say posts a comment. An answer that does not show it says nothing: it may be there.
func (i issue) say(ctx context.Context, body, op string) (link string, err error) {
	made, err := get(ctx, i.place, "a comment on "+i.name(), func(c *gh.Client) (*gh.IssueComment, *gh.Response, error) {
		return c.Issues.CreateComment(ctx, i.owner, i.place.name, i.n, &gh.IssueComment{Body: &body})
	})
	switch {
	case err != nil:
		return "", i.unwritten(err)
	case made.GetID() <= 0 || !endsWith(made.GetBody(), marker(op)):
		return "", doubtful(lacks(i.place, "a comment on "+i.name(), "with something else"))
	}
	return made.GetHTMLURL(), nil
}

// unwritten says of an issue that was locked between our look and our word what open would have said.
func (i issue) unwritten(err error) error {
	var no *workflows.Refusal
	var a *answered
	if errors.As(err, &no) && errors.As(err, &a) && strings.Contains(strings.ToLower(a.message), "issue is locked") {
		return i.locked()
	}
	return err
}
