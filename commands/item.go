package commands

import (
	"context"
	"fmt"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var itemList = Command{
	Command: chat.Command{Path: []string{"item", "list"}, Short: "Every item of a release, by gate"},
	Needs:   workflows.Member, Examples: []string{"item list"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.release(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Items(r, c.Viewer.Book, c.view()))
	},
}

var itemShow = Command{
	Command: chat.Command{Path: []string{"item", "show"}, Short: "One item: what it asks, who signed, whose turn it is", Params: []chat.Param{itemParam}},
	Needs:   workflows.Member, Examples: []string{"item show docs"}, Show: showItem,
}

// itemParam names one item.
var itemParam = chat.Param{Name: "item", Kind: chat.KindItem, Short: "the item", Required: true}

func showItem(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
	if err != nil {
		return chat.Reply{}, err
	}
	g, item, err := r.Select(c.Args.Text("item"), f, "item show")
	if err != nil {
		return chat.Reply{}, err
	}
	for _, s := range release.CheckGate(r, g, c.Viewer.Book, c.Request.When).Items {
		if s.Item.Key == item.Key {
			m := cards.Item(r, s, c.view(), c.votes(r, s, f)...)
			return chat.Reply{Message: &m, Items: []workflows.ItemLine{s.Line()}}, nil
		}
	}
	return chat.Reply{}, fmt.Errorf("item %s of %s is in no gate", item.Key, r.ID)
}

// votes is what the asker may say of an item.
func (c *Call) votes(r release.Release, s release.Status, f release.Facts) []release.Value {
	switch {
	case !r.MayVote(s.Item, f):
		return nil
	case release.Follows(r, s.Item, f):
		return []release.Value{release.NeedsWork, release.Block}
	}
	return []release.Value{release.OK, release.NeedsWork, release.Block}
}

var itemAsk = Command{
	Command: chat.Command{Path: []string{"item", "ask"}, Short: "Ask for a signature: from then on it is their turn", Params: []chat.Param{
		itemParam,
		{Name: "who", Kind: chat.KindPerson, Short: "whose; else whoever holds the role"},
		{Name: "url", Kind: chat.KindURL, Short: "what they should look at"},
		{Name: "note", Kind: chat.KindRest, Short: "what they should know"},
	}},
	Needs: workflows.Member, Examples: []string{"item ask docs @mia", "item ask docs https://docs.example.org/draft"},
	Wish: func(a Args) (workflows.Intent, error) {
		return release.Ask{Item: a.Text("item"), Who: a.Person("who"), Link: a.Text("url"), Note: a.Note}, nil
	},
	Form: aboutItem("Ask", those(release.MayAsk), chat.Field{Key: "who", Label: "Whom", Hint: "@name; else whoever holds the item's role"},
		chat.Field{Key: "url", Label: "What to look at", Hint: "https://…"}, chat.Field{Key: "note", Label: "What they should know", Long: true}),
	Done: itemDone,
}

var itemAssign = Command{
	Command: chat.Command{Path: []string{"item", "assign"}, Short: "Say who makes an item true", Params: []chat.Param{
		itemParam,
		{Name: "who", Kind: chat.KindPerson, Short: "who makes it true", Required: true},
		{Name: "due", Kind: chat.KindDate, Short: "until when", Option: true},
	}},
	Needs: workflows.Member, Examples: []string{"item assign docs @mia --due friday"},
	Wish: func(a Args) (workflows.Intent, error) {
		due, _ := a.Date("due")
		return release.Assign{Item: a.Text("item"), Owner: a.Person("who"), Due: due}, nil
	},
	Form: aboutItem("Assign", those(release.MayAssign), chat.Field{Key: "who", Label: "Who makes it true", Hint: "@name", Required: true},
		chat.Field{Key: "due", Label: "Until when", Hint: "friday, 2026-12-18, 3d"}),
	Done: itemDone,
}

var itemPlan = Command{
	Command: chat.Command{Path: []string{"item", "plan"}, Short: "Sign with a plan: who does the rest, by when; it returns in the next definition of done", Params: []chat.Param{
		itemParam,
		{Name: "who", Kind: chat.KindPerson, Short: "who carries the plan out", Required: true},
		{Name: "due", Kind: chat.KindDate, Short: "by when", Option: true, Required: true},
		{Name: "what", Kind: chat.KindRest, Short: "what will be done", Required: true},
	}},
	Needs: workflows.Holder, Examples: []string{"item plan leftovers @ben --due 2026-12-18 -- both tickets, after the holidays"},
	Wish: func(a Args) (workflows.Intent, error) {
		due, _ := a.Date("due")
		return release.PlanItem{Item: a.Text("item"), Owner: a.Person("who"), Due: due, What: a.Note}, nil
	},
	Form: aboutItem("Plan", those(release.MayPlan), chat.Field{Key: "who", Label: "Who does it", Hint: "@name", Required: true},
		chat.Field{Key: "due", Label: "By when", Hint: "friday, 2026-12-18, 7d", Required: true}, chat.Field{Key: "what", Label: "What will be done", Required: true, Long: true}),
	Done: itemDone,
}

var itemWaive = Command{
	Command: chat.Command{Path: []string{"item", "waive"}, Short: "Let a gate pass without an item until a date; somebody owes it", Params: []chat.Param{
		{Name: "item", Kind: chat.KindItem, Short: "the item, or soak", Required: true},
		{Name: "who", Kind: chat.KindPerson, Short: "who owes it", Required: true},
		{Name: "until", Kind: chat.KindDate, Short: "when it is open again", Option: true, Required: true},
		{Name: "reason", Kind: chat.KindRest, Short: "why it may wait", Required: true},
	}},
	Needs: workflows.Manager, Examples: []string{"item waive marketing @mia --until friday -- the campaign starts a week later", "item waive soak @ana --until tomorrow -- a fix of two lines"},
	Wish: func(a Args) (workflows.Intent, error) {
		until, _ := a.Date("until")
		return release.Waive{Item: a.Text("item"), Owner: a.Person("who"), Until: until, Why: a.Note}, nil
	},
	Form: aboutItem("Waive", orSoak(those(release.MayWaive)), chat.Field{Key: "who", Label: "Who owes it", Hint: "@name", Required: true},
		chat.Field{Key: "until", Label: "Until when", Hint: "friday, 2026-12-18, 7d", Required: true}, chat.Field{Key: "reason", Label: "Why it may wait", Required: true, Long: true}),
	Done: itemDone,
}

var itemAdd = Command{
	Command: chat.Command{Path: []string{"item", "add"}, Short: "Ask for more: an item of the catalogue, or one of your own in a gate", Params: []chat.Param{
		{Name: "where", Kind: chat.KindCatalogue, Short: "a gate (ga.ready), or a name from the catalogue", Required: true, Hint: "GATE|CATALOGUE-KEY"},
		{Name: "key", Kind: chat.KindText, Short: "in that gate: its name", Hint: "KEY"},
		{Name: "role", Kind: chat.KindRole, Short: "who signs one of your own; else you", Option: true},
		{Name: "text", Kind: chat.KindRest, Short: "what must be true, of one of your own"},
	}},
	Needs: workflows.Holder, Examples: []string{"item add runbook", "item add ga.ready load-test --role sre -- it holds twice the peak"},
	Wish: func(a Args) (workflows.Intent, error) {
		w := release.AddItem{Key: strings.ToLower(a.Text("where")), Role: workflows.Role(a.Text("role")), Text: a.Note}
		if a.Has("key") {
			w.Gate, w.Key = w.Key, strings.ToLower(a.Text("key"))
		}
		return w, nil
	},
	Form: addForm,
	Done: itemDone,
}

var itemDrop = Command{
	Command: chat.Command{Path: []string{"item", "drop"}, Short: "Take away an item that somebody added here, while nobody voted on it", Params: []chat.Param{
		itemParam,
		{Name: "reason", Kind: chat.KindRest, Short: "why"},
	}},
	Needs: workflows.Member, Examples: []string{"item drop load-test -- the wrong release"},
	Wish: func(a Args) (workflows.Intent, error) {
		return release.DropItem{Item: a.Text("item"), Why: a.Note}, nil
	},
	Done: itemDone,
}

var itemMove = Command{
	Command: chat.Command{Path: []string{"item", "move"}, Short: "Take an item to another gate; its votes go with it", Params: []chat.Param{
		itemParam,
		{Name: "gate", Kind: chat.KindChoice, Short: "the gate", Required: true, Choices: gateNames},
	}},
	Needs: workflows.Manager, Examples: []string{"item move cli-api ga.ready"},
	Wish: func(a Args) (workflows.Intent, error) {
		return release.MoveItem{Item: a.Text("item"), Gate: a.Text("gate")}, nil
	},
	Done: itemDone,
}

var gateNames = []string{"preview.ready", "preview.done", "ga.ready", "ga.done"}

// itemDone words what was arranged about an item, and how its gate stands.
func itemDone(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
	rel := after[release.Release](r)
	line, err := c.line(ctx, rel)
	if err != nil {
		return chat.Reply{}, err
	}
	m := cards.Arranged(r.Events, rel, c.Viewer.Book, c.view(), line)
	return chat.Reply{Message: &m, Items: lines(release.Check(rel, c.Viewer.Book, c.Request.When))}, nil
}
