package evidence

import (
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// What a release was meant to bring, and what it waited for.

func scopeAdded(_ *telling, _ workflows.Header, e release.ScopeAdded) Facts {
	f := Facts{"from": e.From}
	var what []string
	for _, x := range e.Entries {
		what = append(what, fmt.Sprintf("%d: %s", x.N, x.Name()))
		f["why"] = x.Why
		if x.Late {
			f["late"] = "true"
		}
	}
	f["what"] = strings.Join(what, "; ")
	return f
}

func scopeDropped(_ *telling, _ workflows.Header, e release.ScopeDropped) Facts {
	return Facts{"what": fmt.Sprintf("%d: %s", e.Entry.N, e.Entry.Name()), "why": e.Why}
}

func heardOf(_ *telling, _ workflows.Header, e release.HeardOf) Facts {
	return Facts{"other": string(e.Of.ID), "where": e.Of.Stands()}
}

// waitsFor names the releases that one waits for; "nothing" where a change says that there are none.
func waitsFor(all []release.Dependency) string {
	ids := make([]string, 0, len(all))
	for _, d := range all {
		ids = append(ids, string(d.ID))
	}
	if len(ids) == 0 {
		return "nothing"
	}
	return strings.Join(ids, ", ")
}

// until is a cut-off; "none" where a change took it away.
func until(at time.Time) string {
	if at.IsZero() {
		return "none"
	}
	return stamp(at)
}
