package feedback

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// Invite has somebody else follow a release: they are told as if they had asked, and end it themselves.
type Invite struct {
	Who  workflows.PersonID
	Want Want
}

// Needs says who may ask; who is not of the team is refused.
func (Invite) Needs() workflows.Need { return workflows.Anyone }

func (w Invite) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if no := f.onlyInside("others follow"); no != nil {
		return nil, no
	}
	_, known := f.Book.Person(w.Who)
	switch id := f.Book.Canon(w.Who); {
	case !known:
		return nil, workflows.Refuse(workflows.UnknownPerson, "nobody here is "+workflows.Display(w.Who.At(), 40)).In("who").
			By("whoever edits readyroom.yaml").Type(f.line("feedback follow", f.Actor.At()))
	case f.same(id, f.Actor.Person):
		return Follow{w.Want}.decide(b, f)
	case w.Want == Off:
		return nil, workflows.Refuse(workflows.NotAllowed, "what "+id.At()+" is told in person ends at their own word").By(id.At()).
			Type(f.line("feedback follow", string(Off)))
	case f.Account == "":
		return nil, workflows.Refuse(workflows.Invalid, id.At()+" has no account here that is told things in person").In("who").
			By("whoever edits readyroom.yaml").Type("people: in readyroom.yaml")
	}
	return w.follow(b, f)
}

// follow has them follow by the account they are reached at, unless they did once and let it be.
func (w Invite) follow(b Feedback, f Facts) ([]workflows.Event, error) {
	if no := (Follow{w.Want}).late(f); no != nil {
		return nil, no
	}
	id, account := f.Book.Canon(w.Who), f.Account
	for _, x := range b.Followers {
		switch {
		case !f.same(x.By, id) && plain(x.Account) != plain(account):
		case x.Want == "":
			return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s followed %s once, and wants to hear no more of it", id.At(), f.Release.Name())).
				By(id.At()).Type(f.line("feedback list"))
		case x.Want == w.Want || x.Want == Preview:
			return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s follows %s already", id.At(), f.Release.Name())).Type(f.line("feedback list"))
		default:
			account = x.Account
		}
	}
	if no := b.follows(account, f); no != nil {
		return nil, no
	}
	return []workflows.Event{Followed{Account: account, Want: w.Want, Stage: f.Stage, For: id}}, nil
}
