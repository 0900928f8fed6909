package github_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/workflows"
)

// looksUntil looks as the rounds do, each time for two minutes, until one look ends well. It gives what was found, how many
// looks it took and the calls of each.
func looksUntil(t *testing.T, f *githubfake.Fake, g *github.GitHub, q workflows.Query) (found workflows.Found, calls []int) {
	t.Helper()
	for before := len(f.Calls("")); ; before = len(f.Calls("")) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		got, err := g.Look(ctx, q)
		cancel()
		calls = append(calls, len(f.Calls(""))-before)
		if err == nil {
			return got, calls
		}
		away, ok := errors.AsType[*workflows.Away](github.Away(err))
		if !ok || len(calls) > 10 {
			t.Fatalf("look %d: %v", len(calls), err)
		}
		time.Sleep(max(away.After, 10*time.Second))
	}
}

// unsparing is GitHub with the limits that it has, and a client that keeps the pace.
func unsparing(t *testing.T, hour int) (*githubfake.Fake, *githubfake.Repo, *github.GitHub) {
	t.Helper()
	rates := githubfake.RealRates
	rates.Primary = hour
	f := githubfake.New(t, githubfake.Options{Portless: true, Rates: rates})
	g, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(f.Token())}, URL: "http://localhost/", Transport: f.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return f, f.AddRepo("acme/app"), g
}

// The look at a tag with 1,500 commits since the last one ends, within what GitHub takes. What the first look has not got
// to the next one goes on with; and the pull request of each commit is the one that a short log names.
func TestALongLog(t *testing.T) {
	one := func(r *githubfake.Repo, n int) int64 {
		branch := fmt.Sprint("b", n)
		r.Branch(branch, r.Head("main"))
		r.Commit(branch, "ben", fmt.Sprint("work ", n), map[string]string{fmt.Sprint("f", n%40): fmt.Sprint(n)})
		return r.Pull(githubfake.Pull{Issue: githubfake.Issue{Title: fmt.Sprint("change ", n), Author: "ben", Labels: []string{"bug"}}, Head: branch})
	}
	pushed := func(r *githubfake.Repo, n int) {
		r.Commit("main", "ana", fmt.Sprint("change ", n), map[string]string{fmt.Sprint("f", n%40): fmt.Sprint(n)})
	}
	for _, c := range []struct {
		name  string
		many  int
		files bool // of each commit
		looks int
		calls int // of the look that ends
		hour  int // calls that GitHub takes in one
		grow  func(r *githubfake.Repo, n int)
		pull  bool
	}{
		{"squashed", 700, false, 1, 40, 5000, func(r *githubfake.Repo, n int) { r.Squash(one(r, n)) }, true},
		{"merged", 500, false, 1, 60, 5000, func(r *githubfake.Repo, n int) { r.Merge(one(r, n)) }, true},
		{"merged, some pushed", 500, false, 1, 130, 5000, func(r *githubfake.Repo, n int) {
			if n%7 == 3 {
				r.Commit("main", "ana", fmt.Sprint("by hand ", n), map[string]string{"h": fmt.Sprint(n)})
				return
			}
			r.Merge(one(r, n))
		}, true},
		{"pushed", 1500, false, 1, 1100, 5000, pushed, false},
		{"pushed, with what each changed", 1500, true, 2, 1600, 5000, pushed, false},
		{"pushed, when others use up most of the hour", 1500, false, 2, 1100, 700, pushed, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, r, g := unsparing(t, c.hour)
				r.Tag("v1", r.Commit("main", "ana", "root", map[string]string{"a": "0"}))
				for n := range c.many {
					c.grow(r, n)
				}
				r.Tag("v2", r.Head("main"))
				q := workflows.Query{Forge: "acme/app", Ref: "refs/tags/v2", Own: "v2", Log: true, Files: true, OwnFiles: !c.files, Pulls: true}
				found, calls := looksUntil(t, f, g, q)
				if len(found.Log) != c.many || len(calls) > c.looks || calls[len(calls)-1] > c.calls {
					t.Errorf("%d commits by looks of %d calls; want %d by %d looks, the last one of %d at most", len(found.Log), calls, c.many, c.looks, c.calls)
				}
				for _, one := range found.Log {
					if by := c.pull && !strings.HasPrefix(one.Subject, "by hand "); by != (one.Pull != nil) || by && (len(one.Pull.Labels) != 1 || !theirs(one)) {
						t.Fatalf("%s came by %+v", one.Subject, one.Pull)
					}
				}
				if f.Limited() > 0 || len(f.Early()) > 0 {
					t.Errorf("%d calls were too many, %d too early", f.Limited(), len(f.Early()))
				}
			})
		})
	}
}

// theirs reports whether a commit's pull request is the one that its words name.
func theirs(c workflows.Commit) bool {
	var n int
	if _, err := fmt.Sscanf(c.Subject, "work %d", &n); err != nil {
		_, err = fmt.Sscanf(c.Subject, "change %d", &n)
		if err != nil {
			return false
		}
	}
	return c.Pull.Title == fmt.Sprint("change ", n)
}
