package people

import (
	"github.com/readyroom/readyroom/workflows"
)

// Claim types a code: a member's makes the account that types it theirs, the one in the host's log makes whoever types it
// the owner.
type Claim struct{ Code string }

// Needs says who may: whoever has the code.
func (Claim) Needs() workflows.Need { return workflows.Anyone }

// Stranger says that somebody may type this whom nobody knows yet.
func (Claim) Stranger() {}

// Said is the line without the code.
func (Claim) Said() string { return "admin claim …" }

// Owned happened: the installation, which names no owner, was claimed.
type Owned struct {
	Person workflows.PersonID `json:"person"`
	Handle workflows.Handle   `json:"handle"`
}

// Kind names the event.
func (Owned) Kind() string { return "people.owned" }

// wrongCode refuses a code that is none, ran out or was used: which of these, nobody is told who cannot know it.
func wrongCode(f Facts) *workflows.Refusal {
	ref := workflows.Refuse(workflows.Expired, "that is no code, or it ran out, or it was used")
	if !f.Owned {
		return ref.By("whoever runs this bot: the code is in its log").Type("/release admin claim CODE")
	}
	return ref.By("you, with the account that is known here").Type("/release admin code")
}

// noGuests refuses an account that is nobody's and never will be.
func noGuests() *workflows.Refusal {
	return workflows.Refuse(workflows.NotAllowed, "guests, and people from other workspaces, have no say here, so no code or link makes their account anybody's").
		By("full members of this workspace, with their own account").Type("/release admin claim CODE")
}

// decide is about whom the code belongs to: a person who made it, or the installation.
func (c Claim) decide(s State, f Facts) ([]workflows.Event, error) {
	if f.Actor.Handle.Guest() {
		return nil, noGuests()
	}
	sum := Sum(c.Code)
	if same(f.Owner, sum) {
		if f.Owned || f.Self.Person == "" {
			return nil, wrongCode(f)
		}
		return []workflows.Event{Owned(f.Self)}, nil
	}
	if !same(s.Code.Sum, sum) || !f.Now.Before(s.Code.Until) || !f.Person.Known {
		return nil, wrongCode(f)
	}
	if err := free(f.Actor.Handle, s.Person, f.Bearer); err != nil {
		return nil, err
	}
	return []workflows.Event{Linked{Person: s.Person, Handle: f.Actor.Handle, ByCode: true}}, nil
}

func (e Owned) evolve(s State) State {
	s.Owner = Claimant(e)
	return s
}

func (Owned) tell() []workflows.Effect { return nil }

// Does gives who did what a claim brought about: the person whom the code made of the one who typed it.
func Does(events []workflows.Event, by workflows.Actor) workflows.Actor {
	for _, e := range events {
		switch e := e.(type) {
		case Linked:
			if e.ByCode {
				by.Person = e.Person
			}
		case Owned:
			by.Person = e.Person
		}
	}
	return by
}
