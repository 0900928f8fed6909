package commands

import (
	"context"
	"fmt"
	"slices"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

var itemShow = Command{
	Command: chat.Command{Path: []string{"item", "show"}, Short: "One item: what it asks, who signed, whose turn it is", Params: []chat.Param{itemParam}},
	Needs:   workflows.Member, Examples: []string{"item show docs"}, Show: showItem,
}

// itemParam names one item.
var itemParam = chat.Param{Name: "item", Kind: chat.KindItem, Short: "the item", Required: true}

func showItem(ctx context.Context, c *Call) (chat.Reply, error) {
	r, err := c.release(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	f, err := c.Desk.Facts(ctx, c.Request.By, c.Request.At, r.ID, c.Request.When)
	if err != nil {
		return chat.Reply{}, err
	}
	g, item, err := r.Select(c.Args.Text("item"), f, "item show")
	if err != nil {
		return chat.Reply{}, err
	}
	for _, s := range release.CheckGate(r, g, c.Viewer.Book, c.Request.When).Items {
		if s.Item.Key == item.Key {
			m := cards.Item(r, s, c.view(), c.votes(r, s, f)...)
			m.Buttons = append(m.Buttons, cards.ItemButtons(r, s, c.can(r, s, f))...)
			heard, err := c.heard(ctx, r, item.Key)
			m.Lines = append(m.Lines, heard...)
			return chat.Reply{Message: &m, Items: []workflows.ItemLine{s.Line()}}, err
		}
	}
	return chat.Reply{}, fmt.Errorf("item %s of %s is in no gate", item.Key, r.ID)
}

// votes is what the asker may say of an item. What they said already they may take back.
func (c *Call) votes(r release.Release, s release.Status, f release.Facts) []release.Value {
	if !r.MayVote(s.Item, f) {
		return nil
	}
	all := []release.Value{release.OK, release.NeedsWork, release.Block}
	if release.Follows(r, s.Item, f) {
		all = all[1:]
	}
	for _, v := range s.Votes {
		i := slices.Index(all, v.Value)
		if i >= 0 && v.Machine == release.ByHand && f.Book.Canon(v.By) == c.Viewer.Person.ID && (r.Fresh(v) || v.Value != release.OK) && !c.inTheOpen() {
			all[i] = release.Withdraw
		}
	}
	return all
}

// can is what the asker may do about an item beside voting: nothing once it is settled, and nothing that others would
// press.
func (c *Call) can(r release.Release, s release.Status, f release.Facts) cards.Can {
	if r.Over() || s.State != release.Open || c.inTheOpen() || !slices.ContainsFunc(release.Ahead(r, f.Book, f.Now), func(a release.Status) bool { return a.Full() == s.Full() }) {
		return cards.Can{}
	}
	mine := slices.Contains(s.Who, c.Viewer.Person.ID) && (s.Turn == release.ToDo || s.Turn == release.ToRework)
	return cards.Can{Ask: mine && release.MayAsk(r, s, f), Plan: !mine && release.MayPlan(r, s, f),
		Assign: release.MayAssign(r, s, f), Waive: release.MayWaive(r, s, f)}
}
