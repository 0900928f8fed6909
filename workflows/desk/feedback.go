package desk

import (
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/team"
)

// decideFeedback hands a wish to the feedback room with the facts that it needs.
func (s *session) decideFeedback(t target, said feedback.Feedback, wish feedback.Wish, by workflows.Actor) ([]workflows.Event, error) {
	selector, err := s.selectorFrom(t.id)
	if err != nil {
		return nil, err
	}
	return feedback.Decide(said, wish, feedback.Facts{Now: s.now, Actor: bearing(by), Inside: s.book.IsMember(by.Person, s.now), At: s.ask.At, Selector: selector,
		Release: t.id, Stage: t.release.Stage(), Commit: candidate(t.release), Over: t.release.Over(), Manager: t.release.Manager, Book: s.bookOf(t)})
}

// bearing gives an account that is nobody's the person it would make: what it says is on record under that, and theirs
// once somebody turns out to bear it.
func bearing(a workflows.Actor) workflows.Actor {
	if a.Person == "" && a.Machine == "" && a.Handle != "" {
		a.Person = team.PersonID(a.Handle)
	}
	return a
}
