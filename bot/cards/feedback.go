package cards

import (
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// Feedback answers `feedback list`: what was said and waits, what has no plan first; what is done is only counted.
func Feedback(r release.Release, said feedback.Feedback, b *policy.Book, v View, line Line) chat.Message {
	c := said.Counts()
	m := chat.Message{Title: fmt.Sprintf("feedback on %s · %s", r.ID.Name(), counted(c))}
	if c.All() == 0 {
		m.Title = fmt.Sprintf("feedback on %s · nothing was heard yet → %s", r.ID.Name(), line("feedback add", "-- text"))
	}
	waiting := said.Waiting()
	for _, e := range waiting[:min(len(waiting), maxRows)] {
		m.Lines = append(m.Lines, heard(e, b, v))
	}
	if n := len(waiting) - maxRows; n > 0 {
		m.Lines = append(m.Lines, fmt.Sprintf("and %d more, which come up as these are done", n))
	}
	m.Lines = append(append(m.Lines, followers(said, b)...), issueLines(said)...)
	if c.Open > 0 {
		m.Small = "plan one: " + line("feedback plan", "N @owner --due friday") + " · settle one: " + line("feedback done", "N -- how")
	}
	return m
}

// heard is one entry in full: what was said, by whom, about what, and who sees to it.
func heard(e feedback.Entry, b *policy.Book, v View) string {
	parts := []string{fmt.Sprintf("#%d", e.N), workflows.Display(e.Text, feedback.MaxText)}
	if e.Link != "" {
		parts = append(parts, workflows.Display(e.Link, feedback.MaxLink))
	}
	about := "by " + speaker(e.By, e.Account, b) + ", " + e.Stage.Title()
	if e.Commit != "" {
		about += ", " + workflows.ShortID(e.Commit)
	}
	if e.Place != "" && !e.Place.IsDirect() {
		about += ", in " + workflows.Display(e.Place.Channel(), maxText)
	}
	parts = append(parts, about, stamp(v, e.At))
	if p := e.Plan; p != nil {
		plan := fmt.Sprintf("%s sees to it by %s", b.Canon(p.Owner).At(), target(p.Due))
		if p.What != "" {
			plan += ": " + workflows.Display(p.What, feedback.MaxWhat)
		}
		if workflows.Overdue(p.Due, v.Now) {
			plan += " · overdue"
		}
		parts = append(parts, plan)
	}
	return strings.Join(parts, " · ")
}

// followers says how many follow, and who wants to take part in the tech preview: whoever lets users in asks for that.
func followers(said feedback.Feedback, b *policy.Book) []string {
	all, prefer := said.Following(), said.Preferring()
	var out []string
	switch n := len(all); n {
	case 0:
		return nil
	case 1:
		out = append(out, "1 follows it, and is told in person what becomes of it")
	default:
		out = append(out, fmt.Sprintf("%d follow it, and are told in person what becomes of it", n))
	}
	if len(prefer) == 0 {
		return out
	}
	var who []string
	for _, x := range prefer[:min(len(prefer), maxRows)] {
		who = append(who, speaker(x.By, x.Account, b))
	}
	if n := len(prefer) - maxRows; n > 0 {
		who = append(who, fmt.Sprintf("and %d more", n))
	}
	return append(out, fmt.Sprintf("%s to take part in the tech preview: %s", want(len(prefer)), strings.Join(who, ", ")))
}

func want(n int) string {
	if n == 1 {
		return "1 wants"
	}
	return fmt.Sprintf("%d want", n)
}

// speaker is whose account it is: somebody who is known here, or the account of somebody who is not.
func speaker(by workflows.PersonID, account workflows.Handle, b *policy.Book) string {
	id := b.Canon(by)
	if _, known := b.Person(id); !known && account != "" && team.PersonID(account) == id {
		return workflows.Display(string(account), maxText)
	}
	return id.At()
}

// counted says how much waits and how much is done: "2 open, 1 planned, 4 done".
func counted(c feedback.Counts) string {
	var parts []string
	for _, n := range []struct {
		n    int
		word string
	}{{c.Open, "open"}, {c.Planned, "planned"}, {c.Done, "done"}} {
		if n.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.n, n.word))
		}
	}
	return strings.Join(parts, ", ")
}

// feedbackLine is what a card shows of what was said and waits; empty when nothing does.
func feedbackLine(c feedback.Counts) string {
	if c.Done = 0; c.All() == 0 {
		return ""
	}
	return "feedback · " + counted(c)
}

// PublicFeedback answers `feedback list` for anyone: how much was heard, and nothing of it.
func PublicFeedback(id workflows.ReleaseID, c feedback.Counts) chat.PublicMessage {
	if c.All() == 0 {
		return chat.PublicMessage{Title: workflows.Say("feedback on %s · nothing was heard yet", id)}
	}
	return chat.PublicMessage{Title: workflows.Say("feedback on %s · %s heard, %s answered", id, workflows.Count(c.All()), workflows.Count(c.Done))}
}

// FeedbackHeard answers whoever said something: fit for anyone, in any place.
func FeedbackHeard(id workflows.ReleaseID, n int) chat.PublicMessage {
	return chat.PublicMessage{Title: workflows.Say("heard as #%s of %s · thank you", workflows.Count(n), id),
		Lines: []workflows.Public{workflows.Say("it is for the team: nothing of it is shown in public")}}
}

// FeedbackArranged answers `feedback plan` and `feedback done`.
func FeedbackArranged(events []workflows.Recorded, said feedback.Feedback, line Line) chat.Message {
	var parts []string
	for _, e := range events {
		switch e := e.Event.(type) {
		case feedback.Planned:
			s := fmt.Sprintf("#%d is planned: %s sees to it by %s", e.N, e.Owner.At(), target(e.Due))
			if e.Again {
				s = fmt.Sprintf("#%d is open again, and planned: %s sees to it by %s", e.N, e.Owner.At(), target(e.Due))
			}
			parts = append(parts, s)
		case feedback.Settled:
			parts = append(parts, fmt.Sprintf("#%d is done", e.N))
		}
	}
	c := said.Counts()
	if s := feedbackLine(c); s != "" {
		parts = append(parts, strings.Replace(s, " · ", ": ", 1))
	} else {
		parts = append(parts, "nothing waits any more")
	}
	m := chat.Message{Title: strings.Join(parts, " · ")}
	if c.Open > 0 {
		m.Title += " → " + line("feedback list")
	}
	return m
}

// FeedbackPlanned tells somebody that they are to see to what was said.
func FeedbackPlanned(e workflows.Recorded, r release.Release) chat.Message {
	p, _ := e.Event.(feedback.Planned)
	return say("feedback-planned", map[string]any{"Name": r.ID.Name(), "ID": r.ID, "By": e.By.At(), "N": p.N, "Due": day(p.Due), "Note": p.What})
}

// FeedbackFacts is what somebody who votes on items should know of what was said: the vote is theirs all the same.
func FeedbackFacts(keys []string, c feedback.Counts, line Line) []string {
	var out []string
	for _, key := range keys {
		switch {
		case key == feedback.Gathered && c.All() > 0:
			out = append(out, fmt.Sprintf("heard: %s → %s", counted(c), line("feedback list")))
		case key == feedback.Leftovers && c.Open == 1:
			out = append(out, "1 wish heard has neither plan nor fix → "+line("feedback list"))
		case key == feedback.Leftovers && c.Open > 1:
			out = append(out, fmt.Sprintf("%d wishes heard have neither plan nor fix → %s", c.Open, line("feedback list")))
		}
	}
	return out
}
