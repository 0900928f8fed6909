package bot_test

import (
	"testing"
	"time"
)

// TestWhatIsForAnotherProcessWaits: a process that speaks to some of the platforms only, as `readyroom run` does while the
// daemon is down, keeps what is for the others, however long, and troubles nobody.
func TestWhatIsForAnotherProcessWaits(t *testing.T) {
	w := begin(t.Context(), t)
	w.bot.Partly = true
	w.enqueue(post("held", 1, "slack/T1/C1"), post("held", 1, general))
	for range 5 * 24 {
		w.step()
		w.now = w.now.Add(time.Hour)
	}
	if len(w.waiting()) != 0 || len(w.wishes()) != 0 || len(w.fake.Shows(general)) != 1 {
		t.Errorf("waiting %+v, the desk is told %+v", w.waiting(), w.wishes())
	}
	w.bot.Senders["slack"] = w.fake // the other process
	w.settle()
	if n := len(w.fake.Shows("slack/T1/C1")); n != 1 {
		t.Errorf("it came %d times", n)
	}
}
