package slackfake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func text(s string) block { return block{"type": "plain_text", "text": s} }

func mrkdwn(s string) block { return block{"type": "mrkdwn", "text": s} }

func list[T any](n int, one func(int) T) []any {
	all := []any{}
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

func option(i int) block { return block{"text": text(fmt.Sprint("o", i)), "value": fmt.Sprint("v", i)} }

func press(i int) block {
	return block{"type": "button", "action_id": fmt.Sprint("a", i), "text": text("b"), "value": "v"}
}

// sample is a good object of each kind in the table, as small as it can be.
func sample(kind string) block {
	switch kind {
	case "message":
		return block{"blocks": []any{sample("divider")}}
	case "modal":
		return block{"type": "modal", "title": text("t"), "submit": text("s"), "close": text("c"), "blocks": []any{sample("input")}}
	case "home":
		return block{"type": "home", "blocks": []any{sample("divider")}}
	case "header":
		return block{"type": "header", "text": text("h")}
	case "section":
		return block{"type": "section", "text": mrkdwn("s")}
	case "section field", "context text":
		return mrkdwn("f")
	case "context":
		return block{"type": "context", "elements": []any{mrkdwn("c")}}
	case "actions":
		return block{"type": "actions", "elements": []any{press(0)}}
	case "input":
		return block{"type": "input", "label": text("l"), "element": sample("plain_text_input")}
	case "image":
		return block{"type": "image", "alt_text": "a", "image_url": "https://a.example/i.png"}
	case "markdown":
		return block{"type": "markdown", "text": "m"}
	case "button":
		return press(0)
	case "option":
		return option(0)
	case "option_group":
		return block{"label": text("g"), "options": []any{option(0)}}
	case "confirm":
		return block{"title": text("t"), "text": text("x"), "confirm": text("y"), "deny": text("n")}
	case "overflow", "static_select", "multi_static_select", "radio_buttons", "checkboxes":
		return block{"type": kind, "options": []any{option(0)}}
	}
	return block{"type": kind}
}

// within wraps an object into a message or view that holds it.
func within(kind string, o block) (string, block) {
	message := func(b block) (string, block) { return "message", block{"blocks": []any{b}} }
	switch kind {
	case "message", "modal", "home":
		return kind, o
	case "section field":
		return message(block{"type": "section", "fields": []any{o}})
	case "context text":
		return message(block{"type": "context", "elements": []any{o}})
	case "option":
		return message(block{"type": "section", "text": mrkdwn("s"), "accessory": block{"type": "static_select", "options": []any{o}}})
	case "option_group":
		return message(block{"type": "section", "text": mrkdwn("s"), "accessory": block{"type": "static_select", "option_groups": []any{o}}})
	case "confirm":
		b := press(0)
		b["confirm"] = o
		return message(block{"type": "actions", "elements": []any{b}})
	case "plain_text_input":
		return message(block{"type": "input", "label": text("l"), "element": o})
	}
	if slices.Contains(actives, kind) {
		return message(block{"type": "section", "text": mrkdwn("s"), "accessory": o})
	}
	return message(o)
}

// sized gives a field the length n, in the way that it is written.
func sized(l Limit, n int) any {
	s := strings.Repeat("é", n) // two bytes, one character
	switch l.Of + "." + l.Field {
	case "section.fields":
		return list(n, func(int) block { return mrkdwn("f") })
	case "context.elements":
		return list(n, func(int) block { return mrkdwn("c") })
	case "actions.elements":
		return list(n, press)
	case "option_group.options", "overflow.options", "static_select.options", "multi_static_select.options", "radio_buttons.options", "checkboxes.options":
		return list(n, option)
	case "static_select.option_groups", "multi_static_select.option_groups":
		return list(n, func(i int) block { return block{"label": text("g"), "options": []any{option(i)}} })
	case "modal.blocks", "home.blocks", "message.blocks":
		return list(n, func(int) block { return sample("divider") })
	}
	switch {
	case strings.HasSuffix(l.Of, " field") || strings.HasSuffix(l.Of, " text") || l.Of == "markdown" || slices.Contains([]string{"value", "url", "alt_text", "image_url", "accessibility_label", "initial_value", "private_metadata", "callback_id", "external_id"}, l.Field):
		return s
	}
	if l.Of == "section" {
		return mrkdwn(s)
	}
	return text(s)
}

// TestLimits walks the table: what is as long as can be is taken, one more is refused, and so is one less than the least.
func TestLimits(t *testing.T) {
	for _, l := range Limits {
		t.Run(l.Of+"."+l.Field, func(t *testing.T) {
			problems := func(n int) []string {
				o := sample(l.Of)
				o[l.Field] = sized(l, n)
				if l.Field == "option_groups" {
					delete(o, "options")
				}
				return inspect(within(l.Of, o))
			}
			if p := problems(l.Max); len(p) > 0 {
				t.Errorf("%d is refused: %q", l.Max, p)
			}
			if p := problems(max(l.Min, 1)); len(p) > 0 {
				t.Errorf("%d is refused: %q", l.Min, p)
			}
			if len(problems(l.Max+1)) == 0 {
				t.Errorf("%d is taken", l.Max+1)
			}
			if l.Min > 0 && len(problems(l.Min-1)) == 0 {
				t.Errorf("%d is taken", l.Min-1)
			}
		})
	}
}

// TestNeeds leaves out each field that must be there.
func TestNeeds(t *testing.T) {
	for kind, s := range shapes {
		for _, field := range s.needs {
			o := sample(kind)
			if kind == "rich_text" {
				o["elements"] = []any{}
			}
			if p := inspect(within(kind, o)); len(p) > 0 {
				t.Errorf("%s whole: %q", kind, p)
			}
			delete(o, field)
			if p := inspect(within(kind, o)); len(p) == 0 {
				t.Errorf("%s without %s is taken", kind, field)
			}
		}
	}
}

// TestInspect refuses what is wrong in other ways than by its length.
func TestInspect(t *testing.T) {
	long := strings.Repeat("x", MaxID+1)
	in := func(e block) block { return block{"type": "actions", "elements": []any{e}} }
	input := func(e block) block { return block{"type": "input", "label": text("l"), "element": e} }
	with := func(o block, k string, v any) block { o[k] = v; return o }
	tests := []struct {
		name   string
		blocks []any
		want   string // in the only problem; empty: none
	}{
		{"good", []any{in(press(0)), with(sample("section"), "accessory", press(1))}, ""},
		{"the same action in two blocks", []any{in(press(0)), in(press(0))}, ""},
		{"two actions alike", []any{with(in(press(0)), "elements", []any{press(0), press(0)})}, `action_id "a0" already exists`},
		{"two blocks alike", []any{with(sample("divider"), "block_id", "x"), with(sample("header"), "block_id", "x")}, `block_id "x" already exists`},
		{"long block id", []any{with(sample("divider"), "block_id", long)}, "1 to 255"},
		{"long action id", []any{in(with(press(0), "action_id", long))}, "1 to 255"},
		{"unknown block", []any{block{"type": "poem"}}, "unsupported type: poem"},
		{"header in mrkdwn", []any{with(sample("header"), "text", mrkdwn("h"))}, "must be a text object of [plain_text]"},
		{"button in mrkdwn", []any{in(with(press(0), "text", mrkdwn("h")))}, "must be a text object of [plain_text]"},
		{"emoji in mrkdwn", []any{with(sample("section"), "text", with(mrkdwn("s"), "emoji", true))}, "additional property: emoji"},
		{"button in a context", []any{with(sample("context"), "elements", []any{press(0)})}, "unsupported type: button"},
		{"text in actions", []any{in(mrkdwn("x"))}, "unsupported type: mrkdwn"},
		{"input in actions", []any{in(sample("plain_text_input"))}, "unsupported type: plain_text_input"},
		{"button in an input", []any{input(press(0))}, "unsupported type: button"},
		{"loud button", []any{in(with(press(0), "style", "loud"))}, "primary or danger"},
		{"empty section", []any{block{"type": "section"}}, "text or fields"},
		{"starts with what it does not offer", []any{in(with(sample("static_select"), "initial_option", option(7)))}, "is no option"},
		{"options and groups", []any{in(with(sample("static_select"), "option_groups", []any{block{"label": text("g"), "options": []any{option(1)}}}))}, "options or option_groups"},
		{"two options alike", []any{in(block{"type": "static_select", "options": []any{option(0), option(0)}})}, "there twice"},
		{"no date", []any{in(block{"type": "datepicker", "initial_date": "tomorrow"})}, "YYYY-MM-DD"},
		{"long beginning", []any{input(block{"type": "plain_text_input", "max_length": 3.0, "initial_value": "four"})}, "longer than max_length"},
		{"long input", []any{input(block{"type": "plain_text_input", "max_length": 3001.0})}, "at most 3000"},
		{"markdown twice", []any{block{"type": "markdown", "text": strings.Repeat("m", 6000)}, block{"type": "markdown", "text": strings.Repeat("m", 6001)}}, "of markdown"},
		{"two focused", []any{input(block{"type": "plain_text_input", "focus_on_load": true}), input(block{"type": "plain_text_input", "focus_on_load": true})}, "one element only"},
		{"no object", []any{"text"}, "must provide an object"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := inspect("message", block{"blocks": tt.blocks})
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)) {
				t.Errorf("got %q, want one with %q", got, tt.want)
			}
		})
	}
	if p := inspect("modal", with(block{"type": "modal", "title": text("t")}, "blocks", []any{sample("input")})); len(p) != 1 {
		t.Errorf("an input and nothing to submit: %q", p)
	}
	if p := inspect("modal", with(sample("modal"), "blocks", []any{sample("markdown")})); len(p) != 1 {
		t.Errorf("markdown in a view: %q", p)
	}
}
