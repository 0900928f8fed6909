package reading

import (
	"fmt"
	"maps"
	"slices"

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
	switch {
	case v.Machine == release.ByHand && h.By.Person != v.By:
		rd.wrongf(h, "the vote on %s is in the name of %s, and %s cast it", v.Item, v.By.At(), h.By.At())
	case v.Machine != release.ByHand && h.By.Machine == "":
		rd.wrongf(h, "the vote on %s is in the name of %s, and %s cast it", v.Item, v.Machine, h.By.At())
	case v.Machine == release.ByHand && rd.holds(momentOf(h, f), v.By, item.Role, false) == no:
		rd.wrongf(h, "%s voted on %s and did not hold the role %s", v.By.At(), v.Item, item.Role)
	}
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
	}), cast{v, h.Seq, f.cand})
}

func counts(v release.Vote) bool { return v.Value == release.OK || v.Value == release.NA }

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

// objected finds a vote that kept an item open: a block that nobody took back, a needs-work that nobody answered. It
// counts while its voter holds the role, by however old a roster.
func (rd *Reading) objected(m moment, item release.Item, votes []cast) string {
	for i, v := range votes {
		if counts(v.Vote) || v.By != "" && rd.holds(m, v.By, item.Role, true) != yes {
			continue
		}
		answered := v.Value == release.NeedsWork && slices.ContainsFunc(votes[i+1:], func(w cast) bool {
			return counts(w.Vote) && w.By != "" && rd.holds(m, w.By, item.Role, false) != no
		})
		if !answered {
			return fmt.Sprintf("%s said %s (event %d)", voterOf(v.Vote), v.Value, v.seq)
		}
	}
	return ""
}

// discounted says why a vote did not count at a moment, or nothing.
func (rd *Reading) discounted(h workflows.Header, f *followed, item release.Item, v cast) string {
	m := momentOf(h, f)
	switch {
	case !v.Expires.IsZero() && !h.At.Before(v.Expires):
		return "ran out at " + stamp(v.Expires)
	case item.Binds != release.Unbound && !f.fresh(v, item.Binds):
		return "vouches for other content than the candidate's"
	case v.By == "":
		return ""
	case rd.holds(m, v.By, item.Role, false) == no:
		return fmt.Sprintf("is of one who did not hold the role %s", item.Role)
	case tiers[f.risk].authorOut && item.Binds != release.Unbound && rd.codeUnknown(h.Policy, v.By):
		return "is of one whose address in commits is not known"
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

// on lists the votes on an item, in the order they were cast.
func (f *followed) on(full string) []cast {
	var out []cast
	for _, v := range f.votes {
		if v.Item == full {
			out = append(out, v)
		}
	}
	return out
}

func (f *followed) commit() string {
	if f.cand == nil {
		return ""
	}
	return f.cand.Commit.ID
}
