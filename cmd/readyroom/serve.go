package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/bot/web"
)

const serveName = "serve"

// serveFlags are what `readyroom serve` takes.
type serveFlags struct {
	data, config, listen, log string
}

func serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   serveName,
		Short: "The bot as a daemon: delivers what is due, answers the other commands, shows health and metrics",
		Long: "The bot as a daemon: delivers what is due, answers the other commands (run, status, backup, evidence, export, reload)\n" +
			"on a socket in the data directory, and shows /healthz, /readyz and /metrics. SIGHUP reads the configuration anew;\n" +
			"SIGTERM ends it cleanly, a second one at once.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return runServe(c.Context(), f, c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&f.data, "data", defaultData, "the data directory; it is made if there is none")
	c.Flags().StringVar(&f.config, "config", "", "the configuration (default: "+defaultConfig+" if it is there)")
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8080", "where to show health and metrics")
	c.Flags().StringVar(&f.log, "log", "text", "how to log to standard error: text or json")
	return c
}

// newLog makes the daemon's log.
func newLog(kind string, to io.Writer) (*slog.Logger, error) {
	switch kind {
	case "text":
		return slog.New(slog.NewTextHandler(to, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, nil)), nil
	}
	return nil, fmt.Errorf("--log is text or json, not %q", kind)
}

// runServe is the daemon from beginning to end.
func runServe(ctx context.Context, f serveFlags, errs io.Writer) (err error) {
	w := wiring{command: serveName, dir: f.data, config: f.config, create: true, acts: true, chats: true}
	if w.log, err = newLog(f.log, errs); err != nil {
		return err
	}
	socket, clean, err := socketPath(f.data)
	if err != nil {
		return err
	}
	defer clean()
	w.socket = socket
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP) // from the first moment to the last, or it would end the process
	defer signal.Stop(hangup)
	w.hangup = hangup
	r, err := begin(ctx, w)
	if err != nil && ctx.Err() == nil {
		if r, err = beginFrozen(ctx, w, err); err != nil {
			return err
		}
	}
	if err != nil {
		return err // it was ended before it began
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return r.serve(ctx, f.listen)
}

// serve opens the mouths and runs until the context ends.
func (r *running) serve(ctx context.Context, listen string) error {
	front, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("%w; → --listen another address, such as 127.0.0.1:0", err)
	}
	local, err := listenLocal(ctx, r.socket, r.log)
	if err != nil {
		return errors.Join(err, front.Close())
	}
	r.metrics.Watch(func() web.Numbers { return r.numbers(ctx) })
	r.hello(ctx, front.Addr())
	return r.live(ctx, front, local)
}

// live runs the mouths until the context ends, and what works behind them until the mouths are closed: what somebody
// was answered is never cut off.
func (r *running) live(ctx context.Context, front, local net.Listener) error {
	behind, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var work sync.WaitGroup
	if r.data != nil {
		r.bot.LetGo, r.bot.Ticks = letGo, time.Now
		work.Go(func() { r.loop.Run(behind) })
		work.Go(func() { r.keepFlags(behind) })
		work.Go(func() { r.chores(behind) })
		work.Go(func() { r.rounds.Run(behind) })
	}
	work.Go(func() { r.onHangup(behind) })

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mouths sync.WaitGroup
	var failed [2]error
	open := func(i int, serve func() error) {
		mouths.Go(func() {
			failed[i] = serve()
			cancel() // with one mouth gone it is no bot
		})
	}
	shown := web.New(web.Options{Checks: r.checks, Metrics: r.metrics, Chats: r.routes(), Log: r.log})
	open(0, func() error { return web.Serve(ctx, shown, front) })
	open(1, func() error { return web.Serve(ctx, r.operator(), local) })
	for _, s := range r.spoken {
		mouths.Go(func() { s.platform.Run(ctx) })
	}
	<-ctx.Done()
	r.log.InfoContext(ctx, "stopping")
	mouths.Wait()
	r.finishChats(ctx)
	r.asked.Lock() // who is still being answered is done when this is had
	stop()
	work.Wait()
	r.finishSends(ctx)
	r.log.InfoContext(ctx, "stopped", "ran", time.Since(r.began).Round(time.Millisecond).String())
	return errors.Join(failed[:]...)
}

// letGo is how long a place that hangs may keep what is told elsewhere waiting.
const letGo = 3 * time.Second

// finishSends waits for what is on its way to places that hang. What is not there by then is looked for by the next process.
func (r *running) finishSends(ctx context.Context) {
	if r.bot == nil {
		return
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), web.Grace)
	defer cancel()
	if err := r.bot.Finish(last); err != nil {
		r.log.WarnContext(ctx, "not everything that was on its way arrived before the end: the next start looks for it", "error", err)
	}
}

// onHangup reloads whenever the process is told to with SIGHUP. How it went is in the log.
func (r *running) onHangup(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.hangup:
			_ = r.reload(ctx) // logged, shown and counted there
		}
	}
}

// hello says what is on, what is off, and how it is turned on.
func (r *running) hello(ctx context.Context, front net.Addr) {
	cfg := r.cfg.Load()
	r.log.InfoContext(ctx, "readyroom is running", "version", build().Version, "pid", os.Getpid(), "data", r.dir, "new", r.data != nil && r.data.New)
	r.log.InfoContext(ctx, "configuration in force", "file", cfg.Path, "hash", cfg.Hash, "people", len(cfg.People), "products", len(cfg.Products))
	r.sayUnowned(ctx)
	r.log.InfoContext(ctx, "health and metrics", "at", "http://"+front.String(), "paths", "/healthz /readyz /metrics")
	if !web.Loopback(front) {
		r.log.WarnContext(ctx, "health and metrics are shown to whoever reaches this machine; they hold no secrets and nothing that people wrote",
			"address", front.String(), "next", "--listen 127.0.0.1:8080 shows them to this machine alone")
	}
	r.log.InfoContext(ctx, "other commands are answered", "socket", r.socket, "try", "readyroom run '/release status'")
	r.log.InfoContext(ctx, "platform is on", "platform", "console", "how", "readyroom run")
	r.chatsHello(ctx)
	r.githubHello(ctx)
}
