package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// exporting is what `readyroom export` asks.
type exporting struct {
	Since time.Time `json:"since,omitzero"` // events before it are left out
}

func exportCommand() *cobra.Command {
	var w wiring
	var since string
	c := &cobra.Command{
		Use:   "export",
		Short: "Print the ledger, one event a line in JSON, and its tip in the last line",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			var a exporting
			if a.Since, err = ago(since, time.Now()); err != nil {
				return err
			}
			w.log = quiet(c.ErrOrStderr())
			return operate(c.Context(), w, "export", a, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&w.dir, "data", defaultData, "the data directory")
	c.Flags().StringVar(&since, "since", "", "only events since then: 30d, 12h, or 2026-01-31")
	return c
}

// ago reads how far back, or since which day.
func ago(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		return day, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return now.AddDate(0, 0, -int(n)), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	return time.Time{}, workflows.Refuse(workflows.Invalid, "--since is like 30d, 12h or 2026-01-31, not "+workflows.Display(text, 40)).
		Type("readyroom export --since 30d")
}

// exportPage is how many events are read at a time: whoever reads slowly must not hold up the store.
const exportPage = 500

// export prints the ledger as it stands now.
func (r *running) export(ctx context.Context, a exporting, out io.Writer) error {
	s, err := r.store()
	if err != nil {
		return err
	}
	tip, err := s.Tip(ctx)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	after, err := before(ctx, s, tip.Size, a.Since)
	for err == nil && after < tip.Size {
		var page []byte
		if page, after, err = readPage(ctx, s, after, tip.Size); err == nil {
			_, err = out.Write(page)
		}
	}
	if err == nil {
		err = json.NewEncoder(out).Encode(struct {
			Tip ledger.Tip `json:"tip"`
		}{tip})
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// before is the number of the last event before a time: the ledger's times never go back.
func before(ctx context.Context, s *storage.Store, size workflows.Seq, since time.Time) (workflows.Seq, error) {
	if since.IsZero() {
		return 0, nil
	}
	var n int
	err := s.View(ctx, func(tx *storage.Tx) (err error) {
		n = sort.Search(int(size), func(i int) bool {
			late := true
			err2 := tx.Ledger(workflows.Seq(i), func(r ledger.Record) (bool, error) {
				late = !r.At.Before(since)
				return false, nil
			})
			if err == nil {
				err = err2
			}
			return late
		})
		return err
	})
	return workflows.Seq(n), err
}

// readPage reads the lines of the next events.
func readPage(ctx context.Context, s *storage.Store, after, size workflows.Seq) (page []byte, last workflows.Seq, err error) {
	end := min(after+exportPage, size)
	err = s.View(ctx, func(tx *storage.Tx) error {
		return tx.Ledger(after, func(r ledger.Record) (bool, error) {
			text, err := r.Text()
			page, last = append(append(page, text...), '\n'), r.Seq
			return r.Seq < end, err
		})
	})
	if err == nil && last != end {
		err = fmt.Errorf("the ledger ends at event %d of %d", last, size)
	}
	return page, last, err
}
