package bot_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
)

// TestAWakeIsNeverGivenUp: however long the desk is away, a wake-up comes again, some minutes apart and as the same ask,
// until it is heard.
func TestAWakeIsNeverGivenUp(t *testing.T) {
	s := calendar.Schedule{Kind: calendar.Digest, Person: "ana", Spec: "09:00", Zone: "UTC"}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []storage.Delivery{
		{Kind: workflows.Wake, What: "schedule", Slot: s.Slot(), Due: monday, Data: data},
		{Kind: workflows.Wake, What: "tick", Stream: stream, Due: monday},
	} {
		t.Run(d.What, func(t *testing.T) {
			w := begin(t.Context(), t)
			w.enqueue(d)
			w.fails = 40
			for range w.fails {
				wait := w.step()
				if wait <= 0 || wait > 5*time.Minute {
					t.Fatalf("after %d asks it comes in %s; waiting %+v", len(w.asks), wait, w.waiting())
				}
				w.now = w.now.Add(wait)
			}
			if wait := w.step(); wait != 0 || len(w.waiting()) != 0 || len(w.asks) != 41 || w.asks[40].ID != w.asks[0].ID {
				t.Errorf("heard after %d asks, next in %s, waiting %+v", len(w.asks), wait, w.waiting())
			}
		})
	}
}
