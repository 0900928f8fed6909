package feedback

import "github.com/readyroom/readyroom/workflows"

// Wish is what can be wished here. Each verb's file holds its wish, decision, event and its fold.
type Wish interface {
	workflows.Intent
	decide(Feedback, Facts) ([]workflows.Event, error)
}

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(Feedback, workflows.Header) Feedback
	tell(workflows.ReleaseID) []workflows.Effect
}

// Decide says what follows from a wish, or refuses. It never changes b.
func Decide(b Feedback, w Wish, f Facts) ([]workflows.Event, error) { return w.decide(b, f) }

// Evolve folds one recorded event. It cannot fail, never changes b, and ignores what is not this room's.
func Evolve(b Feedback, r workflows.Recorded) Feedback {
	e, ok := r.Event.(event)
	if !ok {
		return b
	}
	b.Release = workflows.ReleaseID(r.Stream.ID())
	return e.evolve(b, r.Header)
}

// Tell says who hears of an event; b is the state after it.
func Tell(b Feedback, r workflows.Recorded) []workflows.Effect {
	e, ok := r.Event.(event)
	if !ok {
		return nil
	}
	return e.tell(b.Release)
}

// card is the release's card, which counts what was said.
func card(id workflows.ReleaseID) workflows.Effect {
	return workflows.Effect{Kind: workflows.Tell, What: "card", Slot: "card", To: workflows.To{Release: id}}
}

// history is the line of an event in the thread under the release's card.
func history(id workflows.ReleaseID) workflows.Effect {
	return workflows.Effect{Kind: workflows.Tell, What: "history", In: "card", To: workflows.To{Release: id}}
}

// Events gives a zero value of each event of the room: what stored records are decoded into.
func Events() []workflows.Event {
	return []workflows.Event{Heard{}, Planned{}, Settled{}, Followed{}, Unfollowed{}, Announced{},
		IssueFollowed{}, IssueUnfollowed{}, Informed{}, Commented{}}
}

// Row is what lists read about the feedback on a release.
type Row struct {
	Release workflows.ReleaseID `json:"release"`
	Counts
}

// Summary is the row and the keys it is found under.
func Summary(b Feedback) workflows.Summary {
	return workflows.Summary{Keys: []string{Room, "release/" + string(b.Release) + "/" + Room}, Data: Row{b.Release, b.Counts()}}
}
