package console

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
)

func open(t testing.TB, path string) *Memory {
	t.Helper()
	m, err := OpenMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	})
	return m
}

func TestMemoryHoldsTheContract(t *testing.T) {
	chattest.Sender(t, "console/#general", "console/@ana", func(t *testing.T) chattest.Platform {
		return open(t, filepath.Join(t.TempDir(), "console.jsonl"))
	})
}

func TestMemoryRefusesPlaces(t *testing.T) {
	m := open(t, filepath.Join(t.TempDir(), "c"))
	for _, place := range []workflows.Place{"", "slack/#general", "console/general", "console/#", "console/@", "console"} {
		var f *chat.Fault
		if _, err := m.Send(t.Context(), chat.Post{Key: "k", Place: place, Message: chat.Message{Title: "x"}}); !errors.As(err, &f) || f.Verdict != chat.Fatal {
			t.Errorf("%q: %v", place, err)
		}
	}
}

// TestMemoryIsTheSameAfterOpening sends at random and opens the file anew, cut at any byte: what had been
// acknowledged by then is there, in the same state, and the next id follows.
func TestMemoryIsTheSameAfterOpening(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(dir, "c")
		if err := os.RemoveAll(path); err != nil {
			rt.Fatal(err)
		}
		m, err := OpenMemory(path)
		if err != nil {
			rt.Fatal(err)
		}
		sizes, states := []int64{0}, [][]message{nil}
		for i := range rapid.IntRange(0, 8).Draw(rt, "posts") {
			p := chat.Post{Key: rapid.StringMatching("[a-c]").Draw(rt, "key"), Place: "console/#a", Message: chat.Message{Title: rapid.String().Draw(rt, "title") + "."}}
			earlier := chat.MessageID("m" + string(rune('1'+rapid.IntRange(0, i).Draw(rt, "of"))))
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 1:
				p.Edit = earlier
			case 2:
				p.Thread = earlier
			case 3:
				_, err := m.answer("console/#a", "console/ana", chat.Reply{Choices: []workflows.Choice{{Label: "L", Line: "l"}}})
				if err != nil {
					rt.Fatal(err)
				}
				p.Key = ""
			}
			if p.Key != "" {
				_, err := m.Send(t.Context(), p)
				var f *chat.Fault
				if err != nil && (!errors.As(err, &f) || f.Verdict != chat.Fatal) {
					rt.Fatal(err)
				}
			}
			sizes, states = append(sizes, m.journal.size), append(states, append([]message(nil), m.said...))
		}
		if err := m.Close(); err != nil {
			rt.Fatal(err)
		}
		cut := rapid.Int64Range(0, sizes[len(sizes)-1]).Draw(rt, "cut")
		if err := os.Truncate(path, cut); err != nil {
			rt.Fatal(err)
		}
		last := 0
		for i, size := range sizes {
			if size <= cut {
				last = i
			}
		}
		m, err = OpenMemory(path)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = m.Close() }()
		if diff := cmp.Diff(states[last], m.said); diff != "" {
			rt.Fatalf("after a cut at %d of %v (-want +got):\n%s", cut, sizes, diff)
		}
		id, err := m.Send(t.Context(), chat.Post{Key: "next", Place: "console/#a", Message: chat.Message{Title: "next"}})
		if err != nil || id != m.said[len(m.said)-1].ID || len(m.said) != len(states[last])+1 {
			rt.Fatalf("next: %q, %v", id, err)
		}
		again, err := OpenMemory(path)
		if err != nil {
			rt.Fatalf("after the cut and one more: %v", err)
		}
		defer func() { _ = again.Close() }()
		if diff := cmp.Diff(m.said, again.said); diff != "" {
			rt.Fatal(diff)
		}
		if got, ok, err := again.Find(t.Context(), chat.Post{Key: "next"}); got != id || !ok || err != nil {
			rt.Fatalf("found %q, %v, %v", got, ok, err)
		}
	})
}

func TestMemoryNamesADamagedLine(t *testing.T) {
	good := `{"id":"m1","place":"console/#a","message":{"title":"x"}}` + "\n"
	for name, bad := range map[string]string{
		"no JSON":       "\x00\x00\n",
		"a gap":         `{"id":"m3","place":"console/#a","message":{}}` + "\n",
		"edit too soon": `{"id":"m2","edit":true,"place":"console/#a","message":{}}` + "\n",
		"twice":         good,
	} {
		path := filepath.Join(t.TempDir(), "console.jsonl")
		if err := os.WriteFile(path, []byte(good+bad+good), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenMemory(path); err == nil || !strings.Contains(err.Error(), "console.jsonl: line 2: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a crash left may be longer than the line that takes its place.
func TestMemoryCutsOffWhatIsTorn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c")
	if err := os.WriteFile(path, []byte(`{"id":"m1","message":{"title":"`+strings.Repeat("x", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, path).Send(t.Context(), chat.Post{Key: "k", Place: "console/#a", Message: chat.Message{Title: "x"}}); err != nil {
		t.Fatal(err)
	}
	if again := open(t, path); len(again.said) != 1 || again.journal.torn {
		t.Errorf("read back %v, torn %v", again.said, again.journal.torn)
	}
}

func TestThreadsDoNotNest(t *testing.T) {
	m := open(t, filepath.Join(t.TempDir(), "c"))
	for _, thread := range []chat.MessageID{"", "m1", "m2"} {
		if _, err := m.Send(t.Context(), chat.Post{Place: "console/#a", Thread: thread, Message: chat.Message{Title: "after " + string(thread)}}); err != nil {
			t.Fatal(err)
		}
	}
	if shown := m.shows("console/#a"); len(shown) != 3 || shown[2].Thread != "m1" {
		t.Errorf("shows %+v", shown)
	}
}

// The bot cannot touch what was said to one person only.
func TestAnswersAreNotForThePlatformsPosts(t *testing.T) {
	m := open(t, filepath.Join(t.TempDir(), "c"))
	id, err := m.answer("console/#a", "console/ana", chat.Reply{Choices: []workflows.Choice{{Label: "L", Line: "l"}}})
	if err != nil || id != "m1" {
		t.Fatal(id, err)
	}
	var f *chat.Fault
	_, err = m.Send(t.Context(), chat.Post{Place: "console/#a", Edit: id, Message: chat.Message{Title: "x"}})
	if !errors.As(err, &f) || f.Verdict != chat.Fatal || len(m.shows("console/#a")) != 0 {
		t.Errorf("edited an answer: %v", err)
	}
}

func TestMemoryRetriesWhatWasNotWritten(t *testing.T) {
	m := open(t, filepath.Join(t.TempDir(), "c"))
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := m.Send(t.Context(), chat.Post{Key: "k", Place: "console/#a", Message: chat.Message{Title: "x"}})
	var f *chat.Fault
	if !errors.As(err, &f) || f.Verdict != chat.Retry {
		t.Errorf("got %v, want a retry", err)
	}
	if _, ok, _ := m.Find(t.Context(), chat.Post{Key: "k"}); ok {
		t.Error("what was not written is remembered")
	}
}

func TestVisible(t *testing.T) {
	m := open(t, filepath.Join(t.TempDir(), "c"))
	button := func(label string) *chat.Message {
		return &chat.Message{Title: label, Buttons: []chat.Button{{Label: label, Line: label}}}
	}
	for _, place := range []workflows.Place{"console/#a", "console/#b", "console/@ana", "console/@you"} {
		if _, err := m.Send(t.Context(), chat.Post{Key: string(place), Place: place, Message: *button("Go " + place.Channel())}); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []workflows.Handle{"console/ana", "console/you"} {
		if _, err := m.answer("console/#b", who, chat.Reply{Message: button("Go " + who.Name())}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.answer("console/#a", "console/you", chat.Reply{Message: button("Again"), Open: true}); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, s := range m.visible("console/ana", "console/#a") {
		seen = append(seen, s.Message.Title)
	}
	if diff := cmp.Diff([]string{"Again", "Go ana", "Go @ana", "Go #a"}, seen); diff != "" {
		t.Errorf("ana sees in #a, newest first (-want +got):\n%s", diff)
	}
	presses := map[string]string{
		"go #A": "Go #a", "GO ANA": "Go ana", "ag": "Again", "go @": "Go @ana",
		"go": "ambiguous", "go you": "unknown_button", "go #b": "unknown_button", "": "unknown_button",
	}
	for label, want := range presses {
		_, b, err := findButton(m.visible("console/ana", "console/#a"), label)
		got := b.Label
		var no *workflows.Refusal
		if errors.As(err, &no) {
			got = string(no.Reason)
		}
		if got != want {
			t.Errorf("press %q: %q, want %q", label, got, want)
		}
	}
}
