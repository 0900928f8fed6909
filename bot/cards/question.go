package cards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
)

// Question asks before a step towards danger: from what to what, whom it tells, until when only its asker may press.
func Question(r workflows.Receipt, v View) chat.Message {
	what, label, lines, ok := notesQuestion(r, v)
	if !ok {
		what, label = asks(r)
	}
	if r.Dry { // nothing is asked: the dry run says itself whom it would tell
		return chat.Message{Title: what, Lines: lines}
	}
	p := r.Confirm
	title := fmt.Sprintf("%s · %s · only %s, until %s", what, Tells(r.Told), p.By.At(), v.in(p.Until).Format("15:04"))
	yes := "confirm " + p.Key
	if p.Typed != "" { // at high risk the version is typed, not only a button pressed
		yes += " " + p.Typed
		label += "…"
	}
	return chat.Message{Title: title, Lines: lines, Small: "typed: " + yes + " · or: confirm " + p.Key + " no",
		Buttons: []chat.Button{{Label: label, Line: "confirm " + p.Key}, {Label: "Not now", Line: "confirm " + p.Key + " no"}}}
}

// asked0 is the event that a question is about: of several that follow from one line the one towards danger.
func asked0(events []workflows.Recorded) workflows.Event {
	for _, e := range events {
		if risk, ok := e.Event.(release.RiskSet); ok && risk.From.Above(risk.To) {
			return risk
		}
	}
	return events[0].Event
}

// asks words the question by what would happen.
func asks(r workflows.Receipt) (what, label string) {
	if len(r.Events) == 0 {
		return "Go on?", "Go on"
	}
	switch e := asked0(r.Events).(type) {
	case release.Passed:
		after := r.After.(release.Release)
		return fmt.Sprintf("Release %s (%s) to everyone? %s → %s", after.ID.Name(), commit(after), e.From, after.Stage().Title()), "Release to everyone"
	case release.GlassBroken:
		after := r.After.(release.Release)
		return fmt.Sprintf("Break the glass of %s? %s although %s", after.ID.Name(), brokenTo(r), lackingNow(e.Glass)), "Break the glass"
	case release.Waived:
		after := r.After.(release.Release)
		return fmt.Sprintf("Waive for %s? %s: %s", after.ID.Name(), strings.TrimPrefix(waiverSaid(e, after), "waived "), workflows.Display(e.Waiver.Why, maxText)), "Waive it"
	case release.RiskSet:
		return fmt.Sprintf("Treat %s with less care? risk %s → %s: %s", id(r).Name(), e.From, e.To, workflows.Display(e.Why, maxText)), "Lower the risk"
	case release.Adopted:
		before, after := r.Before.(release.Release), r.After.(release.Release)
		return fmt.Sprintf("Have %s go by %s as it stands now? %s", after.ID.Name(), e.Template, release.Between(before, after)), "Take it over"
	case release.Cancelled:
		before := r.Before.(release.Release)
		return fmt.Sprintf("Cancel %s? %s → cancelled", before.ID.Name(), before.Where()), "Cancel it"
	case release.RolledBack:
		return rollbackQuestion(r), "Roll back"
	case release.DeployBegun:
		return deployQuestion(e, r)
	case flag.Turned:
		return fmt.Sprintf("Set %s to %d %% in %s? %d %% → %d %%", r.Stream.ID(), e.To, e.Env, e.From, e.To), fmt.Sprintf("Set to %d %%", e.To)
	case briefing.Sent:
		return fmt.Sprintf("Send the briefing of %s to %s?", id(r).Name(), audienceNames(e.To)), "Send briefing"
	}
	return "Go on?", "Go on"
}

// brokenTo is from where to where breaking the glass leads.
func brokenTo(r workflows.Receipt) string {
	for _, e := range r.Events {
		if p, ok := e.Event.(release.Passed); ok {
			return p.From + " → " + p.To.Title()
		}
	}
	return "pass the gate"
}

// lacking is what a gate did not have when its glass was broken.
func lacking(g release.Glass) string {
	var keys []string
	for _, full := range g.Open {
		_, key, _ := strings.Cut(full, "/")
		keys = append(keys, key)
	}
	parts := slices.Clone(g.Whole)
	if len(keys) > 0 {
		parts = append([]string{fmt.Sprintf("%s (%s)", count(len(keys), "item"), few(keys, 2*fewItems))}, parts...)
	}
	return strings.Join(parts, "; ")
}

// lackingNow is that as the question says it.
func lackingNow(g release.Glass) string {
	if len(g.Open) > 0 {
		return "it lacks " + lacking(g)
	}
	return lacking(g)
}

func rollbackQuestion(r workflows.Receipt) string {
	before, after := r.Before.(release.Release), r.After.(release.Release)
	s := fmt.Sprintf("Roll %s back? %s → %s, on hold", before.ID.Name(), before.Where(), after.Where())
	for _, f := range r.Follows {
		if back, ok := f.Event.(flag.Reverted); ok {
			s += fmt.Sprintf(" · flag %s → %s", f.Stream.ID(), settings(back.To))
		}
	}
	for _, e := range r.Events {
		if d, ok := e.Event.(release.DeployBegun); ok {
			s += fmt.Sprintf(" · %s → %s", d.Env, commitOf(d))
		}
	}
	return s
}

func id(r workflows.Receipt) workflows.ReleaseID { return workflows.ReleaseID(r.Stream.ID()) }

func audienceNames(names []workflows.Audience) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return strings.Join(out, ", ")
}

// AddUndo offers to take a safe act back.
func AddUndo(m *chat.Message, p workflows.Pending, v View) {
	m.Buttons = append(m.Buttons, chat.Button{Label: "Undo", Line: "undo " + p.Key})
	m.Small = "typed: undo " + p.Key + ", until " + v.in(p.Until).Format("15:04")
}

// AddRaised says that an act raised the risk by itself, where it was about something else.
func AddRaised(m *chat.Message, r workflows.Receipt) {
	before, _ := r.Before.(release.Release)
	for _, e := range r.Events {
		if risk, ok := e.Event.(release.RiskSet); ok && risk.Rule != "" && before.Exists() {
			m.Title += fmt.Sprintf(" · risk %s → %s, %s → /release help risk", risk.From, risk.To, risk.Why)
		}
	}
}
