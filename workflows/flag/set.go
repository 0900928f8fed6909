package flag

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// Set opens a flag in one environment to a whole percentage of its users: 100 is on, 0 is off.
type Set struct {
	Env     workflows.Environment // empty: the one users are in
	Percent int
	Note    string
}

// Needs implements workflows.Intent.
func (Set) Needs() workflows.Need { return workflows.Maker }

func (s Set) decide(f Flag, facts Facts) ([]workflows.Event, error) {
	if err := f.current(facts); err != nil {
		return nil, err
	}
	env, err := facts.environment(s.Env)
	if err != nil {
		return nil, err
	}
	from := f.Percents[env]
	switch {
	case s.Percent < 0 || s.Percent > 100:
		return nil, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%d is no percentage: on, off, or 0%% to 100%%, whole", s.Percent)).
			By(facts.Actor.At()).Type(fmt.Sprintf("/release flag set %s 10%%", f.Key))
	case s.Percent == from:
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s is at %d %% in %s already: %s", f.Key, from, env, f.Stands())).
			By(facts.Actor.At()).Type("/release flag show " + string(f.Key))
	case s.Percent > from && env == facts.users():
		if err := f.permit(s.Percent, facts.Standing); err != nil {
			return nil, err
		}
	}
	return []workflows.Event{Turned{Env: env, From: from, To: s.Percent, Users: facts.users(), Note: s.Note}}, nil
}

func (s Set) asks(f Flag, facts Facts) bool {
	env, err := facts.environment(s.Env)
	return err == nil && env == facts.users() && s.Percent == 100 && f.Percents[env] < 100
}

func (s Set) undo(before, after Flag) (workflows.Environment, bool) {
	env := s.Env
	if env == "" {
		env = after.Users
	}
	return env, after.Percents[env] < before.Percents[env]
}

// Turned says that a flag was set in one environment.
type Turned struct {
	Env   workflows.Environment `json:"env"`
	From  int                   `json:"from"`
	To    int                   `json:"to"`
	Users workflows.Environment `json:"users"` // the environment users were in
	Note  string                `json:"note,omitempty"`
}

// Kind implements workflows.Event.
func (Turned) Kind() string { return "flag.turned" }

func (e Turned) evolve(f Flag, _ workflows.Header) Flag {
	f = f.with(e.Env, e.To)
	f.Users = e.Users
	f.Killed = nil
	return f
}
