package wire_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/wire"
)

// TestFault looks at what a caller gets of each kind of fault, with and without an effect.
func TestFault(t *testing.T) {
	truth, failing := []byte(`{"id":1,"text":"a"}`), []byte(`{"error":"down"}`)
	tests := map[string]struct {
		fault        wire.Fault
		lost, stored string
	}{
		"the truth":          {wire.Fault{}, `200 {"error":"down"}`, `200 {"id":1,"text":"a"}`},
		"raw":                {wire.Raw(503, "no"), "503 no", "503 no"},
		"nothing":            {wire.Raw(200, ""), "200 ", "200 "},
		"a page":             {wire.HTML(502, "Bad"), "502 <!DOCTYPE html><title>Bad</title> text/html", "502 <!DOCTYPE html><title>Bad</title> text/html"},
		"moved":              {wire.Redirect("http://b/"), "307 moved http://b/", "307 moved http://b/"},
		"told to wait":       {wire.Raw(429, "slow").After("7"), "429 slow 7", "429 slow 7"},
		"not told how long":  {wire.Raw(429, "slow").After(""), "429 slow", "429 slow"},
		"half, well ended":   {wire.Ends(wire.Short), `200 {"error"`, `200 {"id":1,"`},
		"another's identity": {wire.OtherID("9"), "panic", `200 {"id":"9","text":"a"}`},
	}
	for name, tt := range tests {
		got := func(truth []byte) (said string) {
			defer func() {
				if recover() != nil {
					said = "panic"
				}
			}()
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "application/json")
			tt.fault.Answer(w, httptest.NewRequestWithContext(t.Context(), "POST", "/", http.NoBody), nil, max(tt.fault.Status, 200), tt.fault.Text(truth, failing))
			said = fmt.Sprint(w.Code, " ", w.Body)
			for _, h := range []string{"Content-Type", "Location", "Retry-After"} {
				if v := w.Header().Get(h); v != "" && v != "application/json" {
					said += " " + v
				}
			}
			return said
		}
		if diff := cmp.Diff([]string{tt.lost, tt.stored}, []string{got(nil), got(truth)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestFaultsTakeTurns: by number before by name before any, each once, and one that passes has its effect.
func TestFaultsTakeTurns(t *testing.T) {
	var f wire.Faults
	f.Fail("post", wire.Raw(1, "a"), wire.Ends(wire.Ordinary))
	f.Fail("", wire.Late(time.Second, wire.Stored(wire.Raw(2, "b"))))
	f.FailAt(2, wire.Raw(3, "c"))
	var got []string
	for n, name := range []string{"get", "post", "post", "post", "post"} {
		left := f.Unspent()
		x, is := f.Next(n+1, name)
		got = append(got, fmt.Sprint(left, " ", name, " ", is, " ", x.Status, " ", x.Stored, " ", x.Delay, " ", x.Passes()))
	}
	want := []string{
		"4 get true 2 true 1s false", "3 post true 3 false 0s false", "2 post true 1 false 0s false",
		"1 post true 0 true 0s true", "0 post false 0 false 0s false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPass: a delay takes its time, unless the test is over before.
func TestPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &wire.Server{Done: make(chan struct{})}
		r, begun := httptest.NewRequestWithContext(t.Context(), "GET", "/", http.NoBody), time.Now()
		if !s.Pass(r, time.Hour) || time.Since(begun) != time.Hour {
			t.Errorf("it took %v", time.Since(begun))
		}
		time.AfterFunc(time.Minute, func() { close(s.Done) })
		if s.Pass(r, time.Hour) || time.Since(begun) != time.Hour+time.Minute {
			t.Errorf("it went on until %v", time.Since(begun))
		}
	})
}

// TestMeter: a window begins with what is taken first, and a call is early by any of its keys.
func TestMeter(t *testing.T) {
	var m wire.Meter[int]
	at := time.Unix(1767603600, 0)
	m.Window("a", at, time.Minute).Used++
	for after, want := range map[time.Duration]int{0: 1, time.Minute - 1: 1} {
		if n := m.Window("a", at.Add(after), time.Minute).Used; n != want {
			t.Errorf("%v after: %d used", after, n)
		}
	}
	if w := m.Window("a", at.Add(time.Minute), time.Minute); w.Used != 0 || !w.Ends.Equal(at.Add(2*time.Minute)) {
		t.Errorf("the next window: %+v", w)
	}
	m.Hush("a", at)
	m.Hush("c", at)
	for n, keys := range [][]string{{"b"}, {"a"}, {"b", "a", "c"}} {
		m.Listen(&n, at.Add(-1), keys...)
		m.Listen(&n, at, keys...)
	}
	if diff := cmp.Diff([]int{1, 2}, m.Early()); diff != "" {
		t.Errorf("early (-want +got):\n%s", diff)
	}
}
