package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/discord/tree"
)

const (
	registerTries = 5           // of one server
	registerPause = time.Second // between them, where Discord says nothing longer
	longestPause  = time.Minute // that Discord may ask for; a longer one is for the next start
)

// api makes one call of Discord's and reads the answer into out, which may be nil.
type api func(ctx context.Context, method, path string, body, out any) *chat.Fault

// register writes the typed commands of each server, as far as they are not there as they should be; dry only says so.
// They are the servers' own commands, not the application's for all: so they are there at once, and nobody sees them where
// nobody listens. All commands that the application has in a server are taken for the bot's.
func register(ctx context.Context, call api, me identity, want []tree.Command, dry bool) (Registered, error) {
	var out Registered
	var failed error
	for _, server := range me.servers {
		all := Written{Server: server}
		_, err := retried(ctx, func() (Written, *chat.Fault) {
			w, f := written(ctx, call, "/applications/"+me.app+"/guilds/"+server+"/commands", want, dry)
			if all.None() && all.Same == 0 { // what a later try finds left is a part of what the first one found
				all.Created, all.Changed, all.Removed, all.Same = w.Created, w.Changed, w.Removed, w.Same
			}
			return w, f
		})
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("typed commands of server %s: %w", server, err))
			continue
		}
		out.Servers = append(out.Servers, all)
	}
	twice, err := retried(ctx, func() ([]string, *chat.Fault) {
		var global []tree.Command
		f := call(ctx, http.MethodGet, "/applications/"+me.app+"/commands", nil, &global)
		return namesakes(global, want), f
	})
	out.Twice = twice
	if err != nil {
		failed = errors.Join(failed, fmt.Errorf("typed commands of all servers: %w", err))
	}
	return out, failed
}

// retried does something until it is done, as long as trying again may help. What is done again begins with reading how
// it stands, so an outcome that nobody knows is no reason to stop.
func retried[T any](ctx context.Context, do func() (T, *chat.Fault)) (out T, err error) {
	for n := 1; ; n++ {
		result, f := do()
		switch {
		case f == nil:
			return result, nil
		case n == registerTries, f.Verdict != chat.Retry && f.Verdict != chat.Unclear, f.After > longestPause:
			return out, f
		}
		timer := time.NewTimer(max(f.After, registerPause))
		select {
		case <-ctx.Done():
			timer.Stop()
			return out, f
		case <-timer.C:
		}
	}
}

// written makes the commands at a path what they should be. Where there are none they are written at once; else each that
// differs alone, because writing all would give new versions to those that are as they should be, and for a while Discord
// refuses whoever types those.
func written(ctx context.Context, call api, path string, want []tree.Command, dry bool) (Written, *chat.Fault) {
	var have []tree.Command
	if f := call(ctx, http.MethodGet, path+"?with_localizations=true", nil, &have); f != nil {
		return Written{}, f
	}
	d := tree.Diff(have, want)
	w := Written{Created: names(d.Create), Changed: names(d.Change), Removed: names(d.Remove), Same: d.Same}
	switch {
	case dry || d.None():
		return w, nil
	case len(have) == 0:
		return w, call(ctx, http.MethodPut, path, want, nil)
	}
	for _, c := range d.Change {
		id := c.ID
		c.ID, c.Type = "", 0 // neither can be changed
		if f := call(ctx, http.MethodPatch, path+"/"+id, c, nil); f != nil {
			return w, f
		}
	}
	for _, c := range d.Create {
		if f := call(ctx, http.MethodPost, path, c, nil); f != nil {
			return w, f
		}
	}
	for _, c := range d.Remove {
		if f := call(ctx, http.MethodDelete, path+"/"+c.ID, nil, nil); f != nil {
			return w, f
		}
	}
	return w, nil
}

// names are those of commands, as people see them.
func names(all []tree.Command) []string {
	var out []string
	for _, c := range all {
		name := c.Name
		if c.Type == discordgo.ChatApplicationCommand {
			name = "/" + name
		}
		out = append(out, name)
	}
	return out
}

// namesakes are the commands of all servers that stand beside ours under the same name.
func namesakes(global, want []tree.Command) []string {
	ours := names(want)
	return slices.DeleteFunc(names(global), func(name string) bool { return !slices.Contains(ours, name) })
}
