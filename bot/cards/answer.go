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

// Signed answers whoever voted: what counted, on what ground, and what comes next.
func Signed(events []workflows.Recorded, after release.Release, b *policy.Book, v View, line Line) chat.Message {
	var votes []release.Vote
	var taken []string
	for _, e := range events {
		switch e := e.Event.(type) {
		case release.Signed:
			votes = append(votes, e.Vote)
		case release.Withdrawn:
			taken = append(taken, e.Item)
		}
	}
	if len(votes) == 0 {
		return chat.Message{Title: "withdrawn " + strings.Join(taken, ", ") + " · " + standing(toCome(after, taken[0]), after, b, v, line)}
	}
	if len(votes) > 1 || votes[0].Value != release.OK {
		return chat.Message{Title: string(votes[0].Value) + " " + strings.Join(shortly(votes), ", ") + handed(votes, after, b, v) + " · " + standing(toCome(after, votes[0].Item), after, b, v, line)}
	}
	vote := votes[0]
	parts := []string{"ok " + vote.Item, voter(vote)}
	if bound(after, vote) {
		parts = append(parts, workflows.ShortID(vote.Commit))
	}
	if vote.ByHand {
		parts = append(parts, "by hand")
	}
	judged := release.CheckGate(after, gateOf(after, vote.Item), b, v.Now)
	if judged.Go && isNext(after, judged.Gate) || behind(after, judged.Gate) {
		parts = append(parts, standing(toCome(after, vote.Item), after, b, v, line))
	} else {
		parts = append(parts, fmt.Sprintf("%d/%d", judged.Done(), len(judged.Items))+notYet(judged, vote.Item))
	}
	return chat.Message{Title: strings.Join(parts, " · ")}
}

// handed says whose turn it is after a single vote that sent its item back.
func handed(votes []release.Vote, r release.Release, b *policy.Book, v View) string {
	if len(votes) > 1 || votes[0].Value != release.NeedsWork {
		return ""
	}
	for _, s := range release.CheckGate(r, gateOf(r, votes[0].Item), b, v.Now).Open() {
		if s.Full() == votes[0].Item {
			return " · " + turnOf(s)
		}
	}
	return ""
}

// notYet says why a vote that was just cast is not enough for its item.
func notYet(judged release.Verdict, full string) string {
	for _, s := range judged.Open() {
		if s.Full() == full {
			return " · not enough yet: " + strings.TrimPrefix(reasonWord(s), "not enough people: ") + ", " + turnOf(s)
		}
	}
	return ""
}

// Line writes a line to type from where the asker is: it names the release only where it must be.
type Line func(verb string, words ...string) string

func shortly(votes []release.Vote) []string {
	out := make([]string, len(votes))
	for i, vote := range votes {
		_, out[i], _ = strings.Cut(vote.Item, "/")
		if vote.ByHand {
			out[i] += " (by hand)"
		}
	}
	return out
}

func gateOf(r release.Release, full string) release.Gate {
	for _, g := range r.Gates {
		if strings.HasPrefix(full, g.Key()+"/") {
			return g
		}
	}
	return release.Gate{}
}

// toCome is the gate whose standing matters to whoever did something about an item: its own, or the next one where that
// was passed and the item is owed.
func toCome(r release.Release, full string) release.Gate {
	if g := gateOf(r, full); !behind(r, g) {
		return g
	}
	return nextGate(r)
}

func isNext(r release.Release, g release.Gate) bool {
	next, ok := r.Next()
	return ok && next.Key() == g.Key()
}

// standing is how a gate stands after an act, and the line that leads on.
func standing(g release.Gate, r release.Release, b *policy.Book, v View, line Line) string {
	judged := release.CheckGate(r, g, b, v.Now)
	s := verdict(r, judged)
	if r.Held != nil {
		return s + " → " + line("resume")
	}
	if judged.Go {
		if isNext(r, g) {
			return s + " → " + line("advance")
		}
		return s + " " + g.Title()
	}
	if open := judged.Open(); len(open) > 0 {
		return s + ": " + few(keys(open), fewItems)
	}
	return s + ": " + judged.Whole[0].Why + until(v, judged.Whole[0])
}

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

// Tally is what the record shows of a release's votes. Accounts that turned out to be one person's are one.
func Tally(r release.Release, b *policy.Book) string {
	voters := map[workflows.PersonID]bool{}
	for _, id := range r.Tally.Voters {
		voters[b.Canon(id)] = true
	}
	s := count(r.Tally.Votes, "vote")
	if r.Tally.Stale > 0 {
		s += fmt.Sprintf(" (%d went stale)", r.Tally.Stale)
	}
	switch {
	case r.Tally.Votes == 1:
		return s + ", by one person (recorded)"
	case len(voters) == 1:
		return s + ", all by one person (recorded)"
	}
	return s + fmt.Sprintf(" by %d people", len(voters))
}

// DryRun says what would follow, and that nothing did.
func DryRun(would chat.Message, told []workflows.Told) chat.Message {
	parts := []string{"DRY RUN " + would.Title}
	if s := Would(told); s != "" {
		parts = append(parts, "would "+s)
	}
	would.Title = strings.Join(append(parts, "nothing changed, nobody told"), " · ")
	would.Buttons, would.Small, would.Whole = nil, "", ""
	return would
}

// Would is whom an act tells, as a dry run says it.
func Would(told []workflows.Told) string {
	var out []string
	for _, t := range told {
		switch {
		case t.Edit:
			out = append(out, "edit the "+t.What+" in "+t.In())
		case t.N > 0 || t.Place.IsDirect():
			out = append(out, "tell "+t.In())
		default:
			out = append(out, "post in "+t.In())
		}
	}
	return strings.Join(out, ", ")
}

// Tells is whom an act tells, as its confirmation says it: places that hear something new.
func Tells(told []workflows.Told) string {
	var out []string
	seen := map[workflows.Place]bool{}
	for _, t := range told {
		if !t.Edit && !seen[t.Place] {
			seen[t.Place] = true
			out = append(out, t.In())
		}
	}
	if len(out) > 0 {
		return "tells " + strings.Join(out, ", ")
	}
	for _, t := range told {
		if t.Edit && !seen[t.Place] && t.What != "card" {
			seen[t.Place] = true
			out = append(out, t.In())
		}
	}
	if len(out) > 0 {
		return "edits what stands in " + strings.Join(out, ", ")
	}
	return "tells nobody"
}
