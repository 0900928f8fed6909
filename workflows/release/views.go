package release

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Row is what lists, selectors and reminders read of a release.
type Row struct {
	ID        workflows.ReleaseID `json:"id"`
	Number    uint64              `json:"number"`
	Title     string              `json:"title,omitempty"`
	Where     string              `json:"where"`
	Stage     workflows.Stage     `json:"stage"`
	Template  string              `json:"template"`
	Risk      policy.Risk         `json:"risk"`
	Open      bool                `json:"open"`
	Held      bool                `json:"held,omitempty"`
	Manager   workflows.PersonID  `json:"manager"`
	Places    []workflows.Place   `json:"places,omitempty"`
	Candidate string              `json:"candidate,omitempty"` // full commit id
	Watch     string              `json:"watch,omitempty"`     // the branch that the candidate follows
	Out       string              `json:"out,omitempty"`       // the commit with which GA was opened
	Created   time.Time           `json:"created"`
	Target    time.Time           `json:"target,omitzero"`
	Shipped   time.Time           `json:"shipped,omitzero"`
	Ended     time.Time           `json:"ended,omitzero"`
}

// The index keys under which releases are found.
const (
	KeyAll  = "release"
	KeyOpen = "release/open"
)

// KeyNumber finds a release by its short number.
func KeyNumber(n uint64) string { return fmt.Sprintf("release/number/%d", n) }

// KeyPlace finds the open release that a channel is bound to.
func KeyPlace(p workflows.Place) string { return "release/place/" + string(p) }

// KeyProduct finds the releases of a product; KeyOpenOf the open ones.
func KeyProduct(p workflows.Product) string { return "release/product/" + string(p) }

// KeyOpenOf finds the open releases of a product.
func KeyOpenOf(p workflows.Product) string { return "release/open/" + string(p) }

// KeyTwin finds open releases that read alike.
func KeyTwin(id workflows.ReleaseID) string { return "release/twin/" + id.LookAlike() }

// KeyAfter finds the open releases that wait for a release.
func KeyAfter(id workflows.ReleaseID) string { return "release/after/" + string(id) }

// KeyShipped begins the keys of a product's whole-tree releases in GA, the latest first. A feature with paths vouched
// for its paths only and is no base for anything else.
func KeyShipped(p workflows.Product) string { return "release/shipped/" + string(p) + "/" }

// KeyOver begins the keys of the releases that are over, the one that ended first in front.
const KeyOver = "release/over/"

// KeyOverAt is the key of a release that ended at a time; whatever ended before has a smaller one.
func KeyOverAt(t time.Time) string { return KeyOver + t.UTC().Format("2006-01-02T15:04:05") }

// Summary is the row of a release and the keys it is found under.
func Summary(r Release) workflows.Summary {
	row := Row{ID: r.ID, Number: r.Number, Title: r.Title, Where: r.Where(), Stage: r.Stage(), Template: r.Template, Risk: r.Risk,
		Open: !r.Over(), Held: r.Held != nil, Manager: r.Manager, Places: r.Places, Created: r.Created, Target: r.Target,
		Shipped: r.Shipped, Ended: r.Ended}
	if r.Candidate != nil {
		row.Candidate, row.Watch = r.Candidate.Commit.ID, r.Candidate.Watch
	}
	if n := len(r.Openings); n > 0 && r.Gates[r.Openings[n-1].Gate].Stage == workflows.GA {
		row.Out = r.Openings[n-1].Commit
	}
	p := r.ID.Product()
	keys := []string{KeyAll, KeyNumber(r.Number), KeyProduct(p)}
	if row.Open {
		keys = append(keys, KeyOpen, KeyOpenOf(p), KeyTwin(r.ID))
		for _, at := range r.Places {
			keys = append(keys, KeyPlace(at))
		}
		for _, d := range r.After {
			keys = append(keys, KeyAfter(d.ID))
		}
	} else {
		keys = append(keys, KeyOverAt(r.Ended))
	}
	if row.Out != "" && len(r.Paths) == 0 {
		keys = append(keys, fmt.Sprintf("%s%016x", KeyShipped(p), ^uint64(r.ShippedAs)))
	}
	return workflows.Summary{Keys: keys, Data: row}
}

// Asks reports whether a wish, and what would happen by it, leads towards danger and must be confirmed by a press: opening
// GA, cancelling, rolling back, deploying to where users are, waiving, breaking the glass, less care, another checklist.
func Asks(r Release, w Wish, done []workflows.Recorded) bool {
	switch w := w.(type) {
	case Advance:
		g, ok := r.Next()
		return ok && g.Opens() && g.Stage == workflows.GA
	case Set:
		return w.Cancelled || w.Template != "" || w.Risk != "" && r.Risk.Above(w.Risk)
	case Deploy:
		return slices.ContainsFunc(done, func(d workflows.Recorded) bool { e, ok := d.Event.(DeployBegun); return ok && e.Users })
	case RollBack, Waive, BreakGlass:
		return true
	}
	return false
}

// Undo is the line that takes a safe act back, by what was done.
func Undo(before, after Release, done []workflows.Recorded) (string, bool) {
	n := after.Number
	for _, d := range done {
		switch e := d.Event.(type) {
		case Held:
			return fmt.Sprintf("resume %d", n), true
		case ItemAdded:
			return fmt.Sprintf("item drop %d %s/%s", n, e.Gate, e.Item.Key), true
		case ItemMoved:
			gate, key, _ := strings.Cut(e.Item, "/")
			return fmt.Sprintf("item move %d %s/%s %s", n, e.Gate, key, gate), true
		case Assigned: // an earlier date may be past by then
			return fmt.Sprintf("item assign %d %s %s", n, e.Item, before.OwnerOf(e.Item).At()), before.Care[e.Item].Due.IsZero()
		case Planned:
			said := func(v Vote) bool { return v.By == d.By.Person } // an earlier vote of theirs does not come back
			return fmt.Sprintf("sign %d %s withdraw -- the plan is taken back", n, e.Item),
				before.Care[e.Item].Plan == nil && !slices.ContainsFunc(before.votesOn(e.Item), said)
		}
	}
	return "", false
}
