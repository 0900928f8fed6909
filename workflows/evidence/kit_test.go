package evidence

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// tb is the part of testing.TB that rapid has as well.
type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// sample is the bundle that the desk made of a whole life; its own test writes it.
func sample(t tb) Bundle {
	t.Helper()
	b, err := Read(sampleText(t))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sampleText(t tb) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "feature.json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// reseal is the work of somebody who edits a bundle and knows how it is made: the report and the sum are of what is there.
func reseal(t tb, b Bundle) Bundle {
	t.Helper()
	if events, err := b.events(); err == nil {
		if r, err := tell(b.Heading, events); err == nil {
			b.Report = r
		}
	}
	return resum(t, b)
}

func resum(t tb, b Bundle) Bundle {
	t.Helper()
	sum, err := b.sum()
	if err != nil {
		t.Fatal(err)
	}
	b.Sum = sum
	return b
}

// log is a ledger of whatever a test writes down, with proofs as good as the real one's.
type log struct {
	texts  [][]byte
	hashes []tlog.Hash
}

func (l *log) ReadHashes(at []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range at {
		out = append(out, l.hashes[i])
	}
	return out, nil
}

// add appends a record under the next number.
func (l *log) add(t tb, r ledger.Record) {
	t.Helper()
	r.Seq = workflows.Seq(len(l.texts)) + 1
	text, err := r.Text()
	if err != nil {
		t.Fatal(err)
	}
	more, err := tlog.StoredHashes(int64(r.Seq)-1, text, l)
	if err != nil {
		t.Fatal(err)
	}
	l.texts, l.hashes = append(l.texts, text), append(l.hashes, more...)
}

func (l *log) tip(t tb, size int) ledger.Tip {
	t.Helper()
	h, err := tlog.TreeHash(int64(size), l)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Tip{Instance: "feed", Size: workflows.Seq(size), Hash: h}
}

func (l *log) older(t tb, size int) Older {
	t.Helper()
	proof, err := tlog.ProveTree(int64(len(l.texts)), int64(size), l)
	if err != nil {
		t.Fatal(err)
	}
	return Older{Tip: l.tip(t, size), Proof: proof}
}

// bundle is what somebody would hand over who has this ledger: all of it.
func (l *log) bundle(t tb, id workflows.ReleaseID) Bundle {
	t.Helper()
	b := Bundle{Format: Format, Heading: Heading{Release: id, Tip: l.tip(t, len(l.texts)), Made: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}}
	for i, text := range l.texts {
		proof, err := tlog.ProveRecord(int64(len(l.texts)), int64(i), l)
		if err != nil {
			t.Fatal(err)
		}
		b.Entries = append(b.Entries, ledger.Entry{Text: string(text), Proof: proof})
	}
	return reseal(t, b)
}

// records are those of a bundle.
func records(t tb, b Bundle) []ledger.Record {
	t.Helper()
	var out []ledger.Record
	for _, e := range b.Entries {
		r, err := ledger.Parse([]byte(e.Text))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// record makes a record of its words.
func record(stream workflows.Stream, rev workflows.Revision, kind, data string) ledger.Record {
	at := time.Date(2026, 1, 5, 9, 0, int(rev), 0, time.UTC)
	return ledger.Record{Header: workflows.Header{Stream: stream, Revision: rev, At: at, By: workflows.Actor{Person: "ana", Handle: "chat/ana"},
		Policy: "p1", Ask: "a1"}, Kind: kind, Data: json.RawMessage(data)}
}

const openedData = `{"id":"app@1.0.0","number":1,"template":"simple","revision":"simple-1","risk":"low","gates":[{"stage":"ga","half":"ready","items":[{"key":"way-back","text":"there is one","role":"sre","lead":3}]}],"manager":"ana"}`

// small is a ledger in which a release was opened, and then what a test adds.
func small(t tb, more ...ledger.Record) *log {
	t.Helper()
	l := &log{}
	l.add(t, record("release/app@1.0.0", 1, "release.opened", openedData))
	for _, r := range more {
		l.add(t, r)
	}
	return l
}

func refusesWith(t *testing.T, b Bundle, want string) {
	t.Helper()
	if _, err := Check(b); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Check says %v, want %q", err, want)
	}
}
