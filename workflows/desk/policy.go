package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/reading"
	"github.com/readyroom/readyroom/workflows/team"
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
	policyTable  = "policy"
	lastPolicy   = "last"
	accountsTold = "accounts" // the hash again, once its event tells the accounts: older programs told none
)

// enter records the configuration unless it is the one recorded last, with the accounts that it gives to people.
func (r *rules) enter(tx *storage.Tx, now time.Time) error {
	hash, err := json.Marshal(r.Book.Hash)
	if err != nil {
		return fmt.Errorf("record the configuration: %w", err)
	}
	recorded, err := isRow(tx, lastPolicy, hash)
	if err != nil {
		return err
	}
	told, err := isRow(tx, accountsTold, hash)
	if err != nil || recorded && told {
		return err
	}
	p := policyOf(r.Book)
	if p.Accounts, err = r.accounts(tx); err != nil {
		return err
	}
	if !recorded || len(p.Accounts) > 0 { // of what was recorded before accounts were told, only those are news
		if err := r.record(tx, p, now); err != nil {
			return err
		}
	}
	return errors.Join(tx.PutRow(policyTable, lastPolicy, hash, time.Time{}), tx.PutRow(policyTable, accountsTold, hash, time.Time{}))
}

func isRow(tx *storage.Tx, key string, want []byte) (bool, error) {
	data, ok, err := tx.Row(policyTable, key)
	return ok && string(data) == string(want), err
}

// record writes the event of a configuration, and where it is found.
func (r *rules) record(tx *storage.Tx, p ledger.Policy, now time.Time) error {
	data, err := json.Marshal(p)
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
	return r.enterCode(tx)
}

// accounts are, of those that the ledger names already, the ones that the configuration gives to one of its people, by
// the id that they are called by as long as they are nobody's.
func (r *rules) accounts(tx *storage.Tx) (map[workflows.PersonID]workflows.PersonID, error) {
	named, err := namedAccounts(tx)
	if err != nil {
		return nil, fmt.Errorf("accounts in the ledger: %w", err)
	}
	out := map[workflows.PersonID]workflows.PersonID{}
	for id, p := range r.Book.People {
		for _, h := range p.Handles {
			called := team.PersonID(h)
			if _, configured := r.Book.People[called]; named[h] && !configured {
				out[called] = id
			}
		}
	}
	return out, nil
}

// namedAccounts are those that the ledger names as somebody's: in a roster at any time, by a link, or by a claim. Nobody
// comes to act under an account's own name but through one of these.
func namedAccounts(tx *storage.Tx) (map[workflows.Handle]bool, error) {
	out := map[workflows.Handle]bool{}
	for _, room := range []string{team.Room, people.Room} {
		events, err := roomEvents(tx, room)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			switch e := e.Event.(type) {
			case team.Arrived:
				for _, m := range e.Members {
					out[m.Handle] = true
				}
			case people.Linked:
				out[e.Handle] = true
			case people.Owned:
				out[e.Handle] = true
			}
		}
	}
	return out, nil
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
