package main

import (
	"context"
	"fmt"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
)

// parkedErr is that places take nothing. Which, and why, is text of people and platforms: it is for who asks on the host.
func (r *running) parkedErr() error {
	if n := r.bot.Parked(); n > 0 {
		return fmt.Errorf("%s parked: nothing is taken there until somebody mends that → readyroom status", counted(uint64(n), "place"))
	}
	return nil
}

// parkedPlaces counts the places that take nothing, as the ledger has it.
func (r *running) parkedPlaces(ctx context.Context) (int, error) {
	parked, err := desk.Parked(ctx, r.data.Store)
	return len(parked), err
}

// parkedLines say which places take nothing, since when, and why.
func (r *running) parkedLines(ctx context.Context) ([]string, error) {
	parked, err := desk.Parked(ctx, r.data.Store)
	if err != nil {
		return nil, fmt.Errorf("which places take nothing: %w", err)
	}
	var out []string
	for _, p := range parked {
		out = append(out, fmt.Sprintf("Parked: %s takes nothing since %s: %s", workflows.Display(string(p.Place), 80), p.Parked.Since.Local().Format("2006-01-02 15:04:05 MST"),
			workflows.Display(p.Parked.Why, 200)))
	}
	if len(out) > 0 {
		out = append(out, "          → mend it there; what waits is sent by itself then, within the hour")
	}
	return out, nil
}
