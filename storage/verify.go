package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Finding is one thing that is not as it must be.
type Finding struct {
	Key string `json:"key"` // an event by its number, another record by its key; empty: the store as a whole
	Why string `json:"why"`
}

// Line is the finding on one line.
func (f Finding) Line() string {
	if f.Key == "" {
		return f.Why
	}
	return f.Key + ": " + f.Why
}

// Report is what a verification found.
type Report struct {
	Tip      ledger.Tip `json:"tip"`         // its hash is zero where damage hides it
	At       time.Time  `json:"at,omitzero"` // of the last event
	Records  int        `json:"records"`     // of all kinds
	Found    int        `json:"found"`       // how much is wrong: zero is a whole store
	Findings []Finding  `json:"findings,omitempty"`
}

// maxFindings is how many findings a report lists; it counts them all.
const maxFindings = 50

// Add counts a finding.
func (r *Report) Add(key, why string) {
	if r.Found++; len(r.Findings) < maxFindings {
		r.Findings = append(r.Findings, Finding{key, why})
	}
}

// Merge adds the findings of another report.
func (r *Report) Merge(o Report) {
	for _, f := range o.Findings {
		r.Add(f.Key, f.Why)
	}
	r.Found += o.Found - len(o.Findings)
}

// Verify reads every record there is and holds it to its checksum, to the record that it points to, and the ledger to
// itself: no event is missing, each stands in its stream, and the tree over them is the one that was kept, which every
// known tip must be a state of. What only a known tip shows is that the end of the ledger is not what it was. Its error
// is that of reading; what is wrong is in the report.
func (s *Store) Verify(ctx context.Context, known ...ledger.Tip) (Report, error) {
	var r Report
	err := s.View(ctx, func(t *Tx) error {
		v := verifier{Tx: t, report: &r, known: map[workflows.Seq][]ledger.Tip{}, heads: map[workflows.Stream]workflows.Revision{}}
		for _, tip := range known {
			v.known[tip.Size] = append(v.known[tip.Size], tip)
		}
		v.begin()
		err := t.scan(span{}, func(k, frame []byte) (bool, error) {
			r.Records++
			v.record(k, frame)
			return true, ctx.Err()
		})
		v.end()
		return err
	})
	if err != nil {
		return r, fmt.Errorf("verify: %w", err)
	}
	return r, nil
}

// verifier is one verification under way. It goes through the tables in the order of their letters: when it comes to
// the indexes of streams and of what is due, it has seen what they lead to.
type verifier struct {
	*Tx
	report *Report
	known  map[workflows.Seq][]ledger.Tip // that the ledger has not reached yet
	roots  []subtree                      // the tree's complete subtrees so far, the largest first
	heads  map[workflows.Stream]workflows.Revision
	given  uint64 // the last number that was given to a delivery
}

func (v *verifier) wrong(k []byte, format string, args ...any) {
	name := fmt.Sprintf("%q", k)
	if k[0] == tableEvent {
		f := fieldsOf(k)
		name = fmt.Sprintf("event %d", f.number())
	}
	v.report.Add(name, fmt.Sprintf(format, args...))
}

// begin looks at what all the rest is held to.
func (v *verifier) begin() {
	if frame, err := v.get(table(tableMeta)); err == nil && frame == nil {
		v.wrong(table(tableMeta).bytes, "it is missing")
	}
	_, _ = v.load(table(tableCounter), &v.given) // where that fails, its turn comes
	v.hold()
}

// record checks one record.
func (v *verifier) record(k, frame []byte) {
	check, ok := checks[k[0]]
	if !ok {
		v.wrong(k, "there is no such table")
		return
	}
	var bad *Damaged
	switch err := check(v, k, frame); {
	case errors.As(err, &bad) && bad.Key == string(k):
		v.wrong(k, "it is damaged: %s", bad.Why)
	case err != nil:
		v.wrong(k, "%v", err)
	}
}

// hold compares the tree with the tips that are known of this size.
func (v *verifier) hold() {
	size := v.report.Tip.Size
	tips, ok := v.known[size]
	if !ok {
		return
	}
	root, whole := v.root()
	for _, tip := range tips {
		switch {
		case tip.Instance != v.instance:
			v.report.Add("", fmt.Sprintf("a known tip is of the ledger %s, and this is %s", tip.Instance, v.instance))
		case !whole:
			v.report.Add("", fmt.Sprintf("the first %d events cannot be held to a known tip: some of them are lost", size))
		case tip.Hash != root:
			v.report.Add("", fmt.Sprintf("the first %d events are not those of a known tip", size))
		}
	}
	delete(v.known, size)
}

// end says what only the whole shows.
func (v *verifier) end() {
	v.report.Tip.Instance = v.instance
	if root, whole := v.root(); whole {
		v.report.Tip.Hash = root
	}
	for _, size := range slices.Sorted(maps.Keys(v.known)) {
		v.report.Add("", fmt.Sprintf("there is no state of %d events, which a known tip is of: the ledger ends at %d", size, v.report.Tip.Size))
	}
}
