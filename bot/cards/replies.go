package cards

import (
	"fmt"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// replies are the buttons with which somebody answers what was asked of them.
func replies(e workflows.Event, r release.Release, b *policy.Book, v View) []chat.Button {
	switch e := e.(type) {
	case release.Asked:
		for _, g := range r.Gates {
			for _, s := range release.CheckGate(r, g, b, v.Now).Open() {
				if s.Full() == e.Item {
					return []chat.Button{SignButton(r, s, release.OK), SignButton(r, s, release.NeedsWork)}
				}
			}
		}
	case release.Assigned:
		return []chat.Button{{Label: askLabel, Line: fmt.Sprintf("item ask %d %s", r.Number, e.Item)}}
	case release.Signed:
		if e.Vote.Value == release.NeedsWork {
			return []chat.Button{{Label: askLabel, Line: fmt.Sprintf("item ask %d %s", r.Number, e.Vote.Item)}}
		}
		return []chat.Button{look(r, e.Vote.Item)}
	case release.Planned:
		return []chat.Button{look(r, e.Plan.Line)}
	case release.Waived:
		return []chat.Button{look(r, e.Item)}
	case release.WaiverEnded:
		return []chat.Button{look(r, e.Item)}
	case release.Changed:
		return []chat.Button{{Label: "Check", Line: fmt.Sprintf("check %d", r.Number)}}
	}
	return nil
}

// look opens one item.
func look(r release.Release, full string) chat.Button {
	return chat.Button{Label: "Open", Line: fmt.Sprintf("item show %d %s", r.Number, full)}
}
