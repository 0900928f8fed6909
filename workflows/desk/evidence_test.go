package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/internal/golden"
	"github.com/readyroom/readyroom/storage"
	"github.com/readyroom/readyroom/storage/memory"
	"github.com/readyroom/readyroom/storage/storagetest"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// goldens is where the bundle and the page of the sampled release are kept; the tests of package evidence take the
// bundle apart.
var goldens = filepath.Join("..", "evidence", "testdata")

// fixedHouse is a house whose store has a name that does not change, so that its ledger is the same at every run.
func fixedHouse(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	cfg := testConfig(testBook())
	for _, f := range change {
		f(&cfg)
	}
	h := &house{TB: t, repo: fiveCommits(), now: monday, engine: storagetest.Wrap(memory.New())}
	store, err := storage.Open(context.Background(), h.engine, storage.Options{Random: bytes.NewReader(make([]byte, 32))})
	if err != nil {
		t.Fatal(err)
	}
	h.Desk = New(store, h.repo, cfg)
	if err := h.Start(context.Background(), h.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	return h
}

const (
	sample workflows.ReleaseID = "app@search"
	other  workflows.ReleaseID = "shop@2.0.0"
)

func (r *house) later(d time.Duration) { r.now = r.now.Add(d) }

// signs votes on items of the sampled release.
func (r *house) signs(who string, value release.Value, note string, items ...string) {
	r.Helper()
	r.must(r.ask(who, sample, release.Sign{Items: items, Value: value, Note: note, Evidence: "https://ci.example.org/builds/17?of=search"}))
	r.later(time.Minute)
}

// atNext lists what people sign at the next gate.
func (r *house) atNext() []string {
	rel := r.release(sample)
	g, _ := rel.Next()
	var out []string
	for _, i := range g.Items {
		if full := g.Full(i); full != skilling && full != changes && full != "ga.done/retrospective" {
			out = append(out, full)
		}
	}
	return out
}

func (r *house) advances(on workflows.ReleaseID) {
	r.Helper()
	a := r.ask("ana", on, release.Advance{})
	if q := r.must(a).Confirm; q != nil {
		r.must(press(a, a.ID+"-press", q.Key))
	}
	r.later(time.Minute)
}

// live is a feature's life as an auditor would sample it: a stale vote, an objection, a hold, flags step by step, a briefing,
// notes, everyone has it, and back. Other releases live beside it.
func (r *house) live() {
	r.Helper()
	r.must(r.ask("ben", "", release.New{ID: other, Ref: "aaaaaaaa"}))
	r.must(r.ask("ana", "", release.New{ID: sample, Template: "feature", Ref: "dddddddd", Why: "customers ask for it",
		Title: "Search & <b>find</b> | @everyone [free](https://evil.example) `code`"}))
	r.later(time.Hour)
	try := r.ask("zoe", sample, release.Advance{})
	try.Line = "advance app@search"
	r.refuses(try, workflows.NotAllowed)
	elsewhere := r.ask("zoe", other, release.Advance{})
	elsewhere.Line = "advance shop@2.0.0 -- like app@search"
	r.refuses(elsewhere, workflows.NotAllowed)
	r.must(r.ask("ana", sample, flag.New{Key: "search", Why: "dark first"}))
	r.signs("ana", release.OK, "", r.atNext()...)
	r.signs("mia", release.NeedsWork, "two weaknesses | see the report", "preview.ready/security-assessment")
	r.must(r.ask("ben", sample, release.SetCandidate{Ref: "eeeeeeee", Builds: map[string]string{"web": "sha256:1f", "api": "sha256:2e"}}))
	r.later(time.Hour)
	r.signs("mia", release.OK, "both are mended", r.atNext()...)
	r.signs("ben", release.OK, "", "preview.ready/security-assessment", "preview.ready/tests", "preview.ready/production-deployment")
	r.must(r.ask("zoe", sample, release.HoldOn{Why: "a customer\ncalled"}))
	r.later(time.Minute)
	r.must(r.ask("ana", sample, release.Resume{Note: "it was another product"}))
	r.advances(sample)
	r.opens(10)
	r.later(30 * time.Hour)
	r.opens(30)
	r.signs("ben", release.OK, "", r.atNext()...)
	r.advances(sample)
	r.tellPeople()
	r.signs("ben", release.OK, "", r.atNext()...)
	r.signs("mia", release.NA, "no plan names it", "ga.ready/marketing")
	r.advances(sample)
	r.later(time.Hour)
	a := r.ask("ana", sample, flag.Set{Percent: 100})
	a.On.Flag = "search"
	r.confirmed(a)
	r.must(r.ask("ben", sample, flag.New{Key: "late"}))
	r.must(r.ask("ben", other, release.Sign{Items: []string{"way-back"}}))
	r.later(time.Hour)
	r.confirmed(r.ask("ben", sample, release.RollBack{Why: "errors ``` rise"}))
	r.later(time.Hour)
}

// opens sets the flag of the sampled release.
func (r *house) opens(percent int) {
	r.Helper()
	a := r.ask("ben", sample, flag.Set{Percent: percent, Note: "step"})
	a.On.Flag = "search"
	r.must(a)
	r.later(time.Minute)
}

func (r *house) tellPeople() {
	r.Helper()
	r.must(r.ask("ana", sample, briefing.Draft{Fields: briefing.Fields{Changes: "there is a search", Help: "show them the box"}}))
	r.confirmed(r.ask("ana", sample, briefing.Send{}))
	r.later(time.Hour)
	r.must(r.ask("mia", sample, briefing.Ack{}))
	r.must(r.ask("ana", sample, notes.Draft{}))
	r.must(r.ask("ben", sample, notes.Edit{Text: "# Search\n\n```\nfind anything\n```\nThanks, @here!"}))
	r.must(r.ask("ben", sample, notes.Approve{}))
}

func (r *house) evidence(on workflows.ReleaseID, older ...ledger.Tip) evidence.Bundle {
	r.Helper()
	b, err := r.Evidence(context.Background(), workflows.Selectors{Release: string(on)}, "", r.now, older...)
	if err != nil {
		r.Fatal(err)
	}
	return b
}

// TestEvidenceOfAFeature holds the bundle and the page of a whole life to what was accepted, byte for byte.
func TestEvidenceOfAFeature(t *testing.T) {
	h := fixedHouse(t)
	h.live()
	var first ledger.Tip
	ok(t, h.store.View(context.Background(), func(tx *storage.Tx) (err error) {
		first, err = tx.Tip(7)
		return err
	}))
	b := h.evidence(sample, first)
	text, err := b.Text()
	ok(t, err)
	page := evidence.Markdown(b.Report)
	golds(t, "feature.json", text)
	golds(t, "feature.md", page)
	read, err := evidence.Read(text)
	ok(t, err)
	report, err := evidence.Check(read)
	ok(t, err)
	ok(t, evidence.CheckPage(report, page))
	ok(t, evidence.Holds(read, first))
	for _, e := range b.Entries {
		if r, err := b.Tip.Record(e); err != nil || r.Stream.ID() == string(other) {
			t.Errorf("%s, %v", e.Text, err)
		}
	}
	h.unchanged("evidence", func() { h.evidence(sample) })
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// golds compares with a golden file.
func golds(t *testing.T, name string, got []byte) {
	t.Helper()
	golden.Equal(t, filepath.Join(goldens, name), string(got))
}

// What a gate's passing rested on is worked out anew from the records, and agrees with what the bot decided by.
func TestEvidenceJudgesAgain(t *testing.T) {
	h := fixedHouse(t)
	h.live()
	r := h.evidence(sample).Report
	passings := 0
	for _, g := range r.Gates {
		for _, p := range g.Passed {
			passings++
			if len(p.Doubts) > 0 || p.Judged != evidence.JudgedByPolicy || len(p.Counted) < len(g.Items) {
				t.Errorf("%s: judged by %s, doubts %v, %d votes counted on %d items", g.Key, p.Judged, p.Doubts, len(p.Counted), len(g.Items))
			}
		}
	}
	if passings != 3 {
		t.Errorf("%d gates were passed, want 3", passings)
	}
	if len(r.Other) > 0 || len(r.Refused) != 1 || r.Refused[0].By != "zoe" || len(r.Rollbacks) != 1 || len(r.Holds) != 2 {
		t.Errorf("other %v, refused %v, rollbacks %v, holds %v", r.Other, r.Refused, r.Rollbacks, r.Holds)
	}
}

// A role that a group gives is shown by the roster that was in force, and by no other.
func TestEvidenceRestsOnRosters(t *testing.T) {
	const group = "chat/G1"
	h := fixedHouse(t, func(c *Config) {
		c.Book.Roles = map[workflows.Role]policy.Members{workflows.EveryRole: {People: []workflows.PersonID{"ana"}, Groups: []string{group}}}
	})
	arrives := func(members ...team.Member) {
		h.must(h.machine("roster", "", team.Roster{Platform: "chat", Group: "G1", Members: members, AsOf: h.now}))
		h.later(2 * time.Hour)
	}
	arrives()
	arrives(team.Member{Handle: "chat/ben", Name: "Ben"})
	h.must(h.ask("ana", "", release.New{ID: "app@1.0.0", Ref: "dddddddd"}))
	h.must(h.ask("ben", "app@1.0.0", release.Sign{Items: []string{"tests", "changelog", "way-back"}}))
	h.advances("app@1.0.0")
	arrives()
	b := h.evidence("app@1.0.0")
	var rosters []string
	for _, e := range b.Entries {
		if r, err := ledger.Parse([]byte(e.Text)); err == nil && r.Stream.Room() == team.Room {
			rosters = append(rosters, fmt.Sprint(r.Revision))
		}
	}
	if !slices.Equal(rosters, []string{"2"}) {
		t.Errorf("rosters %v, want the second alone", rosters)
	}
	for _, g := range b.Report.Gates {
		for _, p := range g.Passed {
			if len(p.Doubts) > 0 {
				t.Errorf("%s: %v", g.Key, p.Doubts)
			}
		}
	}
}

// A tip that the ledger does not continue is refused, not quietly left out.
func TestEvidenceRefusesAForeignTip(t *testing.T) {
	h := fixedHouse(t)
	h.live()
	tip, err := h.store.Tip(context.Background())
	ok(t, err)
	foreign := tip
	foreign.Size--
	newer := tip
	newer.Size++
	for name, older := range map[string]ledger.Tip{"another history": foreign, "of later": newer} {
		_, err := h.Evidence(context.Background(), workflows.Selectors{Release: string(sample)}, "", h.now, older)
		if no := refusalOf(err); no == nil || no.Reason != notContinued {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = h.Evidence(context.Background(), workflows.Selectors{Release: "app@nothing"}, "", h.now)
	if no := refusalOf(err); no == nil || no.Reason != workflows.UnknownRelease {
		t.Errorf("an unknown release: %v", err)
	}
}

// A release whose rows are gone is found by its stream.
func TestEvidenceOfALongClosedRelease(t *testing.T) {
	h := fixedHouse(t)
	h.live()
	want := h.evidence(sample)
	ok(t, h.store.Update(context.Background(), func(tx *storage.Tx) error {
		return errors.Join(tx.PutSummary(workflows.StreamOf(release.Room, string(sample)), nil, json.RawMessage(`{}`)),
			tx.PutSummary(workflows.StreamOf(flag.Room, "search"), nil, json.RawMessage(`{}`)))
	}))
	if diff := cmp.Diff(want.Report, h.evidence(sample).Report); diff != "" {
		t.Error(diff)
	}
}

// TestEvidenceSize prints what a bundle costs per event in a ledger of 10,000.
func TestEvidenceSize(t *testing.T) {
	h := fixedHouse(t)
	h.live()
	ok(t, h.store.Update(context.Background(), func(tx *storage.Tx) error {
		for seq := workflows.Seq(0); seq < 10_000; {
			r, err := tx.Append(ledger.Record{Kind: "test.filler", Header: workflows.Header{At: h.now, Stream: "test/filler"}, Data: json.RawMessage(`{}`)})
			if err != nil {
				return err
			}
			seq = r.Seq
		}
		return nil
	}))
	b := h.evidence(sample)
	text, err := b.Text()
	ok(t, err)
	records, proofs := 0, 0
	for _, e := range b.Entries {
		records += len(e.Text)
		proofs += len(e.Proof) * 47 // a hash in base64, quoted, and a comma
	}
	n := len(b.Entries)
	t.Logf("%d events in a ledger of %d: %d bytes a bundle, %d an event: record %d, proof %d, report and the rest %d", n, b.Tip.Size,
		len(text), len(text)/n, records/n, proofs/n, (len(text)-records-proofs)/n)
	if proofs/n > 800 {
		t.Errorf("a proof takes %d bytes", proofs/n)
	}
}
