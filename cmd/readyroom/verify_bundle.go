package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// verifyBundle checks a bundle of evidence with nothing but the file, the page beside it if there is one, and the tips
// that the auditor has from elsewhere.
func verifyBundle(file string, known []ledger.Tip, out io.Writer) error {
	text, err := readBundle(file)
	if err != nil {
		return err
	}
	bad := func(err error) error {
		return fmt.Errorf("%s is NOT what was recorded: %w; → ask for the evidence again: readyroom evidence RELEASE", file, err)
	}
	b, err := evidence.Read(text)
	if err != nil {
		return bad(err)
	}
	r, err := evidence.Check(b)
	if err != nil {
		return bad(err)
	}
	for _, tip := range known {
		if err := evidence.Holds(b, tip); err != nil {
			return bad(err)
		}
	}
	page := strings.TrimSuffix(file, ".json") + ".md"
	if _, err := os.Lstat(page); errors.Is(err, fs.ErrNotExist) {
		page = ""
	} else if text, err := readBundle(page); err != nil {
		return err
	} else if err := evidence.CheckPage(r, text); err != nil {
		return bad(fmt.Errorf("%s: %w", page, err))
	}
	fmt.Fprintf(out, "%s is whole: %d events of %s, each proven to stand in the ledger of this tip\n", filepath.Base(file), len(b.Entries), workflows.Display(string(b.Release), 100))
	if page != "" {
		fmt.Fprintf(out, "%s agrees with it\n", filepath.Base(page))
	}
	fmt.Fprintf(out, "tip %s · evidence made %s\n", b.Tip, b.Made.Format("2006-01-02 15:04:05 MST"))
	for _, tip := range known {
		fmt.Fprintf(out, "it continues the tip of %d events that you have\n", tip.Size)
	}
	if len(known) == 0 {
		fmt.Fprintln(out, "whether that is the tip that was published: → readyroom verify "+filepath.Base(file)+" --tip 'readyroom/…', as posted or tagged")
	}
	return nil
}
