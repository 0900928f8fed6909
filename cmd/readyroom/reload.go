package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/cmd/readyroom/config"
)

// reloaded is how the last reload of the configuration went.
type reloaded struct {
	at  time.Time
	err error
}

func reloadCommand() *cobra.Command {
	var w wiring
	c := &cobra.Command{
		Use:   "reload",
		Short: "Have the running bot read its configuration anew; a broken one changes nothing",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			w.log = quiet(c.ErrOrStderr())
			return operate(c.Context(), w, "reload", struct{}{}, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&w.dir, "data", defaultData, "the data directory")
	return c
}

// reloadAsked reloads, and says what is in force.
func (r *running) reloadAsked(ctx context.Context, _ struct{}, out io.Writer) error {
	err := r.reload(ctx)
	if _, ok := errors.AsType[*keptSecrets](err); ok {
		return fmt.Errorf("%w\nthe configuration is in force: %s → readyroom doctor, then: readyroom reload", err, summary(*r.cfg.Load()))
	}
	if err != nil {
		return fmt.Errorf("%w\nthe configuration that was in force stays in force → readyroom lint, then: readyroom reload", err)
	}
	fmt.Fprintf(out, "in force: %s\n", summary(*r.cfg.Load()))
	return nil
}

// summary is a configuration in one line.
func summary(c config.Config) string {
	name := c.Path
	if name == "" {
		name = "no " + defaultConfig
	}
	return fmt.Sprintf("%s · %.12s · owners %d · people %d · roles %d · products %d", name, c.Hash, len(c.Owners), len(c.People), len(c.Roles), len(c.Products))
}

// keptSecrets is why the secrets of a chat could not be changed. The configuration was.
type keptSecrets struct {
	platform string
	error
}

func (k *keptSecrets) Unwrap() error { return k.error }

// reload puts the configuration as it stands in its file in force, wholly, or leaves all as it is; and then the secrets of
// the chats, as they stand now.
func (r *running) reload(ctx context.Context) error {
	r.reloading.Lock()
	defer r.reloading.Unlock()          // one after the other
	asked := context.WithoutCancel(ctx) // whoever asked may hang up: that says nothing of the file
	err := r.swap(asked)
	if err == nil {
		err = errors.Join(r.reloadChats(asked), r.reloadGitHub(asked))
	}
	r.mu.Lock()
	r.reloaded = reloaded{time.Now(), err}
	r.mu.Unlock()
	r.metrics.Reloaded(err == nil)
	if kept, ok := errors.AsType[*keptSecrets](err); ok {
		r.log.ErrorContext(ctx, "a chat's secrets could not be changed, the old ones stay in force", "platform", kept.platform, "error", err, "next", "readyroom doctor, then: readyroom reload")
	} else if err != nil {
		r.log.ErrorContext(ctx, "the configuration is broken, the old one stays in force", "error", err)
		return err
	}
	r.log.InfoContext(ctx, "configuration in force", "file", r.cfg.Load().Path, "hash", r.cfg.Load().Hash)
	r.sayUnowned(ctx)
	return err
}

func (r *running) swap(ctx context.Context) error {
	path := r.config
	if old := r.cfg.Load().Path; path == "" {
		path = old // one that was there and is gone is no reason to go on without
	}
	next, err := loadConfig(ctx, path, r.keyboard, r.source)
	if err != nil {
		return err
	}
	if r.data == nil {
		return errors.Join(errors.New("the store is not open: nothing can be put in force"), r.shut)
	}
	dc, err := deskConfig(next, r.dir, r.codes, r.platforms()...)
	if err != nil {
		return err
	}
	if err := r.desk.Reload(ctx, dc, r.clock.Now()); err != nil {
		return err
	}
	r.cfg.Store(&next)
	return nil
}
