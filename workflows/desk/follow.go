package desk

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
)

// wished is a wish that follows from an event, and the stream it goes to.
type wished struct {
	stream workflows.Stream
	wish   workflows.Intent
}

// arrow says what follows from an event.
type arrow func(s *session, e workflows.Recorded) ([]wished, error)

// arrows is what follows in other rooms and in other releases, one event a row. Rooms do not know each other: this table
// does.
var arrows = map[string]arrow{
	release.Opened{}.Kind():     taggedOpened,
	notes.Approved{}.Kind():     notesApproved,
	notes.Drafted{}.Kind():      notesChanged,
	notes.Edited{}.Kind():       notesChanged,
	briefing.QuotaMet{}.Kind():  quotaMet,
	briefing.QuotaLost{}.Kind(): quotaLost,
	release.RolledBack{}.Kind(): all(rolledBack, hearsAgain, stoodElsewhere, following),
	release.Passed{}.Kind():     all(stoodElsewhere, following),
	release.Held{}.Kind():       stoodElsewhere,
	release.Resumed{}.Kind():    stoodElsewhere,
	release.Cancelled{}.Kind():  all(stoodElsewhere, following),

	release.DeployBegun{}.Kind(): overtakes,
}

// follow carries out what follows from an event, in the same transaction.
func (s *session) follow(e workflows.Recorded, depth int) error {
	arrow, ok := arrows[e.Event.Kind()]
	if !ok {
		return nil
	}
	if depth > maxFollow {
		return fmt.Errorf("what follows from %s goes deeper than %d", e.Event.Kind(), maxFollow)
	}
	by := workflows.Actor{Machine: e.Stream.Room()}
	follows, err := arrow(s, e)
	if err != nil {
		return fmt.Errorf("what follows from %s: %w", e.Event.Kind(), err)
	}
	for _, w := range follows {
		t, err := s.followTarget(w.stream)
		if err != nil {
			return err
		}
		events, err := s.decide(t, w.wish, by)
		if err != nil {
			return fmt.Errorf("what follows from %s: %w", e.Event.Kind(), err)
		}
		if err := s.record(w.stream, events, by, depth); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) followTarget(stream workflows.Stream) (target, error) {
	if stream.Room() == tags.Room {
		return s.tagsTarget(workflows.Product(stream.ID()))
	}
	r, err := s.releaseOf(stream)
	if err != nil {
		return target{}, err
	}
	t, err := s.targetIn(stream.Room(), r.ID)
	var no *workflows.Refusal
	if errors.As(err, &no) && no.Reason == workflows.UnknownProduct { // of another product, which the configuration dropped since
		err = nil
	}
	t.stream = stream
	return t, err
}

// sibling is the stream of the same release in another room.
func sibling(e workflows.Recorded, room string) workflows.Stream {
	return workflows.StreamOf(room, e.Stream.ID())
}

// Approved notes vouch for the change log, on the word of who approved them.
func notesApproved(_ *session, e workflows.Recorded) ([]wished, error) {
	a := e.Event.(notes.Approved)
	return []wished{{sibling(e, release.Room),
		release.Vouch{Source: release.Notes, OK: true, By: a.By, Commit: a.Commit, Note: "approved notes"}}}, nil
}

// Notes that changed after their approval take its word back.
func notesChanged(_ *session, e workflows.Recorded) ([]wished, error) {
	ended := false
	switch n := e.Event.(type) {
	case notes.Drafted:
		ended = n.Unapproved
	case notes.Edited:
		ended = n.Unapproved
	}
	if !ended {
		return nil, nil
	}
	return []wished{{sibling(e, release.Room), release.Vouch{Source: release.Notes, Note: "the notes changed"}}}, nil
}

// A briefing that enough people acknowledged vouches for skilling-up.
func quotaMet(_ *session, e workflows.Recorded) ([]wished, error) {
	return []wished{{sibling(e, release.Room), release.Vouch{Source: release.Briefing, OK: true, Note: "the quota is met"}}}, nil
}

func quotaLost(_ *session, e workflows.Recorded) ([]wished, error) {
	return []wished{{sibling(e, release.Room), release.Vouch{Source: release.Briefing, Note: "the briefing changed"}}}, nil
}

// A rollback tells those who acknowledged the briefing, then sets the flags back. The hold is the release's own.
func rolledBack(s *session, e workflows.Recorded) ([]wished, error) {
	back := e.Event.(release.RolledBack)
	id := workflows.ReleaseID(e.Stream.ID())
	var out []wished
	w, err := s.on(sibling(e, briefing.Room))
	if err != nil {
		return nil, err
	}
	if w.after.rev > 0 {
		out = append(out, wished{sibling(e, briefing.Room), briefing.Counter{Stage: s.stage(id), Why: back.Why}})
	}
	for _, key := range slices.Sorted(maps.Keys(back.Flags)) {
		out = append(out, wished{workflows.StreamOf(flag.Room, string(key)),
			flag.SetBack{Percents: back.Flags[key], Cause: "rollback of " + id.Name()}})
	}
	return out, nil
}

// stage is where a release stands within the session.
func (s *session) stage(id workflows.ReleaseID) workflows.Stage {
	r, err := s.release(id)
	if err != nil {
		return workflows.Before
	}
	return r.Stage()
}
