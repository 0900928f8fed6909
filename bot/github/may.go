package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// needs are the permissions that a configuration wants.
func (w Wanted) needs() map[string]string {
	all := map[string]string{"metadata": "read", "contents": "read", "pull_requests": "read", "issues": "read"}
	if w.Checks {
		all["checks"], all["statuses"] = "read", "read"
	}
	for _, workflow := range w.Deploys {
		all["deployments"] = cmp.Or(all["deployments"], "read")
		if workflow == "" {
			all["deployments"] = "write"
		} else {
			all["actions"] = "write"
		}
	}
	if w.Releases {
		all["contents"] = "write"
	}
	if w.Changelog {
		all["contents"], all["pull_requests"] = "write", "write"
	}
	return all
}

// permissions compares what the bot may do with what it is to do, and says all that is missing at once: of an App GitHub says
// it, of a token it says no when something is tried. lacks are those that were missing where something was read.
func (e *examination) permissions(ctx context.Context, w Wanted, r Repository, lacks map[string]bool) {
	what, wants := "product "+string(w.Product), w.needs()
	wants["issues"] = "write" // who asked for something is told there
	if e.g.id().app() {
		for name, level := range wants {
			if has := r.Permits[name]; has != level && has != "write" && has != "admin" {
				lacks[name] = true
			}
		}
		e.lacking(w, r.As, wants, lacks, r.Permits["issues"] == "read")
		return
	}
	who := "the bot's token"
	if r.As != "" {
		who = "the token of " + r.As
	}
	var tried []string
	switch {
	case w.writes() && len(r.Permits) > 0 && r.Permits["push"] == "":
		var takes []string
		for _, name := range slices.Sorted(maps.Keys(wants)) {
			if wants[name] == "write" {
				takes = append(takes, name+": write")
			}
		}
		e.say(chat.Failing, what, cmp.Or(r.As, "the token's account")+" may only read "+r.Name+", and something is to be written there",
			"an owner: github.com/"+r.Name+"/settings/access → give it the role Write; where it has that, its token: "+e.g.permit(w.Forge, strings.Join(takes, " and "))[0])
		return
	case !r.Archived && strings.EqualFold(r.Name, w.Forge): // else nothing is written there, whoever may
		var err error
		if tried, err = e.tries(ctx, w, wants, lacks); err != nil {
			e.fails(what, err)
			return
		}
	}
	if e.lacking(w, who, wants, lacks, true) && len(tried) > 0 {
		e.say(chat.Well, what, "nothing that is to be written there was refused when it was tried: "+strings.Join(tried, ", "), "")
	}
}

// lacking says which permissions are missing, and reports whether none is. That nothing can be said on issues is a pity, and
// stops nothing.
func (e *examination) lacking(w Wanted, who string, wants map[string]string, lacks map[string]bool, mute bool) bool {
	var shown, typed []string
	for _, name := range slices.Sorted(maps.Keys(lacks)) {
		level := cmp.Or(wants[name], "read")
		shown, typed = append(shown, title(name)+": "+level), append(typed, name+": "+level)
	}
	next := "github.com → the App's settings → Permissions & events: allow these; then an owner accepts them where the App is installed"
	if !e.g.id().app() {
		next = e.g.permit(w.Forge, strings.Join(typed, " and "))[0]
	}
	what := "product " + string(w.Product)
	switch {
	case len(shown) == 0:
		return true
	case mute && len(lacks) == 1 && lacks["issues"]:
		e.say(chat.Odd, what, who+" may not write on issues: who asked for something on one is not told there", strings.Replace(next, "allow these", "Issues: write", 1))
	default:
		e.say(chat.Failing, what, who+" lacks there: "+strings.Join(shown, ", "), next)
	}
	return false
}

// tries asks GitHub to make things of nothing: a request without what it must hold makes none, whoever sends it, and one that
// the token may not send is refused for that. It notes what is, and lists what is not. That is no proof: GitHub may look at
// the request first.
func (e *examination) tries(ctx context.Context, w Wanted, wants map[string]string, lacks map[string]bool) (tried []string, err error) {
	paths := map[string]string{"contents": "git/refs", "pull_requests": "pulls", "deployments": "deployments", "issues": "issues"}
	if files := slices.Sorted(maps.Values(byWorkflow(w.Deploys))); len(files) > 0 {
		paths["actions"] = "actions/workflows/" + url.PathEscape(files[0]) + "/dispatches"
	}
	owner, _ := split(w.Forge)
	for _, name := range slices.Sorted(maps.Keys(wants)) {
		if wants[name] != "write" || lacks[name] {
			continue
		}
		once := owner + " " + name // a token has the same permissions in all repositories of an owner
		no, known := e.refuses[once]
		if !known {
			if no, err = e.refusesOne(ctx, w.Forge, name, paths[name]); err != nil {
				return nil, err
			}
			e.refuses[once] = no
		}
		if no {
			lacks[name] = true
			continue
		}
		tried = append(tried, title(name))
	}
	return tried, nil
}

// refusesOne tries one permission, and reports whether GitHub refuses it.
func (e *examination) refusesOne(ctx context.Context, forge, name, path string) (bool, error) {
	p, err := e.g.at(forge)
	if err != nil {
		return false, err
	}
	err = p.g.do(ctx, forge, "a try to write", func(c *gh.Client) (*gh.Response, error) {
		req, err := c.NewRequest(http.MethodPost, fmt.Sprintf("repos/%s/%s/%s", p.owner, p.name, path), struct{}{})
		if err != nil {
			return nil, err
		}
		return c.Do(ctx, req, nil)
	})
	no, said := errors.AsType[*workflows.Refusal](err)
	switch {
	case err != nil && !said:
		return false, err
	case said && no.Reason == permission:
		return true, nil
	}
	return missing(err) && name != "actions" && name != "issues", nil // these two may not be there
}

// lacked is the permission for want of which something was not read; empty: it is no matter of that.
func lacked(err error) string {
	no, ok := errors.AsType[refused](err)
	if !ok || no.no.Reason != permission || len(no.by.lacks) != 1 {
		return ""
	}
	name, _, _ := strings.Cut(no.by.lacks[0], ":")
	return name
}

// title is how a permission is called where it is given: "Pull requests".
func title(permission string) string {
	if permission == "statuses" {
		return "Commit statuses"
	}
	words := strings.ReplaceAll(permission, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
