package cards

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// Arranged answers whoever asked, assigned, planned, waived, added, dropped or moved an item: what that means, and how
// the item's gate stands.
func Arranged(events []workflows.Recorded, after release.Release, b *policy.Book, v View, line Line) chat.Message {
	var parts []string
	full := ""
	for _, e := range events {
		said, item := arranged(e.Event, after)
		if said != "" {
			parts, full = append(parts, said), item
		}
	}
	if g := toCome(after, full); g.Stage != "" && !after.Over() {
		parts = append(parts, standing(g, after, b, v, line))
	}
	return chat.Message{Title: strings.Join(parts, " · ")}
}

// arranged words one event about an item, and names the item as it is called now.
func arranged(e workflows.Event, r release.Release) (said, full string) {
	switch e := e.(type) {
	case release.Asked:
		return fmt.Sprintf("asked %s to sign %s", askedWhom(r, e), e.Item), e.Item
	case release.Assigned:
		return fmt.Sprintf("%s is %s's to make true%s", e.Item, e.Owner.At(), dueBy(e.Due)), e.Item
	case release.Planned:
		return fmt.Sprintf("plan %s · %s by %s, returns as %s", e.Item, e.Plan.Owner.At(), day(e.Plan.Due), e.Plan.Line), e.Item
	case release.Waived:
		return waiverSaid(e, r), e.Item
	case release.ItemAdded:
		full = e.Gate + "/" + e.Item.Key
		late := map[bool]string{true: " · late: the cut-off was " + target(r.Cutoff)}[e.Item.Late]
		return fmt.Sprintf("added %s, signed by %s%s", full, e.Item.Role, late), full
	case release.ItemDropped:
		return "dropped " + e.Item, e.Item
	case release.ItemMoved:
		_, key, _ := strings.Cut(e.Item, "/")
		return fmt.Sprintf("moved %s to %s", e.Item, e.Gate), e.Gate + "/" + key
	}
	return "", ""
}

// askedWhom is who was asked to sign: one person, or whoever holds the role.
func askedWhom(r release.Release, e release.Asked) string {
	if e.Asking.Who != "" {
		return e.Asking.Who.At()
	}
	for _, i := range gateOf(r, e.Item).Items {
		if gateOf(r, e.Item).Full(i) == e.Item {
			return "whoever signs as " + string(i.Role)
		}
	}
	return "whoever holds its role"
}

// waiverSaid says what a waiver does, or whose word it still wants.
func waiverSaid(e release.Waived, r release.Release) string {
	s := fmt.Sprintf("waived %s until %s, %s owes it", e.Item, day(e.Waiver.Until), e.Waiver.Owner.At())
	if release.IsSoak(e.Item) {
		s = fmt.Sprintf("waived %s until %s: the stage may be closed before its time, %s looks after it", e.Item, day(e.Waiver.Until), e.Waiver.Owner.At())
	}
	if need := r.Risk.Tier().Waivers; len(e.Waiver.Given) < need {
		return s + fmt.Sprintf(" · once a further release manager agrees (%d of %d)", len(e.Waiver.Given), need)
	}
	return s
}

func dueBy(due time.Time) string {
	if due.IsZero() {
		return ""
	}
	return ", due " + day(due)
}

// typed writes a date as a line takes it.
func typed(t time.Time) string {
	if h, m, _ := t.Clock(); h == 0 && m == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(`"2006-01-02 15:04"`)
}

// debtLines are what earlier gates let through and nobody made good since, and the glasses that were broken. What stands
// among what a gate lacks already (said) is not said again.
func debtLines(r release.Release, b *policy.Book, v View, said ...release.Blocker) []string {
	var out []string
	for _, d := range r.Debts(b, v.Now) {
		if slices.ContainsFunc(said, func(x release.Blocker) bool { return x.Item == d.Full() }) {
			continue
		}
		s := "owed: " + d.Full() + " · "
		switch {
		case d.Waiver == nil:
			s += "the glass was broken over it"
		case d.Waiver.InForce(r, b, v.Now):
			s += waived(*d.Waiver, v)
		default:
			s += fmt.Sprintf("its waiver ran out on %s, %s owes it", target(d.Waiver.Until), d.Waiver.Owner.At())
		}
		out = append(out, s)
	}
	for _, g := range r.Unreviewed(b, v.Now) {
		out = append(out, broken(r, g, v)+" · to review: "+g.Review)
	}
	return out
}

func broken(r release.Release, g release.Glass, v View) string {
	return fmt.Sprintf("glass broken at «%s» by %s on %s: %s", gateTitled(r, g.Gate), g.By.At(), stamp(v, g.At), workflows.Display(g.Why, maxText))
}
