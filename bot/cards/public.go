package cards

import (
	"strings"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// PublicCard is a release as anyone may see it: its name and where it stands, nothing of the team's.
func PublicCard(r release.Release) chat.PublicMessage {
	return chat.PublicMessage{Title: publicStanding(r)}
}

func publicStanding(r release.Release) workflows.Public {
	switch {
	case r.Cancelled:
		return workflows.Say("%s will not come", r.ID)
	case r.Stage() == workflows.GA, r.Stage() == workflows.Closed:
		return workflows.Say("%s is out", r.ID)
	case r.Stage() == workflows.Preview:
		return workflows.Say("%s is in tech preview", r.ID)
	case r.Stage() == workflows.Between:
		return workflows.Say("%s: its tech preview is over, it is on its way", r.ID)
	}
	return workflows.Say("%s is on its way", r.ID)
}

// PublicPost is the news of an event for anyone; ok is false for what is not theirs to hear: only a gate that lets
// users in is news, and only once.
func PublicPost(what string, e workflows.Event, r release.Release) (chat.PublicMessage, bool) {
	switch what {
	case "passed":
		p, _ := e.(release.Passed)
		still := p.To == r.Stage() || p.To == workflows.GA && r.Stage() == workflows.Closed // told late, it may be over
		return chat.PublicMessage{Title: publicStanding(r)}, still && (p.To == workflows.Preview || p.To == workflows.GA)
	case "rolled-back":
		return chat.PublicMessage{Title: workflows.Say("%s was taken back for now; we will say when it returns", r.ID)}, true
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

// PublicNotes is what was published, word for word.
func PublicNotes(p notes.Post) chat.PublicMessage {
	m := chat.PublicMessage{Title: workflows.Say("%s · release notes", p.Release)}
	for line := range strings.SplitSeq(p.Text.String(), "\n") {
		m.Lines = append(m.Lines, workflows.Excerpt(p.Text, line))
	}
	return m
}
