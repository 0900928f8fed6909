package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
)

// Evidence gives all that the ledger holds of one release, with its proofs against the ledger's tip as it stands. Older
// tips that an auditor has from elsewhere are proven to be continued, or refused if they are not.
func (d *Desk) Evidence(ctx context.Context, on workflows.Selectors, at workflows.Place, now time.Time, older ...ledger.Tip) (evidence.Bundle, error) {
	var b evidence.Bundle
	err := d.view(ctx, func(tx *storage.Tx) error {
		id, err := sampled(tx, on, at)
		if err != nil {
			return err
		}
		events, err := evidenceOf(tx, id)
		if err != nil {
			return fmt.Errorf("evidence of %s: %w", id, err)
		}
		b, err = prove(tx, id, now, events, older)
		return err
	})
	return b, err
}

// sampled finds the release that a selector means. One that is named in full is found by its stream: of a release closed
// long ago there may be nothing else.
func sampled(tx *storage.Tx, on workflows.Selectors, at workflows.Place) (workflows.ReleaseID, error) {
	id := workflows.ReleaseID(on.Release)
	if workflows.ValidID(string(id.Product())) && workflows.ValidVersion(id.Version()) {
		head, err := tx.Head(workflows.StreamOf(release.Room, on.Release))
		if err != nil || head > 0 {
			return id, err
		}
	}
	row, err := find(tx, on, at, nil)
	return row.ID, err
}

// evidenceOf is every event that belongs into the evidence of a release, in the ledger's order.
func evidenceOf(tx *storage.Tx, id workflows.ReleaseID) ([]workflows.Recorded, error) {
	own, err := ownEvents(tx, id)
	if err != nil {
		return nil, err
	}
	loose, err := looseEvents(tx, own[0].Seq)
	if err != nil {
		return nil, err
	}
	all := append(own, evidence.Pick(id, own, loose)...)
	policies, err := policiesOf(tx, all)
	if err != nil {
		return nil, err
	}
	all = append(all, policies...)
	for _, stream := range evidence.Groups(policies) {
		rosters, err := eventsOf(tx, stream)
		if err != nil {
			return nil, err
		}
		all = append(all, evidence.InForce(own, rosters)...)
	}
	about, err := roomEvents(tx, people.Room) // as many as there are absences and links, in all the years
	if err != nil {
		return nil, err
	}
	all = append(all, evidence.Persons(own, policies, about)...)
	slices.SortFunc(all, bySeq)
	return all, nil
}

// roomEvents is every event of a room that is found under its name.
func roomEvents(tx *storage.Tx, room string) ([]workflows.Recorded, error) {
	var streams []workflows.Stream
	err := tx.Find(room, "", func(s workflows.Stream, _ json.RawMessage) (bool, error) {
		streams = append(streams, s)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	var out []workflows.Recorded
	for _, s := range streams {
		events, err := eventsOf(tx, s)
		if err != nil {
			return nil, err
		}
		out = append(out, events...)
	}
	slices.SortFunc(out, bySeq)
	return out, nil
}

func bySeq(a, b workflows.Recorded) int { return cmp.Compare(a.Seq, b.Seq) }

// ownEvents are those of the release's streams: its own, what was written for it, and its flags.
func ownEvents(tx *storage.Tx, id workflows.ReleaseID) ([]workflows.Recorded, error) {
	var own []workflows.Recorded
	for _, room := range append([]string{release.Room}, beside...) {
		events, err := eventsOf(tx, workflows.StreamOf(room, string(id)))
		if err != nil {
			return nil, err
		}
		own = append(own, events...)
	}
	keys := map[workflows.FlagKey]bool{}
	flags, err := flagsUnder(tx, flag.KeyOf(id))
	if err != nil {
		return nil, err
	}
	for _, f := range flags {
		keys[f.Key] = true
	}
	for _, e := range own { // what a gate's passing names is the release's, whatever became of the flag's row
		if p, ok := e.Event.(release.Passed); ok {
			for key := range p.Flags {
				keys[key] = true
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		events, err := eventsOf(tx, workflows.StreamOf(flag.Room, string(key)))
		if err != nil {
			return nil, err
		}
		own = append(own, events...)
	}
	slices.SortFunc(own, bySeq)
	return own, nil
}

func eventsOf(tx *storage.Tx, stream workflows.Stream) ([]workflows.Recorded, error) {
	var out []workflows.Recorded
	err := tx.Events(stream, 0, func(r ledger.Record) (bool, error) {
		e, err := evidence.Event(r)
		out = append(out, e)
		return true, err
	})
	return out, err
}

// looseEvents are those without a stream, from a number on.
func looseEvents(tx *storage.Tx, from workflows.Seq) ([]workflows.Recorded, error) {
	var out []workflows.Recorded
	err := tx.Loose(from, func(r ledger.Record) (bool, error) {
		e, err := evidence.Event(r)
		out = append(out, e)
		return true, err
	})
	return out, err
}

// policiesOf are the configurations that events were decided under, as the ledger holds them.
func policiesOf(tx *storage.Tx, events []workflows.Recorded) ([]workflows.Recorded, error) {
	var out []workflows.Recorded
	for _, hash := range evidence.Policies(events...) {
		seq, ok, err := policySeq(tx, hash)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue // the bundle says so
		}
		err = tx.Ledger(seq-1, func(r ledger.Record) (bool, error) {
			e, err := evidence.Event(r)
			out = append(out, e)
			return false, err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// prove takes the events as they were written, each with its proof, and the growth from every older tip.
func prove(tx *storage.Tx, id workflows.ReleaseID, now time.Time, events []workflows.Recorded, older []ledger.Tip) (evidence.Bundle, error) {
	size, _, err := tx.Last()
	if err != nil {
		return evidence.Bundle{}, fmt.Errorf("evidence of %s: %w", id, err)
	}
	tip, err := tx.Tip(size)
	if err != nil {
		return evidence.Bundle{}, fmt.Errorf("evidence of %s: %w", id, err)
	}
	entries := make([]ledger.Entry, 0, len(events))
	for _, e := range events {
		entry, err := tx.Entry(e.Seq, size)
		if err != nil {
			return evidence.Bundle{}, fmt.Errorf("evidence of %s: %w", id, err)
		}
		entries = append(entries, entry)
	}
	tips, err := grown(tx, tip, append(evidence.Tips(tip.Instance, events), older...))
	if err != nil {
		return evidence.Bundle{}, err
	}
	b, err := evidence.Make(evidence.Heading{Release: id, Tip: tip, Made: now}, entries, tips)
	if err != nil {
		return b, fmt.Errorf("%w: %w", errUnproven, err)
	}
	return b, nil
}

// notContinued is the reason of a tip that names another history than the ledger's.
const notContinued workflows.Reason = "not_continued"

// grown proves older tips, each size once, the oldest first.
func grown(tx *storage.Tx, tip ledger.Tip, tips []ledger.Tip) ([]evidence.Older, error) {
	slices.SortFunc(tips, func(a, b ledger.Tip) int { return cmp.Compare(a.Size, b.Size) })
	var out []evidence.Older
	for _, t := range slices.Compact(tips) {
		o := evidence.Older{Tip: t}
		var err error
		if t.Size <= tip.Size {
			if o.Proof, err = tx.Growth(t.Size, tip.Size); err != nil {
				return nil, err
			}
		}
		if err := tip.Continues(t, o.Proof); err != nil {
			return nil, workflows.Refuse(notContinued, fmt.Sprintf("the ledger does not continue the tip %s: %v", t, err)).
				By("whoever runs this bot").Type("readyroom verify")
		}
		out = append(out, o)
	}
	return out, nil
}
