package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

// What is kept beside the ledger is only ever a consequence of it: here that is held to the events.

// snapshot compares the cached fold of a stream with the one made here, at the event it was kept at.
func (v *verification) snapshot(s step, h *history) {
	folded, err := json.Marshal(h.state)
	if err != nil || h.lost || sameJSON(s.fold, folded) {
		return // what cannot be written was never kept
	}
	v.wrong(nameOf(s.Header), "the cached state at this event is not what the events give: "+apart(s.fold, folded))
}

// summary compares the summary of a stream with what its events give in the end.
func (v *verification) summary(s step, h *history) {
	switch {
	case h.lost:
		return
	case !s.end.ok:
		v.unlisted(s.Stream, h)
		return
	}
	want, key := rooms[s.Stream.Room()].summary(h.state), nameOfStream(s.Stream)
	folded, err := json.Marshal(want.Data)
	if err == nil && !sameJSON(s.end.data, folded) {
		v.wrong(key, "its summary is not what its events give: "+apart(s.end.data, folded))
	}
	if keys := slices.Compact(slices.Sorted(slices.Values(want.Keys))); !slices.Equal(s.end.keys, keys) {
		v.wrong(key, fmt.Sprintf("it is listed under %q, and its events give %q", s.end.keys, keys))
	}
}

// unlisted judges a stream without a summary: that is right for releases that are over, and for what belongs to them.
func (v *verification) unlisted(stream workflows.Stream, h *history) {
	switch state := h.state.(type) {
	case release.Release:
		if state.Over() {
			return
		}
	case notes.Notes, briefing.Briefing, feedback.Feedback:
		v.without = append(v.without, stream)
		return
	}
	v.wrong(nameOfStream(stream), "it has no summary: it is in no list, though it is not over")
}

// leftOver finds what only the end of the ledger shows.
func (v *verification) leftOver(tx *storage.Tx) error {
	for _, stream := range v.without {
		if v.reading.UnderWay(workflows.ReleaseID(stream.ID())) {
			v.wrong(nameOfStream(stream), "it has no summary, though its release is not over")
		}
	}
	told := map[workflows.Stream]bool{}
	err := tx.FindPrefix("", func(_ string, stream workflows.Stream, _ json.RawMessage) (bool, error) {
		if v.streams[stream] == nil && !told[stream] {
			told[stream] = true
			v.wrong(nameOfStream(stream), "it is listed, and no event tells of it")
		}
		return true, nil
	})
	if err != nil {
		return fmt.Errorf("lists: %w", err)
	}
	return nil
}

// sameJSON reports whether two texts say the same: an instant may be written in any zone.
func sameJSON(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(inUTC(x), inUTC(y))
}

// inUTC is a JSON value with its instants written in one zone.
func inUTC(v any) any {
	switch v := v.(type) {
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t.UTC().Format(time.RFC3339Nano)
		}
	case []any:
		for i := range v {
			v[i] = inUTC(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = inUTC(v[k])
		}
	}
	return v
}

// apart shows two texts from where they part.
func apart(kept, folded []byte) string {
	const before, shown = 24, 60
	at := 0
	for at < min(len(kept), len(folded)) && kept[at] == folded[at] {
		at++
	}
	part := func(b []byte) string {
		from := max(0, min(at, len(b))-before)
		return workflows.Display(string(b[from:]), before+shown)
	}
	return fmt.Sprintf("kept is …%s, they give …%s", part(kept), part(folded))
}
