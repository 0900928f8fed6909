package slack

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/workflows"
)

// directory remembers what Slack says of accounts.
type directory struct{}

// who is the handle of an account. A guest, or a member of another workspace, gets one that nobody can be linked to:
// "slack/guest/T1/U1". An error means that Slack does not say who it is now: nothing may be done for them.
func (s *Slack) who(ctx context.Context, enterprise, team, user string) (workflows.Handle, error) {
	return "", errors.New("nobody is known")
}
