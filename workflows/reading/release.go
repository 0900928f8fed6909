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
	names     map[string]string // digest → content and content → digest, by binding
	votes     []cast            // the last of each voter, in the order they were cast
	passed    int               // how many gates are behind it
	since     time.Time         // when its soak began
	held      workflows.Seq     // the event that put it on hold; 0: it is not
	cancelled workflows.Seq
	out       string // the commit with which GA was opened
	over      bool
	most      int // percent that its flags may be raised to
}

// cast is a vote with its place in the ledger and the candidate of that moment.
type cast struct {
	release.Vote
	seq  workflows.Seq
	over *release.Candidate
}

func (rd *Reading) open(h workflows.Header, e release.Opened) {
	if rd.releases[e.ID] != nil || string(e.ID) != h.Stream.ID() {
		rd.wrongf(h, "it opens %s, which is %s", e.ID, map[bool]string{true: "open already", false: "another release"}[rd.releases[e.ID] != nil])
	}
	f := &followed{id: e.ID, risk: e.Risk, manager: e.Manager, paths: e.Paths, gates: e.Gates, since: h.At, names: map[string]string{},
		items: map[string]release.Item{}}
	for _, g := range e.Gates {
		for _, item := range g.Items {
			f.items[g.Full(item)] = item
		}
	}
	rd.releases[workflows.ReleaseID(h.Stream.ID())] = f
	if _, ok := tiers[e.Risk]; !ok {
		rd.wrongf(h, "nobody here knows the risk %q, nor what it asks for", e.Risk)
	}
	if e.Candidate != nil {
		rd.candidate(h, f, e.Candidate)
	}
	f.settle()
}

// release reads an event of a release that there is.
func (rd *Reading) release(h workflows.Header, f *followed, e workflows.Event) {
	switch e := e.(type) {
	case release.CandidateSet:
		rd.candidate(h, f, &e.Candidate)
		f.since = h.At
	case release.Signed:
		rd.signed(h, f, e.Vote)
	case release.Withdrawn:
		f.votes = slices.DeleteFunc(f.votes, func(v cast) bool { // a source takes all of its votes back, on whose word ever
			return v.Item == e.Item && v.Machine == e.From && (e.From != release.ByHand || v.By == e.By)
		})
	case release.Passed:
		rd.pass(h, f, e)
	case release.Held:
		f.held = h.Seq
	case release.Resumed:
		f.held = 0
	case release.Cancelled:
		f.cancelled, f.held = h.Seq, 0
	case release.RolledBack:
		if e.Passed > f.passed {
			rd.wrongf(h, "a rollback leaves %d gates passed, and %d were", e.Passed, f.passed)
		}
		f.passed, f.held, f.since, f.out = min(e.Passed, f.passed), h.Seq, h.At, ""
		p := f.id.Product()
		rd.shipped[p] = slices.DeleteFunc(rd.shipped[p], func(x *followed) bool { return x == f })
	}
}

// candidate reads a candidate: its digests must follow from its commit, and the author rule begin at the right one.
func (rd *Reading) candidate(h workflows.Header, f *followed, c *release.Candidate) {
	f.cand = c
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
	f.most = 0
	switch {
	case f.held != 0, f.cancelled != 0, f.passed == 0:
	case slices.ContainsFunc(f.gates[:f.passed], func(g release.Gate) bool { return g.Stage == workflows.GA }):
		f.most = 100
	default:
		f.most = 99
	}
}
