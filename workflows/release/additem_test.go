package release

import (
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// own is an item that somebody thought of for one release.
func ownItem(gate, key string) AddItem {
	return AddItem{Gate: gate, Key: key, Text: "it holds twice the peak"}
}

func TestAddItem(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	for _, c := range []struct {
		wish AddItem
		full string
		role workflows.Role
	}{
		{AddItem{Key: "runbook"}, "ga.ready/runbook", workflows.SRE}, // where it usually stands
		{AddItem{Key: "field-support"}, "ga.done/field-support", workflows.Support},
		{AddItem{Key: "acceptance", Gate: "ga.done"}, "ga.done/acceptance", workflows.ProductRole},
		{ownItem("ga.ready", "load-test"), "ga.ready/load-test", workflows.ProductRole}, // of whoever adds it
		{AddItem{Gate: "ga.ready", Key: "peak", Role: workflows.SRE, Text: "so"}, "ga.ready/peak", workflows.SRE},
	} {
		before := s.Release
		s.by("mia", c.wish)
		if i := s.item(c.full).Item; i.Role != c.role || i.Origin != OfPerson || i.Late || s.Adders[c.full] != "mia" {
			t.Errorf("%s: %+v", c.full, i)
		}
		line, ok := Undo(before, s.Release, recorded(s.said))
		if want := "item drop 1 " + c.full; !ok || line != want {
			t.Errorf("undo: %q, want %q", line, want)
		}
		after := s.Release
		s.by("mia", DropItem{Item: strings.TrimPrefix(line, "item drop 1 ")})
		if read(withRevisions(s.Release, before)) != read(before) {
			t.Errorf("not as before:\n%s\n%s", read(before), read(s.Release))
		}
		s.Release = after
	}
	if s.Tally.Late != 0 {
		t.Errorf("%d late", s.Tally.Late)
	}
}

// What comes after the cut-off is marked and counted; on its day it does not come late.
func TestAddedLate(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.Cutoff = in(0)
	s.by("ben", AddItem{Key: "runbook"})
	s.f.Now = in(1)
	s.by("ben", ownItem("ga.ready", "load-test"))
	if s.item("ga.ready/runbook").Item.Late || !s.item("ga.ready/load-test").Item.Late || s.Tally.Late != 1 {
		t.Errorf("late: %d, %s", s.Tally.Late, read(s.Release))
	}
}

func TestAddRefused(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.no("mia", AddItem{Key: "runbok"}, workflows.UnknownItem, "item add runbook")
	s.no("mia", AddItem{Key: "load-test", Gate: "ga.ready"}, workflows.UnknownItem, "item add ga.ready load-test -- what must be true")
	s.no("mia", AddItem{Key: "ga.ready", Text: "It holds, twice the peak!", Role: "sre"}, workflows.Invalid,
		"item add ga.ready it-holds-twice --role sre -- It holds, twice the peak!")
	no := s.no("mia", AddItem{Gate: "ga.ready", Key: "x", Role: "dcos", Text: "so"}, workflows.Invalid, "item add ga.ready x -- what must be true")
	if !slices.Equal(no.Nearest, []string{"docs"}) {
		t.Errorf("nearest: %v", no.Nearest)
	}
	s.no("mia", ownItem("preview.ready", "load-test"), workflows.Invalid, "item add ga.ready load-test")
	s.no("mia", ownItem("ga.redy", "load-test"), workflows.Invalid, "item add ga.ready load-test")
	for _, key := range []string{"soak", "ok", "na", "block", "ga.ready", "Load", "load test", "", strings.Repeat("k", 33), "l\u0430st"} {
		s.no("mia", ownItem("ga.ready", key), workflows.Invalid, "item add ga.ready load-test")
	}
	s.no("mia", ownItem("ga.ready", "tests"), workflows.Exists, "item add ga.ready tests")
	s.no("mia", ownItem("ga.ready", "compliance"), workflows.Exists, "item add ga.ready compliance") // a risk would take it for its own
	s.no("mia", AddItem{Key: "tests"}, workflows.Exists, "item show ga.ready/tests")
	s.no("mia", AddItem{Gate: "ga.ready", Key: "x", Text: strings.Repeat("x", MaxItemText+1)}, workflows.Invalid, "item add")
	s.no("mia", AddItem{Gate: "ga.ready", Key: "x", Text: "a\u202eb"}, workflows.Invalid, "item add")
	s.f.Book.Owners = nil // to whom a role falls that nobody is named for
	no = s.no("mia", AddItem{Gate: "ga.ready", Key: "x", Role: workflows.Docs, Text: "so"}, workflows.Unsatisfiable, "roles: docs")
	if !strings.Contains(no.Why, "nobody holds docs") {
		t.Errorf("why: %s", no.Why)
	}
	s.by("ben", ownItem("ga.ready", "load-test"))
	for _, gate := range []string{"ga.ready", "ga.done"} {
		no = s.no("mia", ownItem(gate, "1oad-test"), workflows.Exists, "item show ga.ready/load-test")
		if !strings.Contains(no.Why, "reads like ga.ready/load-test") {
			t.Errorf("why: %s", no.Why)
		}
	}
	s.by("mia", ownItem("ga.done", "load-test")) // the same again, later
	s.sign("ben", OK, testsItem, logItem, wayItem, "ga.ready/load-test")
	s.by("ben", Advance{})
	s.no("mia", ownItem("ga.ready", "more"), workflows.Over, "rollback plan")
	s.no("mia", AddItem{Key: "runbook"}, workflows.GateClosed, "item add ga.done runbook")
}

// At high risk an item that one person alone could sign is never signed twice.
func TestAddedForOne(t *testing.T) {
	s := high(t)
	no := s.no("mia", AddItem{Key: "acceptance"}, workflows.Unsatisfiable, "roles: product")
	if !strings.Contains(no.Why, "ga.ready/acceptance: risk high wants votes of 2 different people on it, and @mia holds product") {
		t.Errorf("why: %s", no.Why)
	}
	s.by("mia", AddItem{Key: "acceptance", Gate: "ga.done"})
	s.no("ana", MoveItem{Item: "acceptance", Gate: "ga.ready"}, workflows.Unsatisfiable, "roles: product")
}

// Whoever added an item takes it away again, as long as nobody spoke of it; what the template or the risk asks stays.
func TestDropItem(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	s.team()
	s.no("ben", DropItem{Item: "way-back"}, workflows.NotAllowed, "sign "+wayItem+" na -- why")
	no := s.no("ana", DropItem{Item: "rollback-plan"}, workflows.NotAllowed, "item waive")
	if !strings.Contains(no.Why, "is asked by risk normal") {
		t.Errorf("why: %s", no.Why)
	}
	s.by("mia", ownItem("ga.ready", "load-test"))
	no = s.no("ben", DropItem{Item: "load-test"}, workflows.NotAllowed, "item show")
	if !slices.Equal(no.Who, []string{"@mia", "@ana", "@ria", "@rob"}) {
		t.Errorf("who can: %v", no.Who)
	}
	s.sign("mia", NeedsWork, "ga.ready/load-test")
	s.no("mia", DropItem{Item: "load-test"}, workflows.Changed, "sign ga.ready/load-test na")
	s.sign("mia", Withdraw, "ga.ready/load-test")
	basis := s.BasisOf("ga.ready/load-test")
	s.by("ana", DropItem{Item: "load-test"}) // who manages the release
	s.no("ana", DropItem{Item: "load-test"}, workflows.UnknownItem, "item list")
	s.by("mia", AddItem{Gate: "ga.ready", Key: "load-test", Text: "another thing"})
	s.f.Basis = basis // a button that was drawn for the first one
	s.no("mia", Sign{Items: []string{"load-test"}}, workflows.Changed, "item show")
	s.f.Basis = workflows.Basis{}
	s.links("m2", "mia")
	s.Adders["ga.ready/load-test"] = "m2"
	s.by("mia", DropItem{Item: "load-test"})
}

// What a risk asks for cannot be dropped, though it was somebody who brought it before.
func TestDropWhatARiskAsks(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.by("ben", AddItem{Key: "rollback-plan"})
	s.by("ana", Set{Risk: policy.Normal})
	s.no("ben", DropItem{Item: "rollback-plan"}, workflows.NotAllowed, "item waive")
	s.by("ana", Set{Risk: policy.Low, Note: "small"})
	s.by("ben", DropItem{Item: "rollback-plan"})
}
