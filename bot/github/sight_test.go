package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest/githubfake"
	"github.com/readyroom/readyroom/workflows"
)

// calls are the routes that were called since the n-th call, with what each was answered.
func calls(f *githubfake.Fake, n int) (out []string) {
	for _, c := range f.Calls("")[n:] {
		out = append(out, fmt.Sprint(c.Status, " ", c.Route))
	}
	return out
}

// Somebody waits while a gate looks at the checks: that costs three calls, one of them whether it is the repository that was
// seen before, and they are free of GitHub's limit where nothing changed; where users are deployed to, one list and the
// states of what is in it.
func TestALookAtChecksAlone(t *testing.T) {
	f, r, g := repository(t)
	id := r.Commit("main", people[0], "feat: one", map[string]string{"a": "1"})
	r.Check(id, "test", "completed", "success")
	at, runs, said := "GET /repos/{owner}/{repo}", "GET /repos/{owner}/{repo}/commits/{ref...}/check-runs", "GET /repos/{owner}/{repo}/commits/{ref...}/status"
	q := workflows.Query{Forge: "acme/app", Ref: id, Checks: true, Only: true}
	for _, status := range []int{http.StatusOK, http.StatusNotModified} {
		n := len(f.Calls(""))
		found := look(t, g, q)
		if found.Commit.ID != id || len(found.Checks) != 1 || found.Checks[0].State != workflows.CheckPassed {
			t.Errorf("it found %+v", found)
		}
		if diff := gocmp.Diff([]string{fmt.Sprint(status, " ", at), fmt.Sprint(status, " ", runs), fmt.Sprint(status, " ", said)}, calls(f, n)); diff != "" {
			t.Errorf("it called (-want +got):\n%s", diff)
		}
	}
	r.Check(id, "test", "completed", "failure")
	if found := look(t, g, q); found.Checks[0].State != workflows.CheckFailed {
		t.Errorf("it found %+v", found)
	}
	n := len(f.Calls(""))
	look(t, g, workflows.Query{Envs: map[workflows.Environment]string{"production": ""}, Only: true})
	if got := calls(f, n); !slices.Equal(got, []string{"304 " + at, "200 GET /repos/{owner}/{repo}/deployments"}) {
		t.Errorf("it called %v", got)
	}
}

// A commit that GitHub does not have has no checks that could be well.
func TestALookAtChecksOfNothing(t *testing.T) {
	_, r, g := repository(t)
	r.Commit("main", people[0], "feat: one", map[string]string{"a": "1"})
	_, err := g.Look(t.Context(), workflows.Query{Forge: "acme/app", Ref: "0123456789abcdef0123456789abcdef01234567", Checks: true, Only: true})
	refused(t, err, workflows.UnknownRef, "not pushed")
}
