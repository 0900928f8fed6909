package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// findings is what Verify says of a store, one line each.
func findings(s *storage.Store) (lines []string, releases int, err error) {
	releases, err = Verify(context.Background(), s, func(key, why string) { lines = append(lines, key+": "+why) })
	return lines, releases, err
}

// copyOf is another store with the same records.
func copyOf(from storage.Engine) (*storage.Store, error) {
	to := memory.New()
	err := to.Update(context.Background(), func(w storage.Writer) error {
		return from.View(context.Background(), func(r storage.Reader) error {
			return r.Scan(storage.Range{}, func(k, v []byte) (bool, error) { return true, w.Put(k, v) })
		})
	})
	if err != nil {
		return nil, err
	}
	return storage.Open(context.Background(), to, storage.Options{})
}

// verified: of a store that only the desk wrote, Verify finds nothing wrong; and it finds a gate that somebody writes
// into the ledger exactly when the gate was shut.
func (m *model) verified(t *rapid.T) {
	lines, releases, err := findings(m.store)
	w := m.world()
	if err != nil || len(lines) > 0 || releases != len(w.releases) {
		t.Fatalf("%d of %d releases read again, %v:\n%s", releases, len(w.releases), err, strings.Join(lines, "\n"))
	}
	for _, r := range w.releases {
		if r.passed == len(r.gates) {
			continue
		}
		opens := m.eye().opens(r)
		wrong := m.forced(t, r)
		if opens && len(wrong) > 0 {
			t.Fatalf("the next gate of %s opens, and passing it was found wrong: %v", r.id, wrong)
		}
		if !opens && len(wrong) == 0 && !grouped(m.cfg.Book) {
			t.Fatalf("the next gate of %s is shut, and passing it was not found wrong: %+v", r.id, r.votes)
		}
	}
}

// grouped reports whether rosters decide about roles: the ledger does not tell whose their handles are.
func grouped(b *policy.Book) bool {
	for _, m := range b.Roles {
		if len(m.Groups) > 0 {
			return true
		}
	}
	return false
}

// forced writes into a copy that the next gate was passed, and gives what is found wrong with that.
func (m *model) forced(t *rapid.T, r *told) []string {
	s, err := copyOf(m.engine)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	g := r.gates[r.passed]
	e := release.Passed{Gate: g.Stage + "." + g.Half}
	if r.cand != nil {
		e.Commit = r.cand.Commit.ID
	}
	rec, err := stored(workflows.Recorded{Event: e, Header: workflows.Header{Stream: workflows.StreamOf(release.Room, r.id), At: m.judged(),
		By: workflows.Actor{Person: workflows.PersonID(r.manager)}, Ask: "forced", Policy: m.cfg.Book.Hash}})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(context.Background(), func(tx *storage.Tx) error {
		rec, err = tx.Append(rec)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lines, _, err := findings(s)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(lines, func(l string) bool { return !strings.HasPrefix(l, fmt.Sprintf("%s, event %d: ", r.id, rec.Seq)) })
}
