package notes

import (
	"encoding/json"

	"github.com/readyroom/readyroom/workflows"
)

// ToldStranded is what is told to a release's manager of something that could not be made of the notes.
const ToldStranded = "notes-stranded"

// Acted is how an act ended that an event of this room wished.
type Acted struct{ workflows.Acted }

// Landed says that what was to be made of the notes is there.
type Landed struct {
	What string `json:"what"` // the act's name
	Op   string `json:"op"`
	Link string `json:"link,omitempty"`
}

// Stranded says that it is not there, or that nobody knows.
type Stranded struct {
	What string             `json:"what"`
	Op   string             `json:"op"`
	Fate workflows.Fate     `json:"fate"`
	Why  string             `json:"why"`
	To   workflows.PersonID `json:"to,omitempty"` // who hears of it
}

// Kind names the event.
func (Landed) Kind() string { return "notes.landed" }

// Kind names the event.
func (Stranded) Kind() string { return "notes.stranded" }

// decide hands the end to what wished it; an act that this room knows nothing of changes nothing.
func (w Acted) decide(n Notes, f Facts) ([]workflows.Event, error) {
	if end, ok := ends[w.What]; ok {
		return end(n, f, w)
	}
	return nil, nil
}

// ends are what follows from the end of an act, by its name.
var ends = map[string]func(Notes, Facts, Acted) ([]workflows.Event, error){
	workflows.ActRelease: ended, workflows.ActChangelog: ended,
}

// ended takes in the end of what was published last. What a later publication took the place of is of no interest.
func ended(n Notes, f Facts, w Acted) ([]workflows.Event, error) {
	var act struct {
		Op string `json:"op"`
	}
	if err := json.Unmarshal(w.Data, &act); err != nil {
		return nil, err
	}
	o := n.Out.outlet(w.What)
	switch {
	case o == nil || o.Op != act.Op || o.Fate == workflows.Done || o.Fate == w.Fate && o.Why == w.Why:
		return nil, nil
	case w.Fate == workflows.Done:
		return []workflows.Event{Landed{What: w.What, Op: act.Op, Link: w.Link}}, nil
	}
	return []workflows.Event{Stranded{What: w.What, Op: act.Op, Fate: w.Fate, Why: w.Why, To: f.Manager}}, nil
}

// Bygone says why something that was to be made of the notes is no longer to be; empty: it still is. Also of a release that is
// closed: its notes are owed to whoever has it.
func (n Notes) Bygone(act, op string) string {
	switch o := n.Out.outlet(act); {
	case o == nil || o.Op != op:
		return "a later publication took its place"
	case o.Fate == workflows.Done:
		return "it is there"
	}
	return ""
}

// settled is the state with another end of an act.
func (n Notes) settled(act, op string, fate workflows.Fate, link, why string) Notes {
	was := n.Out.outlet(act)
	if was == nil || was.Op != op {
		return n
	}
	out, now := *n.Out, *was
	now.Fate, now.Link, now.Why = fate, link, why
	out.Outlets = n.Out.with(now)
	n.Out = &out
	return n
}

func (e Landed) evolve(n Notes, _ workflows.Header) Notes {
	return n.settled(e.What, e.Op, workflows.Done, e.Link, "")
}

func (e Stranded) evolve(n Notes, _ workflows.Header) Notes {
	return n.settled(e.What, e.Op, e.Fate, "", e.Why)
}

func (e Stranded) effects(Notes) []workflows.Effect {
	if e.To == "" {
		return nil
	}
	return []workflows.Effect{{Kind: workflows.Tell, What: ToldStranded, To: workflows.To{Person: e.To}}}
}
