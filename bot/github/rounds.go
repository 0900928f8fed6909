package github

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/readyroom/readyroom/bot/listen"
	"github.com/readyroom/readyroom/workflows"
)

const (
	settle   = time.Second      // after a knock: what happens together is looked at together
	gap      = 5 * time.Second  // between the ends of looks and the next ones of a repository, however often it is knocked for
	round    = 5 * time.Minute  // a repository is looked at this often without a knock: one may have been missed
	lookFor  = 2 * time.Minute  // how long one look may take
	lookDark = 15 * time.Minute // without a look for so long, what is shown may be wrong
	maxLooks = 4                // looks under way at once, of different repositories
)

// Rounds looks at repositories again and again: when there was a knock, and from time to time. Of one repository there is
// never more than one look at a time; one that failed is made again later, at the forge's own pace. It knows nothing of
// what is looked for.
type Rounds struct {
	Forges func() []string                               // the repositories, as they are to be looked at now
	Look   func(ctx context.Context, forge string) error // looks at one
	Door   *Door                                         // nil: nobody knocks
	Ticks  func() time.Time                              // the machine's clock: rounds go by it, whatever the rooms are told
	Log    *slog.Logger

	slots chan struct{}
	ended chan struct{}
	looks sync.WaitGroup

	mu sync.Mutex
	of map[string]*rounds // by the repository's name as it is configured
}

// rounds is how it stands with one repository.
type rounds struct {
	due    time.Time // when it is looked at next
	rests  time.Time // it is not looked at before, whoever knocks
	well   time.Time // when a look ended well last; until one did, when it was first to be looked at
	under  bool      // a look is under way
	again  bool      // there was a knock since that began
	failed int       // how many failed in a row
	last   error     // why the last one failed
}

// Run makes rounds until the context ends, and waits for the looks that are under way then.
func (r *Rounds) Run(ctx context.Context) {
	r.slots, r.ended = make(chan struct{}, maxLooks), make(chan struct{}, 1)
	defer r.looks.Wait()
	var knocked <-chan struct{}
	if r.Door != nil {
		knocked = r.Door.Knocked()
	}
	listen.Keep(ctx, r.Log, "rounds at GitHub", gap, func(ctx context.Context) {
		for ctx.Err() == nil {
			next := r.step(ctx, r.Ticks())
			listen.Rest(ctx, next.Sub(r.Ticks()), knocked, r.ended)
		}
	})
}

// step begins the looks that are due, and says when to come again.
func (r *Rounds) step(ctx context.Context, now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sync(now)
	next := now.Add(round)
	for _, forge := range slices.Sorted(maps.Keys(r.of)) {
		s := r.of[forge]
		if s.under {
			continue
		}
		if due := later(s.due, s.rests); now.Before(due) {
			next = earliest(next, due)
			continue
		}
		select {
		case r.slots <- struct{}{}:
			s.under, s.again = true, false
			r.looks.Go(func() { r.look(ctx, forge) })
		default: // whoever ends next calls
		}
	}
	return next
}

// sync takes the repositories as they are configured now, and the knocks for them.
func (r *Rounds) sync(now time.Time) {
	if r.of == nil {
		r.of = map[string]*rounds{}
	}
	named := map[string]bool{}
	for _, forge := range r.Forges() {
		named[forge] = true
		if r.of[forge] == nil {
			r.of[forge] = &rounds{due: now, well: now}
		}
	}
	var knocks map[string]bool
	if r.Door != nil {
		knocks = r.Door.Knocks()
	}
	for forge, s := range r.of {
		switch knock := knocks[strings.ToLower(forge)]; {
		case !named[forge] && !s.under:
			delete(r.of, forge)
		case knock && s.under:
			s.again = true
		case knock:
			s.due = earliest(s.due, now.Add(settle))
		}
	}
}

// look makes one look, and notes how it ended.
func (r *Rounds) look(ctx context.Context, forge string) {
	defer func() {
		<-r.slots
		select {
		case r.ended <- struct{}{}:
		default:
		}
	}()
	limited, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	err := errors.New("it ended before its time")
	if broken := listen.Guard(ctx, r.Log, "a look at GitHub", func() { err = r.Look(limited, forge) }); broken != nil {
		err = broken
	}
	if ctx.Err() != nil {
		return
	}
	r.note(ctx, forge, err, r.Ticks())
}

func (r *Rounds) note(ctx context.Context, forge string, err error, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.of[forge]
	s.under = false
	said := s.last != nil && err != nil && s.last.Error() == err.Error()
	s.last, s.rests = err, now.Add(gap)
	if err == nil {
		if s.failed > 0 {
			r.Log.InfoContext(ctx, "the repository can be looked at again", "repository", forge, "failed", s.failed)
		}
		s.well, s.failed, s.due = now, 0, now.Add(listen.Jitter(round))
		if s.again {
			s.due = now.Add(settle)
		}
		return
	}
	s.failed++
	s.rests = now.Add(listen.Backoff(gap, round, s.failed))
	if away, ok := errors.AsType[*workflows.Away](err); ok {
		s.rests = later(s.rests, now.Add(away.After))
	}
	s.due = s.rests
	if !said {
		r.Log.WarnContext(ctx, "a repository could not be looked at", "repository", forge, "error", err, "again_in", s.rests.Sub(now).Round(time.Second).String())
	}
}

// Health is why nobody should rely on what is shown of repositories; nil: all of them were looked at lately.
func (r *Rounds) Health() error {
	return r.whatever(func(s *rounds, now time.Time) bool { return now.Sub(s.well) > lookDark })
}

// Warnings is what is amiss with the last looks; nil: nothing.
func (r *Rounds) Warnings() error {
	return r.whatever(func(s *rounds, _ time.Time) bool { return s.last != nil })
}

func (r *Rounds) whatever(amiss func(*rounds, time.Time) bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Ticks()
	for _, forge := range slices.Sorted(maps.Keys(r.of)) {
		s := r.of[forge]
		switch {
		case !amiss(s, now):
		case s.last != nil:
			return fmt.Errorf("%s was last looked at at %s: %w → readyroom doctor", forge, s.well.UTC().Format("15:04:05 MST"), oneLine(s.last))
		default:
			return fmt.Errorf("%s was last looked at at %s → readyroom doctor", forge, s.well.UTC().Format("15:04:05 MST"))
		}
	}
	return nil
}

// oneLine is a refusal in one line.
func oneLine(err error) error {
	if no, ok := errors.AsType[*workflows.Refusal](err); ok {
		return errors.New(no.Why)
	}
	return err
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
