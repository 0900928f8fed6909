package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// Actor changes something outside, one kind of act, and says where people see it; empty: nowhere. What it gets is worded as
// people will read it. It looks first whether that is done already, so that asking again is safe. A refusal says that it was
// not done and cannot be, a *chat.Fault what its verdict says; any other error, that it may have been done.
type Actor interface {
	Act(ctx context.Context, data json.RawMessage) (link string, err error)
}

// Seeker is an optional second interface of an Actor, for acts that cannot be seen at once after they were done: Seek looks
// whether one was, and does nothing. It fails where that cannot be told yet; false says that it was certainly not done.
type Seeker interface {
	Seek(ctx context.Context, data json.RawMessage) (link string, found bool, err error)
}

// act carries out one act. What is refused waits for a human; what may have been done is looked for again.
func (b *Bot) act(ctx context.Context, c storage.Claim) (link string, err error) {
	actor, ok := b.Actors[c.What]
	if !ok {
		return "", &chat.Fault{Verdict: chat.Fatal, Err: fmt.Errorf("nobody here carries out %q", c.What)}
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	b.at(BeforeSend, c)
	link, err = b.once(ctx, c, actor)
	b.at(AfterSend, c)
	var no *workflows.Refusal
	if errors.As(err, &no) {
		return link, &chat.Fault{Verdict: chat.Fatal, Err: err}
	}
	return link, err
}

// once carries out what was not carried out before, unless something took its place since.
func (b *Bot) once(ctx context.Context, c storage.Claim, actor Actor) (link string, err error) {
	late, err := b.overtaken(ctx, c)
	if err == nil && c.What == workflows.ActRelease && !c.Unresolved { // what may have been begun is seen to its end
		var no *workflows.Refusal
		if no, err = b.withheld(ctx, c); no != nil {
			return "", no
		}
	}
	if err != nil {
		return "", &chat.Fault{Verdict: chat.Retry, Paced: true, Alone: true, Err: fmt.Errorf("whether %s is still wished: %w", c.What, err)}
	}
	if s, ok := actor.(Seeker); ok && c.Unresolved {
		link, found, err := s.Seek(ctx, c.Data)
		if no := new(workflows.Refusal); errors.As(err, &no) { // who may not look cannot say that it was not done
			err = fmt.Errorf("look whether it was done: %s", no.Error())
		}
		if err != nil || found {
			return link, err
		}
	}
	if late {
		return "", workflows.Refuse(release.Overtaken, "it is not to be begun any more: another took its place, or the release is on hold, cancelled, or has another candidate").Type("/release candidate where")
	}
	data, err := cards.Worded(c.What, c.Data)
	if err != nil {
		return "", &chat.Fault{Verdict: chat.Fatal, Err: err}
	}
	return actor.Act(ctx, data)
}

// withheld refuses to publish what users cannot have now that its turn has come.
func (b *Bot) withheld(ctx context.Context, c storage.Claim) (*workflows.Refusal, error) {
	if c.Stream == "" {
		return nil, nil //nolint:nilnil // nothing is said against it
	}
	r, err := b.releaseOf(ctx, c)
	if s := r.Standing(); err == nil && s.Reach == workflows.ReachSmaller {
		return workflows.Refuse(workflows.OnHold, s.Where+": what users may not have is not published as a release").
			By(string(workflows.ReleaseManager)).Type("/release resume", "/release notes publish"), nil
	}
	return nil, err
}

// overtaken reports whether the release that wished a deployment took it back: it is looked for then, and not made.
func (b *Bot) overtaken(ctx context.Context, c storage.Claim) (bool, error) {
	if c.What != workflows.ActDeploy || c.Stream == "" {
		return false, nil
	}
	var d workflows.Deploy
	if err := json.Unmarshal(c.Data, &d); err != nil {
		return false, err
	}
	r, err := b.releaseOf(ctx, c)
	return r.Overtaken(d.Op), err
}

// acted tells the desk how an act ended, once it has: the room that wished it goes on from there. It comes before the
// outcome is recorded, so that no end of the process swallows it; a desk that cannot be told leaves the act to be looked for
// again.
func (b *Bot) acted(ctx context.Context, c storage.Claim, now time.Time, link string, o storage.Outcome, err error) storage.Outcome {
	if c.Kind != workflows.Act || c.Stream == "" {
		return o
	}
	end := workflows.Acted{Stream: c.Stream, What: c.What, Data: c.Data, Link: link}
	switch o.Result {
	case storage.Sent:
		end.Fate = workflows.Done
	case storage.Failed:
		end.Fate, end.Why = workflows.Refused, faultOf(err).Err.Error()
	case storage.NeedsHuman:
		end.Fate, end.Why = workflows.Unclear, faultOf(err).Err.Error()
	default:
		return o
	}
	id := fmt.Sprintf("acted/%s/%s", c.ID, end.Fate)
	_, failed := b.Do(ctx, workflows.Ask{ID: id, Bot: "delivery", When: now, Line: c.What, Wish: end})
	var no *workflows.Refusal
	if failed == nil || errors.As(failed, &no) {
		return o
	}
	b.Log.ErrorContext(ctx, "the desk could not be told how an act ended", "what", c.What, "id", c.ID, "fate", string(end.Fate), "error", failed)
	return storage.Outcome{At: now, Result: storage.Unclear, Again: now.Add(backoff(c.Attempt)), Excused: true, Err: failed.Error()}
}
