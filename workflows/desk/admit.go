package desk

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
	"github.com/readyroom/readyroom/workflows/team"
	"github.com/readyroom/readyroom/workflows/todo"
)

// target is what an ask is about.
type target struct {
	stream  workflows.Stream
	id      workflows.ReleaseID // of the release it belongs to; empty for wishes that belong to none
	release release.Release     // as the session has it; zero for a new one
	product Product
}

// admit says who asks, what about, and whether they may: everything before the room's own decision.
func (s *session) admit() (target, error) {
	if err := s.identify(); err != nil {
		return target{}, err
	}
	if need := s.ask.Wish.Needs(); s.ask.Bot == "" && need != workflows.Anyone && !s.book.IsMember(s.actor.Person, s.now) {
		return target{}, s.outsider(need) // before anything is looked up: a slip tells an outsider nothing
	}
	t, err := s.target(s.ask.Wish)
	if err != nil {
		return t, err
	}
	return t, s.authorise(t)
}

// identify resolves the asker. Unresolved means refused.
func (s *session) identify() error {
	if s.ask.Bot != "" {
		s.actor = workflows.Actor{Machine: s.ask.Bot}
		return nil
	}
	p, ok := s.book.Resolve(s.ask.By)
	if _, stranger := s.ask.Wish.(workflows.Stranger); stranger && !ok {
		s.actor = workflows.Actor{Handle: s.ask.By} // nobody yet: what they bring must prove who they are
		return nil
	}
	if !ok {
		return todo.UnknownPerson(s.ask.By, s.rules.Join)
	}
	s.actor = workflows.Actor{Person: p.ID, Handle: s.ask.By}
	s.zone = s.rules.zone(p)
	return nil
}

// authorise weighs the wish's need, as of now.
func (s *session) authorise(t target) error {
	need := s.ask.Wish.Needs()
	if s.ask.Bot != "" {
		if need != workflows.Machine {
			return fmt.Errorf("the machine %q may not wish %T", s.ask.Bot, s.ask.Wish)
		}
		return nil
	}
	if s.ask.Press != "" { // an undo is by whoever did what it takes back (see pressed), while they still might do it
		p, ok, err := s.pending(s.ask.Press)
		if err != nil {
			return err
		}
		if ok && p.Undo {
			need = p.Need
		}
	}
	if why := s.bookOf(t).Allows(s.actor.Person, need, t.release.Manager, s.now); why != "" {
		return s.mayNot(need, t)
	}
	return nil
}

// bookOf is the book as the risk of what is asked about reads it: where owners do not stand in, they do not for a need.
func (s *session) bookOf(t target) *policy.Book {
	if !t.release.Exists() {
		return s.book
	}
	return s.book.For(t.release.Risk)
}

// outsider refuses somebody who is not of the team. They do not read who is, nor, by who is left out, who is away.
func (s *session) outsider(need workflows.Need) *workflows.Refusal {
	no := s.mayNot(need, target{})
	if need != workflows.Holder && need != workflows.Member {
		no.Who = []string{"whoever holds that"}
	}
	return no
}

func (s *session) mayNot(need workflows.Need, t target) *workflows.Refusal {
	who := s.bookOf(t).Who(need, t.release.Manager, s.now)
	held := heldNames(s.bookOf(t).RolesOf(s.actor.Person, s.now))
	return workflows.Refuse(workflows.NotAllowed, fmt.Sprintf("this needs %s; %s has %s", need, s.actor.At(), held)).
		By(who...).Type("/release help")
}

// target resolves what a wish is about.
func (s *session) target(wish workflows.Intent) (target, error) {
	switch w := wish.(type) {
	case release.New:
		return s.newTarget(w.ID)
	case release.Tagged:
		return s.newTarget(w.ID)
	case tags.Wish:
		return s.tagsTarget(tags.ProductOf(w))
	case places.Wish:
		return target{stream: places.StreamOf(w)}, nil
	case team.Wish:
		return target{stream: team.StreamOf(w)}, nil
	case people.Wish:
		return s.peopleTarget(w)
	case ledger.Anchor:
		return s.anchorTarget(w)
	case workflows.Acted:
		return s.actedTarget(w)
	case flag.New:
		t, err := s.releaseTarget(flag.Room, wish)
		t.stream = workflows.StreamOf(flag.Room, string(w.Key))
		return t, err
	case flag.Wish:
		return s.flagTarget()
	case release.Wish:
		return s.releaseTarget(release.Room, wish)
	}
	if room := roomOf(wish); room != "" {
		return s.releaseTarget(room, wish)
	}
	return target{}, nil // a wish of the desk's own
}

func (s *session) newTarget(id workflows.ReleaseID) (target, error) {
	p, v := id.Product(), id.Version()
	switch {
	case !workflows.ValidID(string(p)):
		return target{}, workflows.Refuse(workflows.Invalid, fmt.Sprintf("a product's name is %s", workflows.IDShape)).Type("/release new app@1.0.0")
	case !workflows.ValidVersion(v):
		return target{}, workflows.Refuse(workflows.Invalid, fmt.Sprintf("after the @ comes a version or a feature's name: %s", workflows.VersionShape)).
			Type(fmt.Sprintf("/release new %s@1.0.0", p))
	}
	product, err := s.product(p)
	if err != nil {
		return target{}, err
	}
	stream := workflows.StreamOf(release.Room, string(id))
	r, err := s.release(id)
	return target{stream: stream, id: id, release: r, product: product}, err
}

func (s *session) releaseTarget(room string, wish workflows.Intent) (target, error) {
	found, err := find(s.tx, s.ask.On, s.ask.At, wish)
	if err != nil {
		return target{}, err
	}
	return s.targetIn(room, found.ID)
}

// targetIn is the stream of a release in a room.
func (s *session) targetIn(room string, id workflows.ReleaseID) (target, error) {
	r, err := s.release(id)
	if err != nil {
		return target{}, err
	}
	product, err := s.product(id.Product())
	return target{stream: workflows.StreamOf(room, string(id)), id: id, release: r, product: product}, err
}

// actedTarget is the stream whose event wished an act.
func (s *session) actedTarget(w workflows.Acted) (target, error) {
	t, err := s.followTarget(w.Stream)
	if err == nil && !t.release.Exists() {
		err = fmt.Errorf("an act ended that nobody wished: %s of %s", w.What, w.Stream)
	}
	return t, err
}

func (s *session) flagTarget() (target, error) {
	stream := workflows.StreamOf(flag.Room, s.ask.On.Flag)
	w, err := s.on(stream)
	if err != nil {
		return target{}, err
	}
	f := w.after.state.(flag.Flag)
	if !f.Exists() {
		return target{}, s.unknownFlag()
	}
	t, err := s.targetIn(flag.Room, f.Release)
	t.stream = stream
	return t, err
}

func (s *session) unknownFlag() error {
	flags, err := flagsUnder(s.tx, flag.Room)
	if err != nil {
		return err
	}
	var keys []string
	for _, f := range flags {
		keys = append(keys, string(f.Key))
	}
	ref := workflows.Refuse("unknown_flag", fmt.Sprintf("no flag is called %s", workflows.Display(s.ask.On.Flag, 40)))
	for _, k := range workflows.Nearest(s.ask.On.Flag, keys, 3) {
		ref.Type("/release flag show " + k)
	}
	return ref.Type("/release flag list")
}
