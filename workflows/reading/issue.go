package reading

import (
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// mostIssues is how many issues people have follow a release at most, those that once did included.
const mostIssues = 100

// onIssues is what was said of one release on issues, as far as it was read.
type onIssues struct {
	follow map[issue]feedback.Want // empty: no longer
	ops    map[string]issue        // the comments that were wished
	done   map[string]bool         // of those, that are there
}

// issue is one of a repository.
type issue struct {
	forge string
	n     int
}

func issueOf(forge string, n int) issue { return issue{strings.ToLower(forge), n} }

// issues reads which issues are told of a release, and what they were: each comment is wished once, of what came about, and
// ends as one that was wished.
func (rd *Reading) issues(h workflows.Header, e workflows.Event) {
	id := workflows.ReleaseID(h.Stream.ID())
	f, on := rd.releases[id], rd.issued[id]
	if f == nil {
		rd.wrongf(h, "%s comes before the release was opened", e.Kind())
		return
	}
	if on == nil {
		on = &onIssues{map[issue]feedback.Want{}, map[string]issue{}, map[string]bool{}}
		rd.issued[id] = on
	}
	switch e := e.(type) {
	case feedback.IssueFollowed:
		rd.issueFollowed(h, f, on, e)
	case feedback.IssueUnfollowed:
		if on.follow[issueOf(e.Forge, e.N)] == "" {
			rd.wrongf(h, "it lets #%d off, which did not follow", e.N)
		}
		on.follow[issueOf(e.Forge, e.N)] = ""
	case feedback.Informed:
		rd.informed(h, f, on, e)
	case feedback.Commented:
		at, wished := on.ops[e.Op]
		switch {
		case !wished || at != issueOf(e.Forge, e.N):
			rd.wrongf(h, "it ends the comment %s on #%d, which nobody wished", e.Op, e.N)
		case on.done[e.Op]:
			rd.wrongf(h, "it ends the comment %s, which was there already", e.Op)
		case e.Fate == workflows.Done:
			on.done[e.Op] = true
		}
	}
}

func (rd *Reading) issueFollowed(h workflows.Header, f *followed, on *onIssues, e feedback.IssueFollowed) {
	at := issueOf(e.Forge, e.N)
	was, known := on.follow[at]
	switch {
	case f.over || f.reach == everybodyIn:
		rd.wrongf(h, "it was taken after the release was out or over")
	case !known && len(on.follow) >= mostIssues:
		rd.wrongf(h, "it was taken while %d issues were listed, which is the most there may be", len(on.follow))
	case was == e.Want || was == feedback.Preview:
		rd.wrongf(h, "#%d follows already", e.N)
	case e.N <= 0 || e.Forge == "" || e.Want != feedback.Ships && e.Want != feedback.Preview:
		rd.wrongf(h, "it does not say which issue is to hear of what")
	}
	on.follow[at] = e.Want
}

func (rd *Reading) informed(h workflows.Header, f *followed, on *onIssues, e feedback.Informed) {
	if h.By.Machine == "" {
		rd.wrongf(h, "%s told it, and only what happens to a release does", h.By.Person.At())
	}
	if !f.came(e.News) {
		rd.wrongf(h, "it tells of what did not come about")
	}
	for _, w := range e.On {
		if _, twice := on.ops[w.Op]; twice {
			rd.wrongf(h, "it wishes the comment %s twice", w.Op)
		}
		on.ops[w.Op] = issueOf(e.Forge, w.N)
		if e.News == feedback.Never {
			on.follow[issueOf(e.Forge, w.N)] = ""
		}
	}
}
