package desk

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// decideFeedback hands a wish to the feedback room with the facts that it needs.
func (s *session) decideFeedback(t target, said feedback.Feedback, wish feedback.Wish, by workflows.Actor) ([]workflows.Event, error) {
	selector, err := s.selectorFrom(t.id)
	if err != nil {
		return nil, err
	}
	var account workflows.Handle
	if w, ok := wish.(feedback.Invite); ok {
		if reached := s.direct(w.Who); len(reached) > 0 {
			account = reached[0].Of()
		}
	}
	var page string
	if _, ok := wish.(feedback.Inform); ok {
		if page, err = s.page(t); err != nil {
			return nil, err
		}
	}
	return feedback.Decide(said, wish, feedback.Facts{Now: s.now, Actor: bearing(by), Inside: s.book.IsMember(by.Person, s.now), At: s.ask.At, Selector: selector,
		Release: t.id, Stage: t.release.Stage(), Commit: candidate(t.release), Over: t.release.Over(), Manager: t.release.Manager, Book: s.bookOf(t),
		Cancelled: t.release.Cancelled, Previews: t.release.Previews(), Home: t.product.Forge.Home(), Account: account, Notes: page})
}

// page is where whoever sees the issues of a release's product may read its notes, as they were published last.
func (s *session) page(t target) (string, error) {
	w, err := s.on(workflows.StreamOf(notes.Room, string(t.id)))
	if err != nil {
		return "", err
	}
	return w.after.state.(notes.Notes).Out.Page(t.product.Forge.Repository), nil
}

// bearing gives an account that is nobody's the person it would make: what it says is on record under that, and theirs
// once somebody turns out to bear it.
func bearing(a workflows.Actor) workflows.Actor {
	if a.Person == "" && a.Machine == "" && a.Handle != "" {
		a.Person = team.PersonID(a.Handle)
	}
	return a
}

// following tells those who follow a release what became of it: people in person, those who hear of it otherwise by the same
// act left out, and issues by a comment. A release that nobody follows or asked for costs nothing.
func following(s *session, e workflows.Recorded) ([]wished, error) {
	news, ok := newsOf(e.Event)
	if !ok {
		return nil, nil
	}
	stream := sibling(e, feedback.Room)
	w, err := s.on(stream)
	if err != nil {
		return nil, err
	}
	said := w.after.state.(feedback.Feedback)
	asked, err := s.askedOn(e)
	if err != nil {
		return nil, err
	}
	var out []wished
	if len(said.Following()) > 0 {
		out = append(out, wished{stream, s.announce(news)})
	}
	if len(asked) > 0 || len(said.IssuesFollowing()) > 0 {
		out = append(out, wished{stream, feedback.Inform{News: news, Asked: asked}})
	}
	return out, nil
}

// askedOn are the issues for which the scope of an event's release holds something.
func (s *session) askedOn(e workflows.Recorded) ([]int, error) {
	t, err := s.followTarget(e.Stream)
	if err != nil {
		return nil, err
	}
	return t.release.Issues(t.product.Forge.Home()), nil
}

// announce is what those who follow are told, but for whoever did it and whoever hears of it otherwise.
func (s *session) announce(news feedback.News) feedback.Announce {
	wish := feedback.Announce{News: news, But: []workflows.PersonID{s.actor.Person}}
	for _, t := range s.told {
		if t.Who != "" && t.What == release.ToldAskers {
			wish.But = append(wish.But, t.Who)
		}
	}
	return wish
}

// newsOf is what of an event is news to those who follow a release; that a stage is closed changes nothing for them.
func newsOf(e workflows.Event) (feedback.News, bool) {
	switch e := e.(type) {
	case release.Passed:
		switch e.To {
		case workflows.Preview:
			return feedback.Opened, true
		case workflows.GA:
			return feedback.Shipped, true
		}
	case release.RolledBack:
		return feedback.TakenBack, true
	case release.Cancelled:
		return feedback.Never, true
	}
	return "", false
}
