package slack

import (
	"errors"
	"fmt"
	"time"
)

// enter takes room for one request; false: there is none.
func (ls *links) enter(stuck time.Duration) bool {
	select {
	case ls.slots <- struct{}{}:
		return true
	default:
	}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.full == nil {
		ls.full = time.AfterFunc(stuck, func() {
			ls.mu.Lock()
			defer ls.mu.Unlock()
			ls.stalled = ls.full != nil
		})
	}
	return false
}

// leave gives the room back.
func (ls *links) leave() {
	<-ls.slots
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.full != nil {
		ls.full.Stop()
		ls.full, ls.stalled = nil, false
	}
}

// health is why nothing that Slack sends is handled; nil: it is.
func (ls *links) health() error {
	ls.mu.Lock()
	stalled := ls.stalled
	ls.mu.Unlock()
	switch {
	case !ls.hearing.Hears():
		return fmt.Errorf("nothing is heard from Slack: %w", errors.Join(ls.warnings()...))
	case stalled:
		return fmt.Errorf("%d requests from Slack are being handled, and none of them ends: restart the bot", maxAtOnce)
	}
	return nil
}

// warnings says what is wrong with each link.
func (ls *links) warnings() []error {
	var all []error
	for i := range ls.each {
		if err := ls.each[i].trouble(); err != nil {
			all = append(all, err)
		}
	}
	return all
}
