package slack

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/listen"
)

// fetch asks Slack.
func (s *Slack) fetch(ctx context.Context, user string) (account, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.person)
	defer cancel()
	u, err := s.client().GetUserInfoContext(ctx, user)
	if no, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		switch no.Err {
		case "user_not_found", "users_not_found", "user_not_visible":
			return account{outside: true}, nil
		}
	}
	switch {
	case err != nil:
		if err = told(err); listen.IsRefused(err) {
			s.standing.Look()
		}
		return account{}, err
	case u == nil || u.ID != user:
		return account{}, errors.New("the answer to users.info is of nobody")
	}
	a := account{name: u.Profile.DisplayName, team: u.TeamID, enterprise: u.Enterprise.EnterpriseID}
	for _, name := range []string{u.RealName, u.Name} {
		if a.name == "" {
			a.name = name
		}
	}
	a.outside = u.IsRestricted || u.IsUltraRestricted || u.IsStranger || u.Deleted || u.IsBot || u.IsWorkflowBot || u.IsConnectorBot || user == "USLACKBOT"
	return a, nil
}

// userChanged says that Slack has news of an account: what is remembered of it holds no more.
func (s *Slack) userChanged(user string) { s.directory.Forget(user) }
