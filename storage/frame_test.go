package storage

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What was sealed is given back; with any bit flipped, or under another key, it is damaged; and bytes that nobody
// sealed give an error or are exactly what sealing makes.
func FuzzFrame(f *testing.F) {
	f.Add([]byte("e\x00\x01"), []byte(`{"seq":1}`), uint(17), []byte("m"))
	f.Add([]byte("m"), []byte{}, uint(0), []byte("e"))
	f.Add([]byte("e1"), []byte("true"), uint(9), []byte("e2"))
	f.Add([]byte("q"), []byte("true"), uint(80), []byte{frameMagic, 'q', 1, 0, 0, 0, 0, 1, 2, 3, 4})
	f.Add([]byte("x"), []byte("true"), uint(33), []byte{frameMagic, 'x', 1, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, k, payload []byte, bit uint, other []byte) {
		if len(k) == 0 {
			return
		}
		frame, err := seal(k, payload)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unseal(k, frame); err != nil || !bytes.Equal(got, payload) {
			t.Fatalf("%q came back as %q, %v", payload, got, err)
		}
		bad := bytes.Clone(frame)
		bad[bit/8%uint(len(bad))] ^= 1 << (bit % 8)
		if got, err := unseal(k, bad); !errors.As(err, new(*Damaged)) {
			t.Fatalf("with a bit flipped: %q, %v", got, err)
		}
		if _, err := unseal(other, frame); err == nil && !bytes.Equal(k, other) {
			t.Fatalf("sealed for %q, accepted for %q", k, other)
		}
		if got, err := unseal(k, other); err == nil {
			if again, _ := seal(k, got); !bytes.Equal(again, other) {
				t.Fatalf("%q was accepted", other)
			}
		}
		var row Pending
		_ = decode(k, other, &row) // does not panic
		_ = decode(k, frame, &row)
	})
}

func TestFrameLimits(t *testing.T) {
	if _, err := seal([]byte("e"), make([]byte, maxPayload+1)); err == nil {
		t.Error("a payload beyond the limit was sealed")
	}
	if err := decode([]byte("e"), mustSeal(t, "e", "{"), new(Answer)); !errors.As(err, new(*Damaged)) {
		t.Errorf("half a JSON text gives %v", err)
	}
	if _, err := encode([]byte("e"), func() {}); err == nil {
		t.Error("a function was encoded")
	}
}

func mustSeal(t *testing.T, k, payload string) []byte {
	t.Helper()
	frame, err := seal([]byte(k), []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

// The order of keys is the order of fields, and what is read back is what was written.
func TestKeyOrder(t *testing.T) {
	text := rapid.StringMatching(`[\x01a-c/é]{0,4}`)
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		at, bt := instant.Draw(t, "at"), instant.Draw(t, "bt")
		an, bn := rapid.Uint64().Draw(t, "an"), rapid.Uint64().Draw(t, "bn")
		ka := table('q').text(a).time(at).number(an)
		kb := table('q').text(b).time(bt).number(bn)
		want := bytes.Compare([]byte(a), []byte(b))
		if want == 0 {
			want = at.Compare(bt)
		}
		if want == 0 && an != bn {
			if want = -1; an > bn {
				want = 1
			}
		}
		if got := bytes.Compare(ka.bytes, kb.bytes); got != want {
			t.Fatalf("%q, %v, %d against %q, %v, %d gives %d", a, at, an, b, bt, bn, got)
		}
		f := fieldsOf(ka.bytes)
		ra := f.text()
		f.skipTime()
		if rn := f.number(); ra != a || rn != an || len(f) != 0 {
			t.Fatalf("%q, %d came back as %q, %d", a, an, ra, rn)
		}
		in := table('q').text(a).all()
		if bytes.Compare(in.From, ka.bytes) > 0 || bytes.Compare(in.To, ka.bytes) <= 0 {
			t.Fatalf("%q is outside of its range", ka.bytes)
		}
		if inside := bytes.Compare(in.From, kb.bytes) <= 0 && bytes.Compare(in.To, kb.bytes) > 0; inside != (a == b) {
			t.Fatalf("%q in the range of %q: %t", b, a, inside)
		}
	})
}

func TestFieldsOfRot(t *testing.T) {
	for _, k := range []string{"q", "qa", "q\x00", "q1234567"} {
		f := fieldsOf([]byte(k))
		f.text()
		f.skipTime()
		if n := f.number(); n != 0 {
			t.Errorf("%q holds the number %d", k, n)
		}
	}
}
