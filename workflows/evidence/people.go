package evidence

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// Persons are, of the events about people, those that bear on what was done to a release: by whose account, in whose
// place, by what claim. An absence bears on nothing that came before it; that two accounts are one person does. The
// configurations that it was done under say whose an account is, too.
func Persons(own, policies, about []workflows.Recorded) []workflows.Recorded {
	if len(own) == 0 {
		return nil
	}
	who := acting(own, slices.Concat(policies, about))
	last := own[len(own)-1].Seq
	var out []workflows.Recorded
	for _, e := range about {
		_, isLink := e.Event.(people.Linked)
		if bears(e.Event, who) && (isLink || e.Seq < last) {
			out = append(out, e)
		}
	}
	return out
}

// acting are the people who did something to a release, by every name that they did it under.
func acting(own, about []workflows.Recorded) map[workflows.PersonID]bool {
	who := map[workflows.PersonID]bool{}
	for _, e := range own {
		if !isAct(e) {
			continue
		}
		who[e.By.Person] = true
		if s, ok := e.Event.(release.Signed); ok {
			who[s.Vote.By] = true
		}
	}
	delete(who, "")
	for n := -1; n != len(who); { // an account that is somebody's may be linked to somebody else in turn
		n = len(who)
		for _, e := range about {
			switch e := e.Event.(type) {
			case people.Linked:
				if bears(e, who) {
					who[e.Person] = true
				}
			case ledger.Policy:
				for called, id := range e.Accounts {
					if who[called] || who[id] {
						who[called], who[id] = true, true
					}
				}
			}
		}
	}
	return who
}

// bears reports whether an event about people is of one of those who acted.
func bears(e workflows.Event, who map[workflows.PersonID]bool) bool {
	switch e := e.(type) {
	case people.Linked:
		return who[e.Person] || who[team.PersonID(e.Handle)]
	case people.Unlinked:
		return who[e.Person] || who[team.PersonID(e.Handle)]
	case people.Left:
		return who[e.Person] || who[e.Deputy]
	case people.Returned:
		return who[e.Person] || who[e.Deputy]
	case people.Owned:
		return who[e.Person]
	}
	return false
}

// person excerpts: only of people who acted here, and in their order; where somebody was in other years is nobody's
// evidence.
func (m membership) person(e workflows.Recorded) error {
	var of workflows.PersonID
	switch e := e.Event.(type) {
	case people.Linked:
		of = e.Person
	case people.Unlinked:
		of = e.Person
	case people.Left:
		of = e.Person
	case people.Returned:
		of = e.Person
	}
	want := people.StreamOf(of)
	if _, claim := e.Event.(people.Owned); claim {
		want = people.Claims
	}
	switch {
	case !bears(e.Event, m.who):
		return errors.New("it is of nobody who did anything here")
	case e.Stream != want:
		return fmt.Errorf("it is of another person than %s", e.Stream)
	case e.Revision <= m.at[e.Stream]:
		return fmt.Errorf("it is revision %d of %s and follows revision %d", e.Revision, e.Stream, m.at[e.Stream])
	}
	return nil
}

// folk is what the events about people said so far.
type folk struct {
	links   map[workflows.Handle]workflows.PersonID
	away    map[workflows.PersonID]policy.Absence
	claimed workflows.PersonID
}

func newFolk() folk {
	return folk{links: map[workflows.Handle]workflows.PersonID{}, away: map[workflows.PersonID]policy.Absence{}}
}

// join completes a configuration, which gives accounts to people, by what was said of people.
func (f folk) join(b *policy.Book, accounts map[workflows.PersonID]workflows.PersonID) {
	b.Merged = map[workflows.PersonID]workflows.PersonID{}
	merge := func(id workflows.PersonID) {
		if to := f.root(b, accounts, id); to != id {
			b.Merged[id] = to
		}
	}
	for h := range f.links {
		merge(team.PersonID(h))
	}
	for called := range accounts {
		merge(called)
	}
	b.Away = maps.Clone(f.away)
	for _, a := range f.away {
		if _, ok := b.People[a.Deputy]; !ok && a.Deputy != "" {
			b.People[a.Deputy] = workflows.Person{ID: a.Deputy}
		}
	}
	if len(b.Owners) == 0 && f.claimed != "" {
		b.Owners = []workflows.PersonID{f.root(b, accounts, f.claimed)}
	}
}

// root is the one id of a person. Whose an account is by the configuration, no link changes.
func (f folk) root(b *policy.Book, accounts map[workflows.PersonID]workflows.PersonID, id workflows.PersonID) workflows.PersonID {
	for range len(f.links) + 1 {
		if _, configured := b.People[id]; configured {
			return id
		}
		if to, ok := accounts[id]; ok {
			return to
		}
		next := id
		for _, h := range slices.Sorted(maps.Keys(f.links)) {
			if team.PersonID(h) == id {
				next = f.links[h]
			}
		}
		if next == id {
			return id
		}
		id = next
	}
	return id
}

func accountLinked(t *telling, _ workflows.Header, e people.Linked) Facts {
	t.folk.links[e.Handle] = e.Person
	f := Facts{"account": string(e.Handle), "person": string(e.Person)}
	if e.ByCode {
		f["by_code"] = "yes"
	}
	return f
}

func accountUnlinked(t *telling, _ workflows.Header, e people.Unlinked) Facts {
	delete(t.folk.links, e.Handle)
	return Facts{"account": string(e.Handle), "person": string(e.Person)}
}

func wentAway(t *telling, _ workflows.Header, e people.Left) Facts {
	t.folk.away[e.Person] = policy.Absence{Until: e.Until, Deputy: e.Deputy}
	return Facts{"until": stamp(e.Until), "deputy": string(e.Deputy)}
}

func cameBack(t *telling, _ workflows.Header, e people.Returned) Facts {
	delete(t.folk.away, e.Person)
	return nil
}

func ownershipClaimed(t *telling, _ workflows.Header, e people.Owned) Facts {
	t.folk.claimed = e.Person
	return Facts{"account": string(e.Handle)}
}
