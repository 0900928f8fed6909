package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chattest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// item is how one item of any gate stands now.
func (h *house) item(id workflows.ReleaseID, full string) release.Status {
	h.Helper()
	r := h.release(id)
	for _, g := range r.Gates {
		for _, s := range release.CheckGate(r, g, h.book0(), h.now).Items {
			if s.Full() == full {
				return s
			}
		}
	}
	h.Fatalf("no item %s", full)
	return release.Status{}
}

// Approved notes vouch for the change log; notes that change take that back.
func TestNotesVouch(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@1.0", Risk: "normal", Ref: "dddddddd"}))
	h.refuses(h.ask("ben", "app@1.0", release.Sign{Items: []string{"changelog"}}), workflows.NotAllowed) // it follows from notes
	h.must(h.ask("ben", "app@1.0", notes.Draft{}))
	got := h.must(h.ask("ben", "app@1.0", notes.Approve{}))
	if diff := cmp.Diff([]string{"release.signed"}, kinds(got.Follows)); diff != "" {
		t.Fatal(diff)
	}
	v := got.Follows[0].Event.(release.Signed).Vote
	if v.By != "ben" || v.Machine != release.Notes || v.As != workflows.Engineering || got.Follows[0].By.Machine != "notes" || v.Commit != "dddddddd" {
		t.Errorf("vote %+v by %+v", v, got.Follows[0].By)
	}
	if s := h.item("app@1.0", "ga.ready/changelog"); s.State != release.Holds {
		t.Errorf("changelog %s", s.Reason)
	}
	got = h.must(h.ask("ana", "app@1.0", notes.Edit{Text: "# Better words"}))
	if diff := cmp.Diff([]string{"release.withdrawn"}, kinds(got.Follows)); diff != "" {
		t.Error(diff)
	}
	if s := h.item("app@1.0", "ga.ready/changelog"); s.Reason != workflows.ItemUnsigned {
		t.Errorf("changelog %s %s", s.State, s.Reason)
	}
	got = h.must(h.ask("ana", "app@1.0", notes.Edit{Text: "# Even better words"})) // nothing to take back any more
	if len(got.Follows) != 0 {
		t.Error(kinds(got.Follows))
	}
	h.must(h.ask("ben", "app@1.0", notes.Approve{}))
	h.must(h.ask("ana", "app@1.0", release.SetCandidate{Ref: "eeeeeeee"}))
	if s := h.item("app@1.0", "ga.ready/changelog"); s.Reason != workflows.ItemStale {
		t.Errorf("after the candidate moved: %s %s", s.State, s.Reason)
	}
	got = h.must(h.ask("ana", "app@1.0", notes.Draft{})) // the same words, up to the new candidate
	if diff := cmp.Diff([]string{"release.withdrawn"}, kinds(got.Follows)); diff != "" {
		t.Logf("drafting for a new candidate: %s", diff)
	}
}

// The role that signs the change log approves notes.
func TestNotesNeedEngineering(t *testing.T) {
	h := newHouse(t, func(c *Config) {
		c.Book.Roles = map[workflows.Role]policy.Members{workflows.Engineering: {People: []workflows.PersonID{"ana"}}, workflows.Docs: {People: []workflows.PersonID{"mia"}}}
	})
	h.must(h.ask("ana", "", release.New{ID: "app@1.0"}))
	h.must(h.ask("ana", "app@1.0", notes.Draft{}))
	if no := h.refuses(h.ask("mia", "app@1.0", notes.Approve{}), workflows.NotAllowed); !slices.Equal(no.Who, []string{"@ana"}) {
		t.Errorf("who can: %v", no.Who)
	}
}

// brief sends a briefing to support (mia and zoe, by direct message, one of them is enough).
func (h *house) brief(id workflows.ReleaseID) {
	h.Helper()
	h.must(h.ask("ana", id, briefing.Draft{Fields: briefing.Fields{Changes: "search", Help: "look"}}))
	h.confirmed(h.ask("ana", id, briefing.Send{}))
}

func TestBriefingVouches(t *testing.T) {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "normal"}))
	h.brief("app@search")
	got := h.must(h.ask("zoe", "app@search", briefing.Ack{}))
	if diff := cmp.Diff([]string{"briefing.acked", "briefing.quota_met"}, kinds(got.Events)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"release.signed"}, kinds(got.Follows)); diff != "" {
		t.Fatal(diff)
	}
	if s := h.item("app@search", "ga.ready/skilling-up"); s.State != release.Holds || s.Votes[0].By != "" {
		t.Errorf("skilling-up %s %s %v", s.State, s.Reason, s.Votes)
	}
	h.must(h.ask("ana", "app@search", briefing.Draft{Fields: briefing.Fields{Changes: "search, and faster", Help: "look"}}))
	again := h.confirmed(h.ask("ana", "app@search", briefing.Send{}))
	if diff := cmp.Diff([]string{"release.withdrawn"}, kinds(again.Follows)); diff != "" {
		t.Error(diff)
	}
	if s := h.item("app@search", "ga.ready/skilling-up"); s.Reason != workflows.ItemUnsigned {
		t.Errorf("after a new text: %s %s", s.State, s.Reason)
	}
}

// opened brings a feature with a flag into preview.
func opened(t *testing.T) *house {
	h := newHouse(t)
	h.must(h.ask("ana", "", release.New{ID: "app@search", Template: "feature", Risk: "low", Why: "small"}))
	h.must(h.ask("ana", "app@search", flag.New{Key: "search"}))
	h.pass("app@search")
	return h
}

// pass signs all of the next gate and passes it.
func (h *house) pass(id workflows.ReleaseID) {
	h.Helper()
	g, _ := h.release(id).Next()
	var items []string
	for _, i := range g.Items {
		items = append(items, g.Full(i))
	}
	h.must(h.ask("ana", id, release.Sign{Items: items}))
	a := h.ask("ana", id, release.Advance{})
	if got := h.must(a); got.Confirm != nil {
		h.must(press(a, a.ID+"-press", got.Confirm.Key))
	}
}

func (h *house) flagged(wish workflows.Intent) {
	h.Helper()
	a := h.ask("ana", "", wish)
	a.On.Flag = "search"
	got := h.must(a)
	if got.Confirm != nil {
		h.must(press(a, a.ID+"-press", got.Confirm.Key))
	}
}

// A rollback from GA: those who acknowledged hear first, the flag goes back to what it was when GA was opened, and
// as that leaves preview users, the release is back in preview, on hold.
func TestRollback(t *testing.T) {
	h := opened(t)
	h.flagged(flag.Set{Percent: 30})
	h.brief("app@search")
	h.must(h.ask("mia", "app@search", briefing.Ack{}))
	h.must(h.ask("zoe", "app@search", briefing.Ack{}))
	h.pass("app@search")
	h.pass("app@search")
	h.flagged(flag.Set{Percent: 100})
	f := &chattest.Fake{}
	h.step(f, h.now)
	if e, err := h.Evaluate("production", "search", "u1"); err != nil || e.Value != true {
		t.Errorf("at 100 %%: %+v, %v", e, err)
	}
	before := len(f.Got())
	h.now = h.now.Add(time.Minute)
	got := h.confirmed(h.ask("mia", "app@search", release.RollBack{Why: "errors"}))
	// what was briefed no longer holds: it is read anew before GA is opened again
	if diff := cmp.Diff([]string{"briefing.countered", "briefing.quota_lost", "release.withdrawn", "flag.reverted"}, kinds(got.Follows)); diff != "" {
		t.Fatal(diff)
	}
	r := h.release("app@search")
	if r.Stage() != workflows.Preview || r.Held == nil || !r.Shipped.IsZero() {
		t.Errorf("stage %s, held %v", r.Stage(), r.Held)
	}
	fl, err := h.Flag(context.Background(), "search")
	if err != nil || fl.Percents["production"] != 30 {
		t.Errorf("flag %s, %v", fl.Stands(), err)
	}
	h.step(f, h.now)
	var news []workflows.Place // edits of what was there are none
	for _, p := range f.Got()[before:] {
		if p.Edit == "" && p.Thread == "" {
			news = append(news, p.Place)
		}
	}
	if diff := cmp.Diff([]workflows.Place{"chat/@zoe", "chat/#app"}, news); diff != "" || f.Got()[before].Place != "chat/@zoe" { // mia did it herself
		t.Errorf("told in the order %v", news)
	}
	if got := direct(f, "zoe"); !strings.Contains(got[len(got)-1], "errors") {
		t.Errorf("zoe was told %q", got)
	}
}

// Without users left the release is back before its first stage; the flag is off.
func TestRollbackFromPreview(t *testing.T) {
	h := opened(t)
	h.flagged(flag.Set{Percent: 30})
	h.confirmed(h.ask("ana", "app@search", release.RollBack{Why: "errors"}))
	r := h.release("app@search")
	if fl, _ := h.Flag(context.Background(), "search"); r.Stage() != workflows.Before || r.Held == nil || len(fl.Percents) != 0 {
		t.Errorf("stage %s, held %v, flag %s", r.Stage(), r.Held, fl.Stands())
	}
	if e, err := h.Evaluate("production", "search", "u1"); err != nil || e.Value != false {
		t.Errorf("evaluates %+v, %v", e, err)
	}
	h.refuses(h.ask("ana", "app@search", release.RollBack{Why: "errors"}), "nothing_to_roll_back")
}

// A flag that nobody knows is answered with those that there are; one that is known reads the same everywhere.
func TestFlagReads(t *testing.T) {
	h := opened(t)
	if _, err := h.Flag(context.Background(), "serach"); refusalOf(err) == nil || !slices.Contains(refusalOf(err).Next, "/release flag show search") {
		t.Error(err)
	}
	all, err := h.Flags(context.Background(), "")
	of, err2 := h.Flags(context.Background(), "app@search")
	if err := errors.Join(err, err2); err != nil || len(all) != 1 || len(of) != 1 {
		t.Errorf("%d flags, %d of the release (%v)", len(all), len(of), err)
	}
	h.flagged(flag.Set{Percent: 99})
	h.restart()
	if e, err := h.Evaluate("production", "search", "u1"); err != nil || e.Value != true {
		t.Errorf("after a restart: %+v, %v", e, err)
	}
}

// Notes that were published reach their channel word for word, once.
func TestPublish(t *testing.T) {
	h, f := newHouse(t), &chattest.Fake{}
	h.ships("app@1.0", "dddddddd")
	h.must(h.ask("ana", "app@1.0", notes.Edit{Text: "# Search\n\n- it is here"}))
	h.refuses(h.ask("ana", "app@1.0", notes.Publish{}), notes.NotApproved)
	h.must(h.ask("ben", "app@1.0", notes.Approve{}))
	h.confirmed(h.ask("ana", "app@1.0", notes.Publish{}))
	f.Script(chattest.Unclear(true), chattest.Unclear(true), chattest.Unclear(true), chattest.Unclear(true))
	for i := range 8 {
		h.step(f, monday.Add(time.Duration(i+1)*time.Minute))
	}
	shows := f.Shows("chat/#news")
	if len(shows) != 1 || !strings.Contains(strings.Join(shows[0].Message.Lines, "\n")+shows[0].Message.Title, "it is here") {
		t.Errorf("#news shows %v", shows)
	}
	h.refuses(h.ask("ana", "app@1.0", notes.Publish{}), workflows.Unchanged)
}
