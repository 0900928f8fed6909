package desk

import (
	"context"
	"encoding/json"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/places"
)

// Parked lists the places that take nothing until somebody mends them there, in the order of their streams.
func (d *Desk) Parked(ctx context.Context) ([]places.State, error) { return Parked(ctx, d.store) }

// Parked is what Desk.Parked says, of a store that no desk is at work on.
func Parked(ctx context.Context, s *storage.Store) (out []places.State, err error) {
	err = s.View(ctx, func(tx *storage.Tx) error {
		out = nil
		return tx.Find(places.KeyParked, "", func(_ workflows.Stream, data json.RawMessage) (bool, error) {
			var p places.State
			err := json.Unmarshal(data, &p)
			out = append(out, p)
			return true, err
		})
	})
	return out, err
}
