package desk

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// arranged is the release of which much was arranged beside the votes.
const arranged workflows.ReleaseID = "shop@3.0.0"

// typed asks, and confirms by typing the version where that is wanted.
func (r *house) typed(a workflows.Ask) {
	r.Helper()
	q := r.must(a).Confirm
	if q == nil {
		r.Fatalf("%s by %s was not asked to confirm", a.Line, a.By)
	}
	p := press(a, a.ID+"-press", q.Key)
	p.Typed = q.Typed
	r.must(p)
	r.later(time.Minute)
}

// arranges asks of the arranged release.
func (r *house) arranges(who string, wishes ...workflows.Intent) {
	r.Helper()
	for _, w := range wishes {
		r.must(r.ask(who, arranged, w))
		r.later(time.Minute)
	}
}

// govern is a life in which everything is arranged that can be: an item waits, another is put off, one comes, one goes,
// one moves; the risk is raised and lowered, the glass is broken and paid for, another template and another manager
// take over.
func (r *house) govern() {
	r.Helper()
	const link = "https://wiki.example.org/shop?3"
	days := func(n int) time.Time { return r.now.AddDate(0, 0, n) }
	signs := func(who string, items ...string) {
		r.Helper()
		r.arranges(who, release.Sign{Items: items, Evidence: link})
	}
	r.must(r.ask("ana", "", release.New{ID: arranged, Template: "feature", Ref: "dddddddd", Why: "the old one is slow"}))
	r.arranges("ben", release.Ask{Item: "preview.ready/audit-logs", Who: "mia", Link: link, Note: "is this | enough?"},
		release.AddItem{Gate: "preview.ready", Key: "load", Role: workflows.SRE, Text: "it holds twice the `peak`"},
		release.AddItem{Gate: "preview.ready", Key: "typo", Role: workflows.SRE, Text: "@everyone"},
		release.DropItem{Item: "preview.ready/typo", Why: "a slip"})
	r.arranges("ana", release.Assign{Item: "preview.ready/load", Owner: "ben", Due: days(2)}, release.MoveItem{Item: "ga.done/cli-api", Gate: "ga.ready"})
	r.arranges("mia", release.PlanItem{Item: "preview.ready/preliminary-docs", Owner: "ben", Due: days(3), What: "the second page"})
	r.arranges("ana", release.Set{Risk: policy.High, Note: "it moves money"})
	wait := release.Waive{Item: "preview.ready/audit-logs", Owner: "mia", Until: days(1), Why: "the log is slow"}
	r.typed(r.ask("ana", arranged, wait))
	r.typed(r.ask("ben", arranged, wait))
	r.typed(r.ask("ben", arranged, release.Set{Risk: policy.Normal, Note: "it moves none"}))
	signs("mia", "preview.ready/performance-metrics", "preview.ready/utilization-metrics", "preview.ready/tests", "preview.ready/security-assessment")
	r.typed(r.ask("ana", arranged, release.BreakGlass{Why: "the old one is down"}))
	signs("ben", "preview.done/preliminary-docs-plan", "preview.done/feedback", "preview.done/leftovers", "preview.done/internal-comms", "preview.done/alerts",
		"preview.done/review-glass")
	r.typed(r.ask("ana", arranged, release.Waive{Item: "soak", Owner: "ben", Until: days(1), Why: "preview users ask for more"}))
	r.advances(arranged)
	r.later(25 * time.Hour)
	r.must(r.machine("clock", arranged, release.Tick{}))
	r.refuses(r.ask("ana", arranged, release.Advance{}), workflows.NotReady)
	signs("mia", "preview.ready/audit-logs")
	r.typed(r.ask("ana", arranged, release.Set{Template: "hotfix"}))
	r.arranges("ana", release.Set{Manager: "ben", Note: "on leave"})
	signs("mia", "ga.ready/tests", "ga.ready/way-back", "ga.ready/on-call-told", "ga.ready/cli-api")
	signs("ben", "ga.ready/rollback-plan")
	r.typed(r.ask("ben", arranged, release.Advance{}))
	signs("mia", "preview.ready/load", "preview.ready/production-deployment", "ga.done/retrospective", "ga.done/validation")
	r.later(24 * time.Hour)
	r.advances(arranged)
}

// TestEvidenceOfWhatWasArranged holds the page of such a life to what was accepted, and its judgements to those of the
// bot.
func TestEvidenceOfWhatWasArranged(t *testing.T) {
	h := fixedHouse(t)
	h.govern()
	b := h.evidence(arranged)
	report, err := evidence.Check(b)
	ok(t, err)
	golds(t, "arranged.md", evidence.Markdown(report))
	if diff := cmp.Diff(&evidence.Overrides{Waivers: 2, Glass: 1, Lowered: 1}, report.Overrides); diff != "" {
		t.Error(diff)
	}
	for _, g := range report.Gates {
		for _, p := range g.Passed {
			if len(p.Doubts) > 0 || p.Judged != evidence.JudgedByPolicy {
				t.Errorf("%s: judged by %s, doubts %v", g.Key, p.Judged, p.Doubts)
			}
		}
	}
	if len(report.Other) > 0 {
		t.Errorf("other %v", report.Other)
	}
	findings, err := Verify(t.Context(), h.store, func(key, why string) { t.Errorf("%s: %s", key, why) })
	ok(t, err)
	if findings != 1 {
		t.Errorf("%d releases were read", findings)
	}
	without := []ledger.Entry{}
	for _, e := range b.Entries {
		if r, err := ledger.Parse([]byte(e.Text)); err != nil || r.Kind != (ledger.Policy{}).Kind() {
			without = append(without, e)
		}
	}
	b, err = evidence.Make(b.Heading, without, b.Older)
	ok(t, err)
	for _, g := range b.Report.Gates {
		for _, p := range g.Passed {
			if len(p.Doubts) > 0 || p.Judged != evidence.JudgedByVotes {
				t.Errorf("%s without the configuration: judged by %s, doubts %v", g.Key, p.Judged, p.Doubts)
			}
		}
	}
}
