package cards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// ItemLine is one line of a checklist: an icon and the word for it, whose word it rests on, whose turn it is.
func ItemLine(r release.Release, s release.Status, v View) string {
	var parts []string
	name := s.Item.Key + origin(s.Item)
	switch s.State {
	case release.Holds:
		parts = append(parts, "✓ "+name)
	case release.NotApplicable:
		parts = append(parts, "– "+name+" · not applicable")
	case release.IsPlanned:
		parts = append(parts, "✓ "+name+" · "+planned(r, s.Full()))
	case release.IsWaived:
		parts = append(parts, "~ "+name+" · "+waived(*s.Waiver, v))
	default:
		parts = append(parts, icon(s.Reason)+" "+name+" · "+reasonWord(s))
	}
	for _, vote := range s.Votes {
		line := VoteLine(r, vote, v)
		if vote.Value == release.ByPlan {
			line = strings.TrimPrefix(line, "plan by ")
		}
		if s.Reason == workflows.ItemNeedsWork || s.Reason == workflows.ItemBlocked || s.State == release.NotApplicable {
			line = strings.TrimPrefix(line, string(vote.Value)+" ") // the item says that already
		}
		parts = append(parts, line)
	}
	if s.State == release.Open && (s.Turn != release.ToCheck || len(s.Who) > 0) { // what a machine is at work on waits for nobody
		parts = append(parts, waits(r, s, v))
	}
	return strings.Join(parts, " · ")
}

// origin marks an item that the template did not bring.
func origin(i release.Item) string {
	switch {
	case i.Late:
		return " (added late)"
	case i.Origin == release.OfPerson:
		return " (added)"
	case i.Origin == release.OfMove:
		return " (moved)"
	}
	return ""
}

// planned says who does the rest of an item, by when, and where it is looked at again.
func planned(r release.Release, full string) string {
	p := r.Care[full].Plan
	if p == nil {
		return "planned"
	}
	return fmt.Sprintf("planned: %s by %s, returns as %s", p.Owner.At(), target(p.Due), p.Line)
}

// waived says until when an item may wait, who owes it, and on whose word.
func waived(w release.Waiver, v View) string {
	var by []workflows.PersonID
	for _, g := range w.Given {
		by = append(by, g.By)
	}
	word := "waived"
	if !v.Now.Before(w.Until) {
		word = "was waived"
	}
	return fmt.Sprintf("%s until %s by %s: %s · %s owes it", word, target(w.Until), strings.Join(policy.Names(by), ", "),
		workflows.Display(w.Why, maxText), w.Owner.At())
}

// passedLine is an item of a gate that was passed: what it rested on then. What became of that since opens nothing.
func passedLine(r release.Release, s release.Status, v View) string {
	parts := []string{"✓ " + s.Item.Key + origin(s.Item)}
	switch w := r.Care[s.Full()].Waiver; {
	case len(s.Votes) == 0 && w != nil:
		parts = []string{"~ " + s.Item.Key, waived(*w, v)}
	case r.BrokenOver(s.Full()):
		parts = []string{map[bool]string{true: "✗ ", false: "✓ "}[s.State == release.Open] + s.Item.Key, "the glass was broken over it"}
	case r.Care[s.Full()].Plan != nil:
		parts = append(parts, planned(r, s.Full()))
	}
	for _, vote := range s.Votes {
		if vote.Value == release.NA {
			parts = append(parts, "not applicable")
		}
		parts = append(parts, cast(vote, v))
	}
	return strings.Join(parts, " · ")
}

// behind reports whether the release has passed a gate.
func behind(r release.Release, g release.Gate) bool {
	return slices.IndexFunc(r.Gates, func(x release.Gate) bool { return x.Key() == g.Key() }) < r.Passed
}

func icon(why workflows.Reason) string {
	if why == workflows.ItemUnsigned {
		return "○"
	}
	return "✗"
}

// reasonWord is why an item is open, for people.
func reasonWord(s release.Status) string {
	words := map[workflows.Reason]string{
		workflows.ItemUnsigned: "unsigned", workflows.ItemStale: "stale, sign again", workflows.ItemNeedsWork: "needs work",
		workflows.ItemBlocked: "blocked", workflows.ItemAuthorAlone: "only its author signed", workflows.ItemExpired: "expired",
		workflows.ItemUnauthorised: "its voter may no longer sign it", workflows.ItemQuorum: "not enough people",
		workflows.ItemOwed: "owed", workflows.ItemNoEvidence: "evidence is missing", workflows.ItemOwnGlass: "its only voter broke the glass",
	}
	if s.Turn == release.ToCheck && s.Reason == workflows.ItemUnsigned {
		return s.Why
	}
	if s.Why != "" {
		return words[s.Reason] + ": " + s.Why
	}
	return words[s.Reason]
}

// waits is whose turn an open item is, for how long in working time, by when it is meant, and who could sign it as it is.
func waits(r release.Release, s release.Status, v View) string {
	out := waitsFor(r, s, v)
	if (s.Turn == release.ToDo || s.Turn == release.ToRework) && len(s.May) > 0 && !slices.Equal(s.Who, s.May) {
		out += fmt.Sprintf(" · may sign: %s (%s)", strings.Join(policy.Names(s.May), ", "), s.Item.Role)
	}
	return out
}

// waitsFor is whose turn an open item is, for how long in working time, and by when it is meant.
func waitsFor(r release.Release, s release.Status, v View) string {
	out := turnOf(s)
	if drawnOnce := v.Week.Zone == nil; len(s.Who) > 0 && (!drawnOnce || s.Since.After(r.Entered)) {
		out += comma(v.waited(s.Since, s.Item.Lead))
	}
	if due := r.Care[s.Full()].Due; !due.IsZero() {
		out += ", due " + target(due)
	}
	return out
}

func comma(s string) string {
	if s == "" {
		return ""
	}
	return ", " + s
}

// turnOf is whose turn an open item is, and what for.
func turnOf(s release.Status) string {
	switch {
	case len(s.Who) == 0 && s.Turn == release.ToCheck:
		return "waiting for the checks"
	case len(s.Who) == 0:
		return fmt.Sprintf("nobody can sign as %s", s.Item.Role)
	}
	who := "waiting for " + strings.Join(policy.Names(s.Who), ", ")
	switch s.Turn {
	case release.ToDo:
		return who + " to do it"
	case release.ToRework:
		return who + " to rework it"
	case release.ToUnblock:
		return who + " to withdraw that"
	case release.ToBrief:
		return who + " to have the briefing read"
	case release.ToApprove:
		return who + " to approve the notes"
	case release.ToCheck:
		return who + " to mend it"
	case release.ToAgree:
		return who + " to agree"
	}
	return fmt.Sprintf("%s (%s)", who, s.Item.Role)
}
