package embeds

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/readyroom/readyroom/bot/chat"
	"github.com/readyroom/readyroom/bot/lines"
	"github.com/readyroom/readyroom/bot/lines/linestest"
)

type object = map[string]any

// sent is a page as it is sent.
type sent struct {
	Content    string `json:"content"`
	Embeds     any    `json:"embeds"`
	Components any    `json:"components"`
}

// shown is what a person sees of a page, read from the JSON that is sent and from nothing else.
type shown struct {
	content []readLine
	embeds  [][]readLine
	colors  []int
	small   []string
	buttons []shownButton
}

type shownButton struct {
	label, id, hint string
	values          []string // of a choice in a list
	style           int
	row             int
}

// look reads a page as Discord shows it, and holds it to Discord's limits.
func look(t testing.TB, p Page) shown {
	t.Helper()
	o := linestest.Decode(t, sent{p.Content(), p.Embeds(), p.Components()}).(object)
	var s shown
	ids := map[string]bool{}
	content := o["content"].(string)
	hold(t, "content", content, 0, 2000)
	for _, l := range letters(t, content) {
		if l.small && content != "" {
			s.small = append(s.small, l.text)
		} else if content != "" {
			s.content = append(s.content, l)
		}
	}
	all, _ := o["embeds"].([]any)
	sum := 0
	for _, e := range all {
		sum += s.embed(t, e.(object))
	}
	if sum > 6000 || len(all) > 10 {
		t.Errorf("%d embeds of %d in all", len(all), sum)
	}
	rows, _ := o["components"].([]any)
	if len(rows) > 5 {
		t.Errorf("%d rows", len(rows))
	}
	for i, r := range rows {
		s.row(t, r.(object), i, ids)
	}
	if content == "" && len(all) == 0 {
		t.Error("a message of nothing")
	}
	return s
}

// letters reads text in which nothing may stand but letters and our own marks.
func letters(t testing.TB, text string) []readLine {
	t.Helper()
	r := read(text)
	if len(r.tokens) > 0 {
		t.Errorf("%q is read as %q in %.300q", r.tokens[0].text, r.tokens[0].kind, text)
	}
	return r.lines
}

func hold(t testing.TB, what, s string, least, most int) {
	t.Helper()
	if n := len(utf16.Encode([]rune(s))); n < least || n > most {
		t.Errorf("%s is %d long, allowed %d to %d: %.100q", what, n, least, most, s)
	}
	if !utf8.ValidString(s) || least > 0 && strings.TrimSpace(s) == "" {
		t.Errorf("%s is %q", what, s)
	}
}

func (s *shown) embed(t testing.TB, e object) int {
	t.Helper()
	d, _ := e["description"].(string)
	least := 1
	if e["footer"] != nil && e["description"] == nil { // it only says who speaks
		least = 0
	}
	hold(t, "description", d, least, 4096)
	s.embeds = append(s.embeds, letters(t, d))
	c, _ := e["color"].(float64)
	s.colors = append(s.colors, int(c))
	n := len(utf16.Encode([]rune(d)))
	if f, ok := e["footer"].(object); ok {
		small := f["text"].(string)
		hold(t, "footer", small, 1, 2048)
		s.small = append(s.small, small)
		n += len(utf16.Encode([]rune(small)))
	}
	for k := range e {
		if !slices.Contains([]string{"description", "color", "footer", "url"}, k) {
			t.Errorf("an embed has a %s", k)
		}
	}
	return n
}

func (s *shown) row(t testing.TB, r object, n int, ids map[string]bool) {
	t.Helper()
	all := r["components"].([]any)
	if r["type"] != 1.0 || len(all) < 1 || len(all) > 5 {
		t.Errorf("row %d has %d", n, len(all))
	}
	for _, c := range all {
		c := c.(object)
		id := c["custom_id"].(string)
		hold(t, "custom_id", id, 1, 100)
		if ids[id] || len(id) > 100 {
			t.Errorf("id %q is there twice, or too long", id)
		}
		ids[id] = true
		if c["type"] == 2.0 {
			hold(t, "label", c["label"].(string), 1, 80)
			s.buttons = append(s.buttons, shownButton{label: c["label"].(string), id: id, style: int(c["style"].(float64)), row: n})
			continue
		}
		options := c["options"].([]any)
		if c["type"] != 3.0 || len(all) != 1 || len(options) < 1 || len(options) > 25 {
			t.Errorf("a list of %d among %d", len(options), len(all))
		}
		hold(t, "placeholder", c["placeholder"].(string), 1, 150)
		seen := map[string]bool{}
		for _, o := range options {
			o := o.(object)
			v := o["value"].(string)
			hold(t, "option", o["label"].(string), 1, 100)
			hold(t, "value", v, 1, 100)
			if seen[v] {
				t.Errorf("%q is in a list twice", v)
			}
			seen[v] = true
			s.buttons = append(s.buttons, shownButton{label: o["label"].(string), id: id, values: []string{v}, row: n, hint: c["placeholder"].(string)})
		}
	}
}

// words are the lines that a person reads of a message's first page, the title first, as the message had them.
func (s shown) words(title string) []string {
	var out []string
	for _, l := range s.content {
		out = append(out, l.text)
	}
	if len(out) > 1 && linestest.Sign(out[1]) != "" {
		out = append([]string{out[0] + " · " + strings.TrimPrefix(out[1], linestest.Sign(out[1]))}, out[2:]...)
	}
	for _, e := range s.embeds {
		for _, l := range e {
			if l.quoted {
				l.text = "  " + l.text
			}
			out = append(out, l.text)
		}
	}
	if len(out) > 0 && linestest.Sign(out[0]) != "" && !strings.HasPrefix(title, linestest.Sign(out[0])) {
		out[0] = strings.TrimPrefix(out[0], linestest.Sign(out[0]))
	}
	return out
}

var (
	channelPath = regexp.MustCompile(`(?:discord/)?[0-9]+/([0-9]+)`)
	accountPath = regexp.MustCompile(`(^|[ (])(?:discord/|@discord\.)([0-9]{16,20})([.,;:)]*(?: |$))`)
	ofChannels  = regexp.MustCompile(`@?discord[/.]|[0-9/#@]`) // what cannot be told apart where a channel's name was taken apart
)

// visible is lines without what cannot be seen: empty ones, which kind of blank a blank is, and the server of a channel.
func visible(all []string) []string {
	var out []string
	for _, l := range all {
		if l = strings.ReplaceAll(l, "\u00a0", " "); strings.TrimSpace(l) != "" {
			l = channelPath.ReplaceAllString(l, "#$1")
			for range 2 { // the blank between two is of both
				l = accountPath.ReplaceAllString(l, "$1@$2$3")
			}
			out = append(out, strings.TrimRight(l, " "))
		}
	}
	return out
}

// squeezed is lines without any blanks, for comparing where lines were broken.
func squeezed(all []string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.Join(all, " "), "\u00a0", " ")), "")
}

// sameWords compares line by line, or, where a line was too long for one row, letter by letter.
func sameWords(t testing.TB, want, got []string) {
	t.Helper()
	long := slices.ContainsFunc(want, func(l string) bool { return worst(l) > 1400 })
	if w := visible(want); !long {
		if len(w) == 0 {
			w = []string{"(empty)"}
		}
		if diff := cmp.Diff(w, visible(got)); diff != "" {
			t.Errorf("seen (-want +got):\n%s", diff)
		}
		return
	}
	w, g := squeezed(want), squeezed(got)
	if channelName.MatchString(strings.Join(want, " ")) {
		w, g = ofChannels.ReplaceAllString(w, ""), ofChannels.ReplaceAllString(g, "")
	}
	if w != g && (w != "" || g != "(empty)") {
		t.Errorf("seen (-want +got):\n%s", cmp.Diff(w, g))
	}
}

// onlyMeant checks that links lead where some line says, whole, and that channels are those that are named.
func onlyMeant(t testing.TB, m chat.Message, s shown) {
	t.Helper()
	var links, channels []string
	all := append(linestest.Said(m), lines.OneLine(m.Small))
	for _, b := range m.Buttons {
		all = append(all, lines.OneLine(b.Label+" → "+b.Value()))
	}
	for _, l := range all {
		for _, p := range lines.Linked(l) {
			if p.Link {
				links = append(links, p.Text)
			}
			for _, c := range lines.Channels(p.Text, channelName) {
				channels = append(channels, nameFor(c))
			}
		}
		for _, c := range lines.Channels(l, channelName) {
			channels = append(channels, nameFor(c))
		}
	}
	for _, part := range append(slices.Clone(s.embeds), s.content) {
		for _, l := range part {
			for _, u := range l.links {
				if !slices.Contains(links, u) {
					t.Errorf("%q is linked, and nobody wrote it", u)
				}
			}
			for _, c := range l.channels {
				if !slices.Contains(channels, c) {
					t.Errorf("the channel %q is named by nobody", c)
				}
			}
		}
	}
}
