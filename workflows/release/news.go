package release

import "github.com/readyroom/readyroom/workflows"

// News takes in how things stand at the forge of the product, wherever the word of it came from: a request that was sent
// here, or a look from time to time. Both say only that there may be news; what is so, the desk asks.
type News struct {
	Commit string // the candidate, and the environments with their workflows: filled in by the desk
	Envs   map[workflows.Environment]string
	Rules  bool // nothing here names the checks that must be well: the repository's rules may; filled in by the desk
}

// Needs says that no person may.
func (News) Needs() workflows.Need { return workflows.Machine }

// AtForge says that the forge is asked, whatever a clone on this machine holds.
func (News) AtForge() bool { return true }

// Look asks how the candidate's checks, and the deployments, stand. Without a candidate only those are asked for.
func (w News) Look() workflows.Query {
	return workflows.Query{Ref: w.Commit, Checks: w.Commit != "", Rules: w.Commit != "" && w.Rules, Envs: w.Envs, Optional: true}
}

// decide takes it in. What a cancelled release had on its way is followed too: it may arrive all the same.
func (w News) decide(r Release, f Facts) ([]workflows.Event, error) {
	if no := f.Found.Missing; no != nil && !gone(no) { // nothing was seen, of whatever
		return nil, no
	}
	return newsOf(r, f)
}

// newsOf is what follows from how things stand at the forge.
func newsOf(r Release, f Facts) ([]workflows.Event, error) {
	var events []workflows.Event
	for _, part := range heard {
		more, err := part(r, f)
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	return events, nil
}

// heard is what follows from how things stand, one matter each.
var heard = []func(Release, Facts) ([]workflows.Event, error){
	deployed,
	checked,
}
