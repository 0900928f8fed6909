package github

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

const (
	jwtBack, jwtLife = time.Minute, 9 * time.Minute // GitHub takes ten minutes at most
	tokenSpare       = time.Minute                  // before its end a token is no longer used
	tokenLife        = 70 * time.Minute             // what GitHub gives for longer is not believed
)

// key is what a call is made with.
type key struct {
	who   string // whose pace it is, and whose answers: no secret
	token chat.Secret
}

// identity is what the bot is at GitHub: whose token it is, or an App.
type identity struct {
	token chat.Secret
	appID string
	sign  *rsa.PrivateKey

	lock     chan struct{}           // holds one while what follows is read or changed
	skew     *time.Duration          // how far GitHub's clock is ahead of ours, once it did not take ours
	installs map[string]installation // by forge
}

type installation struct {
	id    int64
	token chat.Secret
	until time.Time
}

// identify reads the secrets. Its errors hold none of them.
func identify(s Secrets) (identity, error) {
	i := identity{token: s.Token, appID: strings.TrimSpace(s.AppID), lock: make(chan struct{}, 1), skew: new(time.Duration), installs: map[string]installation{}}
	switch {
	case s.Token == "" && i.appID == "" && s.AppKey == "":
		return i, Off()
	case s.Token != "" && (i.appID != "" || s.AppKey != ""):
		return i, errors.New("GitHub: set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, not both")
	case s.Token != "" && strings.ContainsFunc(s.Token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }):
		return i, errors.New("GITHUB_TOKEN holds characters that no token has")
	case s.Token != "":
		return i, nil
	case i.appID == "" || s.AppKey == "":
		return i, errors.New("GitHub: an App needs both, GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY")
	}
	var err error
	i.sign, err = privateKey(s.AppKey)
	return i, err
}

func privateKey(text chat.Secret) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(strings.ReplaceAll(text.Reveal(), `\n`, "\n"))) // as some write it into one line
	if block == nil {
		return nil, errors.New("GITHUB_APP_PRIVATE_KEY is no PEM: it begins with -----BEGIN RSA PRIVATE KEY-----")
	}
	if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return k, nil
	}
	if k, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		if own, ok := k.(*rsa.PrivateKey); ok {
			return own, nil
		}
	}
	return nil, errors.New("GITHUB_APP_PRIVATE_KEY is no RSA key")
}

func (i identity) app() bool { return i.sign != nil }

// account tells one identity from another; it is kept in memory alone.
func (i identity) account() string { return i.appID + "\x00" + i.token.Reveal() }

// renew reports whether another token may be taken than the one that a call was refused for, and forgets that one.
func (i identity) renew(forge string, err error) bool {
	if !i.app() || status(err) != http.StatusUnauthorized {
		return false
	}
	i.lock <- struct{}{}
	defer func() { <-i.lock }()
	had := i.installs[forge].token != ""
	delete(i.installs, forge)
	return had
}

// key is what a call for a repository is made with: the token, or one of the App's installation there.
func (g *GitHub) key(ctx context.Context, forge string) (key, error) {
	i := g.id()
	if !i.app() {
		return key{"token", i.token}, nil
	}
	select {
	case i.lock <- struct{}{}: // who comes meanwhile waits for the same token
		defer func() { <-i.lock }()
	case <-ctx.Done():
		return key{}, tooEarly(time.Second, ctx.Err())
	}
	in := i.installs[forge]
	if in.token != "" && g.opts.Now().Add(*i.skew).Before(in.until) {
		return in.key(), nil
	}
	err := g.install(ctx, forge, &in)
	if err != nil {
		return key{}, notSent(err)
	}
	i.installs[forge] = in
	return in.key(), nil
}

func (in installation) key() key { return key{fmt.Sprintf("installation/%d", in.id), in.token} }

// notSent says of a call for whose sake another one failed that nothing was done.
func notSent(err error) error {
	var no *workflows.Refusal
	var fault *chat.Fault
	if errors.As(err, &no) || errors.As(err, &fault) {
		return err
	}
	return &chat.Fault{Verdict: chat.Retry, Err: err}
}

// install finds the App's installation for a repository, and has it give a token.
func (g *GitHub) install(ctx context.Context, forge string, in *installation) error {
	owner, name := split(forge)
	var found *gh.Installation
	err := g.asApp(ctx, "the installation of the App for the repository of "+forge, func(c *gh.Client) (r *gh.Response, err error) {
		found, r, err = c.Apps.FindRepositoryInstallation(ctx, owner, name)
		return r, err
	})
	switch {
	case missing(err):
		return workflows.Refuse(notFound, "the bot's GitHub App is not installed for "+forge+", or there is no such repository").
			By("an owner of " + owner).Type("github.com → the App's page → Install, for " + forge)
	case err != nil:
		return err
	case found.GetID() <= 0:
		return errors.New("GitHub answered without the number of the App's installation for " + forge)
	case found.SuspendedAt != nil:
		return workflows.Refuse(permission, "the installation of the bot's GitHub App for "+forge+" is suspended").
			By("an owner of " + owner).Type("github.com → the organisation's settings → GitHub Apps: unsuspend it")
	}
	var token *gh.InstallationToken
	err = g.asApp(ctx, "a token of the App's installation for the repository of "+forge, func(c *gh.Client) (r *gh.Response, err error) {
		token, r, err = c.Apps.CreateInstallationToken(ctx, found.GetID(), &gh.InstallationTokenOptions{}) // nil would be sent as null
		return r, err
	})
	if err != nil {
		return err
	}
	now := g.opts.Now().Add(*g.id().skew)
	until := token.GetExpiresAt().Time
	if token.GetToken() == "" || !until.After(now) || until.After(now.Add(tokenLife)) {
		return errors.New("GitHub gave the App no token for " + forge + " that is good now: is the clock here right?")
	}
	*in = installation{found.GetID(), chat.Secret(token.GetToken()), until.Add(-tokenSpare)}
	return nil
}

// asApp makes a call as the App itself. Where our clock is not taken, GitHub's is.
func (g *GitHub) asApp(ctx context.Context, what string, call func(*gh.Client) (*gh.Response, error)) error {
	for again := false; ; again = true {
		jwt, err := g.id().jwt(g.opts.Now().Add(*g.id().skew))
		if err != nil {
			return err
		}
		x := g.exchange(key{"app", jwt}, what)
		err = g.run(ctx, x, call)
		if again || status(err) != http.StatusUnauthorized {
			return err
		}
		date, no := http.ParseTime(x.header.Get("Date"))
		if no != nil {
			return err
		}
		*g.id().skew = date.Sub(g.opts.Now())
	}
}

// jwt is what an App shows of itself for some minutes.
func (i identity) jwt(now time.Time) (chat.Secret, error) {
	claims, err := json.Marshal(map[string]any{"iat": now.Add(-jwtBack).Unix(), "exp": now.Add(jwtLife).Unix(), "iss": i.appID})
	if err != nil {
		return "", fmt.Errorf("write what the App is known by: %w", err)
	}
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + enc.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, i.sign, crypto.SHA256, sum[:])
	if err != nil {
		return "", errors.New("the App's key signs nothing")
	}
	return chat.Secret(text + "." + enc.EncodeToString(sig)), nil
}
