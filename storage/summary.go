package storage

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/readyroom/readyroom/workflows"
)

// summaryRow is what lists and selectors read of a stream, with the keys it is found under.
type summaryRow struct {
	Keys []string        `json:"keys,omitempty"`
	Data json.RawMessage `json:"data,omitempty"`
}

func summaryKey(stream workflows.Stream) key { return table(tableSummary).text(string(stream)) }

func findKey(k string, stream workflows.Stream) key {
	return table(tableFind).text(k).text(string(stream))
}

// PutSummary replaces a stream's summary: it is then found under the given keys and no others.
func (t *Tx) PutSummary(stream workflows.Stream, keys []string, data json.RawMessage) error {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	var old summaryRow
	if _, err := t.load(summaryKey(stream), &old); err != nil {
		return err
	}
	for _, k := range old.Keys {
		if slices.Contains(keys, k) {
			continue
		}
		if err := t.delete(findKey(k, stream)); err != nil {
			return err
		}
	}
	for _, k := range keys {
		if slices.Contains(old.Keys, k) {
			continue
		}
		if err := t.mark(findKey(k, stream)); err != nil {
			return err
		}
	}
	return t.put(summaryKey(stream), summaryRow{Keys: keys, Data: data})
}

// Summary gives a stream's summary; ok is false when it has none.
func (t *Tx) Summary(stream workflows.Stream) (data json.RawMessage, ok bool, err error) {
	var row summaryRow
	ok, err = t.load(summaryKey(stream), &row)
	return row.Data, ok, err
}

// Find visits the summaries found under a key behind a stream (empty: all), in the order of streams, until fn says
// false.
func (t *Tx) Find(k string, after workflows.Stream, fn func(workflows.Stream, json.RawMessage) (bool, error)) error {
	under := table(tableFind).text(k)
	from := under
	if after != "" {
		from = findKey(k, after).past()
	}
	return t.find(from.to(under.past()), func(_ string, stream workflows.Stream, data json.RawMessage) (bool, error) {
		return fn(stream, data)
	})
}

// FindPrefix visits the summaries found under keys that begin with prefix, in the order of keys and then of streams,
// until fn says false. A stream found under several such keys comes as often.
func (t *Tx) FindPrefix(prefix string, fn func(k string, stream workflows.Stream, data json.RawMessage) (bool, error)) error {
	return t.find(table(tableFind).begins(prefix).all(), fn)
}

func (t *Tx) find(s span, fn func(string, workflows.Stream, json.RawMessage) (bool, error)) error {
	return t.scan(s, func(ik, frame []byte) (bool, error) {
		if _, err := unseal(ik, frame); err != nil {
			return false, err
		}
		f := fieldsOf(ik)
		k, stream := f.text(), workflows.Stream(f.text())
		data, ok, err := t.Summary(stream)
		if err != nil {
			return false, err
		}
		if !ok {
			return false, damaged(ik, "its stream has no summary")
		}
		return fn(k, stream, data)
	})
}

// foldRow is a folded state, kept so that a long stream need not be folded from its beginning.
type foldRow struct {
	Revision workflows.Revision `json:"rev"`
	Fold     int                `json:"fold"`
	Data     json.RawMessage    `json:"data"`
}

// PutSnapshot caches a stream's state at a revision, as the fold of a version made it.
func (t *Tx) PutSnapshot(stream workflows.Stream, rev workflows.Revision, fold int, data json.RawMessage) error {
	return t.put(table(tableFold).text(string(stream)), foldRow{rev, fold, data})
}

// Snapshot gives the cached state of a stream. One of another fold's version, a damaged one and one that is ahead of
// its stream count as none: the events say the same.
func (t *Tx) Snapshot(stream workflows.Stream, fold int) (rev workflows.Revision, data json.RawMessage, ok bool, err error) {
	var row foldRow
	ok, err = t.load(table(tableFold).text(string(stream)), &row)
	var bad *Damaged
	if errors.As(err, &bad) || err == nil && (!ok || row.Fold != fold) {
		return 0, nil, false, nil
	}
	if err != nil {
		return 0, nil, false, err
	}
	head, err := t.Head(stream)
	if err != nil || row.Revision > head {
		return 0, nil, false, err
	}
	return row.Revision, row.Data, true, nil
}
