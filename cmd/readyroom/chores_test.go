package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/console"
	"github.com/readyroom/readyroom/cmd/readyroom/config"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// TestNight: one night a civil date, whatever the clocks do.
func TestNight(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-01-05 09:00": "2026-01-05 03:00", "2026-01-05 03:00": "2026-01-05 03:00", "2026-01-05 02:59": "2026-01-04 03:00",
		"2026-01-01 00:00": "2025-12-31 03:00", "2026-03-29 12:00": "2026-03-29 03:00", "2026-10-25 12:00": "2026-10-25 03:00",
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := night(at.UTC(), berlin).Format("2006-01-02 15:04"); got != want {
			t.Errorf("at %s the last night began at %s, want %s", now, got, want)
		}
	}
	nights := map[time.Time]bool{}
	for at := time.Date(2026, 3, 1, 0, 0, 0, 0, berlin); at.Before(time.Date(2026, 4, 1, 0, 0, 0, 0, berlin)); at = at.Add(time.Minute) {
		nights[night(at, berlin)] = true
	}
	if len(nights) != 32 { // the last of February, and each day of March
		t.Errorf("March has %d nights", len(nights))
	}
}

// TestEveryNight: once a night, not at the start, and not again because the hour is that of the night.
func TestEveryNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunning(wiring{})
		r.clock = console.RealClock(time.Now)
		r.cfg.Store(&config.Config{Time: config.Time{Zone: time.UTC}})
		var nights []string
		ctx, cancel := context.WithTimeout(t.Context(), 76*time.Hour) // the bubble begins at midnight
		defer cancel()
		r.everyNight(ctx, func() { nights = append(nights, time.Now().UTC().Format("02 15:04")) })
		if got := strings.Join(nights, ", "); got != "01 03:00, 02 03:00, 03 03:00, 04 03:00" {
			t.Errorf("the nights were %s", got)
		}
	})
}

// TestAgo reads how far back, and nothing else.
func TestAgo(t *testing.T) {
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{"": "0001-01-01 00:00", "30d": "2025-12-06 09:00", "12h": "2026-01-04 21:00", "90m": "2026-01-05 07:30",
		"2026-01-02": "2026-01-02 00:00", "0d": "2026-01-05 09:00"} {
		if got, err := ago(text, now); err != nil || got.Format("2006-01-02 15:04") != want {
			t.Errorf("%q is %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"yesterday", "-1d", "-3h", "d", "2026-13-01", "99999999d"} {
		if got, err := ago(text, now); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// TestExport prints every event once and in order, however many pages they fill, from a time on, and the tip in the end.
func TestExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	r, err := begin(t.Context(), wiring{dir: dir, create: true, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	grow := func(n int) {
		t.Helper()
		err := r.data.Store.Update(t.Context(), func(tx *storage.Tx) error {
			for range n {
				size, _, err := tx.Last()
				if err != nil {
					return err
				}
				at := start.Add(time.Duration(size) * time.Minute)
				if _, err := tx.Append(ledger.Record{Kind: "test.tick", Header: workflows.Header{At: at}}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, more := range []int{0, 1, exportPage - 1, 1, exportPage + 7} {
		grow(more)
		size, _, err := lastOf(t, r.data.Store)
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range []int{0, 1, int(size) / 2, int(size) - 1, int(size), int(size) + 5} {
			if from < 0 {
				continue
			}
			since := start.Add(time.Duration(from) * time.Minute)
			if from == 0 {
				since = time.Time{}
			}
			var out bytes.Buffer
			if err := r.export(t.Context(), exporting{Since: since}, &out); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
			events, last := lines[:len(lines)-1], lines[len(lines)-1]
			if want := max(int(size)-from, 0); len(events) != want {
				t.Fatalf("of %d events, those behind the first %d are %d", size, from, len(events))
			}
			for i, text := range events {
				if got, err := ledger.Parse([]byte(text)); err != nil || int(got.Seq) != from+i+1 {
					t.Fatalf("line %d is event %d, %v", i, got.Seq, err)
				}
			}
			var end struct{ Tip ledger.Tip }
			if err := json.Unmarshal([]byte(last), &end); err != nil || end.Tip.Size != size {
				t.Fatalf("the last line is %s", last)
			}
			if from == 0 {
				file := filepath.Join(t.TempDir(), fmt.Sprint(size))
				writeFile(t, file, out.String())
				if report, err := verifyExport(t.Context(), file, nil); err != nil || report.Found > 0 {
					t.Errorf("%d events are exported as %+v, %v", size, report, err)
				}
			}
		}
	}
}

func lastOf(t *testing.T, s *storage.Store) (size workflows.Seq, at time.Time, err error) {
	err = s.View(t.Context(), func(tx *storage.Tx) (err error) {
		size, at, err = tx.Last()
		return err
	})
	return size, at, err
}
