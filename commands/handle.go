package commands

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/todo"
)

// Handler answers requests by the table. Every mouth of the bot calls it.
func Handler(d Desk, log *slog.Logger) chat.Handler {
	return func(ctx context.Context, r chat.Request) chat.Reply {
		reply, err := handle(ctx, d, r)
		if err == nil {
			return reply
		}
		if ref := new(workflows.Refusal); errors.As(err, &ref) {
			return refused(ref, err, sent(r))
		}
		log.ErrorContext(ctx, "request failed", "reference", r.ID, "error", err)
		m := cards.Fault(r.ID)
		return chat.Reply{Message: &m, Refusal: workflows.Refuse("fault", m.Title)}
	}
}

func handle(ctx context.Context, d Desk, r chat.Request) (chat.Reply, error) {
	call := &Call{Request: r, Desk: d, table: All}
	var err error
	if call.Viewer, err = d.Who(ctx, r.By); err != nil {
		return chat.Reply{}, err
	}
	parsed, err := call.parse(ctx, r.Text, r.Press, r.Values)
	if err != nil {
		return chat.Reply{}, err
	}
	reply, err := call.run(ctx, parsed, ask{})
	reply.Open = err == nil && !parsed.Command.Private && call.inTheOpen() && forAll(reply) && !call.alone
	return reply, err
}

// sent reports whether a request is a form's. Typed options stand in the line as words do.
func sent(r chat.Request) bool { return len(r.Values) > 0 && !r.Typed }

// inTheOpen reports whether it was asked where others follow, and all of them are of the team.
func (c *Call) inTheOpen() bool {
	at := c.Request.At
	return c.Request.Open && !at.IsDirect() && !c.Viewer.Book.Publicly(at)
}

// forAll reports whether an answer says something to whoever reads it: no refusal, no question back, nothing handed over.
func forAll(r chat.Reply) bool {
	return r.Message != nil && r.Refusal == nil && r.Form == nil && len(r.Choices)+len(r.Wrong)+len(r.Files) == 0
}

// parse understands a line as this asker means it.
func (c *Call) parse(ctx context.Context, text string, press bool, values map[string]string) (Parsed, error) {
	var fault error
	p, err := c.table.Parse(text, Context{Now: c.Request.When, Zone: c.Viewer.Zone, Press: press, Values: values,
		Products: func(name string) bool {
			ok, err := c.Desk.IsProduct(ctx, name)
			fault = errors.Join(fault, err)
			return ok
		}})
	if fault != nil {
		return p, fault
	}
	return p, err
}

// ask is what a press adds to the line it stands for.
type ask struct {
	press string          // the key of the question or undo
	line  string          // as it was kept
	at    workflows.Place // where it was asked
	typed string          // to confirm, where that is wanted
}

// run carries out a parsed line.
func (c *Call) run(ctx context.Context, p Parsed, a ask) (chat.Reply, error) {
	c.Args = p.Args
	if c.Request.Press && p.Command.Wants != nil {
		p.Missing = append(p.Missing, p.Command.Wants(ctx, c)...)
	}
	if p.Command.Wish == nil || len(p.Missing) > 0 {
		if err := c.allowed(p.Command.Needs); err != nil {
			return chat.Reply{}, err
		}
	}
	switch {
	case len(p.Missing) > 0:
		return c.form(ctx, p.Command, p.Missing)
	case p.Command.Show != nil:
		reply, err := p.Command.Show(ctx, c)
		if m := reply.Message; m != nil && m.Whole == "" && len(m.Lines) > 0 && len(p.Args.Line) <= chat.MaxLine && !p.Command.Hidden {
			m.Whole = p.Args.Line
		}
		return reply, c.choices(ctx, err)
	}
	wish, err := p.Command.Wish(p.Args)
	if err != nil {
		return chat.Reply{}, err
	}
	receipt, err := c.Desk.Do(ctx, c.ask(wish, a))
	if err != nil {
		return chat.Reply{}, c.choices(ctx, err)
	}
	c.alone = receipt.Dry || receipt.Confirm != nil || receipt.Undo != nil
	if receipt.Confirm != nil && !receipt.Dry {
		m := cards.Question(receipt, c.view())
		return chat.Reply{Message: &m}, nil
	}
	return c.done(ctx, p, receipt)
}

// done words what happened, or what would.
func (c *Call) done(ctx context.Context, p Parsed, receipt workflows.Receipt) (chat.Reply, error) {
	reply, err := p.Command.Done(ctx, c, receipt)
	if err != nil || reply.Message == nil {
		return reply, err
	}
	cards.AddRaised(reply.Message, receipt)
	if receipt.Dry {
		m := *reply.Message
		if receipt.Confirm != nil {
			m = cards.Question(receipt, c.view())
		}
		if !c.inside() {
			receipt.Told = nil // where the team is told is the team's own
		}
		m = cards.DryRun(m, receipt.Told)
		return chat.Reply{Message: &m, Items: reply.Items}, nil
	}
	if u := receipt.Undo; u != nil {
		cards.AddUndo(reply.Message, *u, c.view())
	}
	return reply, nil
}

func (c *Call) ask(wish workflows.Intent, a ask) workflows.Ask {
	out := workflows.Ask{ID: c.Request.ID, By: c.Request.By, At: c.Request.At, On: c.Args.On, When: c.Request.When,
		Basis: c.Args.Basis, Dry: c.Args.Dry, As: c.Args.As, Line: c.Args.Line, Wish: wish}
	if a.press != "" {
		out.Press, out.Line, out.At, out.Typed = a.press, a.line, a.at, a.typed
	}
	return out
}

// allowed keeps what is the team's from everyone else. What changes something is held to its need by the desk, which
// knows the release and keeps a record of the refusal.
func (c *Call) allowed(need workflows.Need) error {
	switch {
	case need == workflows.Anyone, need == "":
		return nil
	case !c.Viewer.Known:
		return todo.UnknownPerson(c.Request.By, c.Viewer.Join)
	case !c.inside():
		return workflows.Refuse(workflows.NotAllowed, c.Viewer.Person.ID.At()+" has no role here and belongs to no audience").
			By("an owner").Type("/release status")
	}
	return nil
}

// choices completes the lines of a refusal that only wants a choice.
func (c *Call) choices(ctx context.Context, err error) error {
	var ref *workflows.Refusal
	if !errors.As(err, &ref) || len(ref.Choices) == 0 {
		return err
	}
	for i, choice := range ref.Choices {
		if choice.Line != "" { // it is complete
			continue
		}
		p, perr := c.parse(ctx, c.Args.Line, false, map[string]string{relName: choice.Label})
		if perr != nil {
			return fmt.Errorf("line for %s: %w", choice.Label, perr)
		}
		ref.Choices[i].Line = p.Args.Line
	}
	return err
}

func (c *Call) view() cards.View {
	return cards.View{Zone: c.Viewer.Zone, Now: c.Request.When, Me: c.Viewer.Person.ID, Week: c.Viewer.Week}
}

func (c *Call) inside() bool { return c.Viewer.Inside(c.Request.When) }

// release finds the release that the line means.
func (c *Call) release(ctx context.Context) (release.Release, error) {
	return c.Desk.Release(ctx, c.Args.On, c.Request.At)
}

// line writes a line to type from where the asker is.
func (c *Call) line(ctx context.Context, r release.Release) (cards.Line, error) {
	f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
	return func(verb string, words ...string) string {
		return workflows.Line(f.Selector, verb, words...)
	}, err
}

// refused draws a refusal; one of a form's field names the field that is wrong.
func refused(ref *workflows.Refusal, err error, form bool) chat.Reply {
	m := cards.Refusal(ref)
	reply := chat.Reply{Message: &m, Refusal: ref, Items: ref.Items, Choices: ref.Choices}
	param := ref.Param
	if w := new(Wrong); errors.As(err, &w) {
		param = w.Param
	}
	if form && param != "" {
		reply.Wrong = map[string]string{param: strings.TrimPrefix(ref.Why, param+": ")}
	}
	return reply
}

// message answers with a message.
func message(m chat.Message) (chat.Reply, error) { return chat.Reply{Message: &m}, nil }

// after gives a receipt's state after, of the room a command is about.
func after[S any](r workflows.Receipt) S {
	s, _ := r.After.(S)
	return s
}
