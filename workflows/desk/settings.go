package desk

import (
	"context"
	"maps"
	"slices"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Settings says what configuration is in force.
func (d *Desk) Settings() todo.Settings {
	r := d.rules.Load()
	s := todo.Settings{From: r.From, Hash: r.Book.Hash, Products: slices.Sorted(maps.Keys(r.Products)), Templates: slices.Sorted(maps.Keys(r.Templates)),
		Default: r.Default, Raise: r.Raise, Digest: r.Digest.String(), Readiness: r.Readiness.String()}
	if a, ok := r.Anchor.schedule(r.Week.Zone); ok {
		s.Anchor = a.Spec
	}
	return s
}

// Persons lists what was recorded of people beside the configuration, by person.
func (d *Desk) Persons(ctx context.Context) ([]people.State, error) {
	var out []people.State
	err := d.view(ctx, func(tx *storage.Tx) (err error) {
		out, err = persons(tx)
		return err
	})
	return out, err
}

func persons(tx *storage.Tx) ([]people.State, error) {
	rows, err := rowsOf(tx, people.Room)
	if err != nil {
		return nil, err
	}
	return decoded[people.State](rows)
}
