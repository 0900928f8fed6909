package cards

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// Notes answers `notes show`: the text as people will read it and how it stands, with the next step as a button.
func Notes(r release.Release, n notes.Notes, may Hand, v View) chat.Message {
	basis := Basis(workflows.Basis{Revision: n.Revision, Said: true})
	m := chat.Message{Title: fmt.Sprintf("notes of %s · %s", r.ID.Name(), notesState(r, n))}
	m.Lines, m.Verbatim, m.Whole = workflows.Unmarked(n.Text, r.ID.Name()), true, whole(r, "notes show")
	m.Small = leftBehind(n)
	if out := notesOut(r, n, v); len(out) > 0 {
		m.Lines = append(append(m.Lines, ""), out...)
	}
	num := fmt.Sprint(r.Number)
	if may.Edit {
		m.Buttons = append(m.Buttons, chat.Button{Label: "Edit…", Line: "notes edit " + num})
	}
	switch {
	case may.Edit && outdated(r, n):
		m.Buttons = append(m.Buttons, chat.Button{Label: "Draft again", Line: "notes draft " + num})
	case !n.Approved() && may.Approve:
		m.Buttons = append(m.Buttons, chat.Button{Label: "Approve", Line: "notes approve " + num, Basis: basis})
	case n.Approved() && may.Send && n.Out != nil && n.Out.Text != n.Public && n.Out.Commit == n.Commit:
		m.Buttons = append(m.Buttons, chat.Button{Label: "Correct…", Line: "notes correct " + num})
	case n.Approved() && may.Send && (n.Out == nil || n.Out.Text != n.Public || n.Out.Lacks()):
		m.Buttons = append(m.Buttons, chat.Button{Label: "Publish", Line: "notes publish " + num, Basis: basis})
	}
	return m
}

// NotesFor answers `notes show` for others than users: the same notes as those readers get them. A change log stays as it
// is written: it goes into a file.
func NotesFor(e notes.Edition, r release.Release, n notes.Notes, v View) chat.Message {
	text := n.For(e, notes.Day(r.Target, v.Now, v.Week.Zone))
	m := chat.Message{Lines: strings.Split(text, "\n"), Verbatim: true, Whole: whole(r, "notes show", string(e))}
	lead := "change log"
	switch e {
	case notes.ForStaff:
		lead, m.Lines = "all notes", workflows.Unmarked(text, r.ID.Name())
	case notes.ForExecutives:
		lead, m.Lines = "summary", workflows.Unmarked(text, r.ID.Name())
	}
	m.Title = fmt.Sprintf("%s of %s · %s", lead, r.ID.Name(), notesState(r, n))
	return m
}

// leftBehind says which lines stay because people worded them, though what they tell of is no longer in the range.
func leftBehind(n notes.Notes) string {
	var lines []string
	for _, e := range n.Entries {
		if e.Gone && e.Shown() {
			line := workflows.Unmarked(e.Text, "")[0]
			lines = append(lines, "«"+workflows.Display(strings.TrimPrefix(line, "• "), maxText)+"»")
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "people worded it, so it stays, but its commits are no longer in the range: " + few(lines, 3)
}

// outdated reports whether notes do not cover what the candidate brings.
func outdated(r release.Release, n notes.Notes) bool {
	return r.Candidate != nil && n.Commit != r.Candidate.Commit.ID
}

func notesState(r release.Release, n notes.Notes) string {
	s := "draft"
	switch {
	case outdated(r, n):
		s = fmt.Sprintf("cover up to %s, the candidate is %s: draft again", workflows.ShortID(n.Commit), commit(r))
	case n.Approved():
		var who []string
		for _, a := range n.Approvals {
			who = append(who, a.By.At())
		}
		s = "approved by " + strings.Join(who, ", ")
	}
	if n.SinceAs != "" {
		s += " · since " + workflows.Display(n.SinceAs, 80)
	}
	if n.Internal > 0 {
		s += fmt.Sprintf(" · %d internal left out", n.Internal)
	}
	if out := hidden(n); out > 0 {
		s += fmt.Sprintf(" · %d hidden", out)
	}
	switch {
	case n.Out == nil:
	case n.Out.Corrected:
		s += " · published, corrected"
	default:
		s += " · published"
	}
	return s
}

// hidden counts the changes that people took out.
func hidden(n notes.Notes) int {
	out := 0
	for _, e := range n.Entries {
		if e.Hidden && !e.Gone && len(e.Commits) > 0 {
			out++
		}
	}
	return out
}
