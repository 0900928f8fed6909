package reading

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// How far users have a release: not at all, in preview, all of them.
const (
	nobodyIn = iota
	previewIn
	everybodyIn
)

// reach is how far the gates that a release has passed let users in.
func reach(passed []release.Gate) int {
	opened := func(stage workflows.Stage) bool {
		return slices.ContainsFunc(passed, func(g release.Gate) bool { return g.Stage == stage && g.Half == release.Ready })
	}
	switch {
	case opened(workflows.GA):
		return everybodyIn
	case opened(workflows.Preview):
		return previewIn
	}
	return nobodyIn
}

// waitsFor notes the releases that one is to come after.
func (f *followed) waitsFor(all []release.Dependency) {
	f.after = nil
	for _, d := range all {
		f.after = append(f.after, d.ID)
	}
}

// inOrder: a gate that opens to users is passed after those of the releases that this one comes after, by what the ledger
// says of them itself.
func (rd *Reading) inOrder(h workflows.Header, f *followed, g release.Gate) {
	need := everybodyIn
	if g.Stage == workflows.Preview {
		need = previewIn
	}
	for _, id := range f.after {
		if g.Half != release.Ready {
			return
		}
		switch other := rd.releases[id]; {
		case other == nil:
			rd.wrongf(h, "the gate %s was passed, and %s, which it comes after, is in no event before", g.Key(), id)
		case other.cancelled != 0:
			rd.wrongf(h, "the gate %s was passed, and %s, which it comes after, was cancelled (event %d)", g.Key(), id, other.cancelled)
		case other.held != 0:
			rd.wrongf(h, "the gate %s was passed, and %s, which it comes after, was on hold (since event %d)", g.Key(), id, other.held)
		case other.reach < need:
			rd.wrongf(h, "the gate %s was passed, and %s, which it comes after, was not that far", g.Key(), id)
		}
	}
}
