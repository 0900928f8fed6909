package bolt

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// signOff is what a person's vote writes: an event, its release's summary, the ask's answer.
func signOff(n int64) func(*storage.Tx) error {
	stream := workflows.Stream(fmt.Sprintf("release/app@1.%d", n%50))
	note := []byte(fmt.Sprintf(`{"item":"ga.ready/public-docs","vote":"ok","note":"%0100d"}`, n))
	summary := []byte(fmt.Sprintf(`{"name":"app","stage":"ga","open":%d,"notes":"%0300d"}`, n, n))
	return func(tx *storage.Tx) error {
		_, err := tx.Append(ledger.Record{
			Header: workflows.Header{Stream: stream, By: workflows.Actor{Person: "ana", Handle: "console/ana"}, Ask: fmt.Sprint(n)},
			Kind:   "release.signed", Data: note,
		})
		if err != nil {
			return err
		}
		if err := tx.PutSummary(stream, []string{"open", "app"}, summary); err != nil {
			return err
		}
		return tx.PutAnswer(fmt.Sprint(n), storage.Answer{Print: "ana", Data: note})
	}
}

func benchStore(b *testing.B) *storage.Store {
	b.Helper()
	e, err := Open(filepath.Join(b.TempDir(), "a.db"), Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	s, err := storage.Open(b.Context(), e, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// fsyncP50 is the median of fdatasync after writing 2 KiB, as much as a sign-off is, into a file that has its size.
func fsyncP50(b *testing.B) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "probe"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	const span = 1 << 20
	buf := make([]byte, span)
	if _, err := f.Write(buf); err != nil {
		b.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		b.Fatal(err)
	}
	times := make([]time.Duration, 300)
	for i := range times {
		buf[0]++
		if _, err := f.WriteAt(buf[:2048], int64(i*4096%span)); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
		times[i] = time.Since(start)
	}
	return median(times)
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// BenchmarkSignOff is one durable sign-off alone, beside fdatasync in the same run: half of the probes before, half
// after.
func BenchmarkSignOff(b *testing.B) {
	s := benchStore(b)
	before := fsyncP50(b)
	times := make([]time.Duration, 0, 1<<16)
	var n int64
	for b.Loop() {
		start := time.Now()
		if err := s.Update(b.Context(), signOff(n)); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
		n++
	}
	probe := (before + fsyncP50(b)) / 2
	p50 := median(times)
	b.ReportMetric(float64(probe), "fsync-p50-ns")
	b.ReportMetric(float64(p50), "p50-ns")
	b.ReportMetric(float64(p50)/float64(probe), "x-fsync")
}

// BenchmarkSignOff64 is 64 callers at once, beside one alone in the same run.
func BenchmarkSignOff64(b *testing.B) {
	s := benchStore(b)
	var n atomic.Int64
	alone := rate(b, s, &n, 1, 300)
	var together float64
	for b.Loop() {
		together = rate(b, s, &n, 64, 64*100)
	}
	b.ReportMetric(float64(fsyncP50(b)), "fsync-p50-ns")
	b.ReportMetric(alone, "single-ops/s")
	b.ReportMetric(together, "ops/s")
	b.ReportMetric(together/alone, "x-single")
}

// rate is how many sign-offs a second some callers get done together.
func rate(b *testing.B, s *storage.Store, n *atomic.Int64, callers, ops int) float64 {
	b.Helper()
	start := time.Now()
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range ops / callers {
				if err := s.Update(b.Context(), signOff(n.Add(1))); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return float64(ops) / time.Since(start).Seconds()
}
