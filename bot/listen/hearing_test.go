package listen_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
)

// TestHearing: what came in counts for a while, and the last of it longest.
func TestHearing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h listen.Hearing
		hears := func(want bool) {
			t.Helper()
			synctest.Wait()
			if h.Hears() != want {
				t.Errorf("hears: %t", !want)
			}
		}
		hears(false)
		h.Hear(time.Minute)
		time.Sleep(50 * time.Second)
		h.Hear(time.Minute)
		time.Sleep(59 * time.Second)
		hears(true)
		time.Sleep(time.Second)
		hears(false)
		h.Hear(time.Minute)
		hears(true)
		time.Sleep(time.Minute)
	})
}
