package commands

import (
	"context"
	"strconv"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var scopeList = Command{
	Command: chat.Command{Path: []string{"scope", "list"}, Short: "What a release is meant to bring, and whether its candidate does"},
	Needs:   workflows.Member, Examples: []string{"scope list", "scope list app@1.0.0"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.release(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		where := map[workflows.ReleaseID]string{}
		for _, e := range r.Scope {
			if e.Feature == "" {
				continue
			}
			f, err := c.Desk.Release(ctx, workflows.Selectors{Release: string(e.Feature)}, "")
			if err != nil {
				return chat.Reply{}, err
			}
			where[e.Feature] = release.AsDependency(f).Stands()
		}
		said, err := c.Desk.Feedback(ctx, r.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Scope(r, func(id workflows.ReleaseID) string { return where[id] }, said, c.Desk.Home(r.ID.Product()), c.view()))
	},
}

var scopeAdd = Command{
	Command: chat.Command{Path: []string{"scope", "add"}, Short: "Plan something: a link, #12, ABC-12, or a feature of the product", Params: []chat.Param{
		{Name: "what", Kind: chat.KindPlanned, Short: "what is planned", Required: true, Hint: "URL"},
		{Name: "title", Kind: chat.KindText, Short: "what people call it", Option: true},
		{Name: "for", Kind: chat.KindItems, Short: "whom it is for", Option: true, Hint: "URL|@who"},
		{Name: "label", Kind: chat.KindItems, Short: "labels", Option: true},
		{Name: "reason", Kind: chat.KindRest, Short: "after the cut-off: why"},
	}},
	Needs:    workflows.Maker,
	Examples: []string{"scope add https://tracker.example.org/issues/12 --for @ana", `scope add #12 --title "Save as a file"`, "scope add ABC-12 -- a customer waits"},
	Wish: func(a Args) (workflows.Intent, error) {
		return release.ScopeAdd{What: a.Text("what"), Title: a.Text("title"), For: a.Items("for"), Labels: a.Items("label"), Note: a.Note}, nil
	},
	Form: aboutRelease("Add to the scope", "Add", chat.Field{Key: "what", Label: "What is planned", Hint: "https://…, #12, ABC-12, or product@feature", Required: true},
		chat.Field{Key: "title", Label: "What people call it"}, chat.Field{Key: "for", Label: "Whom it is for", Hint: "@name or https://…, several with commas"},
		chat.Field{Key: "reason", Label: "After the cut-off: why", Long: true}),
	Done: scopeAdded,
}

var scopeDrop = Command{
	Command: chat.Command{Path: []string{"scope", "drop"}, Short: "Take something out of the scope, by its number in the list", Params: []chat.Param{
		{Name: "n", Kind: chat.KindText, Short: "its number", Required: true},
		{Name: "reason", Kind: chat.KindRest, Short: "why: whoever waits for it will ask", Required: true},
	}},
	Needs: workflows.Maker, Examples: []string{"scope drop 3 -- it needs another month"},
	Wish: func(a Args) (workflows.Intent, error) {
		n, err := strconv.Atoi(a.Text("n"))
		if err != nil || n < 1 {
			return nil, workflows.Refuse(workflows.Invalid, workflows.Display(a.Text("n"), 40)+" is no number of the list").Type("/release scope list")
		}
		return release.ScopeDrop{N: n, Why: a.Note}, nil
	},
	Done: func(_ context.Context, _ *Call, r workflows.Receipt) (chat.Reply, error) {
		return message(cards.ScopeDropped(r.Events, after[release.Release](r)))
	},
}

var scopeFrom = Command{
	Command: chat.Command{Path: []string{"scope", "from"}, Short: "Plan all that a milestone of the roadmap lists", Params: []chat.Param{
		{Name: "milestone", Kind: chat.KindText, Short: "a heading of the roadmap, or its last word", Required: true},
		{Name: "reason", Kind: chat.KindRest, Short: "after the cut-off: why"},
	}},
	Needs: workflows.Maker, Examples: []string{"scope from 1.2.0"},
	Wish: func(a Args) (workflows.Intent, error) {
		return release.ScopeFrom{Milestone: a.Text("milestone"), Note: a.Note}, nil
	},
	Done: scopeAdded,
}

func scopeAdded(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
	in := after[release.Release](r)
	return message(cards.ScopeAdded(r.Events, in, c.Desk.Home(in.ID.Product())))
}

// planned reads what a line sets of the plan: the cut-off and the releases to wait for; none takes either away.
func planned(a Args, s *release.Set) {
	if a.Has("cutoff") {
		until, _ := a.Date("cutoff")
		s.Cutoff = &until
	}
	if a.Has("after") {
		others := a.Items("after")
		if len(others) == 1 && others[0] == "none" {
			others = nil
		}
		s.After = &others
	}
}
