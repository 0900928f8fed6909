package chattest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Fake is a platform in memory. It is as strict as the strictest of the real ones, remembers all that it got, and
// fails as its script says. Its zero value is ready, and may be used concurrently.
type Fake struct {
	mu     sync.Mutex
	got    []chat.Post
	shown  []Shown
	script []Outcome
	at     map[workflows.Place][]Outcome
	blind  error
}

// Shown is a message as it reads now.
type Shown struct {
	ID      chat.MessageID
	Keys    []string // of the post, then of its edits
	Place   workflows.Place
	Thread  chat.MessageID
	Message chat.Message
}

// Outcome is what the fake does with a post that is in order.
type Outcome struct {
	Err    error // what it answers; nil: the id
	Stored bool  // whether the post arrived
}

// Arrives is the outcome without a script.
func Arrives() Outcome { return Outcome{Stored: true} }

// Retry asks for another try after a while.
func Retry(after time.Duration) Outcome {
	return Outcome{Err: &chat.Fault{Verdict: chat.Retry, After: after, Err: errors.New("too many requests")}}
}

// Paced asks for a slower pace.
func Paced(after time.Duration) Outcome {
	return Outcome{Err: &chat.Fault{Verdict: chat.Retry, Paced: true, After: after, Err: errors.New("rate limited")}}
}

// PacedAlone asks for a slower pace of this one post.
func PacedAlone(after time.Duration) Outcome {
	return Outcome{Err: &chat.Fault{Verdict: chat.Retry, Paced: true, Alone: true, After: after, Err: errors.New("this message is edited too often")}}
}

// Park takes nothing until somebody mends it there.
func Park(why string) Outcome {
	return Outcome{Err: &chat.Fault{Verdict: chat.Park, Err: errors.New(why)}}
}

// Fatal refuses for good.
func Fatal() Outcome {
	return Outcome{Err: &chat.Fault{Verdict: chat.Fatal, Err: errors.New("the channel is archived")}}
}

// Unclear breaks off before the answer, when the post had arrived or had not.
func Unclear(stored bool) Outcome {
	return Outcome{Err: &chat.Fault{Verdict: chat.Unclear, Err: errors.New("connection reset")}, Stored: stored}
}

// Script says what happens to the next posts that are in order, one outcome each, after those scripted before.
func (f *Fake) Script(outcomes ...Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.script = append(f.script, outcomes...)
}

// ScriptAt says what happens to the next posts to one place, before what Script says; without outcomes it forgets what
// was said of that place.
func (f *Fake) ScriptAt(place workflows.Place, outcomes ...Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at == nil {
		f.at = map[workflows.Place][]Outcome{}
	}
	if len(outcomes) == 0 {
		delete(f.at, place)
		return
	}
	f.at[place] = append(f.at[place], outcomes...)
}

// Blind makes Find fail until it is called with nil.
func (f *Fake) Blind(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.blind = err
}

// Got gives every post that was handed to Send, whatever became of it.
func (f *Fake) Got() []chat.Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.got)
}

// Shows gives what a place shows now, in the order of posting, threads included.
func (f *Fake) Shows(place workflows.Place) []Shown {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Shown
	for _, s := range f.shown {
		if s.Place == place {
			s.Keys = slices.Clone(s.Keys)
			out = append(out, s)
		}
	}
	return out
}

// Send takes a post as scripted. What is not in order is Fatal and uses up no outcome of the script.
func (f *Fake) Send(ctx context.Context, p chat.Post) (chat.MessageID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, p)
	if err := ctx.Err(); err != nil {
		return "", &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	if err := f.check(p); err != nil {
		return "", &chat.Fault{Verdict: chat.Fatal, Gone: errors.Is(err, errNoMessage), Err: err}
	}
	next := f.next(p.Place)
	var id chat.MessageID
	if next.Stored {
		id = f.store(p)
	}
	if next.Err != nil {
		return "", next.Err
	}
	return id, nil
}

// next takes the next outcome from the script.
func (f *Fake) next(place workflows.Place) Outcome {
	next := Arrives()
	if own := f.at[place]; len(own) > 0 {
		next, f.at[place] = own[0], own[1:]
	} else if len(f.script) > 0 {
		next, f.script = f.script[0], f.script[1:]
	}
	return next
}

// Find looks for the message that a post with this key made or edited.
func (f *Fake) Find(ctx context.Context, p chat.Post) (chat.MessageID, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := errors.Join(ctx.Err(), f.blind); err != nil {
		return "", false, err
	}
	for _, s := range f.shown {
		if p.Key != "" && slices.Contains(s.Keys, p.Key) {
			return s.ID, true, nil
		}
	}
	return "", false, nil
}

// errNoMessage is wrapped when a post names a message that is not there.
var errNoMessage = errors.New("no such message")

// check says what is not in order about a post.
func (f *Fake) check(p chat.Post) error {
	switch {
	case p.Key == "":
		return errors.New("the post has no key")
	case p.Place.Platform() == "" || p.Place.Channel() == "":
		return fmt.Errorf("%q is no place", p.Place)
	case p.Message.Title == "" && len(p.Message.Lines) == 0:
		return errors.New("the message is empty")
	case p.Edit != "" && f.index(p.Place, p.Edit) < 0:
		return fmt.Errorf("edit %s in %s: %w", p.Edit, p.Place, errNoMessage)
	case p.Thread != "" && f.index(p.Place, p.Thread) < 0:
		return fmt.Errorf("no message %s in %s to answer", p.Thread, p.Place)
	}
	for _, b := range p.Message.Buttons {
		if b.Label == "" || b.Line == "" {
			return fmt.Errorf("button %q holds %q", b.Label, b.Line)
		}
		if v := b.Value(); len(v) > chat.MaxLine {
			return fmt.Errorf("button %q holds %d bytes, at most %d fit", b.Label, len(v), chat.MaxLine)
		}
	}
	return nil
}

func (f *Fake) index(place workflows.Place, id chat.MessageID) int {
	return slices.IndexFunc(f.shown, func(s Shown) bool { return s.Place == place && s.ID == id })
}

func (f *Fake) store(p chat.Post) chat.MessageID {
	if p.Edit != "" {
		s := &f.shown[f.index(p.Place, p.Edit)]
		s.Message, s.Keys = p.Message, append(s.Keys, p.Key)
		return s.ID
	}
	s := Shown{
		ID: chat.MessageID(fmt.Sprintf("f%d", len(f.shown)+1)), Keys: []string{p.Key},
		Place: p.Place, Thread: p.Thread, Message: p.Message,
	}
	f.shown = append(f.shown, s)
	return s.ID
}
