package cards

import (
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// PublicCard is a release as anyone may see it: its name and where it stands, nothing of the team's. Its buttons are what
// anyone may do about it.
func PublicCard(r release.Release) chat.PublicMessage {
	return chat.PublicMessage{Title: publicStanding(r), Buttons: publicButtons(r)}
}

func publicStanding(r release.Release) workflows.Public {
	if r.Cancelled {
		return workflows.Say("%s will not come", r.ID)
	}
	return stands(r.ID, r.Stage())
}

func stands(id workflows.ReleaseID, stage workflows.Stage) workflows.Public {
	switch stage {
	case workflows.GA, workflows.Closed:
		return workflows.Say("%s is out", id)
	case workflows.Preview:
		return workflows.Say("%s is in tech preview", id)
	case workflows.Between:
		return workflows.Say("%s: its tech preview is over, it is on its way", id)
	}
	return workflows.Say("%s is on its way", id)
}

// PublicPage lists releases as anyone may see them, as sentences: for a page that nobody asked for.
func PublicPage(rows []release.Row) chat.PublicMessage {
	m := chat.PublicMessage{Title: workflows.Say("Releases")}
	if len(rows) == 0 {
		m.Title = workflows.Say("Nothing is on its way")
	}
	for _, r := range rows[:min(len(rows), maxHome)] {
		m.Lines = append(m.Lines, stands(r.ID, r.Stage))
	}
	return m
}

// PublicPost is the news of an event for anyone; ok is false for what is not theirs to hear: only a gate that lets
// users in is news, and only once.
func PublicPost(what string, e workflows.Event, r release.Release) (chat.PublicMessage, bool) {
	switch what {
	case "passed":
		p, _ := e.(release.Passed)
		still := p.To == r.Stage() || p.To == workflows.GA && r.Stage() == workflows.Closed // told late, it may be over
		return PublicCard(r), still && (p.To == workflows.Preview || p.To == workflows.GA)
	case notes.ToldCorrected:
		c, is := e.(notes.Corrected)
		return CorrectedNotes(c, r.ID), is
	case "rolled-back":
		return chat.PublicMessage{Title: takenBack(r.ID), Buttons: publicButtons(r)}, true
	case "cancelled":
		return PublicCard(r), true
	}
	return chat.PublicMessage{}, false
}

// PublicList lists releases as anyone may see them.
func PublicList(rows []release.Row) chat.PublicMessage {
	m := chat.PublicMessage{Title: workflows.Say("releases")}
	for _, r := range rows[:min(len(rows), maxRows)] {
		if r.Stage == workflows.Before || r.Stage == workflows.Between {
			m.Lines = append(m.Lines, workflows.Say("%s · on its way", r.ID))
			continue
		}
		m.Lines = append(m.Lines, workflows.Say("%s · %s", r.ID, r.Stage))
	}
	if len(rows) == 0 {
		m.Title = workflows.Say("nothing is on its way")
	}
	return m
}

// PublicNotes is what was published, its Markdown as people read it, with what anyone may do about the release as it stands.
func PublicNotes(p notes.Post, r release.Release) chat.PublicMessage {
	return chat.PublicMessage{
		Title:   workflows.Say("%s · release notes", p.Release),
		Lines:   workflows.Readable(p.Text, p.Release.Name()),
		Buttons: publicButtons(r),
		Whole:   "notes show " + string(p.Release),
	}
}

// PublicHome is the page of somebody who sees what anyone may: the releases, and how one comes to see more.
func PublicHome(rows []release.Row, join []string) []chat.Message {
	return []chat.Message{rest(PublicPage(rows).Message(), len(rows), "list"), {Title: "You see what anyone may", Lines: join}}
}

// Unowned says what comes first while nobody owns the bot; nothing once somebody does.
func Unowned(v todo.Viewer) []string {
	if v.Book == nil || len(v.Book.Owners) > 0 {
		return nil
	}
	return []string{"this bot has no owner yet: whoever runs it types /release admin claim CODE; the code is in its log"}
}

// Stranger says to whoever is not known here, or has no role, how that may change.
func Stranger(v todo.Viewer, h workflows.Handle) []string {
	if first := Unowned(v); first != nil {
		return first
	}
	if v.Known {
		return []string{v.Person.ID.At() + " has no role here and belongs to no audience: an owner gives one"}
	}
	if h.Guest() {
		return []string{"guests of the workspace have no say here: whoever is to have one becomes a member of it first"}
	}
	return []string{"nobody here has the account " + account(h) + ": an owner adds it → " + v.Join,
		"known here by another account? Type there: /release admin code, and here: /release admin claim CODE"}
}
