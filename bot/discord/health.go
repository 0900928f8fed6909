package discord

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// portal is where an application is set up.
const portal = "https://discord.com/developers/applications"

// told puts a failed call into words for whoever runs the bot. What may hold a token, as addresses do, is left out.
func told(f *chat.Fault) error {
	if no, ok := errors.AsType[*apiError](f.Err); ok && no.Status == http.StatusUnauthorized {
		return listen.Refused("it is not valid: take a new one in " + portal + " → the application → Bot → Reset Token, into DISCORD_BOT_TOKEN")
	}
	if at, ok := errors.AsType[*url.Error](f.Err); ok {
		return fmt.Errorf("%s: %w", strings.ToLower(at.Op), at.Err)
	}
	return f.Err
}

// Skew is how far our clock is ahead of Discord's, as of the last answer; negative: behind.
func (d *Discord) Skew() time.Duration {
	skew, _ := d.standing.Skew()
	return skew
}

// Health is why the platform is not well, in words for whoever runs the bot: its token is refused, Discord did not say yet
// who it is, or nothing is heard. Nil: it is.
func (d *Discord) Health() error {
	me := d.me.Load()
	if err := d.standing.Health("Discord", me != nil); err != nil {
		return err
	}
	switch {
	case d.HTTP:
		return nil
	case me.endpoint != "":
		return fmt.Errorf("Discord sends all commands and presses to %s, and the bot listens to the gateway: take the address out of %s "+
			"→ General Information → Interactions Endpoint URL, or write discord: {listen: http}", me.endpoint, portal)
	}
	return d.gateway.health()
}

// HealthWarnings are what somebody should look at while the platform still works; nil: nothing.
func (d *Discord) HealthWarnings() error {
	var all []error
	if me := d.me.Load(); me != nil {
		all = append(all, d.whereabouts(*me)...)
	}
	if !d.HTTP {
		all = append(all, d.gateway.warnings()...)
	}
	skew := d.Skew()
	if worst, off := d.SignedSkew(); off {
		skew = worst
	}
	if err := listen.ClockWarning(skew, "Discord"); err != nil {
		all = append(all, err)
	}
	if n, until := d.invalid(); !until.IsZero() || n > invalidMany {
		all = append(all, invalidWords(n, until))
	}
	for _, text := range d.unpublished.warnings() {
		all = append(all, errors.New(text))
	}
	return errors.Join(append(all, d.rosters.Warnings("role")...)...)
}

// whereabouts are what is odd about where the bot is, and where it is sent to.
func (d *Discord) whereabouts(me identity) (all []error) {
	if d.HTTP && me.endpoint == "" {
		all = append(all, errors.New("Discord sends no commands and presses by HTTP yet: write the address of this bot, ending in "+interactionsPath+", into "+
			portal+" → General Information → Interactions Endpoint URL"))
	}
	for _, id := range me.absent {
		all = append(all, fmt.Errorf("the bot is not in server %s: let one of its admins open %s", id, inviteLink(me.app)))
	}
	if len(me.others) > 0 {
		all = append(all, fmt.Errorf("the bot was invited to other servers as well (%s), which it does not listen to: write discord: {servers: [%s]}, "+
			"or the next start does not know which one is meant", strings.Join(me.others, ", "), strings.Join(me.servers, ", ")))
	}
	return all
}

// invalidMany is how many calls that Discord calls invalid somebody should look at: with 10,000 in ten minutes it shuts
// the bot's address out.
const invalidMany = manyIlls / 5

func invalidWords(n int, until time.Time) error {
	text := fmt.Sprintf("Discord refused %d calls in ten minutes (no permission, or too many): look in the log which, before it shuts this address out", n)
	if !until.IsZero() {
		text += "; nothing is sent before " + until.UTC().Format("15:04:05 MST")
	}
	return errors.New(text)
}
