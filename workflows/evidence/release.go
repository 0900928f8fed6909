package evidence

import (
	"fmt"
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

func opened(t *telling, h workflows.Header, e release.Opened) Facts {
	t.Title, t.Why, t.Template, t.Revision = e.Title, e.Why, e.Template, e.Revision
	t.Risk, t.RiskWhy, t.Paths, t.Manager, t.Opened = e.Risk, e.RiskWhy, e.Paths, e.Manager, act(h)
	tier := e.Risk.Tier()
	for _, g := range e.Gates {
		out := Gate{Key: g.Key(), Title: g.Title(), Opens: g.Opens(), AuthorRule: tier.AuthorOut && binds(g)}
		if g.Opens() {
			out.People = tier.People
		} else {
			out.SoakHours = int(tier.Soak / time.Hour)
		}
		for _, i := range g.Items {
			out.Items = append(out.Items, Item{Key: g.Full(i), Text: i.Text, Role: i.Role, Binds: i.Binds, From: i.From})
		}
		t.Gates = append(t.Gates, out)
	}
	f := Facts{"template": e.Template, "risk": string(e.Risk)}
	if e.Candidate != nil {
		t.candidate(h, *e.Candidate)
		f["commit"] = e.Candidate.Commit.ID
	}
	return f
}

func binds(g release.Gate) bool {
	return slices.ContainsFunc(g.Items, func(i release.Item) bool { return i.Binds != release.Unbound })
}

func (t *telling) candidate(h workflows.Header, c release.Candidate) {
	t.Candidates = append(t.Candidates, Candidate{Act: act(h), Commit: c.Commit.ID, Tree: c.Commit.Tree, Ref: c.Commit.Ref,
		Subject: c.Commit.Subject, Builds: c.Builds, Base: c.Base})
}

func bound(_ *telling, _ workflows.Header, e release.Bound) Facts {
	return Facts{"place": string(e.Place)}
}

func changed(t *telling, _ workflows.Header, e release.Changed) Facts {
	f := Facts{"why": e.Note}
	if e.Target != nil {
		f["target"] = stamp(*e.Target)
	}
	if e.Title != nil {
		t.Title, f["title"] = *e.Title, *e.Title
	}
	return f
}

func cancelled(_ *telling, _ workflows.Header, e release.Cancelled) Facts { return Facts{"why": e.Why} }

func candidateSet(t *telling, h workflows.Header, e release.CandidateSet) Facts {
	f := Facts{"commit": e.Candidate.Commit.ID, "subject": e.Candidate.Commit.Subject}
	if t.release.Candidate != nil {
		f["from"] = t.release.Candidate.Commit.ID
	}
	t.candidate(h, e.Candidate)
	return f
}

func soaked(_ *telling, _ workflows.Header, e release.Soaked) Facts {
	return Facts{"stage": string(e.Stage), "since": stamp(e.Since)}
}

// passed tells a gate's passing, and judges it again by what the records hold: the fold of the release as it stood, and
// the configuration in force. Who wrote a commit is not judged again: addresses of people are not in the ledger.
func passed(t *telling, h workflows.Header, e release.Passed) Facts {
	p := Passing{Act: act(h), To: e.To, Commit: e.Commit, Note: e.Note, Voters: e.Voters, Policy: h.Policy, Judged: JudgedByPolicy}
	next, ok := t.release.Next()
	gate := t.gate(e.Gate)
	if !ok || gate == nil || next.Key() != e.Gate {
		panic(fmt.Sprintf("%s is passed, which is not next", e.Gate)) // made up: the room writes no such event
	}
	book, recorded := t.book(h.Policy)
	if !recorded {
		book, p.Judged = t.bookOfVotes(), JudgedByVotes
	}
	v := release.CheckGate(t.release, next, book, h.At)
	for _, s := range v.Items {
		if s.State == release.Open {
			p.Doubts = append(p.Doubts, Doubt{Item: s.Full(), Reason: s.Reason})
			continue
		}
		for _, counted := range s.Votes {
			p.Counted = append(p.Counted, t.standing(counted).Event)
		}
	}
	for _, w := range v.Whole {
		p.Doubts = append(p.Doubts, Doubt{Reason: w.Reason})
	}
	if len(v.Open()) == 0 && !slices.Equal(v.Voters, e.Voters) {
		p.Doubts = append(p.Doubts, Doubt{Reason: OtherVoters})
	}
	for _, x := range t.votes {
		if i, _, ok := split(x.raw.Item); ok && i == e.Gate && x.Ended == nil && x.Stale != 0 {
			p.Stale = append(p.Stale, x.Event)
		}
	}
	slices.Sort(p.Counted)
	gate.Passed = append(gate.Passed, p)
	return Facts{"gate": gate.Title, "commit": e.Commit, "to": string(e.To), "why": e.Note}
}

func held(t *telling, h workflows.Header, e release.Held) Facts {
	t.Holds = append(t.Holds, Hold{Act: act(h), Why: e.Why})
	return Facts{"why": e.Why}
}

func resumed(t *telling, h workflows.Header, e release.Resumed) Facts {
	t.endHold(h, e.Note)
	return Facts{"why": e.Note}
}

// endHold ends the hold that stands, if one does.
func (t *telling) endHold(h workflows.Header, note string) {
	if n := len(t.Holds); n > 0 && t.Holds[n-1].Until == nil {
		until := act(h)
		t.Holds[n-1].Until, t.Holds[n-1].Note = &until, note
	}
}

func rolledBack(t *telling, h workflows.Header, e release.RolledBack) Facts {
	t.endHold(h, "") // the rollback's own takes its place
	t.Rollbacks = append(t.Rollbacks, Rollback{Act: act(h), Why: e.Why, From: e.From, Commit: e.Commit, Good: e.Good})
	t.Holds = append(t.Holds, Hold{Act: act(h), Why: "rollback"})
	for i := range t.Gates {
		if i < e.Passed {
			continue
		}
		if n := len(t.Gates[i].Passed); n > 0 && t.Gates[i].Passed[n-1].Undone == nil {
			undone := act(h)
			t.Gates[i].Passed[n-1].Undone = &undone
		}
	}
	return Facts{"from": e.From, "why": e.Why, "commit": e.Commit, "good": e.Good}
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// day is a date, or nothing for none.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}
