package commands

import (
	"context"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var rollbackPlan = Command{
	Command: chat.Command{Path: []string{"rollback", "plan"}, Short: "What a rollback would do, in its order"},
	Needs:   workflows.Member, Examples: []string{"rollback plan"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.release(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
		if err != nil {
			return chat.Reply{}, err
		}
		plan, err := release.PlanBack(r, f)
		if err != nil {
			return chat.Reply{}, err
		}
		b, err := c.Desk.Briefing(ctx, r.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.RollbackPlan(r, plan, b, c.view()))
	},
}

var rollbackStart = Command{
	Command: chat.Command{Path: []string{"rollback", "start"}, Short: "Take a release back to the last stage whose users keep it, on hold", Params: []chat.Param{
		{Name: "reason", Kind: chat.KindRest, Short: "why: customers and staff will ask", Required: true},
	}},
	Needs: workflows.Maker, Examples: []string{"rollback start -- checkout fails for 2 %"},
	Wish: func(a Args) (workflows.Intent, error) { return release.RollBack{Why: a.Note}, nil },
	Form: aboutRelease("Roll back", "Go on", chat.Field{Key: "reason", Label: "Why", Hint: "customers and staff will ask", Required: true, Long: true}),
	Done: func(_ context.Context, _ *Call, r workflows.Receipt) (chat.Reply, error) {
		return message(cards.RolledBack(r))
	},
}
