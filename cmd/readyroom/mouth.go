package main

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/web"
	"github.com/readyroom/readyroom/commands"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
)

// grammar answers lines, and only shows things while nobody owns the bot.
func (r *running) grammar() chat.Handler {
	return commands.Handler(owned{r.desk, r.hasOwner}, r.log)
}

// tally counts the answers of a handler.
func (r *running) tally(h chat.Handler) chat.Handler {
	return func(ctx context.Context, q chat.Request) chat.Reply {
		reply := h(ctx, q)
		switch no := reply.Refusal; {
		case no == nil:
			r.metrics.Answered("done", "")
		case no.Reason == "fault":
			r.metrics.Answered("fault", "")
		default:
			r.metrics.Answered("refused", string(no.Reason))
		}
		return reply
	}
}

// countedQueue counts how deliveries end.
type countedQueue struct {
	*storage.Store
	metrics *web.Metrics
}

// Settle counts what was settled. Whatever ends a delivery, how it went is recorded: what is not would be looked for, and
// not sent, until its claim has run out.
func (q countedQueue) Settle(ctx context.Context, c storage.Claim, o storage.Outcome) error {
	err := q.Store.Settle(context.WithoutCancel(ctx), c, o)
	if err != nil {
		return err
	}
	platform := c.Place.Platform()
	if c.Kind == workflows.Wake {
		platform = "clock"
	}
	q.metrics.Delivered(platform, string(o.Result))
	return nil
}

// build says which program this is.
func build() web.Build {
	b := web.Build{Version: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version = info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Revision = s.Value
		}
	}
	return b
}
