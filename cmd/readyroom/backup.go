package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// copied is what `readyroom backup` asks.
type copied struct {
	File  string `json:"file"` // absolute: the bot that is running may be anywhere
	Force bool   `json:"force,omitempty"`
}

func backupCommand() *cobra.Command {
	var w wiring
	var a copied
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the database while it is in use, and verify the copy",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) (err error) {
			if a.File, err = filepath.Abs(args[0]); err != nil {
				return fmt.Errorf("backup: %w", err)
			}
			w.log = quiet(c.ErrOrStderr())
			return operate(c.Context(), w, "backup", a, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&w.dir, "data", defaultData, "the data directory")
	c.Flags().BoolVar(&a.Force, "force", false, "replace FILE if it is there")
	return c
}

// backup copies the database to a file, which bears its name only once it was found whole.
func (r *running) backup(ctx context.Context, a copied, out io.Writer) error {
	if _, err := r.store(); err != nil {
		return err
	}
	c, err := r.data.Backup(ctx, a.File, a.Force, verifyCopy)
	if err != nil {
		return err
	}
	now := time.Now()
	r.mu.Lock()
	r.backedUp = now
	r.mu.Unlock()
	r.log.InfoContext(ctx, "backup made", "file", c.File, "bytes", c.Bytes, "events", uint64(c.Tip.Size))
	fmt.Fprintf(out, "%s holds %s in %d bytes, and was found whole\ntip %s → readyroom restore %s puts it back\n",
		c.File, counted(uint64(c.Tip.Size), "event"), c.Bytes, c.Tip, quoted(c.File))
	return nil
}

// counted says how many there are of something.
func counted(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
