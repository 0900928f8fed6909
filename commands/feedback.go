package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/release"
)

var feedbackList = Command{
	Command: chat.Command{Path: []string{"feedback", "list"}, Short: "What was said about a release, and who sees to it", Params: []chat.Param{
		{Name: "public", Kind: chat.KindSwitch, Short: "as anyone sees it", Option: true},
	}},
	Needs: workflows.Anyone, Examples: []string{"feedback", "feedback list app@1.0.0"},
	Show: func(ctx context.Context, c *Call) (chat.Reply, error) {
		r, err := c.release(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		said, err := c.Desk.Feedback(ctx, r.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		if c.Args.Public || !c.inside() {
			return message(cards.PublicFeedback(r.ID, said.Counts()).Message())
		}
		line, err := c.line(ctx, r)
		if err != nil {
			return chat.Reply{}, err
		}
		return message(cards.Feedback(r, said, c.Viewer.Book, c.view(), line))
	},
}

var feedbackAdd = Command{
	Command: chat.Command{Path: []string{"feedback", "add"}, Short: "Say what went wrong, or what you wish; the team reads it", Params: []chat.Param{
		{Name: "url", Kind: chat.KindURL, Short: "where there is more to see"},
		{Name: "text", Kind: chat.KindRest, Short: "what happened, or what you wish", Required: true},
	}},
	Needs: workflows.Anyone, Examples: []string{"feedback add -- the export stops at 100 lines", "feedback add https://forum.example.org/t/7 -- the totals are wrong"},
	Wish: func(a Args) (workflows.Intent, error) {
		return feedback.Add{Text: a.Note, Link: a.Text("url")}, nil
	},
	Form: feedbackForm,
	Done: func(_ context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
		said := after[feedback.Feedback](r)
		n := len(said.Entries)
		m := cards.FeedbackHeard(said.Release, n).Message()
		if c.Viewer.May(workflows.Holder, "", c.Request.When) && c.inside() {
			m.Title += " → /release feedback plan " + string(said.Release) + " " + strconv.Itoa(n) + " @owner --due friday"
		}
		return message(m)
	},
}

// feedbackForm asks for what somebody has to say. A platform may fill it with a message that they point at.
func feedbackForm(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	if r.Over() { // nobody writes for nobody
		return chat.Reply{}, feedback.TooLate(r.ID)
	}
	return chat.Reply{Form: &chat.Form{Title: "Feedback", Line: "feedback add --rel " + string(r.ID), Submit: "Send", Fields: []chat.Field{
		{Key: "text", Label: "What happened, or what you wish", Hint: "about " + r.ID.Name() + "; the team reads it", Required: true, Long: true},
		{Key: "url", Label: "Link", Hint: "where there is more to see"},
	}}}, nil
}

var feedbackFollow = Command{
	Command: chat.Command{Path: []string{"feedback", "follow"}, Short: "Be told in person when it ships, or take part in its tech preview", Params: []chat.Param{
		{Name: "issue", Kind: chat.KindIssue, Short: "an issue instead, which is told by a comment; the team's to say", Hint: "URL"},
		{Name: "who", Kind: chat.KindPerson, Short: "somebody else; the team's to say"},
		{Name: "what", Kind: chat.KindChoice, Short: "ships, the default; preview, and then when it ships; off: nothing any more", Choices: feedback.Wants()},
	}},
	Needs: workflows.Anyone, Private: true,
	Examples: []string{"feedback follow", "feedback follow app@1.0.0 preview", "feedback follow #12", "feedback follow @mia preview", "feedback follow off"},
	Wish:     followWish, Done: followed,
}

// followWish is of whoever asks, of somebody else, or of an issue.
func followWish(a Args) (workflows.Intent, error) {
	want := feedback.Want(a.Text("what"))
	if issue := a.Text("issue"); issue != "" {
		if a.Has("who") {
			return nil, workflows.Refuse(workflows.Invalid, "an issue or somebody, one at a time").In("who").Type("/release feedback follow "+issue, "/release feedback follow "+a.Person("who").At())
		}
		return feedback.FollowIssue{Ref: issue, Want: want}, nil
	}
	if want == "" {
		want = feedback.Ships
	}
	if a.Has("who") {
		return feedback.Invite{Who: a.Person("who"), Want: want}, nil
	}
	return feedback.Follow{Want: want}, nil
}

func followed(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
	id := after[feedback.Feedback](r).Release
	switch e := r.Events[0].Event.(type) {
	case feedback.Unfollowed:
		return message(cards.Following(id, e).Message())
	case feedback.Followed:
		if e.For == "" {
			return message(cards.Following(id, e).Message())
		}
	}
	about := release.Release{ID: id}
	line, err := c.line(ctx, about)
	if err != nil {
		return chat.Reply{}, err
	}
	return message(cards.FollowsFor(about, r.Events[0].Event, line))
}

var feedbackPlan = Command{
	Command: chat.Command{Path: []string{"feedback", "plan"}, Short: "Say who sees to it, by when", Params: []chat.Param{
		feedbackNumber,
		{Name: "who", Kind: chat.KindPerson, Short: "who sees to it", Required: true},
		{Name: "due", Kind: chat.KindDate, Short: "by when", Option: true, Required: true},
		{Name: "what", Kind: chat.KindRest, Short: "what will be done"},
	}},
	Needs: workflows.Holder, Examples: []string{"feedback plan 3 @ben --due friday", "feedback plan 3 @ben --due 2026-12-18 -- page the export"},
	Wish: func(a Args) (workflows.Intent, error) {
		n, err := entryNumber(a)
		if err != nil {
			return nil, err
		}
		due, _ := a.Date("due")
		return feedback.PlanFor{N: n, Owner: a.Person("who"), Due: due, What: a.Note}, nil
	},
	Done: feedbackDone,
}

var feedbackSettle = Command{
	Command: chat.Command{Path: []string{"feedback", "done"}, Short: "Say that it was answered, or put right", Params: []chat.Param{
		feedbackNumber,
		{Name: "what", Kind: chat.KindRest, Short: "how"},
	}},
	Needs: workflows.Member, Examples: []string{"feedback done 3", "feedback done 3 -- the export is paged now"},
	Wish: func(a Args) (workflows.Intent, error) {
		n, err := entryNumber(a)
		if err != nil {
			return nil, err
		}
		return feedback.Settle{N: n, What: a.Note}, nil
	},
	Done: feedbackDone,
}

// heard is what somebody should know of what was said, beside items of these keys.
func (c *Call) heard(ctx context.Context, r release.Release, keys ...string) ([]string, error) {
	if !slices.Contains(keys, feedback.Gathered) && !slices.Contains(keys, feedback.Leftovers) {
		return nil, nil
	}
	said, err := c.Desk.Feedback(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	line, err := c.line(ctx, r)
	if err != nil {
		return nil, err
	}
	return cards.FeedbackFacts(keys, said.Counts(), line), nil
}

// feedbackNumber names one thing that was said.
var feedbackNumber = chat.Param{Name: "n", Kind: chat.KindText, Short: "its number in the list", Required: true}

func entryNumber(a Args) (int, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(a.Text("n"), "#"))
	if err != nil || n < 1 {
		return 0, workflows.Refuse(workflows.Invalid, workflows.Display(a.Text("n"), maxShown)+" is no number of the list").Type("/release feedback list")
	}
	return n, nil
}

func feedbackDone(ctx context.Context, c *Call, r workflows.Receipt) (chat.Reply, error) {
	said := after[feedback.Feedback](r)
	line, err := c.line(ctx, release.Release{ID: said.Release})
	if err != nil {
		return chat.Reply{}, err
	}
	return message(cards.FeedbackArranged(r.Events, said, line))
}
