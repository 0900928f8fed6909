package reading

import (
	"slices"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// followed is one release as far as it was read.
type followed struct {
	id        workflows.ReleaseID
	risk      policy.Risk
	manager   workflows.PersonID
	paths     []string
	gates     []release.Gate
	items     map[string]release.Item // by full name
	cand      *release.Candidate
	checks    release.Checks    // as they were found last
	names     map[string]string // digest → content and content → digest, by binding
	votes     []cast            // the last of each voter, in the order they were cast
	waivers   map[string]release.Waiver
	waived    map[string]release.Item // as they asked then, by full name
	plans     map[string]release.Planning
	adders    map[string]workflows.PersonID // of the items that people brought
	owners    map[string]workflows.PersonID // of the items that were given to somebody
	glass     []broken
	last      workflows.Seq // its last event
	moved     string        // the request that named the candidate
	watch     string        // the branch that the candidate follows
	passed    int           // how many gates are behind it
	since     time.Time     // when its soak began
	soak      time.Duration // of the stage where it stands, where a higher risk asked for more before
	owing     []string      // items that passed gates let through without, by full name
	held      workflows.Seq // the event that put it on hold; 0: it is not
	cancelled workflows.Seq
	out       string // the commit with which GA was opened
	over      bool
	most      int                   // percent that its flags may be raised to
	after     []workflows.ReleaseID // that it comes after
	reach     int                   // how far users have it
}

// cast is a vote with its place in the ledger, and the candidate and the item of that moment.
type cast struct {
	release.Vote
	seq  workflows.Seq
	over *release.Candidate
	of   release.Item
}

func (rd *Reading) open(h workflows.Header, e release.Opened) {
	if rd.releases[e.ID] != nil || string(e.ID) != h.Stream.ID() {
		rd.wrongf(h, "it opens %s, which is %s", e.ID, map[bool]string{true: "open already", false: "another release"}[rd.releases[e.ID] != nil])
	}
	f := &followed{id: e.ID, risk: e.Risk, manager: e.Manager, paths: e.Paths, since: h.At, names: map[string]string{},
		waivers: map[string]release.Waiver{}, waived: map[string]release.Item{}, plans: map[string]release.Planning{}, adders: map[string]workflows.PersonID{},
		owners: map[string]workflows.PersonID{}, last: h.Seq, moved: h.Ask}
	f.arrange(e.Gates)
	f.waitsFor(e.After)
	rd.releases[workflows.ReleaseID(h.Stream.ID())] = f
	if e.Tag != nil {
		rd.machines(h, "opened it as if by a tag")
	}
	rd.known(h, e.Risk)
	rd.complete(h, f)
	if e.Candidate != nil {
		rd.candidate(h, f, e.Candidate)
	}
	f.settle()
}

// release reads an event of a release that there is.
func (rd *Reading) release(h workflows.Header, f *followed, e workflows.Event) {
	rd.idle(h, f, e)
	switch e := e.(type) {
	case release.CandidateSet:
		rd.pushed(h, f, e)
		rd.candidate(h, f, &e.Candidate)
		f.soakFrom(h.At)
		f.moved = h.Ask
	case release.Watched:
		f.watch = e.Branch
	case release.BranchLost:
		rd.machines(h, "saw that a branch is gone")
	case release.Checked:
		rd.machines(h, "looked at the checks")
		f.checks = e.Checks
	case release.Signed:
		rd.signed(h, f, e.Vote)
	case release.Withdrawn:
		f.votes = slices.DeleteFunc(f.votes, func(v cast) bool { // a source takes all of its votes back, on whose word ever
			return v.Item == e.Item && v.Machine == e.From && (e.From != release.ByHand || v.By == e.By)
		})
		f.unplan(e.Item)
	case release.Passed:
		rd.pass(h, f, e)
	case release.Held:
		f.held = h.Seq
	case release.Resumed:
		f.held = 0
	case release.Cancelled:
		rd.byManager(h, f, "cancelled it")
		f.cancelled, f.held = h.Seq, 0
	case release.RolledBack:
		rd.rolledBack(h, f, e)
	case release.DeployBegun:
		rd.begins(h, f, e)
	case release.Deployed:
		rd.became(h, f, e)
	default:
		rd.tended(h, f, e)
	}
}

// rolledBack: gates open again, and ask for what the risk asks for now.
func (rd *Reading) rolledBack(h workflows.Header, f *followed, e release.RolledBack) {
	if e.Passed > f.passed {
		rd.wrongf(h, "a rollback leaves %d gates passed, and %d were", e.Passed, f.passed)
	}
	f.passed, f.held, f.out = min(e.Passed, f.passed), h.Seq, ""
	f.owing = slices.DeleteFunc(f.owing, func(full string) bool { gate, _ := split(full); return f.gate(gate) >= f.passed })
	if e.Gates != nil {
		rd.fitted(h, f, e.Gates)
	} else {
		rd.complete(h, f)
	}
	f.enter(h.At)
	p := f.id.Product()
	rd.shipped[p] = slices.DeleteFunc(rd.shipped[p], func(x *followed) bool { return x == f })
}

// tended reads what was arranged about a release and its items beside the votes.
func (rd *Reading) tended(h workflows.Header, f *followed, e workflows.Event) {
	switch e := e.(type) {
	case release.Changed:
		rd.changed(h, f, e)
	case release.ScopeAdded: // what is planned may raise the risk
		f.moved = h.Ask
	case release.Asked:
		rd.byHolder(h, f, e.Item, "asked for a vote on")
	case release.Assigned:
		rd.byHolder(h, f, e.Item, "assigned")
		f.owners[e.Item] = e.Owner
	case release.Planned:
		rd.planned(h, f, e)
	case release.Waived:
		rd.waived(h, f, e)
	case release.WaiverEnded:
		rd.waiverEnded(h, f, e)
	case release.ItemAdded:
		rd.itemAdded(h, f, e)
	case release.ItemDropped:
		rd.itemDropped(h, f, e)
	case release.ItemMoved:
		rd.itemMoved(h, f, e)
	case release.GlassBroken:
		rd.glassBroken(h, f, e)
	case release.RiskSet:
		rd.weighed(h, f, e)
	case release.Adopted:
		rd.adopted(h, f, e)
	}
}

// changed: a release is given to somebody of the team.
func (rd *Reading) changed(h workflows.Header, f *followed, e release.Changed) {
	rd.byManager(h, f, "changed it")
	if e.After != nil {
		f.waitsFor(*e.After)
	}
	if e.Manager == "" {
		return
	}
	if rd.anyRole(acting(h), e.Manager) == no {
		rd.wrongf(h, "the release was given to %s, who held no role", e.Manager.At())
	}
	f.manager = e.Manager
}

// candidate reads a candidate: its digests must follow from its commit, and the author rule begin at the right one.
func (rd *Reading) candidate(h workflows.Header, f *followed, c *release.Candidate) {
	f.cand, f.watch = c, c.Watch
	for _, b := range []release.Binding{release.ToCommit, release.ToTree} {
		content, digest := string(b)+" is "+f.content(c, b), string(b)+" as "+c.Digests[b]
		if was, ok := f.names[digest]; ok && was != content {
			rd.wrongf(h, "the candidate's digest of its %s stood for other content before", b)
		}
		if was, ok := f.names[content]; ok && was != digest {
			rd.wrongf(h, "the candidate's %s had another digest before, with the same content", b)
		}
		f.names[digest], f.names[content] = content, digest
	}
	if base := rd.base(f); c.Base != base {
		rd.wrongf(h, "who wrote the candidate was asked since %s, and the product's last candidate in GA is %s",
			workflows.ShortID(c.Base), workflows.ShortID(base))
	}
}

// base is the commit of the product's last whole-tree candidate in GA, of another release.
func (rd *Reading) base(f *followed) string {
	all := rd.shipped[f.id.Product()]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i] != f {
			return all[i].out
		}
	}
	return ""
}

// settle works out what others ask of a release.
func (f *followed) settle() {
	f.over = f.cancelled != 0 || f.passed == len(f.gates)
	f.reach = reach(f.gates[:f.passed])
	f.most = 0
	switch {
	case f.held != 0, f.cancelled != 0, f.passed == 0:
	case slices.ContainsFunc(f.gates[:f.passed], func(g release.Gate) bool { return g.Stage == workflows.GA }):
		f.most = 100
	default:
		f.most = 99
	}
}
