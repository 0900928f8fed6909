package commands

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Home draws people's own pages. Every mouth that has them calls it.
func Home(d Desk, log *slog.Logger) chat.Home {
	return func(ctx context.Context, r chat.Request) []chat.Message {
		viewer, err := d.Who(ctx, r.By)
		c := &Call{Request: r, Desk: d, Viewer: viewer, table: All}
		var page []chat.Message
		if err == nil {
			page, err = c.home(ctx)
		}
		if err == nil {
			return page
		}
		if ref := new(workflows.Refusal); errors.As(err, &ref) {
			return []chat.Message{cards.Refusal(ref)}
		}
		log.ErrorContext(ctx, "home page failed", "reference", r.ID, "error", err)
		return []chat.Message{cards.Fault(r.ID)}
	}
}

// home reads the asker's page: the team's view for the team, what anyone may see for all others.
func (c *Call) home(ctx context.Context) ([]chat.Message, error) {
	if !c.inside() {
		rows, err := c.publicRows(ctx)
		return cards.PublicHome(rows, cards.Stranger(c.Viewer, c.Request.By)), err
	}
	me, now := c.Viewer.Person.ID, c.Request.When
	page := cards.Page{Who: me, Book: c.Viewer.Book, Makes: c.Viewer.May(workflows.Maker, "", now)}
	rows, err := c.Desk.Rows(ctx, release.KeyOpen)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		r, err := c.Desk.Release(ctx, workflows.Selectors{Release: string(row.ID)}, "")
		if err != nil {
			return nil, err
		}
		page.Open = append(page.Open, todo.Waiting(me, r, c.Viewer.Book, now))
	}
	page.Entries, err = c.Desk.Todo(ctx, me, now)
	return cards.Home(page, c.view()), err
}

// publicRows are the releases that are on their way, and what came out last, the newest first.
func (c *Call) publicRows(ctx context.Context) ([]release.Row, error) {
	rows, err := c.Desk.Rows(ctx, release.KeyAll)
	rows = slices.DeleteFunc(rows, func(r release.Row) bool { return !r.Open && r.Shipped.IsZero() })
	slices.SortStableFunc(rows, func(a, b release.Row) int { return int(b.Number) - int(a.Number) })
	return rows, err
}

// homeCommand shows the page where there are none, as on the console.
var homeCommand = Command{
	Command: chat.Command{Path: []string{"home"}, Short: "Your own page: what waits for you, what is coming, what you wait for"},
	Needs:   workflows.Anyone, Private: true, Hidden: true, Examples: []string{"home"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		page, err := c.home(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Joined(page))
	},
}
