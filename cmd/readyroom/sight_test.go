package main

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// Whatever GitHub answers in the place of how a commit's checks are: no gate is opened by it, nothing is taken back by it, and
// once it answers again the gate opens.
func TestOddAnswersOpenNothing(t *testing.T) {
	l := lookingOut(t)
	id := l.repo.Commit("main", "Ana <ana@example.org>", "feat: one", map[string]string{"a": "1"})
	l.looks("the first look", "tags.begun")
	l.repo.Tag("v1.0.0", id)
	l.repo.Check(id, "build", "completed", "success")
	l.repo.Status(id, "lint", "success", "")
	l.looks("a tag", "release.opened", "release.bound", "tags.took", "notes.drafted")
	l.looks("its checks", "release.checked", "release.signed")
	const on = "app@1.0.0"
	if err := l.asks(on, release.Sign{Items: []string{"way-back", "changelog"}}); err != nil {
		t.Fatal(err)
	}
	odd := map[string]githubfake.Fault{
		"500": githubfake.HTTP(http.StatusInternalServerError), "404": githubfake.HTTP(http.StatusNotFound), "401": githubfake.HTTP(http.StatusUnauthorized),
		"a page": githubfake.HTML(http.StatusOK), "empty": githubfake.Raw(http.StatusOK, ""), "null": githubfake.Raw(http.StatusOK, "null"),
		"{}": githubfake.Raw(http.StatusOK, "{}"), "[]": githubfake.Raw(http.StatusOK, "[]"), "202": githubfake.Raw(http.StatusAccepted, "{}"),
		"their number alone": githubfake.Raw(http.StatusOK, `{"total_count":0}`), "fewer than there are": githubfake.Raw(http.StatusOK, `{"total_count":1,"check_runs":[],"statuses":[]}`),
		"of another commit": githubfake.Raw(http.StatusOK, `{"total_count":1,"sha":"0123456789012345678901234567890123456789","check_runs":[{"id":1,"name":"build","status":"completed",`+
			`"conclusion":"success","head_sha":"0123456789012345678901234567890123456789"}],"statuses":[{"context":"lint","state":"success"}]}`),
		"reset": githubfake.Ends(githubfake.Reset), "cut": githubfake.Ends(githubfake.Cut), "short": githubfake.Ends(githubfake.Short),
	}
	for _, route := range []string{"GET /repos/{owner}/{repo}/commits/{ref...}/check-runs", "GET /repos/{owner}/{repo}/commits/{ref...}/status"} {
		for name, fault := range odd {
			l.fake.Fail(route, fault)
			if got, err := l.advance(); err == nil {
				t.Errorf("%s for %s: it is asked %v, and did %v", name, route, got.Confirm, got.Events)
			}
			if l.fake.Unspent() != 0 {
				t.Fatalf("%s for %s: nobody looked", name, route)
			}
			if got, err := l.advance(); err != nil || got.Confirm == nil {
				t.Errorf("after %s for %s: %v", name, route, err)
			}
		}
	}
	l.repo.Check(id, "build", "completed", "failure")
	if _, err := l.advance(); !is(err, workflows.NotReady) {
		t.Errorf("it failed: %v", err)
	}
	l.repo.Check(id, "build", "completed", "success")
	l.fake.RevokeToken(l.fake.Token())
	if _, err := l.advance(); !is(err, workflows.NotReady) { // by what was heard last, whether or not anybody can look
		t.Errorf("the token is gone: %v", err)
	}
}

// advance asks to pass the next gate.
func (l *lookout) advance() (workflows.Receipt, error) {
	l.n++
	l.now = l.now.Add(time.Second)
	return l.desk.Do(context.Background(), workflows.Ask{ID: fmt.Sprint("line-", l.n), By: "chat/ana", At: "chat/#app", On: workflows.Selectors{Release: "app@1.0.0"},
		When: l.now, Line: "advance", Wish: release.Advance{}})
}
