package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// carryOut makes claimed deliveries, in their order. Neighbours that tell the same to places of a platform that takes
// several at once are made at once: one slow place keeps no other from hearing it. Something else is told only when all
// of them have ended, so that whoever must hear it first does.
func (b *Bot) carryOut(ctx context.Context, claims []storage.Claim, now time.Time) error {
	for len(claims) > 0 {
		n, width := b.run(claims)
		if err := b.sideBySide(ctx, lanes(claims[:n]), width, now); err != nil {
			return err
		}
		claims = claims[n:]
	}
	return nil
}

// run is how many of the next claims are made at once, and how many of those at the same time.
func (b *Bot) run(claims []storage.Claim) (n, width int) {
	first := claims[0]
	wide, ok := b.Senders[first.Place.Platform()].(chat.Wide)
	if !ok || first.Kind != workflows.Tell {
		return 1, 1
	}
	for n = 1; n < len(claims); n++ {
		if c := claims[n]; c.Kind != workflows.Tell || c.What != first.What || c.Place.Platform() != first.Place.Platform() {
			break
		}
	}
	return n, max(1, wide.Width())
}

// lanes are the claims by place, each in its order.
func lanes(run []storage.Claim) [][]storage.Claim {
	var out [][]storage.Claim
	at := map[workflows.Place]int{}
	for _, c := range run {
		i, ok := at[c.Place]
		if !ok {
			i = len(out)
			at[c.Place], out = i, append(out, nil)
		}
		out[i] = append(out[i], c)
	}
	return out
}

func (b *Bot) sideBySide(ctx context.Context, lanes [][]storage.Claim, width int, now time.Time) error {
	if len(lanes) == 1 {
		return b.lane(ctx, lanes[0], now)
	}
	errs := make([]error, len(lanes))
	turns := make(chan struct{}, width)
	var all sync.WaitGroup
	for i, lane := range lanes {
		turns <- struct{}{}
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = fmt.Errorf("panic while delivering: %v\n%s", p, debug.Stack())
				}
				<-turns
			}()
			errs[i] = b.lane(ctx, lane, now)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// lane makes deliveries one after the other.
func (b *Bot) lane(ctx context.Context, claims []storage.Claim, now time.Time) error {
	for _, c := range claims {
		o := b.deliver(ctx, c, now)
		if err := b.Queue.Settle(ctx, c, o); err != nil {
			return fmt.Errorf("settle %s %s: %w", c.What, c.ID, err)
		}
		b.at(Settled, c)
		if b.Beat != nil {
			b.Beat()
		}
	}
	return nil
}
