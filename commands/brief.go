package commands

import (
	"context"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

var briefShow = Command{
	Command: chat.Command{Path: []string{"brief", "show"}, Short: "The briefing: what changes and how to help users"},
	Needs:   workflows.Member, Private: true, Examples: []string{"brief", "brief show app@1.0.0"}, Show: showBrief,
}

func showBrief(ctx context.Context, c *Call) (chat.Reply, error) {
	r, b, all, err := c.briefing(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	if !c.Viewer.May(workflows.Maker, r.Manager, c.Request.When) { // a draft is its makers' until it is sent
		if b.Draft = b.Sent; b.Sent.Digest == "" {
			return chat.Reply{}, noBriefing(r)
		}
	}
	m := cards.Briefing(r, b, all, c.Viewer.May(workflows.Manager, r.Manager, c.Request.When))
	if b.Sent.Digest != "" && b.Counter == nil {
		m.Buttons = append(m.Buttons, cards.BriefingCard(r, b, all).Buttons...)
	}
	return message(m)
}

// briefing reads the briefing of the release that the line means; one that was never drafted is refused.
func (c *Call) briefing(ctx context.Context) (release.Release, briefing.Briefing, []briefing.AudienceProgress, error) {
	r, err := c.release(ctx)
	if err != nil {
		return r, briefing.Briefing{}, nil, err
	}
	b, err := c.Desk.Briefing(ctx, r.ID)
	if err == nil && b.Draft.Digest == "" {
		err = noBriefing(r)
	}
	return r, b, briefing.Progress(b, todo.Audiences(c.Viewer.Book)), err
}

func noBriefing(r release.Release) error {
	return workflows.Refuse(briefing.NoBriefing, r.ID.Name()+" has no briefing yet").
		By(workflows.Makers()...).Type("/release brief draft")
}

var briefDraft = Command{
	Command: chat.Command{Path: []string{"brief", "draft"}, Short: "Write the briefing in a form, filled from the notes", Params: []chat.Param{
		{Name: "changes", Kind: chat.KindText, Short: "what changes", Option: true, Required: true},
		{Name: "help", Kind: chat.KindText, Short: "how to help a user", Option: true, Required: true},
		{Name: "who", Kind: chat.KindText, Short: "who has it, on which plans", Option: true},
		{Name: "problems", Kind: chat.KindText, Short: "known problems and what helps", Option: true},
		{Name: "contact", Kind: chat.KindText, Short: "whom to ask", Option: true},
		{Name: "line", Kind: chat.KindText, Short: "one line for stakeholders", Option: true},
	}},
	Needs: workflows.Maker, Private: true, Examples: []string{"brief draft", `brief draft --changes "Invoices" --help "Ask for the number"`},
	Wish: func(a Args) (workflows.Intent, error) {
		return briefing.Draft{Fields: briefing.Fields{Changes: a.Text("changes"), Help: a.Text("help"), Who: a.Text("who"),
			Problems: a.Text("problems"), Contact: a.Text("contact"), Line: a.Text("line")}}, nil
	},
	Form: briefForm,
	Done: func(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		b := after[briefing.Briefing](r)
		rel, err := c.Desk.Release(ctx, workflows.Selectors{Release: r.Stream.ID()}, "")
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Briefing(rel, b, nil, c.Viewer.May(workflows.Manager, rel.Manager, c.Request.When)))
	},
}

// briefForm begins with the last draft; a first one with the notes as what changes.
func briefForm(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	b, err := c.Desk.Briefing(ctx, r.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	f := b.Draft.Fields
	if b.Draft.Digest == "" {
		n, err := c.Desk.Notes(ctx, r.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		f.Changes, f.Contact, f.Line = n.Text, r.Manager.At(), r.Title
	}
	c.of(r)
	return chat.Reply{Form: &chat.Form{Title: "Briefing", Submit: "Save draft",
		Basis: cards.Basis(workflows.Basis{Revision: b.Draft.Revision, Said: true}), Fields: []chat.Field{
			{Key: "changes", Label: "What changes", Value: f.Changes, Long: true, Required: true},
			{Key: "help", Label: "How to help a user", Value: f.Help, Long: true, Required: true},
			{Key: "who", Label: "Who has it", Hint: "on which plans", Value: f.Who},
			{Key: "problems", Label: "Known problems", Hint: "and what helps", Value: f.Problems, Long: true},
			{Key: "contact", Label: "Whom to ask", Value: f.Contact},
			{Key: "line", Label: "One line for stakeholders", Value: f.Line},
		}}}, nil
}

var briefSend = Command{
	Command: chat.Command{Path: []string{"brief", "send"}, Short: "Send the briefing to its audiences", Params: []chat.Param{
		{Name: "audience", Kind: chat.KindText, Short: "one audience; all when left out", Hint: "@group"},
	}},
	Needs: workflows.Manager, Examples: []string{"brief send", "brief send @support"},
	Wish: func(a Args) (workflows.Intent, error) {
		name := a.Text("audience")
		if name != "" && name[0] == '@' {
			name = name[1:]
		}
		return briefing.Send{Audience: workflows.Audience(name)}, nil
	},
	Done: briefProgress("sent"),
}

var briefAck = Command{
	Command: chat.Command{Path: []string{"brief", "ack"}, Short: "Say that you read the briefing"},
	Needs:   workflows.Member, Private: true, Examples: []string{"brief ack"},
	Wish: func(Args) (workflows.Intent, error) { return briefing.Ack{}, nil },
	Done: briefProgress("thank you"),
}

// briefProgress answers with how far the briefing has been read.
func briefProgress(lead string) func(context.Context, *Call, workflows.Receipt) (chat.Reply, error) {
	return func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		b := after[briefing.Briefing](r)
		return message(cards.BriefingProgress(lead, briefing.Progress(b, todo.Audiences(c.Viewer.Book))))
	}
}

var briefStatus = Command{
	Command: chat.Command{Path: []string{"brief", "status"}, Short: "How far each audience has read it"},
	Needs:   workflows.Member, Private: true, Examples: []string{"brief status"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, _, all, err := c.briefing(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.BriefingStatus(r, all, c.view(), c.Viewer.May(workflows.Manager, r.Manager, c.Request.When)))
	},
}
