package evidence

import (
	"fmt"
	"slices"
	"strings"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// known is how events are read: those of the rooms that a release meets, and those of no room.
var known = ledger.KindsOf(slices.Concat(ledger.Loose(),
	release.Events(), flag.Events(), notes.Events(), briefing.Events(), feedback.Events(), team.Events(), people.Events())...)

// Event reads one record of the ledger as this package understands it; a kind that it does not know is kept by name.
func Event(r ledger.Record) (workflows.Recorded, error) {
	read, ok := known[r.Kind]
	if !ok {
		return workflows.Recorded{Header: r.Header, Event: unknown{r.Kind}}, nil
	}
	e, err := read(r.Data)
	if err != nil {
		return workflows.Recorded{}, fmt.Errorf("event %d (%s): %w", r.Seq, r.Kind, err)
	}
	return workflows.Recorded{Header: r.Header, Event: e}, nil
}

// events reads the entries; whether they are proven is not asked here.
func (b Bundle) events() ([]workflows.Recorded, error) {
	out := make([]workflows.Recorded, 0, len(b.Entries))
	for i, entry := range b.Entries {
		r, err := ledger.Parse([]byte(entry.Text))
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		e, err := Event(r)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		out = append(out, e)
	}
	return out, nil
}

// unknown is an event of a kind that this program does not know: of a newer one.
type unknown struct{ kind string }

func (u unknown) Kind() string { return u.kind }

// about reports whether the record itself ties a refusal to a release: by its id, or by the line that names it in full.
func about(id workflows.ReleaseID, r ledger.Refused) bool {
	if r.Release != "" {
		return r.Release == id
	}
	line, _, _ := strings.Cut(r.Line, " -- ") // what stands behind is a reason: it may mention anything
	return slices.Contains(strings.Fields(line), string(id))
}

// groups are those to which a configuration gives a role.
func groups(p ledger.Policy) map[string]bool {
	out := map[string]bool{}
	for _, r := range p.Roles {
		for _, g := range r.Groups {
			out[g] = true
		}
	}
	return out
}
