package ledger_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// aText is any text, with what JSON writers like to change in it more often than not.
func aText() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>&"\\/\x00-\x1f\x7f\x{85}\x{2028}\x{2029}\x{FEFF}\x{FFFD}é😀]{1,6}`))
}

// someData is JSON as another program may have written it: with spaces, escapes and numbers of every form.
func someData() *rapid.Generator[string] {
	leaf := rapid.OneOf(
		rapid.SampledFrom([]string{
			`null`, `true`, `0`, `-0`, `1.0`, `1e5`, `1E+05`, `0.10`, `12345678901234567890123`, `""`, `"<b>&amp;"`, "\"\u2028\"",
			`"\u2028"`, `"\u003c"`, `"\/"`, `"\ud800"`, `"\uFFFD"`, `"\u00e9 é"`, `[]`, ` { } `, `{"a":1,"a":2}`,
		}),
		rapid.Custom(func(t *rapid.T) string {
			b, err := json.Marshal(aText().Draw(t, "text"))
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}),
	)
	space := rapid.StringMatching(`[ \t\r\n]{0,2}`)
	return rapid.Custom(func(t *rapid.T) string {
		s := leaf.Draw(t, "leaf")
		for range rapid.IntRange(0, 3).Draw(t, "depth") {
			sp := space.Draw(t, "space")
			if rapid.Bool().Draw(t, "object") {
				s = sp + `{` + sp + `"k<\u0026>"` + sp + `:` + sp + s + `,"n":` + leaf.Draw(t, "beside") + sp + `}`
			} else {
				s = sp + `[` + s + sp + `,` + sp + leaf.Draw(t, "beside") + `]` + sp
			}
		}
		return s
	})
}

// now has a monotonic reading.
var now = time.Now()

func aTime() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		zone := time.FixedZone("", rapid.SampledFrom([]int{0, 3600, -12600, 3208, -17762, 50400}).Draw(t, "zone"))
		// From the year 2 to 9998, so that it is one that JSON has a form for in every zone.
		at := time.Unix(rapid.Int64Range(-62104060800, 253339228800).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		return rapid.SampledFrom([]time.Time{{}, at.In(zone), at.UTC(), at.Local(), now}).Draw(t, "at")
	})
}

func aRecord() *rapid.Generator[ledger.Record] {
	return rapid.Custom(func(t *rapid.T) ledger.Record {
		text := func(what string) string { return aText().Draw(t, what) }
		r := ledger.Record{
			Header: workflows.Header{
				Seq: workflows.Seq(rapid.Uint64().Draw(t, "seq")), Stream: workflows.Stream(text("stream")),
				Revision: workflows.Revision(rapid.Uint64().Draw(t, "rev")), At: aTime().Draw(t, "at"),
				By: workflows.Actor{Person: workflows.PersonID(text("by")), Handle: workflows.Handle(text("handle")), Machine: text("machine")},
				As: workflows.Role(text("as")), Ask: text("ask"), Policy: text("policy"), Template: text("template"),
			},
			Kind: "k" + text("kind"),
		}
		if rapid.Bool().Draw(t, "has data") {
			r.Data = []byte(someData().Draw(t, "data"))
		}
		return r
	})
}

func mustText(t interface{ Fatal(...any) }, r ledger.Record) []byte {
	text, err := r.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A record is read back as it was written, and has one text.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := aRecord().Draw(t, "record")
		text := mustText(t, want)
		if bytes.ContainsAny(text, "\n\r") || !json.Valid(text) || !utf8.Valid(text) {
			t.Fatalf("it is no line of JSON: %q", text)
		}
		got, err := ledger.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if again := mustText(t, got); !bytes.Equal(again, text) {
			t.Fatalf("read and written again, %s became %s", text, again)
		}
		if !sameJSON(t, want.Data, got.Data) {
			t.Fatalf("the data %s became %s", want.Data, got.Data)
		}
		if !got.At.Equal(want.At) {
			t.Fatalf("%s became %s", want.At, got.At)
		}
		want.Data, got.Data, want.At, got.At = nil, nil, time.Time{}, time.Time{}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// sameJSON compares two JSON texts but for the space between their parts.
func sameJSON(t *rapid.T, a, b []byte) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	var one, other bytes.Buffer
	if err := json.Compact(&one, a); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&other, b); err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(one.Bytes(), other.Bytes())
}

// The names of a record at rest, and the form of its values, are for ever.
func TestTextForEver(t *testing.T) {
	at := time.Date(2024, 5, 6, 11, 0, 0, 120, time.FixedZone("", 7200))
	whole := ledger.Record{
		Header: workflows.Header{
			Seq: 7, Stream: "release/app@1.0.0", Revision: 3, At: at,
			By: workflows.Actor{Person: "ana", Handle: "slack/T1/U1", Machine: "ci"},
			As: "sre", Ask: "slack/1", Policy: "p1", Template: "t1",
		},
		Kind: "release.signed", Data: []byte("{ \"note\" : \"<b>&é\u2028\", \"n\": 1.50 }"),
	}
	for want, r := range map[string]ledger.Record{
		`{"seq":7,"stream":"release/app@1.0.0","rev":3,"at":"2024-05-06T09:00:00.00000012Z","by":"ana","handle":"slack/T1/U1",` +
			`"machine":"ci","as":"sre","ask":"slack/1","policy":"p1","template":"t1","kind":"release.signed",` +
			`"data":{"note":"<b>&é` + "\u2028" + `","n":1.50}}`: whole,
		`{"seq":0,"at":"0001-01-01T00:00:00Z","kind":"k"}`: {Kind: "k"},
		`{"seq":0,"at":"0001-01-01T00:00:00Z","handle":"<a�b>","kind":"k","data":"�"}`: {
			Header: workflows.Header{By: workflows.Actor{Handle: "<a\xff\xfeb>"}}, Kind: "k", Data: []byte("\"\xff\""),
		},
	} {
		text := mustText(t, r)
		if diff := cmp.Diff(want, string(text)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		back, err := ledger.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(mustText(t, back))); diff != "" {
			t.Errorf("written again (-want +got):\n%s", diff)
		}
	}
}

func TestNoText(t *testing.T) {
	for name, r := range map[string]ledger.Record{
		"half a value":        {Kind: "k", Data: []byte(`{"a":`)},
		"two values":          {Kind: "k", Data: []byte(`1 2`)},
		"a year of no date":   {Kind: "k", Header: workflows.Header{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}},
		"a year before dates": {Kind: "k", Header: workflows.Header{At: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)}},
	} {
		if text, err := r.Text(); err == nil {
			t.Errorf("%s was written: %s", name, text)
		}
	}
	for _, text := range []string{``, `{}`, `null`, `[]`, `{"seq":1}`, `{"seq":-1,"kind":"k"}`, `{"kind":"k"} x`, `{"seq":1,"kind":7}`} {
		if r, err := ledger.Parse([]byte(text)); err == nil {
			t.Errorf("%s was read as %+v", text, r)
		}
	}
}

// What is read from any bytes at all has one text, and that is read as the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"seq":7,"stream":"a/x","rev":3,"at":"2024-05-06T09:00:00Z","by":"ana","kind":"k","data":{"n":1}}`))
	f.Add([]byte(`{"SEQ":7,"seq":8,"at":"2024-05-06T09:00:00+02:00","kind":"\u2028\ud800","data": [ 1E5 , "\u003c" ] }`))
	f.Add([]byte("{\"kind\":\"\xff\",\"data\":\"\xff\"}"))
	f.Add([]byte(`{"kind":"k","data":null,"at":null}`))
	f.Add([]byte(`{"kind":"k","data":` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ledger.Parse(text)
		if err != nil {
			return
		}
		first, err := r.Text()
		if err != nil {
			return // a time at the edge of the years
		}
		again, err := ledger.Parse(first)
		if err != nil {
			t.Fatalf("%s is not read: %v", first, err)
		}
		if diff := cmp.Diff(string(first), string(mustText(t, again))); diff != "" {
			t.Fatalf("(-first +again):\n%s", diff)
		}
	})
}
