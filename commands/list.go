package commands

import (
	"context"
	"slices"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var listCommand = Command{
	Command: chat.Command{Path: []string{"list"}, Short: "Releases: open ones, or mine, coming, overdue, shipped", Params: []chat.Param{
		{Name: "which", Kind: chat.KindChoice, Short: "which ones", Choices: []string{"open", "mine", "coming", "overdue", "shipped"}},
		{Name: "product", Kind: chat.KindText, Short: "of one product only"},
	}},
	Needs: workflows.Anyone, Examples: []string{"list", "list shipped", "list shipped app"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		which := c.Args.Text("which")
		switch which {
		case "":
			which = "open"
		case "mine", "coming", "overdue": // who manages what, and when it is due, is the team's own
			if err := c.allowed(workflows.Member); err != nil {
				return chat.Reply{}, err
			}
		}
		return c.list(ctx, which)
	},
}

// list draws releases, of one product where its name was given.
func (c *Call) list(ctx context.Context, which string) (chat.Reply, error) {
	product := workflows.ReleaseID(c.Args.On.Release).Product()
	if typed := c.Args.Text("product"); typed != "" {
		if product = workflows.Product(typed); !workflows.ValidID(typed) {
			return chat.Reply{}, workflows.Refuse(workflows.UnknownProduct, "no product is called "+workflows.Display(typed, 40)).Type("/release list")
		}
	}
	key := release.KeyOpen
	switch {
	case which == "shipped" && product != "":
		key = release.KeyProduct(product)
	case which == "shipped":
		key = release.KeyAll
	case product != "":
		key = release.KeyOpenOf(product)
	}
	rows, err := c.Desk.Rows(ctx, key)
	if err != nil {
		return chat.Reply{}, err
	}
	rows = slices.DeleteFunc(rows, func(r release.Row) bool { return !c.lists(which, r) })
	slices.SortStableFunc(rows, func(a, b release.Row) int { return int(b.Number) - int(a.Number) })
	if which == "coming" || which == "overdue" {
		slices.SortStableFunc(rows, func(a, b release.Row) int { return a.Target.Compare(b.Target) })
	}
	if !c.inside() {
		m := cards.PublicList(rows).Message()
		m.Lines = append(m.Lines, cards.Unowned(c.Viewer)...)
		return message(m)
	}
	m := cards.List(which, rows)
	if len(rows) == 0 && which == "open" && c.Viewer.May(workflows.Maker, "", c.Request.When) {
		m.Buttons = []chat.Button{cards.NewButton}
	}
	return message(m)
}

// lists reports whether a release belongs into a list.
func (c *Call) lists(which string, r release.Row) bool {
	switch which {
	case "mine":
		return r.Open && c.Viewer.Book.Canon(r.Manager) == c.Viewer.Person.ID
	case "coming":
		return r.Open && !r.Target.IsZero() && !release.Overdue(r.Target, c.Request.When)
	case "overdue":
		return r.Open && release.Overdue(r.Target, c.Request.When)
	case "shipped":
		return !r.Shipped.IsZero()
	}
	return r.Open
}
