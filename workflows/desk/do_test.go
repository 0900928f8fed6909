package desk

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/release"
)

func TestStrangersLeaveNothing(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	for _, wish := range []workflows.Intent{release.Advance{}, release.SetCandidate{Ref: "HEAD"}, notes.Draft{}} { // the last two look first
		h.unchanged("a stranger", func() {
			no := h.refuses(h.ask("nobody", "app@1.0", wish), workflows.UnknownPerson)
			if no.Why != "nobody here is @nobody" || len(no.Next) == 0 {
				t.Errorf("refusal %v", no)
			}
		})
	}
}

func TestRefusalsAreOnRecord(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "normal"}))
	before := len(h.ledger())
	a := h.ask("zoe", "app@1.0", release.Advance{})
	h.refuses(a, workflows.NotAllowed)
	looked := h.ask("ana", "app@1.0", release.SetCandidate{Ref: "nowhere"}) // refused before any transaction
	h.refuses(looked, workflows.UnknownRef)
	fresh := h.ledger()[before:]
	if len(fresh) != 2 {
		t.Fatalf("two refusals left %d events", len(fresh))
	}
	for i, want := range []workflows.Ask{a, looked} {
		r := fresh[i]
		if r.Kind != "desk.refused" || r.Stream != "" || r.Ask != want.ID || r.By.Person == "" || r.Policy != "policy-1" || !strings.Contains(string(r.Data), want.Line[:7]) {
			t.Errorf("line %+v %s", r.Header, r.Data)
		}
	}
	h.unchanged("a refusal again", func() {
		if no := h.refuses(a, workflows.NotAllowed); !strings.Contains(no.Why, "engineering") {
			t.Errorf("again: %v", no)
		}
		h.refuses(looked, workflows.UnknownRef)
	})
}

// Machines say what they say often; their refusals would only fill the ledger.
func TestMachinesLeaveNoRefusals(t *testing.T) {
	h := newHouse(t)
	h.unchanged("a machine's refusal", func() { h.refuses(h.machine("clock", "app@9", release.Tick{}), workflows.UnknownRelease) })
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	h.unchanged("a machine that wishes what people do", func() {
		if _, err := h.do(h.machine("ci", "app@1.0", release.Advance{})); err == nil || refusalOf(err) != nil {
			t.Errorf("%v, want a fault", err)
		}
	})
}

func TestAskMustBeComplete(t *testing.T) {
	h := newHouse(t)
	for _, a := range []workflows.Ask{{Wish: release.Advance{}}, {ID: "x"}} {
		if _, err := h.do(a); err == nil || refusalOf(err) != nil {
			t.Errorf("%+v: %v, want a fault", a, err)
		}
	}
}

// Many deliveries of one request at once: it is carried out once, and all get the same answer.
func TestSameIDAtOnce(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	a := h.ask("ana", "app@1.0", release.Sign{Items: []string{"way-back"}})
	before := len(h.ledger())
	answers, errs := make([]workflows.Receipt, 16), make([]error, 16)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i], errs[i] = h.do(a) })
	}
	all.Wait()
	first := 0
	for i, got := range answers {
		if errs[i] != nil || len(got.Events) != 1 || got.Events[0].Seq != workflows.Seq(before+1) {
			t.Errorf("answer %d: %v, %v", i, got.Events, errs[i])
		}
		if !got.Again {
			first++
		}
	}
	if first != 1 || len(h.ledger()) != before+1 {
		t.Errorf("carried out %d times, %d events", first, len(h.ledger())-before)
	}
}

// Two people at once both count.
func TestTwoPeopleAtOnce(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "normal"}))
	basis := h.release("app@1.0").BasisOf("ga.ready/tests")
	var all sync.WaitGroup
	for _, who := range []string{"ana", "ben"} {
		a := h.ask(who, "app@1.0", release.Sign{Items: []string{"tests"}})
		a.Basis = basis
		all.Go(func() {
			if _, err := h.do(a); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		})
	}
	all.Wait()
	if n := len(h.release("app@1.0").Votes); n != 2 {
		t.Errorf("%d votes", n)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	for _, wish := range []workflows.Intent{release.New{ID: "app@2.0"}, release.Sign{Items: []string{"tests"}}, release.SetCandidate{Ref: "aaaaaaaa"},
		release.HoldOn{Why: "errors"}, release.Set{Cancelled: true, Note: "no"}, notes.Draft{}} {
		h.unchanged(fmt.Sprintf("dry %T", wish), func() {
			a := h.ask("ana", "app@1.0", wish)
			a.Dry = true
			got := h.must(a)
			if !got.Dry || len(got.Events) == 0 || got.Events[0].Seq != h.ledger()[len(h.ledger())-1].Seq+1 {
				t.Errorf("dry %T: %+v", wish, got)
			}
		})
	}
	h.unchanged("a dry refusal", func() {
		a := h.ask("ana", "app@1.0", release.Advance{})
		a.Dry = true
		h.refuses(a, workflows.NotReady)
	})
	if got := h.must(h.ask("ana", "", release.New{ID: "app@2.0"})); got.After.(release.Release).Number != 2 {
		t.Errorf("the dry run used up a number: %d", got.After.(release.Release).Number)
	}
}

func TestWhoIsTold(t *testing.T) {
	h := newHouse(t)
	got := h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	if diff := cmp.Diff([]string{"card chat/#app"}, whats(got.Told)); diff != "" {
		t.Error(diff)
	}
	got = h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: "errors"}))
	if diff := cmp.Diff([]string{"card chat/#app", "held chat/#app"}, whats(got.Told)); diff != "" {
		t.Error(diff)
	}
	elsewhere := h.ask("ana", "", release.New{ID: "app@2.0"}) // the channel is taken: bound to none, tells nobody
	if got = h.must(elsewhere); len(got.Told) != 0 || len(h.release("app@2.0").Places) != 0 {
		t.Errorf("told %v", got.Told)
	}
	cards := 0
	for _, d := range h.queue() {
		if d.What == "card" && slices.Contains(h.release("app@1.0").Places, d.Place) {
			cards++
		}
	}
	if cards != 1 {
		t.Errorf("%d cards wait to be sent", cards)
	}
}

// Who is not of the team is told what they lack, and not who has it: of whom is left out they could tell who is away.
func TestOutsidersReadNoNames(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Book.Audiences = c.Book.Audiences[:1] }) // zoe is told things no more
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("ana", "", people.Leave{Until: h.now.AddDate(0, 0, 3), Deputy: "ben"}))
	for _, w := range []workflows.Intent{release.Advance{}, release.Set{Here: true}, release.BreakGlass{Why: "x"}, release.Sign{Items: []string{"tests"}},
		release.HoldOn{Why: "x"}, people.Link{Person: "zoe", Account: "slack/T1/U1"}} {
		no := h.refuses(h.ask("zoe", "app@1.0", w), workflows.NotAllowed)
		if said := strings.Join(no.Who, " "); said == "" || strings.Contains(said, "@") {
			t.Errorf("%T: zoe reads that %q can", w, said)
		}
	}
}
