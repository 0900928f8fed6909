package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// settling is what `readyroom undelivered` asks.
type settling struct {
	ID   string      `json:"id,omitempty"`
	Word ledger.Word `json:"word,omitempty"`
	By   string      `json:"by,omitempty"` // the host's name of whoever gives it
}

func undeliveredCommand() *cobra.Command {
	var w wiring
	c := &cobra.Command{
		Use:   "undelivered [ID sent|again|drop]",
		Short: "List what could not be delivered and waits for a human, or say what became of it",
		Long: "List what could not be delivered and waits for a human, or say what became of one: sent (it is there after all),\n" +
			"again (send it once more; look first whether it is there), drop (let it be). The word goes on record.",
		Args: cobra.MatchAll(cobra.MaximumNArgs(2), func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return fmt.Errorf("what became of %s? → readyroom undelivered %s sent, again or drop", workflows.Display(args[0], 40), workflows.Display(args[0], 40))
			}
			return nil
		}),
		RunE: func(c *cobra.Command, args []string) error {
			a := settling{By: hostUser()}
			if len(args) == 2 {
				a.ID, a.Word = args[0], ledger.Word(args[1])
			}
			w.log = quiet(c.ErrOrStderr())
			return operate(c.Context(), w, "undelivered", a, c.OutOrStdout())
		},
	}
	whereFlags(c, &w)
	return c
}

// undelivered lists what waits for a human, or takes a human's word on one delivery.
func (r *running) undelivered(ctx context.Context, a settling, out io.Writer) error {
	s, err := r.store()
	if err != nil {
		return err
	}
	if a.ID != "" {
		said, err := r.desk.Settle(ctx, a.ID, a.Word, a.By, r.clock.Now())
		if err != nil {
			return err
		}
		became := map[ledger.Word]string{ledger.WordSent: "is there", ledger.WordAgain: "is sent once more", ledger.WordDrop: "is let be"}
		fmt.Fprintf(out, "%s (%s) %s; the ledger says that you said so\n", whither(said.What, said.Place, said.Stream), said.Delivery, became[said.Word])
		return nil
	}
	lines, err := waiting(ctx, s)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		fmt.Fprintln(out, "nothing waits for a human")
		return nil
	}
	for _, l := range lines {
		fmt.Fprintln(out, l)
	}
	fmt.Fprintln(out, "mend why something was refused, look whether the rest is there; then → readyroom undelivered ID sent, again or drop")
	return nil
}
