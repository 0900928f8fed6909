package desk

import (
	"encoding/json"
	"fmt"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
	"github.com/readyroom/readyroom/workflows/team"
)

// room is one room of workflows as the desk handles it: states are passed as any, each room knows its own.
type room struct {
	zero    any
	evolve  func(any, workflows.Recorded) any
	tell    func(any, workflows.Recorded) []workflows.Effect
	summary func(any) workflows.Summary
	thaw    func(json.RawMessage) (any, error) // a snapshot of its state
	events  ledger.Kinds
}

// foldVersion is part of every snapshot: raising it makes old snapshots invisible.
const foldVersion = 1

// rooms is every room that has streams, by name. Adding one is a line here, its facts, and its arrows in follow.go.
var rooms = map[string]room{
	release.Room:  adapt(release.Evolve, release.Tell, release.Summary, release.Events()),
	flag.Room:     adapt(flag.Evolve, flag.Tell, flag.Summary, flag.Events()),
	notes.Room:    adapt(notes.Evolve, notes.Tell, notes.Summary, notes.Events()),
	briefing.Room: adapt(briefing.Evolve, briefing.Tell, briefing.Summary, briefing.Events()),
	feedback.Room: adapt(feedback.Evolve, feedback.Tell, feedback.Summary, feedback.Events()),
	people.Room:   adapt(people.Evolve, people.Tell, people.Summary, people.Events()),
	places.Room:   adapt(places.Evolve, places.Tell, places.Summary, places.Events()),
	tags.Room:     adapt(tags.Evolve, tags.Tell, tags.Summary, tags.Events()),
	team.Room:     adapt(team.Evolve, team.Tell, team.Summary, team.Events()),
}

// beside are the rooms of which each release has a stream beside its own, by the same id: they come, and are forgotten, with
// it.
var beside = []string{notes.Room, briefing.Room, feedback.Room}

func adapt[S any](evolve func(S, workflows.Recorded) S, tell func(S, workflows.Recorded) []workflows.Effect,
	summary func(S) workflows.Summary, events []workflows.Event) room {
	var zero S
	return room{
		zero:    zero,
		evolve:  func(s any, e workflows.Recorded) any { return evolve(s.(S), e) },
		tell:    func(s any, e workflows.Recorded) []workflows.Effect { return tell(s.(S), e) },
		summary: func(s any) workflows.Summary { return summary(s.(S)) },
		thaw: func(b json.RawMessage) (any, error) {
			var s S
			err := json.Unmarshal(b, &s)
			return s, err
		},
		events: ledger.KindsOf(events...),
	}
}

// loose reads the events that belong to no stream, and so to no room.
var loose = ledger.KindsOf(ledger.Loose()...)

// decode reads an event back as its room wrote it.
func decode(stream workflows.Stream, kind string, data json.RawMessage) (workflows.Event, error) {
	read, ok := rooms[stream.Room()].events[kind]
	if stream == "" {
		read, ok = loose[kind]
	}
	if !ok {
		return nil, fmt.Errorf("event %q in stream %q: no room knows it", kind, stream)
	}
	e, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("event %q in stream %q: %w", kind, stream, err)
	}
	return e, nil
}
