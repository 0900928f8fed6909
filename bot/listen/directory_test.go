package listen

import (
	"fmt"
	"testing"
	"time"
)

// TestDirectoryBounded: however many ask, what is remembered stays bounded, and what is new is kept.
func TestDirectoryBounded(t *testing.T) {
	d := &Directory[string]{asked: map[string]*Question[string]{}}
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for i := range 3 * MaxAccounts {
		user := fmt.Sprint("U", i)
		q := &Question[string]{account: user}
		d.asked[user] = q
		d.answered(user, q, now)
		if a, age := d.Remembered(user, now); age != 0 || a != user {
			t.Fatalf("%s is %q, %s old", user, a, age)
		}
	}
	if n := len(d.known); n > MaxAccounts || len(d.asked)+len(d.open) > 0 {
		t.Errorf("%d accounts, %d questions", n, len(d.asked)+len(d.open))
	}
}
