package cards

import (
	"fmt"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
)

// What anyone may press on what anyone may read. The buttons name the release in full, not by its number: they hang in
// channels for years, and what was pruned since is found by its whole name alone.

func tellMe(id workflows.ReleaseID) chat.Button {
	return chat.Button{Label: "Tell me when it ships", Line: fmt.Sprintf("feedback follow %s %s", id, feedback.Ships)}
}

func wantPreview(id workflows.ReleaseID) chat.Button {
	return chat.Button{Label: "I want the preview", Line: fmt.Sprintf("feedback follow %s %s", id, feedback.Preview)}
}

func sayIt(id workflows.ReleaseID) chat.Button {
	return chat.Button{Label: "Feedback", Line: "feedback add " + string(id)}
}

func neverMind(id workflows.ReleaseID) chat.Button {
	return chat.Button{Label: feedback.NeverMind, Line: fmt.Sprintf("feedback follow %s %s", id, feedback.Off)}
}

// publicButtons are those that fit where a release stands: none about what never comes, and none where nobody listens any
// more.
func publicButtons(r release.Release) []chat.Button {
	if r.Over() {
		return nil
	}
	switch r.Stage() {
	case workflows.GA:
		return []chat.Button{sayIt(r.ID)}
	case workflows.Preview:
		return []chat.Button{tellMe(r.ID), wantPreview(r.ID), sayIt(r.ID)}
	case workflows.Before:
		if r.Previews() {
			return []chat.Button{tellMe(r.ID), wantPreview(r.ID), sayIt(r.ID)}
		}
	}
	return []chat.Button{tellMe(r.ID), sayIt(r.ID)}
}

func takenBack(id workflows.ReleaseID) workflows.Public {
	return workflows.Say("%s was taken back for now; we will say when it returns", id)
}

// Following answers `feedback follow`: what they will be told, and how it ends. Fit for anyone, in any place.
func Following(id workflows.ReleaseID, e workflows.Event) chat.PublicMessage {
	f, on := e.(feedback.Followed)
	if !on {
		return chat.PublicMessage{Title: workflows.Say("you are told nothing more of %s", id), Buttons: []chat.Button{tellMe(id)}}
	}
	m := chat.PublicMessage{Title: workflows.Say("you are told in person when %s is out", id), Buttons: []chat.Button{neverMind(id)}}
	if f.Want == feedback.Preview {
		m.Title = workflows.Say("you are told in person when the tech preview of %s opens, and when it is out", id)
		if f.Stage == workflows.Preview {
			m.Title = workflows.Say("the tech preview of %s is open; you are told in person when it is out", id)
		}
		m.Lines = append(m.Lines, workflows.Say("the team sees that you want to take part"))
	}
	m.Lines = append(m.Lines, workflows.Say("to hear no more of it → /release feedback follow %s off", workflows.Typed(id)))
	return m
}

// Followed tells somebody who follows a release what became of it; ok is false for what is no longer so: what came after
// it is told as well.
func Followed(e feedback.Announced, r release.Release) (m chat.PublicMessage, ok bool) {
	switch e.News {
	case feedback.Opened, feedback.Shipped:
		m, ok = PublicPost("passed", release.Passed{To: e.Stage}, r)
		if ok = ok && !r.Cancelled; e.News == feedback.Opened {
			m.Lines = []workflows.Public{workflows.Say("the team sees that you want to take part")}
		} else {
			m.Lines = []workflows.Public{workflows.Say("you asked to be told")}
		}
	case feedback.TakenBack:
		m, ok = chat.PublicMessage{Title: takenBack(r.ID)}, !r.Cancelled
	case feedback.Never:
		m, ok = PublicCard(r), r.Cancelled
	}
	m.Buttons = followedButtons(r)
	return m, ok
}

// followedButtons are those of whoever follows: what they may say, and how it ends.
func followedButtons(r release.Release) []chat.Button {
	switch {
	case r.Over():
		return nil
	case r.Stage() == workflows.GA:
		return []chat.Button{sayIt(r.ID)}
	case r.Stage() == workflows.Preview:
		return []chat.Button{sayIt(r.ID), neverMind(r.ID)}
	}
	return []chat.Button{neverMind(r.ID)}
}
