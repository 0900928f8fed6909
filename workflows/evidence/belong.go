package evidence

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// named are the rooms whose streams bear the name of a release.
var named = []string{release.Room, notes.Room, briefing.Room, feedback.Room}

// membership holds events to one release: which streams there are, how far each has come, and what must be there
// because another event speaks of it.
type membership struct {
	id       workflows.ReleaseID
	at       map[workflows.Stream]workflows.Revision
	asks     map[string]bool             // room and ask of each event: what an act caused elsewhere bears the act's id
	policies map[string]bool             // under which the release's events were decided
	groups   map[string]bool             // to which those policies give roles
	who      map[workflows.PersonID]bool // did something here
}

// belong refuses what is not this release's, and a gap in what is.
func belong(id workflows.ReleaseID, events []workflows.Recorded) error {
	m := membership{id: id, at: map[workflows.Stream]workflows.Revision{}, asks: map[string]bool{}, policies: map[string]bool{}, groups: map[string]bool{}, who: acting(events, events)}
	for _, e := range events {
		m.asks[e.Stream.Room()+" "+e.Ask] = true
		if p, ok := e.Event.(ledger.Policy); ok {
			for group := range groups(p) {
				m.groups[group] = true
			}
		}
		if isAct(e) {
			m.policies[e.Policy] = true
		}
	}
	for _, e := range events {
		if err := m.take(e); err != nil {
			return fmt.Errorf("event %d (%s): %w", e.Seq, e.Event.Kind(), err)
		}
		m.at[e.Stream] = e.Revision
	}
	if m.at[workflows.StreamOf(release.Room, string(id))] == 0 {
		return fmt.Errorf("no entry says that %s was opened", id)
	}
	for _, e := range events {
		if err := m.causes(e); err != nil {
			return fmt.Errorf("event %d (%s): %w", e.Seq, e.Event.Kind(), err)
		}
	}
	return nil
}

// isAct tells what was done to the release, or tried, from the records about authority and the ledger that go with it, and
// from what anybody said about it or wants to hear of it: who users are is nobody's evidence.
func isAct(e workflows.Recorded) bool {
	switch e.Event.(type) {
	case ledger.Policy, ledger.Anchored, team.Arrived, feedback.Heard, feedback.Followed, feedback.Unfollowed:
		return false
	}
	return e.Stream.Room() != people.Room
}

// take holds one event to its place.
func (m membership) take(e workflows.Recorded) error {
	room := e.Stream.Room()
	switch {
	case e.Stream == "":
		return m.loose(e)
	case room == team.Room:
		return m.roster(e)
	case room == people.Room:
		return m.person(e)
	case slices.Contains(named, room) && e.Stream.ID() != string(m.id), room != flag.Room && !slices.Contains(named, room):
		return fmt.Errorf("it belongs to %s, not to %s", e.Stream, m.id)
	case e.Revision != m.at[e.Stream]+1:
		return fmt.Errorf("it is the %d. of %s and follows the %d.: what stood between is missing", e.Revision, e.Stream, m.at[e.Stream])
	case e.Revision > 1:
		return nil
	}
	switch first := e.Event.(type) {
	case release.Opened:
		if room != release.Room || first.ID != m.id {
			return fmt.Errorf("it opens %s, not %s", first.ID, m.id)
		}
	case flag.Created:
		if room != flag.Room || first.Release != m.id || string(first.Key) != e.Stream.ID() {
			return fmt.Errorf("it is a flag of %s, not of %s", first.Release, m.id)
		}
	default:
		if room == release.Room || room == flag.Room {
			return fmt.Errorf("%s begins with something else than its making", e.Stream)
		}
	}
	return nil
}

// loose are the events without a stream: only those that speak of this release, or of what it was decided under.
func (m membership) loose(e workflows.Recorded) error {
	switch x := e.Event.(type) {
	case ledger.Refused:
		if !about(m.id, x) {
			return fmt.Errorf("what was refused is not about %s", m.id)
		}
	case ledger.Policy:
		if !m.policies[x.Hash] {
			return fmt.Errorf("nothing here was decided under the configuration %s", x.Hash)
		}
	case ledger.Anchored, ledger.Restored:
	default:
		return fmt.Errorf("it is no event of %s", m.id)
	}
	return nil
}

// roster excerpts: only of groups that give a role, and in their order; a whole year of polls is nobody's evidence.
func (m membership) roster(e workflows.Recorded) error {
	a, ok := e.Event.(team.Arrived)
	switch {
	case !ok || !m.groups[a.Platform+"/"+a.Group]:
		return errors.New("it is of a group that gave nobody a role here")
	case e.Stream != team.StreamOf(team.Roster{Platform: a.Platform, Group: a.Group}):
		return fmt.Errorf("it is of another group than %s", e.Stream)
	case e.Revision <= m.at[e.Stream]:
		return fmt.Errorf("it is revision %d of %s and follows revision %d", e.Revision, e.Stream, m.at[e.Stream])
	}
	return nil
}

// causes refuses an event whose cause or whose object is missing: a stream left out as a whole has no gap.
func (m membership) causes(e workflows.Recorded) error {
	switch x := e.Event.(type) {
	case release.Signed:
		room := string(x.Vote.Machine)
		if slices.Contains(named, room) && !m.asks[room+" "+e.Ask] {
			return fmt.Errorf("the vote follows from the %s, and the event that it follows from is missing", room)
		}
	case release.Passed:
		return m.flagged(x.Flags)
	case release.RolledBack:
		return m.flagged(x.Flags)
	}
	return nil
}

func (m membership) flagged(flags map[workflows.FlagKey]map[workflows.Environment]int) error {
	var missing []string
	for key := range flags {
		if m.at[workflows.StreamOf(flag.Room, string(key))] == 0 {
			missing = append(missing, string(key))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return fmt.Errorf("the release had flags whose events are missing: %s", strings.Join(missing, ", "))
}
