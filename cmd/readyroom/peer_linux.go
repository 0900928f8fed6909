package main

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

// samePeer refuses a connection of another user than the bot's own and root.
func samePeer(c net.Conn) error {
	local, ok := c.(*net.UnixConn)
	if !ok {
		return fmt.Errorf("%T is no local connection", c)
	}
	raw, err := local.SyscallConn()
	if err != nil {
		return fmt.Errorf("who asks: %w", err)
	}
	var who *syscall.Ucred
	var failed error
	err = raw.Control(func(fd uintptr) {
		who, failed = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	switch {
	case err != nil:
		return fmt.Errorf("who asks: %w", err)
	case failed != nil:
		return fmt.Errorf("who asks: %w", failed)
	}
	return allowedPeer(who.Uid, uint32(os.Geteuid()))
}

func allowedPeer(peer, own uint32) error {
	if peer != own && peer != 0 {
		return fmt.Errorf("user %d asks, the bot runs as %d", peer, own)
	}
	return nil
}
