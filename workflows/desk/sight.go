package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

const (
	looker     = "look"           // the machine that records what was seen on behalf of an ask
	sightLimit = 15 * time.Second // somebody waits for the answer
)

// sighting is what was looked up for an ask.
type sighting struct {
	query workflows.Query
	found workflows.Found
	at    workflows.Revision // of the ask's stream, when it was looked
	of    workflows.ReleaseID
}

// outward says whether a wish opens something to users, so that it is decided by what is so at this moment.
func outward(a workflows.Ask) (release.Outward, bool) {
	w, ok := a.Wish.(release.Outward)
	return w, ok
}

// sight is what such a wish must be shown, as the session has it.
func (s *session) sight(t target, w release.Outward) (workflows.Query, error) {
	if !t.release.Exists() {
		return workflows.Query{}, nil
	}
	f, err := s.releaseFacts(t, s.actor)
	if err != nil {
		return workflows.Query{}, err
	}
	return release.Sighted(t.release, w, f).Query(f), nil
}

// see looks for a wish that opens something. That nobody could look is an answer too, by which the wish is decided.
func (d *Desk) see(ctx context.Context, q workflows.Query) (workflows.Found, error) {
	limited, cancel := context.WithTimeout(ctx, sightLimit)
	defer cancel()
	found, err := d.source.Look(limited, q)
	if no := new(workflows.Refusal); errors.As(away(err), &no) && ctx.Err() == nil { // whoever asked is still there
		return workflows.Found{Missing: no}, nil
	}
	return found, err
}

// takeIn records what was seen on behalf of an ask, before that is decided, as a look from time to time does: whoever reads
// the release next reads by what it was decided. It stays on record whatever becomes of the ask.
func (d *Desk) takeIn(ctx context.Context, r *rules, a workflows.Ask, got sighting) error {
	w, ok := outward(a)
	if !ok || got.query.Forge == "" || got.found.Missing != nil || a.Dry {
		return nil
	}
	look := workflows.Ask{ID: fmt.Sprintf("%s/look/%d", a.ID, got.at), Bot: looker, When: a.When, On: workflows.Selectors{Release: string(got.of)}, Wish: release.Seen{For: w}}
	_, err := d.decide(ctx, r, look, got.query, got.found)
	return err
}

// heard reports whether what was seen is on record: it is not where the release changed since.
func (s *session) heard(t target, query workflows.Query) (bool, error) {
	w, ok := outward(s.ask)
	if !ok || query.Forge == "" || s.ask.Dry {
		return true, nil
	}
	news, err := s.decide(t, release.Seen{For: w}, workflows.Actor{Machine: looker})
	return len(news) == 0, err
}
