package listen_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/readyroom/readyroom/bot/listen"
)

// TestRosters: news of one moment wake once and are given once; a failure lasts until the group is read, or matters no more.
func TestRosters(t *testing.T) {
	r := listen.NewRosters()
	for _, what := range []string{"b", "a", "b"} {
		r.Read(what)
	}
	if len(r.Woken()) != 1 {
		t.Error("nobody is woken")
	}
	if got := r.News(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("news of %q", got)
	}
	if got := r.News(); len(got) != 0 {
		t.Errorf("the same news again: %q", got)
	}
	warns := func(want ...string) {
		t.Helper()
		var got []string
		for _, err := range r.Warnings("group") {
			got = append(got, err.Error())
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	no := errors.New("no")
	for _, g := range []string{"z", "m", "c"} {
		r.Note(g, no)
	}
	const end = " could not be read, and after a day its members have no say: no"
	warns("group c"+end, "group m"+end, "group z"+end)
	if !errors.Is(r.Warnings("group")[0], no) {
		t.Error("the reason is lost")
	}
	r.Note("m", nil)
	r.KeepOnly([]string{"m", "z"})
	warns("group z" + end)
}
