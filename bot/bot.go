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
	Log     *slog.Logger
	// At is told where a delivery is between its steps, for tests that end the process there; nil: nobody listens.
	At func(point string, c storage.Claim)
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
	attempts = 8
)

// errNobodyKnows: it may have been sent, and the platform cannot be asked.
var errNobodyKnows = errors.New("it may have been sent, and its platform cannot be asked")

// Step delivers what is due at now and says when to come again; false: nothing waits. The daemon's loop, the console
// and the tests call it.
func (b *Bot) Step(ctx context.Context, now time.Time) (next time.Time, waiting bool, err error) {
	for {
		claims, err := b.Queue.Claim(ctx, now, now.Add(batch*deadline), batch)
		if err != nil {
			return next, false, fmt.Errorf("claim what is due: %w", err)
		}
		for _, c := range claims {
			o := b.deliver(ctx, c, now)
			if err := b.Queue.Settle(ctx, c, o); err != nil {
				return next, false, fmt.Errorf("settle %s %s: %w", c.What, c.ID, err)
			}
			b.at(Settled, c)
		}
		if len(claims) == 0 {
			break
		}
	}
	next, waiting, err = b.Queue.NextDue(ctx)
	if err != nil {
		return next, false, fmt.Errorf("what is due next: %w", err)
	}
	return next, waiting, nil
}

// deliver carries out one claim and says how it ended.
func (b *Bot) deliver(ctx context.Context, c storage.Claim, now time.Time) (o storage.Outcome) {
	var message chat.MessageID
	var err error
	defer func() { // one that breaks must not keep its batch from the others; whether it was sent, nobody knows
		if p := recover(); p != nil {
			b.Log.ErrorContext(ctx, "a delivery panicked", "what", c.What, "id", c.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			o = b.outcome(c, now, "", fmt.Errorf("panic: %v", p))
		}
	}()
	b.at(Claimed, c)
	switch c.Kind {
	case workflows.Wake:
		b.at(BeforeWake, c)
		err = b.wake(ctx, c, now)
		b.at(AfterWake, c)
	case workflows.Act:
		err = b.act(ctx, c)
	default:
		message, err = b.tell(ctx, c, now)
	}
	return b.outcome(c, now, message, err)
}

func (b *Bot) at(point string, c storage.Claim) {
	if b.At != nil {
		b.At(point, c)
	}
}

// outcome turns how a send ended into what storage keeps of it.
func (b *Bot) outcome(c storage.Claim, now time.Time, message chat.MessageID, err error) storage.Outcome {
	o := storage.Outcome{At: now, Result: storage.Sent, Message: string(message)}
	if err == nil {
		return o
	}
	o.Err = err.Error()
	var fault *chat.Fault
	verdict := chat.Unclear
	if errors.As(err, &fault) {
		verdict = fault.Verdict
	}
	wait := backoff(c.Attempt)
	if fault != nil && fault.After > wait {
		wait = fault.After
	}
	b.Log.Warn("delivery failed", "what", c.What, "id", c.ID, "place", string(c.Place), "attempt", c.Attempt, "verdict", string(verdict), "error", err)
	o.Gone = fault != nil && fault.Gone
	switch {
	case errors.Is(err, errNobodyKnows):
		o.Result = storage.NeedsHuman
	case o.Gone && c.Attempt < attempts: // the next attempt posts anew
		o.Result, o.Again = storage.Retry, now
	case verdict == chat.Fatal, verdict == chat.Retry && c.Attempt >= attempts && c.Kind != workflows.Wake: // a wake-up is never given up
		o.Result = storage.Failed
	case verdict == chat.Retry:
		o.Result, o.Again = storage.Retry, now.Add(wait)
	case c.Attempt >= attempts:
		o.Result = storage.NeedsHuman
	default:
		o.Result, o.Again = storage.Unclear, now.Add(wait)
	}
	return o
}

// backoff doubles from a second to some minutes.
func backoff(attempt int) time.Duration {
	return min(time.Second<<min(attempt, 9), 5*time.Minute)
}

// tell draws a message from current state and sends it.
func (b *Bot) tell(ctx context.Context, c storage.Claim, now time.Time) (chat.MessageID, error) {
	sender, ok := b.Senders[c.Place.Platform()]
	if !ok {
		return "", &chat.Fault{Verdict: chat.Fatal, Err: fmt.Errorf("platform %q is off", c.Place.Platform())}
	}
	m, err := b.draw(ctx, c, now)
	if err != nil {
		return "", &chat.Fault{Verdict: chat.Retry, Err: fmt.Errorf("draw %s: %w", c.What, err)}
	}
	if m == nil { // nothing to say any more, or not to this place
		return chat.MessageID(c.Edit), nil
	}
	post := chat.Post{Key: c.ID, Place: c.Place, Thread: chat.MessageID(c.Thread), Edit: chat.MessageID(c.Edit), Message: *m}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	b.at(BeforeSend, c)
	if c.Unresolved && post.Edit == "" {
		finder, ok := sender.(chat.Finder)
		if !ok {
			return "", errNobodyKnows
		}
		if id, found, err := finder.Find(ctx, post); err != nil || found {
			return id, err
		}
	}
	id, err := sender.Send(ctx, post)
	b.at(AfterSend, c)
	return id, err
}
