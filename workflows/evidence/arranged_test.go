package evidence

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
)

// life is a ledger of app@1.0.0: it was opened, and then these events happened, each "<kind> <data>", by ana but for those
// of a vote.
func life(t *testing.T, events ...string) Report {
	t.Helper()
	r, err := Check(lived(t, events...))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func lived(t *testing.T, events ...string) Bundle {
	t.Helper()
	var all []ledger.Record
	for i, e := range events {
		kind, data, _ := strings.Cut(e, " ")
		all = append(all, record("release/app@1.0.0", workflows.Revision(i+2), kind, data))
	}
	return small(t, all...).bundle(t, "app@1.0.0")
}

const (
	signedOK   = `release.signed {"vote":{"item":"ga.ready/way-back","by":"ana","as":"sre","value":"ok","at":"2026-01-05T09:00:00Z"}}`
	passedGA   = `release.passed {"gate":"ga.ready","from":"before GA","to":"ga","voters":["ana"]}`
	otherGates = `[{"stage":"ga","half":"ready","items":[{"key":"way-back","text":"there are two","role":"sre","lead":3},{"key":"tests","text":"they pass","role":"engineering","lead":3,"origin":"risk"}]},{"stage":"ga","half":"done","items":[]}]`
	sameGates  = `[{"stage":"ga","half":"ready","items":[{"key":"way-back","text":"there is one","role":"sre","lead":3}]},{"stage":"ga","half":"done","items":[{"key":"validation","text":"v","role":"qa","lead":3,"origin":"risk"}]}]`
)

// A vote on an item that came to ask for something else is void, and the report says since when.
func TestVotesAreVoided(t *testing.T) {
	r := life(t, signedOK, `release.adopted {"template":"own","revision":"own-1","gates":`+otherGates+`}`)
	item := r.Gates[0].Items[0]
	v := item.Votes[0]
	if item.Text != "there are two" || v.Ended == nil || v.Ended.How != "voided" || v.Ended.Event != 3 {
		t.Errorf("%+v, its vote %+v", item, v)
	}
	if came := r.Gates[0].Items[1]; came.Since == nil || came.Since.Event != 3 || came.Origin != release.OfRisk {
		t.Errorf("%+v", came)
	}
	if page := string(Markdown(r)); !strings.Contains(page, "| voided on 2026-01-05 09:00 UTC |") {
		t.Error(page)
	}
	if r.Template != "own" || r.Adoptions[0].From != "simple" {
		t.Errorf("%s, %+v", r.Template, r.Adoptions)
	}
}

// What the risk and the manager were when a gate was passed is told as it was then, whatever came later.
func TestPassingIsToldAsItWas(t *testing.T) {
	r := life(t, signedOK, passedGA, `release.risk_set {"from":"low","to":"normal","why":"it moves money","gates":`+sameGates+`}`,
		`release.changed {"manager":"ben"}`, `release.rolled_back {"by":"ana","why":"errors","from":"GA"}`)
	p := r.Gates[0].Passed[0]
	if diff := cmp.Diff(&Asks{People: 1}, p.Needed); diff != "" || p.Risk != policy.Low || r.Risk != policy.Normal || p.Undone == nil {
		t.Errorf("at risk %s: %s", p.Risk, diff)
	}
	if r.Manager != "ben" || r.ManagerAt(p) != "ana" || r.RiskAt(p) != policy.Low {
		t.Errorf("managed by %s, then by %s, at risk %s", r.Manager, r.ManagerAt(p), r.RiskAt(p))
	}
	page := string(Markdown(r))
	for _, want := range []string{"by `@ana` through `chat/ana`, its manager", "risk `low`.**\nNeeded: 1 item signed. Had:", "| Manager | `@ben`; `@ana` until",
		"| Risk | `normal`: `it moves money`; `low` until", "| `ga.done/validation` |", "Its stage must stay open for 24 h before."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
	if r.Overrides != nil {
		t.Errorf("%+v", r.Overrides)
	}
}

// An item keeps what was said of it wherever it stands.
func TestItemsAreFollowed(t *testing.T) {
	gates := `[{"stage":"ga","half":"ready","items":[{"key":"way-back","text":"there is one","role":"sre","lead":3}]},{"stage":"ga","half":"done","items":null}]`
	r := life(t, `release.adopted {"template":"own","revision":"own-1","gates":`+gates+`}`, signedOK,
		`release.item_moved {"item":"ga.ready/way-back","gate":"ga.done"}`,
		`release.item_added {"gate":"ga.ready","item":{"key":"way-back","text":"another","role":"sre","lead":3,"origin":"person","late":true},"by":"ana"}`,
		`release.item_dropped {"item":"ga.ready/way-back","why":"a slip"}`)
	moved := r.Gates[1].Items[0]
	if moved.Key != "ga.done/way-back" || len(moved.Votes) != 1 || moved.Moved[0].From != "ga.ready" || moved.Since != nil || moved.Gone != nil {
		t.Errorf("%+v", moved)
	}
	if gone := r.Gates[0].Items[0]; len(r.Gates[0].Items) != 1 || !gone.Late || gone.Since == nil || gone.Gone == nil || len(gone.Votes) != 0 {
		t.Errorf("%+v", r.Gates[0].Items)
	}
	if diff := cmp.Diff(&Overrides{Late: 1}, r.Overrides); diff != "" {
		t.Error(diff)
	}
	if page := string(Markdown(r)); !strings.Contains(page, "- `ga.ready/way-back` came after the cut-off, on ") || strings.Contains(page, "`ga.ready/way-back` | none") {
		t.Error(page)
	}
}

// A vote for somebody who was away says so, also where the configuration is not at hand.
func TestDeputies(t *testing.T) {
	r := life(t, `release.signed {"vote":{"item":"ga.ready/way-back","by":"ana","as":"sre","for":"ben","value":"ok","at":"2026-01-05T09:00:00Z"}}`, passedGA)
	if p := r.Gates[0].Passed[0]; len(p.Doubts) > 0 || len(p.Counted) != 1 {
		t.Errorf("%+v", p)
	}
	if as := r.As(r.Timeline[1]); as != (Held{Role: workflows.SRE, For: "ben"}) {
		t.Errorf("%+v", as)
	}
	page := string(Markdown(r))
	for _, want := range []string{"| `sre` for `@ben` |", "voted `ok` on `ga.ready/way-back`, for `@ben`", "`@ana` | `sre` for `@ben` |"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
}

// What was overridden is judged again as well: over what the glass was broken is said, what else was open is doubted.
func TestGlassIsJudgedAgain(t *testing.T) {
	broken := func(open string) []string {
		return []string{`release.adopted {"template":"own","revision":"own-1","gates":` + otherGates + `}`,
			`release.glass_broken {"glass":{"gate":"ga.ready","by":"ana","why":"it burns","at":"2026-01-05T09:00:00Z","open":[` + open + `],"whole":["too early"],"review":"ga.done/review-glass"},"item":{"key":"review-glass","text":"why","role":"release-manager","lead":3,"origin":"glass"}}`,
			strings.Replace(passedGA, `["ana"]`, `null,"glass":true`, 1)}
	}
	p := life(t, broken(`"ga.ready/way-back","ga.ready/tests"`)...).Gates[0].Passed[0]
	if len(p.Doubts) > 0 || p.Glass == nil || p.Glass.Event != 3 || len(p.Glass.Whole) != 1 {
		t.Errorf("%+v", p)
	}
	r := life(t, broken(`"ga.ready/way-back"`)...)
	if diff := cmp.Diff([]Doubt{{"ga.ready/tests", workflows.ItemUnsigned}}, r.Gates[0].Passed[0].Doubts); diff != "" {
		t.Error(diff)
	}
	page := string(Markdown(r))
	for _, want := range []string{"by breaking the glass, on ", "**It did not hold:** `ga.ready/way-back` and `too early`. The glass was broken for it (event 3): `it burns`.", "1 broken glass"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
	if r.Authority(r.Gates[0].Passed[0]) != nil {
		t.Error("a role let the glass be broken")
	}
}

// What no room would write is refused in words.
func TestArrangementsOfNothingAreRefused(t *testing.T) {
	for event, want := range map[string]string{
		`release.waived {"item":"ga.ready/x","waiver":{"owner":"ana","until":"2026-01-06T09:00:00Z","why":"w","given":[]}}`:  "there is no item ga.ready/x",
		`release.waived {"item":"x.done/soak","waiver":{"owner":"ana","until":"2026-01-06T09:00:00Z","why":"w","given":[]}}`: "there is no gate x.done",
		`release.waiver_ended {"item":"ga.ready/way-back"}`:                                                                  "nobody waived ga.ready/way-back",
		`release.asked {"item":"ga.ready/x","asking":{}}`:                                                                    "there is no item ga.ready/x",
		`release.item_moved {"item":"ga.ready/way-back","gate":"preview.done"}`:                                              "there is no gate preview.done",
	} {
		refusesWith(t, lived(t, event), want)
	}
}
