package cards

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// VoteLine is a vote as evidence: who, as which role, for which commit, when, on what ground.
func VoteLine(r release.Release, vote release.Vote, v View) string {
	parts := []string{voter(vote)}
	counts := vote.Value == release.OK || vote.Value == release.NA || vote.Value == release.ByPlan
	if vote.Value != release.OK {
		parts[0] = string(vote.Value) + " by " + parts[0]
	}
	binds := bound(r, vote)
	switch {
	case binds && counts && !r.Fresh(vote):
		parts[0] = fmt.Sprintf("was ✓ %s (%s → %s)", parts[0], workflows.ShortID(vote.Commit), commit(r))
	case binds && counts && r.Carried(vote):
		parts = append(parts, "carried, "+unchanged(r))
	case binds && vote.Commit != "":
		parts = append(parts, workflows.ShortID(vote.Commit))
	}
	return strings.Join(append(parts, ground(vote, v)...), " · ")
}

// ground is what a vote rests on beside who cast it: the way, the time, the link, the note.
func ground(vote release.Vote, v View) []string {
	var parts []string
	if vote.ByHand {
		parts = append(parts, "by hand")
	}
	parts = append(parts, stamp(v, vote.At))
	if !vote.Expires.IsZero() {
		parts = append(parts, "until "+stamp(v, vote.Expires))
	}
	for _, text := range []string{vote.Evidence, vote.Note} {
		if text != "" {
			parts = append(parts, workflows.Display(text, maxText))
		}
	}
	return parts
}

// bound reports whether a vote vouches for something of the candidate.
func bound(r release.Release, vote release.Vote) bool {
	for _, g := range r.Gates {
		for _, i := range g.Items {
			if g.Full(i) == vote.Item {
				return i.Binds != release.Unbound
			}
		}
	}
	return false
}

func unchanged(r release.Release) string {
	if len(r.Paths) > 0 {
		return "nothing under " + strings.Join(r.Paths, ", ") + " changed"
	}
	return "the tree is the same"
}

// voter is who voted and how they may: "@you as owner for engineering".
func voter(vote release.Vote) string {
	if vote.By == "" {
		return string(vote.Machine)
	}
	who := vote.By.At() + " as " + policy.Holding{Role: vote.As, Owner: vote.Owner, For: vote.For}.String()
	if vote.Machine != "" {
		who += " through " + string(vote.Machine)
	}
	return who
}
