package github

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
)

const (
	// longestCall is how long one request may take, whatever its caller allows.
	longestCall = 20 * time.Second
	// maxAnswer bounds an answer, unpacked: a whole tree is listed in one.
	maxAnswer = 32 << 20
	maxMoves  = 3 // redirects that a read follows
)

// exchange carries one call and keeps what came back, since the library reads answers without a bound and takes any for
// GitHub's. Only a yes gets to the library, and where a read goes on.
type exchange struct {
	g    *GitHub
	key  key
	what string
	api  string

	early  *chat.Fault // it was not sent
	wrote  bool        // something that may change something was sent
	moved  bool        // a redirect was followed
	status int         // zero: there was no answer
	header http.Header
	body   []byte
	bad    *trouble // why there is no answer that could be read
}

// trouble is a request that got no answer. Its text names no address and holds nothing that was received.
type trouble struct {
	unsent bool // certainly nothing reached GitHub
	what   string
	err    error // a context's end
}

var errNo = errors.New("the answer is no yes")

func (g *GitHub) exchange(k key, what string) *exchange {
	return &exchange{g: g, key: k, what: what, api: g.api}
}

// RoundTrip carries one request to the API, and nowhere else.
func (x *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	read := r.Method == http.MethodGet
	switch {
	case !strings.HasPrefix(r.URL.String(), x.api):
		return x.fail(&trouble{unsent: !x.wrote, what: "the call leads away from GitHub's API"})
	case x.wrote:
		return x.fail(&trouble{what: "a call sent more than one request"})
	}
	if x.early = x.g.paces.wait(r.Context(), x.key.who, !read); x.early != nil {
		return nil, errNo
	}
	ctx, cancel := context.WithTimeout(r.Context(), longestCall)
	defer cancel() // the body is read whole below
	ctx, unsent := listen.Traced(ctx)
	out := r.Clone(ctx)
	out.Header.Set("Authorization", "Bearer "+x.key.token.Reveal())
	known := x.g.seen.ask(x.key.who, out)
	x.wrote = !read
	resp, err := x.g.carrier.RoundTrip(out)
	if err != nil {
		what, end := listen.Unanswered(ctx, "GitHub", err, unsent())
		return x.fail(&trouble{unsent: unsent(), what: what, err: end})
	}
	defer resp.Body.Close()
	return x.keep(ctx, r, resp, known)
}

func (x *exchange) fail(t *trouble) (*http.Response, error) {
	x.bad = t
	return nil, errNo
}

// keep reads an answer to its end, and gives it to the library if that can use it.
func (x *exchange) keep(ctx context.Context, r *http.Request, resp *http.Response, known *answer) (*http.Response, error) {
	x.status, x.header = resp.StatusCode, resp.Header
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		what, end := listen.Unanswered(ctx, "GitHub", err, false)
		return x.fail(&trouble{what: what, err: end})
	}
	if len(body) > maxAnswer {
		return x.fail(&trouble{what: fmt.Sprintf("the answer is longer than %d bytes", maxAnswer)})
	}
	x.body = body
	x.g.paces.heard(x.key.who, x.status, x.header, x.body)
	switch {
	case x.status == http.StatusNotModified && known != nil:
		x.status, x.body = http.StatusOK, known.body
		x.header = known.heads(x.header)
	case x.redirected() && r.Method == http.MethodGet:
		x.moved = true
	case x.status < 200 || x.status > 299 || x.status == http.StatusAccepted:
		return nil, errNo
	case !x.says(r):
		return x.fail(&trouble{what: fmt.Sprintf("what came back says nothing (HTTP status %d)", x.status)})
	default:
		x.g.seen.keep(x.key.who, r, x.status, x.header, x.body)
	}
	resp.StatusCode, resp.Status, resp.Header = x.status, http.StatusText(x.status), x.header
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(x.body)), int64(len(x.body))
	return resp, nil
}

func (x *exchange) redirected() bool {
	switch x.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// says reports whether a yes says something, or is one that need not. The library takes nothing for an answer full of
// zero values.
func (x *exchange) says(r *http.Request) bool {
	if x.status == http.StatusNoContent {
		return r.Method != http.MethodGet
	}
	if plain(r) {
		return len(x.body) > 0
	}
	text := bytes.TrimSpace(x.body)
	if len(text) == 0 || !json.Valid(text) {
		return false
	}
	return text[0] == '[' || text[0] == '{' && len(bytes.TrimSpace(text[1:len(text)-1])) > 0
}

// plain reports whether something else than JSON was asked for. The library does not say json with every kind that is.
func plain(r *http.Request) bool {
	kind := r.Header.Get("Accept")
	at := strings.LastIndexByte(kind, '.')
	return slices.Contains([]string{"raw", "html", "diff", "patch", "sha"}, kind[at+1:])
}

// follow lets a read go where GitHub says that it is now: a repository that was renamed is found by its number.
func (x *exchange) follow(r *http.Request, via []*http.Request) error {
	if len(via) > maxMoves || !strings.HasPrefix(r.URL.String(), x.api) {
		x.bad = &trouble{unsent: true, what: "GitHub leads away from its API"}
		return errNo
	}
	return nil
}

// answered is what GitHub answered a call that failed.
type answered struct {
	status  int
	message string // in GitHub's words, fit to be shown
	errors  []gh.Error
	lacks   []string // the permissions of a fine-grained token, or of an App, that the call takes, one way of several: "contents: read"; nil: it is no matter of these
}

func (a *answered) Error() string {
	if a.message == "" {
		return fmt.Sprintf("HTTP status %d", a.status)
	}
	return fmt.Sprintf("HTTP status %d: %s", a.status, a.message)
}
