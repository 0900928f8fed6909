package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/evidence"
)

// TestAuditIsForTheTeam: members ask, makers publish, everyone else learns nothing, not even which releases there are.
func TestAuditIsForTheTeam(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	reads, publishes := []string{"audit", "audit show app@9", "audit verify", "audit export", "audit show --since 1d"}, []string{"audit anchor", "audit anchor #general", "audit anchor --tag"}
	for by, may := range map[string]struct{ reads, publishes workflows.Reason }{
		"ana": {}, "mia": {publishes: workflows.NotAllowed}, "rob": {workflows.NotAllowed, workflows.NotAllowed}, "stranger": {workflows.UnknownPerson, workflows.UnknownPerson},
	} {
		for _, line := range append(slices.Clone(reads), publishes...) {
			want := may.reads
			if slices.Contains(publishes, line) {
				want = may.publishes
			} else if want == "" && strings.Contains(line, "app@9") {
				want = workflows.UnknownRelease
			}
			r := o.types(by, line)
			if got := reasonOf(r); got != want || want != "" && (len(r.Files) > 0 || strings.Contains(answered(r), "1.0.0")) {
				t.Errorf("%s types %q: %s, want %q", by, line, answered(r), want)
			}
		}
	}
}

func reasonOf(r chat.Reply) workflows.Reason {
	if r.Refusal == nil {
		return ""
	}
	return r.Refusal.Reason
}

// TestAuditShowTurnsItsPages: the line it offers leads to the page before, until there is none.
func TestAuditShowTurnsItsPages(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	for i := range 30 {
		o.now = o.now.Add(time.Minute)
		o.does("ana", fmt.Sprintf("sign tests block -- %d", i))
	}
	var seen []string
	line := `audit show --since 2020-01-01`
	for range 3 {
		r := o.does("ana", line)
		for _, i := range slices.Backward(r.Items) {
			seen = append(seen, i.Key)
		}
		var ok bool
		if _, line, ok = strings.Cut(r.Message.Lines[0], " earlier → /release "); !ok {
			break
		}
	}
	var want []string
	for n := 33; n > 1; n-- { // the first is of the configuration, which has no name here
		want = append(want, fmt.Sprint(n))
	}
	if !slices.Equal(seen, want) {
		t.Errorf("saw %v, want %v", seen, want)
	}
	for _, bad := range []string{"0", "x", "-1", "1e3", strings.Repeat("9", 40), "\u202e1"} {
		if r := o.types("ana", `audit show --before "`+bad+`"`); reasonOf(r) != workflows.Invalid {
			t.Errorf("before %q: %s", bad, answered(r))
		}
	}
}

// TestAuditExportHoldsByItself: the files are what somebody without the database can check.
func TestAuditExportHoldsByItself(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0", "sign tests,changelog,way", "advance", "audit anchor")
	r := o.does("mia", "audit export app@1.0.0")
	if len(r.Files) != 2 || r.Files[0].Name != "app@1.0.0.evidence.json" || r.Files[1].Name != "app@1.0.0.evidence.md" {
		t.Fatalf("%+v", r.Files)
	}
	b, err := evidence.Read(r.Files[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	report, err := evidence.Check(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := evidence.CheckPage(report, r.Files[1].Data); err != nil {
		t.Error(err)
	}
	if len(report.Anchors) != 1 || len(report.Openings()) != 1 {
		t.Errorf("%d anchors, %d openings", len(report.Anchors), len(report.Openings()))
	}
}
