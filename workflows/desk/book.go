package desk

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// book is what authority is weighed by in this transaction: the configuration, with the rosters as they arrived. The
// last one is kept, by what the rosters were: commands come in far more often than those.
func (r *rules) book(tx *storage.Tx) (*policy.Book, error) {
	var rosters []json.RawMessage
	sum := sha256.New()
	err := tx.Find(team.Room, "", func(_ workflows.Stream, data json.RawMessage) (bool, error) {
		rosters = append(rosters, slices.Clone(data))
		_, err := sum.Write(data)
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("rosters: %w", err)
	}
	if len(rosters) == 0 {
		return r.Book, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if of := [sha256.Size]byte(sum.Sum(nil)); r.last == nil || r.of != of {
		b, err := withRosters(r.Book, rosters)
		if err != nil {
			return nil, err
		}
		r.last, r.of = b, of
	}
	return r.last, nil
}

// withRosters adds the members of groups to a book. One who has no line in the configuration gets one, by their
// immutable handle.
func withRosters(from *policy.Book, rosters []json.RawMessage) (*policy.Book, error) {
	b := *from
	b.People, b.Groups = maps.Clone(from.People), map[string]policy.Group{}
	for _, data := range rosters {
		var r team.Roster
		if err := json.Unmarshal(data, &r); err != nil {
			return nil, fmt.Errorf("rosters: %w", err)
		}
		g := policy.Group{AsOf: r.AsOf}
		for _, m := range r.Members {
			p, known := from.Resolve(m.Handle)
			if !known {
				p = workflows.Person{ID: team.PersonID(m.Handle), Name: m.Name, Handles: []workflows.Handle{m.Handle}}
				if old, taken := b.People[p.ID]; taken && !slices.Contains(old.Handles, m.Handle) {
					continue // somebody configured bears that very id: grant nothing rather than mix two people up
				}
				b.People[p.ID] = p
			}
			g.Members = append(g.Members, p.ID)
		}
		b.Groups[r.Platform+"/"+r.Group] = g
	}
	return b.Indexed(), nil
}
