package commands

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/workflows"
)

// TestTypedRows: every listed row is there with all that it takes; what its form asks for may be left out, and stands
// behind nothing that is optional where it may not.
func TestTypedRows(t *testing.T) {
	typed := All.Typed()
	var listed []string
	for _, c := range All {
		if !c.Hidden {
			listed = append(listed, c.Name())
		}
	}
	var got []string
	for _, c := range typed {
		row, _ := All.row(c.Path...)
		got = append(got, row.Name())
		if c.Short != row.Short || len(c.Params) != len(row.Takes()) {
			t.Errorf("%s: %+v", row.Name(), c)
		}
		optional := false
		for _, p := range c.Params {
			declared, ok := row.param(p.Name)
			if want := declared.Required && row.Form == nil; !ok || p.Required != want {
				t.Errorf("%s: %s is required: %v, want %v", row.Name(), p.Name, p.Required, want)
			}
			if p.Required && optional {
				t.Errorf("%s: %s is required behind what is not", row.Name(), p.Name)
			}
			optional = optional || !p.Required
		}
	}
	if diff := cmp.Diff(listed, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	typed[0].Path[0] = "gone"
	if All[0].Path[0] == "gone" {
		t.Error("who changes the typed rows changes the table")
	}
}

// TestFormsAskForAllThatIsMissing: what may be left out of a typed line because there is a form is in that form, or the
// form says why there is nothing to ask.
func TestFormsAskForAllThatIsMissing(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0", "flag new invoices")
	for _, c := range All {
		if c.Form == nil {
			continue
		}
		r := o.types("ana", c.Name())
		if r.Form == nil {
			t.Errorf("%s alone opens no form: %s", c.Name(), answered(r))
			continue
		}
		for _, p := range c.Params {
			asked := slices.ContainsFunc(r.Form.Fields, func(f chat.Field) bool { return f.Key == p.Name })
			if p.Required && !asked {
				t.Errorf("%s: its form does not ask for %s", c.Name(), p.Name)
			}
		}
	}
}

// optionsOf are the values of a line that was understood, by parameter: what a typed tree would hand over for it.
func optionsOf(p Parsed) map[string]string {
	out := map[string]string{}
	for _, q := range p.Command.Takes() {
		if text := p.Args.Text(q.Name); text != "" {
			out[q.Name] = text
		}
	}
	if p.Args.On.Release != "" {
		out[relName] = p.Args.On.Release
	}
	if p.Args.Dry {
		out[dryName] = "true"
	}
	return out
}

// TestTypedOptionsSayWhatTheLineSays: the values of every example, given by name, are the same line.
func TestTypedOptionsSayWhatTheLineSays(t *testing.T) {
	for _, c := range All {
		for _, e := range c.Examples {
			line, err := All.Parse(e, at())
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			ctx := at()
			ctx.Values = optionsOf(line)
			options, err := All.Parse(root+" "+c.Name(), ctx)
			if err != nil || options.Args.Line != line.Args.Line || options.Args.On != line.Args.On {
				t.Errorf("%s: the options %q are %s, not %s: %v", e, ctx.Values, options.Args.Line, line.Args.Line, err)
			}
		}
	}
}

// TestTypedOptionsOpenForms: an option is no field that was sent: the form opens with it, finds nothing wrong yet, and an
// item that was named is not asked for again. A field that was sent without what is needed is wrong.
func TestTypedOptionsOpenForms(t *testing.T) {
	o := open(t)
	o.does("ana", "new app@1.0.0", "flag new invoices")
	ask := func(typed bool, text string, values map[string]string) chat.Reply {
		o.n++
		return o.handle(t.Context(), chat.Request{ID: "typed" + text, By: "console/ana", At: general, Text: text, Values: values, Typed: typed, When: o.now})
	}
	for text, c := range map[string]struct {
		values map[string]string
		title  string
		fields []string
	}{
		"item assign": {map[string]string{"item": "changelog"}, "Assign changelog · app 1.0.0", []string{"who", "due"}},
		"flag kill":   {map[string]string{"flag": "invoices"}, "Kill invoices", []string{"reason"}},
		"sign":        {map[string]string{"vote": "block"}, "Sign · app 1.0.0", []string{"item", "vote", "url", "note"}},
	} {
		r := ask(true, text, c.values)
		if r.Form == nil || len(r.Wrong) > 0 || r.Form.Title != c.title {
			t.Errorf("%s %q: %+v, wrong: %q: %s", text, c.values, r.Form, r.Wrong, answered(r))
			continue
		}
		var fields []string
		for _, f := range r.Form.Fields {
			fields = append(fields, f.Key)
		}
		if diff := cmp.Diff(c.fields, fields); diff != "" {
			t.Errorf("%s asks for (-want +got):\n%s", text, diff)
		}
		if sent := ask(false, text, c.values); len(sent.Wrong) == 0 {
			t.Errorf("%s was sent with no more than %q, and nothing is wrong", text, c.values)
		}
	}
	if r := ask(true, "sign", map[string]string{"item": "nothing"}); r.Refusal == nil || r.Refusal.Reason != workflows.UnknownItem || len(r.Wrong) > 0 {
		t.Errorf("an option that names nothing: %v, wrong: %q", r.Refusal, r.Wrong)
	}
}
