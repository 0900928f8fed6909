package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/readyroom/readyroom/workflows"
)

// Tip names one state of one ledger: no event up to Size can change, come or go without its Hash changing. Whoever
// keeps a tip can hold a later state of the ledger to it.
type Tip struct {
	Instance string        `json:"instance"` // of the store, hexadecimal
	Size     workflows.Seq `json:"size"`     // how many events
	Hash     tlog.Hash     `json:"hash"`     // of the tree over them
}

// maxSize is how many events a ledger can have: tlog cannot follow a larger tree to its end.
const maxSize = 1 << 62

// origin begins the text of a tip, as a checkpoint of a transparency log begins with the name of its log.
const origin = "readyroom/"

// Text is the tip as a checkpoint of a transparency log: three lines, the log's name, its size, its hash.
func (t Tip) Text() string {
	return fmt.Sprintf("%s%s\n%d\n%s\n", origin, t.Instance, t.Size, t.Hash)
}

// String is the tip in one line: the lines of its text with spaces between.
func (t Tip) String() string { return strings.Join(strings.Fields(t.Text()), " ") }

// IsZero reports whether it names no ledger at all.
func (t Tip) IsZero() bool { return t == Tip{} }

// ErrNotTip is wrapped when a text holds no tip.
var ErrNotTip = errors.New("it is no tip of a ledger: " + origin + "INSTANCE SIZE HASH")

// ParseTip finds the one tip in a text: the three lines or the one, alone or in a message, quoted or marked up.
func ParseTip(text string) (Tip, error) {
	words := strings.FieldsFunc(text, outside)
	var found []Tip
	for i := range len(words) - 2 {
		if t, ok := parse(words[i : i+3]); ok {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Tip{}, ErrNotTip
	}
	return Tip{}, fmt.Errorf("it holds %d tips: %w", len(found), ErrNotTip)
}

// outside reports whether a character can be no part of a tip.
func outside(r rune) bool {
	return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", r)
}

// parse reads the three words of a tip; ok is false when they are not written as String writes them.
func parse(words []string) (t Tip, ok bool) {
	instance, named := strings.CutPrefix(words[0], origin)
	size, err1 := strconv.ParseUint(words[1], 10, 64)
	hash, err2 := tlog.ParseHash(words[2])
	t = Tip{Instance: instance, Size: workflows.Seq(size), Hash: hash}
	hexadecimal := strings.Trim(instance, "0123456789abcdef") == ""
	ok = named && instance != "" && hexadecimal && err1 == nil && err2 == nil && t.Size <= maxSize
	return t, ok && t.String() == strings.Join(words, " ")
}
