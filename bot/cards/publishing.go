package cards

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// whither is where notes go: "#news, the release v1.0.0 of acme/app".
func whither(to []notes.Channel, outlets []notes.Outlet) string {
	var out []string
	for _, c := range to {
		out = append(out, c.Place.Channel())
	}
	for _, o := range outlets {
		out = append(out, outlet(o))
	}
	return strings.Join(out, ", ")
}

// outlet is how people call one of the places that are no channel.
func outlet(o notes.Outlet) string {
	name, at := workflows.Display(o.Name, 80), workflows.Display(o.At, 80)
	switch {
	case o.What == workflows.ActRelease:
		return fmt.Sprintf("the release %s of %s", name, at)
	case o.Ask:
		return fmt.Sprintf("%s of %s by pull request", name, at)
	case o.At == ".":
		return name
	}
	return fmt.Sprintf("%s in %s", name, at)
}

// outletStands is how it came out: with its address, or why not.
func outletStands(o notes.Outlet, line string) string {
	what := outlet(o)
	switch {
	case o.Fate == workflows.Refused:
		return fmt.Sprintf("%s: not done: %s → %s", what, workflows.Display(o.Why, maxText), line)
	case o.Fate == workflows.Unclear:
		return fmt.Sprintf("%s: nobody can say whether it was done: %s · look there, then → %s", what, workflows.Display(o.Why, maxText), line)
	case o.Fate != workflows.Done:
		return what + ": on the way"
	case o.Link == "":
		return what + ": done"
	}
	link := workflows.Display(o.Link, maxText)
	switch {
	case o.Proposed() == 0:
		return what + ": " + link
	case o.Pull == workflows.PullMerged:
		return what + ": merged: " + link
	case o.Pull == workflows.PullClosed:
		return fmt.Sprintf("%s: closed without merging: %s → %s", what, link, line+" --only "+string(notes.ToChangelog))
	}
	return what + ": waiting to be merged: " + link
}

// unversioned says that a feature's notes go to channels alone.
const unversioned = "a feature has no version: neither a release nor the change log gets it"

// notesOut says where the published notes are, and when what waits comes.
func notesOut(r release.Release, n notes.Notes, v View) []string {
	var out []string
	line := fmt.Sprintf("/release notes publish %s", r.ID)
	if p := n.Planned; p != nil {
		s := "to be published " + full(v, p.At) + ", as " + p.By.At() + " wants it"
		if p.Digest != workflows.Digest(n.Text) {
			s += ", but the text is another one since"
		}
		out = append(out, s+` → /release notes publish `+string(r.ID)+` --at never`)
	}
	if n.Out == nil {
		return out
	}
	if n.Out.Text.String() != n.Text && n.Out.Commit == n.Commit {
		out = append(out, fmt.Sprintf("other words are published: once these are approved → /release notes correct %s -- WHY", r.ID))
	}
	for _, o := range n.Out.Outlets {
		out = append(out, outletStands(o, line))
	}
	return out
}

// NotesPublished answers `notes publish` and `notes correct`.
func NotesPublished(r workflows.Receipt, v View) chat.Message {
	var m chat.Message
	for _, e := range r.Events {
		switch e := e.Event.(type) {
		case notes.Published:
			m.Title = wentOut("being published in", e.Going)
		case notes.Corrected:
			m.Title = wentOut("being corrected in", e.Going)
			m.Lines = differing(e)
		case notes.Scheduled:
			m.Title = "to be published " + full(v, e.At) + " in " + whither(e.To, e.Outlets) + left(e.Unversioned)
		case notes.Unscheduled:
			m.Title = "no longer to be published " + full(v, e.Was)
		}
	}
	return m
}

func wentOut(how string, g notes.Going) string {
	s := how + " " + whither(g.To, nil)
	if outlets := g.Outlets(); len(outlets) > 0 {
		s = "on the way to " + whither(nil, outlets)
		if len(g.To) > 0 {
			s = how + " " + whither(g.To, nil) + " · " + s
		}
	}
	return s + left(g.Unversioned)
}

func left(feature bool) string {
	if feature {
		return " · " + unversioned
	}
	return ""
}

// maxDiffering is how many changed lines a correction shows of each kind.
const maxDiffering = 10

// differing is what a correction changes: lines that are gone, and lines that came.
func differing(e notes.Corrected) []string {
	var out []string
	for _, side := range []struct {
		sign  string
		lines []workflows.Public
	}{{"− ", e.Gone}, {"+ ", e.Added}} {
		for _, l := range side.lines[:min(len(side.lines), maxDiffering)] {
			out = append(out, side.sign+workflows.Display(l.String(), maxText))
		}
		if n := len(side.lines) - maxDiffering; n > 0 {
			out = append(out, fmt.Sprintf("%sand %d more", side.sign, n))
		}
	}
	return out
}

// notesQuestion asks before notes are published or corrected; ok is false for other events.
func notesQuestion(r workflows.Receipt, v View) (what, label string, lines []string, ok bool) {
	if len(r.Events) == 0 {
		return "", "", nil, false
	}
	name := id(r).Name()
	switch e := r.Events[0].Event.(type) {
	case notes.Published:
		return fmt.Sprintf("Publish the notes of %s? %s, %s%s", name, long(e.Text, id(r)), publicly(e.To, e.Outlets()), beside(e.Going)), "Publish", nil, true
	case notes.Corrected:
		return fmt.Sprintf("Correct the published notes of %s? %s, %s%s", name, workflows.Display(e.Why, maxText), publicly(e.To, e.Outlets()), beside(e.Going)),
			"Correct", differing(e), true
	case notes.Scheduled:
		s := fmt.Sprintf("Publish the notes of %s on %s? in %s, %s%s", name, full(v, e.At), whither(e.To, e.Outlets), publicly(e.To, e.Outlets), left(e.Unversioned))
		return s + "; looked at again then", "Publish then", nil, true
	}
	return "", "", nil, false
}

func long(text workflows.Public, id workflows.ReleaseID) string {
	return count(len(workflows.Unmarked(text.String(), id.Name())), "line")
}

// beside is where notes go that is no channel.
func beside(g notes.Going) string {
	s := left(g.Unversioned)
	if outlets := g.Outlets(); len(outlets) > 0 {
		s = " · to " + whither(nil, outlets) + s
	}
	return s
}

func publicly(to []notes.Channel, outlets []notes.Outlet) string {
	if slices.ContainsFunc(to, func(c notes.Channel) bool { return c.Public }) {
		return "for anyone to read"
	}
	if slices.ContainsFunc(outlets, func(o notes.Outlet) bool { return o.What == workflows.ActRelease || o.Ask }) {
		return "for whoever sees the repository to read"
	}
	return "for the team to read"
}

// AboutNotes is what is told of notes beside their text: that they were corrected, and to one person what went wrong.
func AboutNotes(e workflows.Recorded, r release.Release, v View) chat.Message {
	data := map[string]any{"Name": r.ID.Name(), "ID": r.ID, "Why": "", "Next": "", "By": e.By.At()}
	what := e.Event.Kind()
	switch ev := e.Event.(type) {
	case notes.Corrected:
		data["Why"] = ev.Why
		what = notes.ToldCorrected
	case notes.Missed:
		data["Why"], data["Was"], data["Next"] = ev.Why, full(v, ev.Was), strings.Join(ev.Next, " · ")
		what = notes.ToldMissed
	case notes.Answered:
		data["Why"] = ev.Link
		what = notes.ToldUnmerged
	case notes.Stranded:
		data["Why"], data["Unclear"], data["What"] = ev.Why, ev.Fate == workflows.Unclear, acted(ev.What)
		what = notes.ToldStranded
	}
	return say(what, data)
}

// acted is how people call what an act makes of notes.
func acted(act string) string {
	if act == workflows.ActChangelog {
		return "the change log"
	}
	return "the release"
}

// CorrectedNotes is what anyone may read of a correction: that there was one, and the lines that are new.
func CorrectedNotes(e notes.Corrected, id workflows.ReleaseID) chat.PublicMessage {
	m := chat.PublicMessage{Title: workflows.Say("the release notes of %s were corrected", id)}
	m.Lines = append(m.Lines, e.Added[:min(len(e.Added), maxDiffering)]...)
	if n := len(e.Added) - maxDiffering; n > 0 {
		m.Lines = append(m.Lines, workflows.Say("and %s more", workflows.Count(n)))
	}
	return m
}
