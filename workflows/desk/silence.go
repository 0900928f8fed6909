package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// silentAfter is how long looks at checks and deployments fail until that is said beside what is shown of these.
const silentAfter = 15 * time.Minute

// looks is how the looks from time to time go, by product. It is kept while the desk is open: after a restart the first look
// begins anew.
type looks struct {
	mu sync.Mutex
	of map[workflows.Product]*lastLook
}

type lastLook struct {
	well time.Time // when one ended well last; until one did, when the first was made
	why  string    // the last one did not, for people; empty: it did
}

// note keeps how a look at a product's repository ended.
func (l *looks) note(p workflows.Product, at time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[workflows.Product]*lastLook{}
	}
	last := l.of[p]
	if last == nil {
		last = &lastLook{well: at}
		l.of[p] = last
	}
	if last.why = ""; err != nil {
		last.why = unseenBy(err)
		return
	}
	last.well = at
}

// silence is whether nobody could look at a product's repository lately.
func (l *looks) silence(p workflows.Product, forge string, now time.Time) workflows.Silence {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := l.of[p]
	if forge == "" || last == nil || last.why == "" || now.Sub(last.well) <= silentAfter {
		return workflows.Silence{}
	}
	return workflows.Silence{Forge: forge, Since: last.well, Why: last.why}
}

// unseenBy says in words for people why a look failed. What is a fault is not for them.
func unseenBy(err error) string {
	if gone, ok := errors.AsType[*workflows.Away](err); ok {
		return workflows.Display(gone.Error(), 200)
	}
	if no, ok := errors.AsType[*workflows.Refusal](err); ok {
		return workflows.Display(no.Why, 200)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "a look did not end in its time"
	}
	return "the bot's log says why"
}
