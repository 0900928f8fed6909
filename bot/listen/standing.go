package listen

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Refused is a no that stays one until somebody does something.
type Refused string

func (r Refused) Error() string { return string(r) }

// Unplaced is why a bot works nowhere though its token is taken; it stays as well until somebody does something.
type Unplaced string

func (u Unplaced) Error() string { return string(u) }

// IsRefused reports whether an error stays until somebody does something.
func IsRefused(err error) bool {
	_, refused := errors.AsType[Refused](err)
	_, unplaced := errors.AsType[Unplaced](err)
	return refused || unplaced
}

// Standing is how the bot stands with a platform's API.
type Standing struct {
	Reload sync.Mutex // held while the secrets in force are changed, or judged

	known chan struct{} // closed as soon as the platform said who the bot is
	again chan struct{} // asks for another look

	mu      sync.Mutex
	refused error         // why the token is not taken
	last    error         // why the last look failed
	skew    time.Duration // how far our clock is ahead
	timed   bool          // an answer said so
}

// NewStanding makes one of a bot that nobody knows yet.
func NewStanding() *Standing {
	return &Standing{known: make(chan struct{}), again: make(chan struct{}, 1)}
}

// Known is closed as soon as the platform said who the bot is.
func (st *Standing) Known() <-chan struct{} { return st.known }

// Again has something when another look at the token is asked for.
func (st *Standing) Again() <-chan struct{} { return st.again }

// Authenticated takes note of how a look at the token ended. A platform not answering says nothing of the token.
func (st *Standing) Authenticated(err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.last = err
	if err == nil || IsRefused(err) {
		st.refused = err
	}
}

// Refusal is why the token is not taken; nil: it is, or nobody knows yet.
func (st *Standing) Refusal() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.refused
}

// Identified takes note that the platform said who the bot is.
func (st *Standing) Identified() {
	st.mu.Lock()
	defer st.mu.Unlock()
	select {
	case <-st.known:
	default:
		close(st.known)
	}
}

// Look asks for another look at the token soon: after an answer that said that it is not taken.
func (st *Standing) Look() {
	select {
	case st.again <- struct{}{}:
	default:
	}
}

// Doubt asks for another look, unless the last one found that the token is not taken: those looks go on at their own pace.
func (st *Standing) Doubt() {
	if st.Refusal() == nil {
		st.Look()
	}
}

// Timed takes note of what an answer says beside itself: how far apart the clocks are.
func (st *Standing) Timed(h http.Header, sent, got time.Time) {
	if skew, ok := SkewOf(h, sent, got); ok {
		st.mu.Lock()
		defer st.mu.Unlock()
		st.skew, st.timed = skew, true
	}
}

// Untimed forgets what answers said of the clocks.
func (st *Standing) Untimed() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.skew, st.timed = 0, false
}

// Skew is how far our clock is ahead of the platform's, as of the last answer; negative: behind. It is false where no
// answer said so.
func (st *Standing) Skew() (time.Duration, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.skew, st.timed
}

// Health is why the platform is not well, as far as its API goes: the token is refused, or it did not say yet who the bot
// is. Nil: it is.
func (st *Standing) Health(platform string, known bool) error {
	st.mu.Lock()
	no, last := st.refused, st.last
	st.mu.Unlock()
	nowhere, unplaced := errors.AsType[Unplaced](no)
	switch {
	case unplaced:
		return nowhere
	case no != nil:
		return fmt.Errorf("%s does not take the bot token: %w", platform, no)
	case !known && last != nil:
		return fmt.Errorf("%s did not say yet who the bot is: %w", platform, last)
	case !known:
		return errors.New(platform + " did not say yet who the bot is")
	}
	return nil
}
