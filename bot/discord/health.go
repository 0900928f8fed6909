package discord

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// maxSkew is how wrong our clock may be before somebody should look at it. Signed requests are refused from five minutes
// on.
const maxSkew = 2 * time.Minute

// portal is where an application is set up.
const portal = "https://discord.com/developers/applications"

// refused is a no that stays one until somebody does something.
type refused struct{ words string }

func (r refused) Error() string { return r.words }

// isRefused reports whether an error stays until somebody does something.
func isRefused(err error) bool {
	_, ok := errors.AsType[refused](err)
	return ok
}

// told puts a failed call into words for whoever runs the bot. What may hold a token, as addresses do, is left out.
func told(f *chat.Fault) error {
	if no, ok := errors.AsType[*apiError](f.Err); ok && no.Status == http.StatusUnauthorized {
		return refused{"it is not valid: take a new one in " + portal + " → the application → Bot → Reset Token, into DISCORD_BOT_TOKEN"}
	}
	if at, ok := errors.AsType[*url.Error](f.Err); ok {
		return fmt.Errorf("%s: %w", strings.ToLower(at.Op), at.Err)
	}
	return f.Err
}

// standing is how the bot stands with Discord's API.
type standing struct {
	known chan struct{} // closed as soon as Discord said who the bot is
	again chan struct{} // asks for another look

	reload sync.Mutex // held while the secrets in force are changed, or judged

	mu      sync.Mutex
	refused error         // why the token is not taken
	last    error         // why the last look failed
	skew    time.Duration // how far our clock is ahead
}

func newStanding() *standing {
	return &standing{known: make(chan struct{}), again: make(chan struct{}, 1)}
}

// authenticated takes note of how a look at the token ended. Discord not answering says nothing of the token.
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

// look asks for another look at the token soon.
func (st *standing) look() {
	select {
	case st.again <- struct{}{}:
	default:
	}
}

// doubt asks for another look, unless the last one found that the token is not taken: those looks go on at their own pace.
func (st *standing) doubt() {
	if st.refusal() == nil {
		st.look()
	}
}

// noticed takes note of what an answer says beside itself: how far apart the clocks are.
func (d *Discord) noticed(x *exchange, sent time.Time) {
	if skew, ok := listen.SkewOf(x.header, sent, d.Now()); ok {
		d.standing.mu.Lock()
		defer d.standing.mu.Unlock()
		d.standing.skew = skew
	}
}

// Skew is how far our clock is ahead of Discord's, as of the last answer; negative: behind.
func (d *Discord) Skew() time.Duration {
	d.standing.mu.Lock()
	defer d.standing.mu.Unlock()
	return d.standing.skew
}

// Health is why the platform is not well, in words for whoever runs the bot: its token is refused, Discord did not say yet
// who it is, or nothing is heard. Nil: it is.
func (d *Discord) Health() error {
	d.standing.mu.Lock()
	no, last := d.standing.refused, d.standing.last
	d.standing.mu.Unlock()
	me := d.me.Load()
	switch {
	case no != nil:
		return fmt.Errorf("Discord does not take the bot token: %w", no)
	case me == nil && last != nil:
		return fmt.Errorf("Discord did not say yet who the bot is: %w", last)
	case me == nil:
		return errors.New("Discord did not say yet who the bot is")
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
	if skew.Abs() > maxSkew {
		all = append(all, fmt.Errorf("the clock here is %s: from five minutes on Discord's requests are refused; let it be set over the network",
			aheadOrBehind(skew)))
	}
	if n, until := d.invalid(); !until.IsZero() || n > invalidMany {
		all = append(all, invalidWords(n, until))
	}
	for _, text := range d.unpublished.warnings() {
		all = append(all, errors.New(text))
	}
	return errors.Join(append(all, d.rosters.warnings()...)...)
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

func aheadOrBehind(d time.Duration) string {
	if d < 0 {
		return d.Abs().Round(time.Second).String() + " behind Discord's"
	}
	return d.Round(time.Second).String() + " ahead of Discord's"
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
