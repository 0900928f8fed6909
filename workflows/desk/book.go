package desk

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/team"
)

// book is what authority is weighed by in this transaction: the configuration, with the rosters as they arrived. A
// member of a group who has no line in the configuration gets one, by their immutable handle.
func (d *Desk) book(tx *storage.Tx) (*policy.Book, error) {
	var rosters []team.Roster
	err := tx.Find(team.Room, "", func(_ workflows.Stream, data json.RawMessage) (bool, error) {
		var r team.Roster
		err := json.Unmarshal(data, &r)
		rosters = append(rosters, r)
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("rosters: %w", err)
	}
	if len(rosters) == 0 {
		return d.cfg.Book, nil
	}
	b := *d.cfg.Book
	b.People = maps.Clone(b.People)
	b.Groups = map[string]policy.Group{}
	for _, r := range rosters {
		g := policy.Group{AsOf: r.AsOf}
		for _, m := range r.Members {
			p, known := b.Resolve(m.Handle)
			if !known {
				p = workflows.Person{ID: team.PersonID(m.Handle), Name: m.Name, Handles: []workflows.Handle{m.Handle}}
				if _, taken := b.People[p.ID]; taken { // somebody configured bears that very id: grant nothing rather than mix two people up
					continue
				}
				b.People[p.ID] = p
			}
			g.Members = append(g.Members, p.ID)
		}
		b.Groups[r.Platform+"/"+r.Group] = g
	}
	return &b, nil
}
