package blocks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines/linestest"
	"github.com/readyroom/readyroom/workflows"
)

// nasty is what people have written to see what happens.
var nasty = []string{
	"", " ", "\n\n", "<!channel> <!here|all>", "<@U123> @ana", "<#C1|general>", "<https://evil.example|https://bank.example>",
	"*bold* _it_ ~no~ `code` ```pre```", "&lt;!channel&gt; &amp;amp;", "https://ana:pw@evil.example/x https://ci.example.org/7.",
	"a\u202eb\x00\x1b[31m\xff", "👩‍👩‍👧‍👦🇩🇪🇫🇷e\u0301", "ON HOLD · GO 7/7 · x", "x · NO-GO 3/7: a, … (bound to #general)", ":wave: \u00a0 :",
	"  ✓ tests · @ana as sre", "    deep", "– not applicable", "> quote", strings.Repeat("&", 5000), strings.Repeat("<a> ", 900),
	strings.Repeat("https://a.bc ", 400), strings.Repeat("ä\u0301", 3000), "<!subteam^S1> <!date^1^{date}|x>",
	"T0ACME/C0BILLING", "  ✓ T0ACME/C0APP, T0ACME/G0OPS (bound to T0ACME/C0APP) · GO 1/2: T0ACME/C0APP", "xT0ACME/C0APP T0ACME/U0ANA T0ACME/C0APP/x T0A/C0B>",
	strings.Repeat("T0ACME/C0APP ", 300), strings.Repeat("T0ACME/C0APP", 300), "<#T0ACME/C0APP|general>", "https://T0ACME/C0APP", "slack/T0ACME/C0APP xslack/T0ACME/C0APP",
}

func FuzzMessage(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+1)%len(nasty)]+"\n"+nasty[(i+5)%len(nasty)], "Sign\tsign 17\t~3f.1\n"+s+"\t"+s+"\t", "typed: x", "status 17", uint8(i))
	}
	f.Add("app · GO 7/7", "  ✓ a\n", "yes\tconfirm k\t\nno\tconfirm k no\t", "", "", uint8(200))
	f.Fuzz(func(t *testing.T, title, lines, buttons, small, whole string, times uint8) {
		if len(title)+len(small)+(len(lines)+len(buttons))*int(times) > 100_000 {
			t.Skip() // that many pages only take long
		}
		m := chat.Message{Title: title, Small: small, Whole: whole}
		for range int(times) {
			m.Lines = append(m.Lines, strings.Split(lines, "\n")...)
		}
		for l := range strings.SplitSeq(buttons, "\n") {
			p := append(strings.Split(l, "\t"), "", "")
			m.Buttons = append(m.Buttons, slices.Repeat([]chat.Button{{Label: p[0], Line: p[1], Basis: p[2]}}, int(times)%70)...)
		}
		all := Pages(m)
		for _, p := range all {
			newJudge(t).message(p)
		}
		nothingLost(t, m, all)
		one := One(m)
		newJudge(t).message(one)
		honestlyCut(t, m, one)
		newJudge(t).view(Answer(m))
		newJudge(t).view(Waiting(title, lines))
	})
}

// nothingLost compares what people see over all pages, and hear, with what the message says.
func nothingLost(t *testing.T, m chat.Message, all []Page) {
	t.Helper()
	var seen, heard, small []string
	var buttons []shownButton
	for i, p := range all {
		s := look(t, p.blocks)
		text := strings.Split(unescape(t, p.text), "\n")
		if i > 0 {
			mark := fmt.Sprintf("(%d/%d)", i+1, len(all))
			if !slices.Equal(s.marks, []string{mark}) || text[0] != mark {
				t.Fatalf("page %d is marked %q, and %.100q", i+1, s.marks, text[0])
			}
			text = text[1:]
		}
		seen, heard = append(seen, s.words(m.Title)...), append(heard, text...)
		buttons, small = append(buttons, s.buttons...), append(small, s.small...)
		if i < len(all)-1 && len(s.small) > 0 {
			t.Error("small print before the end")
		}
	}
	want := linestest.Said(m)
	var carriedOn []chat.Button
	for _, b := range m.Buttons {
		if v := b.Value(); v != "" && utf8.ValidString(v) && len(buttons) > 0 && slices.ContainsFunc(buttons, func(s shownButton) bool { return reads(s, v) }) {
			carriedOn = append(carriedOn, b)
		} else {
			want = append(want, workflows.Display(b.Label+" → "+b.Value(), 1<<20))
		}
	}
	if s := strings.TrimSpace(workflows.Display(m.Small, 1<<20)); len(small) > 0 {
		if !slices.Equal(small, []string{s}) {
			t.Errorf("small print %q, want %q", small, s)
		}
		heard = heard[:len(heard)-1]
	} else {
		want = append(want, s)
	}
	sameWords(t, "seen", want, seen)
	sameWords(t, "heard", want, heard)
	sameButtons(t, carriedOn, buttons)
}

func reads(s shownButton, value string) bool {
	line, ok := Pressed(s.id, s.value)
	return ok && line == value
}

func sameButtons(t *testing.T, want []chat.Button, got []shownButton) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%d buttons, want %d", len(got), len(want))
	}
	for i, b := range want {
		if !reads(got[i], b.Value()) {
			t.Errorf("button %d says %q, want %q", i, got[i].value, b.Value())
		}
	}
}

// sameWords compares line by line, or, where a line was too long for one block, word for word.
func sameWords(t *testing.T, what string, want, got []string) {
	t.Helper()
	want, got = visible(want), visible(got)
	if len(want) == 0 {
		want = []string{"(empty)"}
	}
	long := slices.ContainsFunc(want, func(l string) bool { b, _ := json.Marshal(l); return len(b) > 2000 })
	if long {
		want, got = []string{squeezed(want)}, []string{squeezed(got)}
	}
	if len(want) == 1 && want[0] == "" {
		want = []string{"(empty)"}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// honestlyCut checks that one page shows a beginning, and says how many lines it leaves out.
func honestlyCut(t *testing.T, m chat.Message, p Page) {
	t.Helper()
	s := look(t, p.blocks)
	want, got := visible(linestest.Said(m)), visible(s.words(m.Title))
	left := slices.IndexFunc(got, func(l string) bool { return strings.HasPrefix(l, "… and ") })
	if left < 0 || slices.ContainsFunc(want, func(l string) bool { return strings.HasPrefix(l, "… and ") }) {
		return
	}
	if !strings.HasPrefix(squeezed(want), squeezed(got[:left])) && len(m.Buttons) == 0 && len(m.Small) < 100 {
		t.Errorf("shows %q, which is no beginning of %q", got[:left], want)
	}
	if m.Whole != "" && len(m.Whole) < 80 && utf8.ValidString(m.Whole) {
		last := s.buttons[len(s.buttons)-1]
		if last.label != "All of it" || !reads(last, m.Whole) {
			t.Errorf("the way to all of it is %v", last)
		}
	}
}

func FuzzForm(f *testing.F) {
	kinds := []chat.Kind{chat.KindText, chat.KindItems, chat.KindPerson, chat.KindDate, chat.KindRest, chat.KindChoice}
	for i, s := range nasty {
		f.Add(s, s, nasty[(i+1)%len(nasty)], s, "ok,needs-work,block", uint8(i), uint8(1+i%4), i%2 == 0)
	}
	f.Add("Sign", "item", "ga.ready/tests", "", "ga.ready/tests,ga.ready/docs", uint8(1), uint8(1), true)
	f.Add("Plan", "who", "U123", "@name", "", uint8(2), uint8(1), true)
	f.Add("Plan", "due", "2026-12-18", "", "", uint8(3), uint8(1), true)
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
		v := Modal(form, "private")
		newJudge(t).view(v)
		got := Values(untouched(t, v), func(u string) string { return u })
		for _, field := range form.Fields {
			back, asked := got[field.Key]
			if !asked {
				if b, _ := json.Marshal(form); utf8.ValidString(field.Value) && len(field.Value) < 3000*19 && len(b) < 50_000 {
					t.Errorf("%s is not asked for, with its %d bytes", field.Key, len(field.Value))
				}
				continue
			}
			if back != field.Value {
				t.Errorf("%s was %q, comes back as %q", field.Key, field.Value, back)
			}
		}
	})
}

// untouched is the state that Slack sends of a form which was sent as it came.
func untouched(t testing.TB, v slack.ModalViewRequest) *slack.ViewState {
	t.Helper()
	state := map[string]map[string]any{}
	for _, b := range linestest.Decode(t, v).(object)["blocks"].([]any) {
		b := b.(object)
		if b["type"] != "input" {
			continue
		}
		e := b["element"].(object)
		held := object{"type": e["type"], "value": e["initial_value"], "selected_option": e["initial_option"],
			"selected_options": e["initial_options"], "selected_user": e["initial_user"], "selected_date": e["initial_date"]}
		state[b["block_id"].(string)] = map[string]any{e["action_id"].(string): held}
	}
	text, err := json.Marshal(object{"values": state})
	if err != nil {
		t.Fatal(err)
	}
	var out slack.ViewState
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

func FuzzHome(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+3)%len(nasty)], uint8(i*9), uint8(i*7))
	}
	f.Fuzz(func(t *testing.T, title, line string, sections, lines uint8) {
		if len(title)+len(line)*int(lines) > 10_000 {
			t.Skip() // that long lines only take long
		}
		var all []chat.Message
		for i := range int(sections) {
			m := chat.Message{Title: title, Lines: slices.Repeat([]string{line}, (int(lines)+i)%256), Whole: "todo"}
			for range i % 4 {
				m.Buttons = append(m.Buttons, chat.Button{Label: line, Line: "sign 17"})
			}
			all = append(all, m)
		}
		v := Home(all)
		newJudge(t).view(v)
		look(t, v.Blocks)
	})
}
