package desk

import (
	"context"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
)

// Frozen makes a desk without a store, for a process whose store could not be opened: it serves a set of flags that an
// earlier one gave (see FlagSet), marked stale, and refuses everything else with StoreClosed. It is not to be started.
// A set that is damaged in any byte is refused.
func Frozen(set []byte, why error, cfg Config) (*Desk, error) {
	c, err := flag.Thaw(set)
	if err != nil {
		return nil, fmt.Errorf("read the set of flags: %w", err)
	}
	d := New(storage.Shut(why), nowhere{}, cfg)
	d.flags.set.Store(&served{c, slices.Clone(set)})
	return d, nil
}

// nowhere is the Source of a frozen desk.
type nowhere struct{}

func (nowhere) Look(context.Context, workflows.Query) (workflows.Found, error) {
	return workflows.Found{}, storage.ErrShut
}

func (nowhere) Diff(context.Context, workflows.Query, string, string) ([]string, error) {
	return nil, storage.ErrShut
}
