package todo_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// TestWaiting: who makes something true, asked for it, planned it, or manages the release waits for it while it is somebody
// else's turn; whoever it was planned for waits for the release.
func TestWaiting(t *testing.T) {
	with := func(change func(*release.Release)) release.Release {
		r := opened("app@1", time.Time{})
		r.Care = map[string]release.Care{}
		change(&r)
		return r
	}
	asked := func(by, who workflows.PersonID) *release.Asking {
		return &release.Asking{By: by, Who: who, At: monday.Add(time.Hour)}
	}
	for name, c := range map[string]struct {
		id   workflows.PersonID
		r    release.Release
		want string
	}{
		"the manager, for the next gate": {"ana", with(func(*release.Release) {}), "way-back:ops"},
		"nobody else":                    {"ben", with(func(*release.Release) {}), ""},
		"what they signed is no longer":  {"ana", with(func(r *release.Release) { r.Votes = []release.Vote{vote("ga.ready/way-back", "ops", release.OK)} }), ""},
		"whoever makes it true, once asked": {"ben", with(func(r *release.Release) {
			r.Care["ga.ready/way-back"] = release.Care{Owner: "ben", Asked: asked("ben", "")}
		}), "way-back:ops"},
		"not while it is theirs to do": {"ben", with(func(r *release.Release) { r.Care["ga.ready/way-back"] = release.Care{Owner: "ben"} }), ""},
		"whoever asked for it":         {"ben", with(func(r *release.Release) { r.Care["ga.ready/way-back"] = release.Care{Asked: asked("ben", "ops")} }), "way-back:ops"},
		"in a later gate, too":         {"ben", with(func(r *release.Release) { r.Care["ga.done/healthy"] = release.Care{Asked: asked("ben", "ops")} }), "healthy:ops"},
		"whoever planned it": {"ops", with(func(r *release.Release) {
			r.Care["ga.ready/way-back"] = release.Care{Plan: &release.Planning{Owner: "ben", Line: "ga.done/healthy"}}
			r.Care["ga.done/healthy"] = release.Care{Owner: "ben"}
			r.Votes = []release.Vote{vote("ga.ready/way-back", "ops", release.ByPlan)}
		}), "healthy:ben"},
		"nobody while it is held": {"ana", with(func(r *release.Release) { r.Held = &release.Hold{By: "ben"} }), ""},
		"nobody once it is over":  {"ana", with(func(r *release.Release) { r.Passed = len(r.Gates) }), ""},
		"nobody for what no commit is named yet": {"ben", with(func(r *release.Release) {
			r.Candidate = nil
			r.Care["ga.ready/tests"] = release.Care{Asked: asked("ben", "ana")}
		}), ""},
		"whoever it was planned for": {"ops", with(func(r *release.Release) {
			r.Scope = []release.Entry{{Title: "totals", For: []string{"https://a.b", "@ops"}}}
		}), "totals"},
		"by their other name": {"ops", with(func(r *release.Release) { r.Scope = []release.Entry{{Title: "totals", For: []string{"@oscar"}}} }), "totals"},
		"and not others":      {"ben", with(func(r *release.Release) { r.Scope = []release.Entry{{Title: "totals", For: []string{"@ops", "ben"}}} }), ""},
		"nor once it is out": {"ops", with(func(r *release.Release) {
			r.Scope, r.Shipped = []release.Entry{{Title: "totals", For: []string{"@ops"}}}, monday
		}), ""},
	} {
		b := book()
		b.Merged = map[workflows.PersonID]workflows.PersonID{"oscar": "ops"}
		w := todo.Waiting(c.id, c.r, b, monday.Add(2*time.Hour))
		var got []string
		for _, s := range w.Items {
			got = append(got, fmt.Sprintf("%s:%s", s.Item.Key, strings.Trim(strings.Join(policy.Names(s.Who), ","), "@")))
		}
		for _, e := range w.Scope {
			got = append(got, e.Title)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s waits for %q, want %q", name, c.id, got, c.want)
		}
	}
}
