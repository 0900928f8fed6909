package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/cmd/readyroom/child"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/bolt"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// verifyDeadline is how long the verifying child may take: far more than a million events need.
const verifyDeadline = 10 * time.Minute

// inUse is how the verifying child ends where somebody else has the database open: that says nothing of the record.
const inUse = 4

// verified is what a verification says of a database.
type verified struct {
	storage.Report
	Releases int           `json:"releases"` // whose history was read again
	Took     time.Duration `json:"took"`
}

// verifyFileCommand is what the verifying child runs: it reads a database that nobody writes to, and prints what it
// found as JSON. A damaged file may hang or crash it.
func verifyFileCommand() *cobra.Command {
	var tips []string
	c := &cobra.Command{
		Use: "verify-file DATABASE", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			known, err := parseTips(tips)
			if err != nil {
				return err
			}
			v, err := verifyFile(c.Context(), args[0], known)
			if errors.Is(err, bolt.ErrLocked) {
				return &ending{Code: inUse, Words: err.Error()}
			}
			if err != nil {
				return err
			}
			return json.NewEncoder(c.OutOrStdout()).Encode(v)
		},
	}
	c.Flags().StringArrayVar(&tips, "tip", nil, "")
	return c
}

func parseTips(texts []string) (tips []ledger.Tip, err error) {
	for _, text := range texts {
		tip, err := ledger.ParseTip(text)
		if err != nil {
			return nil, err
		}
		tips = append(tips, tip)
	}
	return tips, nil
}

// verifyFile reads a database whole: its pages, its records, and what the records say.
func verifyFile(ctx context.Context, file string, known []ledger.Tip) (v verified, err error) {
	began := time.Now()
	engine, err := bolt.OpenReadOnly(file)
	if err != nil {
		return v, err
	}
	s, err := storage.OpenToRead(ctx, engine)
	if err != nil {
		return v, errors.Join(err, engine.Close())
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := engine.Check(ctx); err != nil {
		return v, err
	}
	var meaning storage.Report // of the records, read beside the records themselves: each takes a while
	var both sync.WaitGroup
	var unread error
	both.Go(func() { v.Releases, unread = desk.Verify(ctx, s, meaning.Add) })
	v.Report, err = s.Verify(ctx, known...)
	both.Wait()
	v.Merge(meaning)
	if v.Found == 0 { // else it is said already why
		err = errors.Join(err, unread)
	}
	v.Took = time.Since(began)
	return v, err
}

// verifyInChild lets a child of this program verify a database. An error says that it could not be read to its end.
func verifyInChild(ctx context.Context, file string, deadline time.Duration, known ...ledger.Tip) (v verified, err error) {
	args := []string{"verify-file"}
	for _, tip := range known {
		if !tip.IsZero() {
			args = append(args, "--tip", tip.String())
		}
	}
	out, err := child.Run(ctx, deadline, append(args, "--", file)...)
	if child.Status(err) == inUse {
		return v, fmt.Errorf("read %s: %w", file, bolt.ErrLocked)
	}
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(out, &v); err != nil {
		return v, fmt.Errorf("read what the verifying child said: %w", err)
	}
	return v, nil
}

// verifyCopy is a datadir.Verifier.
func verifyCopy(ctx context.Context, file string, known ledger.Tip) error {
	v, err := verifyInChild(ctx, file, verifyDeadline, known)
	if err == nil {
		err = v.wrong()
	}
	return err
}

var _ datadir.Verifier = verifyCopy

// wrong is the first of what is wrong, and how much more there is; nil when the database is whole.
func (v verified) wrong() error {
	switch v.Found {
	case 0:
		return nil
	case 1:
		return errors.New(v.Findings[0].Line())
	}
	return fmt.Errorf("%s (and %d more)", v.Findings[0].Line(), v.Found-1)
}

// print says what was found, for people.
func (v verified) print(out io.Writer, what string, known []ledger.Tip) {
	for _, f := range v.Findings {
		fmt.Fprintln(out, f.Line())
	}
	if more := v.Found - len(v.Findings); more > 0 {
		fmt.Fprintf(out, "and %d more\n", more)
	}
	if v.Found > 0 {
		fmt.Fprintf(out, "%s is NOT whole (findings: %d) → do not ship on it, and ask whoever runs the bot\n", what, v.Found)
		return
	}
	fmt.Fprintf(out, "%s is whole: %d events, %d records, %d releases read again, in %s\n", what, v.Tip.Size, v.Records, v.Releases, v.Took.Round(time.Millisecond))
	if !v.At.IsZero() {
		fmt.Fprintf(out, "last event %s\n", v.At.Format("2006-01-02 15:04:05 MST"))
	}
	fmt.Fprintf(out, "tip %s\n", v.Tip)
	for _, tip := range known {
		fmt.Fprintf(out, "it continues the tip of %d events that you have\n", tip.Size)
	}
}
