package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// account is what Discord says of somebody: whether they are a full member of one of the bot's own servers.
type account struct{ member bool }

// who is the handle of an account. Where Discord said together with what was asked who it is, as it does in a server, that
// holds; in direct messages it is asked for. A bot, somebody who did not agree to the server's rules yet, and whoever is in
// none of the servers gets one that nobody can be linked to: "discord/guest/1". An error means that Discord does not say
// who it is now: nothing may be done for them.
func (d *Discord) who(ctx context.Context, user string, m *member) (workflows.Handle, error) {
	switch {
	case !validID(user):
		return "", errors.New("what Discord sent names no account")
	case m != nil && (m.User == nil || m.User.ID != user):
		return "", errors.New("what Discord sent is of another member")
	case m != nil && m.outside():
		return guest(user), nil
	case m != nil:
		return handle(user), nil
	}
	a, err := d.directory.Account(ctx, user, listen.AccountGood)
	switch {
	case err != nil:
		return "", fmt.Errorf("who an account is: %w", err)
	case !a.member:
		return guest(user), nil
	}
	return handle(user), nil
}

// fetchAccount asks Discord, of each server in turn. Whoever is a member of one is one, whatever becomes of the question
// about the others; that somebody is of none, all must say.
func (d *Discord) fetchAccount(ctx context.Context, user string) (account, error) {
	me := d.me.Load()
	if me == nil {
		return account{}, errors.New("Discord did not say yet who the bot is")
	}
	var unknown []error
	for _, server := range me.servers {
		is, err := d.isMember(ctx, server, user)
		if is {
			return account{member: true}, nil
		}
		if err != nil {
			unknown = append(unknown, err)
		}
	}
	return account{}, errors.Join(unknown...)
}

// What Discord says of whom a server does not have.
const (
	unknownMember = 10007
	unknownUser   = 10013
)

func (d *Discord) isMember(ctx context.Context, server, user string) (bool, error) {
	var m member
	f := d.lookUp(ctx, "/guilds/"+server+"/members/"+user, &m)
	if f != nil {
		if no := refusedBy(f); no != nil && no.Status == http.StatusNotFound && (no.Code == unknownMember || no.Code == unknownUser) {
			return false, nil
		}
		return false, f
	}
	if m.User == nil || m.User.ID != user {
		return false, errors.New("the answer to GET /guilds/…/members is of nobody")
	}
	return !m.outside(), nil
}
