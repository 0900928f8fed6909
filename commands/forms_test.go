package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// prefilled are a form's values as it opens.
func prefilled(f *chat.Form) map[string]string {
	out := map[string]string{}
	for _, x := range f.Fields {
		if x.Value != "" {
			out[x.Key] = x.Value
		}
	}
	return out
}

// TestFormsKeepWhatWasTyped: what is no field stays in the line, what is one is filled in already, and sending the form
// does what the whole line would.
func TestFormsKeepWhatWasTyped(t *testing.T) {
	for text, want := range map[string]struct {
		line   string
		values map[string]string
		fill   map[string]string
		does   string // of the answer
	}{
		"new --risk low --cutoff friday --why 'only words' --dry-run": {`new --cutoff 2026-03-06 --dry-run`, map[string]string{"release": "app@", "risk": "low", "why": "only words"},
			map[string]string{"release": "app@2.0.0"}, "DRY RUN app 2.0.0 · before GA"},
		"new --paths docs/,api/":              {`new --paths docs/,api/`, map[string]string{"release": "app@"}, map[string]string{"release": "app@search", "template": "feature"}, ""},
		"item assign docs --due friday":       {"item assign app@invoices preview.ready/preliminary-docs", map[string]string{"due": "2026-03-06"}, map[string]string{"who": "@mia"}, "preview.ready/preliminary-docs is @mia's to make true, due Friday 2026-03-06"},
		"item assign docs --dry-run":          {"item assign app@invoices preview.ready/preliminary-docs --dry-run", nil, map[string]string{"who": "@mia"}, "DRY RUN preview.ready/preliminary-docs is @mia's to make true"},
		"item assign":                         {"item assign app@invoices", nil, map[string]string{"who": "@mia", "item": "ga.ready/public-docs"}, "ga.ready/public-docs is @mia's"},
		"item ask -- look at the new page":    {"item ask app@invoices", map[string]string{"note": "look at the new page"}, map[string]string{"who": "@ben", "item": "preview.ready/preliminary-docs"}, "asked @ben to sign preview.ready/preliminary-docs"},
		"item plan util @mia":                 {"item plan app@invoices preview.ready/utilization-metrics", map[string]string{"who": "@mia"}, map[string]string{"due": "friday", "what": "a dashboard"}, "plan preview.ready/utilization-metrics · @mia by"},
		"item waive util --until friday":      {"item waive app@invoices preview.ready/utilization-metrics", map[string]string{"until": "2026-03-06"}, map[string]string{"who": "@mia", "reason": "it is late"}, "Waive for app invoices?"},
		"item add":                            {"item add app@invoices", nil, map[string]string{"where": "runbook"}, "added preview.ready/runbook"},
		"item add --role sre -- it holds":     {"item add app@invoices", map[string]string{"role": "sre", "text": "it holds"}, map[string]string{"where": "ga.ready", "key": "load-test"}, "added ga.ready/load-test, signed by sre"},
		"scope add --label big -- a customer": {"scope add --rel app@invoices --label big", map[string]string{"reason": "a customer"}, map[string]string{"what": "#7", "for": "@mia"}, "#7"},
		"candidate set --build app=sha256:1":  {"candidate set app@invoices", map[string]string{"build": "app=sha256:1"}, map[string]string{"ref": "next"}, "8be1d02"},
		"candidate set --dry-run":             {"candidate set app@invoices --dry-run", nil, map[string]string{"ref": "next"}, "DRY RUN"},
		"flag new --why dark":                 {"flag new app@invoices", map[string]string{"why": "dark"}, map[string]string{"flag": "totals"}, "flag totals of app invoices"},
		"flag set invoices --env production":  {"flag set invoices", map[string]string{"env": "production"}, map[string]string{"to": "0%"}, "invoices is at 0 % in production"},
		"flag kill invoices --dry-run":        {"flag kill invoices --dry-run", nil, map[string]string{"reason": "totals"}, ""},
		"hold --dry-run":                      {"hold app@invoices --dry-run", nil, map[string]string{"reason": "wait"}, "DRY RUN app invoices is on hold"},
		"sign --as sre --dry-run":             {"sign app@invoices --as sre --dry-run", map[string]string{"item": "preview.ready/performance-metrics", "vote": "ok"}, nil, "DRY RUN ok preview.ready/performance-metrics · @ana as sre"},
		"notes edit --dry-run":                {"notes edit app@invoices --dry-run", nil, map[string]string{"text": "words"}, "DRY RUN"},
		"brief draft --changes this":          {"brief draft app@invoices", map[string]string{"changes": "this", "contact": "@ana"}, map[string]string{"help": "that"}, ""},
	} {
		t.Run(text, func(t *testing.T) {
			o := open(t)
			o.does("ana", "new app@invoices --template feature --why small", "flag new invoices")
			r := o.types("ana", text)
			if r.Form == nil || r.Refusal != nil {
				t.Fatalf("no form opens: %s", answered(r))
			}
			if r.Form.Line != want.line {
				t.Errorf("sends %q, want %q", r.Form.Line, want.line)
			}
			for key, value := range want.values {
				if got := prefilled(r.Form)[key]; got != value {
					t.Errorf("%s begins as %q, want %q", key, got, value)
				}
			}
			done := o.submit("ana", r.Form, want.fill)
			if done.Refusal != nil && done.Refusal.Reason != workflows.Unchanged || !strings.Contains(answered(done), want.does) {
				t.Errorf("sent with %v it is answered %s", want.fill, answered(done))
			}
		})
	}
}

// TestFormsOfferWhatFits: each item that a form offers somebody can be chosen, and where nothing is theirs no form opens.
func TestFormsOfferWhatFits(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@invoices --template feature --why small", "item assign docs @mia", "item ask util @ben", "sign util block -- nothing is measured", "item waive audit @ben --until friday -- later",
		"sign perf,security,prod,tests", "item plan prelim @ben --due friday -- the rest", "sign util withdraw")
	o.does("ben", "sign util", "advance", "item add ga.done own-look -- look")
	chosen := 0
	for _, by := range []string{"ana", "ben", "mia"} {
		for verb, rest := range map[string]string{"item ask": "", "item assign": " @zoe", "item plan": " @mia --due friday --dry-run -- x", "item waive": " @mia --until friday --dry-run -- x", "sign": " ok --dry-run"} {
			if verb == "item assign" || verb == "item ask" {
				rest = strings.ReplaceAll(rest, "@zoe", "@mia") + " --dry-run"
			}
			r := o.types(by, verb)
			if r.Form == nil {
				if r.Refusal == nil || r.Refusal.Reason != workflows.NotAllowed {
					t.Errorf("%s types %s: %s", by, verb, answered(r))
				}
				continue
			}
			item := r.Form.Fields[0]
			if item.Key != "item" || len(item.Choices) == 0 {
				t.Fatalf("%s chooses from %+v", by, item)
			}
			for _, full := range item.Choices {
				chosen++
				if got := o.types(by, verb+" "+full+rest); got.Refusal != nil && got.Refusal.Reason != workflows.Unchanged {
					t.Errorf("%s is offered %s to %s: %s", by, full, verb, answered(got))
				}
			}
		}
	}
	if chosen < 40 {
		t.Errorf("%d items were offered", chosen)
	}
	if r := o.types("ana", "item waive"); !slices.Contains(r.Form.Fields[0].Choices, "preview.done/soak") == strings.Contains(answered(o.types("ana", "check")), "must stay open") {
		t.Errorf("the soak: %v", r.Form.Fields[0].Choices)
	}
}

// TestTheReleaseIsChosenInTheForm: where several may be meant, and the one that is chosen is meant.
func TestTheReleaseIsChosenInTheForm(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	o.request("ana", random, "new app@2.0.0", false, nil)
	for text, fill := range map[string]map[string]string{"scope add": {"what": "#7"}, "candidate set": {"ref": "next"}, "flag new": {"flag": "totals"}} {
		r := o.request("ana", nowhere, text, true, nil)
		if r.Form == nil || r.Form.Fields[0].Key != relName || !slices.Equal(r.Form.Fields[0].Choices, []string{"app@1.0.0", "app@2.0.0"}) {
			t.Errorf("%q asks %s", text, answered(r))
			continue
		}
		fill[relName] = "app@2.0.0"
		if done := o.request("ana", nowhere, r.Form.Value(), false, fill); done.Refusal != nil || done.Message == nil {
			t.Errorf("%q with %v: %s", text, fill, answered(done))
		}
		if r := o.types("ana", text); r.Form == nil || r.Form.Fields[0].Key == relName {
			t.Errorf("where it is clear, %q asks %s", text, answered(r))
		}
	}
	if said := answered(o.types("ana", "scope --rel app@2.0.0")); !strings.Contains(said, "#7") {
		t.Errorf("the chosen release has %s", said)
	}
}

// TestManyItemsAreWritten: what no list can hold is asked for in words.
func TestManyItemsAreWritten(t *testing.T) {
	var names []string
	for i := range maxChoices + 1 {
		names = append(names, fmt.Sprintf("ga.ready/own-%d", i))
	}
	if f := itemField(names); len(f.Choices) > 0 || f.Hint == "" || !f.Required {
		t.Errorf("%+v", f)
	}
	if f := itemField(names[1:]); len(f.Choices) != maxChoices || f.Value != "" {
		t.Errorf("%+v", f)
	}
	if d := cmp.Diff(chat.Field{Key: "item", Label: "Item", Required: true, Value: "a/b", Choices: []string{"a/b"}}, itemField([]string{"a/b"})); d != "" {
		t.Error(d)
	}
}

// TestFormsOpenForWhoMay: whoever may type the line gets its form, and nobody whom the book keeps from it does.
func TestFormsOpenForWhoMay(t *testing.T) {
	h := openHall(t)
	for _, row := range All {
		if row.Form == nil {
			continue
		}
		want, text := who[row.Name()], row.Name()
		for _, k := range kinds() {
			r := h.typed(k.account("console"), text)
			switch may := slices.ContainsFunc(k.may, func(c class) bool { return c == want.may }); {
			case may && (denied(r) || r.Form == nil):
				t.Errorf("%s types %q, and is answered %s", k.name, text, answered(r))
			case row.Needs == workflows.Anyone: // even a stranger's
			case !k.known && r.Form != nil, row.Needs != workflows.Member && row.Needs != workflows.Holder && !may && r.Form != nil:
				t.Errorf("%s types %q, and a form opens", k.name, text)
			}
		}
	}
}

// TestWhatIsWrongIsNotAskedOn: an item or flag that is not there is refused before anybody writes a reason for it.
func TestWhatIsWrongIsNotAskedOn(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	for text, reason := range map[string]workflows.Reason{"item waive nothing": workflows.UnknownItem, "item assign nothing": workflows.UnknownItem, "item plan testz": workflows.UnknownItem,
		"flag kill nothing": "unknown_flag", "flag set nothing": "unknown_flag", "flag kill": workflows.Invalid, "item assign --rel web@1.0.0": workflows.UnknownRelease} {
		if r := o.types("ana", text); r.Refusal == nil || r.Form != nil || r.Refusal.Reason != reason || len(r.Refusal.Next) == 0 {
			t.Errorf("%q is answered %s", text, answered(r))
		}
	}
}
