package cards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Moved answers whoever moved the candidate: what went stale, what holds, and whether it brings much at once.
func Moved(before, after release.Release, f release.Facts, v View, line Line, dry bool) chat.Message {
	return warned(moved(before, after, f, v, line, dry), after)
}

func moved(before, after release.Release, f release.Facts, v View, line Line, dry bool) chat.Message {
	b := f.Book
	if before.Candidate == nil {
		return chat.Message{Title: fmt.Sprintf("candidate %s · %s", commit(after), standing(nextGate(after), after, b, v, line))}
	}
	stale, holds, back := fate(before, after, b, v)
	var parts []string
	if len(stale) > 0 {
		parts = append(parts, strings.Join(stale, ", ")+map[bool]string{true: plural(stale, " goes stale", " go stale"), false: " went stale"}[dry])
	}
	if len(holds) > 0 && (dry || len(stale) == 0) {
		parts = append(parts, strings.Join(holds, ", ")+plural(holds, " holds", " hold"))
	}
	if len(back) > 0 {
		parts = append(parts, strings.Join(back, ", ")+plural(back, " counts again", " count again"))
	}
	if len(parts) == 0 {
		parts = append(parts, "no vote was standing")
	}
	title := fmt.Sprintf("%s → %s: %s", commit(before), commit(after), strings.Join(parts, "; "))
	if dry {
		return chat.Message{Title: title}
	}
	judged := release.Check(after, b, v.Now)
	next := " · " + verdict(after, judged)
	if open := judged.Open(); len(open) > 0 && after.Held == nil {
		mine := slices.DeleteFunc(open, func(s release.Status) bool { return !release.MaySign(after, s, f) })
		if len(mine) == 0 {
			return chat.Message{Title: title + next + " → " + line("check")}
		}
		return chat.Message{Title: title + next + " → " + line("sign", strings.Join(keys(mine), ","))}
	}
	return chat.Message{Title: title + " · " + standing(judged.Gate, after, b, v, line)}
}

func nextGate(r release.Release) release.Gate {
	g, _ := r.Next()
	return g
}

func plural(items []string, one, many string) string {
	if len(items) == 1 {
		return one
	}
	return many
}

// fate names what a move of the candidate did to items: those that lost a vote, those that hold as before, and those
// that have a vote back because the candidate moved back. A passed gate's votes go stale like any others.
func fate(before, after release.Release, b *policy.Book, v View) (stale, holds, back []string) {
	for _, g := range before.Gates {
		now := release.CheckGate(after, g, b, v.Now)
		for i, item := range g.Items {
			lost, won := false, false
			for _, vote := range before.Votes {
				if vote.Item == g.Full(item) && (vote.Value == release.OK || vote.Value == release.NA) {
					lost = lost || before.Fresh(vote) && !after.Fresh(vote)
					won = won || !before.Fresh(vote) && after.Fresh(vote)
				}
			}
			switch {
			case lost:
				stale = append(stale, item.Key)
			case won:
				back = append(back, item.Key)
			case now.Items[i].State != release.Open && !behind(after, g):
				holds = append(holds, item.Key)
			}
		}
	}
	return distinct(stale), distinct(holds), distinct(back)
}

// distinct names once what two gates ask by one name.
func distinct(keys []string) []string {
	var out []string
	for _, k := range keys {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// Advanced answers whoever passed a gate: where it is now, and what is open before the next one.
func Advanced(r release.Release, b *policy.Book, v View) chat.Message {
	if r.Stage() == workflows.Closed {
		return chat.Message{Title: "closed · " + Tally(r, b)}
	}
	lead := "to close"
	if next, _ := r.Next(); next.Opens() {
		lead = next.Title()
	}
	return chat.Message{Title: news(r.ID, r.Stage()) + " · " + lead + ": " + ahead(r, b, v)}
}

// ahead is what is open at the next gate.
func ahead(r release.Release, b *policy.Book, v View) string {
	if open := keys(release.Check(r, b, v.Now).Open()); len(open) > 0 {
		return few(open, 2*fewItems)
	}
	return "nothing is open"
}
