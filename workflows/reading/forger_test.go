package reading_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/reading"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// monday is when the ledgers begin.
var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// forger writes a ledger by hand, as the desk never would: what it writes is well formed, and need not be right.
type forger struct {
	testing.TB
	rd    *reading.Reading
	found []string // what was found wrong, as "<stream>, event <number>: <why>"
	now   time.Time
	hash  string
	last  workflows.Seq
	base  string // of app@1.0's candidate
}

const (
	forged  = workflows.Stream("release/app@1.0")
	theFlag = workflows.Stream("flag/search")
)

// newForger begins a ledger of a team of five: ana, its owner, and ben write code, mia and zoe do not, leo's address
// nobody knows, and zoe holds no role.
func newForger(t testing.TB) *forger {
	t.Helper()
	code := map[workflows.PersonID][]string{"ana": {"ana@example.org"}, "ben": {"ben@example.org"}}
	f := &forger{TB: t, now: monday}
	f.rd = reading.New(reading.Codes{"p1": code, "p2": code}, func(h workflows.Header, why string) {
		f.found = append(f.found, fmt.Sprintf("%s, event %d: %s", h.Stream, h.Seq, why))
	})
	f.policy("p1", everyRole("ana", "ben", "mia", "leo"))
	return f
}

// everyRole gives each role the same holders.
func everyRole(ids ...workflows.PersonID) map[workflows.Role]ledger.Holders {
	return map[workflows.Role]ledger.Holders{workflows.EveryRole: {People: ids}}
}

// policy puts a configuration in force.
func (f *forger) policy(hash string, roles map[workflows.Role]ledger.Holders) {
	f.Helper()
	f.hash = hash
	f.put("config", "", ledger.Policy{Hash: hash, Owners: []workflows.PersonID{"ana"}, Roles: roles, People: map[workflows.PersonID]ledger.Author{
		"ana": {Code: ledger.CodeKnown}, "ben": {Code: ledger.CodeKnown}, "leo": {Code: ledger.CodeUnknown},
		"mia": {Code: ledger.CodeNone}, "zoe": {Code: ledger.CodeNone}}})
}

// header is that of an event by "@ana", or by the machine "ci".
func (f *forger) header(by string, stream workflows.Stream) workflows.Header {
	h := workflows.Header{Stream: stream, Ask: "an-ask", Policy: f.hash, By: workflows.Actor{Machine: by}}
	if strings.HasPrefix(by, "@") {
		h.By = workflows.Actor{Person: workflows.PersonID(by[1:]), Handle: workflows.Handle("chat/" + by[1:])}
	}
	return h
}

func (f *forger) put(by string, stream workflows.Stream, e workflows.Event) {
	f.Helper()
	f.write(f.header(by, stream), e)
}

// write has an event read as the ledger gives it back.
func (f *forger) write(h workflows.Header, e workflows.Event) {
	f.Helper()
	f.last++
	h.Seq, h.At = f.last, f.now
	data, err := json.Marshal(e)
	if err != nil {
		f.Fatal(err)
	}
	back, err := known[e.Kind()](data)
	if err != nil {
		f.Fatal(err)
	}
	f.rd.Header(ledger.Record{Header: h, Kind: e.Kind(), Data: data})
	f.rd.Take(workflows.Recorded{Header: h, Event: back})
}

var known = ledger.KindsOf(slices.Concat(ledger.Loose(), release.Events(), flag.Events(), feedback.Events(), team.Events(), people.Events())...)

// finds fails unless that is all that is found wrong. N is the number of the event written last.
func (f *forger) finds(want ...string) {
	f.Helper()
	if len(f.found) != len(want) {
		f.Fatalf("found\n%s\nwant\n%s", strings.Join(f.found, "\n"), strings.Join(want, "\n"))
	}
	for i, w := range want {
		if w = strings.ReplaceAll(w, "event N", fmt.Sprintf("event %d", f.last)); !strings.Contains(f.found[i], w) {
			f.Errorf("found %s\nwant  %s", f.found[i], w)
		}
	}
}

// forgeries are ledgers, each with all that is to be found in it.
type forgeries map[string]struct {
	forge func(f *forger)
	want  []string
}

func (all forgeries) try(t *testing.T) {
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			f := newForger(t)
			c.forge(f)
			f.finds(c.want...)
		})
	}
}

// candidateOf is a candidate that ana wrote.
func candidateOf(commit string) release.Candidate {
	return release.Candidate{Commit: workflows.Commit{ID: commit, Tree: "tree:" + commit}, Written: []policy.Authorship{{Authors: []string{"ana@example.org"}, Commits: 1, Example: commit}},
		Digests: map[release.Binding]string{release.ToCommit: commit, release.ToTree: "tree:" + commit}}
}

// checklists are those of app@1.0: alerts bind to nothing and tests to the commit, in both ready gates; and what the risk
// adds.
func checklists(risk policy.Risk) []release.Gate {
	alerts, tests := release.Item{Key: "alerts", Role: workflows.SRE}, release.Item{Key: "tests", Role: workflows.Engineering, Binds: release.ToCommit}
	feedback := release.Item{Key: "feedback", Role: workflows.ProductRole}
	gates := []release.Gate{
		{Stage: workflows.Preview, Half: release.Ready, Items: []release.Item{alerts, tests}},
		{Stage: workflows.Preview, Half: release.Done, Items: []release.Item{feedback}},
		{Stage: workflows.GA, Half: release.Ready, Items: []release.Item{tests}},
		{Stage: workflows.GA, Half: release.Done, Items: []release.Item{feedback}}}
	return release.Template{Gates: gates}.At(risk)
}

// open begins app@1.0 with ana's commit.
func (f *forger) open(risk policy.Risk) {
	f.Helper()
	f.openWith(risk, checklists(risk))
}

func (f *forger) openWith(risk policy.Risk, gates []release.Gate) {
	f.Helper()
	c := candidateOf("aaaaaaaa")
	c.Base = f.base
	f.put("@ana", forged, release.Opened{ID: "app@1.0", Number: 1, Template: "own", Risk: risk, Manager: "ana", Candidate: &c, Gates: gates})
}

// vote gives a vote of somebody on an item of app@1.0, as they would cast it on the first candidate.
func vote(by, item string, v release.Value) release.Vote {
	w := release.Vote{Item: item, By: workflows.PersonID(by), Value: v, Commit: "aaaaaaaa"}
	if strings.HasSuffix(item, "/tests") {
		w.Digest = "aaaaaaaa"
	}
	return w
}

// sign casts votes of ok.
func (f *forger) sign(item string, by ...string) {
	f.Helper()
	for _, id := range by {
		f.put("@"+id, forged, release.Signed{Vote: vote(id, item, release.OK)})
	}
}

// checked is a release that lacks nothing by people's word, and how the checks of a commit were found.
func (f *forger) checked(commit string, s workflows.CheckState) {
	f.Helper()
	gates := checklists("low")
	for i, item := range gates[0].Items {
		if item.Key == "tests" {
			gates[0].Items[i].From = release.CI
		}
	}
	f.openWith("low", gates)
	f.sign("preview.ready/alerts", "ana")
	f.sign("preview.ready/tests", "ana")
	f.put("github", forged, release.Checked{Checks: release.Checks{Commit: commit, State: s, Name: "build"}})
}

func (f *forger) pass(gate string) {
	f.Helper()
	f.put("@ana", forged, release.Passed{Gate: gate, Commit: "aaaaaaaa"})
}

func (f *forger) wait(d time.Duration) { f.now = f.now.Add(d) }

// inPreview is app@1.0, rightly in preview at normal risk.
func (f *forger) inPreview() {
	f.Helper()
	f.open("normal")
	f.sign("preview.ready/alerts", "ana")
	f.sign("preview.ready/tests", "ben")
	f.pass("preview.ready")
}

// inGA is app@1.0, rightly in GA.
func (f *forger) inGA() {
	f.Helper()
	f.inPreview()
	f.sign("preview.done/feedback", "mia")
	f.wait(24 * time.Hour)
	f.pass("preview.done")
	f.sign("ga.ready/tests", "ana", "mia")
	f.sign("ga.ready/rollback-plan", "ana")
	f.pass("ga.ready")
}
