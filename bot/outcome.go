package bot

import (
	"errors"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

const (
	attempts = 8              // that may end unclear; then a human looks
	patience = 72 * time.Hour // with what certainly was not sent: as long as a network or a platform may be down
	minPace  = time.Second
)

var (
	// errNobodyKnows: it may have been sent, and the platform cannot be asked.
	errNobodyKnows = errors.New("it may have been sent, and its platform cannot be asked")
	// errNothing: there is nothing to say any more, or not to this place.
	errNothing = errors.New("there is nothing to say")
	// errOff is wrapped where a platform is off.
	errOff = errors.New("it is off")
)

// outcome turns how a send ended into what storage keeps of it.
func (b *Bot) outcome(c storage.Claim, now time.Time, message chat.MessageID, err error) storage.Outcome {
	o := storage.Outcome{At: now, Result: storage.Sent, Message: string(message)}
	switch {
	case err == nil:
		return o
	case errors.Is(err, errNothing):
		o.Message = c.Edit
		return o
	}
	o.Err = err.Error()
	fault := faultOf(err)
	b.Log.Warn("delivery failed", "what", c.What, "id", c.ID, "place", string(c.Place), "attempt", c.Attempt, "verdict", string(fault.Verdict), "error", err)
	o.Gone = fault.Gone
	tries := c.Attempt - c.Excused
	wait := max(backoff(tries), fault.After)
	switch {
	case errors.Is(err, errNobodyKnows):
		o.Result = storage.NeedsHuman
	case o.Gone && tries < attempts: // the next attempt posts anew
		o.Result, o.Again = storage.Retry, now
	case fault.Verdict == chat.Fatal, fault.Verdict == chat.Retry && !fault.Paced && c.Kind != workflows.Wake && b.spent(c, tries, now): // a wake-up is never given up
		o.Result = storage.Failed
	case fault.Verdict == chat.Park && c.What == feedback.ToldFollower && b.spent(c, c.Attempt, now): // nobody here can mend it, and anyone can make more of it
		o.Result = storage.Failed
	case fault.Verdict == chat.Park:
		o.Result, o.Again, o.Excused = storage.Retry, b.outlets.park(c.Place, now), true
	case fault.Verdict == chat.Retry && fault.Paced:
		o.Result, o.Again, o.Excused = storage.Retry, now.Add(max(minPace, fault.After)), true
		if !fault.Alone { // what follows there waits as well, to stay behind
			b.outlets.pause(c.Place, o.Again)
		}
	case fault.Verdict == chat.Retry:
		o.Result, o.Again = storage.Retry, now.Add(wait)
	case tries >= attempts:
		o.Result = storage.NeedsHuman
	default:
		o.Result, o.Again = storage.Unclear, now.Add(wait)
	}
	return undecided(c, o)
}

// undecided keeps in doubt what was: that this attempt sent nothing says nothing of a former one, which is looked for
// again, and so is an act. To edit twice is to edit once, but not to post what does not fit into the edited message.
func undecided(c storage.Claim, o storage.Outcome) storage.Outcome {
	if o.Result == storage.Retry && c.Unresolved && (c.Kind == workflows.Act || c.Kind == workflows.Tell && (c.Edit == "" || !stays(c))) {
		o.Result = storage.Unclear
	}
	return o
}

// faultOf is what an error says of a send; without a word of its platform it is unclear.
func faultOf(err error) chat.Fault {
	var fault *chat.Fault
	if errors.As(err, &fault) {
		return *fault
	}
	return chat.Fault{Verdict: chat.Unclear, Err: err}
}

// spent reports whether a delivery was tried often and long enough.
func (b *Bot) spent(c storage.Claim, tries int, now time.Time) bool {
	return tries >= attempts && now.Sub(b.outlets.since(c.Due)) > patience
}

// backoff doubles from a second to some minutes.
func backoff(attempt int) time.Duration {
	return min(time.Second<<min(max(attempt, 0), 9), 5*time.Minute)
}

// putOff is the outcome of a delivery to a place that rests: it is not tried now, and that is no failure.
func (b *Bot) putOff(c storage.Claim, now time.Time) (o storage.Outcome, rests bool) {
	if c.Kind != workflows.Tell {
		return o, false
	}
	until, rests := b.outlets.resting(c.Place, now)
	return undecided(c, storage.Outcome{At: now, Result: storage.Retry, Again: until, Excused: true}), rests
}
