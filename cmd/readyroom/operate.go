package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"

	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/workflows"
)

// operation is something that subcommands ask of a bot: of the one that is running on the data, through its socket, or,
// where none is, of one that the subcommand begins itself. It is one function both ways.
type operation struct {
	acts bool // it needs the desk at work, not the data alone
	asks bool // it makes sense only of a bot that is running
	do   func(ctx context.Context, r *running, args []byte, out io.Writer) error
}

// operations are all that the socket answers.
var operations = map[string]operation{
	"run":         {acts: true, do: takes((*running).converse)},
	"status":      {do: takes((*running).status)},
	"backup":      {do: takes((*running).backup)},
	"export":      {do: takes((*running).export)},
	"evidence":    {do: takes((*running).evidence)},
	"verify":      {do: takes((*running).verify)},
	"undelivered": {acts: true, do: takes((*running).undelivered)},
	"reload":      {asks: true, do: takes((*running).reloadAsked)},
}

// takes decodes what an operation is asked.
func takes[A any](do func(*running, context.Context, A, io.Writer) error) func(context.Context, *running, []byte, io.Writer) error {
	return func(ctx context.Context, r *running, args []byte, out io.Writer) error {
		var a A
		dec := json.NewDecoder(bytes.NewReader(args))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&a); err != nil {
			return fmt.Errorf("what was asked cannot be read: %w", err)
		}
		return do(r, ctx, a, out)
	}
}

// carryOut does an operation; a panic in it is its error, and nobody else's.
func (o operation) carryOut(ctx context.Context, r *running, args []byte, out io.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v; the log of the bot says where; → readyroom status", p)
			r.log.ErrorContext(ctx, "an operation failed", "error", err, "stack", string(debug.Stack()))
		}
	}()
	return o.do(ctx, r, args, out)
}

// ending is how an operation ended, as far as the shell and the reader are concerned.
type ending struct {
	Code  int    `json:"code"`
	Words string `json:"words,omitempty"`
}

func (e *ending) Error() string { return e.Words }

// endingOf says how an error ends a program: 1 for a refusal and for what was found not whole, 3 for a database that
// cannot be opened and waits for a human, 2 for anything else, a crash of the runtime included.
func endingOf(err error) *ending {
	var e *ending
	var no *workflows.Refusal
	var shut *unopened
	switch {
	case err == nil:
		return &ending{}
	case errors.As(err, &e):
		return e
	case errors.Is(err, errRefused):
		return &ending{Code: 1}
	case errors.As(err, &no):
		return &ending{Code: 1, Words: err.Error()}
	case errors.As(err, &shut) && !errors.Is(err, bolt.ErrLocked):
		return &ending{Code: 3, Words: err.Error()}
	}
	return &ending{Code: 2, Words: err.Error()}
}

// operate has an operation carried out by whoever can: the running bot, else this process.
func operate(ctx context.Context, w wiring, name string, args any, out io.Writer) error {
	asked, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if ok, err := askRunning(ctx, w.dir, name, asked, out); ok {
		return err
	}
	o := operations[name]
	if o.asks {
		return workflows.Refuse("not_running", "no bot is running on "+w.dir).By("whoever runs it").Type("readyroom serve --data " + w.dir)
	}
	w.command, w.acts, w.keyboard = name, o.acts, true
	r, err := begin(ctx, w)
	if errors.Is(err, bolt.ErrLocked) { // perhaps it only began to answer
		if ok, err := askRunning(ctx, w.dir, name, asked, out); ok {
			return err
		}
	}
	if err != nil {
		return err
	}
	return errors.Join(o.carryOut(ctx, r, asked, out), r.Close())
}

// quiet is the log of a subcommand that is over before anybody reads a log: what matters is its error.
func quiet(errs io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
