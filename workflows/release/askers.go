package release

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// ToldAskers names what the people for whom something is in the scope are told.
const ToldAskers = "asked-for"

// askers tells the people for whom something is in the scope: the release reached them, was taken back, or will never come.
func askers(r Release) []workflows.Effect {
	var out []workflows.Effect
	for _, id := range r.askers() {
		data, err := json.Marshal(id)
		if err != nil { // a string always marshals
			panic(err)
		}
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: ToldAskers, To: workflows.To{Person: id}, Data: data})
	}
	return out
}

// askers are the people for whom something is in the scope, by name.
func (r Release) askers() []workflows.PersonID {
	var out []workflows.PersonID
	for _, e := range r.Scope {
		for _, whom := range e.For {
			if id, ok := strings.CutPrefix(whom, "@"); ok {
				out = append(out, workflows.PersonID(id))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Asked lists what of the scope is for a person.
func (r Release) Asked(id workflows.PersonID) []Entry {
	var out []Entry
	for _, e := range r.Scope {
		if slices.Contains(e.For, id.At()) {
			out = append(out, e)
		}
	}
	return out
}

// Issues are those of a repository that are in the scope, or for which something in it is, by number.
func (r Release) Issues(home workflows.Home) []int {
	var out []int
	for _, e := range r.Scope {
		out = append(out, e.Issues(home)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Issues are those of a repository that an entry names: its own, and those for which it is.
func (e Entry) Issues(home workflows.Home) []int {
	var out []int
	for _, ref := range append([]string{e.URL}, e.For...) {
		if n := home.Issue(ref); n > 0 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
