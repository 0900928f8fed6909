package commands

import (
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// submit sends a form as a platform does: a press, with the fields as values.
func (o *office) submit(by string, f *chat.Form, change map[string]string) chat.Reply {
	o.t.Helper()
	values := map[string]string{}
	for _, x := range f.Fields {
		values[x.Key] = x.Value
	}
	for k, v := range change {
		values[k] = v
	}
	return o.request(by, general, f.Value(), f.Basis != "", values)
}

// TestAFormOnWhatChanged: a form was opened before somebody else wrote the text and is submitted after: their words
// stay, and the answer says so. Opened anew, it counts.
func TestAFormOnWhatChanged(t *testing.T) {
	for line, c := range map[string]struct {
		values map[string]string
		reads  string // shows the text
	}{
		"notes edit":  {map[string]string{"text": "ana's words"}, "notes"},
		"brief draft": {map[string]string{"changes": "ana's words", "help": "help"}, "brief"},
	} {
		t.Run(line, func(t *testing.T) {
			o := open(t)
			o.does("ana", "new app@1.0.0", "notes edit -- first", "brief draft --changes first --help first")
			mine := o.types("ana", line).Form
			if mine == nil || mine.Basis == "" {
				t.Fatalf("the form says nothing of what it was opened at: %+v", mine)
			}
			o.does("ben", "notes edit -- the words of ben", "brief draft --changes 'the words of ben' --help x")
			if got := o.submit("ana", mine, c.values); got.Refusal == nil || got.Refusal.Reason != workflows.Changed {
				t.Errorf("ana submits: %s", answered(got))
			}
			if shown := answered(o.types("ana", c.reads)); !strings.Contains(shown, "the words of ben") || strings.Contains(shown, "ana's words") {
				t.Errorf("it reads %s", shown)
			}
			if got := o.submit("ana", o.types("ana", line).Form, c.values); got.Refusal != nil {
				t.Errorf("ana submits a form opened anew: %s", answered(got))
			}
			if shown := answered(o.types("ana", c.reads)); !strings.Contains(shown, "ana's words") {
				t.Errorf("it reads %s", shown)
			}
		})
	}
}

// pressed is the first button of an answer that carries a line of a verb.
func pressed(t *testing.T, r chat.Reply, verb string) string {
	t.Helper()
	if r.Message != nil {
		for _, b := range r.Message.Buttons {
			if strings.HasPrefix(b.Line, verb+" ") {
				return b.Value()
			}
		}
	}
	t.Fatalf("no button of %s in %s", verb, answered(r))
	return ""
}

// TestButtonsOfAnotherBuild: what was drawn at another build of the same commit says so, what is drawn anew comes back.
func TestButtonsOfAnotherBuild(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	old := pressed(t, o.types("ana", "check"), "sign")
	o.does("ben", "candidate set HEAD --build a=x")
	if got := o.request("ana", general, old, true, nil); got.Refusal == nil || got.Refusal.Reason != workflows.Changed {
		t.Errorf("the old button: %s", answered(got))
	}
	if got := o.request("ana", general, pressed(t, o.types("ana", "check"), "sign"), true, nil); got.Refusal != nil {
		t.Errorf("the new button: %s", answered(got))
	}
	o.does("ana", "sign tests,changelog,way-back -- again")
	advance := pressed(t, o.types("ana", "check"), "advance")
	o.does("ben", "candidate set HEAD --build a=y", "sign tests,changelog")
	if got := o.request("ana", general, advance, true, nil); got.Refusal == nil || got.Refusal.Reason != workflows.Changed {
		t.Errorf("advance, drawn at another build: %s", answered(got))
	}
	if got := o.request("ana", general, pressed(t, o.types("ana", "check"), "advance"), true, nil); got.Refusal != nil {
		t.Errorf("advance, drawn anew: %s", answered(got))
	}
}

// TestLoweringTheRiskNeedsAWhy, in the words that people type.
func TestLoweringTheRiskNeedsAWhy(t *testing.T) {
	o := open(t)
	no := o.types("ana", "new app@invoices --template feature --risk low").Refusal
	if no == nil || no.Reason != workflows.NeedsReason || len(no.Next) != 1 {
		t.Fatalf("lowered without a word: %v", no)
	}
	o.does("ana", strings.Replace(no.Next[0], "…", "'only wording'", 1))
	if shown := answered(o.types("ben", "status")); !strings.Contains(shown, "lowered by @ana") {
		t.Errorf("the card says %s", shown)
	}
}
