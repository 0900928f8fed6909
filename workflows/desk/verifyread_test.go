package desk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// shipped is a release that has come to GA, and will be lied about.
const shipped = workflows.Stream("release/app@1.0")

// forge writes a record into the ledger, past the desk.
func (h *house) forge(r ledger.Record) (last workflows.Seq) {
	h.Helper()
	ok(h, h.store.Update(h.Context(), func(tx *storage.Tx) error {
		got, err := tx.Append(r)
		last = got.Seq
		return err
	}))
	return last
}

// finds fails unless that is all that is found wrong with the store. N is the number of the last event.
func (h *house) finds(last workflows.Seq, want ...string) {
	h.Helper()
	lines, _, err := findings(h.store)
	if err != nil || len(lines) != len(want) {
		h.Fatalf("%v, found\n%s\nwant\n%s", err, strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	for i, w := range want {
		if w = strings.ReplaceAll(w, "event N", fmt.Sprintf("event %d", last)); !strings.Contains(lines[i], w) {
			h.Errorf("found %s\nwant  %s", lines[i], w)
		}
	}
}

func header(stream workflows.Stream) workflows.Header {
	return workflows.Header{Stream: stream, At: monday, Ask: "an-ask", Policy: "policy-1", By: workflows.Actor{Person: "ana", Handle: "chat/ana"}}
}

// event is a record as the desk would write it.
func event(t testing.TB, stream workflows.Stream, e workflows.Event) ledger.Record {
	t.Helper()
	r, err := stored(workflows.Recorded{Header: header(stream), Event: e})
	ok(t, err)
	return r
}

// The addresses that people write code under are no part of the ledger, and the reading has them all the same.
func TestVerifyKnowsWhoWroteWhat(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ben", "", release.New{ID: "app@1.0", Ref: refs[0], Risk: policy.Normal}))
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}}))
	h.forge(event(t, shipped, release.Passed{Gate: "ga.ready", Commit: refs[0]}))
	lines, _, err := findings(h.store)
	if want := "tests did not hold: only @ana vouched for it, who wrote aaaaaaa"; err != nil || !strings.Contains(strings.Join(lines, "\n"), want) {
		t.Errorf("%v, found\n%s\nwant  %s", err, strings.Join(lines, "\n"), want)
	}
}

// What nobody can read, or nothing can follow from, is found, and so is what the reading says.
func TestVerifyFindsForgeries(t *testing.T) {
	for name, c := range map[string]struct {
		record ledger.Record
		want   []string
	}{
		"an unknown event": {ledger.Record{Header: header(shipped), Kind: "release.blessed", Data: json.RawMessage(`{}`)},
			[]string{`app@1.0, event N: it cannot be read: event "release.blessed" in stream "release/app@1.0": no room knows it`}},
		"an unknown event outside": {ledger.Record{Header: header(""), Kind: "desk.blessed", Data: json.RawMessage(`{}`)},
			[]string{`event N: it cannot be read: nobody here knows events of the kind "desk.blessed"`}},
		"an event of other words": {ledger.Record{Header: header(shipped), Kind: "release.signed", Data: json.RawMessage(`{"vote":7}`)},
			[]string{"app@1.0, event N: it cannot be read"}},
		"an event outside of other words": {ledger.Record{Header: header(""), Kind: "desk.refused", Data: json.RawMessage(`{"line":7}`)},
			[]string{`event N: it cannot be read: event "desk.refused": `}},
		"by nobody, and of no words": {ledger.Record{Header: workflows.Header{Stream: shipped, At: monday, Ask: "an-ask"}, Kind: "release.resumed"},
			[]string{"app@1.0, event N: it does not say who did it", "app@1.0, event N: it cannot be read"}},
		"a tip of something else": {event(t, "", ledger.Anchored{Size: 1}),
			[]string{"event N: it cannot be read: it publishes a tip of 1 events that are not the first 1 here"}},
		"a tip from the future": {event(t, "", ledger.Anchored{Size: 999}),
			[]string{"event N: it cannot be read: it publishes the tip of 999 events, and stands at "}},
		"what nothing follows from": {event(t, "release/app@9", release.Passed{Gate: "ga.ready"}),
			[]string{"app@9, event N: release.passed comes before the release was opened", "app@9, event N: it cannot be read: nothing follows from it where it stands: "}},
		"what nobody summarised": {event(t, shipped, release.Held{By: "ana", Why: "a customer called"}),
			[]string{"app@1.0: its summary is not what its events give: kept is …"}},
		"what must not be": {event(t, shipped, release.Passed{Gate: "ga.ready", Commit: refs[0]}), []string{
			"app@1.0, event N: the gate ga.ready was passed, and ga.done was next",
			"app@1.0: its summary is not what its events give", "app@1.0: it is listed under "}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.ships("app@1.0", refs[0])
			h.finds(h.forge(c.record), c.want...)
		})
	}
}
