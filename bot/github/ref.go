package github

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const (
	maxPeel  = 5   // tags of tags of a commit
	maxNames = 100 // branches, and tags, among which a mistyped name is looked for
)

// hexPattern is an id that may be shortened; GitHub finds none by fewer than seven digits.
var hexPattern = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// target finds the commit that a query is about, and the name it was asked by. From here on there are only full ids: a
// ref that moves meanwhile makes no mixed answer.
func (p place) target(ctx context.Context, q workflows.Query) (id, ref string, err error) {
	switch {
	case q.Ref != "":
		id, err = p.resolve(ctx, q.Ref)
		return id, q.Ref, err
	case q.Branch != "":
		id, err = p.tip(ctx, q.Branch)
		return id, q.Branch, err
	}
	id, err = p.tip(ctx, p.branch)
	return id, p.branch, err
}

// tip is where a branch stands. A tag of that name is not looked at.
func (p place) tip(ctx context.Context, branch string) (string, error) {
	if no := workflows.RefuseRef(branch); no != nil {
		return "", no
	}
	id, there, err := p.ref(ctx, "heads/"+branch)
	switch {
	case err != nil || there:
		return id, err
	case branch == p.branch:
		return "", noCommit(branch)
	}
	return "", p.unknown(ctx, branch)
}

func noCommit(branch string) error {
	return workflows.Refuse(workflows.NoCommit, workflows.Display(branch, 60)+" has no commit").Type("/release candidate set REF")
}

// resolve finds the one commit that ref names: HEAD, a branch, a tag, an id or how one begins.
func (p place) resolve(ctx context.Context, ref string) (string, error) {
	if no := workflows.RefuseRef(ref); no != nil {
		return "", no
	}
	if ref == "HEAD" || ref == "@" {
		return p.tip(ctx, p.branch)
	}
	if idPattern.MatchString(ref) {
		return p.byID(ctx, ref)
	}
	full := strings.TrimPrefix(ref, "refs/")
	if strings.HasPrefix(full, "heads/") || strings.HasPrefix(full, "tags/") {
		id, there, err := p.ref(ctx, full)
		if err != nil || there {
			return id, err
		}
		if full != ref { // no branch that is called like a full name takes its place
			return "", p.unknown(ctx, ref)
		}
	}
	branch, isBranch, err := p.ref(ctx, "heads/"+ref)
	if err != nil {
		return "", err
	}
	tag, isTag, err := p.ref(ctx, "tags/"+ref)
	switch {
	case err != nil:
		return "", err
	case isBranch && isTag && branch != tag: // a tag is easily pushed
		return "", workflows.Refuse(workflows.Ambiguous, fmt.Sprintf("%s is a branch (%s) and a tag (%s)", workflows.Display(ref, 60),
			workflows.ShortID(branch), workflows.ShortID(tag))).Type("/release candidate set refs/heads/"+ref, "/release candidate set refs/tags/"+ref)
	case isBranch:
		return p.meant(ref, "branch", "refs/heads/", branch)
	case isTag:
		return p.meant(ref, "tag", "refs/tags/", tag)
	case hexPattern.MatchString(ref):
		return p.byID(ctx, ref)
	}
	return "", p.unknown(ctx, ref)
}

// meant refuses a name that looks like how another commit's id begins: whoever may push may have called it so, and GitHub,
// asked for the id, answers with the name's commit. Digits alone are taken for what they say: versions are dates, too.
func (p place) meant(ref, kind, under, id string) (string, error) {
	if !hexPattern.MatchString(ref) || !strings.ContainsAny(ref, "abcdef") || strings.HasPrefix(id, ref) {
		return id, nil
	}
	return "", workflows.Refuse(workflows.Ambiguous, fmt.Sprintf("%s reads like the id of a commit, and is a %s of %s at another one: %s. A commit is told by its whole id",
		workflows.Display(ref, 64), kind, p.forge, workflows.ShortID(id))).Type("/release candidate set REF", "/release candidate set "+under+ref)
}

// byID finds the commit that an id names, or how one begins.
func (p place) byID(ctx context.Context, id string) (string, error) {
	c, err := get(ctx, p, "the commit "+workflows.ShortID(id), func(c *gh.Client) (*gh.RepositoryCommit, *gh.Response, error) {
		return c.Repositories.GetCommit(ctx, p.owner, p.name, id, &gh.ListOptions{PerPage: 1})
	})
	switch {
	case status(err) == http.StatusNotFound, status(err) == http.StatusUnprocessableEntity, status(err) == http.StatusConflict:
		return "", p.unknown(ctx, id)
	case err != nil:
		return "", err
	}
	full, err := sha(c.GetSHA())
	if err == nil && !strings.HasPrefix(full, id) { // it took the digits for a name
		return "", p.unknown(ctx, id)
	}
	return full, err
}

// ref finds the commit that a full name stands for: "heads/main", "tags/v1".
func (p place) ref(ctx context.Context, name string) (id string, there bool, err error) {
	what := "the branch or tag " + workflows.Display(name, 80)
	r, err := get(ctx, p, what, func(c *gh.Client) (*gh.Reference, *gh.Response, error) {
		return c.Git.GetRef(ctx, p.owner, p.name, name)
	})
	switch {
	case missing(err), status(err) == http.StatusUnprocessableEntity, err == nil && r.GetRef() != "refs/"+name:
		return "", false, nil
	case status(err) == http.StatusConflict: // the repository is empty
		return "", false, noCommit(p.branch)
	case err != nil:
		return "", false, err
	}
	id, err = p.peel(ctx, name, r.GetObject())
	return id, err == nil, err
}

// peel finds the commit that a ref's object is, or that it is a tag of.
func (p place) peel(ctx context.Context, name string, o *gh.GitObject) (string, error) {
	for range maxPeel {
		id, err := sha(o.GetSHA())
		if err != nil {
			return "", err
		}
		switch o.GetType() {
		case "commit":
			return id, nil
		case "tag":
			t, err := get(ctx, p, "the tag "+workflows.Display(name, 80), func(c *gh.Client) (*gh.Tag, *gh.Response, error) { return c.Git.GetTag(ctx, p.owner, p.name, id) })
			if err != nil {
				return "", err
			}
			if t.GetSHA() != id {
				return "", lacks(p, "the tag "+name, "with another object: %s", t.GetSHA())
			}
			o = t.GetObject()
		default:
			return "", notACommit(name)
		}
	}
	return "", notACommit(name)
}

func notACommit(name string) error {
	_, short, _ := strings.Cut(name, "/")
	return workflows.Refuse(workflows.UnknownRef, "«"+workflows.Display(short, 60)+"» is not a commit").Type("/release candidate set REF")
}

// unknown refuses a ref that names no commit, with the names it may have meant.
func (p place) unknown(ctx context.Context, ref string) error {
	names, err := p.known(ctx)
	if err != nil {
		return err
	}
	if branch, is := strings.CutPrefix(ref, "refs/heads/"); is {
		return p.noBranch(ctx, branch)
	}
	shown := workflows.Display(ref, 60)
	no := workflows.Refuse(workflows.UnknownRef, p.forge+" has no commit, branch or tag «"+shown+"» at GitHub")
	no.Nearest = workflows.Nearest(ref, slices.DeleteFunc(names, func(n string) bool { return n == ref }), 3)
	if len(no.Nearest) == 0 {
		return no.Type("git push", "/release candidate set REF")
	}
	no.Why += "; nearest: " + strings.Join(no.Nearest, ", ")
	return no.Type("/release candidate set " + no.Nearest[0])
}

// noBranch refuses what was to be a branch, and says where it is a tag.
func (p place) noBranch(ctx context.Context, name string) error {
	_, isTag, err := p.ref(ctx, "tags/"+name)
	if err != nil {
		return err
	}
	shown := workflows.Display(name, 60)
	no := workflows.Refuse(workflows.UnknownRef, p.forge+" has no branch «"+shown+"» at GitHub")
	if isTag {
		no.Why = "«" + shown + "» is a tag of " + p.forge + ", and a tag does not move: there is no branch of that name to follow"
		return no.Type("/release candidate set "+shown, "/release candidate set BRANCH --watch")
	}
	return no.Type("git push", "/release candidate set BRANCH --watch")
}

// known lists some branches and tags.
func (p place) known(ctx context.Context) ([]string, error) {
	var names []string
	branches, _, err := all(ctx, p, "the branches", maxNames, func(c *gh.Client, o gh.ListOptions) ([]*gh.Branch, *gh.Response, error) {
		return c.Repositories.ListBranches(ctx, p.owner, p.name, &gh.BranchListOptions{ListOptions: o})
	})
	if err != nil {
		return nil, err
	}
	for _, b := range branches {
		names = append(names, workflows.Display(b.GetName(), workflows.MaxRef))
	}
	tags, _, err := all(ctx, p, "the tags", maxNames, func(c *gh.Client, o gh.ListOptions) ([]*gh.RepositoryTag, *gh.Response, error) {
		return c.Repositories.ListTags(ctx, p.owner, p.name, &o)
	})
	for _, t := range tags {
		names = append(names, workflows.Display(t.GetName(), workflows.MaxRef))
	}
	return names, err
}
