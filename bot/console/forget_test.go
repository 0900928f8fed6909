package console

import (
	"path/filepath"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
)

// TestForget: what was sent is not printed later, and the channel shows it all the same.
func TestForget(t *testing.T) {
	m, err := OpenMemory(filepath.Join(t.TempDir(), "memory"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	post := chat.Post{Key: "k1", Place: "console/#general", Message: chat.Message{Title: "one"}}
	if _, err := m.Send(t.Context(), post); err != nil {
		t.Fatal(err)
	}
	m.Forget()
	if left, shown := m.drain(), m.shows("console/#general"); len(left) != 0 || len(shown) != 1 {
		t.Errorf("left to print %v, shown %v", left, shown)
	}
}
