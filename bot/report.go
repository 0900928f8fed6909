package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/places"
)

// Places says which places take nothing, as the desk knows.
type Places interface {
	Parked(ctx context.Context) ([]places.State, error)
}

// Linker is an optional second interface of a Sender: where a place is found in a browser; empty: nowhere.
type Linker interface {
	Link(workflows.Place) string
}

// link is where a place is found in a browser.
func (b *Bot) link(p workflows.Place) string {
	if l, ok := b.Senders[p.Platform()].(Linker); ok {
		return l.Link(p)
	}
	return ""
}

// Parked is how many places take nothing until somebody mends them there.
func (b *Bot) Parked() int { return b.outlets.count() }

// recall reads, before the first step, which places took nothing when the last process ended.
func (b *Bot) recall(ctx context.Context, now time.Time) error {
	if b.outlets.begun() {
		return nil
	}
	var parked []places.State
	if b.Places != nil {
		var err error
		if parked, err = b.Places.Parked(ctx); err != nil {
			return fmt.Errorf("which places take nothing: %w", err)
		}
	}
	b.outlets.begin(now, parked)
	return nil
}

// report tells the desk when a place took something again, when it takes nothing, and when something waits for a human:
// the owners hear of it. It comes before the outcome is recorded, so that no end of the process swallows it.
func (b *Bot) report(ctx context.Context, c storage.Claim, now time.Time, o storage.Outcome, err error) {
	switch {
	case c.Kind != workflows.Tell || errors.Is(err, errNothing):
	case err == nil:
		if b.outlets.reached(c.Place) && b.ask(ctx, c, now, places.Mend{Place: c.Place}) {
			b.outlets.mended(c.Place)
		}
	case c.What == places.ToldTrouble || c.What == places.ToldMended: // who cannot be told of trouble cannot be told of that either
	case c.What == feedback.ToldFollower: // theirs alone to mend, and there may be many: the list of what is undelivered has it
	default:
		b.complain(ctx, c, now, o, err)
	}
}

func (b *Bot) complain(ctx context.Context, c storage.Claim, now time.Time, o storage.Outcome, err error) {
	fault := faultOf(err)
	t := places.Trouble{Place: c.Place, What: c.What, About: c.Stream, Delivery: c.ID, Why: fault.Err.Error()}
	if errors.Is(err, errOff) { // it is not the place's, and one word on the platform is enough
		t.Place = workflows.Place(c.Place.Platform())
	}
	switch {
	case o.Result == storage.Failed:
		t.Fate = places.Failed
	case o.Result == storage.NeedsHuman:
		t.Fate = places.Unclear
	case fault.Verdict == chat.Park && b.outlets.why(t.Place) != t.Why:
		if t.Fate = places.Parked; b.ask(ctx, c, now, t) {
			b.outlets.because(t.Place, t.Why)
		}
		return
	default:
		return
	}
	key := string(t.Place) + "\x00" + string(t.Fate) + "\x00" + t.Why
	if b.outlets.news(key, now) && b.ask(ctx, c, now, t) {
		b.outlets.told(key, now)
	}
}

// ask hands a wish of the delivery's to the desk, and reports whether it was heard.
func (b *Bot) ask(ctx context.Context, c storage.Claim, now time.Time, wish workflows.Intent) bool {
	id := fmt.Sprintf("delivery/%s/%d/%T", c.ID, c.Attempt, wish)
	_, err := b.Do(ctx, workflows.Ask{ID: id, Bot: "delivery", When: now, Line: c.What, Wish: wish})
	if err != nil {
		b.Log.ErrorContext(ctx, "the owners cannot be told of a delivery", "what", c.What, "id", c.ID, "place", string(c.Place), "error", err)
	}
	return err == nil
}
