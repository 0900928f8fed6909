package desk

import (
	"fmt"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// longLedger is a ledger of releases of a hundred events each: opened from the template of 25 items, voted on and passed
// gate by gate, with second thoughts in between. All are under way at once, as in a team's worst month.
func longLedger(b *testing.B, releases int) *storage.Store {
	b.Helper()
	h := newHouse(b)
	feature := release.Templates()["feature"]
	streams := make([]workflows.Stream, releases)
	candidates := make([]release.Candidate, releases)
	var events []func(i int) (workflows.PersonID, workflows.Event)
	add := func(by workflows.PersonID, e func(i int) workflows.Event) {
		events = append(events, func(i int) (workflows.PersonID, workflows.Event) { return by, e(i) })
	}
	gates := feature.At(policy.Normal)
	add("ana", func(i int) workflows.Event {
		return release.Opened{ID: workflows.ReleaseID(streams[i].ID()), Number: uint64(i + 1), Template: "feature", Revision: feature.Revision(),
			Risk: policy.Normal, Manager: "ana", Gates: gates, Candidate: &candidates[i]}
	})
	for _, g := range gates {
		for _, item := range g.Items {
			for n, who := range []workflows.PersonID{"mia", "ben", "ana", "ben"} {
				v := release.Vote{Item: g.Full(item), By: who, As: item.Role, Value: release.OK, At: monday, Note: fmt.Sprint("looked at it ", n), Evidence: "https://example.org/board"}
				add(who, func(i int) workflows.Event {
					v := v
					v.Commit = candidates[i].Commit.ID
					if item.Binds != release.Unbound {
						v.Digest = candidates[i].Digests[item.Binds]
					}
					return release.Signed{Vote: v}
				})
			}
		}
		add("ana", func(i int) workflows.Event { return release.Passed{Gate: g.Key(), Commit: candidates[i].Commit.ID} })
	}
	for i := range releases {
		id := workflows.ReleaseID(fmt.Sprintf("app@f%d", i))
		streams[i] = workflows.StreamOf(release.Room, string(id))
		tree := fmt.Sprintf("tree:%040x", i)
		candidates[i] = release.Candidate{Commit: workflows.Commit{ID: fmt.Sprintf("%040x", i), Tree: tree},
			Written: []policy.Authorship{{Authors: []string{"zoe@example.org"}, Commits: 1}},
			Digests: map[release.Binding]string{release.ToCommit: tree, release.ToTree: tree}} // of a feature
	}
	for _, e := range events { // the same of all releases, one after the other
		h.later(12 * time.Hour)
		ok(b, h.store.Update(b.Context(), func(tx *storage.Tx) error {
			for i, stream := range streams {
				by, event := e(i)
				r, err := stored(workflows.Recorded{Event: event, Header: workflows.Header{Stream: stream, At: h.now, Ask: "an-ask",
					Policy: h.cfg.Book.Hash, By: workflows.Actor{Person: by, Handle: workflows.Handle("chat/" + by)}}})
				if err != nil {
					return err
				}
				if _, err := tx.Append(r); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return h.store
}

// BenchmarkVerify reads a ledger of some 100,000 events.
func BenchmarkVerify(b *testing.B) {
	store := longLedger(b, 1000)
	var events workflows.Seq
	err := store.View(b.Context(), func(tx *storage.Tx) (err error) {
		events, _, err = tx.Last()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		wrong := 0
		releases, err := Verify(b.Context(), store, func(key, why string) {
			if wrong++; wrong < 4 {
				b.Log(key, why)
			}
		})
		if err != nil || releases != 1000 {
			b.Fatal(releases, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(events), "µs/event")
	b.ReportMetric(float64(events), "events")
}
