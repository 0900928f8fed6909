package slack

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
)

var _ interface{ Link(workflows.Place) string } = (*Slack)(nil) // as the bot wants it

// A channel is linked to; nobody else's direct messages are, nor what is no place here.
func TestLinkToPlace(t *testing.T) {
	for place, want := range map[workflows.Place]string{
		"slack/T1/C1":     "https://slack.com/app_redirect?channel=C1&team=T1",
		"slack/E1/T1/C1":  "https://slack.com/app_redirect?channel=C1&team=T1",
		"slack/T1/C&x=1":  "https://slack.com/app_redirect?channel=C%26x%3D1&team=T1",
		"slack/@T1/U1":    "",
		"slack":           "",
		"discord/1/2":     "",
		"slack/T1/":       "",
		"console/general": "",
	} {
		if got := (&Slack{}).Link(place); got != want {
			t.Errorf("%s: %q, want %q", place, got, want)
		}
	}
}
