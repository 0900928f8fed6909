package listen

import (
	"strings"
	"testing"
	"time"
)

// TestSeen forgets what is too old to come again, and never holds more than it may.
func TestSeen(t *testing.T) {
	var e Seen
	now := time.Unix(1_700_000_000, 0)
	for _, tt := range []struct {
		id           string
		after        time.Duration
		first, young bool
	}{
		{"a", 0, true, true}, {"a", time.Minute, false, false}, {"b", 5 * time.Minute, true, true}, {"a", 14 * time.Minute, false, false},
		{"a", 16 * time.Minute, true, false}, {"b", 16 * time.Minute, false, false}, {"c", -time.Hour, true, true},
	} {
		first, young := e.First(tt.id, now.Add(tt.after))
		if first != tt.first || young != tt.young {
			t.Errorf("%s after %s: first %v, young %v", tt.id, tt.after, first, young)
		}
	}
	for i := range maxSeen + 10 {
		e.First(strings.Repeat("x", 1+i%7)+string(rune(0x10000+i)), now.Add(time.Hour))
	}
	if len(e.at) > maxSeen || len(e.order) > maxSeen {
		t.Errorf("it holds %d and %d", len(e.at), len(e.order))
	}
}
