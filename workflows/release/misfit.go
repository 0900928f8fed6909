package release

import "strings"

// Part is a part of a Change.
type Part string

// The parts.
const (
	PartName    Part = "name"
	PartExtends Part = "extends"
	PartRisk    Part = "risk"
	PartDrop    Part = "drop"
	PartMove    Part = "move"
	PartAdd     Part = "add"
)

// Misfit is what is wrong with one part of a Change.
type Misfit struct {
	Part Part
	Gate string // of what is added or moved: the gate's key
	Word string // as the change has it: an item, a gate, a template
	Why  string
	Next string // what to write instead; may be empty
}

// Error says what is wrong, and what to write instead.
func (m Misfit) Error() string {
	s := string(m.Part) + ": " + m.Why
	if m.Next != "" {
		s += "; " + m.Next
	}
	return s
}

// Misfits is all that is wrong with a Change.
type Misfits []Misfit

// Error says one misfit a line.
func (m Misfits) Error() string {
	lines := make([]string, len(m))
	for i, one := range m {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}
