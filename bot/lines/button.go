package lines

import "github.com/readyroom/readyroom/bot/chat"

// Weight is how a button stands to the others.
type Weight int

// The weights of buttons.
const (
	Even      Weight = iota
	Next             // it is the next step
	Dangerous        // it was asked about because it is dangerous
)

// WeightOf tells two kinds of button by how they stand to the others. What can also be answered with "no" was asked about
// because it is dangerous. What alone acts on the state that is shown is the next step.
func WeightOf(b chat.Button, all []chat.Button) Weight {
	bound := 0
	for _, other := range all {
		if other.Line == b.Line+" no" {
			return Dangerous
		}
		if other.Basis != "" {
			bound++
		}
	}
	if b.Basis != "" && bound == 1 {
		return Next
	}
	return Even
}
