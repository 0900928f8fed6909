package cards

import (
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

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
	for _, g := range r.Glass {
		if g.Review == s.Full() {
			add("%s", broken(r, g, v))
		}
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
	m := chat.Message{Title: fmt.Sprintf("%s · %s", r.ID.Name(), r.Where()), Whole: whole(r, "item list")}
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
