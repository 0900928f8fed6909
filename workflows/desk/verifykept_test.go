package desk

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows/notes"
)

// What is kept beside the ledger is held to it as well.
func TestVerifyFindsWhatIsKeptWrong(t *testing.T) {
	row := func(tx *storage.Tx) (json.RawMessage, []string) {
		data, ok, err1 := tx.Summary(shipped)
		keys, err2 := tx.SummaryKeys(shipped)
		if err := errors.Join(err1, err2); err != nil || !ok {
			t.Fatal(ok, err)
		}
		return data, keys
	}
	instead := func(s string) json.RawMessage { return json.RawMessage(s) }
	for name, c := range map[string]struct {
		tamper func(tx *storage.Tx) error
		want   []string
	}{
		"nothing": {func(*storage.Tx) error { return nil }, nil},
		"another summary": {func(tx *storage.Tx) error {
			data, keys := row(tx)
			return tx.PutSummary(shipped, keys, instead(strings.Replace(string(data), `"stage":"ga"`, `"stage":"closed"`, 1)))
		}, []string{"app@1.0: its summary is not what its events give: kept is …"}},
		"the same in another zone": {func(tx *storage.Tx) error {
			data, keys := row(tx)
			return tx.PutSummary(shipped, keys, instead(strings.Replace(string(data), `"created":"2026-01-05T09:00:00Z"`, `"created":"2026-01-05T10:00:00+01:00"`, 1)))
		}, nil},
		"another hour": {func(tx *storage.Tx) error {
			data, keys := row(tx)
			return tx.PutSummary(shipped, keys, instead(strings.Replace(string(data), `"created":"2026-01-05T09:00:00Z"`, `"created":"2026-01-05T09:00:00+01:00"`, 1)))
		}, []string{"app@1.0: its summary is not what its events give"}},
		"in another list": {func(tx *storage.Tx) error {
			data, keys := row(tx)
			return tx.PutSummary(shipped, append(keys, "release/open/other"), data)
		}, []string{`app@1.0: it is listed under ["release"`}},
		"in no list": {func(tx *storage.Tx) error { return tx.DropSummary(shipped) },
			[]string{"app@1.0: it has no summary: it is in no list, though it is not over"}},
		"notes in no list": {func(tx *storage.Tx) error { return tx.DropSummary("notes/app@1.0") },
			[]string{"notes of app@1.0: it has no summary, though its release is not over"}},
		"a list of nothing": {func(tx *storage.Tx) error {
			return tx.PutSummary("release/app@9", []string{"release", "release/open"}, instead(`{"id":"app@9"}`))
		}, []string{"app@9: it is listed, and no event tells of it"}},
		"a snapshot": {func(tx *storage.Tx) error {
			return tx.PutSnapshot(shipped, 3, foldVersion, instead(`{"id":"app@1.0","passed":4}`))
		}, []string{"app@1.0, event 4: the cached state at this event is not what the events give"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.ships("app@1.0", refs[0])
			h.must(h.ask("ana", "app@1.0", notes.Draft{}))
			ok(t, h.store.Update(t.Context(), c.tamper))
			h.finds(0, c.want...)
		})
	}
}
