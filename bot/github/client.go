package github

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// do makes one call for a repository: one request, by the client that call is given. what names what the call is about, as
// "the release v1.0.0": it stands in errors.
//
// Whoever gets no error has an answer of GitHub's, which may still lack what it should hold: it is the caller's to check
// ids and names. An error is
//   - a *workflows.Refusal: it was not done, and asking again changes nothing until somebody does something;
//   - a *chat.Fault with chat.Retry: certainly nothing was changed, and later it may work. Also a read that failed;
//   - anything else: it may have been done.
//
// status gives what GitHub answered, where it did; missing tells that there is no such thing.
func (g *GitHub) do(ctx context.Context, forge, what string, call func(*gh.Client) (*gh.Response, error)) error {
	if _, _, err := splitted(forge); err != nil {
		return err
	}
	err := g.try(ctx, forge, what, call)
	if g.id().renew(forge, err) { // a token that GitHub no longer takes: another one, once
		err = g.try(ctx, forge, what, call)
	}
	return err
}

func (g *GitHub) try(ctx context.Context, forge, what string, call func(*gh.Client) (*gh.Response, error)) error {
	k, err := g.key(ctx, forge)
	if err != nil {
		return err
	}
	x := g.exchange(k, what+" of "+forge)
	if err := g.run(ctx, x, call); err != nil {
		return g.renamed(ctx, forge, x, err)
	}
	if x.moved {
		g.noteName(ctx, forge)
	}
	return nil
}

// run makes a call by an exchange, and says what came of it.
func (g *GitHub) run(ctx context.Context, x *exchange, call func(*gh.Client) (*gh.Response, error)) error {
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
	case <-ctx.Done():
		return tooEarly(0, ctx.Err())
	}
	_, err := call(x.client())
	switch {
	case x.early != nil:
		return x.early
	case x.bad != nil:
		return x.failure()
	case x.status == 0 && err != nil:
		return workflows.Refuse(workflows.Invalid, "what should be sent to GitHub for "+x.what+" cannot be written").By(operator)
	case x.status < 200 || x.status > 299 || x.status == http.StatusAccepted:
		return x.verdict()
	case err != nil: // the library cannot read the answer; its words may repeat it
		return x.odd("an answer that cannot be read")
	}
	return nil
}

// client is the library's, for one exchange. Each call has its own, for the library bars the next call of a client whose
// last one met a limit, and says so in an error that reads like an answer. The pace is kept here.
func (x *exchange) client() *gh.Client {
	c := gh.NewClient(&http.Client{Transport: x, CheckRedirect: x.follow})
	c.UserAgent = "readyroom"
	c.BaseURL, _ = url.Parse(x.api) // it was read before
	return c
}

// split takes a forge's name apart: "acme/app".
func split(forge string) (owner, name string) {
	owner, name, _ = strings.Cut(forge, "/")
	return owner, name
}

var (
	forgePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9._-]{1,100}$`)
	idPattern    = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)
)

// splitted refuses what is no repository's name: it becomes part of an address.
func splitted(forge string) (owner, name string, err error) {
	owner, name = split(forge)
	if !forgePattern.MatchString(forge) || name == "." || name == ".." {
		return "", "", workflows.Refuse(workflows.NoRepository, fmt.Sprintf("«%s» is no repository of GitHub", workflows.Display(forge, 80))).
			By(operator).Type("products: PRODUCT: github: owner/name, in readyroom.yaml")
	}
	return owner, name, nil
}

// sha refuses what is no full id of an object: an answer without one says nothing.
func sha(s string) (string, error) {
	if !idPattern.MatchString(s) {
		return "", fmt.Errorf("GitHub answered without the full id of a commit: %q", workflows.Display(s, 80))
	}
	return s, nil
}

// doubtful is an error that comes after something was changed: whatever it says of itself, the whole may have been done.
func doubtful(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("after it may have been done: %w", unsure{err})
}

// unsure keeps an error from being taken for a refusal or a verdict.
type unsure struct{ err error }

func (u unsure) Error() string { return u.err.Error() }

// status is what GitHub answered a call with that failed; zero: there was no answer of its.
func status(err error) int {
	if a, ok := errors.AsType[*answered](err); ok {
		return a.status
	}
	return 0
}

// missing reports whether a call failed because there is no such thing, as far as the bot's token can see.
func missing(err error) bool { return status(err) == http.StatusNotFound }

// address reads where the API is.
func address(text string) (string, error) {
	const next = "write it as https://ghe.example/api/v3/"
	if text == "" {
		return "https://api.github.com/", nil
	}
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("GITHUB_API_URL is no address of an API: " + next)
	case u.Scheme != "https" && (u.Scheme != "http" || !here(u.Hostname())):
		return "", errors.New("GITHUB_API_URL must begin with https://, or the token could be read on its way: " + next)
	case strings.Trim(u.Path, "/") == "" && !here(u.Hostname()) && !strings.HasPrefix(u.Hostname(), "api."):
		return "", errors.New("GITHUB_API_URL lacks the path of the API: " + next)
	}
	return strings.TrimRight(u.String(), "/") + "/", nil
}

// here reports whether a host is this machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func tooEarly(after time.Duration, why error) *chat.Fault {
	return &chat.Fault{Verdict: chat.Retry, Paced: true, After: after, Err: fmt.Errorf("GitHub is not asked yet: %w", why)}
}

// Host is where people find in a browser what the API at an address has. An API on this machine leads to GitHub itself.
func Host(api string) string {
	const public = "github.com"
	text, err := address(api)
	if err != nil {
		return public
	}
	u, err := url.Parse(text)
	if err != nil || here(u.Hostname()) {
		return public
	}
	return strings.TrimPrefix(u.Host, "api.") // on a domain of its own as well: api.acme.ghe.com
}
