package desk

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/reading"
)

// policyOf is what the ledger keeps of a book.
func policyOf(b *policy.Book) ledger.Policy {
	p := ledger.Policy{Hash: b.Hash, Owners: b.Owners, Roles: map[workflows.Role]ledger.Holders{}, Audiences: map[workflows.Audience]ledger.Listeners{},
		People: map[workflows.PersonID]ledger.Author{}}
	for role, m := range b.Roles {
		p.Roles[role] = ledger.Holders{People: m.People, Groups: m.Groups}
	}
	for _, a := range b.Audiences {
		p.Audiences[a.Name] = ledger.Listeners{People: a.People, Quota: a.Quota, Public: a.Public}
	}
	for id, person := range b.People {
		code := ledger.CodeUnknown
		switch {
		case person.NoCode:
			code = ledger.CodeNone
		case person.CodeKnown():
			code = ledger.CodeKnown
		}
		p.People[id] = ledger.Author{Code: code}
	}
	return p
}

// The rows about recorded configurations: one for each hash, with the number of its last event, and the last hash
// itself, so that neither a start nor an auditor's question walks the ledger.
const (
	policyTable = "policy"
	lastPolicy  = "last"
)

// enter records the configuration unless it is the one recorded last.
func (r *rules) enter(tx *storage.Tx, now time.Time) error {
	hash, err := json.Marshal(r.Book.Hash)
	if err != nil {
		return fmt.Errorf("record the configuration: %w", err)
	}
	last, ok, err := tx.Row(policyTable, lastPolicy)
	if err != nil || ok && string(last) == string(hash) {
		return err
	}
	data, err := json.Marshal(policyOf(r.Book))
	if err != nil {
		return fmt.Errorf("record the configuration: %w", err)
	}
	e, err := tx.Append(ledger.Record{Kind: ledger.Policy{}.Kind(), Data: data,
		Header: workflows.Header{At: now, By: workflows.Actor{Machine: "config"}, Policy: r.Book.Hash}})
	if err != nil {
		return fmt.Errorf("record the configuration: %w", err)
	}
	at, err := json.Marshal(e.Seq)
	if err != nil {
		return fmt.Errorf("record the configuration: %w", err)
	}
	if err := tx.PutRow(policyTable, hashRow+r.Book.Hash, at, time.Time{}); err != nil {
		return fmt.Errorf("record the configuration: %w", err)
	}
	if err := r.enterCode(tx); err != nil {
		return err
	}
	return tx.PutRow(policyTable, lastPolicy, hash, time.Time{})
}

// hashRow begins the key of a hash's row.
const hashRow = "hash/"

// policySeq is the number of the event that tells what a hash stands for; ok is false when none does.
func policySeq(tx *storage.Tx, hash string) (seq workflows.Seq, ok bool, err error) {
	data, ok, err := tx.Row(policyTable, hashRow+hash)
	if err == nil && ok {
		err = json.Unmarshal(data, &seq)
	}
	if err != nil {
		return 0, false, fmt.Errorf("event of configuration %s: %w", hash, err)
	}
	return seq, ok, nil
}

// codeRow begins the key of the row of a configuration that says who writes code under which address. It stands beside
// the ledger and not in it, so that one who leaves can be forgotten: the author rule then has nothing to say of them.
const codeRow = "code/"

// enterCode keeps who wrote what under which address, as the author rule goes by it.
func (r *rules) enterCode(tx *storage.Tx) error {
	code := map[workflows.PersonID][]string{}
	for id, p := range r.Book.People {
		if len(p.Code) > 0 {
			code[id] = p.Code
		}
	}
	data, err := json.Marshal(code)
	if err == nil {
		err = tx.PutRow(policyTable, codeRow+r.Book.Hash, data, time.Time{})
	}
	if err != nil {
		return fmt.Errorf("keep the addresses of the configuration: %w", err)
	}
	return nil
}

// codesOf reads what enterCode kept, of every configuration.
func codesOf(tx *storage.Tx) (reading.Codes, error) {
	codes := reading.Codes{}
	err := tx.Rows(policyTable, func(k string, data json.RawMessage) (bool, error) {
		hash, ok := strings.CutPrefix(k, codeRow)
		if !ok {
			return true, nil
		}
		var code map[workflows.PersonID][]string
		err := json.Unmarshal(data, &code)
		codes[hash] = code
		return true, err
	})
	if err != nil {
		return nil, fmt.Errorf("addresses of the configurations: %w", err)
	}
	return codes, nil
}
