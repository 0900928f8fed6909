package notes

import (
	"regexp"
	"strings"
)

// block is a part of a Markdown text that people see as one: a heading, an item of a list with all that belongs to it, a
// paragraph, a fence.
type block struct {
	text  string
	gap   string // the line breaks, and what stands between them, above it
	level int    // of a heading; 0: it is none
	title string // of a heading
	item  bool
}

var (
	headingLine = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$`)
	itemStart   = regexp.MustCompile(`^(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t\n]|$)`)
	fenceStart  = regexp.MustCompile("^[ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$")
	fenceEnd    = regexp.MustCompile("^[ \t]*(`{3,}|~{3,})[ \t]*$")
)

func isItem(text string) bool { return itemStart.MatchString(text) }

// heads reports whether a text is a heading.
func heads(text string) bool {
	_, is := headingOf(text)
	return is
}

// headingOf reads a line that is a heading.
func headingOf(line string) (block, bool) {
	m := headingLine.FindStringSubmatch(line)
	if m == nil || strings.Contains(line, "\n") {
		return block{}, false
	}
	return block{text: line, level: len(m[1]), title: strings.TrimSpace(m[2])}, true
}

// fence is a block of code that was opened and not closed yet.
type fence struct{ mark string }

func (f *fence) open() bool { return f.mark != "" }

// line takes in one more line, and reports whether it belongs to the fence.
func (f *fence) line(l string) bool {
	if f.open() {
		if m := fenceEnd.FindStringSubmatch(l); m != nil && m[1][0] == f.mark[0] && len(m[1]) >= len(f.mark) {
			f.mark = ""
		}
		return true
	}
	if m := fenceStart.FindStringSubmatch(l); m != nil && (m[1][0] == '~' || !strings.Contains(m[2], "`")) {
		f.mark = m[1]
	}
	return false
}

// blocks takes a text apart; together they are the whole text again. The line is where a fence begins that nothing
// closes, from 1; 0: there is none.
func blocks(text string) (out []block, line int) {
	var f fence
	blank := "" // empty lines that nothing followed yet
	for i, l := range strings.Split(text, "\n") {
		inside := f.line(l)
		if !inside && f.open() {
			line = i + 1
		}
		if !inside && strings.TrimSpace(l) == "" && len(out) > 0 {
			blank += "\n" + l
			continue
		}
		next, begins := begin(l, out, blank != "")
		if begins && !inside {
			if len(out) > 0 {
				next.gap = blank + "\n"
			}
			out = append(out, next)
		} else {
			out[len(out)-1].text += blank + "\n" + l
		}
		blank = ""
	}
	if len(out) > 0 {
		out[len(out)-1].text += blank
	}
	if !f.open() {
		line = 0
	}
	return out, line
}

// begin reports whether a line begins a block, below others and perhaps an empty line.
func begin(l string, above []block, apart bool) (block, bool) {
	if h, is := headingOf(l); is {
		return h, true
	}
	next := block{text: l, item: isItem(l)}
	if next.item || len(above) == 0 {
		return next, true
	}
	last := above[len(above)-1]
	indented := strings.HasPrefix(l, "  ") || strings.HasPrefix(l, "\t")
	return next, last.level > 0 || apart && (!last.item || !indented)
}
