package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/listen"
)

// maxSkew is how wrong our clock may be before somebody should look at it. Signed requests are refused from five minutes
// on.
const maxSkew = 2 * time.Minute

// refused is a no that stays one until somebody does something.
type refused struct{ words string }

func (r refused) Error() string { return r.words }

// told puts an error of a call into words for whoever runs the bot. What may hold a token or a ticket, as addresses do,
// is left out.
func told(err error) error {
	if no, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		words, known := advice[no.Err]
		if !known || no.Err == "ratelimited" { // which passes by itself
			return fmt.Errorf("Slack answered %s", nameOf(no))
		}
		return refused{no.Err + ": " + words + needed(no)}
	}
	if at, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("%s: %w", strings.ToLower(at.Op), at.Err)
	}
	return err
}

// toldApp is told for a call with the app token, which is mended on another page.
func toldApp(err error) error {
	no, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return told(err)
	}
	switch no.Err {
	case "invalid_auth", "invalid_token", "not_authed", "token_revoked", "token_expired", "not_allowed_token_type", "missing_scope":
		return refused{no.Err + ": Slack does not take the app token: " + tokensPage + "Basic Information → App-Level Tokens → Generate, with " +
			SocketScope + ", into SLACK_APP_TOKEN"}
	}
	return told(err)
}

// isRefused reports whether an error stays until somebody does something.
func isRefused(err error) bool {
	_, ok := errors.AsType[refused](err)
	return ok
}

// standing is how the bot stands with Slack's Web API.
type standing struct {
	known chan struct{} // closed as soon as Slack said who the bot is
	again chan struct{} // asks for another look

	reload sync.Mutex // held while the tokens in force are changed, or judged

	mu      sync.Mutex
	refused error         // why the token is not taken
	last    error         // why the last look failed
	skew    time.Duration // how far our clock is ahead
}

func newStanding() *standing {
	return &standing{known: make(chan struct{}), again: make(chan struct{}, 1)}
}

// authenticated takes note of how a look at the token ended. Slack not answering says nothing of the token.
func (st *standing) authenticated(err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.last = err
	if err == nil || isRefused(err) {
		st.refused = err
	}
}

// refusal is why the token is not taken; nil: it is, or nobody knows yet.
func (st *standing) refusal() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.refused
}

func (st *standing) identified() {
	st.mu.Lock()
	defer st.mu.Unlock()
	select {
	case <-st.known:
	default:
		close(st.known)
	}
}

// look asks for another look at the token soon: after an answer that said that it is not taken.
func (st *standing) look() {
	select {
	case st.again <- struct{}{}:
	default:
	}
}

// doubt asks for another look, unless the last one found that the token is not taken: those looks go on at their own pace.
func (st *standing) doubt() {
	st.mu.Lock()
	known := st.refused != nil
	st.mu.Unlock()
	if !known {
		st.look()
	}
}

func (st *standing) heardTime(h http.Header, sent, got time.Time) {
	if skew, ok := listen.SkewOf(h, sent, got); ok {
		st.mu.Lock()
		defer st.mu.Unlock()
		st.skew = skew
	}
}

// Skew is how far our clock is ahead of Slack's, as of the last look; negative: behind.
func (s *Slack) Skew() time.Duration {
	s.standing.mu.Lock()
	defer s.standing.mu.Unlock()
	return s.standing.skew
}

// Health is why the platform is not well, in words for whoever runs the bot: its token is refused, Slack did not say yet
// who it is, or nothing is heard. Nil: it is.
func (s *Slack) Health() error {
	s.standing.mu.Lock()
	no, last := s.standing.refused, s.standing.last
	s.standing.mu.Unlock()
	switch {
	case no != nil:
		return fmt.Errorf("Slack does not take the bot token: %w", no)
	case s.me.Load() == nil && last != nil:
		return fmt.Errorf("Slack did not say yet who the bot is: %w", last)
	case s.me.Load() == nil:
		return errors.New("Slack did not say yet who the bot is")
	case s.secrets.Load().AppToken == "":
		return nil
	}
	return s.links.health()
}

// HealthWarnings are what somebody should look at while the platform still works; nil: nothing.
func (s *Slack) HealthWarnings() error {
	var all []error
	if s.secrets.Load().AppToken != "" {
		all = append(all, s.links.warnings()...)
	}
	skew := s.Skew()
	if worst, refused := s.SignedSkew(); refused {
		skew = worst
	}
	if skew.Abs() > maxSkew {
		all = append(all, fmt.Errorf("the clock here is %s: from five minutes on Slack's requests are refused; let it be set over the network",
			aheadOrBehind(skew)))
	}
	return errors.Join(append(all, s.rosters.warnings()...)...)
}

func aheadOrBehind(d time.Duration) string {
	if d < 0 {
		return d.Abs().Round(time.Second).String() + " behind Slack's"
	}
	return d.Round(time.Second).String() + " ahead of Slack's"
}

// sorted gives the errors under names in the order of the names.
func sorted(under map[string]error, words string) []error {
	var names []string
	for name := range under {
		names = append(names, name)
	}
	slices.Sort(names)
	var all []error
	for _, name := range names {
		all = append(all, fmt.Errorf(words, name, under[name]))
	}
	return all
}
