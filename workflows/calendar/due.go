package calendar

import (
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// The kinds of schedule.
const (
	Digest    = "digest"    // a person's morning: what waits for them, in all releases
	Readiness = "readiness" // the channels of releases with a target: what blocks within its lead time
)

// Schedule is something that comes again. Only its next occurrence is kept, as a wake-up in the queue, so that an
// outage of any length is one occurrence.
type Schedule struct {
	Kind   string             `json:"kind"`
	Person workflows.PersonID `json:"person,omitempty"` // of a digest
	Spec   string             `json:"spec"`
	Zone   string             `json:"zone"`
}

// Slot names the schedule in the queue.
func (s Schedule) Slot() string { return "schedule/" + s.Kind + "/" + string(s.Person) }

// After is the schedule's first occurrence after t.
func (s Schedule) After(t time.Time) (time.Time, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.Time{}, err
	}
	spec, err := ParseSpec(s.Spec)
	if err != nil {
		return time.Time{}, err
	}
	return spec.Next(t, zone), nil
}

// Due is the clock's wish: this occurrence has come.
type Due struct {
	Schedule Schedule
	At       time.Time
}

// Needs says that only the clock may.
func (Due) Needs() workflows.Need { return workflows.Machine }
