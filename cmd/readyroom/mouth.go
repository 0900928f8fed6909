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
	"github.com/readyroom/readyroom/workflows/desk"
)

// grammar answers lines, and only shows things while nobody owns the bot.
func (r *running) grammar() chat.Handler {
	return commands.Handler(owned{r.desk, func() bool { return len(r.cfg.Load().Owners) > 0 }}, r.log)
}

// owned is the desk as people reach it: as long as nobody owns the bot, nobody could say who may do what.
type owned struct {
	*desk.Desk
	is func() bool
}

// Do refuses people while there is no owner.
func (o owned) Do(ctx context.Context, a workflows.Ask) (workflows.Receipt, error) {
	if a.By != "" && !o.is() {
		return workflows.Receipt{}, workflows.Refuse("read_only", "this bot has no owner yet, so it only shows things").
			By("whoever runs it").Type("readyroom init", "owners: [YOU] in "+defaultConfig, "readyroom reload")
	}
	return o.Desk.Do(ctx, a)
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
