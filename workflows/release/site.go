package release

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Site is what the record says of one environment of a product, whichever of its releases brought it there.
type Site struct {
	Run *Run  // what is on its way there; nil: nothing is
	Had []Had // what came there: of each release the last, the newest first
}

// Run is a commit on its way to an environment.
type Run struct {
	Release workflows.ReleaseID   `json:"release"`
	Op      string                `json:"op"`
	Commit  string                `json:"commit"`
	Of      workflows.ReleaseID   `json:"of,omitempty"` // whose commit a rollback brings back; empty: the release's own
	By      workflows.PersonID    `json:"by"`
	At      time.Time             `json:"at"`
	State   workflows.DeployState `json:"state"`
	Link    string                `json:"link,omitempty"`
}

// lost reports whether nobody waits for it any more.
func (r Run) lost(now time.Time) bool { return !now.Before(r.At.Add(lostAfter)) }

// Slow reports whether it takes longer than such things do.
func Slow(since, now time.Time) bool { return !now.Before(since.Add(time.Hour)) }

// Had is a commit that came to an environment.
type Had struct {
	Release workflows.ReleaseID `json:"release"` // whose candidate it was
	Op      string              `json:"op"`
	Commit  string              `json:"commit"`
	By      workflows.PersonID  `json:"by"`
	At      time.Time           `json:"at"`
	Seq     workflows.Seq       `json:"seq"` // the event that says so: its place in the order of all
	Link    string              `json:"link,omitempty"`
	Bad     bool                `json:"bad,omitempty"` // its release was rolled back from it since
}

// top is what is there, as far as the record goes.
func (s Site) top() (Had, bool) {
	if len(s.Had) == 0 {
		return Had{}, false
	}
	return s.Had[0], true
}

// had reports whether a commit came there.
func (s Site) had(commit string) bool {
	return slices.ContainsFunc(s.Had, func(h Had) bool { return h.Commit == commit })
}
