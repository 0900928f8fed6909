// Package evidence owns the answer to an auditor who samples one release: who let this out, and on what evidence. A
// Bundle holds the release's events as the ledger holds them, each with its proof, and the report that follows from
// them; Check needs nothing else, no database and no bot.
//
// It reads no clock and no store, decides nothing about a release, and knows no chat platform.
package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// Format is the version of the bundle's shape. What it names, it names for ever: later kinds add, they never rename.
const Format = 1

// Bundle is everything that the ledger holds of one release, with what proves it.
type Bundle struct {
	Format int `json:"format"`
	Heading
	Older   []Older        `json:"older,omitempty"` // tips that the ledger had before, oldest first
	Entries []ledger.Entry `json:"entries"`         // in the ledger's order
	Report  Report         `json:"report"`          // what follows from the entries, and from nothing else
	Sum     string         `json:"sum"`             // SHA-256 of all the above: against accidents, it proves nothing
}

// Heading is what a bundle is about: no event says it.
type Heading struct {
	Release workflows.ReleaseID `json:"release"`
	Tip     ledger.Tip          `json:"tip"`  // what the entries are proven against
	Made    time.Time           `json:"made"` // when that was the ledger's tip, by the bot's clock
}

// Older is a tip that the ledger had before, with the proof that all it named stands unchanged in the bundle's.
type Older struct {
	Tip   ledger.Tip     `json:"tip"`
	Proof tlog.TreeProof `json:"proof,omitempty"`
}

// Make writes the report of the entries. It hands out nothing that Check would refuse.
func Make(h Heading, entries []ledger.Entry, older []Older) (Bundle, error) {
	h.Made = h.Made.Round(0).UTC()
	b := Bundle{Format: Format, Heading: h, Older: older, Entries: entries}
	events, err := b.events()
	if err != nil {
		return b, fmt.Errorf("evidence of %s: %w", h.Release, err)
	}
	if b.Report, err = tell(h, events); err != nil {
		return b, fmt.Errorf("evidence of %s: %w", h.Release, err)
	}
	if b.Sum, err = b.sum(); err != nil {
		return b, err
	}
	_, err = Check(b)
	return b, err
}

// Text is the bundle as a file holds it: one line of JSON.
func (b Bundle) Text() ([]byte, error) {
	text, err := plain(b)
	if err != nil {
		return nil, fmt.Errorf("write evidence of %s: %w", b.Release, err)
	}
	return text, nil
}

// Read takes a bundle from its text and from no other: nothing may stand there that this program would not have written.
// It checks nothing else; Check does.
func Read(text []byte) (Bundle, error) {
	var b Bundle
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return b, fmt.Errorf("read evidence: it is no bundle: %w", err)
	}
	if head.Format != Format { // before the rest, of which another format may say anything
		return b, fmt.Errorf("read evidence: %w", otherFormat(head.Format))
	}
	if err := json.Unmarshal(text, &b); err != nil {
		return b, fmt.Errorf("read evidence: it is no bundle: %w", err)
	}
	again, err := b.Text()
	if err != nil {
		return b, err
	}
	if !bytes.Equal(again, text) {
		return b, errors.New("read evidence: the file is not written as this program writes it: something was added, left out or reordered")
	}
	return b, nil
}

func otherFormat(format int) error {
	return fmt.Errorf("it is of format %d, and this program knows format %d", format, Format)
}

func (b Bundle) sum() (string, error) {
	b.Sum = ""
	text, err := b.Text()
	return workflows.Digest(string(text)), err
}

// plain is JSON in which characters stay as they are, as in the records.
func plain(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return out.Bytes(), err
}
