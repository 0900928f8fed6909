package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/cmd/readyroom/child"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// verifyFlags are what `readyroom verify` takes.
type verifyFlags struct {
	data     string
	tips     []string
	deadline time.Duration
}

// errNotWhole ends the program with 1: what was found is printed.
var errNotWhole = fmt.Errorf("not whole: %w", errRefused)

// errNoCopy: the record could not be copied, so nothing is said of it.
var errNoCopy = errors.New("the record was not looked at")

// verifyData verifies the data directory that this process has open, on a copy, while it is in use.
func verifyData(ctx context.Context, d *datadir.Data, deadline time.Duration, known ...ledger.Tip) (verified, error) {
	c, err := d.Snapshot(ctx)
	if err != nil {
		return verified{}, fmt.Errorf("%w: %w", errNoCopy, err)
	}
	v, err := verifyInChild(ctx, c.File, deadline, append(known, c.Tip)...)
	return v, errors.Join(err, os.Remove(c.File))
}

// verifyAtRest verifies a data directory that no process has open, against the tip that it keeps.
func verifyAtRest(ctx context.Context, dir string, deadline time.Duration, known ...ledger.Tip) (verified, error) {
	tip, tipErr := datadir.Tip(dir)
	v, err := verifyInChild(ctx, datadir.Database(dir), deadline, append(known, tip)...)
	if err == nil && tipErr != nil {
		v.Add("", fmt.Sprintf("%v: whether events are lost, nobody can say; once that is clear → readyroom restore %s takes the database as it is", tipErr, datadir.Database(dir)))
	}
	return v, err
}

// heldBy is who has a data directory open, to follow what it says; empty when nobody wrote it down.
func heldBy(dir string) string {
	if h, err := datadir.Held(dir); err == nil {
		return ": " + h.String()
	}
	return ""
}

// there reports whether something bears this name.
func there(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// verifyHere verifies a data directory: through the bot that runs on it, or at rest.
func verifyHere(ctx context.Context, f verifyFlags, known []ledger.Tip) (v verified, err error) {
	asked, err := json.Marshal(verifying{Deadline: f.deadline, Tips: known})
	if err != nil {
		return v, err
	}
	var answer bytes.Buffer
	ok, ended := askRunning(ctx, f.data, "verify", asked, &answer)
	if !ok {
		return verifyAtRest(ctx, f.data, f.deadline, known...)
	}
	if answer.Len() == 0 && ended != nil {
		return v, ended
	}
	if err := json.Unmarshal(answer.Bytes(), &v); err != nil {
		return v, errors.Join(ended, fmt.Errorf("read what the running bot found: %w", err))
	}
	return v, nil
}

// verifyGiven verifies a file of whatever kind it is.
func verifyGiven(ctx context.Context, file string, f verifyFlags, known []ledger.Tip, out io.Writer) error {
	kind, err := kindOf(file)
	if err != nil {
		return err
	}
	v := verified{}
	switch kind {
	case "bundle":
		return verifyBundle(file, known, out)
	case "export":
		began := time.Now()
		ctx, cancel := context.WithTimeout(ctx, f.deadline)
		defer cancel()
		v.Report, err = verifyExport(ctx, file, known)
		v.Took = time.Since(began)
	default:
		v, err = verifyInChild(ctx, file, f.deadline, known...)
	}
	var part *workflows.Refusal
	switch {
	case errors.Is(err, context.Canceled), errors.As(err, &part):
		return err
	case errors.Is(err, bolt.ErrLocked):
		return fmt.Errorf("%s is in use, and nothing is said of it: %w; → readyroom verify --data DIR, or verify a backup", file, err)
	case errors.Is(err, child.ErrDeadline), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s could not be read to its end: %w; → --deadline with more, or do not rely on it", file, err)
	case err != nil:
		return fmt.Errorf("%s is NOT whole: %w; → do not rely on it", file, err)
	}
	v.print(out, filepath.Base(file), known)
	if v.Found > 0 {
		return errNotWhole
	}
	return nil
}

func verifyCommand() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use:   "verify [FILE]",
		Short: "Say whether the record is whole: the data, a backup, an export, or a bundle of evidence",
		Long: "Say whether the record is whole. Without FILE: the data directory, also while the bot runs. FILE is a backup, an\n" +
			"export of the ledger, or a bundle of evidence, which needs no database. --tip holds it to a tip that was kept\n" +
			"elsewhere: the text that was posted or tagged, or a file with it.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var known []ledger.Tip
			for _, arg := range f.tips {
				tip, err := readTip(arg)
				if err != nil {
					return err
				}
				known = append(known, tip)
			}
			if len(args) == 1 {
				return verifyGiven(c.Context(), args[0], f, known, c.OutOrStdout())
			}
			v, err := verifyHere(c.Context(), f, known)
			switch {
			case err != nil && !there(f.data):
				return fmt.Errorf("there is no data directory %s; → --data DIR, or readyroom serve makes one", f.data)
			case errors.Is(err, bolt.ErrLocked):
				return fmt.Errorf("%s could not be verified, and nothing is said of it: %w%s; → end that, or verify a backup", f.data, err, heldBy(f.data))
			case errors.Is(err, child.ErrDeadline), errors.Is(err, errNoCopy), errors.Is(err, context.Canceled):
				return fmt.Errorf("%s could not be verified, and nothing is said of it: %w; → the same again", f.data, err)
			case err != nil:
				return fmt.Errorf("%s is NOT whole, or could not be read: %w; → readyroom restore BACKUP", f.data, err)
			}
			v.print(c.OutOrStdout(), f.data, known)
			if v.Found > 0 {
				return errNotWhole
			}
			return nil
		},
	}
	c.Flags().StringVar(&f.data, "data", defaultData, "the data directory")
	c.Flags().StringArrayVar(&f.tips, "tip", nil, "a tip that was kept elsewhere, or a file with it; may be given several times")
	c.Flags().DurationVar(&f.deadline, "deadline", verifyDeadline, "how long it may take")
	return c
}
