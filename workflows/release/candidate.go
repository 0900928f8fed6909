package release

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Candidate is the commit that is meant to go out, with a digest per binding.
type Candidate struct {
	Commit  workflows.Commit    `json:"commit"`
	Digests map[Binding]string  `json:"digests"`
	Builds  map[string]string   `json:"builds,omitempty"`  // artefact name → digest
	Written []policy.Authorship `json:"written,omitempty"` // who wrote the bound commits, for the author rule
	Base    string              `json:"base,omitempty"`    // the product's last candidate in GA, where those commits begin
	Moves   int                 `json:"moves"`             // how many candidates came before
	Size    Size                `json:"size,omitzero"`     // of an older record: not measured

	Mentions []string `json:"mentions,omitempty"` // the references in the messages of those commits, sorted
	More     bool     `json:"more,omitempty"`     // there were more references than are kept

	Watch string `json:"watch,omitempty"` // the branch of the forge that it follows; empty: none
	Lost  bool   `json:"lost,omitempty"`  // that branch is gone, and this is on record
}

func (c *Candidate) digest(b Binding) string { return c.Digests[b] }

// SetCandidate names the commit that is meant to go out.
type SetCandidate struct {
	Ref    string
	Builds map[string]string
	Paths  []string // the release's own, filled in by the desk before it looks
	Watch  bool     // the candidate follows Ref from here on, a branch of the forge
}

// Needs says who may move a candidate.
func (SetCandidate) Needs() workflows.Need { return workflows.Maker }

// Look asks for the commit and for what came since the product's last candidate in GA.
func (s SetCandidate) Look() workflows.Query {
	q := workflows.Query{Ref: s.Ref, Paths: s.Paths, Log: true, Files: true, OnlyBase: true}
	if s.Watch {
		q.Ref = branches + s.branch()
	}
	return q
}

// AtForge reports whether the forge is asked, whatever a clone on this machine holds: what is followed stands there.
func (s SetCandidate) AtForge() bool { return s.Watch }

// CandidateSet happened: the candidate moved. Votes whose bound content changed are stale from here on.
type CandidateSet struct {
	Candidate Candidate `json:"candidate"`
	From      string    `json:"from,omitempty"`   // set: it followed its branch, from this commit
	Forced    bool      `json:"forced,omitempty"` // the branch did not go on from there: its history was written anew
}

// Kind names the event.
func (CandidateSet) Kind() string { return "release.candidate_set" }

func (s SetCandidate) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	branch := ""
	if s.Watch {
		if err := s.watchable(r, f); err != nil {
			return nil, err
		}
		branch = s.branch()
		f.Found.Commit.Ref = branch
	}
	c := newCandidate(r, f, s.Builds)
	c.Watch = branch
	if r.Candidate != nil && r.Candidate.Commit.ID == c.Commit.ID && maps.Equal(r.Candidate.Builds, c.Builds) {
		if r.Watching() != branch {
			return []workflows.Event{Watched{branch}}, nil
		}
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s is the candidate already", c.Commit.Short())).
			Type(f.line("candidate show"))
	}
	return append([]workflows.Event{CandidateSet{Candidate: c}}, r.raise(touched(f), nil, f)...), nil
}

// newCandidate makes a candidate of what the source found.
func newCandidate(r Release, f Facts, builds map[string]string) Candidate {
	commit := f.Found.Commit
	commit.Files, commit.Mentions, commit.Closes, commit.Breaks = nil, nil, nil, false // the candidate says it of all its commits
	c := Candidate{Commit: commit, Builds: builds, Base: f.Base, Written: authorships(f), Size: sized(f)}
	c.Mentions, c.More = mentions(f)
	if r.Candidate != nil {
		c.Moves = r.Candidate.Moves + 1
	}
	tree := commit.Tree
	if len(r.Paths) > 0 {
		tree = under(commit, r.Paths)
	}
	c.Digests = map[Binding]string{ToCommit: withBuilds(commit.ID, builds), ToTree: tree}
	if r.ID.IsFeature() {
		c.Digests[ToCommit] = withBuilds(tree, builds)
	}
	return c
}

// under joins the digests of a feature's paths.
func under(c workflows.Commit, paths []string) string {
	var b strings.Builder
	for _, p := range paths {
		fmt.Fprintf(&b, "%s=%s\n", p, c.Under[p])
	}
	return shortHash(b.String())
}

// withBuilds binds the artefacts too: another build of the same commit was not the one that was vouched for.
func withBuilds(digest string, builds map[string]string) string {
	if len(builds) == 0 {
		return digest
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(builds)) {
		fmt.Fprintf(&b, "%s=%s\n", name, builds[name])
	}
	return digest + "+" + shortHash(b.String())
}

func shortHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:20])
}

// authorships groups the bound commits by who wrote them: those since the product's last candidate in GA, and the
// candidate itself in any case.
func authorships(f Facts) []policy.Authorship {
	var out []policy.Authorship
	for _, c := range bound(f) {
		authors := slices.Sorted(slices.Values(c.Authors))
		i := slices.IndexFunc(out, func(a policy.Authorship) bool { return slices.Equal(a.Authors, authors) })
		if i < 0 {
			out = append(out, policy.Authorship{Authors: authors, Example: c.ID})
			i = len(out) - 1
		}
		out[i].Commits++
	}
	return out
}

func (e CandidateSet) evolve(r Release, h workflows.Header) Release {
	was := map[int]bool{}
	for i, v := range r.Votes {
		was[i] = r.Fresh(v)
	}
	c := e.Candidate
	r.Candidate = &c
	r = r.soakFrom(h.At)
	for i, v := range r.Votes {
		if was[i] && !r.Fresh(v) {
			r.Tally.Stale++
		}
	}
	return r
}

func (e CandidateSet) tell(r Release, h workflows.Header) []workflows.Effect { return soakWake(r, h) }
