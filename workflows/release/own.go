package release

import "github.com/readyroom/readyroom/workflows"

// EvolveOwn is Evolve for a state that nobody else holds, as whoever folds a long stream has it: it is changed in place,
// and a fold takes time by its events alone. The state must come from Evolve or from here.
func EvolveOwn(r Release, e workflows.Recorded) Release {
	ev, ok := e.Event.(event)
	if !ok || !r.Exists() {
		return Evolve(r, e)
	}
	return ev.evolve(r, e.Header)
}
