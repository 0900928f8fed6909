package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// Codes is what makes and knows codes. It is no part of the data: whoever reads the ledger can make none.
type Codes struct {
	Key   Key    // of 16 bytes at least; shorter, and no codes are made
	Owner string // people.Sum of the code that makes its typer the owner while there is none; empty: there is no such code
}

// Key is secret bytes. It prints as "(secret)".
type Key []byte

// String hides the key.
func (Key) String() string { return "(secret)" }

// GoString hides the key.
func (Key) GoString() string { return "(secret)" }

// MarshalText hides the key.
func (Key) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// minKey is how long a key is at least, in bytes.
const minKey = 16

// code is the one-time code that an ask is given: always the same one, so that the same ask again is answered the same
// as long as the process lives. Without a key there is none.
func (s *session) code() string { return s.d.code(s.rules, s.ask.ID) }

func (d *Desk) code(r *rules, ask string) string {
	if len(r.Codes.Key) < minKey {
		return ""
	}
	mac := hmac.New(sha256.New, r.Codes.Key)
	_, _ = mac.Write([]byte(d.store.Instance() + "\x00" + ask)) // a hash never fails
	return people.CodeOf(mac.Sum(nil))
}

// secret is the code that came out of an ask, for its asker alone; empty where none did, and where it was made by
// another process, which nobody can read it back from.
func (d *Desk) secret(r *rules, ask string, events []workflows.Recorded) string {
	for _, e := range events {
		if c, ok := e.Event.(people.Coded); ok {
			if code := d.code(r, ask); code != "" && people.Sum(code) == c.Sum {
				return code
			}
		}
	}
	return ""
}

// peopleTarget is the stream of whom a wish of the people's room is about.
func (s *session) peopleTarget(w people.Wish) (target, error) {
	switch w := w.(type) {
	case people.Link:
		return target{stream: people.StreamOf(s.book.Canon(w.Person))}, nil
	case people.Unlink:
		id, ok, err := s.whose(people.KeyAccount(w.Account))
		if !ok || s.book.Canon(id) != s.book.Canon(w.Person) {
			id = s.book.Canon(w.Person)
		}
		return target{stream: people.StreamOf(id)}, err
	case people.Claim:
		return s.claimTarget(people.Sum(w.Code))
	}
	return target{stream: people.StreamOf(s.actor.Person)}, nil
}

// claimTarget is the stream of whom a code belongs to. One that belongs to nobody goes to the claims, which refuse it.
func (s *session) claimTarget(sum string) (target, error) {
	if hmac.Equal([]byte(sum), []byte(s.rules.Codes.Owner)) {
		return target{stream: people.Claims}, nil
	}
	id, ok, err := s.whose(people.KeyCode(sum))
	if !ok {
		return target{stream: people.Claims}, err
	}
	return target{stream: people.StreamOf(id)}, err
}

// whose is the person whose row stands under a key.
func (s *session) whose(key string) (id workflows.PersonID, ok bool, err error) {
	err = s.tx.Find(key, "", func(stream workflows.Stream, _ json.RawMessage) (bool, error) {
		id, ok = workflows.PersonID(stream.ID()), true
		return false, nil
	})
	if err != nil {
		return "", false, fmt.Errorf("whose is %s: %w", key, err)
	}
	return id, ok, nil
}

// decidePeople hands a wish to the people's room.
func (s *session) decidePeople(t target, w people.Wish) ([]workflows.Event, error) {
	on, err := s.on(t.stream)
	if err != nil {
		return nil, err
	}
	f := people.Facts{Now: s.now, Zone: s.zone, Actor: s.actor, Owned: len(s.book.Owners) > 0, Owner: s.rules.Codes.Owner}
	switch x := w.(type) {
	case people.Link:
		f.Person = s.namedPerson(x.Person)
		f.Bearer, err = s.bearer(x.Account)
		x.Person = s.book.Canon(x.Person)
		w = x
	case people.Unlink:
		f.Bearer, err = s.bearer(x.Account)
	case people.Code:
		if code := s.code(); code != "" {
			f.Sum = people.Sum(code)
		}
	case people.Claim:
		f.Actor.Handle = s.ask.By
		f.Person = s.namedPerson(workflows.PersonID(t.stream.ID()))
		f.Bearer, err = s.bearer(s.ask.By)
		f.Self = people.Claimant{Person: s.ownID(s.ask.By), Handle: s.ask.By}
	case people.Leave:
		f.Deputy = s.namedPerson(x.Deputy)
		x.Deputy = s.book.Canon(x.Deputy)
		w = x
	}
	if err != nil {
		return nil, err
	}
	return people.Decide(on.after.state.(people.State), w, f)
}

// named is what is known of a person whom somebody named.
func (s *session) namedPerson(id workflows.PersonID) people.Named {
	n := people.Named{Join: s.rules.Join, Member: s.book.IsMember(id, s.now)}
	if a, away := s.book.IsAway(id, s.now); away {
		n.Away = a.Until
	}
	if _, n.Known = s.book.Person(id); !n.Known {
		var all []string
		for p := range maps.Keys(s.book.People) {
			all = append(all, string(p))
		}
		slices.Sort(all)
		n.Nearest = workflows.Nearest(string(id), all, 3)
	}
	return n
}

// bearer is whose an account is. A link stands, also to somebody who is gone: only unlinked is it free again.
func (s *session) bearer(h workflows.Handle) (people.Bearer, error) {
	if p, ok := s.rules.Book.Resolve(h); ok {
		return people.Bearer{Person: p.ID, Configured: true}, nil
	}
	if id, ok, err := s.whose(people.KeyAccount(h)); err != nil || ok {
		return people.Bearer{Person: s.book.Canon(id), Linked: true}, err
	}
	p, _ := s.book.Resolve(h)
	return people.Bearer{Person: p.ID}, nil
}

// ownID is who somebody is who may be unknown: whom the handle resolves to, else a person called after it.
func (s *session) ownID(h workflows.Handle) workflows.PersonID {
	if p, ok := s.book.Resolve(h); ok {
		return p.ID
	}
	id := team.PersonID(h)
	if _, taken := s.book.People[id]; taken {
		return "" // somebody configured bears that very id
	}
	return id
}

// doer is who did what was decided: of a claim, whom it made of the one who typed it; of what somebody says, or
// follows, the account.
func (s *session) doer(events []workflows.Event) workflows.Actor {
	switch s.ask.Wish.(type) {
	case feedback.Add, feedback.Follow:
		return bearing(s.actor)
	case people.Claim:
	default:
		return s.actor
	}
	return people.Does(events, workflows.Actor{Handle: s.ask.By, Person: s.actor.Person})
}

// said is the line of an ask as it may be written down.
func said(a workflows.Ask) string {
	if d, ok := a.Wish.(workflows.Discreet); ok {
		return d.Said()
	}
	return a.Line
}

// heldNames lists what somebody holds, for a refusal.
func heldNames(held []policy.Holding) string {
	if len(held) == 0 {
		return "no role"
	}
	var names []string
	for _, h := range held {
		name := string(h.Role)
		if h.For != "" {
			name = h.String()
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
