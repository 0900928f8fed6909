package desk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// durable gives a house on a database on disk.
func durable(b *testing.B, change ...func(*Config)) *house {
	b.Helper()
	cfg := testConfig(testBook())
	for _, f := range change {
		f(&cfg)
	}
	e, err := bolt.Open(filepath.Join(b.TempDir(), "a.db"), bolt.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	h := &house{TB: b, repo: fiveCommits(), now: monday}
	h.open(e, cfg)
	b.Cleanup(func() { _ = h.store.Close() })
	return h
}

// fdatasyncP50 is the median of fdatasync after writing 2 KiB into a file that has its size.
func fdatasyncP50(b *testing.B) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "probe"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	buf := make([]byte, 1<<20)
	if _, err := f.Write(buf); err != nil {
		b.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		b.Fatal(err)
	}
	times := make([]time.Duration, 300)
	for i := range times {
		if _, err := f.WriteAt(buf[:2048], int64(i*4096%len(buf))); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
		times[i] = time.Since(start)
	}
	return p50(times)
}

func p50(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// signs is a person's i-th sign-off of a release, which is never what they said before.
func signs(id workflows.ReleaseID, i int, n int64) workflows.Ask {
	w := release.Sign{Items: []string{"way-back"}, Value: []release.Value{release.OK, release.NA}[i%2], Note: "looked at it"}
	return workflows.Ask{ID: fmt.Sprint("sign-", n), By: "chat/ben", At: "chat/#app", On: workflows.Selectors{Release: string(id)}, When: monday,
		Line: "sign way-back", Wish: w}
}

// BenchmarkSignOff is one durable sign-off alone, from the ask to the receipt, beside fdatasync in the same run.
func BenchmarkSignOff(b *testing.B) {
	h := durable(b)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	before := fdatasyncP50(b)
	times := make([]time.Duration, 0, 1<<16)
	for b.Loop() {
		a := signs("app@1.0", len(times), int64(len(times)))
		start := time.Now()
		h.must(a)
		times = append(times, time.Since(start))
	}
	probe := (before + fdatasyncP50(b)) / 2
	b.ReportMetric(float64(probe), "fdatasync-p50-ns")
	b.ReportMetric(float64(p50(times)), "p50-ns")
	b.ReportMetric(float64(p50(times))/float64(probe), "x-fdatasync")
}

// BenchmarkSignOff64 is 64 people at once, each on a release of their own, beside one alone in the same run.
func BenchmarkSignOff64(b *testing.B) {
	h := durable(b)
	for i := range 64 {
		h.must(h.ask("ana", "", release.New{ID: workflows.ReleaseID(fmt.Sprintf("app@%d.0", i)), Risk: policy.Low}))
	}
	var n atomic.Int64
	rate := func(callers, each int) float64 {
		start := time.Now()
		var all sync.WaitGroup
		for c := range callers {
			all.Go(func() {
				for i := range each {
					if _, err := h.do(signs(workflows.ReleaseID(fmt.Sprintf("app@%d.0", c)), i, n.Add(1))); err != nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
		return float64(callers*each) / time.Since(start).Seconds()
	}
	var alone, together float64
	for b.Loop() {
		alone, together = rate(1, 300), rate(64, 50)
	}
	b.ReportMetric(float64(fdatasyncP50(b)), "fdatasync-p50-ns")
	b.ReportMetric(alone, "single-ops/s")
	b.ReportMetric(together, "ops/s")
	b.ReportMetric(together/alone, "x-single")
}

// crowded gives a house with a release of sixty items, signed, among many others, and a desk that begins cold.
func crowded(b *testing.B, others int) (*house, *Desk) {
	h := durable(b, func(c *Config) {
		c.Templates = map[string]release.Template{"sixty": sixty(), "simple": release.Templates()["simple"]}
	})
	h.must(h.ask("ana", "", release.New{ID: "app@big", Template: "sixty"}))
	for i := range 28 {
		for _, gate := range []string{"ga.ready", "ga.done"} {
			h.must(h.ask([]string{"mia", "ben"}[i%2], "app@big", release.Sign{Items: []string{fmt.Sprintf("%s/item-%02d", gate, i)}}))
		}
	}
	var all sync.WaitGroup
	for c := range 64 {
		all.Go(func() {
			for i := c; i < others; i += 64 {
				a := workflows.Ask{ID: fmt.Sprint("new-", i), By: "chat/ana", At: workflows.Place(fmt.Sprintf("chat/#c%d", i)), When: monday, Line: "new",
					Wish: release.New{ID: workflows.ReleaseID(fmt.Sprintf("shop@%d.0", i))}}
				if _, err := h.do(a); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	h.must(h.ask("ana", "app@big", release.Sign{Items: []string{"ga.ready/item-00"}})) // what is read is in memory
	return h, New(h.store, h.repo, h.cfg)
}

// checks is the median of `check` in the channel that the release is bound to.
func checks(b *testing.B, d *Desk, times int) time.Duration {
	took := make([]time.Duration, times)
	for i := range took {
		start := time.Now()
		r, err := d.Release(context.Background(), workflows.Selectors{}, "chat/#app")
		if err != nil {
			b.Fatal(err)
		}
		v, err := d.Who(context.Background(), "chat/mia")
		if err != nil {
			b.Fatal(err)
		}
		if verdict := release.Check(r, v.Book, monday); r.ID != "app@big" || len(verdict.Items) != 30 || len(verdict.Open()) != 2 {
			b.Fatalf("%s: %d of %d open", r.ID, len(verdict.Open()), len(verdict.Items))
		}
		took[i] = time.Since(start)
	}
	return p50(took)
}

// BenchmarkCheck is `check` on a release of sixty items among 10,000 releases, beside the same among 100. Cold is the
// first check of a process.
func BenchmarkCheck(b *testing.B) {
	few, coldFew := crowded(b, 100)
	many, coldMany := crowded(b, 10_000)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	first, firstFew := checks(b, coldMany, 1), checks(b, coldFew, 1)
	var p, pFew time.Duration
	for b.Loop() {
		p, pFew = checks(b, many.Desk, 500), checks(b, few.Desk, 500)
	}
	b.ReportMetric(ms(p), "p50-ms")
	b.ReportMetric(ms(pFew), "p50-ms-of-100")
	b.ReportMetric(float64(p)/float64(pFew), "x-100")
	b.ReportMetric(ms(first), "cold-ms")
	b.ReportMetric(ms(firstFew), "cold-ms-of-100")
}

// BenchmarkAnnounce is the one durable act that tells as many as may follow a release, each in person.
func BenchmarkAnnounce(b *testing.B) {
	for n := range b.N {
		b.StopTimer()
		h := durable(b)
		id := workflows.ReleaseID(fmt.Sprint("app@", n))
		h.must(h.ask("ana", "", release.New{ID: id, Risk: "low"}))
		for i := range feedback.MaxFollowers {
			h.must(h.ask(fmt.Sprint("eve", i), id, feedback.Follow{Want: feedback.Ships}))
		}
		a := h.ask("ana", id, release.Set{Cancelled: true, Note: "not now"})
		q := h.must(a)
		b.StartTimer()
		h.must(press(a, a.ID+"-press", q.Confirm.Key))
	}
}
