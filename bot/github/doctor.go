package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

// Wanted is what the configuration wants of a repository, for looking at.
type Wanted struct {
	Product   workflows.Product
	Forge     string
	Branch    string                // that is released; empty: the default one
	Checks    bool                  // its checks vote
	Named     []workflows.CheckName // those that must be well; nil: those that GitHub requires, else all
	Opens     string                // tags like this open releases; empty: none do
	Deploys   map[workflows.Environment]string
	Releases  bool // published notes become a release there
	Changelog bool // and are written into a file, by a pull request
}

// ends is how long before its end a token is spoken of.
const ends = 14 * 24 * time.Hour

// Examine looks at everything that a bot at GitHub stands on, and says what to do about each thing that is not well. It
// changes nothing: what it tries to write is nothing at all. What cannot be looked at because something before it failed is
// left out.
func (g *GitHub) Examine(ctx context.Context, all []Wanted) []chat.Finding {
	e := &examination{g: g, refuses: map[string]bool{}}
	for _, w := range all {
		e.repository(ctx, w)
	}
	return e.found
}

// examination is one look at everything.
type examination struct {
	g     *GitHub
	known bool // who the bot is
	found []chat.Finding

	refuses map[string]bool // what the token may not write, as far as it was tried, by owner and permission
}

func (e *examination) say(state chat.State, what, found, next string) {
	e.found = append(e.found, chat.Finding{State: state, What: what, Found: found, Next: next})
}

// fails says what stands in the way of something, and what to do about it.
func (e *examination) fails(what string, err error) {
	no, ok := errors.AsType[*workflows.Refusal](err)
	if !ok {
		e.say(chat.Failing, what, "GitHub gave no answer: "+err.Error(), "look whether this machine reaches GitHub, then: readyroom doctor")
		return
	}
	next := slices.DeleteFunc(slices.Clone(no.Next), func(line string) bool { return line == "readyroom doctor" })
	who := ""
	if len(no.Who) > 0 && len(next) > 0 {
		who = strings.Join(no.Who, " or ") + ": "
	}
	e.say(chat.Failing, what, no.Why, cmp.Or(who+strings.Join(next, "; or "), strings.Join(no.Who, " or ")))
}

// repository looks at what a product wants of its repository.
func (e *examination) repository(ctx context.Context, w Wanted) {
	what := "product " + string(w.Product)
	r, err := e.g.Repository(ctx, w.Forge)
	if err != nil {
		if no, ok := errors.AsType[*workflows.Refusal](err); ok && no.Reason == BadToken {
			if !e.known {
				e.fails("token", err)
			}
			e.known = true // it would be said of each repository
			return
		}
		e.fails(what, err)
		return
	}
	e.identity(r)
	switch {
	case r.Archived && w.writes():
		e.say(chat.Failing, what, r.Name+" is archived: nothing can be deployed or published there", "an owner: github.com/"+r.Name+"/settings → Unarchive this repository; or take it out of products:")
	case r.Archived:
		e.say(chat.Odd, what, r.Name+" is archived: nothing new will come of it", "take it out of products:, or unarchive it: github.com/"+r.Name+"/settings")
	case !strings.EqualFold(r.Name, w.Forge):
		e.say(chat.Odd, what, w.Forge+" is called "+r.Name+" now: it is still read, and nothing is written there", fmt.Sprintf("products: {%s: {github: %s}}", w.Product, r.Name))
	default:
		e.say(chat.Well, what, "it is "+r.Name+", whose branch is "+r.Branch, "")
	}
	lacks := map[string]bool{}
	if commit, ok := e.reads(ctx, w, what, lacks); ok {
		e.branch(ctx, w, r, what)
		e.vouchers(ctx, w, what, commit)
	}
	e.permissions(ctx, w, r, lacks)
}

// identity says who the bot is, for how long, and how the clocks agree; once.
func (e *examination) identity(r Repository) {
	if e.known {
		return
	}
	e.known = true
	as := cmp.Or(r.As, "taken, and GitHub does not say whose it is")
	switch left := r.Until.Sub(e.g.opts.Now()); {
	case !r.Until.IsZero() && left < ends:
		e.say(chat.Odd, "token", fmt.Sprintf("it is %s, and ends on %s", as, r.Until.UTC().Format("2006-01-02 15:04 MST")),
			"make another one, set GITHUB_TOKEN, then: readyroom reload")
	default:
		e.say(chat.Well, "token", "it is "+as, "")
	}
	e.found = append(e.found, listen.ClockFinding(r.Ahead, "GitHub", "have this machine's clock set over the network: timedatectl set-ntp true. A wrong clock records wrong times, and GitHub takes no App whose clock is wrong"))
}

// writes reports whether anything is to be written there.
func (w Wanted) writes() bool { return len(w.Deploys) > 0 || w.Releases || w.Changelog }

// reads tries what is to be read, and reports whether the commits are, and which is the newest. For want of which permissions
// something is not, it notes in lacks.
func (e *examination) reads(ctx context.Context, w Wanted, what string, lacks map[string]bool) (commit string, ok bool) {
	q := workflows.Query{Forge: w.Forge, Branch: w.Branch}
	found, err := e.g.Look(ctx, q)
	if no, ok := errors.AsType[*workflows.Refusal](err); ok && (no.Reason == workflows.UnknownRef || no.Reason == workflows.NoCommit) {
		e.say(chat.Failing, what, cmp.Or(w.Branch, "its branch")+" has no commit there: no release has a candidate", fmt.Sprintf("git push; or name another branch: products: {%s: {branch: main}}", w.Product))
		return "", false
	}
	if err != nil {
		e.fails(what, err)
		return "", false
	}
	tries := []workflows.Query{{Forge: w.Forge, Pulls: true}, {Forge: w.Forge, Envs: w.Deploys}}
	if w.Checks {
		tries = append(tries, workflows.Query{Forge: w.Forge, Checks: true})
	}
	if w.Opens != "" {
		tries = append(tries, workflows.Query{Forge: w.Forge, Tags: w.Opens})
	}
	said := map[string]bool{}
	for _, q := range tries {
		got, err := e.try(ctx, q, found)
		switch {
		case err != nil && e.unheld(q, err):
			e.fails(what, w.unchecked(err))
		case err != nil && lacked(err) != "":
			lacks[lacked(err)] = true
		case err != nil && !said[err.Error()]:
			said[err.Error()] = true
			e.fails(what, err)
		case err == nil && q.Checks && len(got.Checks) == 0:
			e.say(chat.Odd, what, fmt.Sprintf("no check has reported on %s, the newest commit: where none does, what follows from CI stays open", found.Commit.Short()),
				fmt.Sprintf("have CI run on every push; or say that none checks it: products: {%s: {github: {repository: %s, checks: none}}}", w.Product, w.Forge))
		}
	}
	return found.Commit.ID, true
}

// unheld reports whether check runs are not read for want of a permission that no token of this kind can hold: GitHub gives
// it to Apps, and to classic tokens.
func (e *examination) unheld(q workflows.Query, err error) bool {
	no, ok := errors.AsType[*workflows.Refusal](err)
	return ok && q.Checks && no.Reason == permission && !e.g.id().app() && (lacked(err) == "" || lacked(err) == "checks")
}

// unchecked says what else there is for whom the check runs are out of reach.
func (w Wanted) unchecked(err error) error {
	no, _ := errors.AsType[*workflows.Refusal](err)
	return workflows.Refuse(permission, no.Why+", which no fine-grained token can hold").By(no.Who...).
		Type("make a GitHub App, or a classic token with the scope repo", fmt.Sprintf("have people sign for the tests: products: {%s: {github: {repository: %s, checks: none}}}", w.Product, w.Forge))
}

func (e *examination) try(ctx context.Context, q workflows.Query, found workflows.Found) (workflows.Found, error) {
	if q.Tags != "" {
		return e.g.Look(ctx, q)
	}
	return e.g.Complete(ctx, q, found)
}

// branch looks whether anybody who may push can move what is released.
func (e *examination) branch(ctx context.Context, w Wanted, r Repository, what string) {
	name := cmp.Or(w.Branch, r.Branch)
	p, err := e.g.at(w.Forge)
	if err != nil {
		return // it was read just now
	}
	b, err := p.branchAt(ctx, name)
	switch {
	case err != nil:
		e.fails(what, err)
	case !*b.Protected:
		e.say(chat.Odd, what, "the branch "+name+" is not protected: whoever may push there can rewrite it", "an owner: github.com/"+r.Name+"/settings/branches → Add branch ruleset")
	}
}
