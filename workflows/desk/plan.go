package desk

import (
	"cmp"
	"fmt"
	"reflect"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
	"github.com/readyroom/readyroom/workflows/team"
)

// decideAsk decides the ask within the session: what happens, what follows, who is told. Nothing is written.
func (s *session) decideAsk(looked workflows.Query) (workflows.Receipt, error) {
	t, err := s.admit()
	if err != nil {
		return workflows.Receipt{}, err
	}
	query, err := s.query(t, s.ask.Wish)
	if err != nil {
		return workflows.Receipt{}, err
	}
	if !reflect.DeepEqual(query, looked) {
		return workflows.Receipt{}, errAgain
	}
	if heard, err := s.heard(t, query); err != nil || !heard {
		return workflows.Receipt{}, cmp.Or(err, errAgain)
	}
	receipt := workflows.Receipt{Ask: s.ask.ID, Stream: t.stream}
	switch wish := s.ask.Wish.(type) {
	case workflows.Dismiss: // all there is to it is that the question is gone
		return receipt, nil
	case calendar.Due:
		err := s.remind(wish)
		receipt.Told = s.told
		return receipt, err
	case ledger.Anchor:
		err := s.anchor(t, wish)
		receipt.Events, receipt.Told = s.order, s.told
		return receipt, err
	}
	w, err := s.on(t.stream)
	if err != nil {
		return receipt, err
	}
	before := w.after.state
	events, err := s.decide(t, s.ask.Wish, s.actor)
	if err != nil {
		return receipt, err
	}
	if s.plan, err = digest(t.stream, s.basis(w), events, s.now); err != nil {
		return receipt, err
	}
	if err := s.record(t.stream, events, s.doer(events), 0); err != nil {
		return receipt, err
	}
	receipt.Before, receipt.After, receipt.Told = before, w.after.state, s.told
	receipt.Events, receipt.Follows = s.order[:len(events):len(events)], s.order[len(events):]
	if !s.ask.Dry {
		receipt.Secret = s.d.secret(s.rules, s.ask.ID, receipt.Events)
	}
	return receipt, s.press(t, w, &receipt)
}

// basis is what of a stream's past a question rests on beside the events that would follow. A flag's is all of it: what
// somebody killed in between must not be opened by an answer given before.
func (s *session) basis(w *working) workflows.Revision {
	if _, ok := s.ask.Wish.(flag.Wish); ok {
		return w.before.rev
	}
	return 0
}

// press says whether a wish must be confirmed first, and how a safe act is taken back.
func (s *session) press(t target, w *working, receipt *workflows.Receipt) error {
	asks, undo, err := s.dangers(t, w, receipt.Events)
	if err != nil || s.ask.Bot != "" {
		return err
	}
	if asks && !s.undoing() {
		receipt.Confirm = s.question(t)
		return nil
	}
	if undo != "" && !s.undoing() {
		receipt.Undo = s.takeBack(undo, t.stream, w.after.rev)
	}
	return nil
}

// dangers asks the wish's room whether it leads towards danger, and how it is undone if it leads towards safety.
func (s *session) dangers(t target, w *working, done []workflows.Recorded) (asks bool, undo string, err error) {
	switch wish := s.ask.Wish.(type) {
	case release.Wish:
		before := w.before.state.(release.Release)
		undo, ok := release.Undo(before, w.after.state.(release.Release), done)
		if !ok {
			undo = ""
		}
		return release.Asks(before, wish, done), undo, nil
	case flag.Wish:
		before, after := w.before.state.(flag.Flag), w.after.state.(flag.Flag)
		facts := s.flagFacts(t, s.actor)
		if undo, _ = flag.Undo(before, after, wish); facts.Standing.Reach == workflows.ReachSmaller {
			undo = "" // it would only be refused
		}
		return flag.Asks(before, wish, facts), undo, nil
	case notes.Wish:
		facts, err := s.notesFacts(t, s.actor)
		return notes.Asks(w.before.state.(notes.Notes), wish, facts), "", err
	case briefing.Wish:
		facts, err := s.briefingFacts(t, s.actor)
		return briefing.Asks(w.before.state.(briefing.Briefing), wish, facts), "", err
	case people.Wish:
		return false, people.Undo(w.before.state.(people.State), wish, s.now), nil
	}
	return false, "", nil
}

// decide hands a wish to its room with the facts that room needs.
func (s *session) decide(t target, wish workflows.Intent, by workflows.Actor) ([]workflows.Event, error) {
	w, err := s.on(t.stream)
	if err != nil {
		return nil, err
	}
	switch wish := roomed(t, wish).(type) {
	case release.Wish:
		facts, err := s.releaseFacts(t, by)
		if err != nil {
			return nil, err
		}
		if facts.Named, err = s.named(t, wish); err != nil {
			return nil, err
		}
		return release.Decide(w.after.state.(release.Release), wish, facts)
	case flag.Wish:
		if n, ok := wish.(flag.New); ok {
			n.Release = t.id
			wish = n
		}
		return flag.Decide(w.after.state.(flag.Flag), wish, s.flagFacts(t, by))
	case notes.Wish:
		facts, err := s.notesFacts(t, by)
		if err != nil {
			return nil, err
		}
		if facts.As, err = s.approver(wish, t); err != nil {
			return nil, err
		}
		return notes.Decide(w.after.state.(notes.Notes), wish, facts)
	case briefing.Wish:
		facts, err := s.briefingFacts(t, by)
		if err != nil {
			return nil, err
		}
		return briefing.Decide(w.after.state.(briefing.Briefing), wish, facts)
	case feedback.Wish:
		return s.decideFeedback(t, w.after.state.(feedback.Feedback), wish, by)
	case people.Wish:
		return s.decidePeople(t, wish)
	case places.Wish:
		return places.Decide(w.after.state.(places.State), wish, places.Facts{Now: s.now, Owners: s.book.Owners})
	case tags.Wish:
		return tags.Decide(w.after.state.(tags.State), wish, tags.Facts{Owners: s.book.Owners, Lead: s.lead(t.product)})
	case team.Wish:
		return team.Decide(w.after.state.(team.Roster), wish, team.Facts{Now: s.now})
	}
	return nil, fmt.Errorf("no room carries out %T", wish)
}

// roomed makes the end of an act a wish of the room that it belongs to.
func roomed(t target, wish workflows.Intent) workflows.Intent {
	end, ok := wish.(workflows.Acted)
	if !ok {
		return wish
	}
	switch t.stream.Room() {
	case release.Room:
		return release.Acted{Acted: end}
	case notes.Room:
		return notes.Acted{Acted: end}
	case feedback.Room:
		return feedback.Acted{Acted: end}
	}
	return wish
}

// roomOf names the room of a wish that belongs to a release.
func roomOf(wish workflows.Intent) string {
	switch wish.(type) {
	case notes.Wish:
		return notes.Room
	case briefing.Wish:
		return briefing.Room
	case feedback.Wish:
		return feedback.Room
	}
	return ""
}

// approver holds an approval of notes to the role that signs the change log which follows from it.
func (s *session) approver(wish notes.Wish, t target) (workflows.Role, error) {
	if _, ok := wish.(notes.Approve); !ok {
		return s.ask.As, nil
	}
	if _, why := s.book.Holds(s.actor.Person, workflows.Engineering, s.now); why != "" {
		return "", workflows.Refuse(why, fmt.Sprintf("notes are approved as %s: the change log of %s follows from them", workflows.Engineering, t.id.Name())).
			By(policy.Names(s.book.Holders(workflows.Engineering, s.now))...).Type("/release notes show")
	}
	return workflows.Engineering, nil
}
