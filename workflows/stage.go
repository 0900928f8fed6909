package workflows

// Stage is where a release stands.
type Stage string

// The stages, in order. Between the preview's end and GA the stage is Between.
const (
	Before  Stage = "before"  // nobody is in yet
	Preview Stage = "preview" // tech preview
	Between Stage = "between" // the preview is closed, GA not open; its users keep what they have
	GA      Stage = "ga"
	Closed  Stage = "closed"
)

// Title is how people read a stage.
func (s Stage) Title() string {
	switch s {
	case Preview:
		return "tech preview"
	case Between:
		return "preview closed"
	case GA:
		return "GA"
	case Closed:
		return "closed"
	default:
		return "before release"
	}
}

// Reach is how far a flag of a release may be opened.
type Reach string

// The reaches, from the least to the most.
const (
	ReachNobody   Reach = "off"          // before the preview
	ReachSome     Reach = "below 100 %"  // in preview and between
	ReachEveryone Reach = "up to 100 %"  // GA is open
	ReachSmaller  Reach = "only smaller" // on hold or cancelled
)

// Standing is what a flag must know of its release.
type Standing struct {
	Release ReleaseID
	Number  uint64
	Stage   Stage
	Reach   Reach
	Where   string // how people read it: "app invoices is before tech preview"
}
