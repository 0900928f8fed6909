package desk

import (
	"slices"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// tell turns an effect into deliveries, one per place. What would be said to somebody about their own act is left out.
func (s *session) tell(e workflows.Recorded, effect workflows.Effect) error {
	d := storage.Delivery{Kind: effect.Kind, What: effect.What, Stream: e.Stream, Seq: e.Seq, Due: effect.At, Data: effect.Data}
	if d.Due.IsZero() {
		d.Due = s.now
	}
	if effect.Kind != workflows.Tell {
		if effect.Slot != "" {
			d.Slot = effect.Slot + "/" + string(e.Stream)
		}
		s.due = append(s.due, d)
		return nil
	}
	places, err := s.places(effect.To)
	if err != nil {
		return err
	}
	about := string(e.Stream) // a slot is about one thing: the release that is told, else the stream
	if effect.To.Release != "" {
		about = string(workflows.StreamOf(release.Room, string(effect.To.Release)))
	}
	if effect.Slot != "" {
		d.Slot = effect.Slot + "/" + about
	}
	if effect.In != "" {
		d.In = effect.In + "/" + about
	}
	for _, p := range places {
		d.Place, d.Public = p, s.book.Publicly(p)
		d, wanted := s.rules.told(d)
		if !wanted {
			continue
		}
		if err := s.deliver(d); err != nil {
			return err
		}
		if n := len(s.due) - 1; effect.First {
			s.due = slices.Insert(s.due[:n], s.first, s.due[n])
			s.first++
		}
	}
	return nil
}

// deliver adds a delivery to the session; of one slot only the last counts, as the queue would have it.
func (s *session) deliver(d storage.Delivery) error {
	same := func(x storage.Delivery) bool { return d.Slot != "" && x.Slot == d.Slot && x.Place == d.Place }
	if i := slices.IndexFunc(s.due, same); i >= 0 {
		d.Due = s.due[i].Due
		s.due[i] = d
		return nil
	}
	s.due = append(s.due, d)
	if d.In != "" {
		return nil // a line in a thread is history, not news
	}
	if d.What == feedback.ToldFollower {
		s.countFollower()
		return nil
	}
	edit := false
	if d.Slot != "" {
		shown, ok, err := s.tx.Slot(d.Slot, d.Place)
		if err != nil {
			return err
		}
		edit = ok && shown.Message != ""
	}
	told := workflows.Told{Place: d.Place, What: d.What, Edit: edit}
	if d.Place.IsDirect() {
		p, _ := s.book.Resolve(d.Place.Of())
		told.Who = p.ID
	}
	s.told = append(s.told, told)
	return nil
}

// countFollower notes that one more of those who follow is told: of a crowd people read how many they are.
func (s *session) countFollower() {
	i := slices.IndexFunc(s.told, func(t workflows.Told) bool { return t.N > 0 })
	if i < 0 {
		s.told = append(s.told, workflows.Told{What: feedback.ToldFollower})
		i = len(s.told) - 1
	}
	s.told[i].N++
}

// places are where an audience is told.
func (s *session) places(to workflows.To) ([]workflows.Place, error) {
	switch {
	case to.Release != "":
		r, err := s.release(to.Release)
		return r.Places, err
	case to.Audience != "":
		return s.audience(to.Audience), nil
	case to.Person != "" && to.Person == s.actor.Person:
		return nil, nil
	case to.Person != "":
		return s.direct(to.Person), nil
	case to.Account != "" && slices.Contains(s.rules.Platforms, to.Account.Platform()):
		return []workflows.Place{workflows.Direct(to.Account)}, nil
	case to.Account != "":
		p, _ := s.book.Resolve(to.Account)
		return s.direct(p.ID), nil
	}
	return []workflows.Place{to.Place}, nil
}

// audience is the channel of an audience, else the direct messages of its people.
func (s *session) audience(name workflows.Audience) []workflows.Place {
	for _, a := range todo.Audiences(s.book) {
		if a.Name != name {
			continue
		}
		if a.Place != "" {
			return []workflows.Place{a.Place}
		}
		var out []workflows.Place
		for _, id := range a.People {
			out = append(out, s.direct(id)...)
		}
		return out
	}
	return nil
}

// direct is where a person gets direct messages: on the first platform that is on and that they have a handle for.
func (s *session) direct(id workflows.PersonID) []workflows.Place {
	p, _ := s.book.Person(id)
	for _, platform := range s.rules.Platforms {
		for _, h := range p.Handles {
			if h.Platform() == platform {
				return []workflows.Place{workflows.Direct(h)}
			}
		}
	}
	return nil
}
