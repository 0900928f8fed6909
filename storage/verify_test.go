package storage_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// furnished is a store with records of every kind, as it was, and the tip that somebody kept.
type furnished struct {
	engine *memory.Engine
	rows   map[string]string
	tip    ledger.Tip
}

func furnish(t testing.TB) *furnished {
	t.Helper()
	f := &furnished{engine: memory.New(), rows: map[string]string{}}
	s, err := storage.Open(t.Context(), f.engine, storage.Options{Random: strings.NewReader(strings.Repeat("0123456789abcdef", 2))})
	if err != nil {
		t.Fatal(err)
	}
	storagetest.Furnish(t, s)
	if f.tip, err = s.Tip(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = f.engine.View(t.Context(), func(r storage.Reader) error {
		return r.Scan(storage.Range{}, func(k, v []byte) (bool, error) { f.rows[string(k)] = string(v); return true, nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// keys lists all keys in order.
func (f *furnished) keys() (keys []string) {
	for k := range f.rows {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// reopened is a copy of the engine, with some rows changed: an empty one is deleted.
func (f *furnished) reopened(t testing.TB, changed map[string]string) storage.Engine {
	t.Helper()
	_ = f.engine.Close()
	e := f.engine.Reopen()
	err := e.Update(t.Context(), func(w storage.Writer) error {
		for k, v := range changed {
			err := w.Put([]byte(k), []byte(v))
			if v == "" {
				err = w.Delete([]byte(k))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// verify gives the report of a copy with some rows changed. A store that cannot be opened for it counts as found.
func (f *furnished) verify(t testing.TB, changed map[string]string, known ...ledger.Tip) storage.Report {
	t.Helper()
	s, err := storage.OpenToRead(t.Context(), f.reopened(t, changed))
	if err != nil {
		return storage.Report{Found: 1, Findings: []storage.Finding{{Why: err.Error()}}}
	}
	r, err := s.Verify(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func seal(t testing.TB, k string, payload []byte) string {
	t.Helper()
	frame, err := storage.Seal([]byte(k), payload)
	if err != nil {
		t.Fatal(err)
	}
	return string(frame)
}

// payload is what a frame holds, its head and its sum cut off.
func payload(frame string) []byte { return []byte(frame[7 : len(frame)-4]) }

func eventKey(seq workflows.Seq) string {
	return string(binary.BigEndian.AppendUint64([]byte("e"), uint64(seq)))
}

// Whatever damage does to one record is found, wherever it is.
func TestVerifyDamage(t *testing.T) {
	f := furnish(t)
	if r := f.verify(t, nil, f.tip); r.Found != 0 || r.Records != len(f.rows) {
		t.Fatalf("%d records: %+v", len(f.rows), r)
	}
	keys := f.keys()
	for i, k := range keys {
		v := f.rows[k]
		for at := range len(v) {
			b := []byte(v)
			b[at] ^= 1 << ((at + i) % 8)
			if r := f.verify(t, map[string]string{k: string(b)}); r.Found == 0 {
				t.Errorf("a bit of byte %d of %q was flipped, and nothing found", at, k)
			}
		}
		other := keys[(i+1)%len(keys)]
		for name, changed := range map[string]map[string]string{
			"cut short":                {k: v[:len(v)-1]},
			"cut to a byte":            {k: v[:1]},
			"written behind":           {k: v + "x"},
			"replaced by its neighbor": {k: f.rows[other]},
			"in its neighbor's place":  {k: f.rows[other], other: v},
			"moved to a longer key":    {k: "", k + "x": v},
			"copied to a longer key":   {k + "\x00": v},
		} {
			if r := f.verify(t, changed); r.Found == 0 {
				t.Errorf("%q was %s, and nothing found", k, name)
			}
		}
	}
}

// What can be deleted without a trace, and why that does no harm to the record; all else is missed.
var untraced = map[string]string{
	"answer":        "it goes by age: pruning must leave no trace",
	"small row":     "storage does not know which there must be",
	"named counter": "storage does not know which there must be",
	"fold":          "a cache: the events say the same",
	"what was sent": "it goes by age",
	"dead delivery": "it goes by age, and nothing waits for it",
	"idle slot":     "it says which message to edit: a new one is posted",
}

// kindOf is that of a record in the table above, empty for the others.
func (f *furnished) kindOf(k string) string {
	switch says := string(f.rows[k]); {
	case k[0] == 'n' && len(k) > 1:
		return "named counter"
	case k[0] == 'd' && strings.Contains(says, `"state":"dead"`):
		return "dead delivery"
	case k[0] == 'l' && !strings.Contains(says, `"unsent"`) && !strings.Contains(says, `"flight"`):
		return "idle slot"
	}
	return map[byte]string{'a': "answer", 'r': "small row", 'c': "fold", 'x': "what was sent"}[k[0]]
}

// lost holds what is left of the ledger without an event to the tip: the gap is named once, and all behind it is as it
// was, as soon as an event behind it keeps the hash of a tree with the gap in it.
func (f *furnished) lost(t *testing.T, seq workflows.Seq) {
	t.Helper()
	r := f.verify(t, map[string]string{eventKey(seq): ""}, f.tip)
	var behind ledger.Tip // that can be known
	for block := workflows.Seq(2); block < 2*f.tip.Size; block *= 2 {
		if end := (seq + block - 1) / block * block; end > seq && end <= f.tip.Size {
			behind = f.tip
		}
	}
	about := 0
	for _, finding := range r.Findings {
		if strings.HasPrefix(finding.Key, "event ") {
			about++
		}
	}
	if r.Found == 0 || about > 2 || seq < f.tip.Size && r.Tip.Hash != behind.Hash {
		t.Errorf("event %d was deleted, and a tip is known: %+v", seq, r)
	}
}

func TestVerifyDeleted(t *testing.T) {
	f := furnish(t)
	met := map[string]bool{}
	for _, k := range f.keys() {
		kind := f.kindOf(k)
		met[kind] = true
		r := f.verify(t, map[string]string{k: ""})
		if _, ok := untraced[kind]; ok != (r.Found == 0) {
			t.Errorf("%q was deleted (%s): %+v", k, kind, r)
		}
		if k[0] == 'e' {
			f.lost(t, workflows.Seq(binary.BigEndian.Uint64([]byte(k[1:]))))
		}
	}
	for kind := range untraced {
		if !met[kind] {
			t.Errorf("there is no record to try: %s", kind)
		}
	}
}

// A head that is changed or goes while its store is open is found.
func TestVerifyHead(t *testing.T) {
	for _, head := range []string{"", `{"schema":1,"instance":"30313233343536373839616263646566"}`, `{"schema":2,"instance":"31"}`, `{"schema":`} {
		s, e := ledgerOf(t, 3, 0)
		err := e.Update(t.Context(), func(w storage.Writer) error {
			if head == "" {
				return w.Delete([]byte("m"))
			}
			return w.Put([]byte("m"), []byte(seal(t, "m", []byte(head))))
		})
		if err != nil {
			t.Fatal(err)
		}
		if r := verified(t, s); r.Found != 1 {
			t.Errorf("with the head %s: %+v", head, r)
		}
	}
}

// What leads to nothing, or to something else, is found, checksum and all.
func TestVerifyLinks(t *testing.T) {
	f := furnish(t)
	key := func(parts ...any) string {
		var b []byte
		for _, p := range parts {
			switch p := p.(type) {
			case int:
				b = binary.BigEndian.AppendUint64(b, uint64(p))
			case string:
				b = append(b, p...)
			}
		}
		return string(b)
	}
	longer := key("e", int(f.tip.Size), "x")
	if r := f.verify(t, map[string]string{longer[:9]: "", longer: seal(t, longer, payload(f.rows[longer[:9]]))}); r.Found == 0 {
		t.Error("the last event under a longer key: nothing found")
	}
	due := func(n int) string { return key("q", int(uint64(1<<63)>>1), "\x00\x00\x00\x00", n) }
	for _, c := range []struct{ name, key, row string }{
		{"a table of nobody", "z", "true"},
		{"a second head", "mm", `{"schema":2,"instance":"30313233343536373839616263646566"}`},
		{"an event before the first", key("e", 0), "x"},
		{"an event that is no number", "e1", "x"},
		{"an event behind the last", key("e", -1), "x"},
		{"a revision behind the last", key("s", "a/x\x00", 5), "9"},
		{"a revision before the first", key("s", "a/x\x00", 0), "1"},
		{"a revision of no stream", key("s", "a/q\x00", 1), "1"},
		{"a revision and more", key("s", "a/x\x00", 1, "x"), "1"},
		{"a revision of another event", key("s", "a/x\x00", 1), "4"},
		{"a summary found under nothing", key("y", "a/x\x00"), `{"keys":["id:x","gone"]}`},
		{"a summary under a key it lost", key("y", "a/x\x00"), `{"keys":["id:x"]}`},
		{"an entry of no summary", key("f", "open\x00", "a/q\x00"), "true"},
		{"a fold ahead of its stream", key("c", "a/x\x00"), `{"rev":5,"fold":1}`},
		{"a delivery of tomorrow", key("d", 999), `{"id":"30313233-999","state":"stuck"}`},
		{"a delivery under another's number", key("d", 1), `{"id":"30313233-2","state":"stuck"}`},
		{"a delivery of no state", key("d", 2), `{"id":"30313233-2","state":"lost"}`},
		{"a delivery that never comes up", key("d", 2), `{"id":"30313233-2","state":"queued"}`},
		{"a delivery its slot forgot", key("d", 2), `{"id":"30313233-2","slot":"card","place":"console/#general","state":"stuck"}`},
		{"an entry of no delivery", due(4), "true"},
		{"an entry without a number", "q1", "true"},
		{"a slot of no delivery", key("l", "s\x00", "p\x00"), `{"unsent":"30313233-2"}`},
		{"a slot of another's delivery", key("l", "s\x00", "p\x00"), `{"flight":"30313233-5"}`},
		{"a counter that went back", "n", "9"},
		{"a sent one of tomorrow", key("x", "30313233-999\x00"), `{}`},
	} {
		r := f.verify(t, map[string]string{c.key: seal(t, c.key, []byte(c.row))})
		if r.Found == 0 {
			t.Errorf("%s: nothing found", c.name)
		}
	}
}

// A report counts all that is wrong and lists the beginning.
func TestVerifyMany(t *testing.T) {
	f := furnish(t)
	changed := map[string]string{}
	for i := range 100 {
		changed[fmt.Sprint("z", i)] = "x"
	}
	if r := f.verify(t, changed); r.Found != 100 || len(r.Findings) != 50 {
		t.Errorf("%d found, %d listed", r.Found, len(r.Findings))
	}
}

// weary is a context that ends after it was asked so often.
type weary struct {
	context.Context
	asked *int
}

func (w weary) Err() error {
	if *w.asked++; *w.asked > 30 {
		return context.Canceled
	}
	return nil
}

// A verification that nobody waits for any more ends.
func TestVerifyCancelled(t *testing.T) {
	s, _ := ledgerOf(t, 100, 0)
	r, err := s.Verify(weary{t.Context(), new(int)})
	if !errors.Is(err, context.Canceled) || r.Records == 0 || r.Records > 31 {
		t.Errorf("it went on for %d records: %v", r.Records, err)
	}
}

// Whatever stands in a store, verifying it ends, without a panic; and what it calls whole are the records it knows.
func FuzzVerify(f *testing.F) {
	store := furnish(f)
	for _, k := range store.keys() {
		f.Add([]byte(k), payload(store.rows[k]), true, uint16(0))
	}
	f.Add([]byte(eventKey(1<<63)), []byte{9}, true, uint16(3))
	f.Add([]byte("e\xff\xff\xff\xff\xff\xff\xff\xffx"), []byte("\x00{}"), true, uint16(9))
	f.Add([]byte("q"), []byte("true"), true, uint16(5))
	f.Add([]byte("w1\x002\x003"), []byte("true"), true, uint16(5))
	f.Fuzz(func(t *testing.T, k, says []byte, sealed bool, gone uint16) {
		if len(k) == 0 {
			return
		}
		row := "x" + string(says)
		if sealed && len(says) < 1<<20 {
			row = seal(t, string(k), says)
		}
		changed := map[string]string{string(k): row}
		for i, other := range store.keys() {
			if gone>>(i%16)&1 == 1 && i%3 == 0 && other != string(k) && other != "m" {
				changed[other] = ""
			}
		}
		r := store.verify(t, changed, store.tip)
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		if !sealed && r.Found == 0 {
			t.Fatalf("%q holds %q, and nothing is found", k, row)
		}
		for _, finding := range r.Findings {
			if strings.Contains(finding.Why, "panic") {
				t.Fatal(finding)
			}
		}
	})
}
