package desk

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
)

// The ledger tells what each hash stands for, once each time it comes into force, in ids alone.
func TestPolicyIsOnRecord(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Book.Roles[workflows.QA] = policy.Members{Groups: []string{"chat/crew"}} })
	first := h.ledger()
	want := `{"hash":"policy-1","owners":["ana"],` +
		`"roles":{"*":{"people":["ana","ben","mia","leo"]},"qa":{"groups":["chat/crew"]}},` +
		`"audiences":{"news":{"public":true},"support":{"people":["mia","zoe"],"quota":50}},` +
		`"people":{"ana":{"code":"known"},"ben":{"code":"known"},"leo":{"code":"unknown"},"mia":{"code":"none"},"zoe":{"code":"none"}}}`
	if len(first) != 1 || string(first[0].Data) != want {
		t.Fatalf("%d events:\n%s\n%s", len(first), first[0].Data, want)
	}
	head := ledger.Record{Header: workflows.Header{Seq: 1, At: monday, By: workflows.Actor{Machine: "config"}, Policy: "policy-1"}, Kind: "desk.policy"}
	first[0].Data = nil
	if diff := cmp.Diff(head, first[0]); diff != "" {
		t.Error(diff)
	}
	h.restart()
	h.reload(h.cfg)
	h.reload(signedBy("ben"))
	h.restart()
	h.reload(signedBy("mia"))
	h.reload(signedBy("ben"))
	var hashes []string
	for _, r := range h.ledger() {
		var p ledger.Policy
		if err := json.Unmarshal(r.Data, &p); err != nil || p.Hash != r.Policy {
			t.Errorf("%s under %s, %v", r.Data, r.Policy, err)
		}
		hashes = append(hashes, p.Hash)
	}
	if diff := cmp.Diff([]string{"policy-1", "ben", "mia", "ben"}, hashes); diff != "" {
		t.Error(diff)
	}
	for hash, want := range map[string]workflows.Seq{"policy-1": 1, "ben": 4, "mia": 3, "none": 0} {
		err := h.store.View(t.Context(), func(tx *storage.Tx) error {
			seq, ok, err := policySeq(tx, hash)
			if seq != want || ok != (want > 0) {
				t.Errorf("%s is told of by event %d, want %d", hash, seq, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
