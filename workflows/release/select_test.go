package release

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/policy"
)

// The order: whole name, beginning, whole word inside; the next gate first, then the release.
func TestSelect(t *testing.T) {
	s := begin(t, New{ID: "app@search", Template: "feature", Risk: policy.Low})
	for _, c := range []struct {
		passed     int
		word, want string
		why        workflows.Reason
	}{
		{0, "audit-logs", "preview.ready/audit-logs", ""},
		{0, "preview.ready/audit-logs", "preview.ready/audit-logs", ""},
		{0, "audit", "preview.ready/audit-logs", ""},
		{0, "security", "preview.ready/security-assessment", ""},
		{0, "assessment", "preview.ready/security-assessment", ""},
		{0, "metrics", "", workflows.Ambiguous},
		{0, "p", "", workflows.Ambiguous},
		{0, "performance", "preview.ready/performance-metrics", ""},
		{0, "docs", "preview.ready/preliminary-docs", ""}, // a word inside, in the next gate
		{2, "docs", "ga.ready/public-docs", ""},
		{1, "docs", "ga.ready/public-docs", ""},        // what is ahead counts before what was passed
		{0, "public-docs", "ga.ready/public-docs", ""}, // a whole name later counts more than a word inside now
		{0, "alerts", "", workflows.Ambiguous},         // in two later gates
		{1, "alerts", "preview.done/alerts", ""},
		{2, "alerts", "ga.ready/alerts", ""},
		{0, "ga.ready/alerts", "ga.ready/alerts", ""},
		{1, "ga.ready/a", "ga.ready/alerts", ""},
		{0, "leftovers", "", workflows.Ambiguous},
		{4, "leftovers", "", workflows.Ambiguous}, // closed: nothing comes next
		{0, "ga.ready", "", workflows.UnknownItem},
		{0, "udit", "", workflows.UnknownItem},
		{0, "nothing-like-it", "", workflows.UnknownItem},
	} {
		r := s.Release
		r.Passed = c.passed
		g, i, err := r.Select(c.word, s.f, "sign")
		var no *workflows.Refusal
		switch errors.As(err, &no); {
		case c.why == "" && (err != nil || g.Full(i) != c.want):
			t.Errorf("%s after %d gates: %s, %v; want %s", c.word, c.passed, g.Full(i), err, c.want)
		case c.why != "" && (no == nil || no.Reason != c.why || len(no.Next) == 0):
			t.Errorf("%s after %d gates: %s, %v; want %s", c.word, c.passed, g.Full(i), err, c.why)
		}
	}
}

func TestSelectNearest(t *testing.T) {
	s := begin(t, New{ID: "app@1.0", Risk: policy.Low})
	_, _, err := s.Select("chnagelog", s.f, "sign")
	var no *workflows.Refusal
	if !errors.As(err, &no) || len(no.Nearest) == 0 || no.Nearest[0] != "changelog" || !slices.Equal(no.Next, []string{"/release sign changelog"}) {
		t.Errorf("%+v", err)
	}
	_, _, err = s.Select(strings.Repeat("\u202e", 50), s.f, "sign")
	if !errors.As(err, &no) || strings.Contains(no.Error(), "\u202e") {
		t.Errorf("%q", err)
	}
}

// What a tier adds, and only there.
func TestAddedItems(t *testing.T) {
	for name, want := range map[string][][]string{
		"simple":  {{"changelog", "rollback-plan", "tests", "way-back"}, {"announced", "healthy", "validation"}},
		"hotfix":  {{"on-call-told", "rollback-plan", "tests", "way-back"}, {"retrospective", "validation"}},
		"feature": {nil, nil, nil, nil},
	} {
		low, normal := Templates()[name].At(policy.Low), Templates()[name].At(policy.Normal)
		for i := range low {
			if diff := cmp.Diff(keys(Templates()[name].Gates[i].Items), keys(low[i].Items)); diff != "" {
				t.Errorf("low adds to %s: %s", name, diff)
			}
			if want[i] != nil && !slices.Equal(keys(normal[i].Items), want[i]) {
				t.Errorf("%s %s at normal: %v", name, normal[i].Key(), keys(normal[i].Items))
			}
		}
	}
	feature := Templates()["feature"].At(policy.Normal)
	for i, more := range [][]string{{"tests"}, nil, {"tests", "rollback-plan"}, {"validation"}} {
		if got := len(feature[i].Items) - len(Templates()["feature"].Gates[i].Items); got != len(more) {
			t.Errorf("%s gets %d more, want %v", feature[i].Key(), got, more)
		}
	}
	if n := len(Templates()["simple"].Gates[0].Items); n != 3 {
		t.Errorf("adding changed the template: %d items", n)
	}
}

// A template's revision is its content: stable, and another for any change.
func TestTemplateRevision(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*Template){
		"as it is": func(*Template) {},
		"name":     func(x *Template) { x.Name = "other" },
		"risk":     func(x *Template) { x.Risk = policy.Normal },
		"item":     func(x *Template) { x.Gates[0].Items[0].Text += "." },
		"binding":  func(x *Template) { x.Gates[0].Items[0].Binds = ToTree },
		"order":    func(x *Template) { x.Gates[0].Items[0], x.Gates[0].Items[1] = x.Gates[0].Items[1], x.Gates[0].Items[0] },
		"fewer":    func(x *Template) { x.Gates = x.Gates[:1] },
	} {
		x := Template{Name: simple.Name, Risk: simple.Risk, Gates: simple.At(policy.Low)}
		change(&x)
		if other, twice := seen[x.Revision()]; twice {
			t.Errorf("%s and %s have the same revision", name, other)
		}
		seen[x.Revision()] = name
	}
	if seen[simple.Revision()] != "as it is" {
		t.Error("a copy has another revision")
	}
}
