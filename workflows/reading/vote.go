package reading

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// signed reads a vote, and says what was wrong with it when it was cast.
func (rd *Reading) signed(h workflows.Header, f *followed, v release.Vote) {
	item, ok := f.items[v.Item]
	if !ok {
		rd.wrongf(h, "%s voted on %q, and the release has no such item", voterOf(v), v.Item)
		return
	}
	rd.inOwnName(h, f, item, v)
	if counts(v) && item.Binds != release.Unbound {
		switch {
		case f.cand == nil && v.Machine == release.ByHand:
			rd.wrongf(h, "%s vouched for a candidate with %s, and there was none", voterOf(v), v.Item)
		case f.cand != nil && (v.Machine == release.ByHand || v.Commit == f.cand.Commit.ID) && v.Digest != f.cand.Digests[item.Binds]:
			rd.wrongf(h, "the vote of %s on %s names other content than the candidate had", voterOf(v), v.Item)
		}
	}
	f.votes = append(slices.DeleteFunc(f.votes, func(w cast) bool {
		return w.Item == v.Item && w.Machine == v.Machine && w.By == v.By
	}), cast{v, h.Seq, f.cand, item})
	if v.By != "" && v.Value != release.ByPlan {
		f.unplan(v.Item)
	}
}

// inOwnName: a vote is its voter's own, in a role that they held, be it for somebody who was away, and lasts no longer
// than the item lets it.
func (rd *Reading) inOwnName(h workflows.Header, f *followed, item release.Item, v release.Vote) {
	m := momentOf(h, f)
	switch {
	case v.Machine == release.CI && v.Commit != "" && counts(v) && f.checks.Commit == v.Commit && f.checks.State != workflows.CheckPassed:
		rd.wrongf(h, "checks vouch for %s of %s, and were last found %s", v.Item, workflows.ShortID(v.Commit), f.checks.State)
	case v.Machine != release.ByHand && h.By.Machine == "":
		rd.wrongf(h, "the vote on %s is in the name of %s, and %s cast it", v.Item, v.Machine, h.By.At())
	case v.Machine != release.ByHand:
	case h.By.Person != v.By:
		rd.wrongf(h, "the vote on %s is in the name of %s, and %s cast it", v.Item, v.By.At(), h.By.At())
	case v.For != "" && rd.deputised(m, v.By, v.For) == no:
		rd.wrongf(h, "%s voted on %s for %s and was not their deputy", v.By.At(), v.Item, v.For.At())
	case v.For != "" && rd.holdsSelf(m, v.For, item.Role, false) == no:
		rd.wrongf(h, "%s voted on %s for %s, who did not hold the role %s", v.By.At(), v.Item, v.For.At(), item.Role)
	case v.For == "" && rd.answers(m, f, v.By, item.Role, false) == no:
		rd.wrongf(h, "%s voted on %s and did not hold the role %s", v.By.At(), v.Item, item.Role)
	case item.Valid > 0 && counts(v) && (v.Expires.IsZero() || v.Expires.After(h.At.AddDate(0, 0, item.Valid).Add(clocks))):
		rd.wrongf(h, "the vote of %s on %s lasts longer than the %d days that it may", v.By.At(), v.Item, item.Valid)
	}
}

// machines: some things no person does.
func (rd *Reading) machines(h workflows.Header, what string) {
	if h.By.Machine == "" {
		rd.wrongf(h, "%s %s, which machines do", h.By.At(), what)
	}
}

// clocks is by how much days can be longer than they are: where clocks are put back.
const clocks = time.Hour

func counts(v release.Vote) bool {
	return v.Value == release.OK || v.Value == release.NA || v.Value == release.ByPlan
}

// voterOf says who voted, for people.
func voterOf(v release.Vote) string {
	switch {
	case v.Machine == release.ByHand:
		return v.By.At()
	case v.By == "":
		return string(v.Machine)
	}
	return fmt.Sprintf("%s on the word of %s", v.Machine, v.By.At())
}

// objected finds a vote that kept an item open: a block that nobody took back, else a needs-work that nobody answered.
// It counts while its voter holds the role, by however old a roster.
func (rd *Reading) objected(m moment, f *followed, item release.Item, votes []cast) *cast {
	var sentBack *cast
	for i, v := range votes {
		if counts(v.Vote) || v.By != "" && rd.stands(m, f, v.Vote, item.Role, true) != yes {
			continue
		}
		if v.Value != release.NeedsWork {
			return &votes[i]
		}
		answered := slices.ContainsFunc(votes[i+1:], func(w cast) bool {
			return counts(w.Vote) && w.By != "" && rd.stands(m, f, w.Vote, item.Role, false) != no
		})
		if !answered && sentBack == nil {
			sentBack = &votes[i]
		}
	}
	return sentBack
}

// discounted says why a vote did not count at a moment, or nothing.
func (rd *Reading) discounted(h workflows.Header, f *followed, item release.Item, v cast) string {
	m := momentOf(h, f)
	switch {
	case !v.Expires.IsZero() && !h.At.Before(v.Expires):
		return "ran out at " + stamp(v.Expires)
	case item.Binds != release.Unbound && !f.fresh(v, item.Binds):
		return "vouches for other content than the candidate's"
	case !alike(v.of, item):
		return "is on what the item asked for before"
	case v.Value == release.ByPlan && !f.returns(v.Item):
		return "puts it off, and no gate looks at it again"
	case v.By == "":
		return ""
	case rd.stands(m, f, v.Vote, item.Role, false) == no:
		return fmt.Sprintf("is of one who did not hold the role %s", item.Role)
	case tiers[f.risk].authorOut && item.Binds != release.Unbound && rd.codeUnknown(h.Policy, v.By):
		return "is of one whose address in commits is not known"
	}
	return rd.biased(m, f, v)
}

// biased: the review of a broken glass is somebody else's, where the tier asks for several people, and says that all is
// well.
func (rd *Reading) biased(m moment, f *followed, v cast) string {
	glass := f.broke(v.Item)
	switch {
	case glass == nil:
		return ""
	case v.Value != release.OK:
		return "reviews nothing"
	case tiers[f.risk].people > 1 && rd.canon(m.policy, v.By) == rd.canon(m.policy, glass.By):
		return "is of whoever broke the glass"
	}
	return ""
}

// fresh: what the vote was cast over is what the candidate holds, by the commits themselves.
func (f *followed) fresh(v cast, binds release.Binding) bool {
	if f.cand == nil || v.over == nil || v.Machine != release.ByHand && v.Commit != v.over.Commit.ID {
		return false
	}
	return v.over == f.cand || f.content(v.over, binds) == f.content(f.cand, binds)
}

// content is what a vote vouches for under a candidate, in full: a version's commit, or the tree; of a feature its paths.
func (f *followed) content(c *release.Candidate, binds release.Binding) string {
	what := c.Commit.ID
	if binds == release.ToTree || f.id.IsFeature() {
		what = c.Commit.Tree
		if len(f.paths) > 0 {
			what = "paths"
			for _, p := range f.paths {
				what += " " + c.Commit.Under[p]
			}
		}
	}
	if binds == release.ToCommit {
		for _, k := range slices.Sorted(maps.Keys(c.Builds)) {
			what += " " + k + "=" + c.Builds[k]
		}
	}
	return what
}

// on lists the votes on an item, in the order they were cast: of each person, whatever their accounts, the last.
func (rd *Reading) on(h workflows.Header, f *followed, full string) []cast {
	var out []cast
	for _, v := range f.votes {
		if v.Item != full {
			continue
		}
		out = append(slices.DeleteFunc(out, func(w cast) bool {
			return w.Machine == v.Machine && rd.canon(h.Policy, w.By) == rd.canon(h.Policy, v.By)
		}), v)
	}
	return out
}

// returns reports whether what was put off is looked at again.
func (f *followed) returns(full string) bool {
	_, ok := f.items[f.plans[full].Line]
	return ok
}

func (f *followed) commit() string {
	if f.cand == nil {
		return ""
	}
	return f.cand.Commit.ID
}
