package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// atGitHub is a house whose product has its issues at GitHub.
type atGitHub struct {
	*house
	fake  *githubfake.Fake
	repo  *githubfake.Repo
	chats *chattest.Fake
	issue int64
}

func newAtGitHub(t *testing.T) *atGitHub {
	t.Helper()
	f := githubfake.New(t, githubfake.Options{})
	w := &atGitHub{house: newHouse(t, coded, forged), fake: f, repo: f.AddRepo("acme/app"), chats: &chattest.Fake{}}
	w.issue = w.repo.Issue(githubfake.Issue{Title: "Search is slow"})
	w.repo.Say(w.issue, "mia", "me too")
	w.must(w.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small", Ref: "bbbbbbbb"}))
	w.must(w.ask("ben", "app@search", release.ScopeAdd{What: fmt.Sprint("#", w.issue)}))
	return w
}

// delivers has a new process deliver what is due for some time. Where it dies, the next one goes on from what was stored.
func (w *atGitHub) delivers(die func(point string) bool) {
	w.Helper()
	g, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(w.fake.Token())}, URL: w.fake.URL(), Spacing: -1})
	ok(w, err)
	dead := false
	dies := func(point string) bool {
		if !dead && die != nil && die(point) {
			dead = true
			_ = w.store.Close() // nothing of what it learns from now on is kept
		}
		return dead
	}
	b := &bot.Bot{Queue: w.store, Reader: w.Desk, Senders: map[string]chat.Sender{"chat": w.chats}, Log: slog.New(slog.DiscardHandler),
		Actors: map[string]bot.Actor{workflows.ActComment: mortal{github.Comments{GitHub: g}, &dead}},
		Do: func(ctx context.Context, a workflows.Ask) (workflows.Receipt, error) {
			r, err := w.Do(ctx, a)
			if _, end := a.Wish.(workflows.Acted); end {
				dies(deskTold)
			}
			return r, err
		},
		At: func(point string, c storage.Claim) {
			if c.What == workflows.ActComment {
				dies(point)
			}
		}}
	for end := w.now.Add(30 * time.Minute); !dead && !w.now.After(end); {
		next, waiting, err := b.Step(context.Background(), w.now)
		switch {
		case dead:
			w.restart()
		case err != nil:
			w.Fatal(err)
		}
		if !waiting || next.After(end) {
			break
		}
		w.now = next
	}
	w.now = w.now.Add(30 * time.Minute) // what was claimed is free again
}

// deskTold is the point at which the desk knows how an act ended, and the queue does not.
const deskTold = "told"

// mortal does nothing once it is dead.
type mortal struct {
	bot.Actor
	dead *bool
}

func (m mortal) Act(ctx context.Context, data json.RawMessage) (string, error) {
	if *m.dead {
		return "", errors.New("it is dead")
	}
	return m.Actor.Act(ctx, data)
}

// saidThere is what the bot said on the issue.
func (w *atGitHub) saidThere() (all []string) {
	for _, c := range w.repo.Comments(w.issue) {
		if c.Author == githubfake.Bot {
			text, _, _ := strings.Cut(c.Body, "\n")
			all = append(all, text)
		}
	}
	return all
}

// TestIssuesAtGitHub has the bot die at every point of a comment, and GitHub answer oddly at each request: in the end it
// stands there once, and is on record with its link.
func TestIssuesAtGitHub(t *testing.T) {
	odd := map[string]githubfake.Fault{"nothing": {Way: githubfake.Ordinary}, "a lost answer": githubfake.Stored(githubfake.Ends(githubfake.Reset)), "502": githubfake.HTTP(502),
		"502 after all": githubfake.Stored(githubfake.HTTP(502)), "a limit": githubfake.TooMany(403, "120"), "an empty yes": githubfake.Stored(githubfake.Raw(200, ""))}
	for _, point := range []string{"", bot.Claimed, bot.BeforeSend, bot.AfterSend, deskTold, bot.Settled} {
		for name, fault := range odd {
			for k := 1; k <= 4 && (k == 1 || name != "nothing"); k++ {
				t.Run(fmt.Sprintf("dies at %s, %s at request %d", point, name, k), func(t *testing.T) {
					w := newAtGitHub(t)
					w.pass("app@search")
					if name != "nothing" {
						w.fake.FailAt(k, fault)
					}
					w.delivers(func(p string) bool { return p == point })
					for range 6 {
						w.delivers(nil)
					}
					if got := w.saidThere(); !slices.Equal(got, []string{canTry}) {
						t.Fatalf("on the issue stands %q", got)
					}
					c := w.said("app@search").On("acme/app", int(w.issue))
					if len(c) != 1 || c[0].Fate != workflows.Done || !strings.HasPrefix(c[0].Link, "https://github.com/acme/app/issues/1#issuecomment-") {
						t.Errorf("on record is %+v", c)
					}
				})
			}
		}
	}
}

// An issue that takes nothing is refused once, on record with the reason, and the manager hears of it in person; nothing of
// it is said in public.
func TestIssuesLockedAtGitHub(t *testing.T) {
	w := newAtGitHub(t)
	w.repo.ChangeIssue(w.issue, func(i *githubfake.Issue) { i.Locked = true })
	w.pass("app@search")
	for range 4 {
		w.delivers(nil)
	}
	c := w.said("app@search").On("acme/app", int(w.issue))
	if len(c) != 1 || c[0].Fate != workflows.Refused || !strings.Contains(c[0].Why, "#1 of acme/app is locked") || len(w.saidThere()) > 0 {
		t.Errorf("%+v, %q", c, w.saidThere())
	}
	if told := inPerson(w.chats, "ana"); len(told) == 0 || !strings.Contains(told[len(told)-1], "it could not be said") {
		t.Errorf("the manager was told %q", told)
	}
	if n := len(w.fake.Calls("POST /repos/{owner}/{repo}/issues/{number}/comments")); n > 0 {
		t.Errorf("it was tried %d times", n)
	}
	for _, place := range []workflows.Place{"chat/#news", "chat/#app"} {
		for _, s := range w.chats.Shows(place) {
			if strings.Contains(fmt.Sprint(s.Message), "locked") {
				t.Errorf("%s: %v", place, s.Message)
			}
		}
	}
	w.repo.ChangeIssue(w.issue, func(i *githubfake.Issue) { i.Locked = false })
	w.pass("app@search")
	w.pass("app@search")
	w.delivers(nil)
	if got := w.saidThere(); !slices.Equal(got, []string{isOut}) {
		t.Errorf("on the issue stands %q", got)
	}
}
