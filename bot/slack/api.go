package slack

import "github.com/slack-go/slack"

// newAPI makes the client of the Web API.
func newAPI(o Options) *slack.Client {
	return slack.New(o.Secrets.BotToken.Reveal(), slack.OptionAppLevelToken(o.Secrets.AppToken.Reveal()), slack.OptionAPIURL(o.URL))
}
