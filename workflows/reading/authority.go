package reading

import (
	"maps"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// acting is the moment of an act that lets nothing through by itself: owners stand in for empty roles at any risk.
func acting(h workflows.Header) moment { return moment{h.Policy, h.At, "low"} }

// anyRole says whether somebody held a role at all.
func (rd *Reading) anyRole(m moment, id workflows.PersonID) said {
	out := no
	for _, role := range slices.Concat(workflows.Roles(), slices.Sorted(maps.Keys(rd.policies[m.policy].Roles))) {
		switch rd.holds(m, id, role, false) {
		case yes:
			return yes
		case silent:
			out = silent
		}
	}
	return out
}

// isManager reports whether a release is somebody's.
func (rd *Reading) isManager(m moment, f *followed, id workflows.PersonID) bool {
	return f.manager != "" && rd.canon(m.policy, id) == rd.canon(m.policy, f.manager)
}

// manages says whether somebody was release manager of a release: by the role, or as the one who manages it.
func (rd *Reading) manages(m moment, f *followed, id workflows.PersonID) said {
	if rd.isManager(m, f, id) {
		return yes
	}
	return rd.holds(m, id, workflows.ReleaseManager, false)
}

// answers says whether somebody held the role that signs an item of a release. Whoever manages the release is its release
// manager, as long as they hold any role.
func (rd *Reading) answers(m moment, f *followed, id workflows.PersonID, role workflows.Role, ever bool) said {
	out := rd.holds(m, id, role, ever)
	if out == yes || role != workflows.ReleaseManager || !rd.isManager(m, f, id) {
		return out
	}
	if held := rd.anyRole(m, id); held != no {
		return held
	}
	return out
}

// stands says whether a vote was still that of a role. A deputy's is, as long as the one they signed for holds it.
func (rd *Reading) stands(m moment, f *followed, v release.Vote, role workflows.Role, ever bool) said {
	if v.For != "" {
		return rd.holdsSelf(m, v.For, role, ever)
	}
	return rd.answers(m, f, v.By, role, ever)
}

// byManager: some things are a release manager's alone.
func (rd *Reading) byManager(h workflows.Header, f *followed, what string) {
	if rd.manages(acting(h), f, h.By.Person) == no {
		rd.wrongf(h, "%s %s and was no release manager of it", h.By.At(), what)
	}
}

// byHolder: an item is the business of its role, of whom it was given to, and of the release manager. There must be such an
// item.
func (rd *Reading) byHolder(h workflows.Header, f *followed, full, what string) {
	item, ok := f.items[full]
	m := acting(h)
	theirs := f.owners[full] != "" && rd.canon(m.policy, f.owners[full]) == rd.canon(m.policy, h.By.Person)
	switch {
	case !ok:
		rd.wrongf(h, "%s %s %q, and the release has no such item", h.By.At(), what, full)
	case !theirs && rd.manages(m, f, h.By.Person) == no && rd.answers(m, f, h.By.Person, item.Role, false) == no:
		rd.wrongf(h, "%s %s %s, and did not hold the role %s", h.By.At(), what, full, item.Role)
	}
}
