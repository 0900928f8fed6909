package embeds

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines/linestest"
	"github.com/readyroom/readyroom/internal/golden"
)

// asked is an input of a modal as somebody sees it.
type asked struct {
	label, hint, id, value string
	options                []string
	kind                   float64
	required, long         bool
}

// lookModal reads a modal as Discord shows it, and holds it to Discord's limits. It knows nothing but the JSON.
func lookModal(t testing.TB, m ModalData) (title string, texts []string, inputs []asked) {
	t.Helper()
	o := linestest.Decode(t, m).(object)
	title = o["title"].(string)
	hold(t, "modal title", title, 1, 45)
	hold(t, "modal id", o["custom_id"].(string), 1, 100)
	all := o["components"].([]any)
	if len(all) < 1 || len(all) > 5 {
		t.Errorf("a modal of %d", len(all))
	}
	ids := map[string]bool{}
	for _, c := range all {
		c := c.(object)
		if c["type"] == 10.0 {
			hold(t, "text", c["content"].(string), 1, 4000)
			for _, l := range letters(t, c["content"].(string)) {
				texts = append(texts, l.text)
			}
			continue
		}
		a := lookLabel(t, c)
		if ids[a.id] {
			t.Errorf("two have the id %q", a.id)
		}
		ids[a.id] = true
		inputs = append(inputs, a)
	}
	return title, texts, inputs
}

func lookLabel(t testing.TB, c object) (a asked) {
	t.Helper()
	if c["type"] != 18.0 {
		t.Fatalf("nobody expects a %v", c["type"])
	}
	a.label = c["label"].(string)
	hold(t, "label", a.label, 1, 45)
	if h, ok := c["description"].(string); ok {
		hold(t, "description", h, 1, 100)
		a.hint = h
	}
	e := c["component"].(object)
	a.id, a.kind = e["custom_id"].(string), e["type"].(float64)
	a.required, _ = e["required"].(bool)
	hold(t, "input id", a.id, 1, 100)
	if a.kind == 4 {
		a.value, _ = e["value"].(string)
		a.long = e["style"] == 2.0
		hold(t, "value", a.value, 0, 4000)
		if strings.Contains(a.value, "\n") && !a.long {
			t.Errorf("several lines in an input of one: %q", a.value)
		}
		if _, ok := e["label"]; ok {
			t.Error("an input has a label of its own")
		}
		return a
	}
	least, bound := e["min_values"].(float64)
	most, _ := e["max_values"].(float64)
	if !bound || a.required && least < 1 || most < 1 || most > 25 {
		t.Errorf("of %q, %v to %v are chosen", a.id, least, most)
	}
	var held []string
	if a.kind == 5 {
		for _, v := range listOf(e["default_values"]) {
			held = append(held, v.(object)["id"].(string))
		}
	}
	for _, op := range listOf(e["options"]) {
		op := op.(object)
		hold(t, "option", op["label"].(string), 1, 100)
		hold(t, "option value", op["value"].(string), 1, 100)
		a.options = append(a.options, op["label"].(string))
		if op["default"] == true {
			held = append(held, op["value"].(string))
		}
	}
	if a.kind == 3 && (len(a.options) < 1 || len(a.options) > 25) || float64(len(held)) > most {
		t.Errorf("%d options, %d of them held, %v allowed", len(a.options), len(held), most)
	}
	a.value = strings.Join(held, ",")
	return a
}

func listOf(v any) []any { all, _ := v.([]any); return all }

// submitted is what Discord sends of a modal that was sent as it came, through JSON; change may have entered something.
func submitted(t testing.TB, m ModalData, change func(asked) string) ModalSubmit {
	t.Helper()
	_, _, inputs := lookModal(t, m)
	var all []any
	users := object{}
	for i, a := range inputs {
		e := object{"type": a.kind, "custom_id": a.id, "id": 2*i + 1}
		v := a.value
		if change != nil {
			v = change(a)
		}
		switch {
		case a.kind == 4:
			e["value"] = v
		case v == "":
			e["values"] = []string{}
		default:
			e["values"] = strings.Split(v, ",")
			if a.kind == 5 {
				users[v] = object{"id": v, "username": "u" + v}
			}
		}
		all = append(all, object{"type": 18, "id": 2 * i, "component": e})
	}
	text, err := json.Marshal(object{"custom_id": m.CustomID, "components": all, "resolved": object{"users": users}})
	if err != nil {
		t.Fatal(err)
	}
	var out ModalSubmit
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// sentAll is a form sent as it came, all of its modals.
func sentAll(t testing.TB, all []ModalData) ModalSubmit {
	t.Helper()
	got := submitted(t, all[0], nil)
	for i, m := range all[1:] {
		if id, part := FormOf(m.CustomID); id != all[0].CustomID || part != i+2 {
			t.Errorf("%q is part %d of %q", m.CustomID, part, id)
		}
		got = got.With(submitted(t, m, nil))
	}
	return got
}

func same(u string) string { return u }

var forms = map[string]chat.Form{
	"form new": {Title: "New release", Line: "new", Submit: "Open it", Fields: []chat.Field{
		{Key: "release", Label: "Release", Hint: "product@version, or product@feature", Required: true, Value: "app@"},
		{Key: "title", Label: "What people call it"},
		{Key: "template", Label: "Checklist", Hint: "feature when left out", Choices: []string{"api", "feature", "hotfix", "simple"}},
		{Key: "risk", Label: "Risk", Hint: "as the checklist and the rules say when left out", Choices: []string{"low", "normal", "high"}},
		{Key: "candidate", Label: "Candidate", Hint: "a commit, branch or tag; HEAD when left out"},
		{Key: "target", Label: "Target", Hint: "friday, 2026-12-18, 14d"},
		{Key: "why", Label: "Why", Hint: "what it is for; why less care is enough", Long: true}}},
	"form sign": {Title: "Sign · app invoices", Line: "sign --rel app@invoices", Submit: "Sign", Fields: []chat.Field{
		{Key: "item", Label: "Item", Value: "preview.ready/tests", Choices: []string{"preview.ready/tests", "preview.ready/audit-logs"}, Required: true, Kind: chat.KindItems},
		{Key: "vote", Label: "Vote", Value: "ok", Choices: []string{"ok", "needs-work", "block", "na", "withdraw"}},
		{Key: "url", Label: "Evidence", Hint: "a link", Kind: chat.KindURL}, {Key: "note", Label: "Note", Long: true, Kind: chat.KindRest}}},
	"form plan": {Title: "Plan", Submit: "Plan", Fields: []chat.Field{{Key: "item", Label: "Item", Required: true}, {Key: "who", Label: "Who does it", Required: true, Kind: chat.KindPerson, Value: "53908232506183680"},
		{Key: "other", Label: "Who helps", Kind: chat.KindPerson}, {Key: "due", Label: "By when", Hint: "friday, 2026-12-18", Required: true, Kind: chat.KindDate, Value: "2026-12-18"}, {Key: "what", Label: "What will be done", Required: true, Long: true}}},
	"form assign": {Title: "Assign preview.ready/utilization-metrics of app invoices", Submit: "Assign", Fields: []chat.Field{{Key: "who", Label: "Who", Required: true, Kind: chat.KindPerson, Value: "@mia"}}},
	"form notes":  {Title: "Release notes", Submit: "Save", Basis: "~.2", Fields: []chat.Field{{Key: "text", Label: "Text", Hint: "Markdown", Required: true, Long: true, Value: "# Invoices\n\n" + strings.Repeat("- something was made *better*\n\n", 270)}}},
	"form briefing": {Title: "Briefing · app invoices", Submit: "Save draft", Fields: []chat.Field{
		{Key: "changes", Label: "What changes", Value: strings.Repeat("Invoices can be exported.\n", 200), Long: true, Required: true}, {Key: "help", Label: "How to help a user", Long: true, Required: true},
		{Key: "who", Label: "Who has it", Hint: "on which plans", Value: "all plans"}, {Key: "problems", Label: "Known problems", Hint: "and what helps", Long: true},
		{Key: "contact", Label: "Whom to ask", Value: "@ana"}, {Key: "line", Label: "One line for stakeholders"}}},
	"form add item": {Title: "Add an item", Submit: "Add", Fields: []chat.Field{{Key: "where", Label: "What", Hint: "one of the catalogue; or a gate, for an item of your own in it", Required: true, Choices: many(30)},
		{Key: "role", Label: "Of your own: who signs it", Kind: chat.KindRole, Choices: []string{"sre", "docs"}}}},
	"form confirm": {Title: "Confirm", Line: "confirm k3f9abcd", Submit: "Go on", Fields: []chat.Field{{Key: "answer", Label: "Type invoices", Hint: "app invoices is of high risk", Required: true}}},
}

func many(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("item-%d", i)
	}
	return out
}

func TestFormGoldens(t *testing.T) {
	for name, f := range forms {
		t.Run(name, func(t *testing.T) {
			all := Modals(f, "rr:form:7")
			var b strings.Builder
			for i, m := range all {
				if i > 0 {
					b.WriteString("=== next modal\n\n")
				}
				b.WriteString(modalSeen(t, m))
			}
			golden.Equal(t, "testdata/"+name+".txt", b.String())
			if name == "form sign" || name == "form plan" {
				golden.Equal(t, "testdata/"+name+".json", golden.JSON(t, all[0]))
			}
			got := Values(sentAll(t, all), same)
			for _, field := range f.Fields {
				if back, ok := got[field.Key]; !ok || back != field.Value {
					t.Errorf("%s was %q, comes back as %q", field.Key, field.Value, back)
				}
			}
		})
	}
}

// modalSeen is a modal as it is read.
func modalSeen(t *testing.T, m ModalData) string {
	title, texts, inputs := lookModal(t, m)
	out := []string{"# " + title}
	out = append(out, texts...)
	for _, a := range inputs {
		line := a.label
		if a.required {
			line += " *"
		}
		if a.hint != "" {
			line += " (" + a.hint + ")"
		}
		if len(a.options) > 6 {
			a.options = append(a.options[:5], fmt.Sprintf("… %d more", len(a.options)-5))
		}
		if len(a.value) > 300 {
			a.value = a.value[:120] + "…" + a.value[len(a.value)-60:]
		}
		kind := map[float64]string{3: "one of " + strings.Join(a.options, " | "), 4: "text", 5: "a member"}[a.kind]
		if a.long {
			kind = "long text"
		}
		out = append(out, line, "  ["+kind+"] "+strings.ReplaceAll(a.value, "\n", "\n    "))
	}
	for i, l := range out {
		out[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(out, "\n") + "\n"
}

func TestGoldensAreAllSeen(t *testing.T) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimSuffix(f.Name(), filepath.Ext(f.Name())), "-paged")
		name = strings.ReplaceAll(strings.TrimSuffix(name, "-marked"), "-", " ")
		if _, ok := drawings[name]; !ok && forms[name].Title == "" && !f.IsDir() {
			t.Errorf("nobody draws %s any more", f.Name())
		}
	}
}

func FuzzForm(f *testing.F) {
	kinds := []chat.Kind{chat.KindText, chat.KindItems, chat.KindPerson, chat.KindDate, chat.KindRest, chat.KindChoice}
	for i, s := range nasty {
		f.Add(s, s, nasty[(i+1)%len(nasty)], s, "ok,needs-work,block", uint8(i), uint8(1+i%4), i%2 == 0)
	}
	f.Add("Sign", "item", "ga.ready/tests", "", "ga.ready/tests,ga.ready/docs", uint8(1), uint8(1), true)
	f.Add("Plan", "who", "53908232506183680", "@name", "", uint8(2), uint8(6), true)
	f.Fuzz(func(t *testing.T, title, label, value, hint, choices string, kind, times uint8, switched bool) {
		form := chat.Form{Title: title, Submit: label}
		for i := range 1 + int(times)%12 {
			field := chat.Field{Key: fmt.Sprintf("f%d", i), Label: label, Hint: hint, Kind: kinds[(int(kind)+i)%len(kinds)],
				Long: switched, Required: i%2 == 0, Value: strings.Repeat(value, 1+int(times)/12)}
			if choices != "" && i%3 != 2 {
				field.Choices = strings.Split(choices, ",")
			}
			form.Fields = append(form.Fields, field)
		}
		if len(value)*int(times) > 400_000 {
			t.Skip()
		}
		all := Modals(form, "rr:form:7")
		got := Values(sentAll(t, all), same)
		for _, field := range form.Fields {
			back, ok := got[field.Key]
			if !ok {
				if utf8.ValidString(field.Value) && len(field.Value) < fillInput*(maxInputs-1)/2 {
					t.Errorf("%s is not asked for, with its %d bytes", field.Key, len(field.Value))
				}
				continue
			}
			if inOrder(field, back) != inOrder(field, field.Value) {
				t.Errorf("%s was %q, comes back as %q", field.Key, field.Value, back)
			}
		}
		enough(t, form, all)
	})
}

// inOrder is what a field holds, several items in one order: a list gives them back in its own.
func inOrder(f chat.Field, value string) string {
	if f.Kind != chat.KindItems || len(f.Choices) == 0 {
		return value
	}
	all := strings.Split(value, ",")
	slices.Sort(all)
	return strings.Join(all, ",")
}

// enough checks that sending some modals alone, the first or the last, leaves the rest as it was.
func enough(t *testing.T, form chat.Form, all []ModalData) {
	t.Helper()
	first, last := map[int]ModalSubmit{}, map[int]ModalSubmit{}
	for i, m := range all {
		first[i+1], last[len(all)-i] = submitted(t, m, nil), submitted(t, all[len(all)-1-i], nil)
		for _, sent := range []map[int]ModalSubmit{first, last} {
			want, got := map[string]string{}, Submitted(form, sent, same)
			for _, field := range form.Fields {
				want[field.Key], got[field.Key] = inOrder(field, field.Value), inOrder(field, got[field.Key])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after %d of %d modals (-want +got):\n%s", i+1, len(all), diff)
			}
		}
		for _, later := range all[i+1:] {
			_, _, inputs := lookModal(t, later)
			if m.Enough && slices.ContainsFunc(inputs, func(a asked) bool { return a.required && a.value == "" }) {
				t.Errorf("%d of %d modals are enough, and something else is required", i+1, len(all))
			}
		}
	}
	if !all[len(all)-1].Enough {
		t.Error("all of it is not enough")
	}
}

// What was entered in one modal counts, what stands in another stays.
func TestPartOfAFormIsSent(t *testing.T) {
	f := forms["form briefing"]
	all := Modals(f, "rr:form:7")
	got := Submitted(f, map[int]ModalSubmit{1: submitted(t, all[0], func(a asked) string {
		return map[string]string{"changes": "new", "changes/2n": "", "help": "look"}[a.id]
	})}, same)
	want := map[string]string{"changes": "new", "help": "look", "who": "", "problems": "", "contact": "@ana", "line": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Submitted(f, nil, same); got["who"] != "all plans" {
		t.Errorf("where nothing was sent, it says %q", got)
	}
}

func TestRequiredComesFirst(t *testing.T) {
	f := chat.Form{Title: "t"}
	for i := range 9 {
		f.Fields = append(f.Fields, chat.Field{Key: fmt.Sprint("f", i), Label: "x", Required: i > 6})
	}
	all := Modals(f, "rr:form:1")
	_, _, inputs := lookModal(t, all[0])
	if inputs[0].id != "f7" || inputs[1].id != "f8" || inputs[2].id != "f0" || !all[0].Enough {
		t.Errorf("asks for %+v first", inputs)
	}
	for i := range f.Fields {
		f.Fields[i].Required = true
	}
	if all := Modals(f, "rr:form:1"); all[0].Enough || !all[1].Enough {
		t.Error("the first of two is enough, though something in the second is required")
	}
	for i := range f.Fields {
		f.Fields[i].Value = "held"
	}
	if all := Modals(f, "rr:form:1"); !all[0].Enough {
		t.Error("the first of two is not enough, though all of the second is filled in")
	}
	f.Fields[8] = chat.Field{Key: "f8", Label: "who", Kind: chat.KindPerson, Value: "53908232506183680"}
	got := Submitted(f, map[int]ModalSubmit{1: submitted(t, Modals(f, "rr:form:1")[0], nil)}, func(u string) string { return "@" + u })
	if got["f8"] != "@53908232506183680" {
		t.Errorf("who was chosen comes back as %q", got["f8"])
	}
}

func TestValuesOfOlderRows(t *testing.T) {
	var d ModalSubmit
	if err := json.Unmarshal([]byte(`{"custom_id":"rr:form:1","components":[{"type":1,"components":[{"type":4,"custom_id":"text","value":"a"}]},{"type":1,"components":[{"type":4,"custom_id":"text/2n","value":"b"}]},
		{"type":18,"component":{"type":5,"custom_id":"who","values":["53908232506183680"]}},{"type":18,"component":{"type":3,"custom_id":"item","values":["x","y"]}},{"type":10,"id":4},{"type":99,"custom_id":"new","value":"?"},
		{"type":18,"component":{"type":3,"custom_id":"none","values":null}}],"resolved":{"users":{"53908232506183680":{"id":"53908232506183680","bot":true}}}}`), &d); err != nil {
		t.Fatal(err)
	}
	got := Values(d, func(u string) string { return "@person-" + u })
	want := map[string]string{"text": "a\nb", "who": "@person-53908232506183680", "item": "x,y", "none": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !d.Resolved.Users["53908232506183680"].Bot {
		t.Error("it is not seen that this is a bot")
	}
}

func TestLongDraftIsNeverCut(t *testing.T) {
	for _, draft := range []string{strings.Repeat("a line of text\n", 2300), strings.Repeat("x", 40_000), strings.Repeat("👩‍👩‍👧‍👦", 1500), strings.Repeat("\n", 9000), strings.Repeat("y", 4000)} {
		all := Modals(chat.Form{Title: "Notes", Submit: "Save", Fields: []chat.Field{{Key: "text", Value: draft, Long: true, Required: true}, {Key: "who"}}}, "rr:form:1")
		if got := Values(sentAll(t, all), same)["text"]; got != draft {
			t.Errorf("%d bytes come back as %d", len(draft), len(got))
		}
	}
	m := Modals(chat.Form{Title: "Notes", Fields: []chat.Field{{Key: "text", Label: "Te*t", Value: strings.Repeat("x", 100_000)}, {Key: "who"}}}, "rr:form:1")[0]
	_, texts, inputs := lookModal(t, m)
	if len(inputs) != 1 || !slices.Equal(texts, []string{"Te*t: with its 100000 characters it is too long for a form here; it stays as it is, whatever else is sent"}) {
		t.Errorf("what is too long: %q, %d inputs", texts, len(inputs))
	}
}

func TestPickers(t *testing.T) {
	tests := []struct {
		name  string
		field chat.Field
		want  float64
	}{
		{"a text", chat.Field{}, 4}, {"a date", chat.Field{Kind: chat.KindDate}, 4}, {"a date or never", chat.Field{Kind: chat.KindDate, Choices: []string{"never"}}, 4},
		{"a person", chat.Field{Kind: chat.KindPerson}, 5}, {"an account", chat.Field{Kind: chat.KindPerson, Value: "53908232506183680"}, 5}, {"a name", chat.Field{Kind: chat.KindPerson, Value: "@ana"}, 4},
		{"one of some people", chat.Field{Kind: chat.KindPerson, Choices: []string{"@ana"}}, 4},
		{"choices", chat.Field{Choices: []string{"ok", "block"}}, 3}, {"one that is none of them", chat.Field{Choices: []string{"ok"}, Value: "other"}, 4},
		{"too many", chat.Field{Choices: many(26)}, 4}, {"as many as there may be", chat.Field{Choices: many(25)}, 3},
		{"too long", chat.Field{Choices: []string{strings.Repeat("x", 101)}}, 4}, {"as long as it may be", chat.Field{Choices: []string{strings.Repeat("x", 100)}}, 3},
		{"twice the same", chat.Field{Choices: []string{"a", "a"}}, 4}, {"items", chat.Field{Kind: chat.KindItems, Choices: many(3), Value: "item-0,item-2"}, 3},
		{"items that are no choice", chat.Field{Kind: chat.KindItems, Choices: many(3), Value: "item-0, item-2"}, 4},
	}
	for _, tt := range tests {
		for _, required := range []bool{true, false} {
			tt.field.Key, tt.field.Required = "key", required
			m := Modals(chat.Form{Title: "t", Fields: []chat.Field{tt.field}}, "rr:form:1")[0]
			_, _, inputs := lookModal(t, m)
			if inputs[0].kind != tt.want || inputs[0].required != required {
				t.Errorf("%s is asked with a %v, want a %v", tt.name, inputs[0].kind, tt.want)
			}
			if got := Values(submitted(t, m, nil), same)["key"]; got != tt.field.Value {
				t.Errorf("%s: %q comes back as %q", tt.name, tt.field.Value, got)
			}
		}
	}
}

func TestWrongIsSaid(t *testing.T) {
	f := chat.Form{Title: "Plan", Fields: []chat.Field{{Key: "item", Label: "Item"}, {Key: "due", Label: "By when"}}}
	got := Wrong(f, map[string]string{"due": "no such day", "rel": "which\nrelease?", "item": ""})
	want := []string{"Item: this is not right", "By when: no such day", "rel: which release?"}
	if !slices.Equal(got.Lines, want) || !strings.Contains(got.Title, "Plan") {
		t.Errorf("%q says %q", got.Title, got.Lines)
	}
	again := Filled(f, map[string]string{"due": "31 February", "other": "x"})
	if again.Fields[1].Value != "31 February" || f.Fields[1].Value != "" {
		t.Errorf("is filled with %+v, and was %+v", again.Fields, f.Fields)
	}
}
