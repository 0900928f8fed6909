package blocks

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/readyroom/readyroom/bot/lines/linestest"
)

// shown is what a person sees of blocks, read from the JSON that is sent and from nothing else.
type shown struct {
	header  string
	lines   []string // a quoted one is indented
	verdict bool     // the first line is bold and bears a sign
	marks   []string // small print above the buttons
	buttons []shownButton
	small   []string // small print at the end
}

type shownButton struct{ label, value, id, style string }

type object = map[string]any

// look reads blocks as Slack shows them.
func look(t testing.TB, blocks any) shown {
	t.Helper()
	var s shown
	list, _ := linestest.Decode(t, blocks).([]any)
	for i, b := range list {
		b := b.(object)
		switch b["type"] {
		case "header":
			s.header = plainly(t, b["text"])
		case "rich_text":
			for _, e := range b["elements"].([]any) {
				lines, bold := richly(t, e.(object))
				if len(s.lines) == 0 && bold && linestest.Sign(lines[0]) != "" {
					s.verdict = true
				}
				s.lines = append(s.lines, lines...)
			}
		case "context":
			text := plainly(t, b["elements"].([]any)[0])
			if i == 0 {
				s.marks = append(s.marks, text)
			} else {
				s.small = append(s.small, text)
			}
		case "actions":
			for _, e := range b["elements"].([]any) {
				e := e.(object)
				style, _ := e["style"].(string)
				s.buttons = append(s.buttons, shownButton{plainly(t, e["text"]), e["value"].(string), e["action_id"].(string), style})
			}
		case "divider", "input":
		default:
			t.Fatalf("nobody expects a block of type %v", b["type"])
		}
	}
	return s
}

var (
	entity      = regexp.MustCompile(`&(amp|lt|gt);`)
	channelMark = regexp.MustCompile(`<#([CG][A-Z0-9]+)>`)
	channelPath = regexp.MustCompile(`(?:\bslack/|\b)T[A-Z0-9]+/([CG][A-Z0-9]+)`)
)

// unescape reads escaped text as Slack does, and refuses text in which anything but a channel's name is left to be
// parsed.
func unescape(t testing.TB, s string) string {
	t.Helper()
	s = channelMark.ReplaceAllString(s, "#$1")
	if bare := entity.ReplaceAllString(s, ""); strings.ContainsAny(bare, "&<>") {
		t.Errorf("text holds something to parse: %q", s)
	}
	return entity.ReplaceAllStringFunc(s, func(e string) string {
		return map[string]string{"&amp;": "&", "&lt;": "<", "&gt;": ">"}[e]
	})
}

func plainly(t testing.TB, v any) string {
	t.Helper()
	o := v.(object)
	if o["type"] != "plain_text" || o["emoji"] != false {
		t.Errorf("text that Slack formats: %v", o)
	}
	return unescape(t, o["text"].(string))
}

// richly reads a part of a rich text. bold says whether it begins in bold.
func richly(t testing.TB, e object) (lines []string, bold bool) {
	t.Helper()
	var b strings.Builder
	for i, x := range e["elements"].([]any) {
		x := x.(object)
		style, _ := x["style"].(object)
		bold = bold || i == 0 && style["bold"] == true
		switch x["type"] {
		case "text":
			b.WriteString(x["text"].(string))
		case "link":
			if _, label := x["text"]; label {
				t.Errorf("a link under another name: %v", x)
			}
			b.WriteString(x["url"].(string))
		case "channel":
			b.WriteString("#" + x["channel_id"].(string))
		default:
			t.Errorf("nobody is to be called: %v", x)
		}
	}
	for l := range strings.SplitSeq(b.String(), "\n") {
		if e["type"] == "rich_text_quote" {
			l = "  " + l
		}
		lines = append(lines, l)
	}
	return lines, bold
}

// words are the lines that a person reads, the title first, as the message had them.
func (s shown) words(title string) []string {
	lines, header := s.lines, s.header
	if sign := linestest.Sign(header); sign != "" && !strings.HasPrefix(title, sign) {
		header = strings.TrimPrefix(header, sign)
	}
	if s.verdict {
		text := lines[0][len(linestest.Sign(lines[0])):]
		if header != "" {
			text = header + " · " + text
		}
		header, lines = text, lines[1:]
	}
	if header != "" {
		lines = slices.Concat([]string{header}, lines)
	}
	return lines
}

// visible is lines without what cannot be seen: empty ones, which kind of blank a blank is, and the workspace of a channel.
func visible(lines []string) []string {
	var out []string
	for _, l := range lines {
		l = channelPath.ReplaceAllString(l, "#$1")
		if l = strings.ReplaceAll(l, "\u00a0", " "); strings.TrimSpace(l) != "" {
			out = append(out, strings.TrimRight(l, " "))
		}
	}
	return out
}

// squeezed is lines without any blanks, for comparing where lines were broken.
func squeezed(lines []string) string {
	all := strings.Join(strings.Fields(strings.ReplaceAll(strings.Join(lines, " "), "\u00a0", " ")), "")
	return runTogether.ReplaceAllString(all, "#$1")
}

// runTogether is a channel without the blanks around it.
var runTogether = regexp.MustCompile(`(?:slack/)?[A-Z0-9]*[/#]([CG])`)

// bounds are what Slack allows, by where it stands: how long texts, values and lists may be.
var bounds = map[string]struct{ least, most int }{
	"header.text": {1, 150}, "button.text": {1, 75}, "button.value": {1, 2000}, "context.element": {1, 3000},
	"actions.elements": {1, 25}, "context.elements": {1, 10}, "id": {1, 255}, "rich_text": {1, 3000}, "link.url": {1, 3000},
	"view.title": {1, 24}, "view.submit": {1, 24}, "view.close": {1, 24}, "view.private_metadata": {0, 3000},
	"input.label": {1, 2000}, "input.hint": {1, 2000}, "option.text": {1, 75}, "option.value": {1, 75}, "options": {1, 100},
	"initial_value": {0, 3000}, "max_length": {1, 3000},
	"message.blocks": {1, 50}, "view.blocks": {1, 100}, "message.bytes": {1, 12_000}, "message.text": {1, 4000},
}

// judge holds what is sent to the bounds. It knows of the drawing nothing but the JSON.
type judge struct {
	t   testing.TB
	ids map[string]bool
}

func newJudge(t testing.TB) *judge { return &judge{t: t, ids: map[string]bool{}} }

func (j *judge) hold(what string, n int) {
	j.t.Helper()
	b, known := bounds[what]
	if !known || n < b.least || n > b.most {
		j.t.Errorf("%s is %d, allowed %d to %d", what, n, b.least, b.most)
	}
}

func long(s string) int { return len(utf16.Encode([]rune(s))) }

func (j *judge) text(what string, v any) {
	j.t.Helper()
	o, _ := v.(object)
	s, _ := o["text"].(string)
	if o["type"] != "plain_text" {
		j.t.Errorf("%s is %v", what, v)
	}
	if strings.TrimSpace(s) == "" || !utf8.ValidString(s) {
		j.t.Errorf("%s is %q", what, s)
	}
	j.hold(what, long(s))
}

func (j *judge) id(v any) {
	j.t.Helper()
	s, _ := v.(string)
	j.hold("id", len(s))
	if j.ids[s] {
		j.t.Errorf("two have the id %q", s)
	}
	j.ids[s] = true
}

func (j *judge) message(p Page) {
	j.t.Helper()
	b, err := json.Marshal(p.blocks)
	if err != nil {
		j.t.Fatal(err)
	}
	j.hold("message.bytes", len(b))
	j.hold("message.text", len(p.text))
	j.hold("message.blocks", len(p.blocks))
	if strings.TrimSpace(p.text) == "" || !utf8.ValidString(p.text) {
		j.t.Errorf("text is %q", p.text)
	}
	unescape(j.t, p.text)
	j.blocks(p.blocks)
}

func (j *judge) blocks(blocks any) {
	j.t.Helper()
	for _, b := range linestest.Decode(j.t, blocks).([]any) {
		b := b.(object)
		if id, ok := b["block_id"]; ok {
			j.id(id)
		}
		switch b["type"] {
		case "header":
			j.text("header.text", b["text"])
		case "context":
			j.hold("context.elements", len(b["elements"].([]any)))
			for _, e := range b["elements"].([]any) {
				j.text("context.element", e)
			}
		case "actions":
			j.hold("actions.elements", len(b["elements"].([]any)))
			for _, e := range b["elements"].([]any) {
				j.button(e.(object))
			}
		case "rich_text":
			j.rich(b)
		case "input":
			j.input(b)
		}
	}
}

func (j *judge) button(e object) {
	j.t.Helper()
	j.id(e["action_id"])
	j.text("button.text", e["text"])
	j.hold("button.value", long(e["value"].(string)))
	if s, ok := e["style"]; ok && s != "primary" && s != "danger" {
		j.t.Errorf("there is no style %v", s)
	}
}

func (j *judge) rich(b object) {
	j.t.Helper()
	n := 0
	if len(b["elements"].([]any)) == 0 {
		j.t.Error("a rich text of nothing")
	}
	for _, e := range b["elements"].([]any) {
		parts := e.(object)["elements"].([]any)
		if len(parts) == 0 {
			j.t.Error("a part of nothing")
		}
		var all strings.Builder
		for _, p := range parts {
			p := p.(object)
			s, _ := p["text"].(string)
			if u, ok := p["url"].(string); ok {
				s = u
				j.hold("link.url", len(u))
			}
			if id, ok := p["channel_id"].(string); ok {
				s = "#" + id
				if !channelMark.MatchString("<" + s + ">") {
					j.t.Errorf("%q is no channel's id", id)
				}
			}
			if s == "" {
				j.t.Errorf("an element of nothing: %v", p)
			}
			all.WriteString(s)
		}
		if strings.TrimSpace(all.String()) == "" {
			j.t.Errorf("a part of blanks: %q", all.String())
		}
		n += long(all.String())
	}
	j.hold("rich_text", n)
}

func (j *judge) input(b object) {
	j.t.Helper()
	j.text("input.label", b["label"])
	if h, ok := b["hint"]; ok {
		j.text("input.hint", h)
	}
	e := b["element"].(object)
	j.id(e["action_id"])
	if v, ok := e["initial_value"].(string); ok {
		j.hold("initial_value", long(v))
		if strings.Contains(v, "\n") && e["multiline"] != true {
			j.t.Errorf("several lines in an input of one: %q", v)
		}
	}
	if v, ok := e["max_length"].(float64); ok {
		j.hold("max_length", int(v))
	}
	offered, ok := e["options"].([]any)
	if !ok {
		return
	}
	j.hold("options", len(offered))
	for _, o := range offered {
		o := o.(object)
		j.text("option.text", o["text"])
		j.hold("option.value", long(o["value"].(string)))
	}
	chosen, _ := e["initial_options"].([]any)
	if o, ok := e["initial_option"]; ok {
		chosen = append(chosen, o)
	}
	for _, o := range chosen {
		if !slices.ContainsFunc(offered, func(x any) bool { return fmt.Sprint(x) == fmt.Sprint(o) }) {
			j.t.Errorf("%v was chosen and is not offered", o)
		}
	}
}

func (j *judge) view(v any) {
	j.t.Helper()
	o := linestest.Decode(j.t, v).(object)
	list, _ := o["blocks"].([]any)
	j.hold("view.blocks", len(list))
	if o["type"] == "modal" {
		j.text("view.title", o["title"])
		j.text("view.close", o["close"])
		if s, ok := o["submit"]; ok {
			j.text("view.submit", s)
		}
		meta, _ := o["private_metadata"].(string)
		j.hold("view.private_metadata", long(meta))
	}
	asks := slices.ContainsFunc(list, func(b any) bool { return b.(object)["type"] == "input" })
	if _, ok := o["submit"]; asks && !ok {
		j.t.Error("a form that cannot be sent")
	}
	j.blocks(o["blocks"])
}
