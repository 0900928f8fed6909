package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/calendar"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// tip is the ledger's of a size; of zero, as it stands.
func (r *house) tip(size workflows.Seq) (tip ledger.Tip) {
	r.Helper()
	ok(r, r.store.View(context.Background(), func(tx *storage.Tx) (err error) {
		if size == 0 {
			if size, _, err = tx.Last(); err != nil {
				return err
			}
		}
		tip, err = tx.Tip(size)
		return err
	}))
	return tip
}

// sendings are the deliveries of tips that wait in the queue.
func (r *house) sendings() (out []storage.Pending) {
	r.Helper()
	for _, p := range r.queue() {
		if p.What == "anchor" || p.What == workflows.ActTag {
			out = append(out, p)
		}
	}
	return out
}

func (r *house) opened(id workflows.ReleaseID) {
	r.Helper()
	r.must(r.ask("ana", "", release.New{ID: id, Ref: "aaaaaaaa"}))
}

// TestAnchorInAChannel: the event comes with the message, the tip is of what was before it, and the same request again
// changes nothing.
func TestAnchorInAChannel(t *testing.T) {
	h := newHouse(t)
	h.opened("app@1.0")
	before := h.tip(0)
	a := h.ask("ben", "", ledger.Anchor{Channel: "#audit"})
	h.unchanged("a dry run", func() {
		dry := a
		dry.Dry = true
		if got := h.must(dry); len(got.Events) != 1 || !cmp.Equal(whats(got.Told), []string{"anchor chat/#audit"}) {
			t.Errorf("it would %+v, telling %v", got.Events, got.Told)
		}
	})
	got := h.must(a)
	want := ledger.Anchored{Size: before.Size, Hash: before.Hash, Place: "chat/#audit"}
	if diff := cmp.Diff(workflows.Event(want), got.Events[0].Event); diff != "" || got.Events[0].Seq != before.Size+1 || got.Events[0].By.Person != "ben" {
		t.Errorf("%+v\n%s", got.Events[0].Header, diff)
	}
	sent := h.sendings()
	var tip ledger.Tip
	if len(sent) != 1 || sent[0].Kind != workflows.Tell || sent[0].Place != "chat/#audit" || json.Unmarshal(sent[0].Data, &tip) != nil || tip != before {
		t.Fatalf("%+v", sent)
	}
	h.unchanged("the same request again", func() {
		again := h.must(a)
		if !again.Again || !cmp.Equal(again.Events, got.Events) || !cmp.Equal(again.Told, got.Told) {
			t.Errorf("%+v, and at first %+v", again, got)
		}
	})
	if e, err := h.Event(context.Background(), got.Events[0].Seq); err != nil || !cmp.Equal(e.Event, workflows.Event(want)) {
		t.Errorf("%+v, %v", e, err)
	}
	b := h.evidence("app@1.0")
	if len(b.Report.Anchors) != 1 || b.Report.Anchors[0].Size != before.Size || b.Report.Anchors[0].Hash != before.Hash.String() || b.Report.Anchors[0].Kept != "chat/#audit" {
		t.Errorf("the evidence tells of %+v", b.Report.Anchors)
	}
	h.whole()
}

// TestAnchorAsATag acts in the repository of the release's product.
func TestAnchorAsATag(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Products["shop"] = Product{Repository: "shops/repo"} })
	h.opened("app@1.0")
	h.opened("shop@2.0")
	before := h.tip(0)
	h.must(h.ask("ana", "shop@2.0", ledger.Anchor{Tag: true}))
	sent := h.sendings()
	if len(sent) != 1 || sent[0].Kind != workflows.Act || sent[0].Place != "git/shop" {
		t.Fatalf("%+v", sent)
	}
	var tag workflows.Tag
	ok(t, json.Unmarshal(sent[0].Data, &tag))
	if diff := cmp.Diff(workflows.Tag{Repository: "shops/repo", Name: before.TagName(), Message: before.Text(), At: monday}, tag); diff != "" {
		t.Error(diff)
	}
	if found, err := ledger.ParseTip(tag.Message); err != nil || found != before {
		t.Errorf("the tag says %v, %v", found, err)
	}
	e := h.ledger()
	if diff := cmp.Diff(string(e[len(e)-1].Data), `{"size":`+itoa(before.Size)+`,"hash":"`+before.Hash.String()+`","tag":"`+tag.Name+`","product":"shop"}`); diff != "" {
		t.Error(diff)
	}
	h.whole()
}

func itoa(n workflows.Seq) string { return strings.TrimSpace(string(mustJSON(n))) }

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func TestAnchorRefuses(t *testing.T) {
	h := newHouse(t)
	h.refuses(h.ask("ana", "", ledger.Anchor{Tag: true}), workflows.NoRelease)
	h.opened("app@1.0")
	here, direct, nowhere := h.ask("ana", "", ledger.Anchor{}), h.ask("ana", "", ledger.Anchor{}), h.ask("ana", "", ledger.Anchor{Channel: "#audit"})
	byID := h.ask("ana", "", ledger.Anchor{Channel: "#audit"})
	here.At, direct.At, nowhere.At, byID.At = "chat/#news", "chat/@ana", "", "chat/T1/C1"
	for why, x := range map[string]struct {
		ask  workflows.Ask
		want workflows.Reason
	}{
		"two ways":       {h.ask("ana", "", ledger.Anchor{Tag: true, Channel: "#audit"}), workflows.Invalid},
		"no channel":     {h.ask("ana", "", ledger.Anchor{Channel: "audit"}), workflows.Invalid},
		"ids, no names":  {byID, workflows.Invalid},
		"a path":         {h.ask("ana", "", ledger.Anchor{Channel: "#a/../b"}), workflows.Invalid},
		"direct":         {direct, workflows.Invalid},
		"nowhere":        {nowhere, workflows.Invalid},
		"public":         {h.ask("ana", "", ledger.Anchor{Channel: "#news"}), publicPlace},
		"public, here":   {here, publicPlace},
		"no such":        {h.ask("ana", "app@9", ledger.Anchor{}), workflows.UnknownRelease},
		"none to tag":    {h.ask("ana", "app@9", ledger.Anchor{Tag: true}), workflows.UnknownRelease},
		"no maker":       {h.ask("zoe", "", ledger.Anchor{}), workflows.NotAllowed},
		"nobody we know": {h.ask("eve", "", ledger.Anchor{}), workflows.UnknownPerson},
	} {
		if no := h.refuses(x.ask, x.want); len(no.Next) == 0 || len(h.sendings()) > 0 {
			t.Errorf("%s: %+v", why, no)
		}
	}
}

// occurs lets the schedule of anchors come due.
func (r *house) occurs() {
	r.Helper()
	for _, p := range r.queue() {
		var s calendar.Schedule
		if p.What == wakeSchedule && json.Unmarshal(p.Data, &s) == nil && s.Kind == calendar.Anchor {
			r.later(24 * time.Hour)
			r.must(r.machine("clock", "", calendar.Due{Schedule: s, At: r.now}))
			return
		}
	}
	r.Fatal("no anchor is scheduled")
}

func anchoring(c *Config) {
	c.Anchor = Anchor{Place: "chat/#audit", Product: "app", Spec: spec("weekdays 17:00")}
}

// TestAnchorsBySchedule: both ways at once, and quiet as long as nothing happened.
func TestAnchorsBySchedule(t *testing.T) {
	h := newHouse(t, anchoring)
	h.occurs()
	first := h.sendings()
	if len(first) != 2 || first[0].Place != "chat/#audit" || first[1].Place != "git/app" {
		t.Fatalf("%+v", first)
	}
	e := h.ledger()
	if a, b := e[len(e)-2], e[len(e)-1]; a.Kind != "desk.anchored" || b.Kind != "desk.anchored" || a.By.Machine != "clock" {
		t.Errorf("%+v %+v", a, b)
	}
	h.occurs()
	h.occurs()
	if again := h.sendings(); len(again) != 2 {
		t.Errorf("nothing happened, and it was published: %+v", again)
	}
	h.must(h.ask("ana", "", ledger.Anchor{Channel: "#app"})) // somebody else's channel is no reason to be silent here
	h.occurs()
	if again := h.sendings(); len(again) != 5 {
		t.Errorf("%d publications, want 5", len(again))
	}
	h.whole()
	h.restart(func(c *Config) { c.Anchor = Anchor{} })
	h.occurs() // what was scheduled before comes due once more, and finds that nobody wants it
	if got := h.sendings(); len(got) != 5 {
		t.Errorf("%d publications, want 5", len(got))
	}
}

// TestNoAnchorInPublic: a channel that became the customers' gets no tip, and the tag is made all the same.
func TestNoAnchorInPublic(t *testing.T) {
	h := newHouse(t, anchoring, func(c *Config) {
		c.Book.Audiences = append(c.Book.Audiences, policy.Audience{Name: "all", Place: "chat/#audit", Public: true})
	})
	h.occurs()
	if got := h.sendings(); len(got) != 1 || got[0].Kind != workflows.Act {
		t.Errorf("%+v", got)
	}
}

// TestAnchorsAreScheduledWhereTheyAreWanted, and nowhere else.
func TestAnchorsAreScheduledWhereTheyAreWanted(t *testing.T) {
	for _, a := range []Anchor{{}, {Spec: spec("17:00")}, {Place: "chat/#audit"}} {
		h := newHouse(t, func(c *Config) { c.Anchor = a })
		if slices.ContainsFunc(h.queue(), func(p storage.Pending) bool { return strings.Contains(p.Slot, calendar.Anchor) }) {
			t.Errorf("%+v is scheduled", a)
		}
	}
}
