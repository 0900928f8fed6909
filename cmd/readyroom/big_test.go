package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

var (
	bigReleases = flag.Int("big.releases", 10_000, "how many releases the benchmarks of a big ledger hold")
	bigEvents   = flag.Int("big.events", 1_000_000, "how many events they hold")
	bigDir      = flag.String("big.dir", "", "where to keep the big data, and to find them again; empty: made anew")
)

// openOne begins the program over a data directory, in a repository, as the person at the keyboard.
func openOne(b *testing.B, dir string) *running {
	b.Helper()
	r, err := begin(b.Context(), wiring{command: "benchmark", dir: dir, create: true, acts: true, keyboard: true, clock: "real", log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// types has the owner type a line, which must not be refused.
func types(b *testing.B, r *running, id, channel, line string) chat.Reply {
	b.Helper()
	reply := r.handle(b.Context(), chat.Request{ID: id, By: "console/you", At: workflows.Place("console/" + channel), Text: line, When: r.clock.Now()})
	if reply.Refusal != nil {
		b.Fatalf("%s: %v", line, reply.Refusal)
	}
	return reply
}

// votes is a line that is never the vote its person gave before.
func votes(n int64) string { return fmt.Sprint("sign way-back -- look ", n) }

// bigData gives a data directory with so many releases and events: one real release of each kind, open and closed, and
// copies of its history under other names.
func bigData(b *testing.B, releases, events int) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "data")
	if *bigDir != "" {
		dir = filepath.Join(*bigDir, fmt.Sprintf("%d-%d", releases, events))
	}
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	each := events / releases
	r := openOne(b, dir)
	defer func() {
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
	}()
	for i, name := range []string{"app@open0", "app@closed0"} {
		channel := fmt.Sprintf("#m%d", i)
		types(b, r, name+"-new", channel, "new "+name)
		for n := range each - 10 {
			types(b, r, fmt.Sprint(name, n), channel, votes(int64(n)))
		}
	}
	types(b, r, "tests", "#m1", "sign tests,changelog,way-back")
	asked := types(b, r, "ga", "#m1", "advance")
	types(b, r, "yes", "#m1", asked.Message.Buttons[0].Line)
	types(b, r, "done", "#m1", "sign announced,healthy")
	types(b, r, "close", "#m1", "advance")
	for i := range releases {
		kind := "closed"
		if i%100 == 0 {
			kind = "open"
		}
		clone(b, r.data.Store, kind, i+1)
	}
	return dir
}

// clone writes the history of a model release again, under another name.
func clone(b *testing.B, s *storage.Store, kind string, n int) {
	b.Helper()
	from := workflows.StreamOf(release.Room, "app@"+kind+"0")
	renamed := func(text string) string {
		text = strings.ReplaceAll(text, "app@"+kind+"0", fmt.Sprintf("app%d@%s0", n, kind)) // each of a product of its own
		for _, number := range []string{`"number":1`, `"number":2`} {
			text = strings.ReplaceAll(text, number+",", fmt.Sprintf(`"number":%d,`, n+2))
		}
		return strings.ReplaceAll(text, "console/#m", fmt.Sprintf("console/#c%d-", n))
	}
	err := s.Update(b.Context(), func(tx *storage.Tx) error {
		var state release.Release
		var all []ledger.Record
		err := tx.Events(from, 0, func(rec ledger.Record) (bool, error) { all = append(all, rec); return true, nil })
		if err != nil {
			return err
		}
		for _, rec := range all {
			rec.Stream, rec.Ask, rec.Data = workflows.Stream(renamed(string(rec.Stream))), fmt.Sprint(rec.Ask, "-", n), json.RawMessage(renamed(string(rec.Data)))
			if rec, err = tx.Append(rec); err != nil {
				return err
			}
			e, err := evidence.Event(rec)
			if err != nil {
				return err
			}
			state = release.Evolve(state, e)
		}
		sum := release.Summary(state)
		data, err := json.Marshal(sum.Data)
		if err != nil {
			return err
		}
		return tx.PutSummary(workflows.StreamOf(release.Room, string(state.ID)), sum.Keys, data)
	})
	if err != nil {
		b.Fatal(err)
	}
}

// inRepository moves the benchmark into a work tree with one commit.
func inRepository(b *testing.B) {
	b.Helper()
	repo := gittest.New(b)
	repo.Commit(gittest.Ana, gittest.Day(1), "begin", "", "file", "text")
	b.Chdir(repo.Dir)
}

// BenchmarkBig measures what must not grow with the ledger, and what may.
func BenchmarkBig(b *testing.B) {
	inRepository(b)
	dir := bigData(b, *bigReleases, *bigEvents)
	small := bigData(b, 10, 1000)
	b.Run("Start", func(b *testing.B) {
		for b.Loop() {
			r := openOne(b, dir)
			b.StopTimer()
			if err := r.Close(); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
	b.Run("SignOff", func(b *testing.B) { benchSignOff(b, small, dir) })
	b.Run("Verify", func(b *testing.B) {
		for b.Loop() {
			v, err := verifyAtRestHere(b.Context(), dir)
			if err := errors.Join(err, v.wrong()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(v.Tip.Size), "events")
		}
	})
	b.Run("Backup", func(b *testing.B) { benchBackup(b, dir) })
}

// verifyAtRestHere verifies in this process.
func verifyAtRestHere(ctx context.Context, dir string) (verified, error) {
	return verifyFile(ctx, filepath.Join(dir, "readyroom.db"), nil)
}

// benchSignOff is the median sign-off over a big ledger beside that over a small one, turn by turn.
func benchSignOff(b *testing.B, small, big string) {
	var open [2]*running
	var took [2][]time.Duration
	for i, dir := range []string{small, big} {
		open[i] = openOne(b, dir)
		defer open[i].Close()
	}
	run := time.Now().UnixNano()
	for n := 0; b.Loop(); n++ {
		for i, r := range open {
			began := time.Now()
			types(b, r, fmt.Sprint("bench-", run, "-", n), "#m0", votes(run+int64(n)))
			took[i] = append(took[i], time.Since(began))
		}
	}
	for i := range took {
		slices.Sort(took[i])
	}
	of := func(i int) float64 { return float64(took[i][len(took[i])/2]) / float64(time.Millisecond) }
	b.ReportMetric(of(0), "small-p50-ms")
	b.ReportMetric(of(1), "big-p50-ms")
	b.ReportMetric(of(1)/of(0), "x-small")
}

// benchBackup copies the database while sign-offs go on, and says how long the slowest of these took.
func benchBackup(b *testing.B, dir string) {
	r := openOne(b, dir)
	defer r.Close()
	run := time.Now().UnixNano()
	unverified := func(context.Context, string, ledger.Tip) error { return nil }
	var slowest time.Duration
	n := 0
	for b.Loop() {
		done := make(chan error)
		file := filepath.Join(b.TempDir(), "backup.db")
		go func() {
			c, err := r.data.Backup(b.Context(), file, true, unverified)
			b.SetBytes(c.Bytes)
			done <- err
		}()
		for busy := true; busy; n++ {
			select {
			case err := <-done:
				if err != nil {
					b.Fatal(err)
				}
				busy = false
			default:
				began := time.Now()
				types(b, r, fmt.Sprint("backup-", run, "-", n), "#m0", votes(run+int64(n)))
				slowest = max(slowest, time.Since(began))
			}
		}
	}
	b.ReportMetric(float64(slowest)/float64(time.Millisecond), "slowest-sign-off-ms")
	b.ReportMetric(float64(n), "sign-offs-meanwhile")
}
