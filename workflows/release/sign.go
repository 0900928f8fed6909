package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Sign is a person's vote on items. Several items are one act: all or none.
type Sign struct {
	Items    []string // as typed
	Value    Value    // empty: ok
	Evidence string   // a link
	Note     string
}

// Needs says who may: a holder of some role; the items say which.
func (Sign) Needs() workflows.Need { return workflows.Holder }

// Signed happened: somebody voted on one item.
type Signed struct {
	Vote Vote `json:"vote"`
}

// Kind names the event.
func (Signed) Kind() string { return "release.signed" }

func (s Sign) decide(r Release, f Facts) ([]workflows.Event, error) {
	if r.Over() {
		return nil, over(r)
	}
	if s.Value == "" {
		s.Value = OK
	}
	var events []workflows.Event
	seen := map[string]bool{}
	for i, word := range s.Items {
		g, item, err := r.Select(word, f, "sign")
		if err != nil {
			return nil, s.whole(err, i, f)
		}
		if seen[g.Full(item)] {
			continue
		}
		seen[g.Full(item)] = true
		said, err := s.one(r, f, g, item)
		if err != nil {
			return nil, err
		}
		for _, e := range said {
			if signed, ok := e.(Signed); !ok || !r.stands(signed.Vote) {
				events = append(events, e)
			}
		}
	}
	if len(events) == 0 {
		return nil, workflows.Refuse(workflows.Unchanged, "you said so already, and it counts as it stands").Type(f.line("check"))
	}
	return events, nil
}

// stands reports whether the very same vote stands already: a second press yields no second event. After somebody
// disagreed the same words say more: an ok answers needs-work, needs-work ends an answer.
func (r Release) stands(v Vote) bool {
	i := slices.IndexFunc(r.Votes, func(w Vote) bool {
		return w.same(v) && w.Value == v.Value && w.Digest == v.Digest && w.Note == v.Note && w.Evidence == v.Evidence &&
			w.As == v.As && w.Owner == v.Owner && w.For == v.For
	})
	return i >= 0 && !slices.ContainsFunc(r.Votes[i+1:], func(w Vote) bool {
		return w.Item == v.Item && (w.Value == NeedsWork && v.counts() || w.counts() && v.Value == NeedsWork)
	})
}

// one decides the vote on a single item.
func (s Sign) one(r Release, f Facts, g Gate, item Item) ([]workflows.Event, error) {
	full := g.Full(item)
	if f.Basis.Said && (f.Basis.Revision != r.Revisions[full] || f.Basis.Candidate != r.candidateMark()) {
		return nil, workflows.Refuse(workflows.Changed, fmt.Sprintf("%s changed since this was drawn: look again, then sign", full)).
			Type(f.line("item show", full))
	}
	if r.gate(g.Key()) < r.Passed && !r.owed(full) {
		return nil, r.behindIt(g, f)
	}
	h, err := s.authority(r, f, full, item)
	if err != nil {
		return nil, err
	}
	if s.Value == Withdraw {
		return s.withdraw(r, f, full)
	}
	v := Vote{Item: full, By: f.Actor.Person, As: h.Role, Owner: h.Owner, For: h.For, Value: s.Value, At: f.Now, Note: s.Note, Evidence: s.Evidence,
		ByHand: item.From != ByHand}
	if item.Binds != Unbound && v.counts() {
		if r.Candidate == nil {
			return nil, noCandidate(f, full)
		}
		v.Digest = r.Candidate.digest(item.Binds)
	}
	if r.Candidate != nil {
		v.Commit = r.Candidate.Commit.ID
	}
	if item.Valid > 0 && v.counts() {
		v.Expires = f.Now.AddDate(0, 0, item.Valid)
	}
	if err := s.wellFounded(r, f, full, item); err != nil {
		return nil, err
	}
	return []workflows.Event{Signed{v}}, s.fitsTier(r, f, v, item)
}

// fitsTier refuses a vote that could never count at the release's risk.
func (s Sign) fitsTier(r Release, f Facts, v Vote, item Item) error {
	full := v.Item
	switch {
	case item.Origin == OfGlass && s.Value == NA:
		return workflows.Refuse(workflows.NotAllowed, "what broke the glass is always reviewed").Type(f.line("sign", full))
	case v.counts() && r.ownGlass(v, f.Book, f.Now):
		return workflows.Refuse(workflows.ItemOwnGlass, "you broke that glass: somebody else reviews it").
			By(policy.Names(slices.DeleteFunc(r.holders(f.Book.For(r.Risk), item.Role, f.Now), func(id workflows.PersonID) bool {
				return id == f.Book.Canon(v.By)
			}))...).Type(f.line("item ask", full, "@…"))
	case s.Value == OK && s.Evidence == "" && WantsEvidence(r, full, f):
		return workflows.Refuse(workflows.ItemNoEvidence, fmt.Sprintf("at risk %s %s is signed with its %s", r.Risk, full, item.Evidence)).
			Type(f.line("sign", full, "https://…"))
	}
	return nil
}

// wellFounded refuses a vote that lacks what its value or its item asks for.
func (s Sign) wellFounded(r Release, f Facts, full string, item Item) error {
	switch {
	case s.Note == "" && s.Value != OK:
		return workflows.Refuse(workflows.NeedsReason, fmt.Sprintf("%s needs a note: others must know why", s.Value)).
			Type(f.line("sign", full, string(s.Value), "-- why"))
	case s.Value == OK && Follows(r, item, f):
		why := fmt.Sprintf("%s follows from %s at risk %s; it is not signed by hand", full, item.From, r.Risk)
		if c, looked := r.Checking(); looked && item.From == CI {
			why += ": " + c.Words()
		}
		return workflows.Refuse(workflows.NotAllowed, why).
			Type(f.line(leadsTo[item.From]))
	case !r.judges(f.Book, item, f.Actor.Person):
		return workflows.Refuse(workflows.NotAllowed,
			fmt.Sprintf("at risk %s a vote on %s counts only from somebody whose code address is known, and %s's is not", r.Risk, full, f.Actor.At())).
			By("whoever edits readyroom.yaml").Type(fmt.Sprintf("people: %s: code: [address], or code: none", f.Actor.Person))
	}
	return nil
}

// leadsTo is the verb through which a source speaks.
var leadsTo = map[Source]string{Notes: "notes approve", Briefing: "brief send", CI: "check"}

func (s Sign) authority(r Release, f Facts, full string, item Item) (policy.Holding, error) {
	if f.As != "" && f.As != item.Role {
		return policy.Holding{}, workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("%s is signed as %s", full, item.Role)).
			Type(f.line("sign", full))
	}
	b := f.Book.For(r.Risk)
	h, why := r.holds(b, f.Actor.Person, item.Role, f.Now)
	if why == "" {
		return h, nil
	}
	ref := workflows.Refuse(why, fmt.Sprintf("%s is signed by %s, which %s does not hold", full, item.Role, f.Actor.At()))
	if why == workflows.RosterStale {
		ref.Why = fmt.Sprintf("the group that makes %s a holder of %s was last read over %d h ago", f.Actor.At(), item.Role, int(policy.RosterAge.Hours()))
	}
	return h, ref.By(policy.Names(r.holders(b, item.Role, f.Now))...).Type(f.line("item show", full))
}

func noCandidate(f Facts, full string) *workflows.Refusal {
	return workflows.Refuse(workflows.NoCandidate, fmt.Sprintf("%s vouches for a commit, and no candidate is set", full)).
		By("engineering", "sre").Type(f.line("candidate set", "REF"))
}

func (e Signed) evolve(r Release, _ workflows.Header) Release {
	r.Votes = append(slices.DeleteFunc(r.Votes, func(v Vote) bool { return v.same(e.Vote) }), e.Vote)
	if e.Vote.Value != ByPlan && e.Vote.By != "" {
		r = r.unplan(e.Vote.Item)
	}
	if c := r.Care[e.Vote.Item]; c.Asked != nil && e.Vote.Value == NeedsWork { // who was asked has answered
		r = r.arrange(e.Vote.Item, func(c *Care) { c.Asked = nil })
	}
	if e.Vote.Value != OK { // a signer would want to know of it before pressing
		r.Revisions[e.Vote.Item]++
	}
	if e.Vote.By != "" {
		r.Tally.Votes++
		if !slices.Contains(r.Tally.Voters, e.Vote.By) {
			r.Tally.Voters = append(r.Tally.Voters, e.Vote.By)
		}
	}
	return r
}

func (e Signed) tell(r Release, _ workflows.Header) []workflows.Effect {
	var out []workflows.Effect
	if e.Vote.By != "" && (e.Vote.Value == NeedsWork || e.Vote.Value == Block) { // whoever makes it true has something to do about it
		out = append(out, told("sent-back", r.OwnerOf(e.Vote.Item)))
	}
	if !e.Vote.Expires.IsZero() {
		out = append(out, workflows.Effect{Kind: workflows.Wake, What: "tick", At: e.Vote.Expires, To: workflows.To{Release: r.ID}})
	}
	return out
}

// names joins the items of statuses, the first few and an ellipsis as a verdict line shows them.
func names(items []Status) string {
	var keys []string
	for _, s := range items {
		keys = append(keys, s.Item.Key)
	}
	return strings.Join(keys, ",")
}
