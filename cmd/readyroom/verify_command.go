package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/storage"
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

// verifyData verifies the data directory that this process has open, on a copy, while it is in use.
func verifyData(ctx context.Context, d *datadir.Data, deadline time.Duration, known ...ledger.Tip) (verified, error) {
	c, err := d.Snapshot(ctx)
	if err != nil {
		return verified{}, err
	}
	v, err := verifyInChild(ctx, c.File, deadline, append(known, c.Tip)...)
	return v, errors.Join(err, os.Remove(c.File))
}

// verifyAtRest verifies a data directory that no process has open, against the tip that it keeps.
func verifyAtRest(ctx context.Context, dir string, deadline time.Duration, known ...ledger.Tip) (verified, error) {
	tip, tipErr := datadir.Tip(dir)
	v, err := verifyInChild(ctx, datadir.Database(dir), deadline, append(known, tip)...)
	if err == nil && tipErr != nil {
		v.Add("", tipErr.Error())
	}
	return v, err
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

// verifyExport recomputes the tree over an exported ledger and compares it with the tip at its end, and with those
// that are known.
func verifyExport(file string, known []ledger.Tip) (r storage.Report, err error) {
	f, err := os.Open(file)
	if err != nil {
		return r, err
	}
	defer func() { _ = f.Close() }() // it was only read
	e := exported{report: &r, known: map[workflows.Seq][]ledger.Tip{}}
	for _, tip := range known {
		e.known[tip.Size] = append(e.known[tip.Size], tip)
	}
	in := bufio.NewReader(f)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			if err := e.line(line[:len(line)-1]); err != nil {
				return r, fmt.Errorf("%s, line %d: %w", file, r.Records+1, err)
			}
		}
		if errors.Is(err, io.EOF) {
			return r, e.end(file)
		}
		if err != nil {
			return r, fmt.Errorf("read %s: %w", file, err)
		}
	}
}

// exported is an exported ledger as far as it was read.
type exported struct {
	report *storage.Report
	known  map[workflows.Seq][]ledger.Tip
	hashes []tlog.Hash // all that tlog stores, in its order
	ended  bool
}

// exportEnd is the last line of an export.
type exportEnd struct {
	Tip *ledger.Tip `json:"tip"`
}

func (e *exported) line(text []byte) error {
	if e.ended {
		return errors.New("there is more behind the tip")
	}
	var end exportEnd
	if err := json.Unmarshal(text, &end); err == nil && end.Tip != nil {
		e.ended = true
		e.report.Tip.Instance = end.Tip.Instance
		e.known[end.Tip.Size] = append(e.known[end.Tip.Size], *end.Tip)
		return e.hold()
	}
	r, err := ledger.Parse(text)
	if err != nil {
		return err
	}
	if r.Seq != e.report.Tip.Size+1 {
		return fmt.Errorf("event %d follows event %d; only a whole export can be verified: → readyroom export", r.Seq, e.report.Tip.Size)
	}
	more, err := tlog.StoredHashes(int64(e.report.Tip.Size), text, e)
	if err != nil {
		return err
	}
	e.hashes = append(e.hashes, more...)
	e.report.Records++
	e.report.Tip.Size, e.report.At = r.Seq, r.At
	return e.hold()
}

// ReadHashes is what tlog asks for.
func (e *exported) ReadHashes(places []int64) (out []tlog.Hash, err error) {
	for _, place := range places {
		out = append(out, e.hashes[place])
	}
	return out, nil
}

// hold compares the tree so far with the tips that are known of its size.
func (e *exported) hold() (err error) {
	size := e.report.Tip.Size
	if e.known[size] == nil {
		return nil
	}
	if e.report.Tip.Hash, err = tlog.TreeHash(int64(size), e); err != nil {
		return err
	}
	for _, tip := range e.known[size] {
		if tip.Hash != e.report.Tip.Hash {
			e.report.Add("", fmt.Sprintf("the first %d events are not those of the tip %s", size, tip))
		}
	}
	delete(e.known, size)
	return nil
}

func (e *exported) end(file string) error {
	if !e.ended {
		return fmt.Errorf("%s has no tip at its end: it is cut short", file)
	}
	for _, tips := range e.known {
		e.report.Add("", fmt.Sprintf("it ends at event %d and is not the whole ledger of the tip %s", e.report.Tip.Size, tips[0]))
	}
	return nil
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
		v.Report, err = verifyExport(file, known)
		v.Took = time.Since(began)
	default:
		v, err = verifyInChild(ctx, file, f.deadline, known...)
	}
	if err != nil {
		return fmt.Errorf("%s is NOT whole: %w; → do not rely on it", file, err)
	}
	v.print(out, filepath.Base(file))
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
			if err != nil {
				return fmt.Errorf("%s is NOT whole, or could not be read: %w; → readyroom restore BACKUP", f.data, err)
			}
			v.print(c.OutOrStdout(), f.data)
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
