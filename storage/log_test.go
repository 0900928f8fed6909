package storage_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// resealed are an event's rows with a good checksum and content that was never written.
func resealed(t testing.TB, f *furnished, seq workflows.Seq) map[string]string {
	t.Helper()
	k := eventKey(seq)
	row := payload(f.rows[k])
	hashes, text := row[:1+int(row[0])*tlog.HashSize], row[1+int(row[0])*tlog.HashSize:]
	with := func(old, now string) string {
		if !bytes.Contains(text, []byte(old)) {
			t.Fatalf("event %d has no %s: %s", seq, old, text)
		}
		return seal(t, k, append(slices.Clone(hashes), bytes.Replace(text, []byte(old), []byte(now), 1)...))
	}
	rows := map[string]string{
		"other data":       with(`"n":`, `"m":`),
		"another kind":     with("test.happened", "test.happenes"),
		"another person":   with(`"kind"`, `"by":"eve","kind"`),
		"another number":   with(`"seq":`, `"seq":1`),
		"a member twice":   with(`{"seq"`, `{"seq":1,"seq"`),
		"a space":          with(`{"seq"`, `{ "seq"`),
		"no kind":          with(`"test.happened"`, `""`),
		"an earlier time":  with("2024-", "2023-"),
		"half its text":    seal(t, k, row[:len(row)-len(text)/2]),
		"no text":          seal(t, k, hashes),
		"nothing":          seal(t, k, nil),
		"a hash too many":  seal(t, k, slices.Concat([]byte{row[0] + 1}, make([]byte, tlog.HashSize), row[1:])),
		"hashes cut short": seal(t, k, []byte{200}),
	}
	for i := 1; i < len(hashes); i += 11 {
		b := slices.Clone(row)
		b[i] ^= 4
		rows[fmt.Sprint("hash byte ", i)] = seal(t, k, b)
	}
	if row[0] > 0 {
		rows["a hash less"] = seal(t, k, append([]byte{row[0] - 1}, row[1+tlog.HashSize:]...))
	}
	return rows
}

// An event that somebody rewrote, checksum and all, is found, and named by no more than a few findings. Only that the
// ledger's very last event, where it completes no tree, is another one is left to a known tip.
func TestVerifyResealed(t *testing.T) {
	f := furnish(t)
	byItself := []string{"other data", "another kind", "another person"}
	for seq := workflows.Seq(1); seq <= f.tip.Size; seq++ {
		for name, row := range resealed(t, f, seq) {
			changed := map[string]string{eventKey(seq): row}
			r := f.verify(t, changed)
			if last := seq == f.tip.Size && slices.Contains(byItself, name); (r.Found == 0) != last {
				t.Errorf("event %d with %s: %+v", seq, name, r)
			}
			if r.Found > 4 {
				t.Errorf("event %d with %s is found %d times: %+v", seq, name, r.Found, r.Findings)
			}
			r = f.verify(t, changed, f.tip)
			if r.Found == 0 {
				t.Errorf("event %d with %s: a known tip says nothing", seq, name)
			}
		}
	}
}

// Two places are named, although an event is lost altogether; what is behind them is still held to what is known.
func TestVerifyPlaces(t *testing.T) {
	f := furnish(t)
	for lost := workflows.Seq(1); lost < 8; lost++ {
		for other := lost + 1; other <= 8; other++ {
			if (lost+1)/2 == (other+1)/2 {
				continue // nothing but the hash of both is kept, and shows no more than that one is lost
			}
			r := f.verify(t, map[string]string{eventKey(lost): "", eventKey(other): resealed(t, f, other)["other data"]}, f.tip)
			var names []string
			for _, finding := range r.Findings {
				names = append(names, finding.Key)
			}
			behind, pair := fmt.Sprintf("event %d", lost+1), fmt.Sprintf("event %d", (other+1)/2*2)
			if !slices.Contains(names, behind) || !slices.Contains(names, pair) || slices.Contains(names, "") || r.Tip != f.tip {
				t.Errorf("event %d lost and %d changed: %+v", lost, other, r)
			}
		}
	}
}

// An end that is damaged cannot be held to a tip, and has none.
func TestVerifyLostEnd(t *testing.T) {
	f := furnish(t)
	r := f.verify(t, map[string]string{eventKey(f.tip.Size): "x"}, f.tip)
	if r.Found != 3 || !strings.Contains(r.Findings[0].Why, "cannot be held") || r.Tip.Size != f.tip.Size || r.Tip.Hash != (tlog.Hash{}) {
		t.Errorf("%+v", r)
	}
}

// ledgerOf is a ledger of so many events, in which one may be another.
func ledgerOf(t testing.TB, size int, other int) (*storage.Store, *memory.Engine) {
	t.Helper()
	e := memory.New()
	s, err := storage.Open(t.Context(), e, storage.Options{Random: strings.NewReader(strings.Repeat("0123456789abcdef", 2))})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *storage.Tx) error {
		for i := range size {
			r := ledger.Record{Header: workflows.Header{Stream: "a/x", At: time.Unix(int64(1000-i), 0)}, Kind: "k"} // a clock that goes back
			if i+1 == other {
				r.Kind = "forged"
			}
			if _, err := tx.Append(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, e
}

func verified(t testing.TB, s *storage.Store, known ...ledger.Tip) storage.Report {
	t.Helper()
	r, err := s.Verify(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whoever rewrites a ledger and computes all its hashes anew has a whole one. Every tip kept of the events from there
// on tells, none of before.
func TestVerifyRewritten(t *testing.T) {
	const size, forged = 37, 20
	s, _ := ledgerOf(t, size, 0)
	now, _ := ledgerOf(t, size, forged)
	if r := verified(t, now); r.Found != 0 {
		t.Fatalf("the rewritten ledger by itself: %+v", r)
	}
	for n := range workflows.Seq(size + 1) {
		var tip ledger.Tip
		err := s.View(t.Context(), func(tx *storage.Tx) (err error) { tip, err = tx.Tip(n); return err })
		if err != nil {
			t.Fatal(err)
		}
		if r := verified(t, s, tip); r.Found != 0 {
			t.Errorf("held to the tip of its first %d: %+v", n, r)
		}
		if r := verified(t, now, tip); r.Found != 0 != (n >= forged) || r.Found > 1 {
			t.Errorf("rewritten from %d, held to the tip of %d: %+v", forged, n, r)
		}
		tip.Instance = strings.ToUpper(tip.Instance) + "F"
		if r := verified(t, s, tip); r.Found != 1 {
			t.Errorf("held to another ledger's tip: %+v", r)
		}
	}
}

// Whoever cuts a ledger with all that leads to it has a whole one. Every tip kept of more events tells.
func TestVerifyCut(t *testing.T) {
	const size = 21
	whole, _ := ledgerOf(t, size, 0)
	for left := size - 1; left > 0; left-- {
		s, e := ledgerOf(t, size, 0)
		err := e.Update(t.Context(), func(w storage.Writer) error {
			for n := left + 1; n <= size; n++ {
				entry := binary.BigEndian.AppendUint64([]byte("sa/x\x00"), uint64(n))
				if err := w.Delete(entry); err != nil {
					return err
				}
				if err := w.Delete([]byte(eventKey(workflows.Seq(n)))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		tip, err := whole.Tip(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if r := verified(t, s); r.Found != 0 || r.Tip.Size != workflows.Seq(left) {
			t.Errorf("cut to %d, by itself: %+v", left, r)
		}
		if r := verified(t, s, tip); r.Found != 1 {
			t.Errorf("cut to %d, held to a known tip: %+v", left, r)
		}
	}
}
