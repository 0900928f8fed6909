package commands

import (
	"context"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/people"
)

// back is the word that ends an absence.
const back = "off"

var remindAway = Command{
	Command: chat.Command{Path: []string{"remind", "away"}, Short: "You are away until a day; a deputy signs for you meanwhile", Params: []chat.Param{
		{Name: "until", Kind: chat.KindDate, Short: "when you are back, or off: you are back now", Required: true, Choices: []string{back}},
		{Name: "deputy", Kind: chat.KindPerson, Short: "who signs for you"},
	}},
	Needs: workflows.Member, Private: true, Examples: []string{"remind away 2027-01-04 @ben", "remind away off"},
	Wish: func(a Args) (workflows.Intent, error) {
		until, dated := a.Date("until")
		switch {
		case dated:
			return people.Leave{Until: until, Deputy: someone(a, "deputy")}, nil
		case a.Has("deputy"):
			return nil, workflows.Refuse(workflows.Invalid, "who is back needs no deputy").Type("/release remind away off")
		}
		return people.Return{}, nil
	},
	Done: func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		if e := first[people.Left](r); e.Person != "" {
			return message(cards.Left(e, c.view()))
		}
		return message(cards.Returned(first[people.Returned](r)))
	},
}
