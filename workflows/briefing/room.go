package briefing

import "github.com/readyroom/readyroom/workflows"

// Wish is what can be wished of a briefing. Each verb's file holds its wish, decision, events and their folds.
type Wish interface {
	workflows.Intent
	decide(Briefing, Facts) ([]workflows.Event, error)
}

// event is the closed set of this room's events.
type event interface {
	workflows.Event
	evolve(Briefing, workflows.Header) Briefing
	tell(Briefing) []workflows.Effect
}

// Decide says what follows from a wish, or refuses. It never changes b. No event and no refusal: there is nothing to
// do, which only a machine's wish is told this way.
func Decide(b Briefing, w Wish, f Facts) ([]workflows.Event, error) { return w.decide(b, f) }

// Evolve folds one recorded event. It cannot fail, never changes b, and ignores what is not this room's.
func Evolve(b Briefing, r workflows.Recorded) Briefing {
	e, ok := r.Event.(event)
	if !ok {
		return b
	}
	b.Release = workflows.ReleaseID(r.Stream.ID())
	return e.evolve(b, r.Header)
}

// Tell says who hears of an event; b is the state after it. People and audiences come before the release's card.
func Tell(b Briefing, r workflows.Recorded) []workflows.Effect {
	e, ok := r.Event.(event)
	if !ok {
		return nil
	}
	out := e.tell(b)
	to := workflows.To{Release: b.Release}
	out = append(out, workflows.Effect{Kind: workflows.Tell, What: "card", Slot: "card", To: to})
	if _, counted := e.(Acked); counted {
		return out // the card counts acknowledgements; a line for each would bury the thread
	}
	return append(out, workflows.Effect{Kind: workflows.Tell, What: "history", In: "card", To: to})
}

// show draws or edits the briefing where audiences see it.
func show(audiences []workflows.Audience) []workflows.Effect {
	var out []workflows.Effect
	for _, a := range audiences {
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: "briefing", Slot: "briefing", To: workflows.To{Audience: a}})
	}
	return out
}

// Events gives a zero value of each event of the room: what stored records are decoded into.
func Events() []workflows.Event {
	return []workflows.Event{Drafted{}, Sent{}, Acked{}, QuotaMet{}, QuotaLost{}, Countered{}}
}

// Asks reports whether a wish must be confirmed by a press: a briefing takes many people's time.
func Asks(_ Briefing, w Wish, _ Facts) bool {
	_, ok := w.(Send)
	return ok
}

// Row is what lists read about the briefing of a release.
type Row struct {
	Release workflows.ReleaseID  `json:"release"`
	Drafted bool                 `json:"drafted,omitempty"`
	Sent    []workflows.Audience `json:"sent,omitempty"`  // who has the text in force
	Acked   []workflows.PersonID `json:"acked,omitempty"` // who acknowledged it
	Met     bool                 `json:"met,omitempty"`
}

// Summary is the row and the keys it is found under.
func Summary(b Briefing) workflows.Summary {
	row := Row{Release: b.Release, Drafted: b.Draft.Digest != "", Met: b.Met != "" && b.Met == b.Sent.Digest}
	for _, s := range b.To {
		if s.Digest == b.Sent.Digest {
			row.Sent = append(row.Sent, s.Audience)
		}
	}
	for _, a := range b.Acks {
		if a.Digest == b.Sent.Digest {
			row.Acked = append(row.Acked, a.Person)
		}
	}
	return workflows.Summary{Keys: []string{Room, "release/" + string(b.Release) + "/" + Room}, Data: row}
}
