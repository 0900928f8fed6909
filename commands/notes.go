package commands

import (
	"cmp"
	"context"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/release"
)

var notesShow = Command{
	Command: chat.Command{Path: []string{"notes", "show"}, Short: "The release notes, and how they stand", Params: []chat.Param{
		{Name: "audience", Kind: chat.KindChoice, Short: "for whom: public, the default; changelog; internal: all there is; executive: a few lines",
			Choices: editions()},
	}},
	Needs: workflows.Anyone, Examples: []string{"notes", "notes show app@1.0.0", "notes show changelog"}, Show: showNotes,
}

func editions() []string {
	var out []string
	for _, e := range notes.Editions() {
		out = append(out, string(e))
	}
	return out
}

func showNotes(ctx context.Context, c *Call) (chat.Reply, error) {
	edition := notes.Edition(cmp.Or(c.Args.Text("audience"), string(notes.ForAnyone)))
	if edition != notes.ForAnyone { // what is not published is the team's own
		if err := c.allowed(workflows.Member); err != nil {
			return chat.Reply{}, err
		}
	}
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	n, err := c.Desk.Notes(ctx, r.ID)
	if err != nil {
		return chat.Reply{}, err
	}
	if !c.inside() {
		return publicNotes(r, n)
	}
	if n.Text == "" {
		return c.toDraft(r, "notes", workflows.Refuse(notes.NoNotes, r.ID.Name()+" has no notes yet").
			By(workflows.Makers()...).Type("/release notes draft")), nil
	}
	if edition != notes.ForAnyone {
		return message(cards.NotesFor(edition, r, n, c.view()))
	}
	return message(c.notesCard(r, n))
}

// publicNotes shows anyone what was published, and nothing else.
func publicNotes(r release.Release, n notes.Notes) (chat.Reply, error) {
	if n.Out == nil {
		return chat.Reply{}, workflows.Refuse(notes.NoNotes, r.ID.Name()+" has no published notes").Type("/release status")
	}
	return message(cards.PublicNotes(notes.Post{Release: r.ID, Text: n.Out.Text, Digest: n.Out.Digest}, r).Message())
}

// toDraft refuses to show what is not there, and offers whoever may to begin it.
func (c *Call) toDraft(r release.Release, what string, ref *workflows.Refusal) chat.Reply {
	m := cards.Refusal(ref)
	if c.Viewer.May(workflows.Maker, r.Manager, c.Request.When) && !r.Over() {
		m.Buttons = []chat.Button{cards.ToDraft(r, what)}
	}
	return chat.Reply{Message: &m, Refusal: ref}
}

// hand is what the asker may do with the notes and the briefing of a release.
func (c *Call) hand(r release.Release) cards.Hand {
	_, why := c.Viewer.Book.Holds(c.Viewer.Person.ID, workflows.Engineering, c.Request.When)
	return cards.Hand{Edit: c.Viewer.May(workflows.Maker, r.Manager, c.Request.When), Approve: why == "",
		Send: c.Viewer.May(workflows.Manager, r.Manager, c.Request.When)}
}

func (c *Call) notesCard(r release.Release, n notes.Notes) chat.Message {
	return cards.Notes(r, n, c.hand(r), c.view())
}

var notesDraft = Command{
	Command: chat.Command{Path: []string{"notes", "draft"}, Short: "Draft the notes from the commits since the last candidate in GA", Params: []chat.Param{
		{Name: "from", Kind: chat.KindRef, Short: "where to begin instead", Option: true, Hint: "REF"},
	}},
	Needs: workflows.Maker, Examples: []string{"notes draft", "notes draft --from v1.0.0"},
	Wish: func(a Args) (workflows.Intent, error) { return notes.Draft{From: a.Text("from")}, nil },
	Done: notesDone,
}

var notesEdit = Command{
	Command: chat.Command{Path: []string{"notes", "edit"}, Short: "Write the notes anew, in a form or after --", Params: []chat.Param{
		{Name: "text", Kind: chat.KindRest, Short: "the whole text", Required: true},
	}},
	Needs: workflows.Maker, Examples: []string{"notes edit -- Invoices can be exported"},
	Wish: func(a Args) (workflows.Intent, error) { return notes.Edit{Text: a.Note}, nil },
	Form: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.release(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		c.of(r)
		n, err := c.Desk.Notes(ctx, r.ID)
		return chat.Reply{Form: &chat.Form{Title: "Release notes", Submit: "Save",
			Basis:  cards.Basis(workflows.Basis{Revision: n.Revision, Said: true}),
			Fields: []chat.Field{{Key: "text", Label: "Text", Hint: "Markdown", Value: n.Text, Long: true, Required: true}}}}, err
	},
	Done: notesDone,
}

var notesApprove = Command{
	Command: chat.Command{Path: []string{"notes", "approve"}, Short: "Vouch for the notes word for word; the change log follows"},
	Needs:   workflows.Holder, Examples: []string{"notes approve"},
	Wish: func(Args) (workflows.Intent, error) { return notes.Approve{}, nil },
	Done: func(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		n := after[notes.Notes](r)
		rel, err := c.Desk.Release(ctx, workflows.Selectors{Release: string(n.Release)}, "")
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.NotesApproved(r, rel, c.Viewer.Book, c.view()))
	},
}

var notesPublish = Command{
	Command: chat.Command{Path: []string{"notes", "publish"}, Short: "Bring the approved notes to the channels, a release, the change log", Params: []chat.Param{
		{Name: "at", Kind: chat.KindDate, Short: "when, if not now; never: not any more", Option: true, Choices: []string{never}},
		{Name: "only", Kind: chat.KindChoice, Short: "nowhere else", Option: true, Choices: targets()},
	}},
	Needs: workflows.Manager, Examples: []string{"notes publish", "notes publish --at tomorrow", "notes publish --at never", "notes publish --only release"},
	Wish: func(a Args) (workflows.Intent, error) {
		at, _ := a.Date("at")
		return notes.Publish{At: at, Never: a.Text("at") == never, Only: notes.Target(a.Text("only"))}, nil
	},
	Done: notesOut,
}

// never is what a time is not.
const never = "never"

func targets() []string {
	var out []string
	for _, t := range notes.Targets() {
		out = append(out, string(t))
	}
	return out
}

func notesOut(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
	return message(cards.NotesPublished(r, c.view()))
}

var notesCorrect = Command{
	Command: chat.Command{Path: []string{"notes", "correct"}, Short: "Put the approved notes in the place of those that are published", Params: []chat.Param{
		{Name: "why", Kind: chat.KindRest, Short: "what was wrong", Required: true},
	}},
	Needs: workflows.Manager, Examples: []string{"notes correct -- Exports are for admins only"},
	Wish: func(a Args) (workflows.Intent, error) { return notes.Correct{Why: a.Note}, nil },
	Done: notesOut,
}

func notesDone(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
	n := after[notes.Notes](r)
	rel, err := c.Desk.Release(ctx, workflows.Selectors{Release: r.Stream.ID()}, "")
	if err != nil {
		return chat.Reply{}, err
	}
	return message(c.notesCard(rel, n))
}
