// Package ledger owns the record as it stands for ever: the text of one event, the tip of the log that all events form,
// the proofs that an event stands in it, and the events that belong to no stream. All of it can be checked with nothing
// but what is in hand.
//
// The log is a Merkle tree as of RFC 6962, kept by golang.org/x/mod/sumdb/tlog. The package must not know where records
// are stored, what follows from an event, or who asks.
package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// Record is an event as it is written: its header, the name of its kind, and the rest as its room wrote it.
type Record struct {
	workflows.Header
	Kind string
	Data json.RawMessage
}

// row is a Record at rest; its names are for ever.
type row struct {
	Seq      workflows.Seq      `json:"seq"`
	Stream   workflows.Stream   `json:"stream,omitempty"`
	Revision workflows.Revision `json:"rev,omitempty"`
	At       time.Time          `json:"at"`
	Person   workflows.PersonID `json:"by,omitempty"`
	Handle   workflows.Handle   `json:"handle,omitempty"`
	Machine  string             `json:"machine,omitempty"`
	As       workflows.Role     `json:"as,omitempty"`
	Ask      string             `json:"ask,omitempty"`
	Policy   string             `json:"policy,omitempty"`
	Template string             `json:"template,omitempty"`
	Kind     string             `json:"kind"`
	Data     json.RawMessage    `json:"data,omitempty"`
}

// Text is the record as one line of JSON, the bytes that its hash is of. There is one text of a record: the record that
// Parse reads from it has the same. So its time is in UTC, its data has no space between its parts, and what is no
// UTF-8, which no JSON text may carry, is replaced. Nothing is escaped for web pages.
func (r Record) Text() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(row{
		Seq: r.Seq, Stream: sound(r.Stream), Revision: r.Revision, At: r.At.UTC(),
		Person: sound(r.By.Person), Handle: sound(r.By.Handle), Machine: sound(r.By.Machine),
		As: sound(r.As), Ask: sound(r.Ask), Policy: sound(r.Policy), Template: sound(r.Template), Kind: sound(r.Kind),
		Data: bytes.ToValidUTF8(r.Data, []byte(replacement)),
	})
	if err != nil {
		return nil, fmt.Errorf("write event %d: %w", r.Seq, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// replacement stands where there was no character.
const replacement = "\uFFFD"

// sound is a text without what is no UTF-8. The encoder would write an escape there, and read it as a character that it
// writes as it is.
func sound[T ~string](s T) T { return T(strings.ToValidUTF8(string(s), replacement)) }

// Parse reads a record back from its text.
func Parse(text []byte) (Record, error) {
	var r row
	if err := json.Unmarshal(text, &r); err != nil {
		return Record{}, fmt.Errorf("read event: %w", err)
	}
	if r.Kind == "" {
		return Record{}, errors.New("read event: it has no kind")
	}
	return Record{
		Header: workflows.Header{
			Seq: r.Seq, Stream: r.Stream, Revision: r.Revision, At: r.At,
			By: workflows.Actor{Person: r.Person, Handle: r.Handle, Machine: r.Machine},
			As: r.As, Ask: r.Ask, Policy: r.Policy, Template: r.Template,
		},
		Kind: r.Kind, Data: r.Data,
	}, nil
}
