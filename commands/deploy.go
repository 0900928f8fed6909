package commands

import (
	"context"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var candidateDeploy = Command{
	Command: chat.Command{Path: []string{"candidate", "deploy"}, Short: "Bring the candidate to an environment, after those before it", Params: []chat.Param{
		{Name: "env", Kind: chat.KindEnv, Short: "the environment", Required: true},
	}},
	Needs: workflows.Maker, Examples: []string{"candidate deploy staging"},
	Wish: func(a Args) (workflows.Intent, error) {
		return release.Deploy{Env: workflows.Environment(a.Text("env"))}, nil
	},
	Form: deployForm,
	Done: func(_ context.Context, _ *Call, r workflows.Receipt) (chat.Reply, error) {
		for _, e := range r.Events {
			if begun, ok := e.Event.(release.DeployBegun); ok {
				return message(cards.Deploying(begun, after[release.Release](r)))
			}
		}
		return chat.Reply{}, nil
	},
}

// deployForm asks where the candidate is brought to.
func deployForm(ctx context.Context, c *Call) (chat.Reply, error) {
	field := chat.Field{Key: "env", Label: "Where to", Hint: "staging", Required: true, Kind: chat.KindEnv}
	if r, err := c.release(ctx); err == nil {
		field.Hint = ""
		for _, env := range c.Desk.Environments(r.ID.Product()) {
			field.Choices = append(field.Choices, string(env))
		}
	}
	return aboutRelease("Deploy", "Deploy", field)(ctx, c)
}

var candidateWhere = Command{
	Command: chat.Command{Path: []string{"candidate", "where"}, Short: "Which commit is where, and what drifted; with a commit, where that is", Params: []chat.Param{
		{Name: "ref", Kind: chat.KindRef, Short: "a commit, branch or tag", Hint: "REF"},
	}},
	Needs: workflows.Member, Examples: []string{"candidate where", "candidate where v1.2.0"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.release(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		w, err := c.Desk.Where(ctx, c.Request.By, c.Request.At, r.ID, c.Args.Text("ref"), c.Request.When)
		if err != nil {
			return chat.Reply{}, err
		}
		if c.inTheOpen() { // what may be done is the asker's own
			w.Next = nil
		}
		return message(cards.Whereabouts(r, w, c.view()))
	},
}
