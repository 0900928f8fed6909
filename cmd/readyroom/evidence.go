package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/datadir"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/desk"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
)

// sample is what `readyroom evidence` asks.
type sample struct {
	Release string       `json:"release"`
	Older   []ledger.Tip `json:"older,omitempty"` // tips from elsewhere, to be proven continued
}

func evidenceCommand() *cobra.Command {
	var w wiring
	var folder string
	var tips []string
	c := &cobra.Command{
		Use:   "evidence RELEASE",
		Short: "Write who let a release out, on what evidence, with proofs that need no database",
		Long: "Write who let a release out, on what evidence: RELEASE.evidence.json, which `readyroom verify` checks without the\n" +
			"database, and the same for people in RELEASE.evidence.md.",
		Example: "  readyroom evidence app@1.0.0\n  readyroom evidence app@1.0.0 --out - > sample.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			a := sample{Release: args[0]}
			for _, t := range tips {
				tip, err := readTip(t)
				if err != nil {
					return err
				}
				a.Older = append(a.Older, tip)
			}
			w.log = quiet(c.ErrOrStderr())
			var text bytes.Buffer
			if err := operate(c.Context(), w, "evidence", a, &text); err != nil {
				return err
			}
			if folder == "-" {
				_, err := c.OutOrStdout().Write(text.Bytes())
				return err
			}
			return writeEvidence(folder, text.Bytes(), c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&w.dir, "data", defaultData, "the data directory")
	c.Flags().StringVar(&folder, "out", ".", "the folder to write to; - prints the bundle instead")
	c.Flags().StringArrayVar(&tips, "tip", nil, "a tip that was kept elsewhere, or a file with it: the bundle proves that it is continued")
	return c
}

// evidence prints the bundle of a release.
func (r *running) evidence(ctx context.Context, a sample, out io.Writer) error {
	s, err := r.store()
	if err != nil {
		return err
	}
	b, err := r.reader(s).Evidence(ctx, workflows.Selectors{Release: a.Release}, "", time.Now(), a.Older...)
	if err != nil {
		return err
	}
	text, err := b.Text()
	if err == nil {
		_, err = out.Write(text)
	}
	return err
}

// reader is the desk at work, or, where none is, one that only reads.
func (r *running) reader(s *storage.Store) *desk.Desk {
	if r.desk != nil {
		return r.desk
	}
	return desk.New(s, r.sources(), desk.Config{Book: &policy.Book{}})
}

// writeEvidence checks a bundle as an auditor would, and writes it with the page that is drawn from it.
func writeEvidence(folder string, text []byte, out io.Writer) error {
	b, err := evidence.Read(text)
	if err != nil {
		return err
	}
	report, err := evidence.Check(b)
	if err != nil {
		return fmt.Errorf("the evidence of %s does not hold: %w; → readyroom verify", b.Release, err)
	}
	name := filepath.Join(folder, string(b.Release)+".evidence")
	for end, content := range map[string][]byte{".json": text, ".md": evidence.Markdown(report)} {
		if err := datadir.Replace(name+end, content); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "wrote %s.json and %s.md: %s with their proofs against the tip\n%s → readyroom verify %s, anywhere\n",
		name, name, counted(uint64(len(b.Entries)), "event"), b.Tip, quoted(name+".json"))
	return nil
}
