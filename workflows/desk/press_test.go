package desk

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/release"
)

// ready gives a release before GA whose gate holds, and the question that comes before it is opened.
func ready(t *testing.T) (*house, workflows.Ask, *workflows.Pending) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
	h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	a := h.ask("ana", "app@1.0", release.Advance{})
	q := h.must(a)
	if q.Confirm == nil || len(q.Events) != 1 || len(h.release("app@1.0").Openings) > 0 {
		t.Fatalf("opening GA asks nothing: %+v", q)
	}
	return h, a, q.Confirm
}

func TestConfirm(t *testing.T) {
	h, a, q := ready(t)
	if q.By != "ana" || q.Line != a.Line || !q.Until.Equal(monday.Add(2*time.Minute)) || !strings.HasPrefix(q.Key, "k") {
		t.Errorf("question %+v", q)
	}
	got := h.must(press(a, "press-1", q.Key))
	if diff := cmp.Diff([]string{"release.passed"}, kinds(got.Events)); diff != "" || got.Confirm != nil {
		t.Error(diff)
	}
	h.unchanged("the same press again", func() {
		if again := h.must(press(a, "press-1", q.Key)); !again.Again || len(again.Events) != 1 {
			t.Errorf("%+v", again)
		}
	})
	h.refuses(press(a, "press-2", q.Key), workflows.Expired)
}

func TestConfirmByAnother(t *testing.T) {
	h, a, q := ready(t)
	other := press(a, "press-1", q.Key)
	other.By = "chat/ben"
	if no := h.refuses(other, workflows.NotAllowed); no.Why != "only @ana was asked" {
		t.Errorf("refusal %v", no)
	}
	stranger := press(a, "press-2", q.Key)
	stranger.By = "chat/nobody"
	h.refuses(stranger, workflows.UnknownPerson)
	mine := press(a, "press-3", q.Key)
	mine.By = "other/T1/ana" // the same person by another handle
	h.must(mine)
}

func TestConfirmLate(t *testing.T) {
	h, a, q := ready(t)
	in := press(a, "press-1", q.Key)
	in.When = q.Until.Add(time.Nanosecond)
	h.refuses(in, workflows.Expired)
	h, a, q = ready(t)
	in = press(a, "press-1", q.Key)
	in.When = q.Until
	h.must(in)
}

// The state is checked again at the press: what was asked about is no longer what would happen.
func TestConfirmAfterAChange(t *testing.T) {
	for name, c := range map[string]struct {
		between func(*house)
		want    workflows.Reason // empty: a new question
	}{
		"another voter":       {func(h *house) { h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}})) }, ""},
		"nothing that counts": {func(h *house) { title := "A"; h.must(h.ask("ana", "app@1.0", release.Set{Title: &title})) }, "carried out"},
		"hold":                {func(h *house) { h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: "errors"})) }, workflows.OnHold},
		"candidate moved":     {func(h *house) { h.must(h.ask("ben", "app@1.0", release.SetCandidate{Ref: "aaaaaaaa"})) }, workflows.NotReady},
		"block": {func(h *house) {
			h.must(h.ask("ben", "app@1.0", release.Sign{Items: []string{"tests"}, Value: release.Block, Note: "no"}))
		}, workflows.NotReady},
		"role lost": {func(h *house) { h.restart(func(c *Config) { c.Book.Roles = everyRole("ben") }) }, workflows.NotReady},
	} {
		t.Run(name, func(t *testing.T) {
			h, a, q := ready(t)
			c.between(h)
			in := press(a, "press-1", q.Key)
			got, err := h.do(in)
			no := refusalOf(err)
			switch {
			case c.want == "carried out":
				if err != nil || got.Confirm != nil {
					t.Errorf("%v %v", got.Confirm, err)
				}
			case c.want == "":
				if err != nil || got.Confirm == nil || got.Confirm.Key == q.Key || len(h.release("app@1.0").Openings) > 0 {
					t.Fatalf("no new question: %+v, %v", got, err)
				}
				h.must(press(a, "press-2", got.Confirm.Key))
			case no == nil || no.Reason != c.want:
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func TestDismissed(t *testing.T) {
	h, a, q := ready(t)
	no := workflows.Ask{ID: "no-1", By: "chat/ben", At: q.At, When: h.now, Line: q.Line, Press: q.Key, Wish: workflows.Dismiss{}}
	h.refuses(no, workflows.NotAllowed)
	no.ID, no.By = "no-2", "chat/ana"
	before := len(h.ledger())
	if got := h.must(no); len(got.Events) > 0 || len(h.ledger()) != before {
		t.Errorf("saying no left %v", got.Events)
	}
	h.refuses(press(a, "press-1", q.Key), workflows.Expired)
}

// A press carries out the line that was asked about, and no other.
func TestPressOfAnotherLine(t *testing.T) {
	h, a, q := ready(t)
	other := press(a, "press-1", q.Key)
	other.Line = "rollback start"
	if _, err := h.do(other); err == nil || refusalOf(err) != nil {
		t.Errorf("%v, want a fault", err)
	}
}

func TestUndo(t *testing.T) {
	for name, c := range map[string]struct {
		who   string
		after time.Duration
		first func(*house)
		want  workflows.Reason
	}{
		"in time":              {who: "zoe", after: 10 * time.Minute}, // though zoe could not type resume
		"too late":             {who: "zoe", after: 10*time.Minute + time.Nanosecond, want: workflows.Expired},
		"by another":           {who: "ana", want: workflows.NotAllowed},
		"something came since": {who: "zoe", want: workflows.Changed, first: func(h *house) { h.must(h.ask("ana", "app@1.0", release.Sign{Items: []string{"tests"}})) }},
		"after the role is gone": {who: "zoe", want: workflows.UnknownPerson, first: func(h *house) {
			h.restart(func(c *Config) { p := c.Book.People["zoe"]; p.Handles = nil; c.Book.People["zoe"] = p })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
			held := h.must(h.ask("zoe", "app@1.0", release.HoldOn{Why: "errors"}))
			if held.Undo == nil || held.Undo.Line != "resume 1" {
				t.Fatalf("undo %+v", held.Undo)
			}
			h.refuses(h.ask("zoe", "app@1.0", release.Resume{}), workflows.NotAllowed)
			if c.first != nil {
				c.first(h)
			}
			h.now = h.now.Add(c.after)
			undo := h.ask(c.who, "app@1.0", release.Resume{})
			undo.Line, undo.At, undo.Press = held.Undo.Line, held.Undo.At, held.Undo.Key
			if c.want != "" {
				h.refuses(undo, c.want)
				return
			}
			if got := h.must(undo); got.Undo != nil || got.Confirm != nil || h.release("app@1.0").Held != nil {
				t.Errorf("still held: %+v", got)
			}
			undo.ID = "twice"
			h.refuses(undo, workflows.Expired)
		})
	}
}

// An undo obeys the gates: a flag does not come back where the release is on hold by now.
func TestUndoObeysTheGates(t *testing.T) {
	h := newHouse(t)
	h.ships("app@1.0", "aaaaaaaa")
	f := h.ask("ana", "app@1.0", flag.New{Key: "search"})
	h.must(f)
	on := func(wish workflows.Intent) workflows.Ask {
		a := h.ask("ana", "", wish)
		a.On.Flag = "search"
		return a
	}
	h.must(on(flag.Set{Percent: 50}))
	smaller := h.must(on(flag.Set{Percent: 10}))
	h.must(h.ask("ben", "app@1.0", release.HoldOn{Why: "errors"}))
	if smaller.Undo == nil {
		t.Fatal("a smaller percentage cannot be undone")
	}
	undo := on(flag.Set{Percent: 50, Env: "production"})
	undo.Line, undo.Press = smaller.Undo.Line, smaller.Undo.Key
	h.refuses(undo, workflows.GateClosed)
}

// Who is asked reads for a while before they press: what carries the moment in which it happens is carried out all the
// same, at the first press, and bears the moment of the press.
func TestConfirmAWhileLater(t *testing.T) {
	for name, c := range map[string]struct {
		wish release.Wish
		at   func(release.Release) time.Time
	}{
		"waiver": {release.Waive{Item: "tests", Owner: "ben", Until: monday.AddDate(0, 0, 2), Why: "it is down"},
			func(r release.Release) time.Time { return r.Care["ga.ready/tests"].Waiver.Given[0].At }},
		"break glass": {release.BreakGlass{Why: "it is down"}, func(r release.Release) time.Time { return r.Glass[0].At }},
		"cancel":      {release.Set{Cancelled: true, Note: "no one wants it"}, func(r release.Release) time.Time { return r.Ended }},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "low"}))
			a := h.ask("ana", "app@1.0", c.wish)
			p := press(a, "press", h.must(a).Confirm.Key)
			p.When = a.When.Add(37 * time.Second)
			if got := h.must(p); got.Confirm != nil || len(got.Events) == 0 {
				t.Fatalf("pressed a while later it asks again: %+v", got.Confirm)
			}
			if at := c.at(h.release("app@1.0")); !at.Equal(p.When) {
				t.Errorf("recorded as of %s, pressed at %s", at, p.When)
			}
		})
	}
}
