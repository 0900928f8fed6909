package feedback

import (
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// News is what those who follow a release are told of it.
type News string

// The news.
const (
	Opened    News = "preview"   // its tech preview is open
	Shipped   News = "ships"     // it is out
	TakenBack News = "back"      // what they were told of was taken back for now
	Never     News = "cancelled" // it will not come
)

// ToldFollower names what those who follow are told: one delivery each.
const ToldFollower = "followed"

// Announce tells those who follow a release what became of it. It follows from what happened to the release.
type Announce struct {
	News News
	But  []workflows.PersonID // who did it, or hears of it otherwise
}

// Needs says who may: only the bot itself.
func (Announce) Needs() workflows.Need { return workflows.Machine }

// Announced happened: those who follow, and had not heard of it, were told, each person once.
type Announced struct {
	News  News               `json:"news"`
	Stage workflows.Stage    `json:"stage"`        // where the release stands with it
	To    []workflows.Handle `json:"to,omitempty"` // whose direct messages it goes to
}

// Kind names the event.
func (Announced) Kind() string { return "feedback.announced" }

func (w Announce) decide(b Feedback, f Facts) ([]workflows.Event, error) {
	if !slices.Contains([]News{Opened, Shipped, TakenBack, Never}, w.News) {
		return nil, fmt.Errorf("nothing is told as %q to those who follow", w.News)
	}
	e := Announced{News: w.News, Stage: f.Stage}
	heard, due := map[workflows.PersonID]bool{}, false
	for _, id := range w.But {
		heard[f.Book.Canon(id)] = true
	}
	for _, x := range b.Followers {
		if !e.concerns(x) {
			continue
		}
		due = true
		if id := f.Book.Canon(x.By); !heard[id] {
			heard[id] = true
			e.To = append(e.To, x.Account)
		}
	}
	if !due {
		return nil, nil
	}
	return []workflows.Event{e}, nil
}

// concerns reports whether the news is news to a follower.
func (e Announced) concerns(x Follower) bool {
	switch {
	case x.Want == "":
		return false
	case e.News == Opened:
		return x.Want == Preview && x.Told == ""
	case e.News == Shipped:
		return x.Told != workflows.GA
	case e.News == TakenBack:
		return x.Told != "" && x.Told != e.Stage
	}
	return e.News == Never
}

func (e Announced) evolve(b Feedback, _ workflows.Header) Feedback {
	b.Followers = slices.Clone(b.Followers)
	for i, x := range b.Followers {
		if e.concerns(x) {
			b.Followers[i] = e.told(x)
		}
	}
	return b
}

// told is a follower who heard the news. What was taken back they are told of again when it returns; what never comes
// nobody follows.
func (e Announced) told(x Follower) Follower {
	switch e.News {
	case Opened:
		x.Told = workflows.Preview
	case Shipped:
		x.Told = workflows.GA
	case TakenBack:
		x.Told = ""
		if x.Want == Preview && e.Stage == workflows.Preview { // they have it still
			x.Told = workflows.Preview
		}
	case Never:
		x.Want = ""
	}
	return x
}

func (e Announced) tell(id workflows.ReleaseID) []workflows.Effect {
	if len(e.To) == 0 {
		return nil
	}
	out := []workflows.Effect{history(id)}
	for _, h := range e.To {
		out = append(out, workflows.Effect{Kind: workflows.Tell, What: ToldFollower, To: workflows.To{Account: plain(h)}})
	}
	return out
}
