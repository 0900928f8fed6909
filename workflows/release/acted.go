package release

import "github.com/readyroom/readyroom/workflows"

// Acted is how an act ended that an event of this room wished.
type Acted struct{ workflows.Acted }

// decide hands the end to what wished it; an act that this room knows nothing of changes nothing.
func (w Acted) decide(r Release, f Facts) ([]workflows.Event, error) {
	if end, ok := ends[w.What]; ok {
		return end(r, f, w)
	}
	return nil, nil
}

// ends are what follows from the end of an act, by its name.
var ends = map[string]func(Release, Facts, Acted) ([]workflows.Event, error){
	workflows.ActDeploy: deployEnded,
}
