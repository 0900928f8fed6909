package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
	"github.com/readyroom/readyroom/workflows/release"
)

// secret stands in every private text of the office, and private are the people and things that only the team knows of.
const secret = "keep this"

var private = []string{secret, "@ana", "@ben", "@mia", "3f2a9c1", "tests", "risk", "#general", "flag", "held", "hold"}

// busy is an office with a release of everything in it.
func busy(t tester) *office {
	o := open(t)
	o.does("ana", "new app@1.0.0 --title '"+secret+"' --why '"+secret+"' --target friday", "flag new invoices --why '"+secret+"'",
		"sign tests -- "+secret, "notes draft", "notes edit -- "+secret, "brief draft --changes '"+secret+"' --help '"+secret+"'",
		"brief send", "hold -- "+secret)
	return o
}

// TestWhoHasNoRoleSeesThePublicView: a person without a role, and one whom nobody knows, get the public status, list
// and notes, and a refusal everywhere else. No answer holds a word of the team's.
func TestWhoHasNoRoleSeesThePublicView(t *testing.T) {
	for by, reason := range map[string]workflows.Reason{"rob": workflows.NotAllowed, "stranger": workflows.UnknownPerson} {
		o := busy(t)
		for _, c := range All {
			lines := append(slices.Clone(c.Examples), c.Name(), c.Name()+" --rel app")
			for _, text := range lines {
				r := o.types(by, text)
				ref := r.Refusal
				switch {
				case c.Needs == workflows.Anyone:
				case ref == nil:
					t.Errorf("%s may type %q: %s", by, text, answered(r))
				case ref.Reason != reason && ref.Reason != workflows.Invalid && ref.Reason != workflows.NeedsReason:
					t.Errorf("%s types %q and is told %v", by, text, ref)
				}
				if c.Name() == "help" || ref != nil && (ref.Reason == workflows.NotAllowed || ref.Reason == workflows.Invalid || ref.Reason == workflows.NeedsReason) {
					continue // they speak of words of the grammar, and say who may
				}
				for _, word := range private {
					if strings.Contains(answered(r), word) {
						t.Errorf("%s types %q and reads %q:\n%s", by, text, word, answered(r))
					}
				}
			}
		}
		for text, want := range map[string]string{"status": "app 1.0.0 is on its way", "list": "releases", "": "app 1.0.0 is on its way",
			"notes": "no_notes: app 1.0.0 has no published notes → /release status"} {
			if r := o.types(by, text); r.Message.Title != want {
				t.Errorf("%s types %q and reads %q, want %q", by, text, r.Message.Title, want)
			}
		}
	}
}

// TestASlipTellsAnOutsiderNothing: what is near to a word that does not exist is the team's to know.
func TestASlipTellsAnOutsiderNothing(t *testing.T) {
	o := busy(t)
	for _, by := range []string{"rob", "stranger"} {
		for _, text := range []string{"flag set invoces 10%", "flag show invoces", "flag kill invoces -- x", "item show test", "sign test", "todo @an", "brief send @suport"} {
			if got := answered(o.types(by, text)); strings.Contains(got, "invoices") || strings.Contains(got, "ga.ready") || strings.Contains(got, "support") {
				t.Errorf("%s types %q and learns: %s", by, text, got)
			}
		}
	}
}

// TestTheInsiderSeesTheTeamsView, and --public shows them what the others see.
func TestTheInsiderSeesTheTeamsView(t *testing.T) {
	o := busy(t)
	if got := answered(o.types("mia", "status")); !strings.Contains(got, secret) || !strings.Contains(got, "ON HOLD") {
		t.Errorf("mia reads %s", got)
	}
	if got := answered(o.types("ana", "status --public")); got != "app 1.0.0 is on its way\n\nTell me when it ships feedback follow app@1.0.0 ships\nFeedback feedback add app@1.0.0" {
		t.Errorf("ana sees as others see: %q", got)
	}
	for _, text := range []string{"check", "item list", "item show tests", "candidate show", "candidate diff", "todo", "todo @ben", "list", "list mine", "flag list",
		"flag show invoices", "flag show invoices --for user-42", "notes", "brief", "brief status", "remind list", "admin roles", "help", "help sign"} {
		if r := o.types("ana", text); r.Refusal != nil || r.Message == nil {
			t.Errorf("ana types %q: %s", text, answered(r))
		}
	}
	if r := o.types("mia", "admin roles"); r.Refusal == nil || r.Refusal.Reason != workflows.NotAllowed {
		t.Errorf("mia reads who holds what: %s", answered(r))
	}
}

// TestChoicesAreLinesThatWork: where a release has to be chosen, each choice is the whole line again, and does what was
// meant.
func TestChoicesAreLinesThatWork(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	o.request("ana", random, "new app@invoices --template feature", false, nil)
	const nowhere = workflows.Place("console/#nowhere")
	for _, text := range []string{"check", "hold -- wait a moment", "sign tests -- seen", "candidate show", "notes draft", "brief", "item show tests",
		`set --title "a b"`, "check --rel app", "rollback plan", "sign", "flag new dark --why 'not yet'"} {
		r := o.request("ana", nowhere, text, false, nil)
		if r.Refusal == nil || len(r.Choices) != 2 {
			t.Errorf("%q does not ask which: %s", text, answered(r))
			continue
		}
		for _, c := range r.Choices {
			before := o.now
			got := o.request("ana", nowhere, c.Line, false, nil)
			if got.Refusal != nil && (got.Refusal.Reason == workflows.WhichRelease || got.Refusal.Reason == workflows.Ambiguous || got.Refusal.Reason == workflows.Invalid) {
				t.Errorf("%q offers %q, which does not work: %s", text, c.Line, answered(got))
			}
			p, err := All.Parse(c.Line, Context{Now: before})
			if err != nil || p.Args.On.Release != c.Label {
				t.Errorf("%q offers %q for %s: %v %v", text, c.Line, c.Label, p.Args.On, err)
			}
		}
	}
}

// TestFormsComeBack: every form that a command opens can be submitted as it stands, and is then the whole command.
func TestFormsComeBack(t *testing.T) {
	o := busy(t)
	o.does("ana", "resume")
	opened := 0
	for _, c := range All {
		if c.Form == nil {
			continue
		}
		text := c.Name()
		for _, p := range c.Params {
			if p.Required && p.Kind == chat.KindFlag {
				text += " invoices" // a button names it
			}
		}
		r := o.types("ana", text)
		if r.Form == nil {
			t.Errorf("%s opens no form: %s", c.Name(), answered(r))
			continue
		}
		opened++
		head, about, _ := strings.Cut(r.Form.Title, " · ") // what it is about, a modal says below its head where there is no room
		if about != "" && about != "app 1.0.0" {
			t.Errorf("%s is about %q", c.Name(), about)
		}
		if n := len([]rune(head)); n > modalTitle || len([]rune(r.Form.Submit)) > modalTitle {
			t.Errorf("%s is titled %q, to send it %q: a modal has %d characters for each", c.Name(), r.Form.Title, r.Form.Submit, modalTitle)
		}
		values := map[string]string{}
		for _, f := range r.Form.Fields {
			p, ok := c.param(f.Key)
			if !ok {
				t.Errorf("the form of %s asks for %s, which the command does not take", c.Name(), f.Key)
			}
			values[f.Key] = f.Value
			if f.Kind != p.Kind {
				t.Errorf("the form of %s says that %s holds %q, not %q", c.Name(), f.Key, f.Kind, p.Kind)
			}
			if f.Required && (f.Value == "" || p.Kind == chat.KindNew) {
				values[f.Key] = filled(f, p.Kind)
			}
		}
		p, err := All.Parse(r.Form.Line, Context{Now: o.now, Values: values})
		if err != nil || len(p.Missing) > 0 || p.Command.Name() != c.Name() {
			t.Errorf("the form of %s sends %q: %v, lacking %v", c.Name(), r.Form.Line, err, p.Missing)
		}
		delete(values, r.Form.Fields[0].Key)
		if again := o.request("ana", general, r.Form.Line, false, values); again.Form == nil {
			t.Errorf("%s without its first field is no form again: %s", c.Name(), answered(again))
		}
	}
	if opened < 14 {
		t.Errorf("%d forms were opened", opened)
	}
	if r := o.request("ana", general, "set", false, map[string]string{"target": "someday"}); r.Wrong["target"] == "" {
		t.Errorf("the field that is wrong is not named: %+v", r)
	}
}

// TestWhatIsRefusedIsSaidAtItsField: what reads well and is refused all the same is said beside its field, too, so that the
// form stays open and nobody types all of it again.
func TestWhatIsRefusedIsSaidAtItsField(t *testing.T) {
	for _, c := range []struct {
		line, field string
		values      map[string]string
	}{
		{"new", "release", map[string]string{"release": "app@invoices"}},
		{"new", "target", map[string]string{"release": "app@2.0.0", "target": "2020-01-01"}},
		{"new", "candidate", map[string]string{"release": "app@2.0.0", "candidate": "nonsense"}},
		{"new", "why", map[string]string{"release": "app@2.0.0", "template": "feature", "risk": "low"}},
		{"item assign app@invoices", "due", map[string]string{"item": "ga.ready/public-docs", "who": "@mia", "due": "2020-01-01"}},
		{"item assign app@invoices", "who", map[string]string{"item": "ga.ready/public-docs", "who": "@nobody"}},
		{"item plan app@invoices", "due", map[string]string{"item": "preview.ready/audit-logs", "who": "@mia", "due": "2020-01-01", "what": "a page"}},
		{"item waive app@invoices", "until", map[string]string{"item": "preview.ready/audit-logs", "who": "@mia", "until": "2020-01-01", "reason": "late"}},
		{"flag set invoices", "to", map[string]string{"to": "250%"}},
		{"flag set invoices", "env", map[string]string{"to": "0%", "env": "mars"}},
	} {
		t.Run(c.line+" "+c.field, func(t *testing.T) {
			o := open(t)
			o.does("ana", "new app@invoices --template feature --why small", "flag new invoices")
			r := o.request("ana", general, c.line, false, c.values)
			if r.Refusal == nil || r.Wrong[c.field] == "" || r.Wrong[c.field] != r.Refusal.Why {
				t.Errorf("wrong are %v: %s", r.Wrong, answered(r))
			}
		})
	}
}

// filled is what somebody writes in a field.
func filled(f chat.Field, k chat.Kind) string {
	switch {
	case len(f.Choices) > 0:
		return f.Choices[0]
	case k == chat.KindRest:
		return "because\nof this"
	}
	return map[chat.Kind]string{chat.KindPerson: "@ana", chat.KindDate: "friday", chat.KindItem: "docs", chat.KindNew: "app@2.0.0", chat.KindRef: "next",
		chat.KindPlanned: "#7", chat.KindIssue: "#7", chat.KindText: "10%"}[k]
}

// TestAQuestionIsPressedByItsAsker, once, and carries out what it asked.
func TestAQuestionIsPressedByItsAsker(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0", "sign tests,changelog,way-back")
	r := o.types("ana", "advance")
	if r.Message == nil || len(r.Message.Buttons) != 2 || !strings.HasPrefix(r.Message.Title, "Release app 1.0.0 (3f2a9c1) to everyone?") {
		t.Fatalf("nothing is asked: %s", answered(r))
	}
	yes, no := r.Message.Buttons[0].Value(), r.Message.Buttons[1].Value()
	if got := o.request("ben", general, yes, true, nil); got.Refusal == nil || got.Refusal.Reason != workflows.NotAllowed {
		t.Errorf("ben presses ana's question: %s", answered(got))
	}
	if got := o.request("ana", general, yes, true, nil); got.Refusal != nil || got.Message.Title != "app 1.0.0 is out · to close: announced, healthy" {
		t.Errorf("ana presses: %s", answered(got))
	}
	for _, again := range []string{yes, no} {
		if got := o.request("ana", general, again, true, nil); got.Refusal == nil || got.Refusal.Reason != workflows.Expired {
			t.Errorf("ana presses %s again: %s", again, answered(got))
		}
	}
	held := o.does("ana", "hold -- wait")
	if len(held.Message.Buttons) != 1 || held.Message.Buttons[0].Label != "Undo" {
		t.Fatalf("no way back: %s", answered(held))
	}
	if got := o.request("ana", general, held.Message.Buttons[0].Value(), true, nil); got.Refusal != nil {
		t.Errorf("undo: %s", answered(got))
	}
}

// TestAPressOnWhatChanged says so, and two presses at once both count.
func TestAPressOnWhatChanged(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	card := o.types("ana", "check").Message.Buttons
	if got := o.request("ben", general, card[0].Value(), true, nil); got.Refusal != nil {
		t.Errorf("ben presses: %s", answered(got))
	}
	if got := o.request("ana", general, card[0].Value(), true, nil); got.Refusal != nil {
		t.Errorf("ana presses the same: %s", answered(got))
	}
	o.does("ben", "candidate set next")
	if got := o.request("ana", general, card[1].Value(), true, nil); got.Refusal == nil || got.Refusal.Reason != workflows.Changed {
		t.Errorf("ana presses on another commit: %s", answered(got))
	}
}

// away is a desk whose store has gone.
type away struct {
	Desk
	err error
}

func (a away) Release(context.Context, workflows.Selectors, workflows.Place) (release.Release, error) {
	return release.Release{}, a.err
}

func (a away) Do(context.Context, workflows.Ask) (workflows.Receipt, error) {
	return workflows.Receipt{}, a.err
}

// TestAFaultIsAReference: people get a reference, the log gets the error under it.
func TestAFaultIsAReference(t *testing.T) {
	o := busy(t)
	fault := errors.New("read /var/lib/readyroom: token xoxb-1 is bad")
	for _, text := range []string{"status", "check", "sign tests", "hold -- x"} {
		o.log.Reset()
		h := Handler(away{o.desk, fmt.Errorf("view: %w", fault)}, newLog(&o.log))
		r := h(t.Context(), chat.Request{ID: "req-77", By: "console/ana", At: general, Text: text, When: o.now})
		if r.Refusal == nil || r.Refusal.Reason != "fault" || !strings.Contains(answered(r), "req-77") || strings.Contains(answered(r), "xoxb") {
			t.Errorf("%q is answered %s", text, answered(r))
		}
		if log := o.log.String(); !strings.Contains(log, "xoxb-1") || !strings.Contains(log, "req-77") || strings.Count(log, "\n") != 1 {
			t.Errorf("%q is logged %q", text, log)
		}
	}
	o.log.Reset()
	o.types("rob", "check")
	o.types("ana", "nonsense")
	if o.log.Len() > 0 {
		t.Errorf("a refusal is no fault: %s", o.log.String())
	}
}

// TestAForeignQuestionIsShownHarmless: what somebody else typed is shown to whoever presses their question, not acted on.
func TestAForeignQuestionIsShownHarmless(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0")
	yes := o.types("ana", "set --cancelled -- \u202eesrever").Message.Buttons[0].Value()
	if got := o.request("ben", general, yes, true, nil); got.Refusal == nil || strings.Contains(answered(got), "\u202e") || !strings.Contains(answered(got), `\u202eesrever`) {
		t.Errorf("ben reads %q", answered(got))
	}
}
