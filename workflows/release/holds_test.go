package release

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// loses takes every role from somebody.
func (s *story) loses(id workflows.PersonID) {
	m := s.f.Book.Roles[workflows.EveryRole]
	m.People = slices.DeleteFunc(slices.Clone(m.People), func(x workflows.PersonID) bool { return x == id })
	s.f.Book.Roles = map[workflows.Role]policy.Members{workflows.EveryRole: m}
}

// Taking less care than the template asks for is somebody's decision, with a reason on record; where there is nobody
// else to take care it is none.
func TestALoweredRisk(t *testing.T) {
	low := New{ID: "app@inv", Template: "feature", Risk: policy.Low}
	fresh := func() *story {
		return &story{T: t, f: Facts{Now: monday, Book: testBook(), Templates: Templates(), Default: DefaultTemplate}}
	}
	s := fresh()
	no := s.refuses("ben", low, workflows.NeedsReason)
	if want := "/release new app@inv --template feature --risk low --why …"; !slices.Equal(no.Next, []string{want}) {
		t.Errorf("what to type: %v", no.Next)
	}
	low.Why = "a typo"
	s.by("ben", low)
	if o := s.said[0].(Opened); s.Risk != policy.Low || o.RiskWhy != "lowered by @ben" || o.Why != "a typo" {
		t.Errorf("on record: risk %s (%s), why %q", o.Risk, o.RiskWhy, o.Why)
	}
	s, low.Why = fresh(), ""
	low.Template = "simple" // low by itself
	s.by("ben", low)
	s, low.Template = fresh(), "feature"
	s.f.Book.People = map[workflows.PersonID]workflows.Person{"ana": s.f.Book.People["ana"]}
	s.by("ana", low)
	if s.Risk != policy.Low || s.RiskWhy != "one person known" {
		t.Errorf("one person: risk %s (%s)", s.Risk, s.RiskWhy)
	}
}

// An objection keeps the gate shut while its voter holds the role, and no longer.
func TestAnObjectionOfSomebodyWhoLeft(t *testing.T) {
	for _, v := range []Value{Block, NeedsWork} {
		t.Run(string(v), func(t *testing.T) {
			s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
			s.signAll("ana")
			s.sign("mia", v, wayItem)
			s.refuses("ana", Advance{}, workflows.NotReady)
			s.loses("leo") // somebody else
			s.refuses("ana", Advance{}, workflows.NotReady)
			s.loses("mia")
			s.reads(wayItem, Holds, "")
			s.by("ana", Advance{})
		})
	}
}

// Nobody is told to sign what would not count.
func TestMaySign(t *testing.T) {
	ask := func(s *story, who workflows.PersonID, full string) bool {
		s.f.Actor = workflows.Actor{Person: who}
		return MaySign(s.Release, s.item(full), s.f)
	}
	s := begin(t, New{ID: "app@1.0", Risk: policy.Normal})
	for who, want := range map[workflows.PersonID]bool{"ben": true, "mia": true, "leo": false} { // leo's address is unknown
		if got := ask(s, who, testsItem); got != want {
			t.Errorf("%s may sign the tests: %t", who, got)
		}
		if !ask(s, who, wayItem) {
			t.Errorf("%s may not sign what binds to nothing", who)
		}
	}
	if no := s.refuses("leo", Advance{}, workflows.NotReady); strings.Contains(strings.Join(no.Next, " "), "tests") {
		t.Errorf("leo is told to type %v", no.Next)
	}
	s.Candidate = nil
	if ask(s, "ben", testsItem) || !ask(s, "ben", wayItem) {
		t.Error("without a candidate nobody vouches for a commit, and anybody for the rest")
	}
	no := s.refuses("ben", Advance{}, workflows.NotReady)
	if next := strings.Join(no.Next, "\n"); strings.Contains(next, "tests") || !strings.Contains(next, "/release candidate set REF") {
		t.Errorf("ben is told to type %v", no.Next)
	}
	s = begin(t, New{ID: "app@1.0", Risk: policy.Low})
	if !ask(s, "leo", testsItem) {
		t.Error("at low risk everybody's vote counts")
	}
}

// A target lies ahead: a minute after now, a day until it is over.
func TestAPastTarget(t *testing.T) {
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC) // monday, which has nine hours behind it
	for name, c := range map[string]struct {
		target time.Time
		past   bool
	}{
		"a minute ago": {monday.Add(-time.Minute), true}, "now": {monday, true}, "in a minute": {monday.Add(time.Minute), false},
		"yesterday": {day.AddDate(0, 0, -1), true}, "today": {day, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, New{ID: "app@1.0"})
			opened := &story{T: t, f: s.f}
			if c.past {
				opened.refuses("ana", New{ID: "app@2.0", Target: c.target}, workflows.Invalid)
				s.refuses("ana", Set{Target: &c.target}, workflows.Invalid)
				return
			}
			opened.by("ana", New{ID: "app@2.0", Target: c.target})
			s.by("ana", Set{Target: &c.target})
			if !opened.Target.Equal(c.target) || !s.Target.Equal(c.target) {
				t.Errorf("targets %s and %s", opened.Target, s.Target)
			}
		})
	}
}

// A word means what is still ahead before what was passed, which cannot be signed any more.
func TestAWordMeansWhatIsAhead(t *testing.T) {
	s := begin(t, New{ID: "app@inv", Template: "feature", Risk: policy.Normal})
	for _, who := range []workflows.PersonID{"ben", "mia"} {
		s.signAll(who)
	}
	s.by("ana", Advance{})
	if s.Stage() != workflows.Preview {
		t.Fatalf("it is %s", s.Stage())
	}
	for _, word := range []string{"test", "tests"} {
		g, i, err := s.Select(word, s.f, "sign")
		if err != nil || g.Full(i) != testsItem {
			t.Errorf("%s means %s, %v", word, g.Full(i), err)
		}
	}
	s.by("ben", Sign{Items: []string{"test"}})
	if v := s.said[0].(Signed).Vote; v.Item != testsItem {
		t.Errorf("signed %s", v.Item)
	}
	s.refuses("ben", Sign{Items: []string{"preview.ready/tests"}}, workflows.Over)
}

// The very same words say more after somebody disagreed: an ok that follows needs-work answers it, and needs-work that
// follows an ok asks anew.
func TestTheSameWordsAfterAnother(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	s.sign("ben", OK, wayItem)
	s.sign("mia", NeedsWork, wayItem)
	s.reads(wayItem, Open, workflows.ItemNeedsWork)
	s.sign("ben", OK, wayItem)
	s.reads(wayItem, Holds, "")
	s.refuses("ben", Sign{Items: []string{wayItem}}, workflows.Unchanged)
	s.sign("mia", NeedsWork, wayItem)
	s.reads(wayItem, Open, workflows.ItemNeedsWork)
	s.refuses("mia", Sign{Items: []string{wayItem}, Value: NeedsWork, Note: "because"}, workflows.Unchanged)
}

// A block whose voter's role rests on a roster that is too old to tell keeps the gate shut: not knowing is no leave.
func TestABlockOutlivesAnOldRoster(t *testing.T) {
	b := &policy.Book{Owners: []workflows.PersonID{"own"}, Roles: map[workflows.Role]policy.Members{
		workflows.Engineering: {People: []workflows.PersonID{"ana"}, Groups: []string{"slack/T1/S1"}}},
		Groups: map[string]policy.Group{"slack/T1/S1": {Members: []workflows.PersonID{"gil"}, AsOf: monday}}}
	r := Release{ID: "app@1.0", Risk: policy.Low, Gates: []Gate{{workflows.GA, Ready, []Item{{Key: "x", Role: workflows.Engineering}}}},
		Votes: []Vote{{Item: "ga.ready/x", By: "gil", Value: Block, At: monday}, {Item: "ga.ready/x", By: "ana", Value: OK, At: monday}}}
	for _, now := range []time.Time{monday, monday.Add(48 * time.Hour)} {
		if v := Check(r, b, now); v.Go || v.Items[0].Reason != workflows.ItemBlocked {
			t.Errorf("at %s: go %v, %s", now, v.Go, v.Items[0].Reason)
		}
	}
}
