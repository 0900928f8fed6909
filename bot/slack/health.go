package slack

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/listen"
)

// told puts an error of a call into words for whoever runs the bot. What may hold a token or a ticket, as addresses do,
// is left out.
func told(err error) error {
	if no, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		words, known := advice[no.Err]
		if !known || no.Err == "ratelimited" { // which passes by itself
			return fmt.Errorf("Slack answered %s", nameOf(no))
		}
		return listen.Refused(no.Err + ": " + words + needed(no))
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
		return listen.Refused(no.Err + ": Slack does not take the app token: " + tokensPage + "Basic Information → App-Level Tokens → Generate, with " +
			SocketScope + ", into SLACK_APP_TOKEN")
	}
	return told(err)
}

// Skew is how far our clock is ahead of Slack's, as of the last look; negative: behind.
func (s *Slack) Skew() time.Duration {
	skew, _ := s.standing.Skew()
	return skew
}

// Health is why the platform is not well, in words for whoever runs the bot: its token is refused, Slack did not say yet
// who it is, or nothing is heard. Nil: it is.
func (s *Slack) Health() error {
	if err := s.standing.Health("Slack", s.me.Load() != nil); err != nil {
		return err
	}
	if s.secrets.Load().AppToken == "" {
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
	if err := listen.ClockWarning(skew, "Slack"); err != nil {
		all = append(all, err)
	}
	return errors.Join(append(all, s.rosters.Warnings("user group")...)...)
}
