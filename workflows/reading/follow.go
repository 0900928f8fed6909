package reading

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// mostFollowing is how many accounts follow a release at most, those that once did included: anyone may.
const mostFollowing = 1000

// follows reads who wants to be told of a release in person, and who was: whoever asked for it and nobody else, and only
// of what came about.
func (rd *Reading) follows(h workflows.Header, e workflows.Event) {
	id := workflows.ReleaseID(h.Stream.ID())
	f, all := rd.releases[id], rd.follow[id]
	if f == nil {
		rd.wrongf(h, "%s comes before the release was opened", e.Kind())
		return
	}
	if all == nil {
		all = map[workflows.Handle]feedback.Want{}
		rd.follow[id] = all
	}
	switch e := e.(type) {
	case feedback.Followed:
		rd.followed(h, f, all, e)
	case feedback.Unfollowed:
		for _, account := range e.Accounts {
			if all[account] == "" {
				rd.wrongf(h, "it lets %s off, which did not follow", account)
			}
			all[account] = ""
		}
	case feedback.Announced:
		rd.announced(h, f, all, e)
	}
}

func (rd *Reading) followed(h workflows.Header, f *followed, all map[workflows.Handle]feedback.Want, e feedback.Followed) {
	was, known := all[e.Account]
	switch {
	case f.over || f.reach == everybodyIn:
		rd.wrongf(h, "it was taken after the release was out or over")
	case !known && len(all) >= mostFollowing:
		rd.wrongf(h, "it was taken while %d accounts were listed, which is the most there may be", len(all))
	case was == e.Want || was == feedback.Preview:
		rd.wrongf(h, "%s follows already", e.Account)
	case e.Account == "" || e.Want != feedback.Ships && e.Want != feedback.Preview:
		rd.wrongf(h, "it does not say who wants to hear of what")
	}
	all[e.Account] = e.Want
}

// came reports whether news are true of a release.
func (f *followed) came(news feedback.News) bool {
	return map[feedback.News]bool{feedback.Opened: f.reach != nobodyIn, feedback.Shipped: f.reach == everybodyIn,
		feedback.TakenBack: f.held != 0 && f.reach != everybodyIn, feedback.Never: f.cancelled != 0}[news]
}

func (rd *Reading) announced(h workflows.Header, f *followed, all map[workflows.Handle]feedback.Want, e feedback.Announced) {
	if h.By.Machine == "" {
		rd.wrongf(h, "%s told it, and only what happens to a release does", h.By.Person.At())
	}
	if !f.came(e.News) {
		rd.wrongf(h, "it tells of what did not come about")
	}
	for i, account := range e.To {
		if all[account] == "" || e.News == feedback.Opened && all[account] != feedback.Preview {
			rd.wrongf(h, "it tells %s, which did not ask for it", account)
		}
		if slices.Contains(e.To[:i], account) {
			rd.wrongf(h, "it tells %s twice", account)
		}
	}
	if e.News == feedback.Never {
		clear(all)
	}
}
