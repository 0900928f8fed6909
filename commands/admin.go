package commands

import (
	"context"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
)

// someone is the person that a parameter names; empty where none is given.
func someone(a Args, name string) workflows.PersonID {
	return workflows.PersonID(strings.TrimPrefix(a.Text(name), "@"))
}

// first is the first event of a kind that came of a wish; zero where none did.
func first[E workflows.Event](r workflows.Receipt) (e E) {
	for _, x := range r.Events {
		if found, ok := x.Event.(E); ok {
			return found
		}
	}
	return e
}

// owner refuses who does not own this installation.
func (c *Call) owner() error {
	if why := c.Viewer.Book.Allows(c.Viewer.Person.ID, workflows.Owner, "", c.Request.When); why != "" {
		return workflows.Refuse(why, "this needs an owner").By(policy.Names(c.Viewer.Book.Owners)...).Type("/release help")
	}
	return nil
}

var linkParams = []chat.Param{
	{Name: "who", Kind: chat.KindPerson, Short: "the person", Required: true},
	{Name: "platform", Kind: chat.KindChoice, Short: "where the account is", Required: true, Choices: people.Platforms()},
	{Name: "account", Kind: chat.KindText, Short: "its id there, never a name: slack T1/U1, discord digits, github login", Required: true},
}

// linked reads what the parameters of a link say.
func linked(a Args) (workflows.PersonID, workflows.Handle, error) {
	h, err := people.Account(a.Text("platform"), a.Text("account"))
	return someone(a, "who"), h, err
}

var adminLink = Command{
	Command: chat.Command{Path: []string{"admin", "link"}, Short: "Make a further account a person's", Params: linkParams},
	Needs:   workflows.Owner, Private: true, Examples: []string{"admin link @mia slack T1/U9", "admin link @mia discord 80351110224678912"},
	Wish: func(a Args) (workflows.Intent, error) {
		id, h, err := linked(a)
		return people.Link{Person: id, Account: h}, err
	},
	Done: func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		return message(cards.Linked(first[people.Linked](r), c.Viewer.Book))
	},
}

var adminUnlink = Command{
	Command: chat.Command{Path: []string{"admin", "unlink"}, Short: "Take a linked account away from a person again", Params: linkParams},
	Needs:   workflows.Owner, Private: true, Examples: []string{"admin unlink @mia slack T1/U9"},
	Wish: func(a Args) (workflows.Intent, error) {
		id, h, err := linked(a)
		return people.Unlink{Person: id, Account: h}, err
	},
	Done: func(_ context.Context, _ *Call, r workflows.Receipt) (chat.Reply, error) {
		return message(cards.Unlinked(first[people.Unlinked](r)))
	},
}

var adminCode = Command{
	Command: chat.Command{Path: []string{"admin", "code"}, Short: "A code that makes another account yours, once, within 15 minutes"},
	Needs:   workflows.Member, Private: true, Examples: []string{"admin code"},
	Wish: func(Args) (workflows.Intent, error) { return people.Code{}, nil },
	Done: func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		if r.Dry {
			return message(chat.Message{Title: "you would be given a code"})
		}
		return message(cards.Code(r.Secret, first[people.Coded](r).Until, c.view()))
	},
}

var adminClaim = Command{
	Command: chat.Command{Path: []string{"admin", "claim"}, Short: "Type a code: yours from another account, or the one in the host's log", Params: []chat.Param{
		{Name: "code", Kind: chat.KindText, Short: "the code", Required: true},
	}},
	Needs: workflows.Anyone, Private: true, Examples: []string{"admin claim k7f3q-xn2aa-52hde-pq4rb"},
	Wish: func(a Args) (workflows.Intent, error) { return people.Claim{Code: a.Text("code")}, nil },
	Done: func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		if own := first[people.Owned](r); own.Person != "" {
			return message(cards.Claimed(own))
		}
		return message(cards.Linked(first[people.Linked](r), c.Viewer.Book))
	},
}

var adminConfig = Command{
	Command: chat.Command{Path: []string{"admin", "config"}, Short: "Which configuration is in force, and what it comes to"},
	Needs:   workflows.Owner, Private: true, Examples: []string{"admin config"},
	Show: func(_ context.Context, c *Call) (chat.Reply, error) {
		if err := c.owner(); err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Settings(c.Desk.Settings(), c.Viewer.Book))
	},
}
