package workflows

// Roadmap is the file in which a repository plans its milestones, where the configuration names no other.
const Roadmap = "ROADMAP.md"

// Planned is one thing that a milestone is meant to bring, as a Source read it.
type Planned struct {
	Ref    string   // an address, #12 or ABC-12; empty: it has none
	Title  string   // what else the line says
	For    []string // whom it is for: people as "@ana", and addresses
	Labels []string
}
