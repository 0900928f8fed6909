package cards_test

import (
	"testing"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows/places"
)

// TestTrouble draws what owners are told of places: what could not be told where, why, who can mend it, and what next.
func TestTrouble(t *testing.T) {
	p, pg, b := begin(t, team()), page{t: t}, team()
	of := places.Trouble{Place: "slack/T0ACME/C0APP", Fate: places.Parked, What: "card", About: "release/app@1.0.0", Delivery: "4f2a9c10-12", Why: "is_archived"}
	pg.show("a channel that takes nothing", drawn(cards.Trouble(places.Troubled{Trouble: of}, b, "")), drawn(cards.Trouble(places.Troubled{Trouble: of}, b, "https://example.org/archives/C0APP")))
	person := of
	person.Place, person.What, person.About, person.Why = "slack/@T0ACME/U0MIA", "digest", "", "messages_tab_disabled"
	pg.show("direct messages that are not taken", drawn(cards.Trouble(places.Troubled{Trouble: person}, b, "")))
	known := person
	known.Place = "console/@mia"
	pg.show("of somebody known here", drawn(cards.Trouble(places.Troubled{Trouble: known}, b, "")), drawn(cards.Mended(places.Mended{Place: known.Place, Since: monday}, b, p.view())))
	failed := of
	failed.Fate, failed.What, failed.Why = places.Failed, "counter-briefing", "restricted\u202e <!channel> _x_"
	pg.show("what cannot be told", drawn(cards.Trouble(places.Troubled{Trouble: failed}, b, "https://example.org/archives/C0APP")))
	doubt := of
	doubt.Fate, doubt.What, doubt.About = places.Unclear, "history", "flag/invoices"
	pg.show("what may have been told", drawn(cards.Trouble(places.Troubled{Trouble: doubt}, b, "https://example.org/archives/C0APP")), drawn(cards.Trouble(places.Troubled{Trouble: doubt}, b, "")))
	off := of
	off.Place, off.Fate, off.What, off.Why = "slack", places.Failed, "linked", `platform "slack": it is off`
	off.About = "people/mia"
	pg.show("a platform that is off", drawn(cards.Trouble(places.Troubled{Trouble: off}, b, "")))
	pg.show("mended", drawn(cards.Mended(places.Mended{Place: of.Place, Since: monday}, b, p.view())))
	pg.show("of an older program", drawn(cards.Trouble(places.Troubled{}, b, "")))
	pg.equals("trouble")
}
