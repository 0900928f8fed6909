// Package bot is the running thing: Step delivers what is due. A claim is committed before anything is sent, its
// outcome after; what nobody can be sure of is looked for before it is sent again, and waits for a human where that
// cannot be done.
//
// It names no platform and imports no commands: cmd hands it the senders and the desk.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// Queue is what is due, and the bookkeeping of sends.
type Queue interface {
	Claim(ctx context.Context, now, until time.Time, limit int) ([]storage.Claim, error)
	Settle(ctx context.Context, c storage.Claim, o storage.Outcome) error
	NextDue(ctx context.Context) (time.Time, bool, error)
}

// Bot delivers.
type Bot struct {
	Queue   Queue
	Reader  Reader
	Do      func(context.Context, workflows.Ask) (workflows.Receipt, error) // the desk's way in, for wake-ups
	Senders map[string]chat.Sender                                          // by platform
	Actors  map[string]Actor                                                // by what they carry out
	Partly  bool                                                            // another process speaks to the platforms that are off in this one: what is for them waits for it
	Places  Places                                                          // which of them took nothing; nil: none
	Log     *slog.Logger
	LetGo   time.Duration    // how long a place may keep what is told elsewhere waiting; 0: for as long as it takes, and nothing outlives a step
	Ticks   func() time.Time // one that never stands still, to tell how long a place that was let go took; nil: no time
	Beat    func()           // called when a delivery has ended: a step that makes many is well; nil: nobody wants to know
	// At is told where a delivery is between its steps, by several at once where several are made at once, for tests that
	// end the process there; nil: nobody listens.
	At func(point string, c storage.Claim)

	outlets outlets
	lanes   lanes
}

// The points that Bot.At is told.
const (
	Claimed    = "bot.claimed"     // the claim is durable, nothing is drawn, sent or asked
	BeforeSend = "bot.before_send" // drawn and about to be sent, or looked for
	AfterSend  = "bot.after_send"  // the platform has it, nothing is recorded
	BeforeWake = "bot.before_wake" // the desk is about to be asked
	AfterWake  = "bot.after_wake"  // the desk answered, nothing is recorded
	Settled    = "bot.settled"     // its outcome is recorded
)

const (
	batch    = 32
	deadline = 30 * time.Second // of one send; after it, a claim that was never settled is unresolved
)

// Step delivers what is due at now and says when to come again; false: nothing waits. The daemon's loop, the console
// and the tests call it.
func (b *Bot) Step(ctx context.Context, now time.Time) (next time.Time, waiting bool, err error) {
	if err := b.recall(ctx, now); err != nil {
		return next, false, err
	}
	if err := b.work(ctx, now); err != nil {
		return next, false, err
	}
	next, waiting, err = b.Queue.NextDue(ctx)
	if err != nil {
		return next, false, fmt.Errorf("what is due next: %w", err)
	}
	return next, waiting, nil
}

// work makes what is due until nothing is.
func (b *Bot) work(ctx context.Context, now time.Time) error {
	var under *run
	for {
		claims, err := b.Queue.Claim(ctx, now, now.Add(batch*deadline), batch)
		if err != nil {
			return errors.Join(fmt.Errorf("claim what is due: %w", err), b.ended(under))
		}
		if len(claims) == 0 && under == nil {
			return nil
		}
		if len(claims) == 0 { // what it ends with may be due again at once
			if err := b.ended(under); err != nil {
				return err
			}
			under = nil
			continue
		}
		if under, err = b.carryOut(ctx, claims, now, under); err != nil {
			return err
		}
	}
}

// deliver carries out one claim and says how it ended.
func (b *Bot) deliver(ctx context.Context, c storage.Claim, now time.Time) storage.Outcome {
	if o, rests := b.putOff(c, now); rests {
		return o
	}
	message, err := b.attempt(ctx, c, now)
	o := b.acted(ctx, c, now, string(message), b.outcome(c, now, message, err), err)
	b.report(ctx, c, now, o, err)
	return o
}

// attempt makes one delivery. One that breaks must not keep its batch from the others; whether it was sent, nobody knows.
func (b *Bot) attempt(ctx context.Context, c storage.Claim, now time.Time) (message chat.MessageID, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.ErrorContext(ctx, "a delivery panicked", "what", c.What, "id", c.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			message, err = "", fmt.Errorf("panic: %v", p)
		}
	}()
	b.at(Claimed, c)
	switch c.Kind {
	case workflows.Wake:
		b.at(BeforeWake, c)
		err = b.wake(ctx, c, now)
		b.at(AfterWake, c)
		return "", err
	case workflows.Act:
		link, err := b.act(ctx, c)
		return chat.MessageID(link), err
	}
	return b.tell(ctx, c, now)
}

// stays reports whether a message is edited as a whole whenever something changes. Published notes are edited only to
// correct them, and go on in their thread where they are long.
func stays(c storage.Claim) bool { return c.Slot != "" && c.What != published }

func (b *Bot) at(point string, c storage.Claim) {
	if b.At != nil {
		b.At(point, c)
	}
}

// off is what becomes of a delivery to a platform that is off.
func (b *Bot) off(platform string) *chat.Fault {
	err := fmt.Errorf("platform %q: %w", platform, errOff)
	if b.Partly {
		return &chat.Fault{Verdict: chat.Retry, Paced: true, After: respite, Err: err}
	}
	return &chat.Fault{Verdict: chat.Fatal, Err: err}
}

// tell draws a message from current state and sends it.
func (b *Bot) tell(ctx context.Context, c storage.Claim, now time.Time) (chat.MessageID, error) {
	sender, ok := b.Senders[c.Place.Platform()]
	if !ok {
		return "", b.off(c.Place.Platform())
	}
	m, err := b.draw(ctx, c, now)
	if err != nil {
		return "", &chat.Fault{Verdict: chat.Retry, Err: fmt.Errorf("draw %s: %w", c.What, err)}
	}
	if m == nil {
		return "", errNothing
	}
	post := chat.Post{Key: c.ID, Place: c.Place, Thread: chat.MessageID(c.Thread), Edit: chat.MessageID(c.Edit), Since: c.Due, Stays: stays(c), Again: c.Unresolved, Message: *m}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	b.at(BeforeSend, c)
	id, err := b.send(ctx, sender, c, post)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		b.outlets.hang(c.Place, now)
	}
	return id, err
}

// send posts, after a look where a former attempt may have arrived.
func (b *Bot) send(ctx context.Context, sender chat.Sender, c storage.Claim, post chat.Post) (chat.MessageID, error) {
	if c.Unresolved && post.Edit == "" {
		finder, ok := sender.(chat.Finder)
		if !ok {
			return "", errNobodyKnows
		}
		id, found, err := finder.Find(ctx, post)
		switch {
		case err != nil && faultOf(err).Verdict == chat.Fatal: // it will never be found out
			return "", fmt.Errorf("%w: %w", errNobodyKnows, err)
		case err != nil || found:
			return id, err
		}
	}
	id, err := sender.Send(ctx, post)
	b.at(AfterSend, c)
	return id, err
}
