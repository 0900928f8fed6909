package release

import (
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// every is each gate there can be, in the order in which a release passes them.
var every = []Gate{{Stage: workflows.Preview, Half: Ready}, {Stage: workflows.Preview, Half: Done},
	{Stage: workflows.GA, Half: Ready}, {Stage: workflows.GA, Half: Done}}

// GateKeys lists the keys of all gates there can be, in the order in which a release passes them.
func GateKeys() []string {
	keys := make([]string, len(every))
	for i, g := range every {
		keys[i] = g.Key()
	}
	return keys
}

// GateOf gives a gate by its key, without items.
func GateOf(key string) (Gate, bool) {
	i := slices.Index(GateKeys(), key)
	if i < 0 {
		return Gate{}, false
	}
	return every[i], true
}

// place is where a gate stands in that order.
func (g Gate) place() int { return slices.Index(GateKeys(), g.Key()) }

func inOrder(gates []Gate) {
	slices.SortStableFunc(gates, func(a, b Gate) int { return a.place() - b.place() })
}
