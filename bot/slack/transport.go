package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/listen"
)

const (
	// longestCall is how long one call may take, whatever its caller allows.
	longestCall = 20 * time.Second
	// maxAnswer bounds an answer, unpacked; maxRead bounds one that lists: a page of cards is long.
	maxAnswer, maxRead = 1 << 20, 8 << 20
)

// transport carries calls and judges what comes back, since the library does not: an answer that is none of Slack's
// reads as a success there, and most forms of Retry-After as a broken one. What it lets through is a whole answer of
// Slack's, a yes or a named no; all else is trouble. It follows no redirect, and repeats nothing that
// may have arrived.
type transport struct {
	base http.RoundTripper
	api  string // the address of the Web API: answers from elsewhere, as to response URLs, need not be JSON
	now  func() time.Time
}

// trouble is a call that got no answer of Slack's. Its text names no address and holds nothing that was received.
type trouble struct {
	unsent bool          // certainly nothing reached Slack
	status int           // 0: there was no answer at all
	after  time.Duration // of a 429: when Slack wants the next one; 0: it did not say
	what   string
	err    error // a context's end, or what the library knows such an answer as
}

func (t *trouble) Error() string { return t.what }

func (t *trouble) Unwrap() error { return t.err }

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), longestCall)
	defer cancel() // the body is read whole below
	ctx, unsent := listen.Traced(ctx)
	resp, err := t.base.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, unanswered(ctx, err, unsent())
	}
	defer resp.Body.Close()
	return t.judge(ctx, r, resp)
}

// judge reads an answer to its end, and gives it back only if it is one.
func (t *transport) judge(ctx context.Context, r *http.Request, resp *http.Response) (*http.Response, error) {
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		after := retryAfter(resp.Header.Values("Retry-After"), t.now())
		return nil, &trouble{
			status: status, after: after, unsent: true, what: "Slack asks for a slower pace (429)",
			err: &slack.RateLimitedError{RetryAfter: max(after, time.Second)},
		}
	case status < 200 || status > 299:
		what := fmt.Sprintf("something other than an answer of Slack's came back (HTTP status %d)", status)
		return nil, &trouble{status: status, what: what, err: slack.StatusCodeError{Code: status, Status: http.StatusText(status)}}
	}
	limit := int64(maxAnswer)
	if strings.Contains(r.URL.Path, "conversations.") || strings.HasSuffix(r.URL.Path, ".list") {
		limit = maxRead
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, unanswered(ctx, err, false)
	case int64(len(body)) > limit:
		return nil, &trouble{status: resp.StatusCode, what: fmt.Sprintf("the answer is longer than %d bytes", limit)}
	case strings.HasPrefix(r.URL.String(), t.api) && !answers(body):
		return nil, &trouble{status: resp.StatusCode, what: "what came back is no answer of Slack's"}
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// answers reports whether a body is an answer of the Web API: a yes, or a no with a name.
func answers(body []byte) bool {
	var a struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	return json.Unmarshal(body, &a) == nil && a.OK != nil && (*a.OK || a.Error != "")
}

// unanswered says why there was no answer, in words that hold no address.
func unanswered(ctx context.Context, err error, unsent bool) error {
	what, end := listen.Unanswered(ctx, "Slack", err, unsent)
	return &trouble{unsent: unsent, what: what, err: end}
}
