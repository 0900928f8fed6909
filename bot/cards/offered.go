package cards

import (
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// What follows is said beside the name of a thing where somebody chooses one of several: few words, what decides the
// choice first, since the end of them may be cut.

// ItemState is why an item is open and whose turn it is, or that it holds; then where it stands and what it asks.
func ItemState(r release.Release, s release.Status, v View) string {
	var parts []string
	switch {
	case behind(r, s.Gate):
		parts = []string{"passed"}
	case s.State == release.Open:
		parts = []string{reasonWord(s), waitsFor(r, s, v)}
	case s.State == release.IsWaived:
		parts = []string{"waived until " + target(s.Waiver.Until)}
	case s.State == release.NotApplicable:
		parts = []string{"not applicable"}
	default:
		parts = []string{string(s.State)}
	}
	return strings.Join(append(parts, s.Gate.Key(), s.Item.Text), " · ")
}

// ReleaseState is where a release stands, what stops it, and when it is meant to be out.
func ReleaseState(r release.Row, now time.Time) string {
	parts := []string{r.Where}
	if r.Open && r.Held {
		parts = append(parts, "on hold")
	}
	switch {
	case !r.Open || r.Target.IsZero() || !r.Shipped.IsZero():
	case release.Overdue(r.Target, now):
		parts = append(parts, "overdue since "+target(r.Target))
	default:
		parts = append(parts, "target "+target(r.Target))
	}
	if r.Title != "" {
		parts = append(parts, r.Title)
	}
	return strings.Join(parts, " · ")
}

// PublicReleaseState is what anyone may know of where a release stands.
func PublicReleaseState(r release.Row) string {
	if r.Stage == workflows.Before || r.Stage == workflows.Between {
		return "on its way"
	}
	return r.Stage.Title()
}

// FlagState is how far a flag is open, whose it is, and that it should be gone where it should.
func FlagState(f flag.Flag, v View) string {
	parts := []string{f.Stands(), string(f.Release)}
	if f.Expired(v.Now) {
		parts = append(parts, expiry(f, v))
	}
	return strings.Join(parts, " · ")
}

// RoleState is who holds a role.
func RoleState(b *policy.Book, role workflows.Role, now time.Time) string {
	if holders := b.Holders(role, now); len(holders) > 0 {
		return strings.Join(policy.Names(holders), ", ")
	}
	return "nobody holds it"
}

// PersonState is what a person is called, and that they are away.
func PersonState(b *policy.Book, id workflows.PersonID, v View) string {
	parts := []string{b.People[id].Name}
	if a, away := b.IsAway(id, v.Now); away {
		parts = append(parts, "away until "+v.in(a.Until).Format(time.DateOnly))
	}
	return strings.TrimPrefix(strings.Join(parts, " · "), " · ")
}
