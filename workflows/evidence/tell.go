package evidence

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// kinds is what the report knows to tell, one line a kind. A later kind is one more line; until then it is listed under
// Other by its name.
var kinds = byName(
	says(opened), says(bound), says(changed), says(cancelled), says(candidateSet), says(signed), says(withdrawn), says(lapsed),
	says(soaked), says(passed), says(held), says(resumed), says(rolledBack),
	says(asked), says(assigned), says(planned), says(waived), says(waiverEnded), says(itemAdded), says(itemDropped), says(itemMoved),
	says(glassBroken), says(riskSet), says(adopted),
	says(watched), says(branchLost),
	says(flagCreated), says(flagTurned), says(flagKilled), says(flagDated), says(flagReverted),
	says(notesDrafted), says(notesEdited), says(notesApproved), says(notesPublished), says(notesCorrected),
	says(notesScheduled), says(notesUnscheduled), says(notesMissed), says(notesLanded), says(notesStranded), says(notesAnswered),
	says(briefingDrafted), says(briefingSent), says(briefingRead), says(quotaMet), says(quotaLost), says(countered),
	says(feedbackHeard), says(feedbackPlanned), says(feedbackSettled), says(feedbackAnnounced),
	says(issueFollowed), says(issueUnfollowed), says(feedbackInformed), says(feedbackCommented),
	says(scopeAdded), says(scopeDropped), says(heardOf), says(checksStood), says(deployBegun), says(deployed),
	says(accountLinked), says(accountUnlinked), says(wentAway), says(cameBack), says(ownershipClaimed),
	says(rosterArrived), says(wasRefused), says(policyRecorded), says(tipAnchored), says(putBack),
)

// kind is what the events of one kind add to the report.
type kind struct {
	name string
	tell func(*telling, workflows.Header, workflows.Event) Facts
}

// says makes a kind of the function that tells it.
func says[E workflows.Event](tell func(*telling, workflows.Header, E) Facts) kind {
	var zero E
	return kind{zero.Kind(), func(t *telling, h workflows.Header, e workflows.Event) Facts { return tell(t, h, e.(E)) }}
}

func byName(all ...kind) map[string]kind {
	out := map[string]kind{}
	for _, k := range all {
		out[k.name] = k
	}
	return out
}

// telling is a report in the making: the release as its own room folds it, beside what that fold forgets.
type telling struct {
	Report
	release  release.Release // before the event that is told
	votes    []*vote
	glass    *Broken // that was broken last
	policies map[string]ledger.Policy
	groups   map[string]policy.Group // as they arrived last
	folk     folk
	handles  map[workflows.Handle][]workflows.PersonID // who acted by it, before or after
	under    map[string]*Policy                        // by hash
}

// tell folds events into the report. It is a pure function of them and the heading. The room's fold cannot fail on what
// its decisions wrote; events that somebody else made up may break it, and are refused.
func tell(h Heading, events []workflows.Recorded) (r Report, err error) {
	t := &telling{Report: Report{Heading: h, Product: h.Release.Product(), Version: h.Release.Version(), Texts: map[string]string{}, Other: map[string]int{}},
		policies: map[string]ledger.Policy{}, groups: map[string]policy.Group{}, folk: newFolk(), handles: map[workflows.Handle][]workflows.PersonID{}, under: map[string]*Policy{}}
	var at workflows.Seq
	defer func() {
		if p := recover(); p != nil {
			r, err = Report{}, fmt.Errorf("event %d does not follow from those before it: %v", at, p)
		}
	}()
	for _, e := range events {
		if e.By.Person != "" && !slices.Contains(t.handles[e.By.Handle], e.By.Person) {
			t.handles[e.By.Handle] = append(t.handles[e.By.Handle], e.By.Person)
		}
		if p, ok := e.Event.(ledger.Policy); ok { // the same configuration may be on record later again, and only there
			t.policies[p.Hash] = p
		}
	}
	for _, e := range events {
		at = e.Seq
		t.take(e)
	}
	t.finish()
	return t.Report, nil
}

// untold are kinds that stand in the records, which have no gap, and not in the report: who follows a release is a user's
// own, and nobody's evidence.
var untold = []string{feedback.Followed{}.Kind(), feedback.Unfollowed{}.Kind()}

func (t *telling) take(e workflows.Recorded) {
	if slices.Contains(untold, e.Event.Kind()) {
		return
	}
	k, ok := kinds[e.Event.Kind()]
	line := Happening{Act: act(e.Header), As: e.As, Kind: e.Event.Kind()}
	if ok {
		line.Facts = k.tell(t, e.Header, e.Event)
	} else {
		t.Other[line.Kind]++
	}
	t.Timeline = append(t.Timeline, line)
	t.decided(e)
	if e.Stream.Room() == release.Room {
		t.release = release.Evolve(t.release, e)
		t.reshape(e)
		t.refresh(e.Header)
	}
}

func act(h workflows.Header) Act {
	return Act{By: h.By.Person, Handle: h.By.Handle, Machine: h.By.Machine, At: h.At, Event: h.Seq}
}

// finish brings what was gathered on the way into the report.
func (t *telling) finish() {
	t.Stands, t.Overrides = t.release.Where(), t.overridden()
	for i := range t.Gates {
		t.Gates[i].settle(t.Risk)
	}
	for _, v := range t.votes {
		if i := t.item(v.raw.Item); i != nil {
			i.Votes = append(i.Votes, v.Vote)
		}
	}
	for i, p := range t.Policies {
		p = *t.under[p.Hash]
		slices.SortFunc(p.People, func(a, b Acting) int { return compare(a.Person, b.Person) })
		t.Policies[i] = p
	}
	if len(t.Texts) == 0 {
		t.Texts = nil
	}
	if len(t.Other) == 0 {
		t.Other = nil
	}
}

func compare[S ~string](a, b S) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// gate finds a gate of the report; nil: there is none of that name.
func (t *telling) gate(key string) *Gate {
	i := slices.IndexFunc(t.Gates, func(g Gate) bool { return g.Key == key })
	if i < 0 {
		return nil
	}
	return &t.Gates[i]
}

func (t *telling) mustGate(key string) *Gate {
	g := t.gate(key)
	if g == nil {
		panic("there is no gate " + key) // made up: the room writes no such event
	}
	return g
}

// item finds an item of the report that is still asked, else the last that was; nil: there is none of that name.
func (t *telling) item(full string) *Item {
	var gone *Item
	for n := range t.Gates {
		g := &t.Gates[n]
		if i := g.live(full); i != nil {
			return i
		}
		for i := range g.Items {
			if g.Items[i].Key == full {
				gone = &g.Items[i]
			}
		}
	}
	return gone
}

func (t *telling) must(full string) *Item {
	i := t.item(full)
	if i == nil {
		panic("there is no item " + full)
	}
	return i
}

func rosterArrived(t *telling, _ workflows.Header, e team.Arrived) Facts {
	g := policy.Group{AsOf: e.AsOf}
	for _, m := range e.Members {
		bore := t.handles[m.Handle]
		if len(bore) == 0 {
			bore = []workflows.PersonID{team.PersonID(m.Handle)}
		}
		g.Members = append(g.Members, bore...)
	}
	t.groups[e.Platform+"/"+e.Group] = g
	return Facts{"group": e.Platform + "/" + e.Group, "members": fmt.Sprint(len(e.Members)), "as_of": stamp(e.AsOf)}
}
