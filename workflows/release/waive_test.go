package release

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// A waiver lets its gate pass until its date. Then its item is open again, its owner hears of it, and the next gate is
// shut until somebody signs, or a manager gives it more time.
func TestWaiver(t *testing.T) {
	owed := func(t *testing.T) *story {
		s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
		s.waived("way-back", 2)
		if got := s.tells(); !slices.Equal(got, []string{"waived mia"}) {
			t.Errorf("told %v", got)
		}
		s.reads(wayItem, IsWaived, "")
		s.sign("ben", OK, testsItem, logItem)
		s.by("ben", Advance{})
		s.owing(wayItem)
		s.sign("mia", OK, "ga.done/announced")
		s.sign("ben", OK, "ga.done/healthy")
		if !s.verdict().Go {
			t.Fatal("while it is in force it stops nothing")
		}
		s.ticks(38)
		if len(s.said) > 0 {
			t.Fatalf("an hour before its end: %+v", s.said)
		}
		s.ticks(39)
		if got := s.tells(); !slices.Equal(got, []string{"owed mia"}) {
			t.Errorf("told %v", got)
		}
		s.machine(Tick{})
		if len(s.said) > 0 {
			t.Errorf("said twice: %+v", s.said)
		}
		no := s.refuses("ben", Advance{}, workflows.NotReady)
		if !strings.Contains(no.Why, "the waiver of ga.ready/way-back ran out on 2026-01-07: @mia owes it") || !slices.Equal(no.Who, []string{"@ben", "@cem"}) {
			t.Errorf("why: %s, who: %v", no.Why, no.Who)
		}
		return s
	}
	t.Run("signed", func(t *testing.T) {
		s := owed(t)
		s.sign("cem", OK, wayItem)
		s.owing()
		s.by("ben", Advance{})
	})
	t.Run("waived anew", func(t *testing.T) {
		s := owed(t)
		s.waived(wayItem, 5)
		s.owing(wayItem)
		s.by("ben", Advance{})
		s.ticks(5 * 24)
	})
	t.Run("asked for", func(t *testing.T) {
		s := owed(t)
		s.by("ana", Ask{Item: wayItem, Who: "cem"})
		if got := s.tells(); !slices.Equal(got, []string{"asked cem"}) {
			t.Errorf("told %v", got)
		}
	})
	t.Run("before its gate", func(t *testing.T) {
		s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
		s.waived("way-back", 2)
		s.at(39)
		s.reads(wayItem, Open, workflows.ItemExpired)
		s.waits(wayItem, ToSign, 0, "ben", "cem")
	})
	t.Run("made good before its end", func(t *testing.T) {
		s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
		s.waived("way-back", 2)
		s.sign("ben", OK, wayItem)
		s.ticks(39)
		if e := s.said[0].(WaiverEnded); !e.Paid || len(s.tells()) > 0 {
			t.Errorf("%+v told %v", e, s.tells())
		}
	})
}

// What was signed by the time its gate was passed is not owed, whatever was waived before and whatever becomes of the
// vote since.
func TestWaivedAndHeld(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.waived("tests", 2)
	s.sign("ben", OK, testsItem, logItem, wayItem)
	s.by("ben", Advance{})
	s.owing()
	s.f.Now = in(3)
	s.moves(commit("bbbbbbbb", "ben"))
	s.owing()
	s.no("ben", Sign{Items: []string{testsItem}}, workflows.Over, "rollback plan")
	s.no("ana", Waive{Item: testsItem, Owner: "mia", Until: in(9), Why: "x"}, workflows.Over, "rollback plan")
}

// Going back takes the debts of the gates back that are passed again.
func TestDebtRolledBack(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.waived("way-back", 2)
	s.sign("ben", OK, testsItem, logItem)
	s.by("ben", Advance{})
	s.by("ben", RollBack{Why: "errors"})
	s.by("ana", Resume{})
	s.sign("ben", OK, wayItem)
	s.by("ben", Advance{})
	s.owing()
	s.no("ben", Sign{Items: []string{wayItem}, Value: Withdraw}, workflows.Over, "rollback plan")
}

func TestWaiveRefused(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	again := "item waive " + wayItem + " @owner --until friday"
	w := Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "x"}
	with := func(change func(*Waive)) Waive { x := w; change(&x); return x }
	s.no("ana", with(func(x *Waive) { x.Why = "" }), workflows.NeedsReason, again)
	s.no("ana", with(func(x *Waive) { x.Until = time.Time{} }), workflows.Invalid, again)
	s.no("ana", with(func(x *Waive) { x.Until = monday }), workflows.Invalid, again)
	s.no("ana", with(func(x *Waive) { x.Owner = "zed" }), workflows.UnknownPerson, again)
	s.no("ana", with(func(x *Waive) { x.Item = "way-bakc" }), workflows.UnknownItem, "item waive way-back")
	s.no("ben", w, workflows.NotAllowed, "item show "+wayItem)
	s.by("ana", w)
	s.no("ana", w, workflows.Unchanged, "item show "+wayItem)
	s.sign("ben", OK, wayItem)
	s.no("ana", with(func(x *Waive) { x.Until = in(4) }), workflows.Unchanged, "item show "+wayItem)
	s.sign("cem", Block, wayItem)
	no := s.no("ana", with(func(x *Waive) { x.Until = in(4) }), workflows.ItemBlocked, "item show "+wayItem)
	if !slices.Equal(no.Who, []string{"@cem"}) {
		t.Errorf("who can: %v", no.Who)
	}
	s.reads(wayItem, Open, workflows.ItemBlocked) // however it was waived before
	s.no("ana", Waive{Item: "soak", Owner: "mia", Until: in(2), Why: "x"}, workflows.Unchanged, "check")
}

// What somebody sent back stays sent back when its waiver has run out: it is its owner's turn, not a signer's.
func TestWaivedNeedsWork(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
	s.sign("ben", NeedsWork, wayItem)
	s.waived("way-back", 2)
	s.reads(wayItem, IsWaived, "")
	s.f.Now = in(3)
	s.reads(wayItem, Open, workflows.ItemNeedsWork)
	s.waits(wayItem, ToRework, 0, "ana")
	if why := s.item(wayItem).Why; why != "its waiver ran out on 2026-01-07" {
		t.Errorf("why: %q", why)
	}
}

// Items that are waived vouch for nobody: the gate still wants the votes of two people.
func TestAWaivedGate(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	for _, i := range s.Gates[0].Items {
		s.waived(i.Key, 2)
	}
	v := s.verdict()
	if len(v.Open()) > 0 || v.Go || v.Whole[0].Reason != workflows.ItemQuorum || !strings.HasPrefix(v.Whole[0].Why, "votes of nobody, 2 different") {
		t.Errorf("open %d, go %v, whole %+v", len(v.Open()), v.Go, v.Whole)
	}
	s.sign("ben", OK, wayItem)
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.sign("mia", OK, testsItem)
	s.by("ana", Advance{})
	s.owing(logItem, "ga.ready/rollback-plan")
}

// inGA is a release of risk normal that has just been opened to everyone, with all signed that closes it.
func inGA(t *testing.T) *story {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	s.signAll("ben", "mia")
	s.by("ana", Advance{})
	s.signAll("ben")
	return s
}

// Time that must pass is waived too, and only as long as the waiver says; it is about the soak that runs, so that one
// that begins anew is waited for.
func TestSoakWaived(t *testing.T) {
	s := inGA(t)
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.by("ana", Waive{Item: "soak", Owner: "mia", Until: monday.Add(3 * time.Hour), Why: "two lines"})
	s.owing()
	ok := s.Release
	s.at(3)
	s.refuses("ana", Advance{}, workflows.NotReady) // it ran out
	s.machine(Tick{})
	if len(s.said) != 1 || len(s.tells()) > 0 {
		t.Errorf("said %+v, told %v", s.said, s.tells())
	}
	s.by("ana", Waive{Item: "ga.done/soak", Owner: "mia", Until: in(4), Why: "two lines"})
	s.moves(commit("bbbbbbbb", "ana"))
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.at(1)
	s.Release = ok
	s.by("ana", Advance{})
}

// A rollback ends the waiver of a soak.
func TestSoakWaivedThenRolledBack(t *testing.T) {
	s := inGA(t)
	s.by("ana", Waive{Item: "soak", Owner: "mia", Until: in(4), Why: "two lines"})
	s.by("ana", RollBack{Why: "errors"})
	s.by("ana", Resume{})
	s.by("ana", Advance{})
	s.refuses("ana", Advance{}, workflows.NotReady)
	s.at(24)
	s.by("ana", Advance{})
}

// At high risk two release managers agree to the same waiver, each in their own words of the same date.
func TestTwoWaive(t *testing.T) {
	s := high(t)
	w := Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "it may wait"}
	s.by("ria", w)
	if len(s.tells()) > 0 {
		t.Errorf("told %v before it is in force", s.tells())
	}
	s.waits(wayItem, ToAgree, 0, "ana", "rob")
	no := s.no("ria", w, workflows.Unchanged, "item waive "+wayItem+" @mia --until 2026-01-07 -- why")
	if !slices.Equal(no.Who, []string{"@ana", "@rob"}) {
		t.Errorf("who can: %v", no.Who)
	}
	there := time.FixedZone("there", 3*3600)
	w.Until = time.Date(2026, 1, 7, 0, 0, 0, 0, there)
	s.by("rob", w)
	s.reads(wayItem, IsWaived, "")
	if got := s.tells(); !slices.Equal(got, []string{"waived mia"}) || s.Tally.Waived != 1 {
		t.Errorf("told %v, counted %d", got, s.Tally.Waived)
	}
	s.leaves("rob", workflows.ReleaseManager)
	s.reads(wayItem, Open, workflows.ItemUnsigned)
	s.waits(wayItem, ToAgree, 0, "ana")
	s.by("ana", w)
	s.reads(wayItem, IsWaived, "")
	s.links("ria", "ana") // the two turn out to be one
	s.reads(wayItem, Open, workflows.ItemUnsigned)
}

// A date with a time of day is proposed as it was given, so that the second manager agrees to the first one's waiver.
func TestTwoWaiveAtAnHour(t *testing.T) {
	s := high(t)
	s.by("ria", Waive{Item: "way-back", Owner: "mia", Until: in(2).Add(17 * time.Hour), Why: "x"})
	s.no("ria", Waive{Item: "way-back", Owner: "mia", Until: in(2).Add(17 * time.Hour), Why: "x"}, workflows.Unchanged, `--until "2026-01-07 17:00"`)
}

// A waiver that another manager would give otherwise begins anew: nobody agrees to what they did not read.
func TestTwoWaiveDifferently(t *testing.T) {
	s := high(t)
	s.by("ria", Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "x"})
	s.by("rob", Waive{Item: "way-back", Owner: "mia", Until: in(3), Why: "x"})
	s.waits(wayItem, ToAgree, 0, "ana", "ria")
	s.by("ria", Waive{Item: "way-back", Owner: "cem", Until: in(3), Why: "x"})
	s.waits(wayItem, ToAgree, 0, "ana", "rob")
}

// Who agreed to a waiver as somebody's deputy stands behind it also when that one is back.
func TestWaivedByADeputy(t *testing.T) {
	s := high(t)
	s.f.Book.Away = map[workflows.PersonID]policy.Absence{"rob": {Until: monday.Add(time.Hour), Deputy: "cem"}}
	w := Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "x"}
	s.by("cem", w)
	s.by("ria", w)
	s.reads(wayItem, IsWaived, "")
	s.at(2)
	s.reads(wayItem, IsWaived, "")
	s.leaves("rob", workflows.ReleaseManager)
	s.reads(wayItem, Open, workflows.ItemUnsigned)
}

// A waiver wakes the clock at its end even before it is in force: less care may put it there. An item that is asked no
// more is owed by nobody.
func TestWaiverUnderLessCare(t *testing.T) {
	s := high(t)
	s.by("ria", Waive{Item: "way-back", Owner: "mia", Until: in(2), Why: "x"})
	s.by("ria", Waive{Item: "compliance", Owner: "mia", Until: in(2), Why: "x"})
	wakes := 0
	for _, x := range Tell(s.Release, workflows.Recorded{Event: s.said[0]}) {
		if x.Kind == workflows.Wake && x.At.Equal(in(2)) {
			wakes++
		}
	}
	if wakes != 1 {
		t.Errorf("%d wakes", wakes)
	}
	before := s.Release
	s.f.Now = in(2)
	s.machine(Tick{})
	if len(s.tells()) > 0 {
		t.Errorf("nobody owes what was never waived: %v", s.tells())
	}
	s.Release, s.f.Now = before, monday
	s.by("ria", Set{Risk: policy.Normal, Note: "small"})
	s.reads(wayItem, IsWaived, "")
	s.f.Now = in(2)
	s.machine(Tick{})
	if got := s.tells(); !slices.Equal(got, []string{"owed mia"}) {
		t.Errorf("told %v", got)
	}
}

// A waiver is about what its item asked for: another question of that name was never waived. One that comes back as it
// was is.
func TestAWaiverIsOfWhatWasAsked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Item)
		want   State
	}{
		"another text":     {func(i *Item) { i.Text += ", on paper" }, Open},
		"another role":     {func(i *Item) { i.Role = workflows.Docs }, Open},
		"another binding":  {func(i *Item) { i.Binds = ToTree }, Open},
		"another evidence": {func(i *Item) { i.Evidence = "a link" }, IsWaived},
	} {
		s := begin(t, New{ID: "app@1.0", Risk: policy.Low}).team()
		s.waived("way-back", 2)
		other, less := Templates()["simple"], Templates()["simple"]
		other.Name, less.Name = "other", "less"
		other.Gates, less.Gates = slices.Clone(other.Gates), slices.Clone(less.Gates)
		other.Gates[0].Items = slices.Clone(other.Gates[0].Items)
		c.change(&other.Gates[0].Items[2])
		less.Gates[0].Items = less.Gates[0].Items[:2]
		s.f.Templates = Templates()
		s.f.Templates["other"], s.f.Templates["less"] = other, less
		s.by("ana", Set{Template: "less"})
		s.by("ana", Set{Template: "simple"})
		s.reads(wayItem, IsWaived, "")
		s.by("ana", Set{Template: "other"})
		if got := s.item(wayItem).State; got != c.want {
			t.Errorf("%s: it reads %s, want %s", name, got, c.want)
		}
	}
}
