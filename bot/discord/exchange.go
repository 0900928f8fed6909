package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/listen"
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
		Client: &http.Client{Transport: listen.Carrier(o.Transport)},
	}
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
	ctx, unsent := listen.Traced(ctx)
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
		x.bad = unanswered(ctx, err, unsent())
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
	what, end := listen.Unanswered(ctx, "Discord", err, unsent)
	return &trouble{unsent: unsent, what: what, err: end}
}
