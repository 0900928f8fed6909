package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

func opened(t *telling, h workflows.Header, e release.Opened) Facts {
	t.Title, t.Why, t.Template, t.Revision = e.Title, e.Why, e.Template, e.Revision
	t.Risk, t.RiskWhy, t.Paths, t.Manager, t.Opened = e.Risk, e.RiskWhy, e.Paths, e.Manager, act(h)
	f := Facts{"template": e.Template, "risk": string(e.Risk)}
	if e.Candidate != nil {
		t.candidate(h, *e.Candidate)
		f["commit"] = e.Candidate.Commit.ID
		committed(f, e.Candidate.Commit)
	}
	if e.Tag != nil {
		f["tag"] = e.Tag.Name
	}
	if len(e.After) > 0 {
		f["after"] = waitsFor(e.After)
	}
	if !e.Cutoff.IsZero() {
		f["cutoff"] = stamp(e.Cutoff)
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

func changed(t *telling, h workflows.Header, e release.Changed) Facts {
	f := Facts{"why": e.Note}
	if e.Target != nil {
		f["target"] = stamp(*e.Target)
	}
	if e.Title != nil {
		t.Title, f["title"] = *e.Title, *e.Title
	}
	if e.Cutoff != nil {
		f["cutoff"] = until(*e.Cutoff)
	}
	if e.After != nil {
		f["after"] = waitsFor(*e.After)
	}
	if e.Manager != "" {
		t.Managers = append(t.Managers, Handover{Act: act(h), From: t.Manager, To: e.Manager})
		t.Manager, f["manager"] = e.Manager, e.Manager.At()
	}
	return f
}

func cancelled(_ *telling, _ workflows.Header, e release.Cancelled) Facts { return Facts{"why": e.Why} }

func candidateSet(t *telling, h workflows.Header, e release.CandidateSet) Facts {
	f := Facts{"commit": e.Candidate.Commit.ID, "subject": e.Candidate.Commit.Subject}
	if t.release.Candidate != nil {
		f["from"] = t.release.Candidate.Commit.ID
	}
	committed(f, e.Candidate.Commit)
	if e.Candidate.Watch != "" {
		f["branch"] = e.Candidate.Watch
	}
	if e.Forced {
		f["forced"] = "true"
	}
	t.candidate(h, e.Candidate)
	return f
}

// committed tells who committed what others wrote: it is theirs as well that it is as it is.
func committed(f Facts, c workflows.Commit) {
	if c.Committer != "" {
		f["authors"], f["committer"] = strings.Join(c.Authors, ", "), c.Committer
	}
}

func checksStood(_ *telling, _ workflows.Header, e release.Checked) Facts {
	return Facts{"commit": e.Checks.Commit, "what": e.Checks.Words(), "link": e.Checks.Link}
}

func watched(_ *telling, _ workflows.Header, e release.Watched) Facts {
	return Facts{"branch": e.Branch}
}

func branchLost(_ *telling, _ workflows.Header, e release.BranchLost) Facts {
	return Facts{"branch": e.Branch, "why": e.Why}
}

func soaked(_ *telling, _ workflows.Header, e release.Soaked) Facts {
	return Facts{"stage": string(e.Stage), "since": stamp(e.Since)}
}

// passed tells a gate's passing, and judges it again by what the records hold: the fold of the release as it stood, and
// the configuration in force. Who wrote a commit is not judged again: addresses of people are not in the ledger.
func passed(t *telling, h workflows.Header, e release.Passed) Facts {
	p := Passing{Act: act(h), To: e.To, Commit: e.Commit, Note: e.Note, Voters: e.Voters, Policy: h.Policy, Judged: JudgedByPolicy, Risk: t.Risk}
	next, ok := t.release.Next()
	gate := t.gate(e.Gate)
	if !ok || gate == nil || next.Key() != e.Gate {
		panic(fmt.Sprintf("%s is passed, which is not next", e.Gate)) // made up: the room writes no such event
	}
	p.Needed = new(gate.Asks)
	book, recorded := t.book(h.Policy)
	if !recorded {
		book, p.Judged = t.bookOfVotes(), JudgedByVotes
	}
	if e.Glass {
		p.Glass = t.glass
	}
	p.judge(t, release.CheckGate(t.release, next, book, h.At))
	for _, x := range t.votes {
		if i, _, ok := split(x.raw.Item); ok && i == e.Gate && x.Ended == nil && x.Stale != 0 {
			p.Stale = append(p.Stale, x.Event)
		}
	}
	slices.Sort(p.Counted)
	gate.Passed = append(gate.Passed, p)
	f := Facts{"gate": gate.Title, "commit": e.Commit, "to": string(e.To), "why": e.Note}
	if len(e.Seen) > 0 {
		f["seen"] = joined(e.Seen)
	}
	if e.Glass {
		f["glass"] = "yes"
	}
	return f
}

// judge holds a passing to what a gate shows when it is judged again. Over what the glass was broken is no doubt: it is
// said.
func (p *Passing) judge(t *telling, v release.Verdict) {
	for _, s := range v.Items {
		switch {
		case s.State == release.Open && (p.Glass == nil || !slices.Contains(p.Glass.Open, s.Full())):
			p.Doubts = append(p.Doubts, Doubt{Item: s.Full(), Reason: s.Reason})
		case s.State == release.Open:
		case s.State == release.IsWaived:
			p.Waived = append(p.Waived, s.Full())
		default:
			for _, counted := range s.Votes {
				p.Counted = append(p.Counted, t.standing(counted).Event)
			}
		}
	}
	if p.Glass == nil {
		for _, w := range v.Whole {
			p.Doubts = append(p.Doubts, Doubt{Reason: w.Reason})
		}
	}
	if (len(v.Open()) == 0 || p.Glass != nil) && !slices.Equal(v.Voters, p.Voters) {
		p.Doubts = append(p.Doubts, Doubt{Reason: OtherVoters})
	}
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
	for _, g := range t.release.Gates[e.Passed:] {
		out := t.mustGate(g.Key())
		if n := len(out.Passed); n > 0 && out.Passed[n-1].Undone == nil {
			undone := act(h)
			out.Passed[n-1].Undone = &undone
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
