package policy

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

// staffed knows everybody who is named in these tests.
func staffed(b *Book) *Book {
	b.People = map[workflows.PersonID]workflows.Person{}
	for _, id := range (ids{"own", "ana", "ben", "mia", "zoe"}) {
		b.People[id] = workflows.Person{ID: id}
	}
	return b
}

// TestWhoseTurn: the deputy of who is away stands among the others; who is away only where nobody else could act.
func TestWhoseTurn(t *testing.T) {
	away := func(deputy workflows.PersonID) Absence { return Absence{Until: now.Add(time.Hour), Deputy: deputy} }
	for name, c := range map[string]struct {
		away map[workflows.PersonID]Absence
		want ids
	}{
		"all there":                  {nil, ids{"ana", "ben"}},
		"one away with a deputy":     {map[workflows.PersonID]Absence{"ana": away("mia")}, ids{"ben", "mia"}},
		"one away without":           {map[workflows.PersonID]Absence{"ana": away("")}, ids{"ben"}},
		"both, with one deputy":      {map[workflows.PersonID]Absence{"ana": away("mia"), "ben": away("mia")}, ids{"mia"}},
		"both, without":              {map[workflows.PersonID]Absence{"ana": away(""), "ben": away("")}, ids{"ana", "ben"}},
		"the deputy holds it too":    {map[workflows.PersonID]Absence{"ana": away("ben")}, ids{"ben"}},
		"the deputy is away as well": {map[workflows.PersonID]Absence{"ana": away("mia"), "mia": away("zoe")}, ids{"ben"}},
		"nobody else is left":        {map[workflows.PersonID]Absence{"ana": away("mia"), "mia": away("zoe"), "ben": away("")}, ids{"ana", "ben"}},
		"a deputy nobody knows":      {map[workflows.PersonID]Absence{"ana": away("ghost")}, ids{"ben"}},
		"back since":                 {map[workflows.PersonID]Absence{"ana": {Until: now, Deputy: "mia"}}, ids{"ana", "ben"}},
	} {
		b := staffed(&Book{Roles: map[workflows.Role]Members{"sre": {People: ids{"ana", "ben"}}}, Away: c.away})
		if diff := cmp.Diff(c.want, b.Holders("sre", now)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestDeputies hold what the absent hold themselves, for as long, and nothing that is not a role.
func TestDeputies(t *testing.T) {
	b := staffed(&Book{Owners: ids{"own"}, Roles: map[workflows.Role]Members{workflows.Engineering: {People: ids{"ana"}}, workflows.ReleaseManager: {People: ids{"ben"}}},
		Audiences: []Audience{{Name: "a", People: ids{"zoe"}}},
		Away:      map[workflows.PersonID]Absence{"ana": {now.Add(time.Hour), "mia"}, "ben": {now.Add(time.Hour), "mia"}, "own": {now.Add(time.Hour), "mia"}, "mia": {now.Add(time.Hour), "zoe"}}})
	var held []string
	for _, h := range b.RolesOf("mia", now) {
		held = append(held, h.String())
	}
	if !slices.Contains(held, "engineering for @ana") || !slices.Contains(held, "release-manager for @ben") || !slices.Contains(held, "sre for @own") {
		t.Errorf("the deputy holds %v", held)
	}
	for need, want := range map[workflows.Need]workflows.Reason{workflows.Maker: "", workflows.Manager: "", workflows.Holder: "", workflows.Member: "", workflows.Owner: workflows.NotAllowed} {
		if got := b.Allows("mia", need, "", now); got != want {
			t.Errorf("the deputy may what is for %s: %q", need, got)
		}
		if got := b.Allows("mia", need, "", now.Add(time.Hour)); got != workflows.NotAllowed {
			t.Errorf("afterwards the deputy may what is for %s: %q", need, got)
		}
	}
	if got := b.RolesOf("zoe", now); len(got) != 0 { // the deputy's deputy
		t.Errorf("the deputy's deputy holds %v", got)
	}
	if _, why := b.For(High).Holds("mia", workflows.SRE, now); why == "" {
		t.Error("at high risk a deputy holds what falls to the owners")
	}
}

// TestOnePerson: whatever account somebody did something by, it is they who did it, for every question there is.
func TestOnePerson(t *testing.T) {
	b := staffed(&Book{Owners: ids{"own"}, Roles: map[workflows.Role]Members{workflows.Engineering: {Groups: []string{"g"}}, workflows.ReleaseManager: {People: ids{"ben"}}},
		Groups: map[string]Group{"g": fresh("acc1", "ben")}, Audiences: []Audience{{Name: "a", People: ids{"zoe"}}},
		Merged: map[workflows.PersonID]workflows.PersonID{"acc1": "ana", "acc2": "own", "acc3": "zoe", "acc4": "ben"}})
	b.People["acc1"] = workflows.Person{ID: "acc1"}
	if b.Known() != 5 {
		t.Errorf("%d people are known", b.Known())
	}
	for _, c := range []struct {
		id      workflows.PersonID
		need    workflows.Need
		manager workflows.PersonID
		want    workflows.Reason
	}{
		{"ana", workflows.Maker, "", ""}, {"acc1", workflows.Maker, "", ""}, {"acc2", workflows.Owner, "", ""}, {"acc3", workflows.Member, "", ""},
		{"acc4", workflows.Manager, "", ""}, {"ana", workflows.Manager, "acc1", ""}, {"acc1", workflows.Manager, "ana", ""}, {"acc1", workflows.Owner, "", workflows.NotAllowed},
		{"acc3", workflows.Manager, "ana", workflows.NotAllowed},
	} {
		if got := b.Allows(c.id, c.need, c.manager, now); got != c.want {
			t.Errorf("%s may what is for %s, managed by %q: %q", c.id, c.need, c.manager, got)
		}
	}
	if diff := cmp.Diff(ids{"ana", "ben"}, b.Holders(workflows.Engineering, now)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"@ana", "@ben"}, b.Who(workflows.Manager, "acc1", now)); diff != "" {
		t.Error(diff)
	}
}

// TestTurnAndRightAgree: over any book, whose turn it is may act, and who may act and is there has the turn.
func TestTurnAndRightAgree(t *testing.T) {
	everyone := ids{"own", "ana", "ben", "mia", "zoe"}
	accounts := ids{"acc1", "acc2"}
	rapid.Check(t, func(t *rapid.T) {
		some := func(label string) ids {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Concat(everyone, accounts)), 0, 3, rapid.ID).Draw(t, label)
		}
		b := staffed(&Book{Owners: ids{"own"}, Roles: map[workflows.Role]Members{workflows.SRE: {People: some("named")}},
			Groups: map[string]Group{"g": fresh(some("group")...)}, Away: map[workflows.PersonID]Absence{}, Merged: map[workflows.PersonID]workflows.PersonID{}})
		if rapid.Bool().Draw(t, "by group") {
			m := b.Roles[workflows.SRE]
			m.Groups = []string{"g"}
			b.Roles[workflows.SRE] = m
		}
		for _, id := range accounts {
			b.Merged[id] = rapid.SampledFrom(everyone).Draw(t, string(id))
		}
		for _, id := range some("away") {
			b.Away[b.Canon(id)] = Absence{now.Add(time.Duration(rapid.IntRange(0, 1).Draw(t, "hours")) * time.Hour), rapid.SampledFrom(append(everyone, "")).Draw(t, "deputy")}
		}
		turn := b.Holders(workflows.SRE, now)
		for _, id := range turn {
			if _, why := b.Holds(id, workflows.SRE, now); why != "" || b.Canon(id) != id {
				t.Fatalf("it is the turn of %s, who may not: %s", id, why)
			}
		}
		for id := range maps.Keys(b.People) {
			_, why := b.Holds(id, workflows.SRE, now)
			if _, gone := b.IsAway(id, now); why == "" && !gone && !slices.Contains(turn, id) {
				t.Fatalf("%s may, and it is the turn of %v", id, turn)
			}
			if why == "" && !b.IsMember(id, now) {
				t.Fatalf("%s holds a role and is no member", id)
			}
		}
	})
}
