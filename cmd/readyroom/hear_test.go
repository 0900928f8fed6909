package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/bot/github"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// lookout is a desk that looks at a repository at GitHub.
type lookout struct {
	*testing.T
	fake  *githubfake.Fake
	repo  *githubfake.Repo
	store *storage.Store
	desk  *desk.Desk
	now   time.Time
	n     int
}

func lookingOut(t *testing.T) *lookout {
	t.Helper()
	l := &lookout{T: t, now: time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)}
	fake := githubfake.New(t, githubfake.Options{Portless: true, Now: func() time.Time { return l.now }})
	l.fake, l.repo = fake, fake.AddRepo("acme/app")
	forge, err := github.New(github.Options{Secrets: github.Secrets{Token: chat.Secret(fake.Token())}, URL: "http://localhost/", Transport: fake.Transport(), Spacing: -1})
	if err != nil {
		t.Fatal(err)
	}
	if l.store, err = storage.Open(t.Context(), memory.New(), storage.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.store.Close() })
	all := policy.Members{People: []workflows.PersonID{"ana"}}
	book := &policy.Book{Owners: []workflows.PersonID{"ana"}, Hash: "p", Checked: map[workflows.Product]bool{"app": true}, Roles: map[workflows.Role]policy.Members{workflows.EveryRole: all},
		People: map[workflows.PersonID]workflows.Person{"ana": {ID: "ana", NoCode: true, Handles: []workflows.Handle{"chat/ana"}}}}
	spec, _ := calendar.ParseSpec("09:00")
	l.desk = desk.New(l.store, sources{nil, forge}, desk.Config{Book: book, Templates: release.Templates(), Default: release.DefaultTemplate, Digest: spec, Readiness: spec,
		Week: calendar.Week{Zone: time.UTC}, Platforms: []string{"chat"}, Products: map[workflows.Product]desk.Product{
			"app": {Home: "chat/#app", Forge: desk.Forge{Repository: "acme/app", Tag: "v" + desk.TagVersion, Opens: "v*"}}}})
	if err := l.desk.Start(t.Context(), l.now); err != nil {
		t.Fatal(err)
	}
	return l
}

// looks holds what a look records to kinds of events.
func (l *lookout) looks(what string, want ...string) {
	l.Helper()
	l.n++
	l.now = l.now.Add(5 * time.Minute)
	got, err := l.desk.Hear(context.Background(), workflows.Ask{ID: fmt.Sprint("look-", l.n), Bot: "github", When: l.now}, "acme/app")
	if err != nil {
		l.Fatalf("%s: %v", what, err)
	}
	var kinds []string
	for _, r := range got {
		for _, e := range append(slices.Clone(r.Events), r.Follows...) {
			kinds = append(kinds, e.Event.Kind())
		}
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		l.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (l *lookout) asks(id workflows.ReleaseID, wish workflows.Intent) error {
	l.n++
	_, err := l.desk.Do(context.Background(), workflows.Ask{ID: fmt.Sprint("line-", l.n), By: "chat/ana", At: "chat/#app", On: workflows.Selectors{Release: string(id)}, When: l.now,
		Line: fmt.Sprintf("%T", wish), Wish: wish})
	return err
}

func (l *lookout) release() release.Release {
	l.Helper()
	r, err := l.desk.Release(context.Background(), workflows.Selectors{Release: "app@1.0.0"}, "")
	if err != nil {
		l.Fatal(err)
	}
	return r
}

// A tag opens a release, its checks vote, its candidate follows main through a push, a force push, and the end of the
// branch; a tag that moves moves nothing.
func TestWhatIsSeenAtGitHub(t *testing.T) {
	l := lookingOut(t)
	one := l.repo.Commit("main", "Ana <ana@example.org>", "feat: one", map[string]string{"a": "1"})
	for i := range 30 {
		l.repo.Tag(fmt.Sprintf("v0.%d.0", i), one)
	}
	l.looks("the first look", "tags.begun")
	l.looks("nothing is new")
	two := l.repo.Commit("main", "Ben <ben@example.org>", "fix: two", map[string]string{"a": "2"})
	l.repo.AnnotatedTag("v1.0.0", two, "the first one")
	l.looks("a tag", "release.opened", "release.bound", "tags.took", "notes.drafted")
	const id = "app@1.0.0"
	if r := l.release(); r.Candidate.Commit.ID != two || r.Candidate.Commit.Ref != "v1.0.0" || r.Manager != "ana" || !maps.Equal(r.Candidate.Digests, map[release.Binding]string{
		release.ToCommit: two, release.ToTree: r.Candidate.Commit.Tree}) {
		t.Errorf("it opened %+v with %+v", r, r.Candidate)
	}
	l.looks("no check yet", "release.checked")
	l.repo.Check(two, "build", "completed", "success")
	l.looks("a check passed", "release.checked", "release.signed")
	l.looks("nothing is new")
	l.repo.Check(two, "lint", "completed", "waiting_for_the_moon")
	l.looks("a check that nobody knows", "release.checked", "release.withdrawn")
	if err := l.asks(id, release.SetCandidate{Ref: "v1.0.0", Watch: true}); !is(err, workflows.UnknownRef) {
		t.Errorf("a tag is followed: %v", err)
	}
	if err := l.asks(id, release.SetCandidate{Ref: "main", Watch: true}); err != nil {
		t.Fatal(err)
	}
	three := l.repo.Commit("main", "Ben <ben@example.org>", "fix: three", map[string]string{"a": "3"})
	l.looks("a push", "release.candidate_set", "release.checked")
	if r := l.release(); r.Candidate.Commit.ID != three || r.Watching() != "main" {
		t.Errorf("the candidate is %+v", r.Candidate)
	}
	l.repo.ForcePush("main", one)
	l.looks("a force push", "release.candidate_set", "release.checked")
	l.repo.DefaultBranch("other")
	l.repo.Branch("other", one)
	l.repo.DeleteBranch("main")
	l.looks("the branch is gone", "release.branch_lost")
	l.looks("it is gone still")
	l.repo.Tag("v1.0.0", three)
	l.looks("the tag moves", "tags.moved")
	if r := l.release(); r.Candidate.Commit.ID != one {
		t.Errorf("the candidate is %+v", r.Candidate)
	}
	l.repo.Tag("vnext", three)
	l.looks("a tag of no version", "tags.declined")
	l.looks("that is said once")
	l.repo.Delete()
	if _, err := l.desk.Hear(context.Background(), workflows.Ask{ID: "gone", Bot: "github", When: l.now}, "acme/app"); !is(err, workflows.NoRepository) {
		t.Errorf("the repository is gone: %v", err)
	}
	if r := l.release(); r.Candidate.Lost != true || r.Watching() != "main" {
		t.Errorf("who sees nothing believed something: %+v", r.Candidate)
	}
	if _, err := desk.Verify(context.Background(), l.store, func(key, why string) { t.Errorf("%s: %s", key, why) }); err != nil {
		t.Error(err)
	}
}

func is(err error, reason workflows.Reason) bool {
	no := new(workflows.Refusal)
	return errors.As(err, &no) && no.Reason == reason
}
