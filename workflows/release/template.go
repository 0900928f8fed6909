package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Binding is what of a candidate a vote vouches for.
type Binding string

// The bindings. A feature binds both to the tree under its paths, so that daily deploys leave it alone.
const (
	Unbound  Binding = ""
	ToCommit Binding = "commit"
	ToTree   Binding = "tree"
)

// Source is what a derived item takes its vote from.
type Source string

// The sources.
const (
	ByHand     Source = ""
	CI         Source = "ci"
	Notes      Source = "notes"
	Briefing   Source = "briefing"
	Deployment Source = "deployment"
	Retro      Source = "retro"
)

// Item is one line of a checklist.
type Item struct {
	Key      string         `json:"key"`
	Text     string         `json:"text"` // what must be true
	Role     workflows.Role `json:"role"` // which signs
	Binds    Binding        `json:"binds,omitempty"`
	From     Source         `json:"from,omitempty"`     // derived from
	Evidence string         `json:"evidence,omitempty"` // the link that is wanted: "dashboard URL"
	Lead     int            `json:"lead"`               // working days before the target by which it blocks
	Valid    int            `json:"valid,omitempty"`    // days after which a vote on it is too old; 0: never
	Origin   Origin         `json:"origin,omitempty"`   // who brought it, where the template did not
	Late     bool           `json:"late,omitempty"`     // it came after the cut-off
}

// Origin says who brought an item into a release's checklist.
type Origin string

// The origins.
const (
	OfTemplate Origin = ""
	OfRisk     Origin = "risk"   // the risk tier adds it: it can neither be moved nor dropped
	OfPerson   Origin = "person" // somebody added it to this release
	OfMove     Origin = "moved"  // it is the template's, and the release manager moved it to another gate
	OfPlan     Origin = "plan"   // a mitigation plan that is due here
	OfGlass    Origin = "glass"  // the review of a gate that was passed by breaking the glass
)

// SoakKey stands for the soak of a definition of done where a waiver is about it; no item is called so.
const SoakKey = "soak"

// Half tells the two gates of a stage.
type Half string

// The halves.
const (
	Ready Half = "ready" // the definition of ready: it opens the stage
	Done  Half = "done"  // the definition of done: it closes the stage
)

// Gate is a checklist at a stage's edge.
type Gate struct {
	Stage workflows.Stage `json:"stage"` // preview or ga
	Half  Half            `json:"half"`
	Items []Item          `json:"items"`
}

// Key names a gate: "ga.ready".
func (g Gate) Key() string { return string(g.Stage) + "." + string(g.Half) }

// Full names an item in full: "ga.ready/tests".
func (g Gate) Full(i Item) string { return g.Key() + "/" + i.Key }

// Opens reports whether passing this gate lets users in.
func (g Gate) Opens() bool { return g.Half == Ready }

// Title is how people read a gate: "before tech preview", "to close GA".
func (g Gate) Title() string {
	if g.Opens() {
		return "before " + g.Stage.Title()
	}
	return "to close " + g.Stage.Title()
}

// Template is a named set of gates with the risk it starts at.
type Template struct {
	Name  string
	Risk  policy.Risk
	Gates []Gate
}

// Revision is a digest of the template's content: every event names the one it was decided under.
func (t Template) Revision() string {
	b, err := json.Marshal(t)
	if err != nil { // plain data always marshals
		panic(err)
	}
	sum := sha256.Sum256(b)
	return t.Name + "-" + hex.EncodeToString(sum[:6])
}

// At gives the template's checklists with what a risk adds to them.
func (t Template) At(risk policy.Risk) []Gate {
	gates := make([]Gate, len(t.Gates))
	for i, g := range t.Gates {
		items := append([]Item(nil), g.Items...)
		for _, item := range AddedBy(risk, g.Key()) {
			if !hasItem(items, item.Key) {
				items = append(items, item)
			}
		}
		g.Items = items
		gates[i] = g
	}
	return gates
}

func hasItem(items []Item, key string) bool {
	for _, i := range items {
		if i.Key == key {
			return true
		}
	}
	return false
}
