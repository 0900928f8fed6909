package policy

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
)

type ids = []workflows.PersonID

var now = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

func fresh(members ...workflows.PersonID) Group {
	return Group{Members: members, AsOf: now.Add(-RosterAge)}
}

func old(members ...workflows.PersonID) Group {
	return Group{Members: members, AsOf: now.Add(-RosterAge - time.Second)}
}

// TestHolds walks the ways to hold the role sre: by name, by group, as one of those who hold every role, and as an
// owner, but only where nobody at all is named.
func TestHolds(t *testing.T) {
	named, grouped := Members{People: ids{"ana"}}, Members{Groups: []string{"g"}}
	const held, owner = "sre", "owner for sre"
	for name, c := range map[string]struct {
		roles map[workflows.Role]Members
		group map[string]Group
		want  map[workflows.PersonID]string // how, or the reason why not
	}{
		"nobody is named":           {want: map[workflows.PersonID]string{"own": owner, "ana": "not_allowed"}},
		"somebody is":               {map[workflows.Role]Members{"sre": named}, nil, map[workflows.PersonID]string{"own": "not_allowed", "ana": held}},
		"for another role":          {map[workflows.Role]Members{"docs": named}, nil, map[workflows.PersonID]string{"own": owner, "ana": "not_allowed"}},
		"somebody for every role":   {map[workflows.Role]Members{"*": named}, nil, map[workflows.PersonID]string{"own": "not_allowed", "ana": held}},
		"a group not read yet":      {map[workflows.Role]Members{"sre": grouped}, nil, map[workflows.PersonID]string{"own": "not_allowed", "ana": "not_allowed"}},
		"every role, not read yet":  {map[workflows.Role]Members{"*": grouped}, nil, map[workflows.PersonID]string{"own": "not_allowed", "ana": "not_allowed"}},
		"a group read in time":      {map[workflows.Role]Members{"sre": grouped}, map[string]Group{"g": fresh("ana")}, map[workflows.PersonID]string{"own": "not_allowed", "ana": held}},
		"a group read too long ago": {map[workflows.Role]Members{"sre": grouped}, map[string]Group{"g": old("ana")}, map[workflows.PersonID]string{"own": "not_allowed", "ana": "roster_stale", "ben": "not_allowed"}},
		"an empty group":            {map[workflows.Role]Members{"sre": grouped}, map[string]Group{"g": fresh()}, map[workflows.PersonID]string{"own": "not_allowed"}},
		"old here, named there":     {map[workflows.Role]Members{"sre": grouped, "*": named}, map[string]Group{"g": old("ana")}, map[workflows.PersonID]string{"ana": held}},
		"old here, fresh there": {map[workflows.Role]Members{"sre": grouped, "*": {Groups: []string{"h"}}}, map[string]Group{"g": old("ana"), "h": fresh("ana")},
			map[workflows.PersonID]string{"ana": held}},
		"a group nobody refers to": {nil, map[string]Group{"g": fresh("ana")}, map[workflows.PersonID]string{"ana": "not_allowed", "own": owner}},
	} {
		t.Run(name, func(t *testing.T) {
			b := &Book{Owners: ids{"own"}, Roles: c.roles, Groups: c.group}
			for id, want := range c.want {
				h, why := b.Holds(id, "sre", now)
				got := string(why)
				if why == "" {
					got = h.String()
				}
				if got != want {
					t.Errorf("%s: %s, want %s", id, got, want)
				}
				if holds := slices.Contains(b.Holders("sre", now), id); holds != (why == "") {
					t.Errorf("%s is among the holders: %v", id, holds)
				}
			}
			if _, why := b.Holds("", "sre", now); why == "" {
				t.Error("nobody in particular holds it")
			}
		})
	}
}

// TestAllRoles keeps PROCESS's order, then the configuration's own by name; '*' is no role of its own.
func TestAllRoles(t *testing.T) {
	b := &Book{Roles: map[workflows.Role]Members{"zeal": {}, "art": {}, workflows.SRE: {}, workflows.EveryRole: {People: ids{"ana"}}}}
	if diff := cmp.Diff(append(workflows.Roles(), "art", "zeal"), b.AllRoles()); diff != "" {
		t.Error(diff)
	}
	if got := b.RolesOf("ana", now); len(got) != len(workflows.Roles())+2 || got[len(got)-1].Role != "zeal" {
		t.Errorf("who holds every role holds %v", got)
	}
}

// TestNeeds holds every need against every kind of person.
func TestNeeds(t *testing.T) {
	b := &Book{Owners: ids{"own"}, Roles: map[workflows.Role]Members{workflows.Engineering: {People: ids{"eng"}}, workflows.SRE: {People: ids{"ops"}},
		workflows.ReleaseManager: {People: ids{"rota"}}, workflows.Support: {People: ids{"sup"}}, "art": {People: ids{"art"}}},
		Audiences: []Audience{{Name: "a", People: ids{"aud"}}}}
	kinds := ids{"own", "eng", "ops", "rota", "mgr", "sup", "art", "aud", "out", ""}
	may := map[workflows.Need]ids{
		workflows.Anyone:  kinds,
		workflows.Member:  {"own", "eng", "ops", "rota", "sup", "art", "aud"}, // the manager of one release is nobody elsewhere
		workflows.Holder:  {"own", "eng", "ops", "rota", "sup", "art"},        // docs and others fall to the owner
		workflows.Maker:   {"eng", "ops", "rota", "mgr"},
		workflows.Manager: {"rota", "mgr"},
		workflows.Owner:   {"own"},
		workflows.Machine: {},
	}
	for _, need := range workflows.Needs() {
		allowed, ok := may[need]
		if !ok {
			t.Errorf("nothing says who may %s", need)
		}
		for _, id := range kinds {
			want := workflows.NotAllowed
			if slices.Contains(allowed, id) {
				want = ""
			}
			if got := b.Allows(id, need, "mgr", now); got != want {
				t.Errorf("%q may what is for %s: %q, want %q", id, need, got, want)
			}
		}
	}
	for _, need := range workflows.Needs() {
		if need != workflows.Anyone && b.Allows("", need, "", now) == "" {
			t.Errorf("nobody in particular may what is for %s where there is no manager", need)
		}
	}
	if b.Allows("x", "no such need", "", now) == "" {
		t.Error("an unknown need is open to all")
	}
}

// TestWho names people where they are few, and is right about each.
func TestWho(t *testing.T) {
	b := &Book{Owners: ids{"own"}, Roles: map[workflows.Role]Members{workflows.Engineering: {People: ids{"d", "b", "a"}}, workflows.SRE: {People: ids{"c", "a", "e"}}}}
	for need, want := range map[workflows.Need][]string{
		workflows.Maker: {"@a", "@b", "@c", "@d", "…"}, workflows.Manager: {"@mgr", "@own"}, workflows.Owner: {"@own"}, workflows.Member: {"anyone with a role or in an audience"}} {
		if diff := cmp.Diff(want, b.Who(need, "mgr", now)); diff != "" {
			t.Errorf("%s: %s", need, diff)
		}
	}
}

// TestAuthorAlone compares the author rule with its sentence: each commit needs at least one voter who did not write it.
func TestAuthorAlone(t *testing.T) {
	people := ids{"ana", "ben", "mia", "none"}
	b := &Book{People: map[workflows.PersonID]workflows.Person{"ana": {Code: []string{"ana@x", "ana@home"}}, "ben": {Code: []string{"ben@x"}},
		"mia": {Code: []string{"mia@x"}}, "none": {NoCode: true}}}
	addresses := []string{"ana@x", "ana@home", "ben@x", "mia@x", "bot@x"}
	rapid.Check(t, func(t *rapid.T) {
		voters := rapid.SliceOfNDistinct(rapid.SampledFrom(people), 0, 4, rapid.ID).Draw(t, "voters")
		var written []Authorship
		for i := range rapid.IntRange(0, 4).Draw(t, "commits") {
			written = append(written, Authorship{Authors: rapid.SliceOfNDistinct(rapid.SampledFrom(addresses), 0, 3, rapid.ID).Draw(t, "authors"),
				Commits: 1, Example: fmt.Sprint(i)})
		}
		alone := -1
		for i, w := range written {
			others := 0
			for _, v := range voters {
				wrote := false
				for _, a := range w.Authors {
					for _, c := range b.People[v].Code {
						wrote = wrote || a == c
					}
				}
				if !wrote {
					others++
				}
			}
			if others == 0 {
				alone = i
				break
			}
		}
		got, is := b.AuthorAlone(voters, written)
		if is != (alone >= 0) || is && got.Example != fmt.Sprint(alone) {
			t.Fatalf("%v signed %v: alone %v at %q, want %d", voters, written, is, got.Example, alone)
		}
	})
}

// TestTiers: low asks for nothing, normal for two people, a day, and somebody beside the author; high for two on each
// item, a week, a release manager, two who waive, evidence and the typed version. What nobody knows is treated as high.
func TestTiers(t *testing.T) {
	want := map[Risk]Tier{Low: {People: 1, Each: 1, Waivers: 1}, Normal: {People: 2, Each: 1, Soak: 24 * time.Hour, AuthorOut: true, Waivers: 1},
		High: {People: 2, Each: 2, Soak: 7 * 24 * time.Hour, AuthorOut: true, OwnersOut: true, Managed: true, Waivers: 2, Evidence: true, Typed: true}}
	if Risk("huge").Tier() != want[High] || !High.Above(Normal) || High.Above(High) || Low.Above(Normal) {
		t.Error("the order of risks is wrong")
	}
	for _, r := range Risks() {
		if r.Tier() != want[r] {
			t.Errorf("%s: %+v", r, r.Tier())
		}
	}
	b := &Book{People: map[workflows.PersonID]workflows.Person{"ana": {Code: []string{"a@x"}}, "none": {NoCode: true}, "new": {}}}
	for id, known := range map[workflows.PersonID]bool{"ana": true, "none": true, "new": false, "nobody": false} {
		if b.CodeKnown(id) != known {
			t.Errorf("the author rule can judge %s: %v", id, !known)
		}
	}
}

// TestPublicly: a place is public when any public audience has it, whoever else has it too.
func TestPublicly(t *testing.T) {
	b := &Book{Audiences: []Audience{{Name: "a", Place: "c/#both"}, {Name: "b", Place: "c/#both", Public: true}, {Name: "c", Place: "c/#team"}, {Name: "d", Public: true}}}
	for at, want := range map[workflows.Place]bool{"c/#both": true, "c/#team": false, "c/#other": false} {
		if b.Publicly(at) != want {
			t.Errorf("%s is public: %v", at, !want)
		}
	}
}

// TestKnownAndResolved: members of groups count as people; a handle is one person's, to the letter.
func TestKnownAndResolved(t *testing.T) {
	b := &Book{People: map[workflows.PersonID]workflows.Person{"ana": {ID: "ana", Name: "Ben", Handles: []workflows.Handle{"c/ana", "d/1"}}, "ben": {ID: "ben"}},
		Groups: map[string]Group{"g": fresh("ben", "mia")}}
	if b.Known() != 3 {
		t.Errorf("%d people are known", b.Known())
	}
	for h, want := range map[workflows.Handle]workflows.PersonID{"c/ana": "ana", "d/1": "ana", "c/Ana": "", "c/ben": "", "c/Ben": "", "": "", "d/ana": ""} {
		if p, ok := b.Resolve(h); p.ID != want || ok != (want != "") {
			t.Errorf("%q is %q", h, p.ID)
		}
	}
}
