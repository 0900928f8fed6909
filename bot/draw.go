package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/places"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/tags"
	"github.com/readyroom/readyroom/workflows/todo"
)

// published is what a delivery of published notes is called.
const published = "notes"

// Reader is what drawing reads: current state, through the desk.
type Reader interface {
	Releases
	Event(ctx context.Context, seq workflows.Seq) (workflows.Recorded, error)
	Who(ctx context.Context, h workflows.Handle) (todo.Viewer, error)
	Todo(ctx context.Context, id workflows.PersonID, now time.Time) ([]todo.Entry, error)
}

// Releases reads a release and what its other rooms hold of it.
type Releases interface {
	Release(ctx context.Context, on workflows.Selectors, at workflows.Place) (release.Release, error)
	Flag(ctx context.Context, key string) (flag.Flag, error)
	cards.Reader
}

// draw makes a delivery's message from current state; nil when there is nothing to show there.
func (b *Bot) draw(ctx context.Context, c storage.Claim, now time.Time) (*chat.Message, error) {
	if c.What == "digest" {
		return b.digest(ctx, c, now)
	}
	viewer, err := b.Reader.Who(ctx, "")
	if err != nil {
		return nil, err
	}
	view := cards.View{Zone: viewer.Zone, Now: now, Week: viewer.Week}
	switch c.What {
	case published:
		return b.drawNotes(ctx, c)
	case "anchor":
		return drawAnchor(c, viewer.Book)
	}
	switch c.Stream.Room() {
	case people.Room:
		return b.personal(ctx, c, view)
	case places.Room:
		return b.trouble(ctx, c, view)
	case tags.Room:
		return b.tag(ctx, c)
	}
	r, err := b.releaseOf(ctx, c)
	if err != nil {
		return nil, err
	}
	if c.Public || viewer.Book.Publicly(c.Place) { // it may have become public since
		return b.public(ctx, c, r)
	}
	switch c.What {
	case "card": // it stays as it is until something changes: it tells dates, no spans of time
		view.Week = calendar.Week{}
		w, err := cards.Gather(ctx, b.Reader, r, viewer.Book)
		m := cards.Card(w, view)
		return &m, err
	case "readiness":
		m := cards.Readiness(r, todo.Blocking(r, viewer.Book, viewer.Week, now), view)
		return &m, nil
	case "briefing":
		brief, err := b.Reader.Briefing(ctx, r.ID)
		m := cards.BriefingCard(r, brief, briefing.Progress(brief, todo.Audiences(viewer.Book)))
		return &m, err
	}
	return b.news(ctx, c, r, viewer.Book, view)
}

// news draws what is told of one event.
func (b *Bot) news(ctx context.Context, c storage.Claim, r release.Release, book *policy.Book, view cards.View) (*chat.Message, error) {
	e, err := b.Reader.Event(ctx, c.Seq)
	if err != nil {
		return nil, err
	}
	var m chat.Message
	switch c.What {
	case "history":
		m = cards.History(e, r, view)
	case "asked-for":
		var id workflows.PersonID
		if err := json.Unmarshal(c.Data, &id); err != nil {
			return nil, fmt.Errorf("whom %s is for: %w", c.What, err)
		}
		m = cards.AskedFor(e, r, id, book.IsMember(id, view.Now))
	case "counter-briefing":
		counter, ok := e.Event.(briefing.Countered)
		if !ok {
			return nil, fmt.Errorf("event %d is no counter-briefing", c.Seq)
		}
		m = cards.CounterBriefing(r, counter.Why)
	case "feedback-planned":
		m = cards.FeedbackPlanned(e, r)
	case feedback.ToldUnsaid:
		m = cards.Unsaid(e, r)
	case feedback.ToldFollower:
		return drawFollowed(e, r)
	case notes.ToldCorrected, notes.ToldMissed, notes.ToldStranded, notes.ToldUnmerged:
		m = cards.AboutNotes(e, r, view)
	default:
		m = cards.Post(c.What, e, r, book, view)
	}
	return &m, nil
}

// public draws what a public place may read: from public fields alone.
func (b *Bot) public(ctx context.Context, c storage.Claim, r release.Release) (*chat.Message, error) {
	if c.What == "card" {
		m := cards.PublicCard(r).Message()
		return &m, nil
	}
	e, err := b.Reader.Event(ctx, c.Seq)
	if err != nil {
		return nil, err
	}
	p, ok := cards.PublicPost(c.What, e.Event, r)
	if !ok {
		return nil, nil
	}
	m := p.Message()
	return &m, nil
}

// drawFollowed tells somebody who follows a release, who may be anybody: from public fields alone.
func drawFollowed(e workflows.Recorded, r release.Release) (*chat.Message, error) {
	a, is := e.Event.(feedback.Announced)
	if !is {
		return nil, fmt.Errorf("event %d is no news for those who follow", e.Seq)
	}
	p, ok := cards.Followed(a, r)
	if !ok {
		return nil, nil
	}
	m := p.Message()
	return &m, nil
}

// drawNotes shows what was published, word for word, never drawn again.
func (b *Bot) drawNotes(ctx context.Context, c storage.Claim) (*chat.Message, error) {
	var p notes.Post
	if err := json.Unmarshal(c.Data, &p); err != nil {
		return nil, fmt.Errorf("published notes: %w", err)
	}
	r, err := b.releaseOf(ctx, c)
	if err != nil {
		return nil, err
	}
	m := cards.PublicNotes(p, r).Message()
	m.Verbatim = true
	return &m, nil
}

// drawAnchor shows the tip that was published, never drawn again; a channel that customers read since gets none.
func drawAnchor(c storage.Claim, book *policy.Book) (*chat.Message, error) {
	var tip ledger.Tip
	if err := json.Unmarshal(c.Data, &tip); err != nil {
		return nil, fmt.Errorf("published tip: %w", err)
	}
	if c.Public || book.Publicly(c.Place) {
		return nil, nil
	}
	m := cards.Anchor(tip)
	return &m, nil
}

// releaseOf reads the release that a delivery is about: its stream's, or the flag's.
func (b *Bot) releaseOf(ctx context.Context, c storage.Claim) (release.Release, error) {
	id := c.Stream.ID()
	if c.Stream.Room() == flag.Room {
		f, err := b.Reader.Flag(ctx, id)
		if err != nil {
			return release.Release{}, err
		}
		id = string(f.Release)
	}
	return b.Reader.Release(ctx, workflows.Selectors{Release: id}, "")
}

// wake turns a time that has come into the clock's ask. Its id is the occurrence: again is a no-op.
func (b *Bot) wake(ctx context.Context, c storage.Claim, now time.Time) error {
	a := workflows.Ask{ID: "wake/" + c.ID + "/" + c.Due.UTC().Format(time.RFC3339Nano), Bot: "clock", When: now, Line: c.What}
	switch c.What {
	case "schedule":
		var s calendar.Schedule
		if err := json.Unmarshal(c.Data, &s); err != nil {
			return fmt.Errorf("schedule: %w", err)
		}
		a.Wish = calendar.Due{Schedule: s, At: c.Due}
	case notes.WakePublish:
		a.Wish, a.On.Release = notes.PublishDue{}, c.Stream.ID()
	case "tick":
		a.Wish, a.On.Release = release.Tick{}, c.Stream.ID()
	default:
		return &chat.Fault{Verdict: chat.Fatal, Err: fmt.Errorf("nobody knows what to do at %q", c.What)}
	}
	if _, err := b.Do(ctx, a); err != nil {
		return &chat.Fault{Verdict: chat.Retry, Err: err}
	}
	return nil
}
