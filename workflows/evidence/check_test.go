package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

func TestCheckTakesWhatTheDeskMade(t *testing.T) {
	b := sample(t)
	r, err := Check(b)
	if err != nil {
		t.Fatal(err)
	}
	page := Markdown(r)
	if err := CheckPage(r, page); err != nil {
		t.Error(err)
	}
	for i := 0; i < len(page); i += 97 {
		broken := bytes.Clone(page)
		if broken[i] ^= 1; CheckPage(r, broken) == nil {
			t.Fatalf("a page with another byte %d was taken", i)
		}
	}
	if CheckPage(r, page[:len(page)-1]) == nil || CheckPage(r, append(page, ' ')) == nil {
		t.Error("a page of another length was taken")
	}
}

// Any other byte anywhere in the file is noticed.
func TestCheckNoticesAnyByte(t *testing.T) {
	text := sampleText(t)
	taken := func(at int, by byte) bool {
		broken := bytes.Clone(text)
		broken[at] ^= by
		b, err := Read(broken)
		if err == nil {
			_, err = Check(b)
		}
		return err == nil
	}
	for i := range 250 { // what stands around the entries, byte for byte
		if taken(i, 1) || taken(len(text)-1-i, 1) {
			t.Errorf("byte %d from either end", i)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if taken(rapid.IntRange(0, len(text)-1).Draw(t, "at"), byte(rapid.IntRange(1, 255).Draw(t, "by"))) {
			t.Fatal("it was taken")
		}
	})
}

// Somebody who edits the records, the proofs, the tip or the report, and then makes the sum right again, is found out too.
func TestCheckNoticesEditsUnderANewSum(t *testing.T) {
	edits := map[string]func(*rapid.T, *Bundle){
		"record": func(t *rapid.T, b *Bundle) {
			e := pick(t, b.Entries)
			text := []byte(e.Text)
			text[rapid.IntRange(0, len(text)-1).Draw(t, "byte")] ^= 1
			e.Text = string(text)
		},
		"proof":      func(t *rapid.T, b *Bundle) { flip(t, pick(t, pick(t, b.Entries).Proof)) },
		"less proof": func(t *rapid.T, b *Bundle) { e := pick(t, b.Entries); e.Proof = e.Proof[1:] },
		"more proof": func(t *rapid.T, b *Bundle) { e := pick(t, b.Entries); e.Proof = append(e.Proof, e.Proof[0]) },
		"size":       func(t *rapid.T, b *Bundle) { b.Tip.Size ^= 1 << rapid.IntRange(0, 63).Draw(t, "bit") },
		"hash":       func(t *rapid.T, b *Bundle) { flip(t, &b.Tip.Hash) },
		"older hash": func(t *rapid.T, b *Bundle) { flip(t, &b.Older[0].Tip.Hash) },
		"older size": func(t *rapid.T, b *Bundle) { b.Older[0].Tip.Size += workflows.Seq(rapid.IntRange(1, 9).Draw(t, "by")) },
		"instance":   func(_ *rapid.T, b *Bundle) { b.Tip.Instance += "0" }, // of the tip alone: the report has it too
		"release":    func(_ *rapid.T, b *Bundle) { b.Release = "app@other" },
		"format":     func(_ *rapid.T, b *Bundle) { b.Format++ },
		"report": func(t *rapid.T, b *Bundle) {
			var facts any
			text, _ := json.Marshal(b.Report)
			_ = json.Unmarshal(text, &facts)
			edited, _ := json.Marshal(anotherLeaf(t, facts))
			b.Report = Report{}
			if json.Unmarshal(edited, &b.Report) != nil {
				b.Report.Stands = "edited so that it cannot be read"
			}
		},
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				b := sample(t)
				edit(t, &b)
				if _, err := Check(resum(t, b)); err == nil {
					t.Fatal("it was taken")
				}
			})
		})
	}
}

func pick[T any](t *rapid.T, all []T) *T {
	return &all[rapid.IntRange(0, len(all)-1).Draw(t, "which")]
}

func flip(t *rapid.T, h *tlog.Hash) { h[rapid.IntRange(0, len(h)-1).Draw(t, "byte of hash")] ^= 1 }

// anotherLeaf changes one value somewhere in JSON.
func anotherLeaf(t *rapid.T, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 {
			keys := make([]string, 0, len(v))
			for k := range v {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			k := *pick(t, keys)
			v[k] = anotherLeaf(t, v[k])
		}
		return v
	case []any:
		if len(v) > 0 {
			x := pick(t, v)
			*x = anotherLeaf(t, *x)
		}
		return v
	case string:
		return v + "x"
	case float64:
		return v + 1
	case bool:
		return !v
	}
	return "x"
}

// What was left out is noticed, whoever makes the report and the sum anew; only the ends can be left out, and the page
// says so.
func TestCheckNoticesGaps(t *testing.T) {
	b := sample(t)
	all := records(t, b)
	last := map[workflows.Stream]workflows.Revision{}
	for _, r := range all {
		last[r.Stream] = r.Revision
	}
	var unseen []string
	for i, r := range all {
		short := b
		short.Entries = slices.Delete(slices.Clone(b.Entries), i, i+1)
		_, err := Check(reseal(t, short))
		end := r.Stream == "" || r.Revision == last[r.Stream]
		if err == nil && !end {
			t.Errorf("without event %d of %s nothing is missed", r.Seq, r.Stream)
		}
		if err == nil {
			unseen = append(unseen, r.Kind)
		}
	}
	want := []string{"desk.policy", "desk.refused", "flag.created", "briefing.quota_lost", "release.withdrawn", "flag.reverted"}
	if diff := cmp.Diff(want, unseen); diff != "" {
		t.Errorf("what can be left out unseen:\n%s", diff)
	}
	for _, room := range []string{"release", "notes", "briefing", "flag"} {
		short := b
		short.Entries = nil
		for i, e := range b.Entries {
			if all[i].Stream.Room() != room {
				short.Entries = append(short.Entries, e)
			}
		}
		if _, err := Check(reseal(t, short)); err == nil {
			t.Errorf("without the whole stream of %s nothing is missed", room)
		}
	}
}

func TestCheckNoticesOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := sample(t)
		i := rapid.IntRange(0, len(b.Entries)-2).Draw(t, "one")
		j := rapid.IntRange(i+1, len(b.Entries)-1).Draw(t, "other")
		if rapid.Bool().Draw(t, "twice") {
			b.Entries[j] = b.Entries[i]
		} else {
			b.Entries[i], b.Entries[j] = b.Entries[j], b.Entries[i]
		}
		if _, err := Check(reseal(t, b)); err == nil || !strings.Contains(err.Error(), "each stands once") {
			t.Fatalf("Check says %v", err)
		}
	})
}

// A ledger can hold anything that is proven; what is not this release's is not evidence of it.
func TestCheckRefusesWhatIsNotTheReleases(t *testing.T) {
	const stream = "release/app@1.0.0"
	for want, r := range map[string]ledger.Record{
		"it belongs to release/app@2.0.0":                 record("release/app@2.0.0", 1, "release.opened", openedData),
		"it belongs to notes/app@2.0.0":                   record("notes/app@2.0.0", 1, "notes.edited", `{"text":"x"}`),
		"it belongs to vault/app@1.0.0":                   record("vault/app@1.0.0", 1, "vault.opened", `{}`),
		"it is a flag of app@2.0.0":                       record("flag/x", 1, "flag.created", `{"key":"x","release":"app@2.0.0","users":"production"}`),
		"it is a flag of app@1.0.0, not of":               record("flag/y", 1, "flag.created", `{"key":"x","release":"app@1.0.0","users":"production"}`),
		"begins with something else than its making":      record("flag/x", 1, "flag.turned", `{"env":"production","from":0,"to":1,"users":"production"}`),
		"what stood between is missing":                   record(stream, 3, "release.held", `{"by":"ana","why":"x"}`),
		"what was refused is not about app@1.0.0":         record("", 0, "desk.refused", `{"line":"hold -- app@1.0.0 is bad","reason":"no"}`),
		"nothing here was decided under the":              record("", 0, "desk.policy", `{"hash":"p2"}`),
		"it is no event of app@1.0.0":                     record("", 0, "desk.unheard_of", `{}`),
		"a group that gave nobody a role":                 record("team/chat.G1", 1, "team.arrived", `{"platform":"chat","group":"G1","as_of":"2026-01-05T09:00:00Z"}`),
		"the event that it follows from is missing":       record(stream, 2, "release.signed", `{"vote":{"item":"ga.ready/way-back","machine":"notes","by":"ben","value":"ok","at":"2026-01-05T09:00:00Z"}}`),
		"had flags whose events are missing: x":           record(stream, 2, "release.passed", `{"gate":"ga.ready","from":"before GA","to":"ga","voters":null,"flags":{"x":{}}}`),
		"is passed, which is not next":                    record(stream, 2, "release.passed", `{"gate":"ga.done","from":"GA","to":"closed","voters":null}`),
		"does not follow from those before it":            record(stream, 2, "release.rolled_back", `{"by":"ana","why":"x","from":"GA","passed":7}`),
		"event 2 (release.held)":                          record(stream, 2, "release.held", `{"by":17}`),
		"a published tip of 9 events, which was not":      record("", 0, "desk.anchored", `{"size":9,"hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`),
		"needs evidence made for that tip":                record("", 0, "desk.anchored", `{"size":1,"hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`),
		"begins with something else than its making, too": record(stream, 2, "release.bound", `{"place":"chat/#app"}`),
	} {
		l := small(t, r)
		if rest, too := strings.CutSuffix(want, ", too"); too {
			want, l = rest, &log{}
			r.Revision = 1
			l.add(t, r)
		}
		refusesWith(t, l.bundle(t, "app@1.0.0"), want)
	}
	refusesWith(t, small(t).bundle(t, "app@2.0.0"), "it belongs to release/app@1.0.0")
	refusesWith(t, (&log{}).bundle(t, "app@1.0.0"), "no entry says that app@1.0.0 was opened")
	if _, err := Check(small(t).bundle(t, "app@1.0.0")); err != nil {
		t.Errorf("the ledger that all these add to: %v", err)
	}
}

// Whatever a made-up ledger holds, with proofs as good as any, checking it and telling it ends.
func TestCheckSurvivesMadeUpLedgers(t *testing.T) {
	from := records(t, sample(t))
	taken, told := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		l := &log{}
		revisions := map[workflows.Stream]workflows.Revision{}
		if first := slices.IndexFunc(from, func(r ledger.Record) bool { return r.Kind == "release.opened" }); rapid.Bool().Draw(t, "opened") {
			l.add(t, from[first])
			revisions[from[first].Stream]++
		}
		for range rapid.IntRange(1, 25).Draw(t, "events") {
			r := from[rapid.IntRange(0, len(from)-1).Draw(t, "which")]
			if rapid.IntRange(0, 9).Draw(t, "data of another") == 0 {
				r.Data = from[rapid.IntRange(0, len(from)-1).Draw(t, "whose")].Data
			}
			if r.Stream != "" {
				revisions[r.Stream]++
				r.Revision = revisions[r.Stream]
			}
			l.add(t, r)
		}
		b := l.bundle(t, "app@search")
		if _, err := Check(b); err == nil {
			taken++
		}
		if events, err := b.events(); err == nil {
			if r, err := tell(b.Heading, events); err == nil {
				told++
				Markdown(r)
			}
		}
	})
	if told == 0 || told == taken {
		t.Errorf("%d ledgers were told, %d taken: the test tries nothing", told, taken)
	}
}

// FuzzCheck: whatever a file holds, reading it ends, and nothing is taken whose proofs do not hold by the algorithm of
// RFC 9162, section 2.1.3.2, written down here a second time.
func FuzzCheck(f *testing.F) {
	f.Add(sampleText(f))
	f.Add([]byte(`{"format":1,"release":"a@1","tip":{"instance":"","size":9223372036854775807,"hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},"entries":[{"record":"{}","proof":[]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := Read(text)
		if err != nil {
			return
		}
		if _, err := Check(b); err != nil {
			return
		}
		if len(b.Entries) == 0 {
			t.Fatal("nothing was taken for evidence")
		}
		for i, r := range records(t, b) {
			if !holds(b.Entries[i], r.Seq, b.Tip) {
				t.Fatalf("entry %d has no proof", i+1)
			}
		}
	})
}

func holds(e ledger.Entry, seq workflows.Seq, tip ledger.Tip) bool {
	node := func(a, b [32]byte) [32]byte { return sha256.Sum256(append(append([]byte{1}, a[:]...), b[:]...)) }
	fn, sn := uint64(seq)-1, uint64(tip.Size)-1
	r := sha256.Sum256(append([]byte{0}, e.Text...))
	for _, p := range e.Proof {
		if sn == 0 {
			return false
		}
		if fn&1 == 1 || fn == sn {
			r = node(p, r)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			r = node(r, p)
		}
		fn, sn = fn>>1, sn>>1
	}
	return sn == 0 && r == tip.Hash
}

func TestTheSecondAlgorithmAgrees(t *testing.T) {
	b := sample(t)
	for i, r := range records(t, b) {
		e := b.Entries[i]
		if !holds(e, r.Seq, b.Tip) {
			t.Errorf("entry %d", i+1)
		}
		e.Text += " "
		if holds(e, r.Seq, b.Tip) {
			t.Errorf("entry %d with another text", i+1)
		}
	}
}
