package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/time/rate"

	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// Slack answers a hundred questions a minute for accounts. A roster asks at half that pace, so that people who type
// something meanwhile are known at once.
const (
	accountPace  = rate.Limit(50.0 / 60)
	accountBurst = 20
)

// rosters is what is known of user groups: only whether they can be read, by their ids. Who is in them is handed on.
type rosters struct {
	*listen.Rosters
	pace *rate.Limiter // of asking for members
}

func newRosters() *rosters {
	return &rosters{Rosters: listen.NewRosters(), pace: rate.NewLimiter(accountPace, accountBurst)}
}

// groupChanged says that Slack has news of a user group: it is read soon.
func (s *Slack) groupChanged(id string) {
	r := s.rosters
	if !slices.ContainsFunc(s.groups(), func(g string) bool { return lastPart(g) == id }) {
		return
	}
	r.Read(id)
}

// groupsAnew has every group read soon: one that the configuration names only now would grant nothing until then.
func (s *Slack) groupsAnew() {
	for _, g := range s.groups() {
		s.rosters.Read(lastPart(g))
	}
}

func (s *Slack) groups() []string {
	if s.Groups == nil {
		return nil
	}
	return s.Groups()
}

// watchRosters reads every group when it begins, at a reload and every ten minutes, and those that changed at once.
func (s *Slack) watchRosters(ctx context.Context) {
	if !s.known(ctx) {
		return
	}
	for ctx.Err() == nil {
		groups := s.groups()
		s.rosters.KeepOnly(groups)
		s.readGroups(ctx, groups)
		timer := time.NewTimer(listen.Jitter(s.timing.groups))
		for due := false; !due; {
			select {
			case <-ctx.Done():
				due = true
			case <-timer.C:
				due = true
			case <-s.rosters.Woken():
				changed := s.rosters.News()
				s.readGroups(ctx, slices.DeleteFunc(s.groups(), func(g string) bool { return !slices.Contains(changed, lastPart(g)) }))
			}
		}
		timer.Stop()
	}
}

// readGroups reads groups, one after the other. What could not be read is said, and nothing is handed in for it: what was
// handed in before grows old.
func (s *Slack) readGroups(ctx context.Context, groups []string) {
	for _, g := range groups {
		err := s.readGroup(ctx, g)
		if ctx.Err() != nil {
			return
		}
		s.rosters.Note(g, err)
		if err != nil {
			s.Log.WarnContext(ctx, "a user group could not be read", "group", g, "error", err)
		}
	}
}

// readGroup asks who is in a group, and hands that in. Guests and strangers are left out.
func (s *Slack) readGroup(ctx context.Context, group string) error {
	me, id := *s.me.Load(), lastPart(group)
	if group != joined("", me.team, id) && group != joined(me.enterprise, me.team, id) {
		return listen.Refused(fmt.Sprintf("it is not of the bot's workspace: name it group:slack/%s, with the group's id in place of %s", joined("", me.team, "S1"), "S1"))
	}
	var users []string
	err := s.insist(ctx, func(ctx context.Context) (err error) {
		users, err = s.client().GetUserGroupMembersContext(ctx, id)
		return err
	})
	asOf := s.Now()
	switch {
	case err != nil:
		return groupTold(err)
	case users == nil:
		return errors.New("the answer does not say who is in it")
	}
	names := map[workflows.Handle]string{}
	for _, user := range users {
		a, err := s.memberOf(ctx, user)
		if err != nil {
			return fmt.Errorf("a member of it: %w", err)
		}
		if a.of(me) && userShape.MatchString(user) {
			names[member{me.enterprise, me.team, user}.handle()] = a.name
		}
	}
	return s.Roster(ctx, group, slices.Sorted(maps.Keys(names)), names, asOf)
}

// groupTold puts an error of reading a group into words.
func groupTold(err error) error {
	if no, ok := errors.AsType[slack.SlackErrorResponse](err); ok && (no.Err == "no_such_subteam" || no.Err == "subteam_not_found") {
		return listen.Refused("Slack knows no such group: take its id from the group's page, or take it out of readyroom.yaml")
	}
	return told(err)
}

// memberOf is what Slack says of a member of a group. An answer of the last hour does, unless there was news: whoever
// does something is asked for again anyway.
func (s *Slack) memberOf(ctx context.Context, user string) (a account, err error) {
	if was, age := s.directory.Remembered(user, s.Now()); age <= listen.AccountUsable {
		return was, nil
	}
	err = s.insist(ctx, func(ctx context.Context) error {
		if err := s.rosters.pace.Wait(ctx); err != nil {
			return err
		}
		a, err = s.directory.Account(ctx, user, listen.AccountGood)
		return err
	})
	return a, err
}

// lastPart is what follows the last slash.
func lastPart(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
