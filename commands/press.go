package commands

import (
	"context"
	"errors"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// confirmCommand is the typed form of pressing a question's button.
var confirmCommand = Command{
	Command: chat.Command{Path: []string{"confirm"}, Short: "Carry out, or not, what you were asked to confirm", Params: []chat.Param{
		{Name: "key", Kind: chat.KindText, Short: "the question's key", Required: true},
		{Name: "answer", Kind: chat.KindText, Short: "no: leave it; or the version, where it is asked for", Hint: "no|VERSION"},
	}},
	Needs: workflows.Anyone, Private: true, Hidden: true, Examples: []string{"confirm k3f9", "confirm k3f9 no", "confirm k3f9 2.4.0"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) { return c.press(ctx, c.Args.Text("answer")) },
}

// undoCommand is the typed form of pressing Undo.
var undoCommand = Command{
	Command: chat.Command{Path: []string{"undo"}, Short: "Take your last safe act back", Params: []chat.Param{
		{Name: "key", Kind: chat.KindText, Short: "the key of the act", Required: true},
	}},
	Needs: workflows.Anyone, Private: true, Hidden: true, Examples: []string{"undo k3f9"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) { return c.press(ctx, "") },
}

// press carries out the line that was kept with a question, as its asker meant it then. The desk holds the press to the
// person, the time, what was shown, and what must be typed.
func (c *Call) press(ctx context.Context, answer string) (chat.Reply, error) {
	key := c.Args.Text("key")
	p, ok, err := c.Desk.Pending(ctx, key)
	if err != nil {
		return chat.Reply{}, err
	}
	if !ok {
		return chat.Reply{}, workflows.Refuse(workflows.Expired, "that was asked too long ago, or answered already").Type("/release status")
	}
	if p.Typed == "" && answer != "" && answer != "yes" && answer != "no" { // a slip is no yes
		return chat.Reply{}, workflows.Refuse(workflows.Invalid, workflows.Display(answer, maxShown)+" is neither yes nor no").
			Type(root+" confirm "+key, root+" confirm "+key+" no")
	}
	if p.Typed != "" && answer == "" && p.By == c.Viewer.Person.ID {
		return chat.Reply{Form: &chat.Form{Title: "Confirm", Line: "confirm " + key, Submit: "Go on",
			Fields: []chat.Field{{Key: "answer", Label: "Type " + p.Typed, Hint: p.Stream.ID() + " is of high risk; this carries out: " + workflows.Display(p.Line, maxShown), Required: true}}}}, nil
	}
	if answer == "no" {
		_, err := c.Desk.Do(ctx, workflows.Ask{ID: c.Request.ID, By: c.Request.By, At: p.At, When: c.Request.When, Line: p.Line, Press: key, Wish: workflows.Dismiss{}})
		if err != nil {
			return chat.Reply{}, err
		}
		return message(chat.Message{Title: "not now: nothing changed"})
	}
	parsed, err := c.parse(ctx, p.Line, false, nil)
	if err != nil {
		return chat.Reply{}, err
	}
	if parsed.Command.Hidden {
		return chat.Reply{}, workflows.Refuse(workflows.Invalid, "a question is never about a question").Type("/release help")
	}
	reply, err := c.run(ctx, parsed, ask{press: key, line: p.Line, at: p.At, typed: answer})
	if no := new(workflows.Refusal); errors.As(err, &no) && no.Reason == workflows.WrongVersion {
		err = &Wrong{Param: "answer", Refusal: no} // who mistypes types again, in the same form
	}
	return reply, err
}
