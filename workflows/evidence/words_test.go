package evidence

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/briefing"
	"github.com/readyroom/readyroom/workflows/feedback"
	"github.com/readyroom/readyroom/workflows/flag"
	"github.com/readyroom/readyroom/workflows/ledger"
	"github.com/readyroom/readyroom/workflows/notes"
	"github.com/readyroom/readyroom/workflows/people"
	"github.com/readyroom/readyroom/workflows/policy"
	"github.com/readyroom/readyroom/workflows/release"
	"github.com/readyroom/readyroom/workflows/team"
)

// Every kind of event that may be a release's evidence is told, and has its words; no words are left of kinds that are
// gone.
func TestEveryKindIsTold(t *testing.T) {
	ofNoRelease := append([]string{ledger.Settled{}.Kind(), people.Coded{}.Kind()}, untold...) // but of the queue, and of a person alone
	var want []string
	for _, events := range [][]workflows.Event{ledger.Loose(), release.Events(), flag.Events(), notes.Events(), briefing.Events(), feedback.Events(), team.Events(), people.Events()} {
		for _, e := range events {
			if !slices.Contains(ofNoRelease, e.Kind()) {
				want = append(want, e.Kind())
			}
		}
	}
	var told, worded []string
	for name := range kinds {
		told = append(told, name)
	}
	for _, tmpl := range words.Templates() {
		if strings.Contains(tmpl.Name(), ".") && !strings.HasSuffix(tmpl.Name(), ".tmpl") {
			worded = append(worded, tmpl.Name())
		}
	}
	for _, all := range [][]string{want, told, worded} {
		slices.Sort(all)
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("kinds (-of the rooms +told):\n%s", diff)
	}
	if diff := cmp.Diff(want, worded); diff != "" {
		t.Errorf("kinds (-of the rooms +with words):\n%s", diff)
	}
}

// An event of a newer program is listed by its kind, in the report and at the top of the page.
func TestUnknownKindsAreListed(t *testing.T) {
	l := small(t, record("release/app@1.0.0", 2, "release.teleported", `{"to":"mars"}`))
	r, err := Check(l.bundle(t, "app@1.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"release.teleported": 1}, r.Other); diff != "" {
		t.Error(diff)
	}
	page := string(Markdown(r))
	for _, want := range []string{"**These records hold events that this program does not know, from a newer one:** `release.teleported` (1)", "has not been let out"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page[:400])
		}
	}
}

// What the records do not show is said where the gate's passing is told.
func TestDoubtsAreSaid(t *testing.T) {
	passed := record("release/app@1.0.0", 3, "release.passed", `{"gate":"ga.ready","from":"before GA","to":"ga","voters":["ben"]}`)
	vote := func(who, as string) string {
		return `{"vote":{"item":"ga.ready/way-back","by":"` + who + `","as":"` + as + `","value":"ok","at":"2026-01-05T09:00:00Z"}}`
	}
	policy := record("", 0, "desk.policy", `{"hash":"p1","owners":["ana"],"roles":{"sre":{"people":["ben"]}},"people":{"ben":{"code":"none"}}}`)
	for name, tt := range map[string]struct {
		vote   string
		policy bool
		want   []Doubt
		judged string
	}{
		"who held the role":           {vote("ben", "sre"), true, nil, JudgedByPolicy},
		"who did not":                 {vote("mia", "sre"), true, []Doubt{{"ga.ready/way-back", workflows.ItemUnauthorised}}, JudgedByPolicy},
		"by the votes alone":          {vote("ben", "sre"), false, nil, JudgedByVotes},
		"somebody else than was said": {vote("mia", "sre"), false, []Doubt{{"", OtherVoters}}, JudgedByVotes},
		"as another role":             {vote("ben", "docs"), false, []Doubt{{"ga.ready/way-back", workflows.ItemUnauthorised}}, JudgedByVotes},
	} {
		t.Run(name, func(t *testing.T) {
			l := small(t, record("release/app@1.0.0", 2, "release.signed", tt.vote), passed)
			if tt.policy {
				l.add(t, policy)
			}
			r, err := Check(l.bundle(t, "app@1.0.0"))
			if err != nil {
				t.Fatal(err)
			}
			p := r.Gates[0].Passed[0]
			if diff := cmp.Diff(tt.want, p.Doubts); diff != "" || p.Judged != tt.judged {
				t.Errorf("judged by %s:\n%s", p.Judged, diff)
			}
			if said := strings.Contains(string(Markdown(r)), "this is not shown"); said != (len(tt.want) > 0) {
				t.Errorf("the page says so: %v", said)
			}
		})
	}
}

// wild is text as an enemy would write it.
func wild() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"@everyone", "<@U1>", "[a](https://evil.example)", "`", "``` \n# x", "\\", "\\|", "| a |",
		"<script>", "![x](y)", "https://evil.example", "\u202e", "a`b``c", "` x `", "{{.}}", "&lt;", "~~~", "\n\n# heading", " ", "<https://a.example/@all>"}))
}

// What people wrote cannot ping, link under another name, or change how the page is built: with all that is quoted taken
// away, the page is the same whatever they wrote.
func TestPageQuotesAllThatPeopleWrote(t *testing.T) {
	text, _ := json.Marshal(sample(t).Report)
	bare := func(of func() string) string {
		var r Report
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		r.Title, r.Why, r.RiskWhy = of(), of(), of()
		r.Candidates[0].Subject, r.Candidates[1].Builds = of(), map[string]string{of(): of()}
		v := &r.Gates[0].Items[0].Votes[0]
		v.Note, v.Evidence, v.Value = of(), of(), release.Value(of())
		r.Gates[0].Items[1].Text, r.Gates[0].Passed[0].Note = of(), of()
		r.Flags[0].Turns[1].Note, r.Holds[0].Why, r.Holds[0].Note, r.Rollbacks[0].Why = of(), of(), of(), of()
		r.Refused[0].Line, r.Refused[0].Why = of(), of()
		r.Texts = map[string]string{"d": of()}
		r.Published = []Publication{{Digest: "d", To: []notes.Channel{{Place: workflows.Place(of())}}}}
		override(&r, of)
		for _, h := range r.Timeline {
			for k := range h.Facts {
				if !slices.Contains([]string{"from", "to", "gate", "expires"}, k) && h.Facts[k] != "" {
					h.Facts[k] = of()
				}
			}
		}
		return unquoted(t, string(Markdown(r)))
	}
	want := bare(func() string { return "x" })
	for _, live := range []string{"@", "](", "<", "`", "https"} {
		if strings.Contains(want, live) {
			t.Fatalf("%q stands there unquoted:\n%s", live, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		got := bare(func() string {
			text := wild().Draw(t, "text")
			if rapid.Bool().Draw(t, "link") { // what looks like a link is what may become one
				text = "https://evil.example/" + text
			}
			if strings.TrimSpace(workflows.Display(text, maxShown)) == "" {
				return "x"
			}
			return text
		})
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Fatal(diff)
		}
	})
}

// override has a report tell of everything that may be arranged, in some words.
func override(r *Report, of func() string) {
	then := r.Opened
	who := workflows.PersonID(of())
	w := Waiver{Act: then, Owner: who, Why: of(), Agreed: []workflows.PersonID{who}, Over: &then}
	i := &r.Gates[0].Items[2]
	i.Origin, i.Late, i.Since, i.Gone = release.OfPerson, true, &then, &then
	i.Moved, i.Asked = []Move{{then, of()}}, []Ask{{Act: then, Who: who}, {Act: then, Who: who, Owns: true}}
	i.Plans, i.Waivers = []Plan{{Act: then, Owner: who, What: of(), Line: of()}}, []Waiver{w}
	i.Votes = []Vote{{Act: then, As: "sre", For: who, Value: release.ByPlan}}
	r.Gates[1].Soak = []Waiver{w}
	r.Gates[0].Passed[0].Glass = &Broken{Event: 9, Why: of(), Open: []string{of()}, Whole: []string{of()}, Review: of()}
	r.Gates[0].Passed[0].Waived = []string{of()}
	r.Risks = []RiskChange{{then, policy.High, policy.Low, of()}}
	r.Adoptions, r.Managers = []Adoption{{then, of(), of(), of()}}, []Handover{{then, who, who}}
	r.Overrides = &Overrides{1, 2, 3, 4}
	r.Deploys = []Deployment{{Act: then, Op: of(), Env: workflows.Environment(of()), Commit: "aaaaaaaa", Of: workflows.ReleaseID(of()), State: workflows.DeployState(of()), Why: of(), Link: of(), Ended: &then}}
	for _, e := range []workflows.Event{release.Asked{}, release.Assigned{}, release.Planned{}, release.Waived{}, release.WaiverEnded{}, release.ItemAdded{},
		release.ItemDropped{}, release.ItemMoved{}, release.GlassBroken{}, release.RiskSet{}, release.Adopted{}, release.Changed{}, release.DeployBegun{}, release.Deployed{}} {
		f := Facts{"gate": "before GA"}
		for _, n := range []string{"item", "who", "link", "until", "line", "agreed", "paid", "late", "role", "open", "from_risk", "risk", "template", "revision", "manager", "why", "env", "of", "workflow", "state", "commit"} {
			f[n] = of()
		}
		r.Timeline = append(r.Timeline, Happening{Act: then, Kind: e.Kind(), Facts: f})
	}
}

// unquoted takes away fenced blocks, code spans and links that are their own label, as CommonMark reads them.
func unquoted(t *testing.T, page string) string {
	var out []string
	fence := ""
	for _, line := range strings.Split(page, "\n") {
		run := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence != "":
			if run == line && len(run) >= len(fence) {
				fence = ""
			}
			continue
		case len(run) >= 3 && !strings.Contains(line[len(run):], "`"):
			fence = run
			continue
		}
		out = append(out, spansGone(line))
		if n := strings.Count(line, "|"); n > 0 && !strings.HasPrefix(line, "|") || n == 1 {
			t.Fatalf("a broken row: %s", line)
		}
	}
	if fence != "" {
		t.Fatal("a block does not end")
	}
	return strings.Join(out, "\n")
}

func spansGone(line string) string {
	var out strings.Builder
	for i := 0; i < len(line); {
		if line[i] == '<' && strings.HasPrefix(line[i:], "<http") {
			if end := strings.IndexByte(line[i:], '>'); end > 0 && !strings.ContainsAny(line[i+1:i+end], " <@[]`|") {
				i += end + 1
				continue
			}
		}
		if line[i] != '`' {
			out.WriteByte(line[i])
			i++
			continue
		}
		n := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
		end := closing(line[i+n:], n)
		if end < 0 {
			out.WriteString(line[i : i+n])
			i += n
			continue
		}
		i += n + end + n
	}
	return out.String()
}

// closing finds the next run of exactly n backticks.
func closing(s string, n int) int {
	for i := 0; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		run := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if run == n {
			return i
		}
		i += run
	}
	return -1
}
