package feedback

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
)

// Inform says on issues what became of the release: on those that follow it, and on those for which the scope holds
// something. It follows from what happened to the release.
type Inform struct {
	News  News
	Asked []int // those of the scope
}

// Needs says who may: only the bot itself.
func (Inform) Needs() workflows.Need { return workflows.Machine }

// Informed happened: what became of the release goes to issues, as one comment on each. An issue hears of a stage once; of
// one that was taken back and came again, or that certainly could not be told there, once more.
type Informed struct {
	News  News            `json:"news"`
	Stage workflows.Stage `json:"stage"` // where the release stands with it
	Forge string          `json:"forge"`
	On    []Word          `json:"on"`
	Notes string          `json:"notes,omitempty"` // where anyone may read what is new, as it was known then
}

// Word is what is said on one issue.
type Word struct {
	N     int             `json:"n"`
	Op    string          `json:"op"`              // names it for ever
	Again bool            `json:"again,omitempty"` // it was told before, and that it was taken back
	Told  workflows.Stage `json:"told,omitempty"`  // what it knows then
}

// Kind names the event.
func (Informed) Kind() string { return "feedback.informed" }

// stages is how each piece of news is called in the name of a comment.
var stages = map[News]string{Opened: "preview", Shipped: "ga", TakenBack: "back", Never: "cancelled"}

func (w Inform) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if stages[w.News] == "" {
		return nil, fmt.Errorf("nothing is told as %q on issues", w.News)
	}
	if f.Home.Repository == "" {
		return nil, nil
	}
	e := Informed{News: w.News, Stage: f.Stage, Forge: f.Home.Repository}
	if w.News == Opened || w.News == Shipped {
		e.Notes = f.Notes
	}
	for _, n := range b.listening(w, f.Home.Repository) {
		x := b.issue(f.Home.Repository, n)
		who := x.listener(slices.Contains(w.Asked, n))
		if !x.hears(who, e) {
			continue
		}
		after := Announced{News: w.News, Stage: f.Stage}.told(who)
		e.On = append(e.On, Word{N: n, Op: x.op(f.Release, w.News), Again: x.takenBack(), Told: after.Told})
	}
	if len(e.On) == 0 {
		return nil, nil
	}
	return []workflows.Event{e}, nil
}

// listening are the issues that may be told, each once, by number.
func (b Feedback) listening(w Inform, forge string) []int {
	all := slices.Clone(w.Asked)
	for _, x := range b.Issues {
		if x.Want != "" && strings.EqualFold(x.Forge, forge) {
			all = append(all, x.N)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// listener is an issue as one who follows: what something in the scope is for hears of every stage.
func (x Issue) listener(asked bool) Follower {
	if asked {
		return Follower{Want: Preview, Told: x.knows()}
	}
	return Follower{Want: x.Want, Told: x.knows()}
}

// hears reports whether the news is news on an issue. That nothing comes is said where somebody wanted to know, or something
// else was said before: a plan alone promises nothing.
func (x Issue) hears(who Follower, e Informed) bool {
	if e.News == Never {
		return x.Want != "" || x.knows() != "" || x.takenBack()
	}
	return Announced{News: e.News, Stage: e.Stage}.concerns(who)
}

// op names a comment for ever: the release, the issue, the stage, and which time it is.
func (x Issue) op(id workflows.ReleaseID, news News) string {
	op, time := fmt.Sprintf("%s/asked/%d/%s", id, x.N, stages[news]), 1
	for _, c := range x.Comments {
		if c.News == news {
			time++
		}
	}
	if time > 1 {
		op += fmt.Sprint("/", time)
	}
	return op
}

func (e Informed) evolve(b Feedback, h workflows.Header) Feedback {
	for _, w := range e.On {
		b = b.withIssue(e.Forge, w.N, func(x *Issue) {
			if e.News == Never {
				x.Want = ""
			}
			x.Comments = append(x.Comments, Comment{Op: w.Op, News: e.News, At: h.At, Told: w.Told})
		})
	}
	return b
}

// Telling is what is said on an issue, before it is worded: the release, what became of it, and nothing else.
type Telling struct {
	workflows.Comment
	Release workflows.ReleaseID `json:"release"`
	News    News                `json:"news"`
	Stage   workflows.Stage     `json:"stage"` // where the release stands with it
	Again   bool                `json:"again,omitempty"`
	Notes   string              `json:"notes,omitempty"`
}

func (e Informed) tell(id workflows.ReleaseID) []workflows.Effect {
	out := []workflows.Effect{history(id)}
	for _, w := range e.On {
		data, err := json.Marshal(Telling{Comment: workflows.Comment{Forge: e.Forge, Op: w.Op, Issue: w.N},
			Release: id, News: e.News, Stage: e.Stage, Again: w.Again, Notes: e.Notes})
		if err != nil { // strings and numbers always marshal
			panic(err)
		}
		out = append(out, workflows.Effect{Kind: workflows.Act, What: workflows.ActComment, Slot: fmt.Sprintf("asked/%d", w.N), Data: data})
	}
	return out
}
