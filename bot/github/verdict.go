package github

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Reasons that only GitHub has.
const (
	notFound   workflows.Reason = "not_found"  // there is no such thing, or the bot may not see it
	archived   workflows.Reason = "archived"   // the repository is only read
	permission workflows.Reason = "permission" // the bot's token may not
	BadToken   workflows.Reason = "bad_token"  // GitHub does not know it
	renamed    workflows.Reason = "renamed"    // the repository has another name now
	newer      workflows.Reason = "overtaken"  // a later act took its place
	conflict   workflows.Reason = "conflict"   // what is there contradicts it
	forbidden  workflows.Reason = "forbidden"  // GitHub says no for a reason of its own
)

// refused is a no of GitHub's: the refusal that people read, and the answer behind it.
type refused struct {
	no *workflows.Refusal
	by *answered
}

func (r refused) Error() string { return r.no.Error() }

func (r refused) Unwrap() []error { return []error{r.no, r.by} }

// failure is what a call without an answer means: what was not sent, and what only read, changed nothing.
func (x *exchange) failure() error {
	err := errors.New(x.what + ": " + x.bad.what)
	if x.bad.err != nil {
		err = fmt.Errorf("%s: %s: %w", x.what, x.bad.what, x.bad.err)
	}
	return x.unclear(err, x.bad.unsent)
}

// odd is what an answer means that says neither yes nor no.
func (x *exchange) odd(what string) error {
	return x.unclear(fmt.Errorf("%s: GitHub gave %s: %w", x.what, what, &answered{status: x.status}), false)
}

func (x *exchange) unclear(err error, unsent bool) error {
	if unsent || !x.wrote {
		return &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	return err
}

// verdict is what an answer means that is no yes.
func (x *exchange) verdict() error {
	var no struct {
		Message string `json:"message"`
		Where   string `json:"documentation_url"`
		Errors  []any  `json:"errors"`
	}
	read := json.Unmarshal(x.body, &no) == nil && no.Message != ""
	said := &answered{status: x.status, message: x.clean(no.Message)}
	for _, e := range no.Errors {
		one := x.fault(e)
		said.errors = append(said.errors, one)
		if text := cmp.Or(one.Message, strings.TrimSpace(one.Field+" "+one.Code)); text != "" {
			said.message += "; " + x.clean(text)
		}
	}
	switch {
	case limited(x.status, x.header, x.body):
		after := x.g.paces.held(x.key.who)
		return &chat.Fault{Verdict: chat.Retry, Paced: true, After: after, Err: fmt.Errorf("%s: GitHub asks for a slower pace: %w", x.what, said)}
	case x.status >= http.StatusInternalServerError, x.status < http.StatusBadRequest, !read:
		if !x.wrote {
			return x.unclear(fmt.Errorf("%s: GitHub answered with %w", x.what, said), false)
		}
		return x.unclear(fmt.Errorf("%s: GitHub did not say whether it was done: %w", x.what, said), false)
	case x.status == http.StatusRequestTimeout:
		return x.unclear(fmt.Errorf("%s: %w", x.what, said), false)
	}
	return refused{x.refusal(said), said}
}

// fault reads one of the errors in an answer: an object, or a text.
func (x *exchange) fault(e any) gh.Error {
	var one gh.Error
	switch e := e.(type) {
	case string:
		one.Message = e
	case map[string]any:
		for key, into := range map[string]*string{"resource": &one.Resource, "field": &one.Field, "code": &one.Code, "message": &one.Message} {
			*into, _ = e[key].(string)
		}
		if one.Message == "" { // of a deployment's
			one.Message = contexts(e["contexts"])
		}
	}
	return one
}

// contexts reads the checks that a no names, with how they stand.
func contexts(list any) string {
	all, _ := list.([]any)
	var out []string
	for _, one := range all {
		c, _ := one.(map[string]any)
		name, _ := c["context"].(string)
		state, _ := c["state"].(string)
		if name != "" {
			out = append(out, strings.TrimSpace(name+" "+state))
		}
	}
	return strings.Join(out, ", ")
}

// refusal puts a no into words: what, why, who can, what next.
func (x *exchange) refusal(a *answered) *workflows.Refusal {
	low := strings.ToLower(a.message)
	switch {
	case a.status == http.StatusUnauthorized:
		return x.unknownToken(a)
	case x.header.Get("X-GitHub-SSO") != "":
		return workflows.Refuse(permission, x.what+": the organisation wants the bot's token to be authorised for its single sign-on").
			By("whose token it is").Type("github.com → Settings → Developer settings → the token → Configure SSO")
	case strings.Contains(low, "archived"):
		return workflows.Refuse(archived, x.what+": the repository is archived, so it can only be read").By(x.owners()).
			Type("github.com/" + x.forge() + "/settings: Unarchive this repository")
	case strings.Contains(low, "suspended"):
		return workflows.Refuse(permission, x.what+": the installation of the bot's GitHub App is suspended").By(x.owners()).
			Type("github.com → the organisation's settings → GitHub Apps: unsuspend it")
	case a.status == http.StatusNotFound, a.status == http.StatusGone:
		return x.unseen(a)
	case a.status == http.StatusForbidden:
		return x.forbidden(a)
	case a.status == http.StatusConflict:
		return workflows.Refuse(conflict, x.what+": GitHub finds a conflict: "+a.message).By("engineering")
	case a.status == http.StatusUnavailableForLegalReasons:
		return workflows.Refuse(workflows.Unavailable, x.what+": GitHub has blocked it: "+a.message).By(x.owners())
	}
	return workflows.Refuse(workflows.Invalid, x.what+": GitHub does not take it: "+a.message).By(operator)
}

func (x *exchange) unknownToken(a *answered) *workflows.Refusal {
	if x.g.id().app() {
		return workflows.Refuse(BadToken, x.what+": GitHub does not take the App's key: "+a.message).By(operator).
			Type("set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, then: readyroom doctor")
	}
	return workflows.Refuse(BadToken, x.what+": GitHub does not know the bot's token: it expired, or was revoked").By(operator).
		Type("set GITHUB_TOKEN, then: readyroom doctor")
}

// unseen refuses what GitHub does not show: it says the same of what is not there and of what the token may not see.
func (x *exchange) unseen(*answered) *workflows.Refusal {
	why := x.what + ": GitHub has none, or the bot's token may not see it"
	if x.wrote {
		why = x.what + ": GitHub finds nothing there, or the bot's token may not do this"
	}
	if lacks := x.lacks(); lacks != "" {
		why += " (it needs " + lacks + ")"
	}
	return workflows.Refuse(notFound, why).By(x.owners(), operator).Type("readyroom doctor")
}

func (x *exchange) forbidden(a *answered) *workflows.Refusal {
	lacks := x.lacks()
	if lacks == "" && !strings.Contains(strings.ToLower(a.message), "not accessible") {
		return workflows.Refuse(forbidden, x.what+": GitHub forbids it: "+a.message).By(x.owners())
	}
	no := workflows.Refuse(permission, x.what+": the bot's token lacks the permission "+cmp.Or(lacks, "for it")).By(x.givers()...)
	if ways := x.ways(); len(ways) > 0 {
		a.lacks = ways[0]
	}
	return no.Type(x.g.permit(x.forge(), lacks)...)
}

// givers are who can give the bot permissions: a token is changed by whoever made it, and the owners of the repository may have to agree.
func (x *exchange) givers() []string {
	if x.g.id().app() {
		return []string{x.owners()}
	}
	return []string{operator, x.owners()}
}

// permit is how somebody gives the bot permissions, as the lines that follow a refusal.
func (g *GitHub) permit(forge, all string) []string {
	if g.id().app() {
		return []string{"github.com → the App's settings → Permissions: " + all, "then accept it where the App is installed"}
	}
	return []string{"github.com/settings/personal-access-tokens: " + cmp.Or(all, "the permission") + " for " + forge, "readyroom doctor"}
}

// whole makes a no for want of a permission ask for all that an act takes, not only for what its first call lacked: whoever
// gives the bot that much is not asked for more the next time. What it takes is in words for people, "contents: write".
func (g *GitHub) whole(forge string, err error, takes ...string) error {
	no, ok := errors.AsType[refused](err)
	if !ok || no.no.Reason != permission || len(no.by.lacks) == 0 || slices.Equal(no.by.lacks, takes) {
		return err
	}
	out := *no.no
	out.Next = g.permit(forge, strings.Join(takes, " and "))
	return refused{&out, no.by}
}

// ways are the sets of permissions each of which a call takes, as GitHub says it with its no; nil: it did not.
func (x *exchange) ways() (ways [][]string) {
	text := x.header.Get("X-Accepted-GitHub-Permissions")
	if len(text) >= 200 {
		return nil
	}
	for way := range strings.SplitSeq(text, ";") {
		var all []string
		for one := range strings.SplitSeq(way, ",") {
			name, level, ok := strings.Cut(strings.TrimSpace(one), "=")
			if ok && permissionName.MatchString(name) && permissionName.MatchString(level) {
				all = append(all, name+": "+level)
			}
		}
		if len(all) > 0 {
			ways = append(ways, all)
		}
	}
	return ways
}

// lacks names the permission that a call needs; empty: GitHub did not.
func (x *exchange) lacks() string {
	if text := x.header.Get("X-Accepted-GitHub-Permissions"); text != "" && len(text) < 200 {
		var ways []string
		for _, all := range x.ways() {
			ways = append(ways, strings.Join(all, " and "))
		}
		return strings.Join(ways, ", or ")
	}
	wants, has := x.header.Get("X-Accepted-OAuth-Scopes"), ", "+x.header.Get("X-OAuth-Scopes")+","
	var lacks []string
	for scope := range strings.SplitSeq(wants, ",") {
		if scope = strings.TrimSpace(scope); scopeName.MatchString(scope) {
			if strings.Contains(has, " "+scope+",") {
				return ""
			}
			lacks = append(lacks, "scope "+scope)
		}
	}
	return strings.Join(lacks, ", or ")
}

func (x *exchange) forge() string {
	at := strings.LastIndex(x.what, " of ")
	return x.what[at+len(" of "):]
}

func (x *exchange) owners() string {
	owner, _ := split(x.forge())
	return "an owner of " + owner
}

// clean makes what was received fit to be shown: shortened, without what steers a terminal, and without our secrets, which
// whoever answers in GitHub's place may repeat.
func (x *exchange) clean(text string) string {
	for _, secret := range []chat.Secret{x.key.token, x.g.id().token} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret.Reveal(), "(secret)")
		}
	}
	return workflows.Display(strings.Join(strings.Fields(text), " "), 300)
}

var (
	permissionName = regexp.MustCompile(`^[a-z][a-z_]{1,40}$`)
	scopeName      = regexp.MustCompile(`^[a-z][a-z:_]{1,40}$`)
)
