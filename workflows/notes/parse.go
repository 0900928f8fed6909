package notes

import (
	"regexp"
	"strings"
)

// parsed is a text as people see it: what stands above the changes, and the lines, each under its title. Composed gives
// the text again.
type parsed struct {
	head  string
	lines []Entry // without keys
	open  int     // the line of a fence that nothing closes; 0: there is none
}

// parse takes a text apart. What is known as an entry ends the head, though it looks like a paragraph of it.
func parse(text string, known map[string]bool) parsed {
	all, open := blocks(text)
	p := parsed{open: open}
	n := 0
	for n < len(all) && belongsAbove(all[n], n, known) {
		p.head += all[n].gap + all[n].text
		n++
	}
	title, item := "", false
	for i := n; i < len(all); i++ {
		b := all[i]
		above := b.gap
		if b.level > 0 && drawn(all, i, title) {
			title, item = b.title, false
			i++
			b, above = all[i], "\n\n"
		} else if b.level > 0 && b.title != "" {
			title = b.title
		}
		p.lines = append(p.lines, Entry{Section: title, Text: b.text, Gap: odd(above, item, b.item)})
		item = b.item
	}
	return p
}

// belongsAbove reports whether a block is of the head: the title, and paragraphs before anything else.
func belongsAbove(b block, at int, known map[string]bool) bool {
	switch {
	case b.level > 0:
		return at == 0 && b.level == 1
	case b.item:
		return false
	}
	return !known[b.text]
}

// drawn reports whether composed would write this heading, and the spaces around it, by itself.
func drawn(all []block, i int, title string) bool {
	b := all[i]
	return i+1 < len(all) && all[i+1].level == 0 && b.title != "" && b.title != title && b.text == "## "+b.title &&
		(i == 0 || b.gap == "\n\n") && all[i+1].gap == "\n\n"
}

// odd is the gap where it is not as composed leaves it.
func odd(gap string, after, item bool) string {
	usual := "\n\n"
	if after && item {
		usual = "\n"
	}
	if gap == usual {
		return ""
	}
	return gap
}

var notWord = regexp.MustCompile(`[^\pL\pN#]+`)

// words are those of a text, for comparing.
func words(text string) map[string]int {
	out := map[string]int{}
	for _, w := range notWord.Split(strings.ToLower(text), -1) {
		if w != "" {
			out[w]++
		}
	}
	return out
}

// alike is how much two texts have in common: 1 all words, 0 none.
func alike(a, b map[string]int) float64 {
	common, all := 0, 0
	for w, n := range a {
		common += min(n, b[w])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(common) / float64(all)
}
