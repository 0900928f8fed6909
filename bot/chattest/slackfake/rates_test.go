package slackfake_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/slackfake"
)

// recorder counts the errors that a test would have.
type recorder struct {
	testing.TB
	mu sync.Mutex
	n  int
}

func (r *recorder) Error(...any)          { r.add() }
func (r *recorder) Errorf(string, ...any) { r.add() }

func (r *recorder) add() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
}

func (r *recorder) errors() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// TestRates refuses what is too fast, in a channel, in the workspace and of a method, and takes it once it is time.
func TestRates(t *testing.T) {
	clock := newClock()
	f, _ := acme(t, slackfake.Options{Now: clock.Now, Rates: slackfake.Rates{
		Posts: 1, Burst: 2, Workspace: 60, WorkspaceBurst: 3, Tiers: map[int]int{3: 2},
	}})
	post := func(channel string) string {
		a := call(t, f, "chat.postMessage", "channel", channel, "text", "a")
		if a["status"] != float64(429) {
			return errorOf(a)
		}
		return errorOf(a) + " " + a["retry"].(string)
	}
	got := []string{post("C0APP"), post("C0APP"), post("C0APP"), post("C0OPEN"), post("C0OPEN")}
	clock.Pass(999 * time.Millisecond)
	got = append(got, post("C0APP"))
	clock.Pass(time.Millisecond)
	got = append(got, post("C0APP"))
	want := []string{"", "", "ratelimited 1", "", "ratelimited 1", "ratelimited 1", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var reads []string
	for range 3 {
		reads = append(reads, errorOf(call(t, f, "conversations.history", "channel", "C0APP")))
	}
	if diff := cmp.Diff([]string{"", "", "ratelimited"}, reads); diff != "" {
		t.Error(diff)
	}
	if f.Limited() != 4 || len(f.Messages("C0APP")) != 3 {
		t.Errorf("%d were limited, %d posted", f.Limited(), len(f.Messages("C0APP")))
	}
	if early := f.Early(); len(early) != 2 || early[0].Args["channel"] != "C0APP" {
		t.Errorf("before their time: %v", early)
	}
}
