package evidence

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
)

// maxSize bounds the ledgers that a bundle may speak of, far above any that exists: a tip from outside may say anything,
// and the arithmetic of proofs must not run over.
const maxSize workflows.Seq = 1 << 53

// Check holds a bundle to what it claims, with nothing but the bundle: each entry stands in the ledger of its tip, all
// belong to the release, none is missing in between, and the report follows from them. The report it gives is its own.
func Check(b Bundle) (Report, error) {
	if b.Format != Format {
		return Report{}, otherFormat(b.Format)
	}
	if err := b.proven(); err != nil {
		return Report{}, err
	}
	events, err := b.events()
	if err != nil {
		return Report{}, err
	}
	if err := belong(b.Release, events); err != nil {
		return Report{}, err
	}
	if err := b.anchored(events); err != nil {
		return Report{}, err
	}
	r, err := tell(b.Heading, events)
	if err != nil {
		return Report{}, err
	}
	if err := same(r, b.Report); err != nil {
		return Report{}, err
	}
	if sum, err := b.sum(); err != nil || sum != b.Sum {
		return Report{}, errors.New("the bundle's own sum is of something else: the file was damaged or edited")
	}
	return r, nil
}

// CheckPage holds a page to a report that was checked: it is what this program writes of it, byte for byte.
func CheckPage(r Report, page []byte) error {
	want := Markdown(r)
	if bytes.Equal(want, page) {
		return nil
	}
	line := 1
	for i := range min(len(want), len(page)) {
		if want[i] != page[i] {
			break
		}
		if want[i] == '\n' {
			line++
		}
	}
	return fmt.Errorf("the page is not the one that this program writes of the report: they differ in line %d", line)
}

// Holds says whether a tip that the auditor has from elsewhere (a channel, a tag, an older bundle) is continued by the
// bundle's: only then is nothing before it rewritten. The bundle must have passed Check.
func Holds(b Bundle, tip ledger.Tip) error {
	switch {
	case tip.Instance != b.Tip.Instance:
		return fmt.Errorf("that is a tip of another ledger, %s; the bundle is of %s", tip.Instance, b.Tip.Instance)
	case tip == b.Tip:
		return nil
	case tip.Size > b.Tip.Size:
		return fmt.Errorf("that tip is of %d events and the bundle of %d: it needs evidence made later", tip.Size, b.Tip.Size)
	}
	for _, o := range b.Older {
		if o.Tip.Size != tip.Size {
			continue
		}
		if o.Tip == tip {
			return grows(b.Tip, o)
		}
	}
	if tip.Size == b.Tip.Size || b.proves(tip.Size) {
		return fmt.Errorf("the ledger's first %d events are others than that tip names: it was rewritten: %w", tip.Size, ledger.ErrProof)
	}
	return fmt.Errorf("the bundle says nothing of the ledger when it had %d events: it needs evidence made for that tip", tip.Size)
}

// proves reports whether the bundle proves how the ledger was at a size.
func (b Bundle) proves(size workflows.Seq) bool {
	for _, o := range b.Older {
		if o.Tip.Size == size && grows(b.Tip, o) == nil {
			return true
		}
	}
	return false
}

func grows(tip ledger.Tip, o Older) error {
	if o.Tip.Size == 0 || o.Tip.Size > tip.Size {
		return fmt.Errorf("the tip of %d events is no older one", o.Tip.Size)
	}
	if err := tip.Continues(o.Tip, o.Proof); err != nil {
		return fmt.Errorf("the tip of %d events: %w", o.Tip.Size, err)
	}
	return nil
}

// proven holds each entry and each older tip to the bundle's tip.
func (b Bundle) proven() error {
	if b.Tip.Size > maxSize {
		return fmt.Errorf("a ledger of %d events: there is none of that size", b.Tip.Size)
	}
	var last workflows.Seq
	for i, e := range b.Entries {
		r, err := b.Tip.Record(e)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		if r.Seq <= last {
			return fmt.Errorf("entry %d is event %d, after event %d: each stands once, in the ledger's order", i+1, r.Seq, last)
		}
		last = r.Seq
	}
	last = 0
	for _, o := range b.Older {
		if o.Tip.Size <= last {
			return fmt.Errorf("the tip of %d events comes after one of %d: each stands once, the oldest first", o.Tip.Size, last)
		}
		if err := grows(b.Tip, o); err != nil {
			return err
		}
		last = o.Tip.Size
	}
	return nil
}

// anchored holds every published tip of which an event tells to the older tips: none may go without its proof.
func (b Bundle) anchored(events []workflows.Recorded) error {
	for _, e := range events {
		a, ok := e.Event.(ledger.Anchored)
		if !ok {
			continue
		}
		tip := ledger.Tip{Instance: b.Tip.Instance, Size: a.Size, Hash: a.Hash}
		if a.Size >= e.Seq {
			return fmt.Errorf("event %d tells of a published tip of %d events, which was not there yet", e.Seq, a.Size)
		}
		if err := Holds(b, tip); err != nil {
			return fmt.Errorf("event %d tells of a published tip: %w", e.Seq, err)
		}
	}
	return nil
}

// same compares the report that follows from the entries with the one that was handed over.
func same(want, got Report) error {
	a, err := plain(want)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	b, err := plain(got)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if !bytes.Equal(a, b) {
		return errors.New("the report is not the one that follows from the entries")
	}
	return nil
}
