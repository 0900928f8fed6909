package commands

import (
	"testing"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// TestButtonsOfOwnItems: an item of a team's own, with the longest key there is, has buttons that fit.
func TestButtonsOfOwnItems(t *testing.T) {
	for _, key := range release.GateKeys() {
		g, _ := release.GateOf(key)
		g.Items = []release.Item{{Key: long, Text: "x", Role: "sre", Binds: release.ToCommit}}
		own, err := release.Extend(release.Templates()["feature"], "own", release.Change{Add: []release.Gate{g}})
		if err != nil {
			t.Fatal(err)
		}
		r := worst("feature", 0, false)
		r.Gates = own.At(policy.Normal)
		r.Revisions[g.Full(g.Items[0])] = large
		for _, g := range r.Gates {
			for _, s := range release.CheckGate(r, g, &policy.Book{}, noon).Items {
				for _, b := range cards.Item(r, s, cards.View{Now: noon}, release.OK, release.NeedsWork, release.Block).Buttons {
					if v := b.Value(); len(v) > chat.MaxLine {
						t.Errorf("%d bytes: %s", len(v), v)
					}
				}
			}
		}
	}
}
