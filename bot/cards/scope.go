package cards

import (
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
)

// Where says where a release stands that the scope of another lists; empty: nothing is known of it.
type Where func(workflows.ReleaseID) string

// Scope answers `scope list`: what is planned, for whom, whether it is in the candidate, and what was said on the issues that
// wait for it.
func Scope(r release.Release, where Where, said feedback.Feedback, home workflows.Home, v View) chat.Message {
	parts := []string{"scope of " + r.ID.Name()}
	if !r.Cutoff.IsZero() {
		parts = append(parts, cutoffLine(r, v.Now))
	}
	if len(r.Scope) == 0 {
		parts = append(parts, "nothing is planned yet → /release scope add URL")
	} else {
		parts = append(parts, scopeCount(r))
	}
	m := chat.Message{Title: strings.Join(parts, " · "), Whole: whole(r, "scope list")}
	brings := r.Brings()
	for _, e := range r.Scope {
		parts := append([]string{entryLine(e, brought(r, e, brings(e), where))}, entryTold(e, said, home)...)
		m.Lines = append(m.Lines, strings.Join(parts, " · "))
	}
	return m
}

// scopeCount is how much is planned, and how much of it came late: "7 (2 late)".
func scopeCount(r release.Release) string {
	if n := r.Late(); n > 0 {
		return fmt.Sprintf("%d (%d late)", len(r.Scope), n)
	}
	return fmt.Sprint(len(r.Scope))
}

func cutoffLine(r release.Release, now time.Time) string {
	s := "cut-off " + r.Cutoff.Format("Mon ") + target(r.Cutoff)
	if release.Overdue(r.Cutoff, now) {
		s += " (past)"
	}
	return s
}

// entryLine is one entry of a scope in full.
func entryLine(e release.Entry, brought string) string {
	parts := []string{fmt.Sprintf("%d · %s", e.N, show(e.Name())), brought}
	if len(e.For) > 0 {
		parts = append(parts, "for "+show(strings.Join(e.For, ", ")))
	}
	if len(e.Labels) > 0 {
		parts = append(parts, show(strings.Join(e.Labels, ", ")))
	}
	if e.From != "" {
		parts = append(parts, "from "+show(e.From))
	}
	if e.Late {
		parts = append(parts, "late, by "+e.By.At()+": "+show(e.Why))
	}
	return strings.Join(parts, " · ")
}

// brought says whether an entry is in the candidate; of a feature, where its own release stands.
func brought(r release.Release, e release.Entry, b release.Brought, where Where) string {
	if e.Feature != "" {
		if s := where(e.Feature); s != "" {
			return s
		}
		return "no longer known"
	}
	switch {
	case b == release.In:
		return "in " + commit(r)
	case b == release.NotIn:
		return "not in the candidate"
	case r.Candidate == nil:
		return "no candidate yet"
	case e.URL == "":
		return "no reference to look for"
	case r.Candidate.More:
		return "not among the newest references of the candidate"
	}
	return "not named by " + commit(r) + "; of a first release only that commit is read"
}

func show(text string) string { return workflows.Display(text, maxText) }

// ScopeAdded answers `scope add` and `scope from`.
func ScopeAdded(events []workflows.Recorded, r release.Release, home workflows.Home) chat.Message {
	var title string
	var lines []string
	late := false
	for _, e := range events {
		added, ok := e.Event.(release.ScopeAdded)
		if !ok {
			continue
		}
		late, lines = added.Entries[0].Late, askedFor(added.Entries, home)
		title = fmt.Sprintf("in the scope as %d: %s", added.Entries[0].N, show(added.Entries[0].Name()))
		if added.From != "" {
			title = fmt.Sprintf("%d added from %s", len(added.Entries), show(added.From))
			if added.Already > 0 {
				title += fmt.Sprintf(", %d %s there already", added.Already, map[bool]string{true: "was", false: "were"}[added.Already == 1])
			}
		}
	}
	if late {
		title += " · late: the cut-off was " + target(r.Cutoff)
	}
	return chat.Message{Title: title + " · scope " + scopeCount(r), Lines: lines}
}

// ScopeDropped answers `scope drop`.
func ScopeDropped(events []workflows.Recorded, r release.Release) chat.Message {
	title := "dropped"
	for _, e := range events {
		if d, ok := e.Event.(release.ScopeDropped); ok {
			title = fmt.Sprintf("dropped %d: %s", d.Entry.N, show(d.Entry.Name()))
		}
	}
	return chat.Message{Title: title + " · scope " + scopeCount(r)}
}

// planLines is what a card shows of the plan: the cut-off, the scope, what the release waits for, a candidate that is large.
func planLines(r release.Release, v View) []string {
	var out []string
	if !r.Cutoff.IsZero() && !r.Over() {
		out = append(out, cutoffLine(r, v.Now))
	}
	if len(r.Scope) > 0 {
		s := "scope " + scopeCount(r)
		if n := len(r.Missing()); n > 0 {
			s += fmt.Sprintf(" · %d not in %s", n, commit(r))
		}
		out = append(out, s)
	}
	for _, d := range r.After {
		out = append(out, "after "+d.ID.Name()+" · "+d.Stands())
	}
	if s := large(r); s != "" {
		out = append(out, s)
	}
	return out
}

// large warns of a candidate that brings much at once; empty where it does not.
func large(r release.Release) string {
	if r.Candidate == nil || !r.Candidate.Size.Large() || r.Over() {
		return ""
	}
	return "large: " + r.Candidate.Size.String() + " — smaller releases fail less"
}

// sizeLine says how much a candidate brings.
func sizeLine(c *release.Candidate) string {
	if c.Base == "" {
		return "first release: how much it brings is measured from the next one on"
	}
	since := fmt.Sprintf("since the last candidate in GA (%s)", workflows.ShortID(c.Base))
	if c.Size.Commits > 0 {
		return fmt.Sprintf("%s, %s, %s", c.Size, count(c.Size.Files, "file"), since)
	}
	commits := 0
	for _, w := range c.Written { // an older record measured no more
		commits += w.Commits
	}
	return count(commits, "commit") + " " + since
}

// warned adds what somebody who moved the candidate should know.
func warned(m chat.Message, r release.Release) chat.Message {
	if s := large(r); s != "" {
		m.Lines = append(m.Lines, s)
	}
	return m
}

// AskedFor tells a person that what is in the scope for them reached them, was taken back, or will never come. Who is not of the team
// reads of what they asked for by its reference alone: the team's words about it, and about what went wrong, are its own.
func AskedFor(e workflows.Recorded, r release.Release, id workflows.PersonID, inside bool) chat.Message {
	data := map[string]any{"Name": r.ID.Name(), "News": "", "Why": ""}
	switch ev := e.Event.(type) {
	case release.Passed:
		data["News"] = news(r.ID, ev.To)
	case release.RolledBack:
		if inside {
			data["Why"] = ev.Why
		}
	case release.Cancelled:
		if data["News"] = r.ID.Name() + " will not come"; inside {
			data["Why"] = ev.Why
		}
	}
	var what []string
	brings := r.Brings()
	for _, x := range r.Asked(id) {
		if !inside {
			x.Title = ""
		}
		line := show(x.Name())
		if inside && brings(x) == release.NotIn {
			line += " · no commit of it says so"
		}
		what = append(what, line)
	}
	data["What"] = what
	return say("asked-for", data)
}

// setPlan words what a change says of the cut-off and of what is waited for.
func setPlan(c release.Changed) []string {
	var parts []string
	switch {
	case c.Cutoff == nil:
	case c.Cutoff.IsZero():
		parts = append(parts, "no cut-off any more")
	default:
		parts = append(parts, "cut-off "+day(*c.Cutoff))
	}
	switch {
	case c.After == nil:
	case len(*c.After) == 0:
		parts = append(parts, "waits for no other release")
	default:
		var names []string
		for _, d := range *c.After {
			names = append(names, d.ID.Name()+" ("+d.Stands()+")")
		}
		parts = append(parts, "after "+strings.Join(names, ", "))
	}
	return parts
}
