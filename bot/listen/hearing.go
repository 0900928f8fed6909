package listen

import (
	"sync"
	"time"
)

// Hearing is whether something came in not long ago. A zero one heard nothing yet.
type Hearing struct {
	mu    sync.Mutex
	heard bool
	deaf  *time.Timer // ends that
}

// Hear takes note of what came in. It counts for a while.
func (h *Hearing) Hear(while time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = true
	if h.deaf != nil {
		h.deaf.Stop()
	}
	var t *time.Timer
	t = time.AfterFunc(while, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.heard = h.heard && h.deaf != t
	})
	h.deaf = t
}

// Hears reports whether what came in last still counts.
func (h *Hearing) Hears() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.heard
}
