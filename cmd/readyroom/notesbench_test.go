package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/git"
	"github.com/readyroom/readyroom/bot/git/gittest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
)

var (
	clonePath  = flag.String("clone", "", "the clone whose history the benchmark of notes reads; empty: one is made")
	cloneSince = flag.String("clone.since", "HEAD~1000", "where the range of that benchmark begins")
)

// BenchmarkNotesOfClone drafts notes of a range and of a whole history, each beside `git log` of the same commits. It says
// how many times as long it takes, and how much memory it holds at most beyond what was held before.
//
//	go test ./cmd/readyroom -run '^$' -bench NotesOfClone -clone /path/to/a/clone -clone.since v1.2.0
func BenchmarkNotesOfClone(b *testing.B) {
	path := *clonePath
	if path == "" {
		path = longHistory(b)
	}
	first := gitSays(b, path, "rev-list", "--max-parents=0", "HEAD")[:40]
	for _, what := range []struct{ name, since string }{{"range", *cloneSince}, {"whole", first}} {
		log := func() { gitSays(b, path, "log", what.since+"..HEAD") }
		draft := func() { draftOf(b, path, what.since) }
		b.Run(what.name, func(b *testing.B) {
			var beside, ours time.Duration
			for b.Loop() {
				beside += timed(log)
				ours += timed(draft)
			}
			b.ReportMetric(float64(ours)/float64(beside), "×git-log")
			b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ms/draft")
			b.ReportMetric(float64(beside.Milliseconds())/float64(b.N), "ms/git-log")
			b.ReportMetric(float64(held(draft))/(1<<20), "MiB-held")
		})
	}
}

// longHistory makes a repository with a thousand commits and one.
func longHistory(b *testing.B) string {
	r := gittest.New(b)
	for i := range 1001 {
		r.Commit("Ana <ana@example.org>", gittest.Day(1).Add(time.Duration(i)*time.Minute), fmt.Sprintf("fix: number %d (#%d)", i, i+1), "Why it was so.", fmt.Sprintf("src/%d", i%50))
	}
	return r.Dir
}

func timed(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}

func gitSays(b *testing.B, path string, args ...string) string {
	b.Helper()
	out, err := exec.CommandContext(b.Context(), "git", append([]string{"-C", path}, args...)...).Output()
	if err != nil {
		b.Fatal(err)
	}
	return string(out)
}

// draftOf is what `notes draft --from since` does between the line and its commit.
func draftOf(b *testing.B, path, since string) {
	b.Helper()
	g := git.New(git.Options{Path: os.Getenv("PATH"), Log: 1 << 20})
	q := notes.Draft{From: since}.Look()
	q.Repository, q.Ref = path, "HEAD"
	found, err := g.Look(b.Context(), q)
	if err != nil {
		b.Fatal(err)
	}
	f := notes.Facts{Now: time.Now(), Found: found, Candidate: found.Commit.ID, Standing: workflows.Standing{Release: "app@1.0.0"}}
	if _, err := notes.Decide(notes.Notes{}, notes.Draft{From: since}, f); err != nil {
		b.Fatal(err)
	}
}

// held is how many bytes a function held at most at one time, as far as looking every millisecond shows.
func held(f func()) uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	before := stats.HeapAlloc
	var most atomic.Uint64
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for tick := time.NewTicker(time.Millisecond); ; {
			select {
			case <-done:
				return
			case <-tick.C:
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most.Store(max(most.Load(), now.HeapAlloc))
			}
		}
	})
	f()
	close(done)
	wait.Wait()
	return max(most.Load(), before) - before
}
