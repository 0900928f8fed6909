package release

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Outward is a wish that may open something to users on the word of machines. That word is asked for anew in the same ask,
// since it may not be so any more: somebody ran a check again, and nobody heard. What leads towards safety is none, and waits
// for nobody outside.
type Outward interface {
	Wish
	rests(Release, Facts) (resting, bool) // false: it is refused in any case, or opens nothing
}

// resting is what a decision rests on.
type resting struct {
	gate Gate
	but  Source // whose items do not matter
	all  bool   // they all matter, whatever else is lacking
}

// Sight is what must be seen of the machines at the moment of a decision.
type Sight struct {
	Commit string                // whose checks; empty: none
	Env    workflows.Environment // whose deployments; empty: none
	Items  []string              // the items that go by it, by full name
}

// Sighted is what a wish must be shown, as the release stands; nothing where it opens nothing on such a word, or is refused
// in any case.
func Sighted(r Release, w Outward, f Facts) Sight {
	on, ok := w.rests(r, f)
	if !ok || r.Candidate == nil || f.Forge.Repository == "" {
		return Sight{}
	}
	var s Sight
	lacks := false
	v := CheckGate(r, on.gate, f.Book, f.Now)
	for _, one := range v.Items {
		switch {
		case on.but != ByHand && one.Item.From == on.but:
		case !s.take(r, one, f) && one.State == Open:
			lacks = true
		}
	}
	for _, full := range r.Owing {
		g, item, ok := r.find(full)
		if last := r.Passed == len(r.Gates)-1; ok && (last || r.Care[full].Waiver != nil) {
			s.take(r, judge(r, g, item, f.Book, f.Now), f)
		}
	}
	for _, b := range v.Whole {
		lacks = lacks || !slices.Contains(s.Items, b.Item)
	}
	if lacks && !on.all {
		return Sight{}
	}
	return s
}

// take adds an item that goes by the word of a machine, or waits for it. What people vouched for, or what is settled
// otherwise, does not.
func (s *Sight) take(r Release, one Status, f Facts) bool {
	person := func(v Vote) bool { return v.By != "" }
	waits := one.State == Open || one.State == Holds && !slices.ContainsFunc(one.Votes, person)
	if !waits || !f.Sources[one.Item.From] {
		return false
	}
	switch one.Item.From {
	case CI:
		s.Commit = r.Candidate.Commit.ID
	case Deployment:
		s.Env = f.Users
	default:
		return false
	}
	if full := one.Full(); !slices.Contains(s.Items, full) {
		s.Items = append(s.Items, full)
	}
	return true
}

// Query asks the forge for it, and for nothing else.
func (s Sight) Query(f Facts) workflows.Query {
	if len(s.Items) == 0 {
		return workflows.Query{}
	}
	q := workflows.Query{Forge: f.Forge.Repository, Ref: s.Commit, Checks: s.Commit != "", Only: true}
	if q.Checks && f.Checks == nil { // else the configuration names those that must be well
		q.Rules, q.Branch = true, f.Forge.Branch
	}
	if s.Env != "" {
		q.Envs = map[workflows.Environment]string{s.Env: f.Forge.Deploys[s.Env]}
	}
	return q
}

// blind says why it was not seen; nil: it was, or nothing had to be.
func (s Sight) blind(f Facts) *workflows.Refusal {
	switch {
	case len(s.Items) == 0:
		return nil
	case f.Found.Missing != nil:
		return f.Found.Missing
	case f.Found.Commit.ID != s.Commit:
		return workflows.Refuse(workflows.Unavailable, "nobody looked").By("whoever asks again").Type("/release check")
	}
	return nil
}

// items names what goes by it, in the gate by its key alone.
func (s Sight) items(g Gate) string {
	out := make([]string, len(s.Items))
	for i, full := range s.Items {
		out[i] = strings.TrimPrefix(full, g.Key()+"/")
	}
	return strings.Join(out, ", ")
}

// unseen refuses what would open on a word that nobody could ask for again. Line is how it is tried again.
func (s Sight) unseen(r Release, g Gate, f Facts, line string) *workflows.Refusal {
	why := s.blind(f)
	no := workflows.Refuse(workflows.Unavailable, fmt.Sprintf("«%s» goes by what machines say of %s at this moment, and nobody could see it: %s",
		g.Title(), s.items(g), why.Why)).By(why.Who...)
	for _, next := range why.Next {
		if next != "/release status" {
			no.Type(next)
		}
	}
	no.Type(line)
	if byHand := r.byHand(s, f); byHand != "" {
		no.Type(f.line("sign", byHand))
	}
	if r.laterDone(g.Key()) != "" {
		no.By("an owner by breaking the glass").Type(f.line("advance", "--break-glass -- why"))
	}
	return no
}

// byHand names those of the items that the asker may vouch for in the machines' place.
func (r Release) byHand(s Sight, f Facts) string {
	var may []Status
	for _, full := range s.Items {
		if g, item, ok := r.find(full); ok {
			if one := judge(r, g, item, f.Book, f.Now); MaySign(r, one, f) {
				may = append(may, one)
			}
		}
	}
	return names(may)
}

// shown is the release as it stands once what was just seen is on record.
func (r Release) shown(s Sight, f Facts) (Release, error) {
	if len(s.Items) == 0 || s.blind(f) != nil {
		return r, nil
	}
	events, err := newsOf(r, f)
	for _, e := range events {
		r = Evolve(r, workflows.Recorded{Event: e, Header: workflows.Header{At: f.Now}})
	}
	return r, err
}

// Seen takes in what was looked for on behalf of a wish, before that is decided, as a look from time to time does: whoever
// reads the release then reads by what it was decided, refused or not.
type Seen struct{ For Outward }

// Needs says that no person may.
func (Seen) Needs() workflows.Need { return workflows.Machine }

func (w Seen) decide(r Release, f Facts) ([]workflows.Event, error) {
	if s := Sighted(r, w.For, f); len(s.Items) == 0 || s.blind(f) != nil {
		return nil, nil
	}
	return newsOf(r, f)
}
