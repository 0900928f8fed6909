package slack

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/listen"
)

// newAPI makes the client of the Web API. It repeats no call, follows no redirect, and logs nothing.
func newAPI(o Options) *slack.Client {
	address := strings.TrimSuffix(o.URL, "/") + "/"
	if o.URL == "" {
		address = slack.APIURL
	}
	client := unnamed{http.Client{Transport: &transport{base: listen.Carrier(o.Transport), api: address, now: o.Now}}}
	return slack.New(o.Secrets.BotToken.Reveal(), slack.OptionAppLevelToken(o.Secrets.AppToken.Reveal()),
		slack.OptionAPIURL(address), slack.OptionHTTPClient(client))
}

// unnamed gives errors without the address that was called: a response URL is a secret.
type unnamed struct{ http.Client }

func (p unnamed) Do(r *http.Request) (*http.Response, error) {
	resp, err := p.Client.Do(r)
	var named *url.Error
	if errors.As(err, &named) {
		err = named.Err
	}
	return resp, err
}

// client is the Web API with the tokens in force.
func (s *Slack) client() *slack.Client { return s.api.Load() }
