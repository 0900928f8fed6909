package config

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/readyroom/readyroom/workflows"
)

// maxText is the longest text of one value, in bytes.
const maxText = 500

// reader collects the problems of one file while it is read: one mistake does not hide the next.
type reader struct {
	file     string
	problems Problems
	zones    map[string]*time.Location // found before: each is a file of its own
}

func (r *reader) wrong(n *node, path, why, next string) {
	r.problems = append(r.problems, Problem{r.file, n.line, n.column, path, why, next})
}

// enough reports that so much is wrong that looking for what was meant is spared: it takes long in a long file.
func (r *reader) enough() bool { return len(r.problems) >= 10 }

// beyond reports that so much is wrong that what is found now is not even told.
func (r *reader) beyond() bool { return len(r.problems) > maxProblems }

// entries gives the pairs of a map whose keys are text and stand once; a missing map has none.
func (r *reader) entries(n *node, path string) []pair {
	if n == nil || !r.is(n, path, isMap) {
		return nil
	}
	var out []pair
	lines := map[string]int{}
	for _, p := range n.pairs {
		if !r.text(p.key, path) {
			continue
		}
		key := p.key.text
		if first, twice := lines[key]; twice {
			r.wrong(p.key, at(path, key), fmt.Sprintf("the key stands in line %d already", first), "keep one of them")
			continue
		}
		lines[key] = p.key.line
		out = append(out, p)
	}
	return out
}

// texts gives the items of a list of text.
func (r *reader) texts(n *node, path string) []*node {
	if !r.is(n, path, isList) {
		return nil
	}
	var out []*node
	seen := map[string]bool{}
	for _, item := range n.items {
		switch {
		case !r.text(item, path):
		case seen[item.text]:
			r.wrong(item, path, quoted(item.text)+" stands in the list already", "keep one of them")
		default:
			seen[item.text] = true
			out = append(out, item)
		}
	}
	return out
}

// is reports whether a node is of a kind, and what to write where it is not.
func (r *reader) is(n *node, path string, want kind) bool {
	if n.kind == want {
		return true
	}
	next := map[kind]string{isList: "write [a, b], or [] for none", isMap: "write them below, further in, or {} for none", isText: "write one value"}[want]
	if want == isText && n.kind == isMap { // within brackets a colon makes a key
		next += "; one that holds a colon stands in quotes, as \"group:slack/T1/S1\""
	}
	verb := "is"
	if want == isMap {
		verb = "are"
	}
	r.wrong(n, path, fmt.Sprintf("%s %s meant here, not %s", want, verb, cmp.Or(n.what, string(n.kind))), next)
	return false
}

// text gives a value that is text: nothing that YAML takes for something else, nothing that acts instead of being shown.
func (r *reader) text(n *node, path string) bool {
	switch {
	case n.kind == isOther, n.kind == isTruth:
		r.wrong(n, path, fmt.Sprintf("%s is %s to YAML, and text is meant", quoted(n.text), n.what), `write "`+workflows.Display(n.text, 60)+`"`)
	case n.kind == isEmpty:
		r.wrong(n, path, "there is no value", "write one, or leave the key out; a # begins a comment unless it is in quotes")
	case !r.is(n, path, isText):
	case strings.TrimSpace(n.text) == "":
		r.wrong(n, path, "the text is empty", "write one, or leave the key out")
	case len(n.text) > maxText:
		r.wrong(n, path, fmt.Sprintf("the text is longer than %d bytes", maxText), "")
	case strings.ContainsFunc(n.text, workflows.Steers):
		r.wrong(n, path, quoted(n.text)+" holds characters that are not shown but act", "take them out")
	default:
		return true
	}
	return false
}
