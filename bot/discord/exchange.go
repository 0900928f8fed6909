package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/bwmarrin/discordgo"
)

const (
	// ownAPI is where Discord's API is; the version is the one that is spoken here, whatever the library's addresses say.
	ownAPI = "https://discord.com/api/v10"
	// longestCall is how long one call may take, whatever its caller allows.
	longestCall = 20 * time.Second
	// maxAnswer bounds an answer, unpacked; maxRead bounds one to a GET, which may list: a page of cards is long.
	maxAnswer, maxRead = 1 << 20, 8 << 20
)

// newSession makes the library's client, for calls alone: it is never opened, waits for nothing and repeats nothing.
func newSession(o Options) *discordgo.Session {
	return &discordgo.Session{
		Token: "Bot " + o.Secrets.BotToken.Reveal(), UserAgent: agent, LogLevel: -1,
		Client: &http.Client{Transport: carrier(o)},
	}
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

// exchange carries one call and keeps what came back, since the library reads answers without a bound, takes any for
// Discord's, and dies of some headers. Only a yes gets to the library: it sees no redirect that it could follow.
type exchange struct {
	base  http.RoundTripper
	api   string // the API's address, without a slash at its end
	limit int64
	// open is a call that stands on a token in its path: the bot's own does not go with it.
	open bool

	status int // zero: there was no answer
	header http.Header
	body   []byte
	bad    *trouble // why there is no answer that could be read
}

// trouble is a call that got no answer. Its text names no address and holds nothing that was received.
type trouble struct {
	unsent bool // certainly nothing reached Discord
	what   string
	err    error // a context's end
}

func (t *trouble) Error() string { return t.what }

func (t *trouble) Unwrap() error { return t.err }

// errNo keeps an answer that is no yes from the library.
var errNo = errors.New("the answer is no yes")

// RoundTrip carries the call to the address that is configured, and nowhere else.
func (x *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	path, ok := strings.CutPrefix(r.URL.String(), discordgo.EndpointAPI)
	if !ok {
		x.bad = &trouble{unsent: true, what: "the call is not one of Discord's API"}
		return nil, x.bad
	}
	ctx, cancel := context.WithTimeout(r.Context(), longestCall)
	defer cancel() // the body is read whole below
	var looked, got atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { looked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	out := r.Clone(ctx)
	where, err := out.URL.Parse(x.api + "/" + path)
	if err != nil {
		x.bad = &trouble{unsent: true, what: "the address of Discord's API cannot be read"}
		return nil, x.bad
	}
	out.URL, out.Host = where, ""
	if x.open {
		out.Header.Del("Authorization")
	}
	resp, err := x.base.RoundTrip(out)
	if err != nil {
		// Before there is a connection nothing is written; with one, nobody knows.
		x.bad = unanswered(ctx, err, looked.Load() && !got.Load())
		return nil, x.bad
	}
	defer resp.Body.Close()
	return x.keep(ctx, resp)
}

// keep reads an answer to its end.
func (x *exchange) keep(ctx context.Context, resp *http.Response) (*http.Response, error) {
	x.status, x.header = resp.StatusCode, resp.Header
	body, err := io.ReadAll(io.LimitReader(resp.Body, x.limit+1))
	switch {
	case err != nil:
		x.bad = unanswered(ctx, err, false)
	case int64(len(body)) > x.limit:
		x.bad = &trouble{what: fmt.Sprintf("the answer is longer than %d bytes", x.limit)}
	default:
		x.body = body
	}
	if x.bad != nil || x.status < 200 || x.status > 299 {
		return nil, errNo
	}
	resp.Body, resp.Header = http.NoBody, http.Header{}
	return resp, nil
}

// unanswered says why there was no answer, in words that hold no address.
func unanswered(ctx context.Context, err error, unsent bool) *trouble {
	t := &trouble{unsent: unsent, what: "the connection to Discord broke off"}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		t.what, t.err = "Discord did not answer in time", context.DeadlineExceeded
	case ctx.Err() != nil:
		t.what, t.err = "the call was broken off here", context.Canceled
	case unsent:
		t.what = "Discord cannot be reached: " + whyUnreachable(err)
	}
	return t
}

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
