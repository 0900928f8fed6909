package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

// identity is who the bot is, as Slack says.
type identity struct {
	enterprise, team string // where it is installed; enterprise is empty where there is none
	user, bot, app   string
}

// appOfToken finds the app that an app-level token belongs to: "xapp-1-A0…-…".
var appOfToken = regexp.MustCompile(`^xapp-[0-9]+-(A[A-Z0-9]+)-`)

// identify asks Slack who the bot is, and takes note of what it says of the token. Another workspace or app than before
// is refused: what is known of people and places holds for one.
func (s *Slack) identify(ctx context.Context) error {
	api, secrets := s.api.Load(), s.secrets.Load()
	me, err := s.whoami(ctx, api, s.me.Load())
	if err == nil {
		err = s.mayBe(me, secrets.AppToken)
	}
	s.standing.Reload.Lock() // or a former token's refusal could be noted after the new one was taken
	defer s.standing.Reload.Unlock()
	if s.api.Load() != api {
		return nil // the tokens were changed meanwhile, and the new ones were tried
	}
	s.standing.Authenticated(err)
	if err == nil {
		s.become(me)
	}
	return err
}

// become is who the bot is from now on.
func (s *Slack) become(me identity) {
	s.me.Store(&me)
	s.standing.Identified()
}

// watchIdentity looks whether the token is still taken, and learns who the bot is as soon as Slack says so.
func (s *Slack) watchIdentity(ctx context.Context) {
	for failed := 0; ctx.Err() == nil; {
		pause := listen.Jitter(s.timing.check)
		if err := s.identify(ctx); err != nil && ctx.Err() == nil {
			failed++
			pause = min(listen.Backoff(s.timing.pause, s.timing.longest, failed), pause)
			s.Log.WarnContext(ctx, "slack did not say who the bot is", "error", err, "tries", failed, "again_in", pause.String())
		} else {
			failed = 0
		}
		listen.Rest(ctx, pause, s.standing.Again())
	}
}

// whoami asks who a client's token belongs to. The app of a bot that is known already is not asked for again.
func (s *Slack) whoami(ctx context.Context, api *slack.Client, before *identity) (identity, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.answer)
	defer cancel()
	sent := s.Now()
	a, err := api.AuthTestContext(ctx)
	if err != nil {
		return identity{}, told(err)
	}
	s.standing.Timed(a.Header, sent, s.Now())
	me := identity{enterprise: a.EnterpriseID, team: a.TeamID, user: a.UserID, bot: a.BotID}
	switch {
	case me.team == "" || me.user == "":
		return identity{}, errors.New("the answer to auth.test does not say who the bot is")
	case !strings.HasPrefix(me.team, "T"):
		return identity{}, listen.Refused("the app is installed for a whole organisation: install it into the one workspace where releases are talked about")
	case me.bot == "":
		return identity{}, listen.Refused("the bot token is a person's: give the one that begins with xoxb-")
	}
	if before != nil && before.bot == me.bot && before.team == me.team {
		me.app = before.app
		return me, nil
	}
	b, err := api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: me.bot})
	switch {
	case err != nil:
		return identity{}, told(err)
	case b.AppID == "":
		return identity{}, errors.New("the answer to bots.info does not say which app the bot is of")
	}
	me.app = b.AppID
	return me, nil
}

// mayBe refuses an identity that is not the one of before, that nobody allowed, or whose app the app token is not of.
func (s *Slack) mayBe(me identity, app chat.Secret) error {
	if len(s.Teams) > 0 && !slices.Contains(s.Teams, me.team) && (me.enterprise == "" || !slices.Contains(s.Teams, me.enterprise)) {
		return listen.Refused(fmt.Sprintf("the bot token is of workspace %s, which is not among those that are listened to: %s",
			me.team, strings.Join(s.Teams, ", ")))
	}
	if was := s.me.Load(); was != nil {
		switch {
		case was.team != me.team || was.enterprise != me.enterprise:
			return listen.Refused(fmt.Sprintf("the bot token is of workspace %s, and the bot works in %s: another workspace needs a bot of its own",
				joined(me.enterprise, me.team, me.user), joined(was.enterprise, was.team, was.user)))
		case was.app != me.app:
			return listen.Refused(fmt.Sprintf("the bot token is of app %s, and the bot is app %s", me.app, was.app))
		}
	}
	return sameApp(me, app)
}

// sameApp refuses an app token of another app than the bot's: requests would come for an app that cannot answer them.
func sameApp(me identity, token chat.Secret) error {
	m := appOfToken.FindStringSubmatch(token.Reveal())
	if m == nil || m[1] == me.app {
		return nil
	}
	return listen.Refused(fmt.Sprintf("the app token is of app %s, and the bot token of app %s: take both from one app", m[1], me.app))
}
