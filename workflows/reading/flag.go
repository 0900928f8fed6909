package reading

import (
	"maps"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
)

// flagFollowed is one flag as far as it was read.
type flagFollowed struct {
	release  workflows.ReleaseID
	percents map[workflows.Environment]int
}

// flag reads an event of a flag: users get no more of it than the gates of its release allow, and a rollback opens
// nothing.
func (rd *Reading) flag(r workflows.Recorded) {
	key := workflows.FlagKey(r.Stream.ID())
	if e, ok := r.Event.(flag.Created); ok {
		rd.flags[key] = &flagFollowed{e.Release, map[workflows.Environment]int{}}
		return
	}
	f := rd.flags[key]
	if f == nil {
		rd.wrongf(r.Header, "%s comes before the flag was made", r.Event.Kind())
		return
	}
	switch e := r.Event.(type) {
	case flag.Turned:
		most := 0
		if of := rd.releases[f.release]; of != nil {
			most = of.most
		}
		if e.Env == e.Users && e.To > f.percents[e.Env] && e.To > most {
			rd.wrongf(r.Header, "it was raised to %d %% in %s, and the gates of %s allowed %d %%", e.To, e.Env, f.release, most)
		}
		f.percents[e.Env] = e.To
	case flag.Killed:
		clear(f.percents)
	case flag.Reverted:
		for _, env := range slices.Sorted(maps.Keys(e.To)) {
			if e.To[env] > f.percents[env] {
				rd.wrongf(r.Header, "a rollback raised it from %d %% to %d %% in %s", f.percents[env], e.To[env], env)
			}
			f.percents[env] = e.To[env]
		}
	}
}
