package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/readyroom/readyroom/bot"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// voyage is a repository at GitHub whose product is deployed while the bot dies, or is answered oddly, at some point.
type voyage struct {
	t      *testing.T
	fake   *githubfake.Fake
	repo   *githubfake.Repo
	forge  *github.GitHub
	engine *memory.Engine
	store  *storage.Store
	desk   *desk.Desk
	chat   *chattest.Fake
	now    time.Time
	n      int
	point  string   // where it dies
	left   int      // at which passing with one of those
	mortal []string // what the bot dies with
	died   bool
}

func embark(t *testing.T) *voyage {
	t.Helper()
	v := &voyage{t: t, mortal: []string{workflows.ActDeploy}, engine: memory.New(), chat: &chattest.Fake{}, now: time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)}
	v.fake = githubfake.New(t, githubfake.Options{Portless: true, Now: func() time.Time { return v.now }})
	v.repo = v.fake.AddRepo("acme/dock")
	v.repo.Workflow(githubfake.Workflow{File: "deploy.yml", RunName: "deploy ${{ inputs.readyroom }}", Inputs: []string{"readyroom!", "environment!", "ref!"}, Late: 4})
	var err error
	if v.forge, err = github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(v.fake.Token())}, URL: "http://localhost/", Transport: v.fake.Transport(), Spacing: -1}); err != nil {
		t.Fatal(err)
	}
	v.boards()
	t.Cleanup(func() { _ = v.store.Close() })
	return v
}

// boards opens what is left of the store.
func (v *voyage) boards() {
	v.t.Helper()
	ctx := context.Background()
	var err error
	if v.store, err = storage.Open(ctx, v.engine, storage.Options{}); err != nil {
		v.t.Fatal(err)
	}
	all := policy.Members{People: []workflows.PersonID{"ana"}}
	news := []policy.Audience{{Name: "news", Place: "chat/#news", Public: true}}
	book := &policy.Book{Audiences: news, Owners: []workflows.PersonID{"ana"}, Hash: "p", Deployed: map[workflows.Product]bool{"dock": true}, Roles: map[workflows.Role]policy.Members{workflows.EveryRole: all},
		People: map[workflows.PersonID]workflows.Person{"ana": {ID: "ana", NoCode: true, Handles: []workflows.Handle{"chat/ana"}}}}
	spec, _ := calendar.ParseSpec("09:00")
	v.desk = desk.New(v.store, sources{nil, v.forge}, desk.Config{Book: book, Templates: release.Templates(), Default: release.DefaultTemplate, Digest: spec, Readiness: spec,
		Week: calendar.Week{Zone: time.UTC}, Platforms: []string{"chat"}, Products: map[workflows.Product]desk.Product{"dock": {Environments: []workflows.Environment{"staging", "production"},
			Forge: desk.Forge{Repository: "acme/dock", Deploys: map[workflows.Environment]string{"staging": "", "production": "deploy.yml"},
				Releases: true, Tag: "vVERSION"}, Changelog: "CHANGELOG.md"}}})
	if err := v.desk.Start(ctx, v.now); err != nil {
		v.t.Fatal(err)
	}
}

// step delivers what is due. Where it dies, the next process begins after the claims of this one are over.
func (v *voyage) step() {
	v.t.Helper()
	b := &bot.Bot{Queue: v.store, Reader: v.desk, Do: v.desk.Do, Senders: map[string]chat.Sender{"chat": v.chat}, Log: slog.New(slog.DiscardHandler),
		Actors: map[string]bot.Actor{workflows.ActDeploy: v.forge.Deploys(), workflows.ActRelease: github.Releases{GitHub: v.forge}, workflows.ActChangelog: github.Changelogs{GitHub: v.forge}}}
	dead := false
	b.At = func(point string, c storage.Claim) {
		if !slices.Contains(v.mortal, c.What) || point != v.point {
			return
		}
		if v.left--; v.left == 0 {
			dead, v.died = true, true
			runtime.Goexit()
		}
	}
	done := make(chan error, 1)
	go func() {
		err := fmt.Errorf("killed")
		defer func() { done <- err }()
		_, _, err = b.Step(context.Background(), v.now)
	}()
	if err := <-done; err != nil && !dead {
		v.t.Fatal(err)
	}
	if dead {
		_ = v.store.Close()
		v.engine = v.engine.Reopen()
		v.now = v.now.Add(time.Hour)
		v.boards()
	}
}

// asks carries out a line of ana's, and presses what is asked.
func (v *voyage) asks(id workflows.ReleaseID, wish workflows.Intent) {
	v.t.Helper()
	v.n++
	a := workflows.Ask{ID: fmt.Sprint("line-", v.n), By: "chat/ana", At: "chat/#dock", On: workflows.Selectors{Release: string(id)}, When: v.now, Line: fmt.Sprintf("%T", wish), Wish: wish}
	got, err := v.desk.Do(context.Background(), a)
	if err == nil && got.Confirm != nil {
		a.ID, a.Press = a.ID+"-press", got.Confirm.Key
		_, err = v.desk.Do(context.Background(), a)
	}
	if err != nil {
		v.t.Fatalf("%T of %s: %v", wish, id, err)
	}
}

// arrives goes on until the last deployment of a release has come to its end: GitHub carries out what it got, what is there
// is looked at, and a human looks after what nobody else can say anything of.
func (v *voyage) arrives(id workflows.ReleaseID) {
	v.t.Helper()
	for range 30 {
		v.step()
		for _, d := range v.repo.Deployments() {
			if d.State() == "pending" {
				v.repo.FinishDeployment(d.ID, "success")
			}
		}
		for _, r := range v.repo.Runs() {
			if r.Status != "completed" {
				v.repo.FinishRun(r.ID, "success")
			}
		}
		v.n++
		look := workflows.Ask{ID: fmt.Sprint("look-", v.n), Bot: "github", On: workflows.Selectors{Release: string(id)}, When: v.now, Wish: release.News{}}
		if _, err := v.desk.Do(context.Background(), look); err != nil {
			v.t.Fatal(err)
		}
		r, err := v.desk.Release(context.Background(), workflows.Selectors{Release: string(id)}, "")
		if err != nil {
			v.t.Fatal(err)
		}
		if last := r.Deploys[len(r.Deploys)-1]; last.State == workflows.DeploySucceeded {
			return
		}
		v.human()
		v.now = v.now.Add(6 * time.Minute)
	}
	v.t.Fatalf("what %s deployed never arrives", id)
}

// human looks at GitHub, and says what became of what nobody else can say anything of.
func (v *voyage) human() {
	v.t.Helper()
	waiting, err := v.store.Waiting(context.Background())
	if err != nil {
		v.t.Fatal(err)
	}
	for _, p := range waiting {
		if p.What != workflows.ActDeploy || p.State != storage.Stuck {
			continue
		}
		word := ledger.WordAgain
		for _, r := range v.repo.Runs() {
			if strings.Contains(string(p.Data), r.Inputs["readyroom"]) {
				word = ledger.WordSent
			}
		}
		if _, err := v.desk.Settle(context.Background(), p.ID, word, "ops", v.now); err != nil {
			v.t.Fatal(err)
		}
	}
}

// sails takes a product through two releases, and back from the second.
func (v *voyage) sails() {
	v.t.Helper()
	for i, id := range []workflows.ReleaseID{"dock@1.0", "dock@1.1"} {
		sha := v.repo.Commit("main", "ana", fmt.Sprint("feat: ", i), map[string]string{"a.go": fmt.Sprint("package a", i)})
		v.asks("", release.New{ID: id, Ref: sha, Risk: "low"})
		v.asks(id, release.Deploy{Env: "staging"})
		v.arrives(id)
		v.asks(id, release.Sign{Items: []string{"tests", "changelog", "way-back"}})
		v.asks(id, release.Deploy{Env: "production"})
		v.arrives(id)
		v.asks(id, release.Advance{})
	}
	v.asks("dock@1.1", release.RollBack{Why: "errors rise"})
	v.arrives("dock@1.1")
}

// once: of each operation one deployment or run is there, and users have what they had before.
func (v *voyage) once() {
	v.t.Helper()
	made := map[string]int{}
	for _, d := range v.repo.Deployments() {
		made[d.Payload]++
	}
	last := ""
	for _, r := range v.repo.Runs() {
		made[r.Inputs["readyroom"]]++
		last = r.Inputs["ref"]
	}
	for op, n := range made {
		if n != 1 {
			v.t.Errorf("%s was made %d times", op, n)
		}
	}
	if len(made) != 5 {
		v.t.Errorf("%d were made of 5", len(made))
	}
	w, err := v.desk.Where(context.Background(), "chat/ana", "chat/#dock", "dock@1.1", "", v.now)
	if err != nil || w.Sites[1].Had.Commit != last || w.Sites[1].Had.Release != "dock@1.0" || len(w.Sites[0].Drift)+len(w.Sites[1].Drift) != 0 {
		v.t.Errorf("production: %+v, %v", w.Sites[1], err)
	}
}

// inTimeOfItsOwn has a test wait for nothing: what is said to GitHub is paced.
func inTimeOfItsOwn(test func(*testing.T)) func(*testing.T) {
	return func(t *testing.T) { synctest.Test(t, test) }
}

// Whenever the program dies while something is deployed or brought back, and whatever GitHub answered then, each is made
// once, and arrives.
func TestDeployKilled(t *testing.T) {
	odd := map[string]githubfake.Fault{"": {}, "reset behind it": githubfake.Stored(githubfake.Ends(githubfake.Reset)), "502": githubfake.HTML(502), "empty behind it": githubfake.Stored(githubfake.Raw(200, ""))}
	for _, point := range []string{"", bot.Claimed, bot.BeforeSend, bot.AfterSend, bot.Settled} {
		for passing := 1; passing <= 5; passing++ {
			for name, fault := range odd {
				t.Run(strings.Join([]string{point, fmt.Sprint(passing), name}, "/"), inTimeOfItsOwn(func(t *testing.T) {
					v := embark(t)
					v.point, v.left = point, passing
					if name != "" {
						for _, route := range []string{"POST /repos/{owner}/{repo}/deployments", "POST /repos/{owner}/{repo}/actions/workflows/{file}/dispatches"} {
							v.fake.Fail(route, fault)
						}
					}
					v.sails()
					v.once()
					if v.died != (point != "") {
						t.Errorf("it died: %v", v.died)
					}
				}))
			}
		}
	}
}
