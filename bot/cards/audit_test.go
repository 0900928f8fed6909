package cards_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/cards"
	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/release"
)

var tip = ledger.Tip{Instance: "0123456789abcdef0123456789abcdef", Size: 1204, Hash: [32]byte{1, 2, 3}}

func by(id workflows.PersonID, minute int, event workflows.Seq) evidence.Act {
	return evidence.Act{By: id, Handle: "console/" + workflows.Handle(id), At: monday.Add(time.Duration(minute) * time.Minute), Event: event}
}

// recorded is a report as evidence makes it: somebody tried too early, two signed, it went out.
func recorded() evidence.Report {
	ready := evidence.Gate{Key: "ga.ready", Title: "before GA", Opens: true, Items: []evidence.Item{
		{Key: "ga.ready/tests", Votes: []evidence.Vote{{Act: by("ana", 3, 14), As: workflows.Engineering, Value: release.OK, Commit: first.ID}}},
		{Key: "ga.ready/way-back", Votes: []evidence.Vote{{Act: by("ben", 4, 15), As: workflows.SRE, Owner: true, Value: release.OK}}}},
		Passed: []evidence.Passing{{Act: by("ana", 72, 17), To: workflows.GA, Commit: first.ID, Voters: []workflows.PersonID{"ana", "ben"}, Counted: []workflows.Seq{14, 15}, Policy: "p1"}}}
	bot := by("", 70, 16)
	bot.Machine = "briefing"
	return evidence.Report{Heading: evidence.Heading{Release: "app@1.0.0", Tip: tip, Made: monday}, Risk: "normal", Stands: "GA", Gates: []evidence.Gate{ready},
		Policies: []evidence.Policy{{Hash: "p1", People: []evidence.Acting{{Person: "ana", Roles: []evidence.Held{{Role: workflows.Engineering}, {Role: workflows.Docs}, {Role: workflows.ReleaseManager}}}}}},
		Timeline: []evidence.Happening{
			{Act: by("ana", 0, 12), Kind: "release.opened", Facts: evidence.Facts{"template": "simple", "risk": "normal", "commit": first.ID}},
			{Act: by("mia", 1, 13), Kind: "desk.refused", Facts: evidence.Facts{"line": "advance app@1.0.0", "reason": "not_allowed"}},
			{Act: by("ana", 3, 14), Kind: "release.signed", Facts: evidence.Facts{"value": "ok", "item": "ga.ready/tests", "commit": first.ID, "why": "see `@everyone`\n\x1b[31m"}},
			{Act: by("ben", 4, 15), Kind: "release.signed", Facts: evidence.Facts{"value": "ok", "item": "ga.ready/way-back"}},
			{Act: bot, Kind: "briefing.quota_met"},
			{Act: by("ana", 72, 17), As: workflows.Engineering, Kind: "release.passed", Facts: evidence.Facts{"gate": "before GA", "commit": first.ID, "why": "all is well"}},
			{Act: by("zoe", 80, 21), Kind: "release.teleported"},
		}}
}

// TestTrail draws who let a release out, as it may stand, and its history.
func TestTrail(t *testing.T) {
	p, pg := begin(t, team()), page{t: t}
	trail := func(heading string, r evidence.Report, part cards.Span) {
		m, _ := cards.Trail(r, part, p.view())
		pg.show(heading, drawn(m))
	}
	r := recorded()
	trail("released to everyone", r, cards.Span{})
	trail("since and before", r, cards.Span{Since: monday.Add(3 * time.Minute), Before: 17, Line: `--since "2026-01-05 09:03"`})
	trail("nothing of that time", r, cards.Span{Since: monday.Add(time.Hour * 24), Line: "--since 2026-01-06"})
	r.Gates[0].Passed[0].Doubts = []evidence.Doubt{{Item: "ga.ready/tests", Reason: workflows.ItemAuthorAlone}, {Reason: evidence.OtherVoters}}
	undone := by("ben", 90, 22)
	r.Gates[0].Passed[0].Undone = &undone
	trail("taken back, and in doubt", r, cards.Span{Before: 13})
	r = recorded()
	r.Policies[0].People[0].Roles = []evidence.Held{{Role: workflows.Engineering, Owner: true}, {Role: workflows.SRE, Owner: true}}
	r.Gates[0].Passed[0].Commit = ""
	trail("by an owner, of nothing that has a commit", r, cards.Span{Before: 13})
	again := r.Gates[0]
	again.Key, again.Title, again.Passed = "preview.ready", "before tech preview", []evidence.Passing{{Act: by("ben", 5, 9), To: workflows.Preview}}
	r.Gates = append([]evidence.Gate{again}, r.Gates...)
	r.Gates[1].Passed[0].Undone = &undone
	trail("back in the preview", r, cards.Span{Before: 13})
	r = recorded()
	r.Gates[0].Passed[0].Glass = &evidence.Broken{Event: 11, Why: "the site is down | @everyone", Open: []string{"ga.ready/tests"}}
	r.Overrides = &evidence.Overrides{Waivers: 2, Glass: 1, Late: 3}
	trail("by breaking the glass", r, cards.Span{Before: 13})
	r.Gates, r.Stands, r.Overrides = nil, "before GA", nil
	trail("not let out", r, cards.Span{Before: 13})
	pg.show("proven", drawn(cards.Proven(evidence.Bundle{Heading: r.Heading, Entries: make([]ledger.Entry, 31)}, ledger.Outside{}, p.view())))
	out := ledger.Outside{Kept: tip, Published: []ledger.Published{{Anchored: ledger.Anchored{Size: 31, Place: "console/#audit"}, Event: 32, At: monday}},
		Verified: ledger.Verification{At: monday, OK: true, Tip: tip}}
	pg.show("proven against more", drawn(cards.Proven(evidence.Bundle{Heading: r.Heading, Entries: make([]ledger.Entry, 1)}, out, p.view())))
	out.Published = append(out.Published, ledger.Published{Anchored: ledger.Anchored{Size: 40, Tag: "readyroom-ledger-40", Product: "app"}, Event: 41, At: monday.Add(time.Hour)})
	out.Verified.OK = false
	pg.show("proven, and yet", drawn(cards.Proven(evidence.Bundle{Heading: r.Heading, Entries: make([]ledger.Entry, 31)}, out, p.view())))
	pg.show("export", drawn(cards.Export(evidence.Bundle{Heading: r.Heading, Entries: make([]ledger.Entry, 31)}, []chat.File{{Name: "app@1.0.0.evidence.json"}})))
	for _, x := range out.Published {
		receipt := workflows.Receipt{Events: []workflows.Recorded{{Header: workflows.Header{Seq: x.Event}, Event: x.Anchored}}}
		pg.show("anchored", drawn(cards.Anchored(receipt)))
		receipt.Dry = true
		pg.show("would be anchored", drawn(cards.Anchored(receipt)))
	}
	pg.show("a published tip", drawn(cards.Anchor(tip)))
	pg.equals("audit")
}

// TestTrailFitsAMessage: pages of whatever length are linked without a gap and without a repeat.
func TestTrailFitsAMessage(t *testing.T) {
	for _, note := range []string{"", strings.Repeat("w", 280), strings.Repeat("ж", 5000)} {
		r := recorded()
		r.Timeline = nil
		for i := range 73 {
			r.Timeline = append(r.Timeline, evidence.Happening{Act: by("ana", 0, workflows.Seq(2*i+5)), Kind: "release.held", Facts: evidence.Facts{"why": note + "!"}})
		}
		var seen []workflows.Seq
		for part := (cards.Span{}); ; {
			m, shown := cards.Trail(r, part, cards.View{})
			if n := len(strings.Join(m.Lines, "\n")); n > 3800 || len(shown) == 0 {
				t.Fatalf("a page of %d events takes %d bytes", len(shown), n)
			}
			for i := range shown {
				seen = append(seen, shown[len(shown)-1-i].Event)
			}
			earlier := fmt.Sprintf("%d events earlier → /release audit show app@1.0.0 --before %d", 73-len(seen), shown[0].Event)
			if len(seen) == 72 {
				earlier = strings.Replace(earlier, "events", "event", 1)
			}
			if len(seen) == 73 {
				break
			}
			if m.Lines[0] != earlier {
				t.Fatalf("%q, want %q", m.Lines[0], earlier)
			}
			part.Before = shown[0].Event
		}
		for i, e := range seen {
			if e != workflows.Seq(2*(72-i)+5) {
				t.Fatalf("the %d. is event %d", i+1, e)
			}
		}
	}
}

// TestAPublishedTipIsFoundAgain in the message as it is posted, and as it is quoted.
func TestAPublishedTipIsFoundAgain(t *testing.T) {
	for _, text := range []string{drawn(cards.Anchor(tip)), "> " + strings.ReplaceAll(drawn(cards.Anchor(tip)), "\n", "\n> ")} {
		if found, err := ledger.ParseTip(text); err != nil || found != tip {
			t.Errorf("%v, %v in\n%s", found, err, text)
		}
	}
}
