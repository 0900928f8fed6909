package todo

import (
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/policy"
)

// Viewer is who looks, and what they may see.
type Viewer struct {
	Person workflows.Person
	Known  bool // the configuration or a roster knows the handle
	Zone   *time.Location
	Book   *policy.Book
	Join   string        // what makes somebody unknown known, as a next step
	Week   calendar.Week // when the team works
}

// Inside reports whether the viewer sees the team's view; everyone else gets the public one.
func (v Viewer) Inside(at time.Time) bool { return v.Known && v.Book.IsMember(v.Person.ID, at) }

// May reports whether the viewer may wish what needs this, of a release managed by manager.
func (v Viewer) May(need workflows.Need, manager workflows.PersonID, at time.Time) bool {
	return v.Book.Allows(v.Person.ID, need, manager, at) == ""
}

// account reports whether a handle names an account, as "slack/T1/U1" or "discord/80351110224678912", and is nobody's name.
func account(h workflows.Handle) bool {
	number := strings.Trim(h.Name(), "0123456789") == "" && len(h.Name()) > 4
	return number || strings.Contains(h.Name(), "/")
}

// UnknownPerson is the refusal of a handle that nobody here has; join says how one becomes known.
func UnknownPerson(h workflows.Handle, join string) *workflows.Refusal {
	switch {
	case h.Guest(): // nothing in the configuration would change that
		return workflows.Refuse(workflows.UnknownPerson, "guests have no say here").
			By("its full members, with their own account").Type("/release status")
	case account(h):
		return workflows.Refuse(workflows.UnknownPerson, "nobody here has your account, "+workflows.Display(string(h), 80)).
			By("an owner, who adds it").Type(join, "known here by another account? There /release admin code, and here /release admin claim CODE")
	}
	return workflows.Refuse(workflows.UnknownPerson, "nobody here is @"+workflows.Display(h.Name(), 40)).Type(join)
}
