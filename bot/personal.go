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
	"github.com/readyroom/readyroom/workflows/places"
)

// personal draws what somebody is told about themselves, as they read the clock.
func (b *Bot) personal(ctx context.Context, c storage.Claim, view cards.View) (*chat.Message, error) {
	e, err := b.Reader.Event(ctx, c.Seq)
	if err != nil || !c.Place.IsDirect() {
		return nil, err
	}
	to, err := b.Reader.Who(ctx, direct(c.Place))
	view.Zone = to.Zone
	m := cards.Personal(c.What, e, view)
	return &m, err
}

// trouble draws what an owner is told of a place.
func (b *Bot) trouble(ctx context.Context, c storage.Claim, view cards.View) (*chat.Message, error) {
	e, err := b.Reader.Event(ctx, c.Seq)
	if err != nil || !c.Place.IsDirect() {
		return nil, err
	}
	to, err := b.Reader.Who(ctx, direct(c.Place))
	if err != nil {
		return nil, err
	}
	view.Zone = to.Zone
	var m chat.Message
	switch e := e.Event.(type) {
	case places.Troubled:
		m = cards.Trouble(e, to.Book, b.link(e.Place))
	case places.Mended:
		m = cards.Mended(e, to.Book, view)
	}
	return &m, nil
}

// tag draws what somebody is told of a tag.
func (b *Bot) tag(ctx context.Context, c storage.Claim) (*chat.Message, error) {
	e, err := b.Reader.Event(ctx, c.Seq)
	if err != nil || !c.Place.IsDirect() {
		return nil, err
	}
	m := cards.Tag(e.Event)
	return &m, nil
}

// direct is the account whose direct messages a place is.
func direct(p workflows.Place) workflows.Handle {
	return p.Of()
}

// digest draws one person's morning; nil when nothing waits any more.
func (b *Bot) digest(ctx context.Context, c storage.Claim, now time.Time) (*chat.Message, error) {
	var id workflows.PersonID
	if err := json.Unmarshal(c.Data, &id); err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	entries, err := b.Reader.Todo(ctx, id, now)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	viewer, err := b.Reader.Who(ctx, direct(c.Place))
	m := cards.Digest(entries, cards.View{Zone: viewer.Zone, Now: now, Me: id, Week: viewer.Week})
	return &m, err
}
