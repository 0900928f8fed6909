package people

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// Link makes an account a person's from now on.
type Link struct {
	Person  workflows.PersonID
	Account workflows.Handle // as Account makes it
}

// Unlink takes an account away from a person again: a slip must be mendable.
type Unlink struct {
	Person  workflows.PersonID
	Account workflows.Handle
}

// Needs says who may: an account is all it takes to be somebody.
func (Link) Needs() workflows.Need { return workflows.Owner }

// Needs says who may.
func (Unlink) Needs() workflows.Need { return workflows.Owner }

// Linked happened: an account is this person's.
type Linked struct {
	Person workflows.PersonID `json:"person"`
	Handle workflows.Handle   `json:"handle"`
	ByCode bool               `json:"by_code,omitempty"` // they proved it themselves
}

// Unlinked happened: an account is no longer this person's.
type Unlinked struct {
	Person workflows.PersonID `json:"person"`
	Handle workflows.Handle   `json:"handle"`
}

// Kind names the event.
func (Linked) Kind() string { return "people.linked" }

// Kind names the event.
func (Unlinked) Kind() string { return "people.unlinked" }

func (l Link) decide(_ State, f Facts) ([]workflows.Event, error) {
	if !f.Person.Known {
		return nil, unknown(l.Person, f.Person)
	}
	if err := free(l.Account, l.Person, f.Bearer); err != nil {
		return nil, err
	}
	return []workflows.Event{Linked{Person: l.Person, Handle: l.Account}}, nil
}

// free refuses an account that is somebody's by the configuration or by a link. One that made a person of its own may
// turn out to be somebody else's: those two are one from then on.
func free(h workflows.Handle, to workflows.PersonID, b Bearer) error {
	account := workflows.Display(string(h), 80)
	switch {
	case h.Guest():
		return noGuests()
	case b.Person == "":
		return nil
	case b.Person == to:
		return workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s is %s's already", account, to.At())).Type("/release admin roles")
	case b.Configured:
		return workflows.Refuse(workflows.Exists, fmt.Sprintf("%s is %s's in readyroom.yaml", account, b.Person.At())).
			By("whoever edits readyroom.yaml").Type("/release admin roles")
	case b.Linked:
		return workflows.Refuse(workflows.Exists, fmt.Sprintf("%s is linked to %s", account, b.Person.At())).
			By("an owner").Type(unlinking(b.Person, h))
	}
	return nil
}

func unlinking(id workflows.PersonID, h workflows.Handle) string {
	return "/release " + linkLine("unlink", id, h)
}

func linkLine(verb string, id workflows.PersonID, h workflows.Handle) string {
	return fmt.Sprintf("admin %s %s %s %s", verb, id.At(), h.Platform(), h.Name())
}

func (u Unlink) decide(s State, f Facts) ([]workflows.Event, error) {
	account := workflows.Display(string(u.Account), 80)
	if f.Bearer.Configured {
		return nil, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s is %s's in readyroom.yaml, which no link changes", account, f.Bearer.Person.At())).
			By("whoever edits readyroom.yaml").Type("/release admin roles")
	}
	if !slices.Contains(s.Accounts, u.Account) {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s is not linked to %s", account, u.Person.At())).Type("/release admin roles")
	}
	return []workflows.Event{Unlinked{Person: s.Person, Handle: u.Account}}, nil
}

func (e Linked) evolve(s State) State {
	s.Person = e.Person
	if !slices.Contains(s.Accounts, e.Handle) {
		s.Accounts = append(s.Accounts, e.Handle)
	}
	if e.ByCode {
		s.Code = OneTime{}
	}
	return s
}

func (e Linked) tell() []workflows.Effect { return dm(e.Person, ToldLinked) }

// A code that is out goes with the account: it may have been asked for with that very one.
func (e Unlinked) evolve(s State) State {
	s.Person, s.Code = e.Person, OneTime{}
	s.Accounts = slices.DeleteFunc(s.Accounts, func(h workflows.Handle) bool { return h == e.Handle })
	return s
}

func (e Unlinked) tell() []workflows.Effect { return dm(e.Person, ToldUnlinked) }

// What people are told by direct message.
const (
	ToldLinked   = "linked"
	ToldUnlinked = "unlinked"
	ToldLeft     = "away"
	ToldReturned = "back"
)
