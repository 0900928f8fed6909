package notes

import "github.com/readyroom/readyroom/workflows"

// Wish is what can be wished of notes. Each verb's file holds its wish, decision, event and fold.
type Wish interface {
	workflows.Intent
	decide(Notes, Facts) ([]workflows.Event, error)
}

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(Notes, workflows.Header) Notes
}

// effective is an event from which more follows than that people read of it.
type effective interface {
	effects(Notes) []workflows.Effect
}

// Decide says what follows from a wish, or refuses. It never changes n.
func Decide(n Notes, w Wish, f Facts) ([]workflows.Event, error) { return w.decide(n, f) }

// Evolve folds one recorded event. It cannot fail, never changes n, and ignores what is not this room's.
func Evolve(n Notes, r workflows.Recorded) Notes {
	e, ok := r.Event.(event)
	if !ok {
		return n
	}
	n.Release = workflows.ReleaseID(r.Stream.ID())
	return e.evolve(n, r.Header)
}

// Tell says who hears of an event: the release's card and its thread, and for what was published the channels first.
func Tell(n Notes, r workflows.Recorded) []workflows.Effect {
	e, ok := r.Event.(event)
	if !ok {
		return nil
	}
	var out []workflows.Effect
	if e, ok := e.(effective); ok {
		out = e.effects(n)
	}
	to := workflows.To{Release: n.Release}
	return append(out,
		workflows.Effect{Kind: workflows.Tell, What: "card", Slot: "card", To: to},
		workflows.Effect{Kind: workflows.Tell, What: "history", In: "card", To: to})
}

// Events gives a zero value of each event of the room: what stored records are decoded into.
func Events() []workflows.Event {
	return []workflows.Event{Drafted{}, Edited{}, Approved{}, Published{}, Corrected{}, Scheduled{}, Unscheduled{}, Missed{}, Landed{}, Stranded{},
		Answered{}}
}

// Asks reports whether a wish must be confirmed by a press: what was published cannot be taken back.
func Asks(_ Notes, w Wish, _ Facts) bool {
	switch w := w.(type) {
	case Publish:
		return !w.Never
	case Correct:
		return true
	}
	return false
}

// Row is what lists read about the notes of a release.
type Row struct {
	Release  workflows.ReleaseID `json:"release"`
	Revision uint64              `json:"revision"`
	Commit   string              `json:"commit,omitempty"`
	Approved bool                `json:"approved,omitempty"`
	Out      bool                `json:"out,omitempty"` // published as the text stands
}

// Summary is the row and the keys it is found under.
func Summary(n Notes) workflows.Summary {
	out := n.Out != nil && n.Out.Text.String() == n.Text
	keys := []string{Room, "release/" + string(n.Release) + "/" + Room}
	if pull, _ := n.Asked(); pull > 0 {
		keys = append(keys, KeyAsked(n.Release.Product()))
	}
	return workflows.Summary{
		Keys: keys,
		Data: Row{Release: n.Release, Revision: n.Revision, Commit: n.Commit, Approved: n.Approved(), Out: out},
	}
}
