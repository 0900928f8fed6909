package slack

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/slack-go/slack"
)

// newAPI makes the client of the Web API. It repeats no call, follows no redirect, and logs nothing.
func newAPI(o Options) *slack.Client {
	address := strings.TrimSuffix(o.URL, "/") + "/"
	if o.URL == "" {
		address = slack.APIURL
	}
	client := unnamed{http.Client{Transport: &transport{base: carrier(o), api: address, now: o.Now}}}
	return slack.New(o.Secrets.BotToken.Reveal(), slack.OptionAppLevelToken(o.Secrets.AppToken.Reveal()),
		slack.OptionAPIURL(address), slack.OptionHTTPClient(client))
}

// carrier carries calls: through what the options name, or directly.
func carrier(o Options) http.RoundTripper {
	if o.Transport != nil {
		return o.Transport
	}
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.Proxy = nil // the environment is read in cmd alone
	own.MaxResponseHeaderBytes, own.MaxIdleConnsPerHost = 64<<10, 16
	return own
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

// whyUnreachable says why there was no connection, without the address that the error may hold.
func whyUnreachable(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns):
		return "its name is not found (DNS)"
	case errors.As(err, &certificate):
		return "its certificate is not trusted (TLS)"
	case errors.As(err, &record):
		return "what answers there does not speak TLS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection is refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "there is no way to it in the network"
	}
	return "no connection came about"
}
