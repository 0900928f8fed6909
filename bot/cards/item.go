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

// ItemLine is one line of a checklist: an icon and the word for it, whose word it rests on, whose turn it is.
func ItemLine(r release.Release, s release.Status, v View) string {
	var parts []string
	switch s.State {
	case release.Holds:
		parts = append(parts, "✓ "+s.Item.Key)
	case release.NotApplicable:
		parts = append(parts, "– "+s.Item.Key+" · not applicable")
	default:
		parts = append(parts, icon(s.Reason)+" "+s.Item.Key+" · "+reasonWord(s))
	}
	for _, vote := range s.Votes {
		line := VoteLine(r, vote, v)
		if s.Reason == workflows.ItemNeedsWork || s.Reason == workflows.ItemBlocked || s.State == release.NotApplicable {
			line = strings.TrimPrefix(line, string(vote.Value)+" ") // the item says that already
		}
		parts = append(parts, line)
	}
	if s.State == release.Open {
		parts = append(parts, waits(s))
	}
	return strings.Join(parts, " · ")
}

// passedLine is an item of a gate that was passed: what it rested on then. What became of that since opens nothing.
func passedLine(s release.Status, v View) string {
	parts := []string{"✓ " + s.Item.Key}
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
		workflows.ItemUnauthorised: "its voter may no longer sign it",
	}
	if s.Why != "" {
		return words[s.Reason] + ": " + s.Why
	}
	return words[s.Reason]
}

func waits(s release.Status) string {
	if len(s.Who) == 0 {
		return fmt.Sprintf("nobody can sign as %s", s.Item.Role)
	}
	who := "waiting for " + strings.Join(policy.Names(s.Who), ", ")
	if s.Reason == workflows.ItemNeedsWork || s.Reason == workflows.ItemBlocked { // the turn of one person, whatever their roles
		return who
	}
	return fmt.Sprintf("%s (%s)", who, s.Item.Role)
}

// VoteLine is a vote as evidence: who, as which role, for which commit, when, on what ground.
func VoteLine(r release.Release, vote release.Vote, v View) string {
	parts := []string{voter(vote)}
	counts := vote.Value == release.OK || vote.Value == release.NA
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
	who := vote.By.At() + " as " + policy.Holding{Role: vote.As, Owner: vote.Owner}.String()
	if vote.Machine != "" {
		who += " through " + string(vote.Machine)
	}
	return who
}

// Item shows one item in full, with a button for each vote that the reader may cast.
func Item(r release.Release, s release.Status, v View, may ...release.Value) chat.Message {
	passed := behind(r, s.Gate)
	state := stateWord(s)
	if passed {
		state = "passed"
	}
	m := chat.Message{Title: fmt.Sprintf("%s · %s · %s", s.Full(), r.ID.Name(), state)}
	add := func(format string, args ...any) { m.Lines = append(m.Lines, fmt.Sprintf(format, args...)) }
	add("%s", s.Item.Text)
	add("signed by %s%s", s.Item.Role, wanted(s.Item))
	if b := s.Item.Binds; b != release.Unbound {
		add("vouches for %s of the candidate, %s", boundTo(r, b), commit(r))
	}
	if s.Item.From != release.ByHand {
		add("follows from %s", s.Item.From)
	}
	for _, vote := range s.Votes {
		if passed {
			add("%s", cast(vote, v))
		} else {
			add("%s", VoteLine(r, vote, v))
		}
	}
	if s.State == release.Open && !passed {
		add("%s · %s", reasonWord(s), waits(s))
	}
	for _, value := range may {
		if !passed && !r.Over() {
			m.Buttons = append(m.Buttons, SignButton(r, s, value))
		}
	}
	return m
}

func wanted(i release.Item) string {
	if i.Evidence == "" {
		return ""
	}
	return ", with the " + i.Evidence
}

func boundTo(r release.Release, b release.Binding) string {
	switch {
	case len(r.Paths) > 0:
		return "what is under " + strings.Join(r.Paths, ", ")
	case b == release.ToCommit && !r.ID.IsFeature():
		return "the commit"
	}
	return "the tree"
}

func stateWord(s release.Status) string {
	switch s.State {
	case release.Holds:
		return "ok"
	case release.NotApplicable:
		return "not applicable"
	}
	return reasonWord(s)
}

// SignButton votes on one item as it was drawn. What needs a note asks for it in a form.
func SignButton(r release.Release, s release.Status, value release.Value) chat.Button {
	label := map[release.Value]string{release.OK: "Sign " + s.Item.Key, release.NeedsWork: "Needs work…", release.Block: "Block…"}[value]
	return chat.Button{Label: label, Line: fmt.Sprintf("sign %d %s %s", r.Number, s.Full(), value), Basis: Basis(r.BasisOf(s.Full()))}
}

// Items lists every item of a release by gate.
func Items(r release.Release, b *policy.Book, v View) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("%s · %s", r.ID.Name(), r.Where())}
	for i, g := range r.Gates {
		judged := release.CheckGate(r, g, b, v.Now)
		title, line := fmt.Sprintf("%s · %d/%d", gateTitle(g), judged.Done(), len(judged.Items)), func(s release.Status) string { return ItemLine(r, s, v) }
		if i < r.Passed {
			title, line = gateTitle(g)+" · passed", func(s release.Status) string { return passedLine(s, v) }
		}
		m.Lines = append(m.Lines, title)
		for _, s := range judged.Items {
			m.Lines = append(m.Lines, "  "+line(s))
		}
	}
	return m
}

// Check is GO or NO-GO and why: every open item of a gate, whose turn it is, since when.
func Check(w Whole, judged release.Verdict, v View, sign func(release.Status) bool) chat.Message {
	r := w.Release
	word := verdict(r, judged)
	m := chat.Message{Title: fmt.Sprintf("%s · %s · %s", word, r.ID.Name(), judged.Gate.Title())}
	if r.Over() {
		m.Title = fmt.Sprintf("%s · %s", r.ID.Name(), r.Where())
	}
	if r.Held != nil {
		m.Lines = append(m.Lines, fmt.Sprintf("on hold by %s since %s: %s", r.Held.By.At(), stamp(v, r.Held.At), workflows.Display(r.Held.Why, maxText)))
	}
	for _, s := range judged.Open() {
		m.Lines = append(m.Lines, ItemLine(r, s, v)+" · since "+v.in(s.Since).Format("2006-01-02"))
		if sign(s) && len(m.Buttons) < maxSignButtons {
			m.Buttons = append(m.Buttons, SignButton(r, s, release.OK))
		}
	}
	for _, b := range judged.Whole {
		m.Lines = append(m.Lines, "✗ "+b.Why+until(v, b)+byWhom(b))
	}
	if judged.Go && r.Held == nil {
		m.Buttons = append(m.Buttons, AdvanceButton(r))
	}
	return m
}

// maxSignButtons leaves room for the others in one row of a platform's five.
const maxSignButtons = 4

func byWhom(b release.Blocker) string {
	if len(b.Who) == 0 {
		return ""
	}
	return " · waiting for " + strings.Join(policy.Names(b.Who), ", ")
}
