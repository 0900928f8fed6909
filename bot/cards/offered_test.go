package cards_test

import (
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// TestStateBesideAName: what decides the choice comes first, and nothing is said of what is over that no longer matters.
func TestStateBesideAName(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	v := cards.View{Now: now}
	book := &policy.Book{People: map[workflows.PersonID]workflows.Person{"ana": {ID: "ana", Name: "Ana Ruiz"}, "ben": {ID: "ben"}},
		Roles: map[workflows.Role]policy.Members{"sre": {People: []workflows.PersonID{"ben", "ana"}}}, Away: map[workflows.PersonID]policy.Absence{"ben": {Until: day(3)}}}
	for want, got := range map[string]string{
		"before GA":                                      cards.ReleaseState(release.Row{Where: "before GA", Open: true}, now),
		"before GA · on hold · Export":                   cards.ReleaseState(release.Row{Where: "before GA", Open: true, Held: true, Title: "Export"}, now),
		"before GA · target 2026-03-06 12:00 UTC":        cards.ReleaseState(release.Row{Where: "before GA", Open: true, Target: day(2)}, now),
		"before GA · overdue since 2026-02-22 12:00 UTC": cards.ReleaseState(release.Row{Where: "before GA", Open: true, Target: day(-10)}, now),
		"GA":              cards.ReleaseState(release.Row{Where: "GA", Open: true, Target: day(-10), Shipped: day(-9)}, now),
		"cancelled":       cards.ReleaseState(release.Row{Where: "cancelled", Held: true, Target: day(-10)}, now),
		"on its way":      cards.PublicReleaseState(release.Row{Where: "before GA", Stage: workflows.Before, Held: true, Title: "Export"}),
		"tech preview":    cards.PublicReleaseState(release.Row{Where: "tech preview", Stage: workflows.Preview}),
		"off · app@1.0.0": cards.FlagState(flag.Flag{Key: "x", Release: "app@1.0.0", Expires: day(1)}, v),
		"production 10 % · app@1.0.0 · expired 2026-03-03": cards.FlagState(flag.Flag{Key: "x", Release: "app@1.0.0", Expires: day(-1), Percents: map[workflows.Environment]int{"production": 10}}, v),
		"@ana":                  cards.RoleState(book, "sre", now),
		"nobody holds it":       cards.RoleState(book, "qa", now),
		"Ana Ruiz":              cards.PersonState(book, "ana", v),
		"away until 2026-03-07": cards.PersonState(book, "ben", v),
	} {
		if got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}
