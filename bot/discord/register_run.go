package discord

import (
	"context"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
	"github.com/readyroom/readyroom/bot/listen"
)

const (
	commandsAgain   = 6 * time.Hour // between two looks at the typed commands: servers are added
	commandsFailed  = time.Minute   // after the first failure to write them, and longer after each
	commandsLongest = time.Hour
)

// Register writes the typed commands of each server that is listened to, as far as they are not as they should be; dry only
// says so. What it says of the servers that it reached stands also where others failed.
func (d *Discord) Register(ctx context.Context, dry bool) (Registered, error) {
	if d.me.Load() == nil {
		if err := d.identify(ctx); err != nil {
			return Registered{}, err
		}
	}
	call := func(ctx context.Context, method, path string, body, out any) *chat.Fault {
		return d.call(ctx, request{method: method, path: path, body: body}, out)
	}
	return register(ctx, call, *d.me.Load(), tree.Commands(d.Commands, tree.Options{Everyone: d.settings.Load().Everyone}), dry)
}

// watchCommands writes the typed commands as soon as Discord said who the bot is, so that nobody types those of another
// version, and looks at them from time to time.
func (d *Discord) watchCommands(ctx context.Context) {
	if !d.known(ctx) {
		return
	}
	for failed := 0; ctx.Err() == nil; {
		pause := listen.Jitter(commandsAgain)
		done, err := d.Register(ctx, false)
		if failed++; err == nil {
			failed = 0
		} else {
			pause = listen.Backoff(commandsFailed, commandsLongest, failed)
		}
		d.tellRegistered(ctx, done, err, pause)
		listen.Rest(ctx, pause, d.redraw)
	}
}

func (d *Discord) tellRegistered(ctx context.Context, done Registered, err error, again time.Duration) {
	for _, w := range done.Servers {
		if !w.None() {
			d.Log.InfoContext(ctx, "typed commands written", "server", w.Server, "commands", w.String())
		}
	}
	if len(done.Twice) > 0 {
		d.Log.WarnContext(ctx, "the application has commands of the same names for all servers: people see them twice", "commands", strings.Join(done.Twice, ", "))
	}
	if err != nil && ctx.Err() == nil {
		d.Log.WarnContext(ctx, "typed commands not written", "error", err, "again_in", again.String(), "next", toMend)
	}
}
