package reading_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// deploys begins a deployment of app@1.0's first candidate.
func (f *forger) deploys(by, op string, env, after workflows.Environment) {
	f.Helper()
	f.put(by, forged, release.DeployBegun{N: 1, Op: op, Env: env, After: after, Commit: "aaaaaaaa", By: workflows.PersonID(by[1:])})
}

// became says what became of it.
func (f *forger) became(op string, env workflows.Environment, state workflows.DeployState) {
	f.Helper()
	f.put("delivery", forged, release.Deployed{Op: op, Env: env, Commit: "aaaaaaaa", State: state})
}

// A commit goes from environment to environment in their order, by whoever may, one at a time; only what was there before
// comes back.
func TestForgedDeployments(t *testing.T) {
	forgeries{
		"nothing wrong at all": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "staging", "")
			f.became("1", "staging", workflows.DeployRunning)
			f.became("1", "staging", workflows.DeploySucceeded)
			f.deploys("@ben", "2", "production", "staging")
			f.became("2", "production", workflows.DeployUnknown)
			f.wait(24 * time.Hour) // nobody waits for it any more
			f.deploys("@ben", "3", "production", "staging")
			f.became("3", "production", workflows.DeploySucceeded)
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors"})
			f.put("@ben", forged, release.DeployBegun{Op: "4", Env: "production", Commit: "aaaaaaaa", Of: "app@0.9", By: "ben"})
			f.became("3", "production", workflows.DeployFailed)
		}, nil},
		"out of turn": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "production", "staging")
		}, []string{"event N: it deploys aaaaaaa to production, and aaaaaaa had not come to staging before"}},
		"in turn by what failed": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "staging", "")
			f.became("1", "staging", workflows.DeployFailed)
			f.deploys("@ben", "2", "production", "staging")
		}, []string{"event N: it deploys aaaaaaa to production, and aaaaaaa had not come to staging before"}},
		"two at once": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "staging", "")
			f.became("1", "staging", release.DeployUnclear)
			f.deploys("@ben", "2", "staging", "")
		}, []string{"event N: it deploys to staging while 1 was on its way there"}},
		"the same twice": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "staging", "")
			f.became("1", "staging", workflows.DeployFailed)
			f.deploys("@ben", "1", "staging", "")
		}, []string{"event N: it begins the deployment 1, which was begun before"}},
		"by nobody who may": {func(f *forger) {
			f.inGA()
			f.deploys("@zoe", "1", "staging", "")
		}, []string{"event N: @zoe deployed and had no role that may"}},
		"something else than the candidate": {func(f *forger) {
			f.inGA()
			f.put("@ben", forged, release.DeployBegun{Op: "1", Env: "staging", Commit: "bbbbbbbb", By: "ben"})
		}, []string{"event N: it deploys bbbbbbb, and the candidate was aaaaaaa"}},
		"on hold": {func(f *forger) {
			f.inGA()
			f.put("@ana", forged, release.Held{By: "ana", Why: "x"})
			f.deploys("@ben", "1", "staging", "")
		}, []string{"event N: it deploys while the release was on hold"}},
		"after its end": {func(f *forger) {
			f.inGA()
			f.put("@ana", forged, release.Cancelled{Why: "x"})
			f.deploys("@ben", "1", "staging", "")
		}, []string{"event N: it deploys after the release was over"}},
		"back to what never was there": {func(f *forger) {
			f.inGA()
			f.put("@ben", forged, release.RolledBack{By: "ben", Why: "errors"})
			f.put("@ben", forged, release.DeployBegun{Op: "1", Env: "production", Commit: "99999999", Of: "app@0.9", By: "ben"})
		}, []string{"event N: it brings 9999999 back to production, where that had never come"}},
		"back without a rollback": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "production", "")
			f.became("1", "production", workflows.DeploySucceeded)
			f.put("@ben", forged, release.DeployBegun{Op: "2", Env: "production", Commit: "aaaaaaaa", Of: "app@0.9", By: "ben"})
		}, []string{"event N: it brings aaaaaaa back, and the release was not rolled back"}},
		"the end of nothing": {func(f *forger) {
			f.inGA()
			f.became("7", "staging", workflows.DeploySucceeded)
		}, []string{"event N: it tells of the deployment 7, which nobody began"}},
		"the end of another": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "staging", "")
			f.became("1", "production", workflows.DeploySucceeded)
		}, []string{"event N: it tells of aaaaaaa in production, and 1 was begun for aaaaaaa in staging"}},
		"an end by a person": {func(f *forger) {
			f.inGA()
			f.deploys("@ben", "1", "staging", "")
			f.put("@ben", forged, release.Deployed{Op: "1", Env: "staging", Commit: "aaaaaaaa", State: workflows.DeploySucceeded})
		}, []string{"event N: @ben says what became of a deployment, which only the forge does"}},
	}.try(t)
}
