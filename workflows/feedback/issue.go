package feedback

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Issue is an issue, or a pull request, of the product's repository on which is said what becomes of the release: because
// somebody had it follow, or because something in the scope is for it.
type Issue struct {
	Forge string             `json:"forge"` // "acme/app"
	N     int                `json:"n"`
	Want  Want               `json:"want,omitempty"` // of one that follows; empty: nobody had it follow, or not any more
	By    workflows.PersonID `json:"by,omitempty"`   // who had it follow last
	At    time.Time          `json:"at,omitzero"`
	Turns int                `json:"turns,omitempty"` // how often somebody had it follow

	Comments []Comment `json:"comments,omitempty"` // in the order in which they were wished
}

// Comment is one word on an issue, wished once and never again.
type Comment struct {
	Op   string          `json:"op"`
	News News            `json:"news"`
	At   time.Time       `json:"at"`
	Told workflows.Stage `json:"told,omitempty"` // what the issue knows with it
	Fate workflows.Fate  `json:"fate,omitempty"` // empty: it is on its way, or what came after it took its place
	Link string          `json:"link,omitempty"`
	Why  string          `json:"why,omitempty"` // it is not there, or nobody knows
}

// FollowIssue has an issue follow a release, or follow it no longer.
type FollowIssue struct {
	Ref  string
	Want Want // empty: all there is to be told
}

// Needs says who may ask; who is not of the team is refused.
func (FollowIssue) Needs() workflows.Need { return workflows.Anyone }

// IssueFollowed happened: an issue is told from now on.
type IssueFollowed struct {
	Forge string `json:"forge"`
	N     int    `json:"n"`
	Want  Want   `json:"want"`
}

// IssueUnfollowed happened: an issue is told nothing any more, but for what the scope holds for it.
type IssueUnfollowed struct {
	Forge string `json:"forge"`
	N     int    `json:"n"`
}

// Kind names the event.
func (IssueFollowed) Kind() string { return "feedback.issue_followed" }

// Kind names the event.
func (IssueUnfollowed) Kind() string { return "feedback.issue_unfollowed" }

func (w FollowIssue) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if no := f.onlyInside("an issue follow"); no != nil {
		return nil, no
	}
	n, no := w.number(f)
	if no != nil {
		return nil, no
	}
	x, name := b.issue(f.Home.Repository, n), fmt.Sprint("#", n)
	if w.Want == Off {
		if x.Want == "" {
			return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s does not follow %s", name, f.Release.Name())).Type(f.line("feedback follow", name))
		}
		return []workflows.Event{IssueUnfollowed{Forge: f.Home.Repository, N: n}}, nil
	}
	want := w.Want
	if want == "" {
		if want = Ships; f.Previews && f.Stage == workflows.Before {
			want = Preview
		}
	}
	if no := (Follow{want}).late(f); no != nil {
		return nil, no
	}
	if x.Want == want || x.Want == Preview {
		return nil, workflows.Refuse(workflows.Unchanged, fmt.Sprintf("%s follows %s already", name, f.Release.Name())).
			Type(f.line("feedback follow", name, string(Off)))
	}
	if no := b.takes(x, f); no != nil {
		return nil, no
	}
	return []workflows.Event{IssueFollowed{Forge: f.Home.Repository, N: n, Want: want}}, nil
}

// onlyInside refuses whoever is not of the team: what others are told is the team's to say.
func (f Facts) onlyInside(what string) error {
	if f.Inside {
		return nil
	}
	return workflows.Refuse(workflows.NotAllowed, "only the team has "+what+"; you may follow it yourself").By("whoever has a role here").Type(f.line("feedback follow"))
}

// number is the issue that is meant: one of the product's own repository.
func (w FollowIssue) number(f Facts) (int, error) {
	home := f.Home
	if home.Repository == "" {
		return 0, workflows.Refuse(workflows.NoRepository, fmt.Sprintf("nothing is known of issues of %s: its products has no github", f.Release.Product())).
			By("whoever edits readyroom.yaml").Type(fmt.Sprintf("products: {%s: {github: owner/name}}", f.Release.Product()))
	}
	if n := home.Issue(w.Ref); n > 0 {
		return n, nil
	}
	return 0, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s is no issue of %s: the bot speaks only there", workflows.Display(w.Ref, 80), home.Repository)).
		In("issue").Type(f.line("feedback follow", "#12"))
}

// takes refuses an issue that comes on top of as many as are taken, or was had to follow too often.
func (b Feedback) takes(x Issue, f Facts) error {
	following := 0
	for _, i := range b.Issues {
		if i.Turns > 0 {
			following++
		}
	}
	why := ""
	switch {
	case x.Turns >= MaxTurns:
		why = fmt.Sprintf("#%d was had to follow %s %d times", x.N, f.Release.Name(), x.Turns)
	case x.Turns == 0 && following >= MaxIssues:
		why = fmt.Sprintf("at most %d issues follow a release", MaxIssues)
	default:
		return nil
	}
	return workflows.Refuse(Full, why).Type(f.line("feedback list"))
}

// issue is what is known of an issue; of one that was never told anything, its name.
func (b Feedback) issue(forge string, n int) Issue {
	if i := b.find(forge, n); i >= 0 {
		return b.Issues[i]
	}
	return Issue{Forge: forge, N: n}
}

func (b Feedback) find(forge string, n int) int {
	return slices.IndexFunc(b.Issues, func(x Issue) bool { return x.N == n && strings.EqualFold(x.Forge, forge) })
}

// knows is what an issue was told last, as far as nobody knows that it was not.
func (x Issue) knows() workflows.Stage {
	for _, c := range slices.Backward(x.Comments) {
		if c.Fate != workflows.Refused {
			return c.Told
		}
	}
	return ""
}

// takenBack reports whether it was told that the release was taken back.
func (x Issue) takenBack() bool {
	return slices.ContainsFunc(x.Comments, func(c Comment) bool { return c.News == TakenBack && c.Fate != workflows.Refused })
}

// withIssue gives the state with one issue changed, or one more; that of before stays as it was.
func (b Feedback) withIssue(forge string, n int, fn func(*Issue)) Feedback {
	b.Issues = slices.Clone(b.Issues)
	i := b.find(forge, n)
	if i < 0 {
		b.Issues = append(b.Issues, Issue{Forge: forge, N: n})
		i = len(b.Issues) - 1
	}
	b.Issues[i].Comments = slices.Clone(b.Issues[i].Comments)
	fn(&b.Issues[i])
	return b
}

// IssuesFollowing are the issues that somebody had follow, in the order in which they came.
func (b Feedback) IssuesFollowing() []Issue {
	return slices.DeleteFunc(slices.Clone(b.Issues), func(x Issue) bool { return x.Want == "" })
}

// On is what an issue of a repository was told, by its number.
func (b Feedback) On(forge string, n int) []Comment { return b.issue(forge, n).Comments }

func (e IssueFollowed) evolve(b Feedback, h workflows.Header) Feedback {
	return b.withIssue(e.Forge, e.N, func(x *Issue) {
		x.Want, x.By, x.At = e.Want, h.By.Person, h.At
		x.Turns++
	})
}

func (e IssueUnfollowed) evolve(b Feedback, _ workflows.Header) Feedback {
	return b.withIssue(e.Forge, e.N, func(x *Issue) { x.Want = "" })
}

// Which issues follow stands in the list: it moves nothing.
func (IssueFollowed) tell(workflows.ReleaseID) []workflows.Effect { return nil }

func (IssueUnfollowed) tell(workflows.ReleaseID) []workflows.Effect { return nil }
