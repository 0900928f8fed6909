package desk

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// decideFeedback hands a wish to the feedback room with the facts that it needs.
func (s *session) decideFeedback(t target, said feedback.Feedback, wish feedback.Wish, by workflows.Actor) ([]workflows.Event, error) {
	selector, err := s.selectorFrom(t.id)
	if err != nil {
		return nil, err
	}
	return feedback.Decide(said, wish, feedback.Facts{Now: s.now, Actor: bearing(by), Inside: s.book.IsMember(by.Person, s.now), At: s.ask.At, Selector: selector,
		Release: t.id, Stage: t.release.Stage(), Commit: candidate(t.release), Over: t.release.Over(), Manager: t.release.Manager, Book: s.bookOf(t),
		Cancelled: t.release.Cancelled, Previews: t.release.Previews()})
}

// bearing gives an account that is nobody's the person it would make: what it says is on record under that, and theirs
// once somebody turns out to bear it.
func bearing(a workflows.Actor) workflows.Actor {
	if a.Person == "" && a.Machine == "" && a.Handle != "" {
		a.Person = team.PersonID(a.Handle)
	}
	return a
}

// following tells those who follow a release what became of it: those who hear of it otherwise by the same act are left
// out, and a release that nobody follows costs nothing.
func following(s *session, e workflows.Recorded) ([]wished, error) {
	news, ok := newsOf(e.Event)
	if !ok {
		return nil, nil
	}
	w, err := s.on(sibling(e, feedback.Room))
	if err != nil || len(w.after.state.(feedback.Feedback).Following()) == 0 {
		return nil, err
	}
	wish := feedback.Announce{News: news, But: []workflows.PersonID{s.actor.Person}}
	for _, t := range s.told {
		if t.Who != "" && t.What == release.ToldAskers {
			wish.But = append(wish.But, t.Who)
		}
	}
	return []wished{{sibling(e, feedback.Room), wish}}, nil
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
