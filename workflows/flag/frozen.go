package flag

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// ErrDamaged is wrapped when a frozen set is not, byte for byte, one that Freeze wrote.
var ErrDamaged = errors.New("the set of flags is damaged")

// format is the version of the document.
const format = 1

// frozen is a set as a document of its own. Its names are for ever.
type frozen struct {
	Format int             `json:"format"`
	Sum    string          `json:"sum"` // SHA-256 of the text of Set, hexadecimal
	Set    json.RawMessage `json:"set"`
}

type frozenSet struct {
	Size     workflows.Seq                                       `json:"size"` // of the ledger it was compiled at
	At       time.Time                                           `json:"at"`   // the time of that ledger's last event
	Percents map[workflows.Environment]map[workflows.FlagKey]int `json:"percents"`
	Users    map[workflows.FlagKey]workflows.Environment         `json:"users"`
}

// Freeze writes a set as a document that can be read anywhere, at any time, without a store: the same bytes for the same
// set. No person and no release is in it.
func (c *Compiled) Freeze() ([]byte, error) {
	set, err := json.Marshal(frozenSet{c.size, c.at, c.percents, c.users})
	if err != nil {
		return nil, fmt.Errorf("freeze the set of flags: %w", err)
	}
	sum := sha256.Sum256(set)
	doc, err := json.Marshal(frozen{format, hex.EncodeToString(sum[:]), set})
	if err != nil {
		return nil, fmt.Errorf("freeze the set of flags: %w", err)
	}
	return append(doc, '\n'), nil
}

// Thaw reads a frozen set. It evaluates as the one that was frozen, or is refused: a set is never half read.
func Thaw(doc []byte) (*Compiled, error) {
	var f frozen
	if err := json.Unmarshal(doc, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if f.Format > format {
		return nil, fmt.Errorf("the set of flags has format %d, %d is known: it was written by a newer program", f.Format, format)
	}
	var s frozenSet
	if err := json.Unmarshal(f.Set, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	c := &Compiled{percents: s.Percents, users: s.Users, size: s.Size, at: s.At}
	if again, err := c.Freeze(); err != nil || !bytes.Equal(again, doc) { // its checksum too is then another
		return nil, fmt.Errorf("%w: it is not, byte for byte, what was written", ErrDamaged)
	}
	return c, nil
}
