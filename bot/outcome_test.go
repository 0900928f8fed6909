package bot

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// TestFollowersAreGivenUp: who follows a release and takes no messages is not tried for ever: anybody can follow, and
// nobody here can mend that. What is the team's waits until somebody mends it.
func TestFollowersAreGivenUp(t *testing.T) {
	monday := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	closed := &chat.Fault{Verdict: chat.Park, Err: errors.New("direct messages are closed")}
	for _, tt := range []struct {
		what    string
		attempt int
		after   time.Duration
		want    storage.Result
	}{
		{feedback.ToldFollower, 1, 0, storage.Retry},
		{feedback.ToldFollower, 1, patience + time.Minute, storage.Retry}, // it waited for its turn
		{feedback.ToldFollower, 70, patience - time.Minute, storage.Retry},
		{feedback.ToldFollower, 70, patience + time.Minute, storage.Failed},
		{"card", 70, 10 * patience, storage.Retry},
	} {
		b := &Bot{Log: slog.New(slog.DiscardHandler)}
		b.outlets.begin(monday, nil)
		c := storage.Claim{Attempt: tt.attempt, Excused: tt.attempt - 1,
			Delivery: storage.Delivery{Due: monday, Kind: workflows.Tell, What: tt.what, Place: "test/@U1"}}
		if o := b.outcome(c, monday.Add(tt.after), "", closed); o.Result != tt.want {
			t.Errorf("%s, try %d after %s: %s", tt.what, tt.attempt, tt.after, o.Result)
		}
	}
}
