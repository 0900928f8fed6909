package commands

import (
	"context"
	"fmt"
	"strconv"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
)

var (
	sinceParam  = chat.Param{Name: "since", Kind: chat.KindSince, Short: "no earlier than this", Option: true, Hint: "30d"}
	beforeParam = chat.Param{Name: "before", Kind: chat.KindText, Short: "earlier than this event", Option: true, Hint: "EVENT"}
)

var auditShow = Command{
	Command: chat.Command{Path: []string{"audit", "show"}, Short: "Who let a release out, and its history from the ledger", Params: []chat.Param{sinceParam, beforeParam}},
	Needs:   workflows.Member, Examples: []string{"audit show", "audit show app@1.0.0 --since 30d", "audit show --before 17"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		part, err := c.span()
		if err != nil {
			return chat.Reply{}, err
		}
		b, err := c.evidence(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		m, shown := cards.Trail(b.Report, part, c.view())
		return chat.Reply{Message: &m, Items: happenings(shown)}, nil
	},
}

// span is the part of a history that the line asks for.
func (c *Call) span() (cards.Span, error) {
	var s cards.Span
	if since, ok := c.Args.Date(sinceParam.Name); ok {
		s.Since, s.Line = since, "--since "+quote(c.Args.Text(sinceParam.Name))
	}
	text := c.Args.Text(beforeParam.Name)
	if text == "" {
		return s, nil
	}
	if !numberPattern.MatchString(text) {
		return s, withNext(wrong(beforeParam, workflows.Invalid, "%s is no event: its number stands at the end of its line", workflows.Display(text, 40)), "/release audit show")
	}
	n, err := strconv.ParseUint(text, 10, 64)
	s.Before = workflows.Seq(n)
	return s, err
}

func (c *Call) evidence(ctx context.Context) (evidence.Bundle, error) {
	return c.Desk.Evidence(ctx, c.Args.On, c.Request.At, c.Request.When)
}

// happenings are events for programs: number, kind, who.
func happenings(all []evidence.Happening) []workflows.ItemLine {
	var out []workflows.ItemLine
	for _, h := range all {
		out = append(out, workflows.ItemLine{Key: fmt.Sprint(h.Event), State: h.Kind, Who: []string{h.Doer()}})
	}
	return out
}

var auditVerify = Command{
	Command: chat.Command{Path: []string{"audit", "verify"}, Short: "Prove that a release's record is whole, and that no known tip is contradicted"},
	Needs:   workflows.Member, Examples: []string{"audit verify", "audit verify app@1.0.0"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		b, out, err := c.Desk.Audit(ctx, c.Args.On, c.Request.At, c.Request.When)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Proven(b, out, c.view()))
	},
}

var auditExport = Command{
	Command: chat.Command{Path: []string{"audit", "export"}, Short: "The evidence of a release as files: for programs, and for people"},
	Needs:   workflows.Member, Examples: []string{"audit export", "audit export app@1.0.0"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		b, err := c.evidence(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		text, err := b.Text()
		if err != nil {
			return chat.Reply{}, err
		}
		name := string(b.Release) + ".evidence"
		files := []chat.File{{Name: name + ".json", Data: text}, {Name: name + ".md", Data: evidence.Markdown(b.Report)}}
		m := cards.Export(b, files)
		return chat.Reply{Message: &m, Files: files}, nil
	},
}

var auditAnchor = Command{
	Command: chat.Command{Path: []string{"audit", "anchor"}, Short: "Publish the ledger's tip outside: in a channel, or as a git tag", Params: []chat.Param{
		{Name: "channel", Kind: chat.KindText, Short: "where; here when left out", Hint: "#channel"},
		{Name: "tag", Kind: chat.KindSwitch, Short: "as a tag in the repository of the release's product", Option: true},
	}},
	Needs: workflows.Maker, Examples: []string{"audit anchor", "audit anchor #general", "audit anchor app@1.0.0 --tag"},
	Wish: func(a Args) (workflows.Intent, error) {
		return ledger.Anchor{Channel: a.Text("channel"), Tag: a.Text("tag") != ""}, nil
	},
	Done: func(_ context.Context, _ *Call, r workflows.Receipt) (chat.Reply, error) {
		return message(cards.Anchored(r))
	},
}
