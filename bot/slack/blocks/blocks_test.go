package blocks

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines/linestest"
)

func TestCutKeepsWithinLimitAndWhole(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"longer", 5, "long…"},
		{"a & b & c", 10, "a & b…"}, // an ampersand takes five
		{"go 👩‍👩‍👧‍👦", 8, "go…"},
		{"🇩🇪🇫🇷", 6, "🇩🇪…"},
		{"&&", 5, "…"},
	}
	for _, tt := range tests {
		got := cut(tt.text, tt.limit)
		if got != tt.want || units(got) > tt.limit {
			t.Errorf("cut(%q, %d) = %q, of %d units; want %q", tt.text, tt.limit, got, units(got), tt.want)
		}
	}
}

func TestChannelsAreNamed(t *testing.T) {
	tests := []struct{ text, named string }{
		{"T0ACME/C0BILLING", "C0BILLING"},
		{"tells T0ACME/C0APP, @mia", "C0APP"},
		{"GO 7/7 (bound to T0ACME/C0APP, T0ACME/G0OPS)", "C0APP G0OPS"},
		{"T0ACME/C0APP is the channel of app 1.0.0", "C0APP"},
		{"in T0ACME/C0APP.", "C0APP"},
		{"published in T0ACME/C0APP · T0ACME/C0NEWS", "C0APP C0NEWS"},
		{"told in slack/T0ACME/C0APP: nothing", "C0APP"}, // as the configuration writes it
		{"teams/T0ACME/C0APP", ""},
		{"E0GROUP/T0ACME/C0APP", ""},
		{"T0ACME/U0ANA, @T0ACME/U0ANA", ""},
		{"T0ACME/C0APP/x", ""},
		{"T0ACME/C0APP>", ""},
		{"<#T0ACME/C0APP>", ""},
		{"xT0ACME/C0APP", ""},
		{"https://bank.example/T0ACME/C0APP", ""},
		{"t0acme/c0app T0ACME/C T/C0APP", ""},
	}
	for _, tt := range tests {
		var named []string
		all := ""
		for _, s := range channels(tt.text) {
			all += s.text
			if s.channel != "" {
				named = append(named, s.channel)
			}
		}
		if got := strings.Join(named, " "); got != tt.named || all != tt.text {
			t.Errorf("%q names %q, want %q; together it is %q", tt.text, got, tt.named, all)
		}
	}
}

// A header shows no names, so a title with one is a line in bold; and what is heard names it, too.
func TestTitleNamesChannel(t *testing.T) {
	tests := []struct {
		title, header, line, text string
	}{
		{"app · before GA · GO 7/7 (bound to T0ACME/C0APP)", "app · before GA", "✅ GO 7/7 (bound to #C0APP)", "app · before GA · GO 7/7 (bound to <#C0APP>)"},
		{"GO 7/7 · app in T0ACME/C0APP", "", "✅ GO 7/7 · app in #C0APP", "GO 7/7 · app in <#C0APP>"},
		{"feedback on <app> in T0ACME/C0APP", "", "feedback on <app> in #C0APP", "feedback on &lt;app&gt; in <#C0APP>"},
	}
	for _, tt := range tests {
		p := One(chat.Message{Title: tt.title, Lines: []string{"x"}})
		s := look(t, p.blocks)
		if s.header != tt.header || s.lines[0] != tt.line || p.text != tt.text+"\nx" {
			t.Errorf("%q shows %q over %q, and says %q", tt.title, s.header, s.lines[0], p.text)
		}
	}
	small := look(t, One(chat.Message{Title: "x", Lines: []string{"y"}, Small: "typed in T0ACME/C0APP"}).blocks)
	if small.small != nil || small.lines[1] != "typed in #C0APP" {
		t.Errorf("small print shows %+v", small)
	}
}

func TestVerdictIsSeen(t *testing.T) {
	tests := []struct{ title, header, line string }{
		{"app 1.0.0 · before GA · NO-GO 3/7: tests, … (bound to #general)", "app 1.0.0 · before GA", "⛔ NO-GO 3/7: tests, … (bound to #general)"},
		{"app 1.0.0 · before GA · GO 7/7 (bound to #general)", "app 1.0.0 · before GA", "✅ GO 7/7 (bound to #general)"},
		{"app 1.0.0 · GA · GO", "app 1.0.0 · GA", "✅ GO"},
		{"app 1.0.0 · GA · ON HOLD", "app 1.0.0 · GA", "⏸️ ON HOLD"},
		{"GO 7/7 · app 1.0.0 · before GA", "✅ GO 7/7 · app 1.0.0 · before GA", "Invoices"},
		{"app 1.0.0 · risk low (x · GO 7/7 · y) · NO-GO 0/7", "app 1.0.0 · risk low (x · GO 7/7 · y) · NO-GO 0/7", "Invoices"},
		{"app · GOOD · NO-GOAL 1/2 · GO on", "app · GOOD · NO-GOAL 1/2 · GO on", "Invoices"},
	}
	for _, tt := range tests {
		s := look(t, One(chat.Message{Title: tt.title, Lines: []string{"Invoices"}}).blocks)
		if s.header != tt.header || s.lines[0] != tt.line {
			t.Errorf("%q shows %q over %q", tt.title, s.header, s.lines[0])
		}
	}
}

func TestFormSaysWhatItIsAbout(t *testing.T) {
	tests := []struct{ title, head, line string }{
		{"Sign · app invoices", "Sign · app invoices", ""},
		{"Add to the scope · billing invoices", "Add to the scope", "billing invoices"},
		{"Sign preview.ready/utilization-metrics", "Sign preview.ready/util…", "Sign preview.ready/utilization-metrics"},
		{"Waive ga.ready/marketing-plan · app 1.0.0", "Waive ga.ready/marketin…", "Waive ga.ready/marketing-plan · app 1.0.0"},
	}
	for _, tt := range tests {
		v := Modal(chat.Form{Title: tt.title, Fields: []chat.Field{{Key: "x"}}}, "")
		line := ""
		if s := look(t, v.Blocks.BlockSet[:1]); len(s.lines) > 0 {
			line = s.lines[0]
		}
		if v.Title.Text != tt.head || line != tt.line {
			t.Errorf("%q is headed %q over %q, want %q over %q", tt.title, v.Title.Text, line, tt.head, tt.line)
		}
	}
}

func TestTitleAloneIsALine(t *testing.T) {
	s := look(t, One(chat.Message{Title: "@ana let it go on"}).blocks)
	if s.header != "" || !slices.Equal(s.lines, []string{"@ana let it go on"}) {
		t.Errorf("shows %+v", s)
	}
}

func TestLongTitleIsBold(t *testing.T) {
	p := One(chat.Message{Title: strings.Repeat("long ", 40), Lines: []string{"x"}})
	block, _ := linestest.Decode(t, p.blocks).([]any)[0].(object)
	first := block["elements"].([]any)[0].(object)["elements"].([]any)[0].(object)
	if block["type"] != "rich_text" || first["style"].(object)["bold"] != true {
		t.Errorf("begins with %v", block)
	}
	if !strings.HasPrefix(p.text, "long long") {
		t.Errorf("text is %q", p.text)
	}
}

func TestOnePageCounts(t *testing.T) {
	m := chat.Message{Title: "all items", Whole: "item list 17"}
	for i := range 500 {
		m.Lines = append(m.Lines, fmt.Sprintf("  ○ item-%03d · unsigned · waiting for @ana, @ben (sre)", i))
	}
	p := One(m)
	newJudge(t).message(p)
	s := look(t, p.blocks)
	shown := len(s.lines) - 1
	if want := fmt.Sprintf("… and %d more lines", 500-shown); s.lines[shown] != want || shown < 100 {
		t.Errorf("%d lines are shown, then %q, want %q", shown, s.lines[shown], want)
	}
	if last := s.buttons[len(s.buttons)-1]; last.label != "All of it" || last.value != "item list 17" {
		t.Errorf("the last button is %v", last)
	}
	heard := strings.Split(p.text, "\n")
	if want := fmt.Sprintf("… and %d more lines", 502-len(heard)); heard[len(heard)-1] != want {
		t.Errorf("%d lines are heard, then %q, want %q", len(heard)-2, heard[len(heard)-1], want)
	}
}

func TestManyButtons(t *testing.T) {
	m := chat.Message{Title: "sign", Small: "typed: sign ITEM"}
	for i := range 120 {
		m.Buttons = append(m.Buttons, chat.Button{Label: fmt.Sprintf("Sign item-%d", i), Line: fmt.Sprintf("sign 17 ga.ready/item-%d ok", i), Basis: "~3f2a9c1.0"})
	}
	all := Pages(m)
	for _, p := range all {
		newJudge(t).message(p)
	}
	nothingLost(t, m, all)
	if s := look(t, all[len(all)-1].blocks); len(s.small) != 1 {
		t.Errorf("the last page ends in %q", s.small)
	}
	s := look(t, One(m).blocks)
	if want := fmt.Sprintf("… and %d more buttons", 120-len(s.buttons)); s.lines[len(s.lines)-1] != want {
		t.Errorf("%d buttons, and then %q, want %q", len(s.buttons), s.lines[len(s.lines)-1], want)
	}
}

func TestPressed(t *testing.T) {
	for _, line := range []string{"sign 17 ga.ready/tests ok ~3f2a9c1.4", "flag set invoices 10%", "scope add https://x.example/?a=1&b=%3C2>", "&amp;", "a+b c"} {
		ids := 3
		e := linestest.Decode(t, actions([]chat.Button{{Label: "x", Line: line}}, &ids)).([]any)[0].(object)["elements"].([]any)[0].(object)
		value := e["value"].(string)
		if escape(value) != value {
			t.Errorf("%q travels as %q, which Slack may change", line, value)
		}
		if got, ok := Pressed(e["action_id"].(string), value); !ok || got != line {
			t.Errorf("%q comes back as %q, %v", line, got, ok)
		}
	}
	for _, foreign := range [][2]string{{"", "sign"}, {"rr:", "sign"}, {"rr:x", "sign"}, {"rr:-1", "sign"}, {"other:0", "sign"}, {"rr:0", ""}, {"rr:0:url", "%zz"}, {"rr:in:0", "x"}} {
		if line, ok := Pressed(foreign[0], foreign[1]); ok {
			t.Errorf("%v was read as %q", foreign, line)
		}
	}
}

func TestButtonStyles(t *testing.T) {
	style := func(m chat.Message) (out []string) {
		for _, b := range look(t, One(m).blocks).buttons {
			out = append(out, b.style)
		}
		return out
	}
	if got := style(drawings["question"]); !slices.Equal(got, []string{"danger", ""}) {
		t.Errorf("a question: %q", got)
	}
	if got := style(drawings["card go"]); !slices.Equal(got, []string{"primary", "", "", ""}) {
		t.Errorf("a card: %q", got)
	}
	if got := style(drawings["check"]); !slices.Equal(got, []string{"", ""}) {
		t.Errorf("several votes: %q", got)
	}
}

func TestPickers(t *testing.T) {
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf("item-%d", i)
	}
	tests := []struct {
		name  string
		field chat.Field
		want  string
	}{
		{"a text", chat.Field{}, "plain_text_input"},
		{"a date", chat.Field{Kind: chat.KindDate}, "datepicker"},
		{"a day", chat.Field{Kind: chat.KindDate, Value: "2026-12-18"}, "datepicker"},
		{"no day there is", chat.Field{Kind: chat.KindDate, Value: "2026-02-30"}, "plain_text_input"},
		{"an hour", chat.Field{Kind: chat.KindDate, Value: "friday 17:00"}, "plain_text_input"},
		{"a date or never", chat.Field{Kind: chat.KindDate, Choices: []string{"never"}}, "plain_text_input"},
		{"a person", chat.Field{Kind: chat.KindPerson}, "users_select"},
		{"an account", chat.Field{Kind: chat.KindPerson, Value: "W012ABC"}, "users_select"},
		{"a name", chat.Field{Kind: chat.KindPerson, Value: "@ana"}, "plain_text_input"},
		{"choices", chat.Field{Choices: []string{"ok", "block"}}, "static_select"},
		{"no choice of them", chat.Field{Choices: []string{"ok"}, Value: "other"}, "plain_text_input"},
		{"too many", chat.Field{Choices: many}, "plain_text_input"},
		{"as many as there may be", chat.Field{Choices: many[:100]}, "static_select"},
		{"too long", chat.Field{Choices: []string{strings.Repeat("x", 76)}}, "plain_text_input"},
		{"as long as it may be", chat.Field{Choices: []string{strings.Repeat("x", 75)}}, "static_select"},
		{"twice the same", chat.Field{Choices: []string{"a", "a"}}, "plain_text_input"},
		{"what Slack might change", chat.Field{Choices: []string{"a&b"}}, "plain_text_input"},
		{"items", chat.Field{Kind: chat.KindItems, Choices: many[:3], Value: "item-0,item-2"}, "multi_static_select"},
		{"items that are no choice", chat.Field{Kind: chat.KindItems, Choices: many[:3], Value: "item-0, item-2"}, "plain_text_input"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.field.Key = "key"
			v := Modal(chat.Form{Title: "t", Submit: "s", Fields: []chat.Field{tt.field}}, "")
			newJudge(t).view(v)
			e := linestest.Decode(t, v).(object)["blocks"].([]any)[0].(object)["element"].(object)
			if e["type"] != tt.want {
				t.Errorf("is asked with a %v, want a %s", e["type"], tt.want)
			}
			if got := Values(untouched(t, v), func(u string) string { return u })["key"]; got != tt.field.Value {
				t.Errorf("%q comes back as %q", tt.field.Value, got)
			}
		})
	}
}

func TestValuesOfPeople(t *testing.T) {
	v := Modal(chat.Form{Title: "Plan", Submit: "Plan", Fields: []chat.Field{{Key: "who", Kind: chat.KindPerson, Value: "U1234"}, {Key: "other", Kind: chat.KindPerson}}}, "")
	got := Values(untouched(t, v), func(u string) string { return "@person-" + u })
	if diff := cmp.Diff(map[string]string{"who": "@person-U1234", "other": ""}, got); diff != "" {
		t.Error(diff)
	}
	if got := Values(nil, nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestLongDraftIsNeverCut(t *testing.T) {
	for _, draft := range []string{strings.Repeat("a line of text\n", 1300), strings.Repeat("x", 20_000), strings.Repeat("👩‍👩‍👧‍👦", 1500), strings.Repeat("\n", 9000)} {
		v := Modal(chat.Form{Title: "Notes", Submit: "Save", Fields: []chat.Field{{Key: "text", Value: draft, Long: true, Required: true}, {Key: "who"}}}, "")
		newJudge(t).view(v)
		if got := Values(untouched(t, v), nil)["text"]; got != draft {
			t.Errorf("%d bytes come back as %d", len(draft), len(got))
		}
		if diff := cmp.Diff([]string{"text", "who"}, FieldKeys(v.Blocks.BlockSet)); diff != "" {
			t.Error(diff)
		}
	}
	v := Modal(chat.Form{Title: "Notes", Submit: "Save", Fields: []chat.Field{{Key: "text", Label: "Text", Value: strings.Repeat("x", 100_000)}, {Key: "who"}}}, "")
	newJudge(t).view(v)
	if got := Values(untouched(t, v), nil); len(got) != 1 {
		t.Errorf("what is too long is asked for: %d fields", len(got))
	}
	if s := linestest.Decode(t, v.Blocks.BlockSet[0]).(object)["type"]; s != "rich_text" {
		t.Errorf("nothing says why, but a %v", s)
	}
}

func TestValuesOfEditedParts(t *testing.T) {
	state := func(parts map[string]string) *slack.ViewState {
		s := &slack.ViewState{Values: map[string]map[string]slack.BlockAction{}}
		for id, text := range parts {
			s.Values[id] = map[string]slack.BlockAction{"rr:in:0:0": {Type: "plain_text_input", Value: text}}
		}
		return s
	}
	tests := []struct {
		name  string
		parts map[string]string
		want  string
	}{
		{"in order", map[string]string{"text": "a", "text/2n": "b", "text/10n": "d", "text/3": "c"}, "a\nbc\nd"},
		{"the middle is gone", map[string]string{"text": "a", "text/2n": "", "text/3n": "c"}, "a\nc"},
		{"the beginning is gone", map[string]string{"text": "", "text/2n": "b"}, "b"},
		{"all is gone", map[string]string{"text": "", "text/2n": ""}, ""},
	}
	for _, tt := range tests {
		if got := Values(state(tt.parts), nil)["text"]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestFieldErrors(t *testing.T) {
	keys := []string{"item", "note"}
	got := FieldErrors(keys, map[string]string{"note": "say why", "rel": "which release?", "zone": "", "item": "no such item"})
	want := map[string]string{"note": "say why", "item": "no such item; rel: which release?; zone: this is not right"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := FieldErrors(nil, map[string]string{"x": "y"}); got != nil {
		t.Errorf("errors without a field: %v", got)
	}
}

func TestHomeCountsWhatIsLeft(t *testing.T) {
	var sections []chat.Message
	for i := range 90 {
		sections = append(sections, chat.Message{Title: fmt.Sprintf("section %d", i), Lines: []string{"a line"}, Buttons: []chat.Button{{Label: "x", Line: "status"}}})
	}
	v := Home(sections)
	newJudge(t).view(v)
	s := look(t, v.Blocks)
	if want := fmt.Sprintf("… and %d more sections", 90-len(s.buttons)); s.lines[len(s.lines)-1] != want || len(s.buttons) < 20 {
		t.Errorf("%d sections, then %q", len(s.buttons), s.lines[len(s.lines)-1])
	}
}
