package cards

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// deployLine is where a release was deployed last: "deployed · staging 3f2a9c1 ✓ 2026-01-05 09:00 · production 3f2a9c1
// running since …". A card stays as it is until something changes: it tells moments, no spans.
func deployLine(r release.Release, v View) string {
	var out []string
	for _, d := range r.Latest() {
		out = append(out, fmt.Sprintf("%s %s %s", d.Env, workflows.ShortID(d.Commit), deployWord(d, v)))
	}
	if len(out) == 0 {
		return ""
	}
	return "deployed · " + strings.Join(out, " · ")
}

func deployWord(d release.Deploying, v View) string {
	switch d.State {
	case workflows.DeploySucceeded:
		return "✓ " + stamp(v, d.Since)
	case release.DeployAsked, workflows.DeployRunning:
		return "running since " + stamp(v, d.At)
	case workflows.DeployUnknown:
		return fmt.Sprintf("«%s», since %s", workflows.Display(d.Said, 40), stamp(v, d.Since))
	case release.DeployUnclear:
		return "? nobody knows whether it began, since " + stamp(v, d.Since)
	}
	return "✗ " + d.Stands() + linked(d.Link)
}

// deployStands says how a deployment stands by now, as the end of a sentence.
func deployStands(e release.Deployed) string {
	s := release.Deploying{State: e.State, Said: e.Said}.Stands()
	if e.Late {
		s += ", behind the rollback"
	}
	return s
}

// troubled is what is said of a deployment that did not go well.
func troubled(e release.Deployed, r release.Release) map[string]any {
	next := ""
	if e.Of != "" && e.State != release.DeployUnclear && !e.Late {
		next = workflows.Line(string(r.ID), "rollback start", "-- again")
	}
	return map[string]any{"Env": e.Env, "Commit": e.Commit, "Of": e.Of, "Stands": deployStands(e), "Why": e.Why, "Link": e.Link,
		"Late": e.Late, "Unclear": e.State == release.DeployUnclear, "Next": next}
}

// commitOf is what a deployment brings: a commit, and whose it is where it comes back.
func commitOf(e release.DeployBegun) string {
	if e.Of == "" {
		return workflows.ShortID(e.Commit)
	}
	return workflows.ShortID(e.Commit) + " of " + e.Of.Name()
}

func deployQuestion(e release.DeployBegun, r workflows.Receipt) (what, label string) {
	if e.Of != "" {
		return fmt.Sprintf("Bring %s back to %s once more? %s", commitOf(e), e.Env, workflows.Display(e.Why, maxText)), "Bring it back"
	}
	before, _ := r.Before.(release.Release)
	from := "nothing of this release"
	for _, d := range before.Latest() {
		if d.Env == e.Env {
			from = fmt.Sprintf("%s (%s)", workflows.ShortID(d.Commit), d.Stands())
		}
	}
	return fmt.Sprintf("Deploy %s to %s, where users are? %s → %s", before.ID.Name(), e.Env, from, workflows.ShortID(e.Commit)), "Deploy to " + string(e.Env)
}

// Deploying answers `candidate deploy`.
func Deploying(e release.DeployBegun, r release.Release) chat.Message {
	how := "by a deployment"
	if e.Workflow != "" {
		how = "by " + e.Workflow
	}
	return chat.Message{Title: fmt.Sprintf("%s · %s → %s, %s → /release candidate where %s", r.ID.Name(), commitOf(e), e.Env, how, r.ID)}
}

// DeployButtons bring the candidate where it can be brought now.
func DeployButtons(r release.Release, envs []workflows.Environment) []chat.Button {
	var out []chat.Button
	for _, env := range envs {
		out = append(out, chat.Button{Label: "Deploy to " + string(env), Line: fmt.Sprintf("candidate deploy %d %s", r.Number, env), Basis: Basis(r.DeployBasis())})
	}
	return out
}

// Whereabouts answers `candidate where`: for each environment what is there, since when, whose it is, and what is not as it should
// be.
func Whereabouts(r release.Release, w release.Whereabouts, v View) chat.Message {
	m := chat.Message{Title: fmt.Sprintf("%s · which commit is where", w.Product), Whole: whole(r, "candidate where")}
	if w.Asked != nil {
		m.Title = fmt.Sprintf("%s · %s %s", w.Product, w.Asked.Short(), heldIn(w))
	}
	for _, s := range w.Sites {
		m.Lines = append(m.Lines, siteLine(r, s, v))
		if s.Run != nil {
			m.Lines = append(m.Lines, "  "+runLine(*s.Run, v))
		} else if ill := endedIll(r, s); ill != "" {
			m.Lines = append(m.Lines, "  "+ill)
		}
		if s.Coming != nil {
			m.Lines = append(m.Lines, fmt.Sprintf("  others have %s on its way there%s", workflows.ShortID(s.Coming.Commit), linked(s.Coming.Link)))
		}
		for _, d := range s.Drift {
			m.Lines = append(m.Lines, "  ! "+d)
		}
	}
	if w.Silent != "" {
		m.Lines = append(m.Lines, "by the record alone: "+workflows.Display(w.Silent, maxText)+" → readyroom doctor, by whoever runs the bot")
	}
	m.Buttons = DeployButtons(r, w.Next)
	return m
}

// heldIn says in which environments a commit is.
func heldIn(w release.Whereabouts) string {
	var in, not, unknown []string
	for _, s := range w.Sites {
		c := s.Commit()
		switch holds, known := w.Holds[c]; {
		case holds && c == w.Asked.ID:
			in = append(in, string(s.Env))
		case holds:
			in = append(in, fmt.Sprintf("%s (within %s)", s.Env, workflows.ShortID(c)))
		case c == "" || known:
			not = append(not, string(s.Env))
		default:
			unknown = append(unknown, string(s.Env))
		}
	}
	parts := []string{"is in " + cmp.Or(strings.Join(in, ", "), "none of them")}
	if len(not) > 0 && len(in) > 0 {
		parts = append(parts, "not in "+strings.Join(not, ", "))
	}
	if len(unknown) > 0 {
		parts = append(parts, "it cannot be told of "+strings.Join(unknown, ", "))
	}
	return strings.Join(parts, " · ")
}

func siteLine(r release.Release, s release.Whereabout, v View) string {
	at, here := string(s.Env), s.Commit()
	switch {
	case here == "":
		return at + " · nothing is known to be there"
	case r.Candidate != nil && here == r.Candidate.Commit.ID:
		at += " · " + workflows.ShortID(here) + ", the candidate"
	default:
		at += " · " + workflows.ShortID(here)
	}
	if s.Had != nil && s.Had.Commit == here {
		return fmt.Sprintf("%s · of %s · since %s, by %s%s", at, s.Had.Release.Name(), stamp(v, s.Had.At), s.Had.By.At(), linked(s.Had.Link))
	}
	return fmt.Sprintf("%s · since %s%s", at, stamp(v, s.Forge.At), linked(s.Forge.Link))
}

// endedIll is what became of the release's last deployment to an environment, where it brought nothing there and nothing came
// there since.
func endedIll(r release.Release, s release.Whereabout) string {
	for _, d := range r.Latest() {
		ill := d.State == release.DeployRefused || d.State == workflows.DeployFailed
		if d.Env != s.Env || !ill || s.Commit() == d.Commit || s.Had != nil && s.Had.At.After(d.Since) {
			continue
		}
		said := fmt.Sprintf("! deploying %s %s", workflows.ShortID(d.Commit), d.Stands())
		if d.Why != "" {
			said += ": " + workflows.Display(d.Why, maxText)
		}
		return said + linked(d.Link)
	}
	return ""
}

func runLine(run release.Run, v View) string {
	stands := release.Deploying{State: run.State}.Stands()
	s := fmt.Sprintf("%s of %s %s, since %s, by %s%s", workflows.ShortID(run.Commit), cmp.Or(run.Of, run.Release).Name(), stands, stamp(v, run.At), run.By.At(), linked(run.Link))
	switch {
	case run.State == release.DeployUnclear:
		s += " → readyroom undelivered, by whoever runs the bot"
	case release.Slow(run.At, v.Now):
		s += " · it takes long: look there"
	}
	return s
}

func linked(link string) string {
	if link == "" {
		return ""
	}
	return " · " + workflows.Display(link, 200)
}

// returnLines are the steps of a rollback that bring the last good commit back to users, or leave that to people.
func returnLines(p release.Plan, v View) []string {
	var out []string
	back := p.Return
	if back.To != nil {
		out = append(out, fmt.Sprintf("deploy %s of %s again, the last good commit where users are, there since %s",
			workflows.ShortID(back.To.Commit), back.To.Release.Name(), stamp(v, back.To.At)))
	}
	if back.Why != "" {
		out = append(out, "nothing is deployed: "+back.Why)
	}
	if p.Good != "" && p.Good != p.Opening.Commit && back.To == nil {
		line := fmt.Sprintf("by you: deploy %s, the last good commit", workflows.ShortID(p.Good))
		if back.Why == "" {
			line += " (no deployment is configured here)"
		}
		out = append(out, line)
	}
	if back.Run != nil {
		out = append(out, fmt.Sprintf("look after %s of %s, on its way there since %s: it may arrive behind all this",
			workflows.ShortID(back.Run.Commit), back.Run.Release.Name(), stamp(v, back.Run.At)))
	}
	return out
}

// againPlan is what is left of a rollback whose deployment did not go well.
func againPlan(r release.Release, p release.Plan) chat.Message {
	return chat.Message{Title: fmt.Sprintf("%s is rolled back, and %s of %s did not arrive where users are", r.ID.Name(), workflows.ShortID(p.Good), p.Return.To.Release.Name()),
		Lines:   []string{"1. deploy it once more"},
		Buttons: []chat.Button{{Label: "Roll back", Line: fmt.Sprintf("rollback start --rel %d", r.Number)}}}
}
