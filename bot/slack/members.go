package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

var (
	userShape = regexp.MustCompile(`^[UW][A-Z0-9]{1,31}$`)
	teamShape = regexp.MustCompile(`^[TE][A-Z0-9]{1,31}$`)
)

// account is what Slack says of somebody.
type account struct {
	name             string
	team, enterprise string // where they are at home
	outside          bool   // a guest, a stranger, a bot, or somebody who left
}

// of reports whether it is a full member of the bot's own workspace or enterprise.
func (a account) of(me identity) bool {
	if a.outside {
		return false
	}
	return a.team == me.team || me.enterprise != "" && (a.enterprise == me.enterprise || a.team == me.enterprise)
}

// who is the handle of an account. A guest, or a member of another workspace, gets one that nobody can be linked to:
// "slack/guest/T1/U1". An error means that Slack does not say who it is now: nothing may be done for them.
func (s *Slack) who(ctx context.Context, enterprise, team, user string) (workflows.Handle, error) {
	me := s.me.Load()
	switch {
	case me == nil:
		return "", errors.New("Slack did not say yet who the bot is")
	case !userShape.MatchString(user):
		return "", errors.New("what Slack sent names no account")
	case team != "" && team != me.team && (me.enterprise == "" || enterprise != me.enterprise && team != me.enterprise):
		return guest(team, user), nil
	}
	a, err := s.directory.Account(ctx, user, listen.AccountGood)
	if err != nil {
		return "", fmt.Errorf("who an account is: %w", err)
	}
	if !a.of(*me) {
		return guest(a.team, user), nil
	}
	return member{me.enterprise, me.team, user}.handle(), nil
}

// guest is the handle of an account without a say. Small letters are in no id of Slack's, so it is nobody else's.
func guest(team, user string) workflows.Handle {
	if !teamShape.MatchString(team) {
		team = "T0"
	}
	return member{"guest", team, user}.handle()
}
