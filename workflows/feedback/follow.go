package feedback

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Want is what somebody who follows a release wants to hear of.
type Want string

// The wants. Who wants the preview hears of it, and when the release is out as well.
const (
	Ships   Want = "ships"   // that it is out
	Preview Want = "preview" // to take part in its tech preview
	Off     Want = "off"     // nothing any more
)

// Wants are all of them, as they are typed.
func Wants() []string { return []string{string(Ships), string(Preview), string(Off)} }

// Follower is one account that follows the release, or did. An account stays listed when it no longer does, so that
// nobody makes room by coming and going.
type Follower struct {
	Account workflows.Handle   `json:"account"`
	By      workflows.PersonID `json:"by"`              // of an account that nobody here is known by, what it would be called
	Want    Want               `json:"want,omitempty"`  // empty: nothing any more
	At      time.Time          `json:"at"`              // since when
	Turns   int                `json:"turns,omitempty"` // how often it asked
	Told    workflows.Stage    `json:"told,omitempty"`  // the last that it was told of: Preview or GA; empty: nothing yet
}

// Follow is what an account wants to be told of a release, in person.
type Follow struct{ Want Want }

// Needs says who may: whoever sees that the release is on its way.
func (Follow) Needs() workflows.Need { return workflows.Anyone }

// Stranger says that somebody may follow whom nobody knows.
func (Follow) Stranger() {}

// Followed happened: an account is told from now on.
type Followed struct {
	Account workflows.Handle `json:"account"`
	Want    Want             `json:"want"`
	Stage   workflows.Stage  `json:"stage"` // of the release then

	For workflows.PersonID `json:"for,omitempty"` // whose account it is, where somebody else asked
}

// Unfollowed happened: accounts, all of one person, are told nothing any more.
type Unfollowed struct {
	Accounts []workflows.Handle `json:"accounts"`
}

// Kind names the event.
func (Followed) Kind() string { return "feedback.followed" }

// Kind names the event.
func (Unfollowed) Kind() string { return "feedback.unfollowed" }

func (w Follow) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if f.Actor.Handle == "" {
		return nil, workflows.Refuse(workflows.Invalid, "only an account is told things in person").Type("/release list")
	}
	mine := b.mine(f)
	if w.Want == Off {
		return w.off(mine, f)
	}
	if no := w.late(f); no != nil {
		return nil, no
	}
	account := f.Actor.Handle
	if i := slices.IndexFunc(mine, func(x Follower) bool { return x.Want != "" }); i >= 0 {
		if mine[i].Want == w.Want || mine[i].Want == Preview { // who wants the preview hears of all
			return nil, already(mine[i], f)
		}
		account = mine[i].Account // it is told where it was first asked
	}
	if no := b.follows(account, f); no != nil {
		return nil, no
	}
	return []workflows.Event{Followed{Account: account, Want: w.Want, Stage: f.Stage}}, nil
}

// off ends whatever somebody follows by, by any account of theirs.
func (Follow) off(mine []Follower, f Facts) ([]workflows.Event, error) {
	var e Unfollowed
	for _, x := range mine {
		if x.Want != "" {
			e.Accounts = append(e.Accounts, x.Account)
		}
	}
	if len(e.Accounts) == 0 {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("you do not follow %s: you are told nothing of it", f.Release.Name())).
			Type(f.line("feedback follow"))
	}
	return []workflows.Event{e}, nil
}

// late answers a wish to hear of what is there already, or never comes: how it stands.
func (w Follow) late(f Facts) *workflows.Refusal {
	name := f.Release.Name()
	switch {
	case w.Want != Ships && w.Want != Preview:
		return workflows.Refuse(workflows.Invalid, "follow what: "+strings.Join(Wants(), ", ")).Type(f.line("feedback follow", string(Ships)))
	case f.Cancelled:
		return workflows.Refuse(workflows.Over, name+" will not come").Type("/release list")
	case f.Stage == workflows.GA || f.Stage == workflows.Closed:
		return workflows.Refuse(Out, name+" is out already: there is nothing to wait for").Type(f.line("status"))
	case w.Want == Preview && !f.Previews:
		return workflows.Refuse(NoPreview, name+" has no tech preview").Type(f.line("feedback follow", string(Ships)))
	case w.Want == Preview && f.Stage == workflows.Between:
		return workflows.Refuse(NoPreview, "the tech preview of "+name+" is over").Type(f.line("feedback follow", string(Ships)))
	}
	return nil
}

// already answers whoever asks again, with the way out of it.
func already(x Follower, f Facts) *workflows.Refusal {
	when := "when it is out"
	if x.Want == Preview && x.Told == "" {
		when = "when its tech preview opens, and when it is out"
	}
	no := workflows.Refuse(workflows.Unchanged, fmt.Sprintf("you follow %s already: you are told in person %s", f.Release.Name(), when)).
		Type(f.line("feedback follow", string(Off)))
	no.Choices = []workflows.Choice{{Label: NeverMind, Line: fmt.Sprintf("feedback follow %s %s", f.Release, Off)}}
	return no
}

// NeverMind is the button that ends following.
const NeverMind = "Never mind"

// follows refuses an account that comes on top of as many as are taken, or has changed its mind too often.
func (b Feedback) follows(account workflows.Handle, f Facts) *workflows.Refusal {
	i := slices.IndexFunc(b.Followers, func(x Follower) bool { return x.Account == account })
	why := ""
	switch {
	case i >= 0 && b.Followers[i].Turns >= MaxTurns:
		why = fmt.Sprintf("you asked %d times to follow %s", b.Followers[i].Turns, f.Release.Name())
	case i < 0 && len(b.Followers) >= MaxFollowers:
		why = "no more accounts can follow " + f.Release.Name()
	default:
		return nil
	}
	return workflows.Refuse(Full, why+": watch the channel where it is announced instead").Type(f.line("status"))
}

// mine are the entries of whoever asks, by any account that is known to be theirs.
func (b Feedback) mine(f Facts) []Follower {
	var out []Follower
	for _, x := range b.Followers {
		if f.same(x.By, f.Actor.Person) || plain(x.Account) == plain(f.Actor.Handle) {
			out = append(out, x)
		}
	}
	return out
}

// plain is an account whether or not its platform counts it among the members just now: who follows as the one is let off
// as the other.
func plain(h workflows.Handle) workflows.Handle {
	if !h.Guest() {
		return h
	}
	return workflows.Handle(h.Platform() + "/" + strings.TrimPrefix(h.Name(), "guest/"))
}

// Following are the accounts that follow now, in the order in which they came.
func (b Feedback) Following() []Follower {
	return slices.DeleteFunc(slices.Clone(b.Followers), func(x Follower) bool { return x.Want == "" })
}

// Preferring are those of them that want to take part in the tech preview.
func (b Feedback) Preferring() []Follower {
	return slices.DeleteFunc(b.Following(), func(x Follower) bool { return x.Want != Preview })
}

func (e Followed) evolve(b Feedback, h workflows.Header) Feedback {
	b.Followers = slices.Clone(b.Followers)
	i := slices.IndexFunc(b.Followers, func(x Follower) bool { return x.Account == e.Account })
	if i < 0 {
		b.Followers = append(b.Followers, Follower{Account: e.Account})
		i = len(b.Followers) - 1
	}
	x := &b.Followers[i]
	x.By, x.Want, x.At, x.Told = h.By.Person, e.Want, h.At, ""
	if e.For != "" {
		x.By = e.For
	}
	if x.Turns++; e.Want == Preview && e.Stage == workflows.Preview { // they read that it is open when they asked
		x.Told = workflows.Preview
	}
	return b
}

func (e Unfollowed) evolve(b Feedback, _ workflows.Header) Feedback {
	b.Followers = slices.Clone(b.Followers)
	for i, x := range b.Followers {
		if slices.Contains(e.Accounts, x.Account) {
			b.Followers[i].Want = ""
		}
	}
	return b
}

// Who follows is between them and the bot: nobody is told, and no card shows it.
func (Followed) tell(workflows.ReleaseID) []workflows.Effect { return nil }

func (Unfollowed) tell(workflows.ReleaseID) []workflows.Effect { return nil }
