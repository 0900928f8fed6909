package commands

import (
	"context"
	"errors"
	"fmt"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var helpCommand = Command{
	Command: chat.Command{Path: []string{"help"}, Short: "What you may do here", Params: []chat.Param{
		{Name: "topic", Kind: chat.KindWord, Short: "a word of the commands"},
		{Name: "verb", Kind: chat.KindWord, Short: "a second one, as in help candidate set"},
	}},
	Needs: workflows.Anyone, Private: true, Examples: []string{"help", "help sign", "help candidate set"},
	Show: func(_ context.Context, c *Call) (chat.Reply, error) {
		return c.table.Help(c.Args.Text("topic")+" "+c.Args.Text("verb"), c.here())
	},
}

var statusCommand = Command{
	Command: chat.Command{Path: []string{"status"}, Short: "Where a release stands", Params: []chat.Param{
		{Name: "public", Kind: chat.KindSwitch, Short: "as anyone sees it", Option: true},
	}},
	Needs: workflows.Anyone, Aliases: []Alias{{}}, Examples: []string{"status", "status app@1.0.0", "status --public"},
	Show: showStatus,
}

// showStatus draws the release's card; with nothing bound and nothing meant, what is open.
func showStatus(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.release(ctx)
	if c.Args.On.Release == "" {
		if ref := new(workflows.Refusal); errors.As(err, &ref) && (ref.Reason == workflows.WhichRelease || ref.Reason == workflows.NoRelease) {
			return c.list(ctx, "open")
		}
	}
	if err != nil {
		return chat.Reply{}, err
	}
	if c.Args.Public || !c.inside() {
		return message(cards.PublicCard(r).Message())
	}
	f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
	if err != nil {
		return chat.Reply{}, err
	}
	m, items, err := c.card(ctx, r, f.Silent)
	return chat.Reply{Message: &m, Items: items}, err
}

// card draws a release's card for the team.
func (c *Call) card(ctx context.Context, r release.Release, s workflows.Silence) (chat.Message, []workflows.ItemLine, error) {
	w, err := cards.Gather(ctx, c.Desk, r, c.Viewer.Book)
	w.Silent = s
	return cards.Card(w, c.view()), lines(release.Check(r, w.Book, c.Request.When)), err
}

func lines(v release.Verdict) []workflows.ItemLine {
	var out []workflows.ItemLine
	for _, s := range v.Items {
		out = append(out, s.Line())
	}
	return out
}

var checkCommand = Command{
	Command: chat.Command{Path: []string{"check"}, Short: "GO or NO-GO and why: every open item, whose turn, since when", Params: []chat.Param{
		{Name: "stage", Kind: chat.KindChoice, Short: "another gate than the next", Choices: []string{"preview", "ga", "closed"}},
	}},
	Needs: workflows.Member, Examples: []string{"check", "check app@1.0.0", "check ga"}, Show: showCheck,
}

func showCheck(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	g, err := c.gate(r)
	if err != nil {
		return chat.Reply{}, err
	}
	v := release.CheckGate(r, g, c.Viewer.Book, c.Request.When)
	f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
	if err != nil {
		return chat.Reply{}, err
	}
	line := func(verb string, words ...string) string { return workflows.Line(f.Selector, verb, words...) }
	said, err := c.Desk.Feedback(ctx, r.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	view, mine := c.view(), func(s release.Status) bool { return release.MaySign(r, s, f) }
	if c.inTheOpen() { // nobody in particular reads it
		view.Me, mine = "", func(release.Status) bool { return false }
	}
	w := cards.Whole{Release: r, Book: c.Viewer.Book, Offer: c.Desk.Offer(r), Feedback: said.Counts(), Silent: f.Silent}
	m := cards.Check(w, v, view, mine, line)
	return chat.Reply{Message: &m, Items: lines(v)}, nil
}

// gate is the one that opens a stage (or, for the stage where the release stands or closed, that closes it); the next
// one when none is named.
func (c *Call) gate(r release.Release) (release.Gate, error) {
	stage := workflows.Stage(c.Args.Text("stage"))
	if stage == "" {
		g, _ := r.Next()
		return g, nil
	}
	for i, g := range r.Gates {
		if g.Stage == stage && (g.Opens() == (i >= r.Passed)) || stage == workflows.Closed && i == len(r.Gates)-1 {
			return g, nil
		}
	}
	return release.Gate{}, workflows.Refuse(workflows.Invalid, fmt.Sprintf("%s has no %s", r.ID.Name(), stage.Title())).Type("/release check")
}

var todoCommand = Command{
	Command: chat.Command{Path: []string{"todo"}, Short: "What waits for you, in all releases", Params: []chat.Param{
		{Name: "who", Kind: chat.KindPerson, Short: "somebody else"},
	}},
	Needs: workflows.Member, Private: true, Examples: []string{"todo", "todo @ana"}, Show: showTodo,
}

func showTodo(ctx context.Context, c *Call) (chat.Reply, error) {
	id := c.Viewer.Person.ID
	if who := c.Args.Text("who"); who != "" {
		id = workflows.PersonID(who[1:])
		if _, ok := c.Viewer.Book.Person(id); !ok {
			return chat.Reply{}, c.nobody(id)
		}
	}
	entries, err := c.Desk.Todo(ctx, id, c.Request.When)
	if err != nil {
		return chat.Reply{}, err
	}
	return message(cards.Todo(id, entries, c.view()))
}

// nobody refuses a name that is no person's, with the nearest.
func (c *Call) nobody(id workflows.PersonID) *workflows.Refusal {
	var all []string
	for p := range c.Viewer.Book.People {
		all = append(all, string(p))
	}
	ref := workflows.Refuse(workflows.UnknownPerson, "nobody here is @"+workflows.Display(string(id), 40))
	for _, n := range workflows.Nearest(string(id), all, 3) {
		ref.Type("@" + n)
	}
	return ref.Type(c.Viewer.Join)
}

var adminRoles = Command{
	Command: chat.Command{Path: []string{"admin", "roles"}, Short: "Who holds which role, and how old the rosters are that say so"},
	Needs:   workflows.Owner, Private: true, Examples: []string{"admin roles"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		if err := c.owner(); err != nil {
			return chat.Reply{}, err
		}
		m := cards.Roles(c.Viewer.Book, c.view())
		all, err := c.Desk.Persons(ctx)
		m.Lines = append(m.Lines, cards.Persons(all, c.Viewer.Book, c.view())...)
		return chat.Reply{Message: &m}, err
	},
}

var remindList = Command{
	Command: chat.Command{Path: []string{"remind", "list"}, Short: "Which reminders come, and when next"},
	Needs:   workflows.Member, Private: true, Examples: []string{"remind list"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		all, err := c.Desk.Reminders(ctx, c.Viewer.Person.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Reminders(all, c.view()))
	},
}
