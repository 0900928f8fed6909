package storage_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// vote is an event of some 400 bytes, of one of a hundred releases.
func vote(n int) ledger.Record {
	return ledger.Record{
		Header: workflows.Header{
			Stream: workflows.Stream(fmt.Sprintf("release/app@1.%d.0", n%100)), At: time.Unix(int64(n), 0),
			By: workflows.Actor{Person: "ana", Handle: "slack/T0123456/U0123456"},
			As: "engineering", Ask: fmt.Sprintf("slack/Ev%010d", n), Policy: "3f1c9a7be0d2", Template: "6f0b12aa",
		},
		Kind: "release.signed",
		Data: fmt.Appendf(nil, `{"item":"ga.ready/public-docs","vote":"ok","digest":"%040x","note":"%096d"}`, n, n),
	}
}

func appendVotes(b *testing.B, s *storage.Store, from, to int) {
	b.Helper()
	err := s.Update(b.Context(), func(tx *storage.Tx) error {
		for n := from; n < to; n++ {
			if _, err := tx.Append(vote(n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// engines are those that need nothing installed.
var engines = map[string]func(b *testing.B) storage.Engine{
	"memory": func(*testing.B) storage.Engine { return memory.New() },
	"bolt": func(b *testing.B) storage.Engine {
		e, err := bolt.Open(filepath.Join(b.TempDir(), "a.db"), bolt.Options{Create: true})
		if err != nil {
			b.Fatal(err)
		}
		return e
	},
}

func benchStore(b *testing.B, engine string, o storage.Options) *storage.Store {
	b.Helper()
	s, err := storage.Open(b.Context(), engines[engine](b), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// BenchmarkVerify is the verification of a ledger of 100,000 events.
func BenchmarkVerify(b *testing.B) {
	const size = 100_000
	for engine := range engines {
		b.Run(engine, func(b *testing.B) {
			s := benchStore(b, engine, storage.Options{})
			for n := 0; n < size; n += 1000 {
				appendVotes(b, s, n, n+1000)
			}
			for b.Loop() {
				if r, err := s.Verify(b.Context()); err != nil || r.Found != 0 || r.Tip.Size != size {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkAppend is a commit of one event to a ledger of 10,000, with and without telling the tip.
func BenchmarkAppend(b *testing.B) {
	for engine := range engines {
		for name, tip := range map[string]func(ledger.Tip){"": nil, " with its tip": func(ledger.Tip) {}} {
			b.Run(engine+name, func(b *testing.B) {
				s := benchStore(b, engine, storage.Options{Tip: tip})
				appendVotes(b, s, 0, 10_000)
				for n := 10_000; b.Loop(); n++ {
					appendVotes(b, s, n, n+1)
				}
			})
		}
	}
}
