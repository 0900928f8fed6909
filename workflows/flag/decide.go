package flag

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Facts is what a decision needs to know beside the flag itself. The desk looks it up.
type Facts struct {
	Now          time.Time
	Actor        workflows.Actor
	Basis        workflows.Basis
	Standing     workflows.Standing      // of the release the flag belongs to
	Environments []workflows.Environment // in order, at least one; users are in the last
}

// Wish is something to change about one flag. Its set is closed: New, Set, Kill, Expire, SetBack.
type Wish interface {
	workflows.Intent
	decide(f Flag, facts Facts) ([]workflows.Event, error)
}

// Decide says what follows from a wish, or refuses. It never changes f. No event and no refusal: there is nothing to
// do, which only a machine's wish is told this way.
func Decide(f Flag, w Wish, facts Facts) ([]workflows.Event, error) { return w.decide(f, facts) }

// Asks reports whether a wish must be confirmed before it is carried out: opening a flag to all users.
func Asks(f Flag, w Wish, facts Facts) bool {
	a, ok := w.(interface{ asks(Flag, Facts) bool })
	return ok && a.asks(f, facts)
}

// Undo gives the line that takes back a step towards safety, for its author to press. The line goes through Decide
// like any other, so an undo obeys the gates too.
func Undo(before, after Flag, w Wish) (line string, ok bool) {
	u, can := w.(interface {
		undo(before, after Flag) (workflows.Environment, bool)
	})
	if !can {
		return "", false
	}
	env, ok := u.undo(before, after)
	if !ok {
		return "", false
	}
	return fmt.Sprintf("flag set %s %d%% --env %s", before.Key, before.Percents[env], env), true
}

// users is the environment users are in; with none configured there is one, production.
func (facts Facts) users() workflows.Environment {
	if n := len(facts.Environments); n > 0 {
		return facts.Environments[n-1]
	}
	return "production"
}

// environment resolves what was typed; nothing typed is the environment users are in.
func (facts Facts) environment(typed workflows.Environment) (workflows.Environment, error) {
	if typed == "" {
		return facts.users(), nil
	}
	if slices.Contains(facts.Environments, typed) {
		return typed, nil
	}
	names := make([]string, len(facts.Environments))
	for i, e := range facts.Environments {
		names[i] = string(e)
	}
	return "", workflows.Refuse(UnknownEnvironment, fmt.Sprintf("there is no environment %s; there is %s",
		workflows.Display(string(typed), 40), strings.Join(names, ", "))).In("env").By(facts.Actor.At()).Type("/release flag list")
}

// known refuses what is wished of a flag that does not exist.
func (f Flag) known(facts Facts) error {
	if f.Exists() {
		return nil
	}
	return workflows.Refuse(UnknownFlag, "there is no such flag").By(facts.Actor.At()).Type("/release flag list")
}

// current refuses a press on something that changed since it was drawn.
func (f Flag) current(facts Facts) error {
	if err := f.known(facts); err != nil {
		return err
	}
	if !facts.Basis.Said || facts.Basis.Revision == uint64(f.Revision) {
		return nil
	}
	return workflows.Refuse(workflows.Changed, fmt.Sprintf("%s changed since; this is how it stands: %s", f.Key, f.Stands())).
		By(facts.Actor.At()).Type("/release flag show " + string(f.Key))
}

// permit says whether the flag's release lets users have this much. It is asked only for more than they have now, in
// the environment they are in: smaller is always allowed, and earlier environments are the team's own.
func (f Flag) permit(percent int, s workflows.Standing) error {
	var why string
	switch {
	case s.Reach == workflows.ReachEveryone, s.Reach == workflows.ReachSome && percent < 100:
		return nil
	case s.Reach == workflows.ReachSome:
		why = "100 % needs GA open (ga.ready); below 100 % is open now"
	case s.Reach == workflows.ReachSmaller:
		return workflows.Refuse(workflows.GateClosed, fmt.Sprintf("%s: %s may only get smaller (now %s)", s.Where, f.Key, f.Stands())).
			By(string(workflows.ReleaseManager)).Type("/release status " + string(s.Release))
	default:
		why = "its next gate lets users in, until then only off"
	}
	return workflows.Refuse(workflows.GateClosed, s.Where+": "+why).
		By(string(workflows.Engineering), string(workflows.SRE), string(workflows.ReleaseManager)).
		Type("/release advance " + string(s.Release))
}
