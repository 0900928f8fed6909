package commands

import (
	"context"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

func valueNames() []string {
	var out []string
	for _, v := range release.Values() {
		out = append(out, string(v))
	}
	return out
}

var signCommand = Command{
	Command: chat.Command{Path: []string{"sign"}, Short: "Vote on items as the role that signs them", Params: []chat.Param{
		{Name: "item", Kind: chat.KindItems, Short: "one item or several", Required: true},
		{Name: "vote", Kind: chat.KindChoice, Short: "ok when left out", Choices: valueNames()},
		{Name: "url", Kind: chat.KindURL, Short: "the evidence"},
		{Name: "as", Kind: chat.KindRole, Short: "the role you sign as", Option: true},
		{Name: "note", Kind: chat.KindRest, Short: "on what ground"},
	}},
	Needs: workflows.Holder,
	Aliases: []Alias{{Path: []string{"unsign"}, Given: map[string]string{"vote": "withdraw"}},
		{Path: []string{"approve"}, Given: map[string]string{"vote": "ok"}}, {Path: []string{"reject"}, Given: map[string]string{"vote": "needs-work"}}},
	Examples: []string{"sign tests", "sign tests,changelog -- go test", "sign docs needs-work -- the limits are missing"},
	Wish: func(a Args) (workflows.Intent, error) {
		return release.Sign{Items: a.Items("item"), Value: release.Value(a.Text("vote")), Evidence: a.Text("url"), Note: a.Note}, nil
	},
	Form: signForm,
	Wants: func(a Args) []string {
		if v := a.Text("vote"); v != "" && v != string(release.OK) && v != string(release.Withdraw) && a.Note == "" {
			return []string{"note"} // a button cannot carry it
		}
		return nil
	},
	Done: func(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		rel := after[release.Release](r)
		line, err := c.line(ctx, rel)
		if err != nil {
			return chat.Reply{}, err
		}
		m := cards.Signed(r.Events, rel, c.Viewer.Book, c.view(), line)
		return chat.Reply{Message: &m, Items: lines(release.Check(rel, c.Viewer.Book, c.Request.When))}, nil
	},
}

// signForm offers the open items that the asker may sign; what is named already is asked only for its note.
func signForm(ctx context.Context, c *Call) (chat.Reply, error) {
	if c.Args.Has("item") {
		return chat.Reply{Form: &chat.Form{Title: "Sign " + c.Args.Text("item"), Basis: c.basis(), Submit: "Sign", Fields: []chat.Field{
			{Key: "note", Label: "Why", Hint: "others must know", Required: true, Long: true}}}}, nil
	}
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
	if err != nil {
		return chat.Reply{}, err
	}
	var mine []string
	for _, s := range release.Check(r, c.Viewer.Book, c.Request.When).Open() {
		if r.MayVote(s.Item, f) {
			mine = append(mine, s.Full())
		}
	}
	if len(mine) == 0 {
		return chat.Reply{}, c.nothingYours(r)
	}
	c.of(r)
	item := itemField(mine)
	item.Value = mine[0]
	return chat.Reply{Form: &chat.Form{Title: "Sign", Submit: "Sign", Fields: []chat.Field{
		item,
		{Key: "vote", Label: "Vote", Value: string(release.OK), Choices: valueNames()},
		{Key: "url", Label: "Evidence", Hint: "a link"},
		{Key: "note", Label: "Note", Long: true},
	}}}, nil
}
