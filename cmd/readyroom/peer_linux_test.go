package main

import (
	"net"
	"testing"
)

// TestPeer: only the bot's own user and root are let in.
func TestPeer(t *testing.T) {
	for _, tt := range []struct {
		peer, own uint32
		let       bool
	}{{1000, 1000, true}, {0, 1000, true}, {1001, 1000, false}, {1000, 0, false}, {65534, 1000, false}} {
		if err := allowedPeer(tt.peer, tt.own); (err == nil) != tt.let {
			t.Errorf("user %d asks a bot of %d: %v", tt.peer, tt.own, err)
		}
	}
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if samePeer(a) == nil {
		t.Error("what is no local connection is let in")
	}
}
