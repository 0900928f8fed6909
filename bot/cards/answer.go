package cards

import (
	"fmt"
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
