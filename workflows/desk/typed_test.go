package desk

import (
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// typing presses a question, with what was typed to confirm it.
func typing(a workflows.Ask, id, key, version string) workflows.Ask {
	a = press(a, id, key)
	a.Typed = version
	return a
}

// At high risk whoever confirms types the version, whatever it is that is confirmed; a plain no is enough to leave it.
func TestTypedVersion(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: policy.High}))
	a := h.ask("ana", "app@1.0", release.Set{Cancelled: true, Note: "in vain"})
	q := h.must(a).Confirm
	if q.Typed != "1.0" {
		t.Fatalf("to be typed: %q", q.Typed)
	}
	for i, wrong := range []string{"", "yes", "1.0.0", "app@1.0", " 1.0"} {
		no := h.refuses(typing(a, "wrong-"+string(rune('a'+i)), q.Key, wrong), workflows.WrongVersion)
		if len(no.Next) != 2 || no.Next[0] != "/release confirm "+q.Key+" 1.0" {
			t.Errorf("type %v", no.Next)
		}
	}
	dismissal := press(a, "no", q.Key)
	dismissal.Wish = workflows.Dismiss{}
	h.must(dismissal)
	if h.release("app@1.0").Cancelled {
		t.Fatal("it was cancelled by a no")
	}
	a = h.ask("ana", "app@1.0", release.Set{Cancelled: true, Note: "in vain"})
	h.must(typing(a, "right", h.must(a).Confirm.Key, "1.0"))
	if !h.release("app@1.0").Cancelled {
		t.Error("it was not cancelled")
	}
}

// A question that was asked while the risk was lower is answered as the risk is by now.
func TestTypedSinceTheRiskWasRaised(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: policy.Normal}))
	a := h.ask("ana", "app@1.0", release.Set{Cancelled: true, Note: "in vain"})
	q := h.must(a).Confirm
	if q.Typed != "" {
		t.Fatalf("to be typed at risk normal: %q", q.Typed)
	}
	h.must(h.ask("ben", "app@1.0", release.Set{Risk: policy.High}))
	h.refuses(press(a, "plain", q.Key), workflows.WrongVersion)
	h.must(typing(a, "typed", q.Key, "1.0"))
}

// Where owners do not stand in to sign, they do not stand in to manage: the risk is not lowered by one who could not have
// passed the gate.
func TestOwnersManageNothingAtHigh(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		two := policy.Members{People: []workflows.PersonID{"ben", "mia"}}
		c.Book.Roles = map[workflows.Role]policy.Members{}
		for _, role := range workflows.Roles() {
			if role != workflows.ReleaseManager {
				c.Book.Roles[role] = two
			}
		}
	})
	h.must(h.ask("ben", "", release.New{ID: "app@1.0", Risk: policy.Normal}))
	title := "as owner for release-manager"
	h.must(h.ask("ana", "app@1.0", release.Set{Title: &title}))
	h.restart(func(c *Config) {
		c.Book.Roles[workflows.ReleaseManager] = policy.Members{People: []workflows.PersonID{"mia", "leo"}}
	})
	h.must(h.ask("ben", "app@1.0", release.Set{Risk: policy.High}))
	h.restart(func(c *Config) { delete(c.Book.Roles, workflows.ReleaseManager) })
	no := h.refuses(h.ask("ana", "app@1.0", release.Set{Risk: policy.Low, Note: "small"}), workflows.NotAllowed)
	if len(no.Who) != 1 || no.Who[0] != "@ben" { // who manages it
		t.Errorf("who can: %v", no.Who)
	}
	h.must(h.ask("ben", "app@1.0", release.Set{Title: new(string)}))
}
