package git

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/readyroom/readyroom/workflows"
)

// A roadmap is Markdown as people write it. What is read of it is its headings and the lists under them, no more: a
// reader of all of Markdown would not find more in a file that plans.

// heading is one heading with what is listed under it, up to the next of its level. An item below another is a detail of
// it and none of its own.
type heading struct {
	level int
	text  string
	items []string
	own   bool // some of them stand right under it
}

// bare is the heading without what stands in parentheses at its end: "Milestone 1.2.0 (June)".
func (h heading) bare() string {
	text := strings.TrimSuffix(strings.TrimSpace(inParentheses.ReplaceAllString(h.text, "")), ":")
	return strings.TrimSpace(text)
}

// called is how a heading is typed where another name was: its last word, where that is a version, else all of it.
func (h heading) called() string {
	words := strings.Fields(h.bare())
	if n := len(words); n > 0 && strings.ContainsFunc(words[n-1], unicode.IsDigit) {
		return words[n-1]
	}
	return h.bare()
}

var (
	inParentheses = regexp.MustCompile(`\s*\([^()]*\)\s*$`)
	atx           = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	setext        = regexp.MustCompile(`^ {0,3}(=+|-+)[ \t]*$`)
	listItem      = regexp.MustCompile(`^([ \t]*)(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(\S.*)$`)
	fence         = regexp.MustCompile("^ {0,3}(```+|~~~+)")
)

// headings reads a roadmap.
func headings(text string) []heading {
	var r roadmap
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		r.line(strings.ReplaceAll(line, "\t", "    "))
	}
	return r.all
}

// roadmap is a file as far as it was read.
type roadmap struct {
	all    []heading
	open   []int  // headings that what comes now stands under, by index
	fence  string // of the block of code that is open
	before string // the line before, where it may be an underlined heading
	indent int    // of the items of the list at hand; -1: none is
	on     bool   // the line before belongs to the last item
}

func (r *roadmap) line(line string) {
	if m := fence.FindStringSubmatch(line); m != nil && (r.fence == "" || strings.HasPrefix(m[1], r.fence)) {
		if r.fence != "" {
			m[1] = ""
		}
		r.fence, r.before, r.on = m[1], "", false
		return
	}
	if r.fence != "" {
		return
	}
	before := r.before
	r.before = ""
	if m := atx.FindStringSubmatch(line); m != nil {
		r.begin(len(m[1]), m[2])
		return
	}
	if m := setext.FindStringSubmatch(line); m != nil && before != "" {
		r.begin(map[byte]int{'=': 1, '-': 2}[m[1][0]], before)
		return
	}
	switch m := listItem.FindStringSubmatch(line); {
	case m != nil:
		r.item(len(m[1]), m[2])
	case strings.TrimSpace(line) == "":
		r.on = false
	case r.on:
		r.extend(strings.TrimSpace(line))
	case !strings.HasPrefix(line, " "):
		r.before, r.indent = strings.TrimSpace(line), -1
	}
}

func (r *roadmap) begin(level int, text string) {
	r.open = slices.DeleteFunc(r.open, func(i int) bool { return r.all[i].level >= level })
	r.open = append(r.open, len(r.all))
	r.all = append(r.all, heading{level: level, text: strings.TrimSpace(strip(text))})
	r.indent, r.on = -1, false
}

func (r *roadmap) item(indent int, text string) {
	if r.indent < 0 || indent < r.indent {
		r.indent = indent
	}
	if r.on = indent < r.indent+2; !r.on { // a detail of the item above
		return
	}
	for at, i := range r.open {
		r.all[i].items = append(r.all[i].items, text)
		r.all[i].own = r.all[i].own || at == len(r.open)-1
	}
}

// extend goes on with the last item, whose line was wrapped.
func (r *roadmap) extend(text string) {
	for _, i := range r.open {
		if n := len(r.all[i].items); n > 0 {
			r.all[i].items[n-1] += " " + text
		}
	}
}

var (
	box      = regexp.MustCompile(`^\[[ xX]\]\s+`)
	whom     = regexp.MustCompile(`\(for\s+([^()]+)\)`)
	label    = regexp.MustCompile(`\{([A-Za-z0-9][A-Za-z0-9 ._/-]{0,39})\}`)
	mdLink   = regexp.MustCompile(`\[([^\[\]]*)\]\((https?://[^\s()]+)\)`)
	autoLink = regexp.MustCompile(`<(https?://[^\s<>]+)>`)
	anyRef   = regexp.MustCompile(`https?://[^\s<>]+|(?:^|[\s(\[])([#!][1-9][0-9]{0,8}\b)|\b[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,8}\b`)
	marks    = strings.NewReplacer("**", "", "__", "", "`", "", "~~", "")
)

func strip(text string) string { return marks.Replace(mdLink.ReplaceAllString(text, "$1")) }

// plan reads one item: the first link, number or key is what it is about, the rest its title.
func plan(item string) workflows.Planned {
	var p workflows.Planned
	text := box.ReplaceAllString(item, "")
	for _, m := range label.FindAllStringSubmatch(text, -1) {
		p.Labels = append(p.Labels, m[1])
	}
	text = label.ReplaceAllString(text, "")
	text = autoLink.ReplaceAllString(text, "$1")
	for _, m := range whom.FindAllStringSubmatch(text, -1) {
		p.For = append(p.For, strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || unicode.IsSpace(r) })...)
	}
	text = whom.ReplaceAllString(text, "")
	if m := mdLink.FindStringSubmatch(text); m != nil {
		if p.Ref = m[2]; workflows.SameReference(m[1], m[2]) { // [#12](…/issues/12) says it twice
			text = strings.Replace(text, m[0], "", 1)
		}
	}
	text = strip(text)
	if at := anyRef.FindStringSubmatchIndex(text); p.Ref == "" && at != nil {
		from, to := at[0], at[1]
		if at[2] >= 0 {
			from, to = at[2], at[3]
		}
		p.Ref = strings.TrimRight(text[from:to], ".,;:)")
		text = text[:from] + text[from+len(p.Ref):]
	}
	p.Title = tidy(text)
	return p
}

// tidy takes off what is left around a title when a reference and notes were taken out of it.
func tidy(text string) string {
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "()", "")
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(text), ":–—-·,;"))
}
