package chattest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
)

// TestDelivery: a post ends as it does with the bot, whatever its sending met.
func TestDelivery(t *testing.T) {
	minutely := slices.Repeat([]Outcome{Paced(time.Minute)}, 20)
	tests := map[string]struct {
		script []Outcome
		killed bool
		want   string // the end, after how many sends and how long, and how many stand there
	}{
		"at once":                {nil, false, "sent 1 0s 1"},
		"after another try":      {[]Outcome{Retry(time.Minute)}, false, "sent 2 1m0s 1"},
		"it arrived, unknown":    {[]Outcome{Unclear(true)}, false, "sent 1 1s 1"},
		"it did not, unknown":    {[]Outcome{Unclear(false)}, false, "sent 2 1s 1"},
		"killed before noting":   {nil, true, "sent 1 0s 1"},
		"refused":                {[]Outcome{Fatal()}, false, "failed 1 1s 0"},
		"parked":                 {[]Outcome{Park("archived")}, false, "parked 1 1s 0"},
		"held up for the pace":   {minutely, false, "sent 21 20m0s 1"},
		"no answer, for so long": {slices.Repeat([]Outcome{Unclear(false)}, 20), false, "needs human 8 8s 0"},
	}
	for name, tt := range tests {
		f, passed := &Fake{}, time.Duration(0)
		f.Script(tt.script...)
		d := Delivery{From: f, Anew: func() Platform { return f }, Killed: tt.killed, Patience: time.Minute, Pass: func(d time.Duration) { passed += d }}
		d.Deliver(t.Context(), chat.Post{Key: "k", Place: here, Message: chat.Message{Title: "hello"}})
		if diff := cmp.Diff(tt.want, fmt.Sprint(d.End, " ", d.Sends, " ", passed, " ", len(f.Shows(here)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
