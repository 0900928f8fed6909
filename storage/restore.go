package storage

import (
	"fmt"

	"github.com/readyroom/readyroom/workflows"
)

// How many numbers a store that was put back from a copy leaves out: more than can have been given since the copy was
// made. A number that was given twice would let an old button press a new thing.
const (
	skippedDeliveries = 1 << 20
	skippedNumbers    = 1 << 10
)

// Resume prepares a store that was put back from a copy: numbers go on behind those that may have been given since
// the copy was made, and whatever would be told or done may have been by then, so it is reconciled first.
func (t *Tx) Resume() error {
	err := t.scan(table(tableCounter).all(), func(k, frame []byte) (bool, error) {
		at := key{bytes: append([]byte(nil), k...)}
		var n uint64
		if err := decode(k, frame, &n); err != nil {
			return false, err
		}
		n += skippedNumbers
		if len(k) == 1 {
			n += skippedDeliveries
		}
		return true, t.put(at, n)
	})
	if err != nil {
		return fmt.Errorf("skip numbers: %w", err)
	}
	return t.Deliveries(func(p Pending) (bool, error) {
		if p.Kind == workflows.Wake || p.Unresolved {
			return true, nil
		}
		p.Unresolved = true
		return true, t.put(deliveryKey(p.number()), p)
	})
}
