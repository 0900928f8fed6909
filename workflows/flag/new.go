package flag

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// New makes a flag, off everywhere. The asker owns it.
type New struct {
	Key     workflows.FlagKey
	Release workflows.ReleaseID // resolved by the desk
	Expires time.Time           // zero: after Life
	Why     string
}

// Needs implements workflows.Intent.
func (New) Needs() workflows.Need { return workflows.Maker }

func (n New) decide(f Flag, facts Facts) ([]workflows.Event, error) {
	expires := n.Expires
	switch {
	case f.Exists():
		return nil, workflows.Refuse(workflows.Exists, fmt.Sprintf("%s is there already, a flag of %s: %s", f.Key, f.Release.Name(), f.Stands())).
			By(facts.Actor.At()).Type("/release flag show " + string(f.Key))
	case !workflows.ValidID(string(n.Key)):
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%q cannot be a flag's key: %s",
			workflows.Display(string(n.Key), 40), workflows.IDShape)).By(facts.Actor.At()).Type("/release flag new invoices")
	case facts.Standing.Stage == workflows.Closed:
		return nil, workflows.Refuse(workflows.Over, facts.Standing.Where+": a flag outlives no release").
			By(facts.Actor.At()).Type("/release list")
	case expires.IsZero():
		expires = facts.Now.Add(Life)
	case !expires.After(facts.Now):
		return nil, past(n.Key, expires, facts)
	}
	return []workflows.Event{Created{Key: n.Key, Release: n.Release, Why: n.Why, Expires: expires, Users: facts.users()}}, nil
}

// Created says that a flag was made; who and when are in its header.
type Created struct {
	Key     workflows.FlagKey     `json:"key"`
	Release workflows.ReleaseID   `json:"release"`
	Why     string                `json:"why,omitempty"`
	Expires time.Time             `json:"expires,omitzero"`
	Users   workflows.Environment `json:"users"`
}

// Kind implements workflows.Event.
func (Created) Kind() string { return "flag.created" }

func (e Created) evolve(_ Flag, h workflows.Header) Flag {
	return Flag{Key: e.Key, Release: e.Release, Owner: h.By.Person, Why: e.Why, Created: h.At, Expires: e.Expires, Users: e.Users}
}
