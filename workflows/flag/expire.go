package flag

import (
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Expire says by when the flag should be gone from the code. Nothing happens to users at that time: the flag reads
// "expired" from then on.
type Expire struct {
	On    time.Time
	Never bool // instead of On
}

// Needs implements workflows.Intent.
func (Expire) Needs() workflows.Need { return workflows.Maker }

func (e Expire) decide(f Flag, facts Facts) ([]workflows.Event, error) {
	if err := f.current(facts); err != nil {
		return nil, err
	}
	to := e.On
	if e.Never {
		to = time.Time{}
	}
	switch {
	case to.IsZero() && !e.Never:
		return nil, workflows.Refuse(workflows.Invalid, "say a date, or never").
			By(facts.Actor.At()).Type(fmt.Sprintf("/release flag expire %s 30d", f.Key), fmt.Sprintf("/release flag expire %s never", f.Key))
	case to.Equal(f.Expires):
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s expires %s already", f.Key, day(to))).
			By(facts.Actor.At()).Type("/release flag show " + string(f.Key))
	case !e.Never && !to.After(facts.Now):
		return nil, past(f.Key, to, facts)
	}
	return []workflows.Event{Dated{From: f.Expires, To: to}}, nil
}

// past refuses an expiry that is over before it begins.
func past(key workflows.FlagKey, t time.Time, facts Facts) error {
	return workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is past, so %s would be expired at once", day(t), key)).
		By(facts.Actor.At()).Type(fmt.Sprintf("/release flag expire %s 30d", key))
}

func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.DateOnly)
}

// Dated says that a flag's expiry was set; zero is never.
type Dated struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Kind implements workflows.Event.
func (Dated) Kind() string { return "flag.dated" }

func (e Dated) evolve(f Flag, _ workflows.Header) Flag {
	f.Expires = e.To
	return f
}
