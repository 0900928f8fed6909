package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// log is a ledger in memory: the texts, and the hashes of their tree in tlog's order.
type log struct {
	texts  [][]byte
	hashes []tlog.Hash
}

func (l *log) ReadHashes(places []int64) (out []tlog.Hash, err error) {
	for _, place := range places {
		out = append(out, l.hashes[place])
	}
	return out, nil
}

func newLog(t interface{ Fatal(...any) }, size int) *log {
	l := &log{}
	for i := range size {
		text := mustText(t, ledger.Record{
			Header: workflows.Header{Seq: workflows.Seq(i + 1), At: time.Unix(int64(i), 0)}, Kind: "k", Data: fmt.Append(nil, i),
		})
		hashes, err := tlog.StoredHashes(int64(i), text, l)
		if err != nil {
			t.Fatal(err)
		}
		l.texts, l.hashes = append(l.texts, text), append(l.hashes, hashes...)
	}
	return l
}

func (l *log) tip(t interface{ Fatal(...any) }, size int) ledger.Tip {
	h, err := tlog.TreeHash(int64(size), l)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Tip{Instance: anInstance, Size: workflows.Seq(size), Hash: h}
}

func (l *log) entry(t interface{ Fatal(...any) }, seq, size int) ledger.Entry {
	p, err := tlog.ProveRecord(int64(size), int64(seq-1), l)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Entry{Text: string(l.texts[seq-1]), Proof: p}
}

func (l *log) growth(t interface{ Fatal(...any) }, older, size int) tlog.TreeProof {
	if older == 0 {
		return nil
	}
	p, err := tlog.ProveTree(int64(size), int64(older), l)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// flipped calls fn with each hash of a proof changed by each of its bits' first, last and middle, then puts it back;
// then with a hash more, one less, and two in each other's place.
func flipped(proof []tlog.Hash, fn func([]tlog.Hash)) {
	for i := range proof {
		for _, bit := range []int{0, 131, 255} {
			p := slices.Clone(proof)
			p[i][bit/8] ^= 1 << (bit % 8)
			fn(p)
		}
		fn(slices.Delete(slices.Clone(proof), i, i+1))
		if i > 0 {
			p := slices.Clone(proof)
			p[i], p[i-1] = p[i-1], p[i]
			fn(p)
		}
	}
	fn(append(slices.Clone(proof), tlog.Hash{}))
}

// An entry is accepted by the tip that it was proven for, and nothing that differs from it by a byte. (The size of a
// tip is not in its hash: it counts as what the keeper of the tip says. Sizes that cannot be are refused.)
func TestTipRecord(t *testing.T) {
	const most = 17
	l := newLog(t, most)
	for size := 1; size <= most; size++ {
		tip := l.tip(t, size)
		for seq := 1; seq <= size; seq++ {
			e := l.entry(t, seq, size)
			if r, err := tip.Record(e); err != nil || r.Seq != workflows.Seq(seq) {
				t.Fatalf("event %d of %d: %d, %v", seq, size, r.Seq, err)
			}
			refused := func(tip ledger.Tip, e ledger.Entry) {
				t.Helper()
				if r, err := tip.Record(e); err == nil {
					t.Errorf("event %d of %d, changed, stands there as %+v", seq, size, r)
				}
			}
			for i := range e.Text {
				refused(tip, ledger.Entry{Text: e.Text[:i] + string(e.Text[i]^1) + e.Text[i+1:], Proof: e.Proof})
			}
			refused(tip, ledger.Entry{Text: " " + e.Text, Proof: e.Proof})
			refused(tip, ledger.Entry{Text: e.Text + "\n", Proof: e.Proof})
			refused(tip, ledger.Entry{Text: strings.Replace(e.Text, `"seq"`, `"Seq"`, 1), Proof: e.Proof})
			flipped(e.Proof, func(p []tlog.Hash) { refused(tip, ledger.Entry{Text: e.Text, Proof: p}) })
			flipped([]tlog.Hash{tip.Hash}, func(p []tlog.Hash) {
				if len(p) == 1 {
					refused(ledger.Tip{Instance: tip.Instance, Size: tip.Size, Hash: p[0]}, e)
				}
			})
			for _, n := range []workflows.Seq{0, workflows.Seq(seq - 1), 1<<62 + 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
				refused(ledger.Tip{Instance: tip.Instance, Size: n, Hash: tip.Hash}, e)
			}
		}
	}
}

// A record that is proven, but not in the words that this program has for it, says why it is refused; so does one at
// another's place.
func TestTipRecordWords(t *testing.T) {
	for _, text := range []string{
		`{"seq":1,"seq":1,"at":"2024-05-06T09:00:00Z","kind":"k"}`,
		`{"seq":1,"at":"2024-05-06T11:00:00+02:00","kind":"k"}`,
		`{"seq":2,"at":"2024-05-06T09:00:00Z","kind":"k"}`,
		`{"seq":0,"at":"2024-05-06T09:00:00Z","kind":"k"}`,
	} {
		tip := ledger.Tip{Instance: anInstance, Size: 1, Hash: tlog.RecordHash([]byte(text))}
		if r, err := tip.Record(ledger.Entry{Text: text}); !errors.Is(err, ledger.ErrProof) {
			t.Errorf("%s: %+v, %v", text, r, err)
		}
	}
}

// Every tip continues all earlier ones of its ledger, and no other that differs from them in anything.
func TestContinues(t *testing.T) {
	const most = 20
	l := newLog(t, most)
	for size := range most + 1 {
		tip := l.tip(t, size)
		for older := range size + 1 {
			was, proof := l.tip(t, older), l.growth(t, older, size)
			if err := tip.Continues(was, proof); err != nil {
				t.Fatalf("%d to %d: %v", older, size, err)
			}
			refused := func(now, was ledger.Tip, proof tlog.TreeProof) {
				t.Helper()
				if err := now.Continues(was, proof); !errors.Is(err, ledger.ErrProof) {
					t.Errorf("%d to %d, changed: %v continues %v, %v", older, size, now, was, err)
				}
			}
			bent := func(t ledger.Tip) []ledger.Tip {
				hash, other := t, t
				hash.Hash[31] ^= 1
				other.Instance = strings.ToUpper(t.Instance)
				return []ledger.Tip{hash, other, {}}
			}
			for _, b := range bent(was) {
				refused(tip, b, proof)
			}
			for _, b := range bent(tip) {
				if older > 0 || size == 0 || b.Instance != tip.Instance { // whatever is there continues nothing
					refused(b, was, proof)
				}
			}
			if size > older {
				refused(was, tip, proof)
			}
			flipped(proof, func(p []tlog.Hash) { refused(tip, was, p) })
			for _, n := range []workflows.Seq{1<<62 + 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
				refused(ledger.Tip{Instance: tip.Instance, Size: n, Hash: tip.Hash}, was, proof)
				refused(ledger.Tip{Instance: tip.Instance, Size: n, Hash: tip.Hash}, ledger.Tip{Instance: tip.Instance, Size: n, Hash: tip.Hash}, proof)
			}
		}
	}
}

// Nothing is accepted but what stands in the log, whatever is handed in.
func FuzzTipRecord(f *testing.F) {
	l := newLog(f, 13)
	var tips []ledger.Tip
	for size := range 14 {
		tips = append(tips, l.tip(f, size))
	}
	add := func(size int, e ledger.Entry) {
		proof, err := json.Marshal(e.Proof)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint64(size), e.Text, proof)
	}
	add(13, l.entry(f, 5, 13))
	add(4, l.entry(f, 4, 4))
	add(1<<62, l.entry(f, 1, 1))
	add(12, l.entry(f, 13, 13))
	f.Fuzz(func(t *testing.T, size uint64, text string, proofText []byte) {
		var proof tlog.RecordProof
		_ = json.Unmarshal(proofText, &proof) // what cannot be read proves nothing
		tip := tips[size%uint64(len(tips))]
		e := ledger.Entry{Text: text, Proof: proof}
		r, err := tip.Record(e)
		stands := err == nil
		if stands != (r.Seq > 0 && r.Seq <= tip.Size && text == string(l.texts[r.Seq-1]) &&
			slices.Equal(proof, l.entry(t, int(r.Seq), int(tip.Size)).Proof)) {
			t.Fatalf("%s with %v by %v: %+v, %v", text, proof, tip, r, err)
		}
		tip.Size = workflows.Seq(size) // comes to an end whatever it says
		_, _ = tip.Record(e)
		_ = tip.Continues(tips[5], tlog.TreeProof(proof))
	})
}
