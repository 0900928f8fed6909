// Package chattest holds what every platform is tested with: the contract of a Sender that can also Find, and a strict
// fake of one. It knows no platform, and production code does not import it.
package chattest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// Platform is a sender that can say what became of a post.
type Platform interface {
	chat.Sender
	chat.Finder
}

// Sender holds a platform to the contract that bot relies on. Open gives a fresh platform for each part; two places of
// it must be writable.
func Sender(t *testing.T, place, other workflows.Place, open func(*testing.T) Platform) {
	t.Helper()
	for _, part := range contract {
		t.Run(part.name, func(t *testing.T) {
			s := session{Platform: open(t), place: place, other: other}
			if err := part.holds(t.Context(), s); err != nil {
				t.Error(err)
			}
		})
	}
}

// session is a platform under test with two places on it.
type session struct {
	Platform
	place, other workflows.Place
}

// post is a plain post to the place.
func (s session) post(key, title string) chat.Post {
	return chat.Post{Key: key, Place: s.place, Message: chat.Message{Title: title}}
}

var contract = []struct {
	name  string
	holds func(context.Context, session) error
}{
	{"each post has its own id", eachItsOwn},
	{"posts at once have their own ids", atOnce},
	{"an edit keeps the id", editKeeps},
	{"an answer in a thread has its own id", threadIsNew},
	{"an edit of nothing is fatal", editOfNothing},
	{"a thread of nothing is fatal", threadOfNothing},
	{"a message is known in its place only", placeCounts},
	{"an empty message is fatal", emptyIsFatal},
	{"the longest button is taken", longestButton},
	{"a post is found by its key", foundByKey},
	{"a key sent twice is found", foundTwice},
	{"a cancelled send is an error and leaves no doubt", cancelled},
}

func eachItsOwn(ctx context.Context, s session) error {
	a, err := s.Send(ctx, s.post("a", "same"))
	if err != nil {
		return err
	}
	b, err := s.Send(ctx, s.post("b", "same"))
	if err != nil {
		return err
	}
	if a == "" || a == b {
		return fmt.Errorf("two posts got the ids %q and %q", a, b)
	}
	return nil
}

func atOnce(ctx context.Context, s session) error {
	const many = 16
	ids, errs := make([]chat.MessageID, many), make([]error, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { ids[i], errs[i] = s.Send(ctx, s.post(fmt.Sprint("k", i), "hello")) })
	}
	all.Wait()
	seen := map[chat.MessageID]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if len(seen) != many {
		return fmt.Errorf("%d posts at once got %d ids", many, len(seen))
	}
	return nil
}

func editKeeps(ctx context.Context, s session) error {
	first, err := s.Send(ctx, s.post("a", "before"))
	if err != nil {
		return err
	}
	p := s.post("b", "after")
	p.Edit = first
	again, err := s.Send(ctx, p)
	if err == nil && again != first {
		err = fmt.Errorf("the edit of %q gave %q", first, again)
	}
	return err
}

func threadIsNew(ctx context.Context, s session) error {
	parent, err := s.Send(ctx, s.post("a", "card"))
	if err != nil {
		return err
	}
	p := s.post("b", "history")
	p.Thread = parent
	id, err := s.Send(ctx, p)
	if err != nil {
		return err
	}
	if id == "" || id == parent {
		return fmt.Errorf("the answer to %q got the id %q", parent, id)
	}
	p = s.post("c", "corrected history")
	p.Edit = id
	again, err := s.Send(ctx, p)
	if err == nil && again != id {
		err = fmt.Errorf("the edit of %q in a thread gave %q", id, again)
	}
	return err
}

func editOfNothing(ctx context.Context, s session) error {
	p := s.post("a", "after")
	p.Edit = "nothing"
	var fault *chat.Fault
	if _, err := s.Send(ctx, p); !errors.As(err, &fault) || !fault.Gone {
		return fmt.Errorf("wanted a fault that says the message is gone, not: %w", err)
	}
	return s.refuses(ctx, p)
}

func threadOfNothing(ctx context.Context, s session) error {
	p := s.post("a", "history")
	p.Thread = "nothing"
	return s.refuses(ctx, p)
}

func placeCounts(ctx context.Context, s session) error {
	id, err := s.Send(ctx, s.post("a", "here"))
	if err != nil {
		return err
	}
	p := s.post("b", "there")
	p.Place, p.Edit = s.other, id
	if err := s.refuses(ctx, p); err != nil {
		return err
	}
	p.Edit, p.Thread = "", id
	return s.refuses(ctx, p)
}

func emptyIsFatal(ctx context.Context, s session) error { return s.refuses(ctx, s.post("a", "")) }

func longestButton(ctx context.Context, s session) error {
	p := s.post("a", "press me")
	basis := "~3f2a9c1.4"
	line := strings.Repeat("x", chat.MaxLine-len(" "+basis))
	p.Message.Buttons = []chat.Button{{Label: "Go", Line: line, Basis: basis}}
	_, err := s.Send(ctx, p)
	return err
}

func foundByKey(ctx context.Context, s session) error {
	want, err := s.Send(ctx, s.post("a", "hello"))
	if err != nil {
		return err
	}
	if _, err := s.Send(ctx, s.post("b", "later")); err != nil {
		return err
	}
	got, ok, err := s.Find(ctx, s.post("a", "hello"))
	if err != nil {
		return err
	}
	if !ok || got != want {
		return fmt.Errorf("the post %q was found as %q, %v", want, got, ok)
	}
	return s.misses(ctx, s.post("c", "hello"))
}

func foundTwice(ctx context.Context, s session) error {
	first, err := s.Send(ctx, s.post("a", "hello"))
	if err != nil {
		return err
	}
	second, err := s.Send(ctx, s.post("a", "hello"))
	if err != nil {
		return err
	}
	got, ok, err := s.Find(ctx, s.post("a", "hello"))
	if err == nil && (!ok || got != first && got != second) {
		err = fmt.Errorf("%q and %q were found as %q, %v", first, second, got, ok)
	}
	return err
}

func cancelled(ctx context.Context, s session) error {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err := s.Send(gone, s.post("a", "hello"))
	if err == nil {
		return errors.New("a send with a cancelled context succeeded")
	}
	if _, _, err := s.Find(gone, s.post("a", "hello")); err == nil {
		return errors.New("a search with a cancelled context succeeded")
	}
	if VerdictOf(err) == chat.Unclear {
		return nil
	}
	return s.misses(ctx, s.post("a", "hello"))
}

// refuses wants a Fatal fault that left nothing behind.
func (s session) refuses(ctx context.Context, p chat.Post) error {
	id, err := s.Send(ctx, p)
	if err == nil {
		return fmt.Errorf("wanted a fatal fault, got the id %q", id)
	}
	if VerdictOf(err) != chat.Fatal {
		return fmt.Errorf("wanted a fatal fault, not: %w", err)
	}
	return s.misses(ctx, p)
}

func (s session) misses(ctx context.Context, p chat.Post) error {
	id, ok, err := s.Find(ctx, p)
	if err == nil && ok {
		err = fmt.Errorf("found %q by a key that nothing bears", id)
	}
	return err
}

// VerdictOf is what a failed send means: any error but a fault is unclear. It is empty for one that did not fail.
func VerdictOf(err error) chat.Verdict {
	var f *chat.Fault
	switch {
	case err == nil:
		return ""
	case errors.As(err, &f):
		return f.Verdict
	}
	return chat.Unclear
}
