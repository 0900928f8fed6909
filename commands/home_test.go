package commands

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// page is somebody's own page as text, with its buttons.
func (o *office) page(by string) (string, []chat.Button) {
	o.t.Helper()
	var b strings.Builder
	var buttons []chat.Button
	for _, m := range Home(o.desk, newLog(&o.log))(o.t.(*testing.T).Context(), chat.Request{ID: "h1", By: workflows.Handle("console/" + by), When: o.now}) {
		b.WriteString(answered(chat.Reply{Message: &m}) + "\n")
		buttons = append(buttons, m.Buttons...)
	}
	return b.String(), buttons
}

// TestHomeButtonsLeadOn: every button of everybody's page can be pressed from nowhere in particular by whom it was drawn
// for, and none of them changes anything by itself.
func TestHomeButtonsLeadOn(t *testing.T) {
	o := busy(t)
	o.does("ana", "resume")
	o.request("ana", random, "new app@invoices --template feature --why small --target friday", false, nil)
	o.does("ana", "item assign app@invoices docs @mia", "item ask app@invoices util @ben", "flag new app@invoices totals")
	o.does("ben", "sign app@invoices perf needs-work -- red", "sign app@invoices audit block -- nothing is logged")
	pressed := map[string]bool{}
	for _, by := range []string{"ana", "ben", "mia"} {
		text, buttons := o.page(by)
		for _, b := range buttons {
			pressed[strings.Fields(b.Line)[0]] = true
			before := answered(o.types("ana", "audit --rel app@invoices")) + answered(o.types("ana", "audit --rel app@1.0.0"))
			r := o.request(by, workflows.Direct("console/"+workflows.Handle(by)), b.Value(), true, nil)
			if r.Refusal != nil || r.Message == nil && r.Form == nil {
				t.Errorf("%s presses %s (%s): %s\n%s", by, b.Label, b.Line, answered(r), text)
			}
			if after := answered(o.types("ana", "audit --rel app@invoices")) + answered(o.types("ana", "audit --rel app@1.0.0")); after != before {
				t.Errorf("%s (%s) changed something", b.Label, b.Line)
			}
		}
	}
	for _, verb := range []string{"sign", "item", "brief", "status", "new"} {
		if !pressed[verb] {
			t.Errorf("no button of %s was pressed: %v", verb, pressed)
		}
	}
}

// TestHomeOfAnOutsider shows what anyone may see, and how to become known, and not a word of the team's.
func TestHomeOfAnOutsider(t *testing.T) {
	o := busy(t)
	for by, how := range map[string]string{"rob": "@rob has no role here", "stranger": "nobody here has the account console/stranger"} {
		text, buttons := o.page(by)
		if !strings.Contains(text, "app 1.0.0 is on its way") || !strings.Contains(text, how) || len(buttons) > 0 {
			t.Errorf("%s sees\n%s", by, text)
		}
		for _, word := range private {
			if strings.Contains(text, word) {
				t.Errorf("%s reads %q:\n%s", by, word, text)
			}
		}
		if one := answered(o.types(by, "home")); !strings.Contains(one, how) {
			t.Errorf("%s types home and reads %s", by, one)
		}
	}
}

// TestHomeIsOnesOwn: what waits for each, and what each waits for.
func TestHomeIsOnesOwn(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0 --risk low", "item assign way-back @mia")
	for by, want := range map[string][]string{"ana": {"1. app 1.0.0 · to sign: tests, changelog", "way-back · waiting for @mia to do it", "New release…"}, "mia": {"1. app 1.0.0 · to do: way-back"}, "ben": {"to sign: tests"}} {
		text, _ := o.page(by)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s misses %q in\n%s", by, w, text)
			}
		}
		if by == "mia" && strings.Contains(text, "New release") {
			t.Errorf("mia may open a release:\n%s", text)
		}
	}
}

// TestHomeFaults: a fault is a reference there, too.
func TestHomeFaults(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	var log bytes.Buffer
	for _, fault := range []error{errors.New("disk: token xoxb-1"), workflows.Refuse(workflows.UnknownRelease, "it is gone")} {
		m := Home(away{o.desk, fault}, newLog(&log))(t.Context(), chat.Request{ID: "h77", By: "console/ana", When: o.now})
		if text := answered(chat.Reply{Message: &m[0]}); len(m) != 1 || strings.Contains(text, "xoxb") || !strings.Contains(text, "h77") && !strings.Contains(text, "it is gone") {
			t.Errorf("ana sees %s", text)
		}
	}
	if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "xoxb-1") {
		t.Errorf("logged %q", log.String())
	}
}
