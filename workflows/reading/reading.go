// Package reading owns the second opinion on the ledger: it reads what was recorded, event by event and by the plainest
// rules, and says what must never have been. A gate that was passed without its votes is found here even if the room
// that let it through would let it through again.
//
// So it shares with the rooms the words in which events are written, and must not know how they fold, judge or decide:
// what it needs of that it has a second time, in lists, loops and strings. It reads no store and no clock. Where the
// ledger leaves open what was so, it gives the benefit of the doubt.
package reading

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// Reading is what the ledger says as far as it was read. It is not safe for concurrent use.
type Reading struct {
	wrong    func(workflows.Header, string)
	last     time.Time // of the last record
	releases map[workflows.ReleaseID]*followed
	flags    map[workflows.FlagKey]*flagFollowed
	shipped  map[workflows.Product][]*followed // whole trees in GA, in the order they came there
	said     map[workflows.ReleaseID][]bool    // of what was heard of each release, by number, whether it waits
	follow   map[workflows.ReleaseID]map[workflows.Handle]feedback.Want
	told     map[workflows.ReleaseID]*told // of its notes
	issued   map[workflows.ReleaseID]*onIssues
	persons
	deploys
}

// New begins to read a ledger. What must never have been is told to wrong: of which event, and why, in words for an
// auditor.
func New(codes Codes, wrong func(h workflows.Header, why string)) *Reading {
	return &Reading{wrong: wrong, releases: map[workflows.ReleaseID]*followed{}, flags: map[workflows.FlagKey]*flagFollowed{},
		shipped: map[workflows.Product][]*followed{}, said: map[workflows.ReleaseID][]bool{}, follow: map[workflows.ReleaseID]map[workflows.Handle]feedback.Want{}, told: map[workflows.ReleaseID]*told{},
		issued: map[workflows.ReleaseID]*onIssues{}, persons: newPersons(codes), deploys: newDeploys()}
}

// Releases counts the releases that were read.
func (rd *Reading) Releases() int { return len(rd.releases) }

// UnderWay reports whether there is a release of that name that is not over.
func (rd *Reading) UnderWay(id workflows.ReleaseID) bool {
	f := rd.releases[id]
	return f != nil && !f.over
}

func (rd *Reading) wrongf(h workflows.Header, format string, args ...any) {
	rd.wrong(h, fmt.Sprintf(format, args...))
}

// Header reads what the next record says of itself, whatever its event may be: who, by which request, when.
func (rd *Reading) Header(r ledger.Record) {
	by := r.By
	switch {
	case by.Person == "" && by.Machine == "":
		rd.wrongf(r.Header, "it does not say who did it")
	case by.Person != "" && by.Machine != "":
		rd.wrongf(r.Header, "it says that %s did it, and the machine %s", by.Person.At(), by.Machine)
	case r.Ask == "" && (r.Stream != "" || r.Kind == ledger.Refused{}.Kind()):
		rd.wrongf(r.Header, "it does not name the request that caused it")
	case r.At.IsZero():
		rd.wrongf(r.Header, "it has no time")
	case r.At.Before(rd.last):
		rd.wrongf(r.Header, "it is of %s, and the event before it of %s", stamp(r.At), stamp(rd.last))
	}
	rd.last = r.At
}

// Take reads the event of that record.
func (rd *Reading) Take(r workflows.Recorded) {
	rd.meet(r.Header)
	rd.underPolicy(r)
	switch e := r.Event.(type) {
	case ledger.Policy:
		rd.policies[e.Hash], rd.inForce = e, e.Hash
		rd.accountsOf(r.Header, e)
	case team.Arrived:
		rd.rosters[e.Platform+"/"+e.Group] = e
	case people.Linked, people.Unlinked, people.Left, people.Returned, people.Owned:
		rd.person(r.Header, e)
	case flag.Created, flag.Turned, flag.Killed, flag.Reverted:
		rd.flag(r)
	case feedback.Heard, feedback.Planned, feedback.Settled:
		rd.feedback(r.Header, e)
	case feedback.Followed, feedback.Unfollowed, feedback.Announced:
		rd.follows(r.Header, e)
	case feedback.IssueFollowed, feedback.IssueUnfollowed, feedback.Informed, feedback.Commented:
		rd.issues(r.Header, e)
	case notes.Approved, notes.Published, notes.Corrected, notes.Landed, notes.Stranded, notes.Answered:
		rd.notes(r.Header, e)
	case release.Opened:
		rd.open(r.Header, e)
	default:
		if r.Stream.Room() != release.Room {
			return
		}
		f := rd.releases[workflows.ReleaseID(r.Stream.ID())]
		if f == nil {
			rd.wrongf(r.Header, "%s comes before the release was opened", r.Event.Kind())
			return
		}
		rd.release(r.Header, f, e)
		f.settle()
	}
}

// underPolicy: what is decided names the configuration that came into force last.
func (rd *Reading) underPolicy(r workflows.Recorded) {
	if _, itself := r.Event.(ledger.Policy); itself || rd.inForce == "" || r.Policy == rd.inForce || r.Stream == "" && r.Policy == "" {
		return
	}
	rd.wrongf(r.Header, "it was decided under the configuration %q, while %q was in force", r.Policy, rd.inForce)
}

// End lets go of what only a stream's own events need: it has no more.
func (rd *Reading) End(stream workflows.Stream) {
	if stream.Room() == feedback.Room {
		delete(rd.said, workflows.ReleaseID(stream.ID()))
		delete(rd.follow, workflows.ReleaseID(stream.ID()))
		delete(rd.issued, workflows.ReleaseID(stream.ID()))
	}
	if stream.Room() == notes.Room {
		delete(rd.told, workflows.ReleaseID(stream.ID()))
	}
	if f := rd.releases[workflows.ReleaseID(stream.ID())]; f != nil && stream.Room() == release.Room {
		f.gates, f.items, f.votes, f.names, f.cand = nil, nil, nil, nil, nil
		f.waivers, f.waived, f.plans, f.adders, f.owners, f.glass = nil, nil, nil, nil, nil, nil
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
