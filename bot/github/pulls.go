package github

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/workflows"
)

const (
	maxPulled = 1000     // commits of a log whose pull requests are asked for one by one, the newest
	maxBody   = 64 << 10 // of what a pull request says
	maxIssues = 50
	directFor = 15 * time.Minute // a commit that no pull request brought is not asked for again by a long log: one may bring it yet
)

// pulls adds the pull requests that brought commits. What GitHub lists of those that were merged says it of most, and the
// messages of others name the number; only what is left is asked for one by one.
func (p place) pulls(ctx context.Context, found workflows.Found) (workflows.Found, error) {
	found.Log = slices.Clone(found.Log)
	var commits []*workflows.Commit
	if found.Commit.ID != "" {
		commits = append(commits, &found.Commit)
	}
	for i := range found.Log {
		commits = append(commits, &found.Log[i])
	}
	r := pullReader{place: p, of: map[int]func() (*gh.PullRequest, error){}, many: len(commits) > perPage}
	if err := r.foresee(ctx, commits); err != nil {
		return found, err
	}
	err := side(ctx, len(commits), func(ctx context.Context, i int) error {
		pull, err := r.brought(ctx, *commits[i])
		if err == nil && pull != nil {
			commits[i].Pull = p.pull(pull)
			unnamed(commits[i], pull)
		}
		return err
	})
	return found, err
}

// pull is a pull request as the rooms know it.
func (p place) pull(one *gh.PullRequest) *workflows.Pull {
	out := &workflows.Pull{Number: one.GetNumber(), Title: strings.TrimSpace(one.GetTitle()), Author: one.GetUser().GetLogin(),
		Labels: labels(one.Labels), Issues: p.closes(one.GetBody())}
	if ours(one.GetBody()) != "" {
		out.Author = ""
	}
	return out
}

// unnamed leaves out who wrote the commit that a pull request of the bot's became: that is the bot, though a message which
// somebody wrote as they merged it need not say so.
func unnamed(c *workflows.Commit, one *gh.PullRequest) {
	if ours(one.GetBody()) == "" || c.Own || c.Merge || one.GetMergeCommitSHA() != c.ID || len(c.Names) == 0 {
		return
	}
	c.Names, c.Own = c.Names[1:], true
}

// pullStands is how a pull request stands; empty: there is none of that number.
func (p place) pullStands(ctx context.Context, n int) (workflows.PullState, error) {
	r := pullReader{place: p, of: map[int]func() (*gh.PullRequest, error){}}
	one, err := r.read(ctx, n)
	switch {
	case missing(err):
		return "", nil
	case err != nil:
		return "", err
	case !one.GetMergedAt().IsZero():
		return workflows.PullMerged, nil
	case one.GetState() == "open":
		return workflows.PullOpen, nil
	case one.GetState() == "closed":
		return workflows.PullClosed, nil
	}
	return "", lacks(p, "the pull request #"+strconv.Itoa(n), "with a state that says nothing here: %s", workflows.Display(one.GetState(), 40))
}

// pullReader reads each pull request once.
type pullReader struct {
	place
	many  bool                       // there are so many commits that one look may not see the end of them
	by    map[string]*gh.PullRequest // what was listed, by the commits that it brought
	asked atomic.Int64               // commits that were asked for one by one
	mu    sync.Mutex
	of    map[int]func() (*gh.PullRequest, error)
}

// numbers are those that git's messages name where GitHub merges: "feat: sign in (#12)", "Merge pull request #12 from …".
var numbers = regexp.MustCompile(`\(#([1-9][0-9]{0,8})\)|^Merge pull request #([1-9][0-9]{0,8}) `)

// brought is the pull request that brought a commit; nil: none did.
func (r *pullReader) brought(ctx context.Context, c workflows.Commit) (*gh.PullRequest, error) {
	key := r.forge + " " + c.ID
	if n, ok := r.g.brought.get(key); ok {
		if pull, err := r.read(ctx, n); err != nil || pull.MergedAt != nil {
			return pull, err
		}
	}
	if pull := r.by[c.ID]; pull != nil {
		r.g.brought.put(key, pull.GetNumber())
		return pull, nil
	}
	if since, ok := r.g.direct.get(key); ok && r.many && r.g.opts.Ticks().Sub(since) < directFor || r.asked.Add(1) > maxPulled {
		return nil, nil //nolint:nilnil // none is an answer
	}
	for _, m := range numbers.FindAllStringSubmatch(c.Subject, 3) {
		n, err := strconv.Atoi(cmp.Or(m[1], m[2]))
		if err != nil {
			continue
		}
		pull, err := r.read(ctx, n)
		switch {
		case missing(err): // the number of an issue, or one of another repository
		case err != nil:
			return nil, err
		case pull.MergedAt != nil && pull.GetMergeCommitSHA() == c.ID:
			r.g.brought.put(key, n)
			return pull, nil
		}
	}
	pull, err := r.listed(ctx, c.ID)
	switch {
	case err != nil:
	case pull != nil:
		r.g.brought.put(key, pull.GetNumber())
	default:
		r.g.direct.put(key, r.g.opts.Ticks())
	}
	return pull, err
}

// listed is the pull request of those that GitHub lists for a commit which brought it: the one that became it, else the
// first that was merged.
func (r *pullReader) listed(ctx context.Context, id string) (*gh.PullRequest, error) {
	list, _, err := all(ctx, r.place, "the pull requests of the commit "+workflows.ShortID(id), perPage, func(c *gh.Client, o gh.ListOptions) ([]*gh.PullRequest, *gh.Response, error) {
		return c.PullRequests.ListPullRequestsWithCommit(ctx, r.owner, r.name, id, &o)
	})
	if s := status(err); s == http.StatusNotFound || s == http.StatusUnprocessableEntity { // a commit that was not pushed
		return nil, nil //nolint:nilnil // none is an answer
	}
	list = slices.DeleteFunc(list, func(pull *gh.PullRequest) bool {
		return !r.merged(pull)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return slices.MinFunc(list, func(a, b *gh.PullRequest) int { return nearer(id, a, b) }), nil
}

// nearer orders the pull requests that hold a commit: the one that became it, then the first that was merged.
func nearer(id string, a, b *gh.PullRequest) int {
	if became := b.GetMergeCommitSHA() == id; became != (a.GetMergeCommitSHA() == id) {
		return map[bool]int{true: 1, false: -1}[became]
	}
	return cmp.Or(a.GetMergedAt().Compare(b.GetMergedAt().Time), cmp.Compare(a.GetNumber(), b.GetNumber()))
}

// merged reports whether a pull request was merged here.
func (r *pullReader) merged(pull *gh.PullRequest) bool {
	return pull.GetNumber() > 0 && pull.MergedAt != nil && r.home(pull)
}

// home reports whether a pull request is one of this repository, by any of its names.
func (r *pullReader) home(pull *gh.PullRequest) bool {
	full := pull.GetBase().GetRepo().GetFullName()
	now, _ := r.g.names.get(r.forge)
	return full == "" || strings.EqualFold(full, r.forge) || strings.EqualFold(full, now)
}

// read gives a pull request by its number.
func (r *pullReader) read(ctx context.Context, n int) (*gh.PullRequest, error) {
	r.mu.Lock()
	one := r.of[n]
	if one == nil {
		what := "the pull request #" + strconv.Itoa(n)
		one = sync.OnceValues(func() (*gh.PullRequest, error) {
			got, err := get(ctx, r.place, what, func(c *gh.Client) (*gh.PullRequest, *gh.Response, error) {
				return c.PullRequests.Get(ctx, r.owner, r.name, n)
			})
			if err == nil && got.GetNumber() != n {
				err = lacks(r.place, what, "with another one: %d", got.GetNumber())
			}
			return got, err
		})
		r.of[n] = one
	}
	r.mu.Unlock()
	return one()
}

var (
	notProse = regexp.MustCompile("(?s)<!--.*?(?:-->|$)|```.*?(?:```|$)|`[^`\n]*`")
	closing  = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+((?:[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+)?#[1-9][0-9]{0,8}\b|GH-[1-9][0-9]{0,8}\b|https://[^\s<>()]+/(?:issues|pull)/[1-9][0-9]{0,8}\b)`)
)

// closes are the issues that a pull request says it closes, by GitHub's words for it, outside of comments and code.
func (p place) closes(body string) []string {
	var out []string
	body = notProse.ReplaceAllString(strings.ToValidUTF8(body[:min(len(body), maxBody)], ""), " ")
	for _, m := range closing.FindAllStringSubmatch(body, -1) {
		ref := m[1]
		if key := workflows.Reference(ref); workflows.SameReference(ref, p.forge+key) { // of this repository, whichever way it is said
			ref = key
		}
		if !slices.Contains(out, ref) && len(out) < maxIssues {
			out = append(out, ref)
		}
	}
	return out
}
