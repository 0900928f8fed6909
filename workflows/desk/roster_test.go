package desk

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// crewed gives engineering to a group of the platform, and nobody else.
func crewed(c *Config) {
	c.Book.Roles = map[workflows.Role]policy.Members{
		workflows.Engineering: {Groups: []string{"chat/crew"}}, workflows.SRE: {People: []workflows.PersonID{"ana"}}}
}

func (h *house) roster(asOf time.Time, handles ...workflows.Handle) {
	h.Helper()
	r := team.Roster{Platform: "chat", Group: "crew", AsOf: asOf}
	for _, x := range handles {
		r.Members = append(r.Members, team.Member{Handle: x})
	}
	h.must(h.machine("chat", "", r))
}

func TestRosterGrants(t *testing.T) {
	h := newHouse(t, crewed)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	sign := func(who string) workflows.Ask { return h.ask(who, "app@1.0", release.Sign{Items: []string{"tests"}}) }
	h.refuses(sign("ben"), workflows.NotAllowed) // the group was never read: it grants nothing, nor do the owners stand in
	h.refuses(sign("ana"), workflows.NotAllowed)
	h.roster(monday, "chat/ben", "chat/G7")
	h.must(sign("ben"))
	got := h.must(sign("G7")) // a member without a line in the configuration
	guest := got.Events[0].By.Person
	if guest != team.PersonID("chat/G7") || got.Events[0].Event.(release.Signed).Vote.By != guest {
		t.Errorf("the guest signed as %s", guest)
	}
	h.now = monday.Add(24 * time.Hour)
	h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"changelog"}}))
	h.now = monday.Add(24*time.Hour + time.Second)
	if no := h.refuses(sign("ben"), workflows.NotAllowed); no.Reason == "" { // holds no role at all now: not even Holder
		t.Error(no)
	}
}

// A roster that is too old grants nothing, and the refusal says that this is why.
func TestRosterTooOld(t *testing.T) {
	h := newHouse(t, crewed, func(c *Config) { c.Book.Roles[workflows.Docs] = policy.Members{People: []workflows.PersonID{"ben"}} })
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.roster(monday.Add(-24*time.Hour), "chat/ben")
	h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}}))
	h.now = monday.Add(time.Second)
	no := h.refuses(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}}), workflows.RosterStale)
	if !strings.Contains(no.Why, "24 h") {
		t.Errorf("why: %s", no.Why)
	}
	v := release.Check(h.release("app@1.0"), h.book0(), h.now)
	if s := v.Items[0]; s.State != release.Open || s.Reason != workflows.ItemUnauthorised {
		t.Errorf("a vote by an old roster: %s %s", s.State, s.Reason)
	}
	h.roster(h.now, "chat/ben")
	if s := release.Check(h.release("app@1.0"), h.book0(), h.now).Items[0]; s.State != release.Holds {
		t.Errorf("the roster is new, and the vote reads %s %s", s.State, s.Reason)
	}
	h.roster(h.now.Add(2*time.Hour), "chat/mia") // from a clock that runs ahead; ben is gone
	if s := release.Check(h.release("app@1.0"), h.book0(), h.now).Items[0]; s.Reason != workflows.ItemUnauthorised {
		t.Errorf("ben left the group, and his vote reads %s %s", s.State, s.Reason)
	}
	h.now = h.now.Add(24*time.Hour + time.Second)
	h.refuses(h.ask("mia", "app@1.0", release.Sign{Items: []string{"tests"}}), workflows.NotAllowed)
}

// Rosters do not fill the ledger: an unchanged one within the hour is nothing new.
func TestRosterUnchanged(t *testing.T) {
	h := newHouse(t, crewed)
	h.roster(monday, "chat/ben")
	n := len(h.ledger())
	h.roster(monday, "chat/ben")
	h.now = monday.Add(30 * time.Minute)
	h.roster(h.now, "chat/ben")
	if len(h.ledger()) != n {
		t.Errorf("%d more events", len(h.ledger())-n)
	}
	h.refuses(h.machine("chat", "", team.Roster{Platform: "chat", Group: "crew", AsOf: monday.Add(-time.Hour)}), workflows.Unchanged)
}

// book0 is what authority is weighed by now.
func (h *house) book0() *policy.Book {
	h.Helper()
	v, err := h.Who(context.Background(), "")
	if err != nil {
		h.Fatal(err)
	}
	return v.Book
}

// Who a handle is, for reading: a stranger is no error and sees what anyone may.
func TestWho(t *testing.T) {
	h := newHouse(t)
	for handle, want := range map[workflows.Handle]workflows.PersonID{"chat/ana": "ana", "other/T1/ana": "ana", "chat/nobody": "", "chat/ANA": "", "": ""} {
		v, err := h.Who(context.Background(), handle)
		if err != nil || v.Person.ID != want || v.Known != (want != "") || v.Inside(monday) != (want != "") {
			t.Errorf("%q is %q, known %t (%v)", handle, v.Person.ID, v.Known, err)
		}
	}
}
