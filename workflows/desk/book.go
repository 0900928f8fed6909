package desk

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// book is what authority is weighed by in this transaction: the configuration, with the rosters as they arrived and what
// was recorded of people. The last one is kept, by what those were: commands come in far more often.
func (r *rules) book(tx *storage.Tx) (*policy.Book, error) {
	groups, err := rowsOf(tx, team.Room)
	if err != nil {
		return nil, err
	}
	others, err := rowsOf(tx, people.Room)
	if err != nil || len(groups)+len(others) == 0 {
		return r.Book, err
	}
	of := digestOf(groups, others)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil || r.of != of {
		rosters, err := decoded[team.Roster](groups)
		if err != nil {
			return nil, fmt.Errorf("rosters: %w", err)
		}
		persons, err := decoded[people.State](others)
		if err != nil {
			return nil, fmt.Errorf("people: %w", err)
		}
		r.last, r.of = completed(r.Book, rosters, persons), of
	}
	return r.last, nil
}

// rowsOf reads every row of a room, in the order of its streams.
func rowsOf(tx *storage.Tx, room string) (rows []json.RawMessage, err error) {
	err = tx.Find(room, "", func(_ workflows.Stream, data json.RawMessage) (bool, error) {
		rows = append(rows, slices.Clone(data))
		return true, nil
	})
	if err != nil {
		return nil, fmt.Errorf("rows of %s: %w", room, err)
	}
	return rows, nil
}

// digestOf tells rows from others; each row says itself whom it is about.
func digestOf(lists ...[]json.RawMessage) [sha256.Size]byte {
	sum := sha256.New()
	for _, rows := range lists {
		for _, data := range rows {
			_, _ = fmt.Fprintf(sum, "%d %s", len(data), data) // a hash never fails
		}
		_, _ = sum.Write([]byte{0})
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

func decoded[T any](rows []json.RawMessage) ([]T, error) {
	out := make([]T, len(rows))
	for i, data := range rows {
		if err := json.Unmarshal(data, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// binder binds a book of the configuration, the rosters, and what was recorded of people. The configuration always has
// the last word.
type binder struct {
	from  *policy.Book
	to    policy.Book
	links map[workflows.Handle]workflows.PersonID // as they were made
	made  map[workflows.PersonID]workflows.Handle // the account that a person would be called after, of those that are somebody's
}

// completed adds to a book of the configuration what the ledger knows.
func completed(from *policy.Book, rosters []team.Roster, persons []people.State) *policy.Book {
	b := &binder{from: from, to: *from, links: map[workflows.Handle]workflows.PersonID{}, made: map[workflows.PersonID]workflows.Handle{}}
	b.to.People, b.to.Groups = own(from.People), own(from.Groups)
	b.to.Away, b.to.Merged = map[workflows.PersonID]policy.Absence{}, map[workflows.PersonID]workflows.PersonID{}
	b.link(persons)
	for _, r := range rosters {
		b.group(r)
	}
	for _, p := range persons {
		b.claim(p.Owner)
	}
	for _, h := range slices.Sorted(maps.Keys(b.links)) {
		b.account(h)
	}
	for _, p := range persons {
		if !p.Until.IsZero() && b.root(p.Person) == p.Person { // an account that turned out to be somebody's names no deputy for them
			b.to.Away[b.root(p.Person)] = policy.Absence{Until: p.Until, Deputy: b.root(p.Deputy)}
		}
	}
	return b.to.Indexed()
}

// own is a map of the same that may be written to.
func own[K comparable, V any](m map[K]V) map[K]V {
	out := make(map[K]V, len(m))
	maps.Copy(out, m)
	return out
}

// link takes the links, and works out which persons are one: an account that is somebody's makes no person of its own.
func (b *binder) link(persons []people.State) {
	for _, p := range b.from.People {
		for _, h := range p.Handles {
			b.made[team.PersonID(h)] = h
		}
	}
	for _, p := range persons {
		for _, h := range p.Accounts {
			if _, configured := b.from.Resolve(h); !configured {
				b.links[h], b.made[team.PersonID(h)] = p.Person, h
			}
		}
	}
	for id := range b.made {
		if to := b.root(id); to != id {
			b.to.Merged[id] = to
		}
	}
}

// root is the one id of a person. Who stands in the configuration is themselves, whatever an account may be called.
func (b *binder) root(id workflows.PersonID) workflows.PersonID {
	for range len(b.made) + 1 { // links may go round in a circle, and then end anywhere
		h, account := b.made[id]
		if _, configured := b.from.People[id]; configured || !account {
			return id
		}
		if p, ok := b.from.Resolve(h); ok {
			return p.ID
		}
		id = b.links[h]
	}
	return id
}

// bearer is whose an account is. One that is nobody's makes a person of its own.
func (b *binder) bearer(h workflows.Handle) workflows.PersonID {
	if p, ok := b.from.Resolve(h); ok {
		return p.ID
	}
	if id, ok := b.links[h]; ok {
		return b.root(id)
	}
	return b.root(team.PersonID(h))
}

// admit gives somebody who bears an account a line, by that account. It reports false where the id is somebody else's in
// the configuration: nothing is granted rather than two people mixed up.
func (b *binder) admit(id workflows.PersonID, h workflows.Handle, name string) bool {
	_, linked := b.links[h]
	old, there := b.to.People[id]
	switch {
	case !there:
		b.to.People[id] = workflows.Person{ID: id, Name: name, Handles: []workflows.Handle{h}}
		return true
	case linked || slices.Contains(old.Handles, h):
		return true
	}
	_, configured := b.from.People[id]
	return !configured
}

// group adds a roster.
func (b *binder) group(r team.Roster) {
	g := policy.Group{AsOf: r.AsOf}
	for _, m := range r.Members {
		if id := b.bearer(m.Handle); b.admit(id, m.Handle, m.Name) && !slices.Contains(g.Members, id) {
			g.Members = append(g.Members, id)
		}
	}
	b.to.Groups[r.Platform+"/"+r.Group] = g
}

// claim makes whoever claimed the installation its owner, as long as the configuration names none. A claim is an
// account's: who was somebody in the configuration, and left it, left this with it.
func (b *binder) claim(c people.Claimant) {
	if c.Person == "" || len(b.from.Owners) > 0 {
		return
	}
	id := b.bearer(c.Handle)
	if own := team.PersonID(c.Handle); id == own && c.Person != own || !b.admit(id, c.Handle, c.Handle.Name()) {
		return
	}
	b.to.Owners = []workflows.PersonID{id}
}

// account adds a linked account to its person, where there is one.
func (b *binder) account(h workflows.Handle) {
	p, ok := b.to.People[b.bearer(h)]
	if !ok || slices.Contains(p.Handles, h) {
		return
	}
	p.Handles = append(slices.Clip(p.Handles), h)
	b.to.People[p.ID] = p
}
