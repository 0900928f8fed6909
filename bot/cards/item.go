package cards

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
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
	if s.State == release.Open {
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
	if s.Why != "" {
		return words[s.Reason] + ": " + s.Why
	}
	return words[s.Reason]
}

// waits is whose turn an open item is, for how long in working time, and by when it is meant.
func waits(r release.Release, s release.Status, v View) string {
	out := turnOf(s)
	if drawnOnce := v.Week.Zone == nil; len(s.Who) > 0 && (!drawnOnce || s.Since.After(r.Entered)) {
		out += comma(v.waited(s.Since, s.Item.Lead))
	}
	if due := r.Care[s.Full()].Due; !due.IsZero() {
		out += ", due " + target(due)
	}
	if (s.Turn == release.ToDo || s.Turn == release.ToRework) && len(s.May) > 0 && !slices.Equal(s.Who, s.May) {
		out += fmt.Sprintf(" · may sign: %s (%s)", strings.Join(policy.Names(s.May), ", "), s.Item.Role)
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
	if len(s.Who) == 0 {
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
	case release.ToAgree:
		return who + " to agree"
	}
	return fmt.Sprintf("%s (%s)", who, s.Item.Role)
}

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

// Item shows one item in full, with a button for each vote that the reader may cast.
func Item(r release.Release, s release.Status, v View, may ...release.Value) chat.Message {
	passed := behind(r, s.Gate)
	state := stateWord(s)
	if passed {
		state = "passed"
	}
	owed := passed && r.Owes(s)
	if owed {
		state = "owed"
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
	if s.State == release.Open && (!passed || owed) {
		add("%s · %s", reasonWord(s), waits(r, s, v))
	}
	arrangements(r, s, v, add)
	for _, value := range may {
		if (!passed || owed) && !r.Over() {
			m.Buttons = append(m.Buttons, SignButton(r, s, value))
		}
	}
	return m
}

// arrangements is what people arranged about an item beside its votes.
func arrangements(r release.Release, s release.Status, v View, add func(string, ...any)) {
	c := r.Care[s.Full()]
	if c.Owner != "" {
		add("%s makes it true%s", c.Owner.At(), by(c.Due))
	}
	if a := c.Asked; a != nil {
		whom := string(s.Item.Role)
		if a.Who != "" {
			whom = a.Who.At()
		}
		add("%s asked %s to sign · %s%s", a.By.At(), whom, stamp(v, a.At), spoken(a.Link, a.Note))
	}
	if c.Plan != nil {
		add("%s: %s", planned(r, s.Full()), workflows.Display(c.Plan.What, maxText))
	}
	if c.Waiver != nil {
		add("%s", waived(*c.Waiver, v))
	}
	if added := r.Adders[s.Full()]; added != "" {
		add("added to this release by %s%s", added.At(), map[bool]string{true: ", after the cut-off"}[s.Item.Late])
	}
}

func by(due time.Time) string {
	if due.IsZero() {
		return ""
	}
	return " by " + target(due)
}

// spoken joins what people gave along: a link, a note.
func spoken(texts ...string) string {
	out := ""
	for _, t := range texts {
		if t != "" {
			out += " · " + workflows.Display(t, maxText)
		}
	}
	return out
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
	case release.IsPlanned:
		return "planned"
	case release.IsWaived:
		return "waived"
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
			title, line = gateTitle(g)+" · passed", func(s release.Status) string { return passedLine(r, s, v) }
		}
		m.Lines = append(m.Lines, title)
		for _, s := range judged.Items {
			m.Lines = append(m.Lines, "  "+line(s))
		}
	}
	return m
}

// Check is GO or NO-GO and why: every open item of a gate, whose turn it is, since when.
func Check(w Whole, judged release.Verdict, v View, sign func(release.Status) bool, line Line) chat.Message {
	r := w.Release
	word := verdict(r, judged)
	m := chat.Message{Title: fmt.Sprintf("%s · %s · %s", word, r.ID.Name(), judged.Gate.Title())}
	if r.Over() {
		m.Title = fmt.Sprintf("%s · %s", r.ID.Name(), r.Where())
	}
	if r.Held != nil {
		m.Lines = append(m.Lines, fmt.Sprintf("on hold by %s since %s: %s", r.Held.By.At(), stamp(v, r.Held.At), workflows.Display(r.Held.Why, maxText)))
	}
	var mine []string
	for _, s := range judged.Open() {
		m.Lines = append(m.Lines, ItemLine(r, s, v)+moves(r, s, v, line))
		if !sign(s) {
			continue
		}
		mine = append(mine, s.Item.Key)
		if len(m.Buttons) < maxSignButtons {
			m.Buttons = append(m.Buttons, SignButton(r, s, release.OK))
		}
	}
	for _, b := range judged.Whole {
		m.Lines = append(m.Lines, "✗ "+b.Why+until(v, b)+byWhom(b)+pays(b, v, line))
	}
	m.Lines = append(m.Lines, debtLines(r, w.Book, v, judged.Whole...)...)
	if s := offered(r, w.Offer); s != "" {
		m.Lines = append(m.Lines, s)
	}
	if len(mine) > 0 {
		m.Title += fmt.Sprintf(" · %d yours", len(mine))
		m.Lines = append(m.Lines, "you may sign → "+line("sign", strings.Join(mine, ",")))
	}
	if judged.Go && r.Held == nil {
		m.Buttons = append(m.Buttons, AdvanceButton(r))
	}
	return warned(m, r)
}

// moves is the line with which the reader hands an open item on, where that is no signature.
func moves(r release.Release, s release.Status, v View, line Line) string {
	name := s.Full()
	if next, _ := r.Next(); next.Key() == s.Gate.Key() { // where it is looked for first
		name = s.Item.Key
	}
	switch mine := slices.Contains(s.Who, v.Me); {
	case v.Me == "":
		return ""
	case mine && s.Turn == release.ToUnblock:
		return " → " + line("sign", name, "withdraw -- why")
	case mine && (s.Turn == release.ToDo || s.Turn == release.ToRework):
		return " → " + line("item ask", name)
	case mine && s.Turn == release.ToAgree:
		return " → " + line("item waive", name, s.Waiver.Owner.At(), "--until "+typed(s.Waiver.Until), "-- I agree")
	case v.Me == r.Manager && !mine && s.Turn == release.ToSign && len(s.Who) > 0 && r.Care[s.Full()].Asked == nil && v.longer(s.Since):
		return " → " + line("item ask", name, s.Who[0].At())
	}
	return ""
}

// pays is the line with which the reader makes good what an earlier gate let through.
func pays(b release.Blocker, v View, line Line) string {
	if b.Item == "" || !slices.Contains(b.Who, v.Me) {
		return ""
	}
	return " → " + line("sign", b.Item)
}

// maxSignButtons leaves room for the others in one row of a platform's five.
const maxSignButtons = 4

func byWhom(b release.Blocker) string {
	if len(b.Who) == 0 {
		return ""
	}
	return " · waiting for " + strings.Join(policy.Names(b.Who), ", ")
}
