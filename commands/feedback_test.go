package commands

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/feedback"
)

// TestFeedbackForm: without a text a form asks for it, with what was given already in its field; sent, it is heard.
func TestFeedbackForm(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	for _, by := range []string{"ana", "rob", "nobody"} {
		r := o.types(by, "feedback add https://forum.example.org/t/7")
		if r.Form == nil {
			t.Fatalf("%s is not asked: %s", by, answered(r))
		}
		want := []chat.Field{
			{Key: "text", Label: "What happened, or what you wish", Hint: "about app 1.0.0; the team reads it", Required: true, Long: true, Kind: chat.KindRest},
			{Key: "url", Label: "Link", Hint: "where there is more to see", Value: "https://forum.example.org/t/7", Kind: chat.KindURL}}
		if diff := cmp.Diff(want, r.Form.Fields); diff != "" {
			t.Error(diff)
		}
		if r = o.request(by, general, r.Form.Value(), true, map[string]string{"url": "nowhere", "text": "it is slow"}); r.Wrong["url"] == "" {
			t.Errorf("a link that is none: %s %v", answered(r), r.Wrong)
		}
		if r = o.request(by, general, "feedback add --rel app@1.0.0", true, map[string]string{"url": "https://forum.example.org/t/7"}); r.Wrong["text"] == "" {
			t.Errorf("sent without a text: %s %v", answered(r), r.Wrong)
		}
		r = o.request(by, general, "feedback add --rel app@1.0.0", true, map[string]string{"text": "it is slow\nvery slow"})
		if r.Refusal != nil || !strings.HasPrefix(r.Message.Title, "heard as #") {
			t.Errorf("%s", answered(r))
		}
	}
}

// TestFeedbackAnswers: what an outsider is answered holds nothing of the team's, and whoever may plan is told how.
func TestFeedbackAnswers(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0 --risk low")
	const thanks = "heard as #1 of app 1.0.0 · thank you\nit is for the team: nothing of it is shown in public"
	if got := answered(o.does("nobody", "feedback add -- the SECRET totals are wrong")); got != thanks {
		t.Errorf("%s", got)
	}
	for _, c := range []struct{ by, line, want string }{
		{"nobody", "feedback", "feedback on app 1.0.0 · 1 heard, 0 answered"},
		{"rob", "feedback list", "feedback on app 1.0.0 · 1 heard, 0 answered"},
		{"ana", "feedback --public", "feedback on app 1.0.0 · 1 heard, 0 answered"},
		{"nobody", "feedback add --dry-run -- more", "DRY RUN heard as #2 of app 1.0.0 · thank you · nothing changed, nobody told\nit is for the team: nothing of it is shown in public"},
	} {
		if got := strings.TrimSpace(answered(o.does(c.by, c.line))); got != c.want {
			t.Errorf("%s types %q: %s", c.by, c.line, got)
		}
	}
	if got := answered(o.types("mia", "feedback list")); !strings.Contains(got, "#1 · the SECRET totals are wrong · by console/nobody") {
		t.Errorf("%s", got)
	}
	if got := o.does("mia", "feedback add -- two").Message.Title; !strings.HasSuffix(got, "thank you → /release feedback plan app@1.0.0 2 @owner --due friday") {
		t.Errorf("%s", got)
	}
	if no := o.types("nobody", "feedback add -- the SECRET totals are wrong").Refusal; no == nil || no.Reason != workflows.Unchanged {
		t.Errorf("the same again: %v", no)
	}
}

// TestFeedbackBesideVotes: what has neither plan nor fix is said beside the votes that it bears on, and keeps nobody from
// signing.
func TestFeedbackBesideVotes(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@invoices --template feature --risk low --why small", "feedback add -- one", "feedback add -- two")
	const hint = "2 wishes heard have neither plan nor fix → /release feedback list"
	for _, line := range []string{"item show preview.done/leftovers", "sign preview.done/leftovers https://example.org/issues", "sign ga.done/leftovers na -- none of it"} {
		if got := answered(o.does("ana", line)); strings.Count(got, hint) != 1 {
			t.Errorf("%s: %s", line, got)
		}
	}
	for _, line := range []string{"check", "item show preview.ready/audit-logs", "sign performance-metrics,audit-logs", "sign ga.done/leftovers needs-work -- look"} {
		if got := answered(o.does("ana", line)); strings.Contains(got, "heard") {
			t.Errorf("%s: %s", line, got)
		}
	}
	o.does("ana", "feedback plan 1 @ben --due friday", "feedback done #2 -- it was")
	for line, want := range map[string]string{"item show preview.done/feedback": "heard: 1 planned, 1 done → /release feedback list", "item show preview.done/leftovers": ""} {
		got := answered(o.does("ana", line))
		if want == "" && strings.Contains(got, "heard") || !strings.Contains(got, want) {
			t.Errorf("%s: %s", line, got)
		}
	}
}

// TestFeedbackNumbers: what is no number of the list is refused in words.
func TestFeedbackNumbers(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0", "feedback add -- one")
	for line, want := range map[string]workflows.Reason{
		"feedback done x": workflows.Invalid, "feedback done 0": workflows.Invalid, "feedback done 99999999999999999999": workflows.Invalid, "feedback done #": workflows.Invalid,
		"feedback done": workflows.Invalid, "feedback plan 1 @ben": workflows.Invalid, "feedback plan 1 --due friday": workflows.Invalid, "feedback add it is slow": workflows.Invalid,
		"feedback done 2": feedback.UnknownEntry, "feedback plan 2 @ben --due friday": feedback.UnknownEntry, "feedback plan 1 @rob --due friday": workflows.NotAllowed,
		"feedback plan 1 @zed --due friday": workflows.UnknownPerson,
	} {
		if no := o.types("ana", line).Refusal; no == nil || no.Reason != want || len(no.Next) == 0 {
			t.Errorf("%q: %v, want %s", line, no, want)
		}
	}
}
